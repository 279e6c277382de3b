"""A child's bill that two households share: each pays its part of every line, to the cent, whichever booked."""

from datetime import date
from uuid import UUID

import pytest

from plugins.rules.french import NBSP, euros
from resolvers.billing.adjustments import already_invoiced
from resolvers.billing.bill_shares import record_shares
from resolvers.billing.invoices import lines_of_invoices
from resolvers.days.absent_days import leave_drafts, on_invoices
from resolvers.days.attendance import sheet
from resolvers.days.sights import Check
from resolvers.errors import Code
from resolvers.models import AbsentDay, Attendance, Booking, CreditNote, Invoice, Membership
from resolvers.models.bookings import Presence
from resolvers.models.households import Role
from resolvers.models.keys import new_key
from schema.portal import schema
from schema.relay import global_id
from tests.invoicing import (
    FIRST_OF_DECEMBER,
    MONDAY,
    SCHOOL_TERM,
    THURSDAY,
    TUESDAY,
    checked,
    credit_what_is_excused,
    drawn,
    fed_family,
    issued,
    prepared,
)
from tests.orders import book, order, wish
from tests.refusals import refused
from tests.towns import Family, Signed, Town, add_agent, add_family

pytestmark = [pytest.mark.anyio, pytest.mark.database]

SEPTEMBER, FRIDAY = date(2026, 9, 1), date(2026, 11, 6)


async def shared_child(town: Town) -> tuple[Family, Family, Signed]:
    """A child that ate three times at 2.50 €, booked by its first household, and belongs to a second one."""
    booking, other, agent = await fed_family(town, "UN"), await add_family(town, "DEUX"), await add_agent(town)
    with town.at_work():
        await Membership.create(household_id=other.id, person_id=booking.child, role=Role.CHILD)
    town.on(FIRST_OF_DECEMBER)
    await checked(town, agent)
    return booking, other, agent


async def share(town: Town, agent: Signed, child: UUID, percents: dict[UUID, int], since: date = SEPTEMBER) -> None:
    """Record shares."""
    with town.asked_by(agent) as ctx:
        await record_shares(ctx, child, percents, since)


async def totals(town: Town) -> dict[UUID, int]:
    """What each household is charged."""
    with town.at_work():
        return {row.household_id: row.total_cents for row in await Invoice.all()}


@pytest.mark.parametrize(("first", "second", "parts"), [(60, 40, (450, 300)), (33, 67, (247, 503)), (1, 99, (7, 743))])
async def test_a_bill_is_divided_and_the_odd_cent_goes_to_the_largest_share(
    chavagne: Town, first: int, second: int, parts: tuple[int, int]
) -> None:
    booking, other, agent = await shared_child(chavagne)
    await share(chavagne, agent, booking.child, {booking.id: first, other.id: second})
    run = await prepared(chavagne, agent)
    assert await totals(chavagne) == {booking.id: parts[0], other.id: parts[1]}
    mine = next(draft.id for draft in run.drafts if draft.household_id == booking.id)
    with chavagne.at_work():
        ((line,),) = await lines_of_invoices([mine])
    assert line.detail[-1] == f"Votre part : {first}{NBSP}% de {euros(750)}"
    assert len(await issued(chavagne, agent)) == 2


async def test_a_share_that_comes_to_nothing_is_no_invoice(chavagne: Town) -> None:
    booking = await add_family(chavagne, "UN", children=("Enfant1", "Enfant2"), enrolled=("periscolaire",))
    other, agent = await add_family(chavagne, "DEUX"), await add_agent(chavagne)
    lessons = [wish(child, "periscolaire", (MONDAY, "temps-des-lecons")) for child in booking.children.values()]
    await book(chavagne, booking.parent, order(*lessons, window=SCHOOL_TERM))
    with chavagne.at_work():
        await Membership.create(household_id=other.id, person_id=booking.child, role=Role.CHILD)
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(chavagne, agent)
    await share(chavagne, agent, booking.child, {booking.id: 99, other.id: 1})  # 1 per cent of 80 cents
    await drawn(chavagne, agent)
    assert await totals(chavagne) == {booking.id: 160}
    assert len(await issued(chavagne, agent)) == 1


async def test_who_books_may_pay_nothing(chavagne: Town) -> None:
    booking, other, agent = await shared_child(chavagne)
    await share(chavagne, agent, booking.child, {other.id: 100})
    await drawn(chavagne, agent)
    assert await totals(chavagne) == {other.id: 750}
    (invoice,) = await issued(chavagne, agent)
    with chavagne.at_work():
        assert {row.invoice_id for row in await Attendance.all()} == {invoice}
    assert (await prepared(chavagne, agent)).drafts == ()


async def test_shares_hold_from_their_day_on(chavagne: Town) -> None:
    booking, other, agent = await shared_child(chavagne)
    await share(chavagne, agent, booking.child, {booking.id: 50, other.id: 50}, TUESDAY)
    await drawn(chavagne, agent)
    assert await totals(chavagne) == {booking.id: 250 + 250, other.id: 250}
    await share(chavagne, agent, booking.child, {}, SEPTEMBER)
    await drawn(chavagne, agent)
    assert await totals(chavagne) == {booking.id: 750}


async def test_a_correction_between_draft_and_issue_stops_both_households(chavagne: Town) -> None:
    booking, other, agent = await shared_child(chavagne)
    await share(chavagne, agent, booking.child, {booking.id: 60, other.id: 40})
    await drawn(chavagne, agent)
    await checked(chavagne, agent, Check(booking.child, "restauration", "repas", MONDAY, Presence.ABSENT_JUSTIFIED))
    with refused(Code.STATE_CONFLICT):
        await issued(chavagne, agent)
    await drawn(chavagne, agent)
    assert await totals(chavagne) == {booking.id: 300, other.id: 200}


