"""Invoice runs for some households: who is in them, what they take from the runs that stand, what is compared."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import pytest

from resolvers.billing.bill_shares import record_shares
from resolvers.billing.run_reviews import Changed, compare
from resolvers.billing.runs import MOST_NAMED, Wanted, drop, go_on, issue, redraw, start
from resolvers.days.sights import Check
from resolvers.errors import Code
from resolvers.models import Household, Invoice, InvoiceRun, Membership, RunProblem
from resolvers.models.billing import InvoiceState, RunState
from resolvers.models.bookings import Presence
from resolvers.models.households import Role
from resolvers.models.keys import new_key
from tests.invoicing import DECEMBER, FIRST_OF_DECEMBER, MEALS, MONDAY, checked, drawn, fed_family, issued
from tests.refusals import refused
from tests.resolvers.test_runs import fed_families
from tests.towns import Family, Signed, Town, add_agent, add_family, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]


async def share_the_bill(town: Town, agent: Signed, one: Family, other: Family) -> None:
    """The first child of one household is also the other's, and they pay for it by halves."""
    with town.at_work():
        await Membership.create(household_id=other.id, person_id=one.child, role=Role.CHILD)
    with town.asked_by(agent) as ctx:
        await record_shares(ctx, one.child, {one.id: 50, other.id: 50}, date(2026, 9, 1))


async def told(town: Town, run: InvoiceRun) -> tuple[RunState, int, int, int, bool]:
    """Where a run stands: its state, its households, those drawn, their total, whether it is drawn to the end."""
    with town.at_work():
        now = await InvoiceRun.get(id=run.id)
    return now.state, now.households, now.drawn, now.total_cents, now.drawn_at is not None


async def drafts(town: Town, run: InvoiceRun) -> set[UUID]:
    """The households that a run has a draft of."""
    with town.at_work():
        rows = await Invoice.filter(run_id=run.id, state=InvoiceState.DRAFT)
    return {row.household_id for row in rows}


async def journal(town: Town, run: InvoiceRun) -> list[tuple[UUID, str]]:
    """The households that a run does not invoice, and why."""
    with town.at_work():
        return [(row.household_id, row.code) for row in await RunProblem.filter(run_id=run.id).order_by("household_id")]


async def test_a_run_for_some_draws_them_and_those_whose_bills_they_share(chavagne: Town) -> None:
    (one, two, _), agent = await fed_families(chavagne, 3)
    other = await add_family(chavagne, "AUTRE")
    await share_the_bill(chavagne, agent, one, other)
    run = await drawn(chavagne, agent, only=[one, two])
    assert run.limited_to == sorted(map(str, (one.id, two.id, other.id)))
    assert await drafts(chavagne, run) == {one.id, two.id, other.id}
    assert await told(chavagne, run) == (RunState.DRAFT, 3, 3, 1500, True)
    assert len(await issued(chavagne, agent)) == 3


async def test_only_households_that_the_agent_sees_are_named_and_a_hundred_at_most(chavagne: Town) -> None:
    (one, hidden), agent = await fed_families(chavagne, 2)
    narrow = await add_agent(chavagne, services=["enfance"])
    with chavagne.at_work():
        await Household.filter(id=hidden.id).update(services=["ailleurs"])
    for asking, households in ((agent, [one.id, new_key()]), (narrow, [one.id, hidden.id])):
        with chavagne.asked_by(asking) as ctx, refused(Code.NOT_FOUND) as unknown:
            await start(ctx, Wanted(MONDAY, households=frozenset(households)))
        assert (unknown.value.message, unknown.value.field) == ("Foyer : introuvable.", ("householdIds",))
    with chavagne.asked_by(agent) as ctx, refused(Code.INVALID) as many:
        await start(ctx, Wanted(MONDAY, households=frozenset(new_key() for _ in range(MOST_NAMED + 1))))
    assert many.value.message == (
        "Nommez 100 foyers au plus, en plusieurs facturations ; sans aucun, tous sont facturés."
    )


async def test_a_key_is_that_of_its_households(chavagne: Town) -> None:
    (one, two), agent = await fed_families(chavagne, 2)
    with chavagne.asked_by(agent) as ctx:
        run = await start(ctx, Wanted(MONDAY, households=frozenset({one.id})), "k1")
        assert (await start(ctx, Wanted(MONDAY, households=frozenset({one.id})), "k1")).id == run.id
        with refused(Code.IDEMPOTENCY_KEY_REUSED):
            await start(ctx, Wanted(MONDAY, households=frozenset({two.id})), "k1")