@pytest.mark.parametrize(("percent_due", "off"), [(0, (150, 100)), (33, (100, 67)), (100, ())])
async def test_an_absence_excused_after_the_invoices_is_proposed_to_each_for_its_part(
    chavagne: Town, percent_due: int, off: tuple[int, ...]
) -> None:
    booking, other, agent = await shared_child(chavagne)
    await share(chavagne, agent, booking.child, {booking.id: 60, other.id: 40})
    absent = Check(booking.child, "restauration", "repas", MONDAY, Presence.ABSENT_UNJUSTIFIED)
    await checked(chavagne, agent, absent)
    await drawn(chavagne, agent)
    invoices = await issued(chavagne, agent)
    with chavagne.at_work() as ctx:
        await AbsentDay.create(
            household_id=booking.id,
            report_id=new_key(),
            child_id=booking.child,
            activity="restauration",
            unit="repas",
            day=MONDAY,
            percent_due=percent_due,
            reason="maladie",
            decided_at=ctx.now,
        )
    since = chavagne.clock.now()
    with chavagne.asked_by(agent) as ctx:
        assert await credit_what_is_excused(ctx, since) == len(off)
        assert await credit_what_is_excused(ctx, since) == 0
        credited = {note.household_id: note.total_cents for note in await CreditNote.all()}
    assert (len(invoices), credited) == (2, dict(zip((booking.id, other.id), off, strict=False)))


async def test_when_both_households_booked_a_shared_child_each_keeps_the_prices_of_its_own_days(
    chavagne: Town,
) -> None:
    booking, other, agent = await shared_child(chavagne)
    with chavagne.at_work() as ctx:
        await Booking.create(
            household_id=other.id,
            child_id=booking.child,
            activity="restauration",
            unit="repas",
            day=FRIDAY,
            changed_at=ctx.now,
        )
    await checked(chavagne, agent)
    await share(chavagne, agent, booking.child, {booking.id: 60, other.id: 40})
    await drawn(chavagne, agent)
    await issued(chavagne, agent)
    with chavagne.at_work() as ctx:
        lines = await sheet(ctx, SCHOOL_TERM, children=[booking.child])
        found = await already_invoiced(lines)
    days = {home: sorted(day for _, day, _, _ in invoiced.prices()) for home, invoiced in found.items()}
    assert days == {booking.id: [MONDAY, TUESDAY, THURSDAY], other.id: [FRIDAY]}


async def test_an_agent_reads_every_invoice_of_a_shared_day_and_each_family_its_own(chavagne: Town) -> None:
    booking, other, agent = await shared_child(chavagne)
    await share(chavagne, agent, booking.child, {other.id: 60, booking.id: 40})
    await drawn(chavagne, agent)
    assert len(await issued(chavagne, agent)) == 2
    with chavagne.at_work():
        numbers = {row.household_id: row.number for row in await Invoice.all()}
    slots = {(booking.child, MONDAY, "restauration", "repas")}
    told = []
    for who in (agent, booking.parent):
        with chavagne.asked_by(who):
            found = await on_invoices(slots)
            told.append((found.numbers, found.drafted))
    assert told == [(tuple(sorted(map(str, numbers.values()))), ()), ((numbers[booking.id],), ())]


async def test_what_another_household_pays_is_not_taken_off_its_issued_invoice(chavagne: Town) -> None:
    booking, other, agent = await shared_child(chavagne)
    await share(chavagne, agent, booking.child, {other.id: 100})
    await drawn(chavagne, agent)
    (invoice,) = await issued(chavagne, agent)
    with chavagne.asked_by(booking.parent):
        await leave_drafts({(booking.child, MONDAY, "restauration", "repas")})
    with chavagne.at_work():
        assert {row.invoice_id for row in await Attendance.all()} == {invoice}


async def test_shares_make_a_whole_and_are_those_of_the_childs_households(chavagne: Town) -> None:
    booking, other, agent = await shared_child(chavagne)
    stranger = await add_family(chavagne, "TROIS")
    wrongs = ({booking.id: 60, other.id: 60}, {booking.id: 100, other.id: 0}, {booking.id: 50, stranger.id: 50})
    for wrong in wrongs:
        with refused(Code.INVALID):
            await share(chavagne, agent, booking.child, wrong)
    with refused(Code.NOT_FOUND):
        await share(chavagne, agent, stranger.id, {booking.id: 100})


async def test_an_agent_records_shares_over_graphql(chavagne: Town) -> None:
    booking, other, agent = await shared_child(chavagne)
    shares = [
        {"householdId": global_id("Household", home.id), "percent": percent}
        for home, percent in ((booking, 40), (other, 60))
    ]
    asked = {"childId": global_id("Child", booking.child), "firstDay": "2026-09-01", "shares": shares}
    mutation = "mutation($input: BillSharesRecordInput!) { billSharesRecord(input: $input) { userErrors { code } } }"
    answers = []
    for who, given in ((agent, asked), (agent, {**asked, "shares": shares[:1]}), (booking.parent, asked)):
        with chavagne.asked_by(who) as ctx:
            done = await schema.execute(mutation, variable_values={"input": given}, context_value=ctx)
            answers.append(done.data["billSharesRecord"]["userErrors"] if done.data else "FORBIDDEN")
    assert answers == [[], [{"code": "INVALID"}], "FORBIDDEN"]
    await drawn(chavagne, agent)
    assert await totals(chavagne) == {booking.id: 300, other.id: 450}