async def test_a_run_that_stands_counts_without_whom_another_takes_until_it_draws_them_again(chavagne: Town) -> None:
    (one, two, three), agent = await fed_families(chavagne, 3)
    large = await drawn(chavagne, agent)
    small = await drawn(chavagne, agent, only=[two])
    assert await told(chavagne, large) == (RunState.DRAFT, 2, 2, 1500, True)
    assert await told(chavagne, small) == (RunState.DRAFT, 1, 1, 750, True)
    assert (await drafts(chavagne, large), await drafts(chavagne, small)) == ({one.id, three.id}, {two.id})
    assert await journal(chavagne, large) == [(two.id, "ELSEWHERE")]
    with chavagne.asked_by(agent) as ctx:
        await redraw(ctx, large.id)  # those that have a problem: to be elsewhere is none
        assert await journal(chavagne, large) == [(two.id, "ELSEWHERE")]
        await drop(ctx, small.id)
        back = await redraw(ctx, large.id, two.id)
        assert await redraw(ctx, large.id, two.id) is not None  # asked again, it changes nothing
    assert (back.households, back.drawn, back.total_cents) == (3, 3, 2250)
    assert await told(chavagne, large) == (RunState.DRAFT, 3, 3, 2250, True)
    assert await journal(chavagne, large) == []
    with chavagne.asked_by(agent) as ctx:
        assert (await issue(ctx, large.id)).issued == 3


async def test_both_runs_are_issued_and_each_household_pays_once(chavagne: Town) -> None:
    (one, two, three), agent = await fed_families(chavagne, 3)
    large = await drawn(chavagne, agent)
    small = await drawn(chavagne, agent, only=[two])
    with chavagne.asked_by(agent) as ctx:
        assert (await issue(ctx, large.id)).issued == 2
        assert (await issue(ctx, small.id)).issued == 1
        assert sorted([row.household_id for row in await Invoice.all()]) == sorted([one.id, two.id, three.id])
        assert sorted([row.sequence or 0 for row in await Invoice.all()]) == [1, 2, 3]


async def test_households_that_remain_to_be_drawn_are_taken_too(chavagne: Town) -> None:
    families, agent = await fed_families(chavagne, 3)
    with chavagne.asked_by(agent) as ctx:
        large = await start(ctx, Wanted(MONDAY), batch=1)
    (first,) = await drafts(chavagne, large)
    await drawn(chavagne, agent, only=[family for family in families if family.id != first])
    assert await told(chavagne, large) == (RunState.DRAFT, 1, 1, 750, True)
    with chavagne.asked_by(agent) as ctx:
        assert (await issue(ctx, large.id)).issued == 1


async def test_those_who_share_a_bill_leave_together(chavagne: Town) -> None:
    (one, two), agent = await fed_families(chavagne, 2)
    other = await add_family(chavagne, "AUTRE")
    await share_the_bill(chavagne, agent, one, other)
    large = await drawn(chavagne, agent)
    small = await drawn(chavagne, agent, only=[other])
    assert (await drafts(chavagne, large), await drafts(chavagne, small)) == ({two.id}, {one.id, other.id})
    assert await told(chavagne, large) == (RunState.DRAFT, 1, 1, 750, True)


@pytest.mark.parametrize(
    ("before", "after", "state"),
    [
        ("A", "", RunState.DROPPED),  # everybody
        ("A", "A", RunState.DROPPED),
        ("A", "AB", RunState.DROPPED),
        ("AB", "A", RunState.DRAFT),
        ("A", "B", RunState.DRAFT),
    ],
)
async def test_a_run_is_dropped_for_one_that_has_all_its_households(
    chavagne: Town, before: str, after: str, state: RunState
) -> None:
    families, agent = await fed_families(chavagne, 2)
    named = dict(zip("AB", families, strict=True))
    standing = await drawn(chavagne, agent, only=[named[name] for name in before])
    new = await drawn(chavagne, agent, only=[named[name] for name in after])
    kept = {named[name].id for name in before} - {named[name].id for name in after or "AB"}
    assert ((await told(chavagne, standing))[0], await drafts(chavagne, standing)) == (state, kept)
    assert await drafts(chavagne, new) == {named[name].id for name in after or "AB"}


async def test_a_run_that_is_being_issued_is_in_the_way_of_its_own_households_only(chavagne: Town) -> None:
    (one, two, three), agent = await fed_families(chavagne, 3)
    standing = await drawn(chavagne, agent, only=[one, two])
    with chavagne.asked_by(agent) as ctx:
        assert (await issue(ctx, standing.id, batch=1)).state is RunState.ISSUING
        for households in (frozenset[UUID](), frozenset({two.id, three.id})):
            with refused(Code.STATE_CONFLICT) as busy:
                await start(ctx, Wanted(MONDAY, households=households))
            assert busy.value.message == ("Les factures de novembre 2026 sont en cours d'émission. Terminez d'abord.")
    await drawn(chavagne, agent, only=[three])
    with chavagne.asked_by(agent) as ctx:
        assert (await go_on(ctx, standing.id)).issued == 2


async def test_a_run_for_some_draws_nobody_else_again(chavagne: Town) -> None:
    (one, two), agent = await fed_families(chavagne, 2)
    run = await drawn(chavagne, agent, only=[one])
    with chavagne.asked_by(agent) as ctx:
        with refused(Code.NOT_FOUND):
            await redraw(ctx, run.id, two.id)
        assert (await redraw(ctx, run.id, one.id)).total_cents == 750
    assert await drafts(chavagne, run) == {one.id}


async def test_what_is_taken_takes_as_many_statements_for_eight_households_as_for_two(chavagne: Town) -> None:
    families, agent = await fed_families(chavagne, 10)
    await drawn(chavagne, agent)
    counted = []
    with chavagne.asked_by(agent) as ctx:
        for some in (families[:2], families[2:]):
            with statements() as sent:
                await start(ctx, Wanted(MONDAY, households=frozenset(family.id for family in some)))
            counted.append(len(sent))
    assert counted[0] == counted[1]


async def december(town: Town, agent: Signed, *ate: Sequence[date]) -> list[Family]:
    """Families that ate in November, and on some days of December; November is issued, December is seen."""
    families = [
        await fed_family(town, f"F{number}", *MEALS, *((day, "repas") for day in days))
        for number, days in enumerate(ate)
    ]
    town.on(FIRST_OF_DECEMBER)
    await checked(town, agent)
    return families


FEW, MANY = [date(2026, 12, 1)], [date(2026, 12, 1), date(2026, 12, 3), date(2026, 12, 4)]


async def test_a_run_is_compared_with_all_those_of_the_period_before(chavagne: Town) -> None:
    agent = await add_agent(chavagne)
    same, less, late = await december(chavagne, agent, MANY, FEW, MANY)
    main = await drawn(chavagne, agent, only=[same, less])
    await issued(chavagne, agent)
    caught_up = await drawn(chavagne, agent, only=[late])
    await issued(chavagne, agent)
    chavagne.on(date(2027, 1, 4))
    await checked(chavagne, agent, until=date(2026, 12, 31))
    run = await drawn(chavagne, agent, DECEMBER)
    with chavagne.asked_by(agent), statements() as sent:
        found = await compare(run, 20, 100)
    assert found is not None
    assert ([one.id for one in found.previous], found.new, found.gone) == ([main.id, caught_up.id], 0, 0)
    assert found.changed == (Changed("F1", 750, 250, less.id),)
    assert found.activities == (Changed("Restauration scolaire", 2250, 1750),)
    assert len(sent) == 6
    some = await drawn(chavagne, agent, DECEMBER, only=[less, late])
    with chavagne.asked_by(agent), statements() as fewer:
        found = await compare(some, 20, 100)
    assert found is not None
    assert ([one.id for one in found.previous], found.new, found.gone) == ([main.id, caught_up.id], 0, 0)
    assert found.changed == (Changed("F1", 750, 250, less.id),)
    assert found.activities == (Changed("Restauration scolaire", 1500, 1000),)
    assert len(fewer) == len(sent)


async def test_two_invoices_of_a_household_are_compared_as_one(chavagne: Town) -> None:
    agent = await add_agent(chavagne)
    (family,) = await december(chavagne, agent, MANY)
    await drawn(chavagne, agent)
    await issued(chavagne, agent)
    walked_in = Check(family.child, "restauration", "repas", date(2026, 11, 6), Presence.UNEXPECTED)
    await checked(chavagne, agent, walked_in)
    await drawn(chavagne, agent, only=[family])
    await issued(chavagne, agent)
    chavagne.on(date(2027, 1, 4))
    await checked(chavagne, agent, until=date(2026, 12, 31))
    run = await drawn(chavagne, agent, DECEMBER)
    with chavagne.asked_by(agent):
        found = await compare(run, 20, 100)
    assert found is not None
    assert found.changed == (Changed("F0", 750 + 375, 750, family.id),)
