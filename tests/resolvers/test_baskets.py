"""The basket: kept for both parents, its places held for a while, committed as any bookings, never lost in silence."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from plugins.rules.excuses import STRIKE
from plugins.rules.rhythms import Rhythm, UnitRhythm
from plugins.rules.verdicts import Verdict
from resolvers.agenda import baskets, closures
from resolvers.agenda.baskets import BasketFile
from resolvers.agenda.bookings import CommitMode, Committed, Order, preview
from resolvers.agenda.closures import Event
from resolvers.agenda.holds import expired, release_expired
from resolvers.errors import Code, Refusals
from resolvers.models import Effect, PlaceHold
from resolvers.models.effects import EffectKind
from tests.orders import book, live, order, taken, wish
from tests.refusals import refused
from tests.towns import Family, Signed, Town, add_agent, add_family, add_parent, sign_in, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

MONDAY, TUESDAY = date(2026, 11, 2), date(2026, 11, 3)
PRESENT = "presents"


async def day_care(town: Town, name: str = "TEST", *children: str) -> Family:
    """A family of the village, where two places are open a day; the portal's policy: 20 minutes, 30 days."""
    return await add_family(town, name, children=children or ("Enfant1",), enrolled=("accueil",))


def mornings(family: Family, *days: date) -> Order:
    """The first child comes these mornings."""
    return order(wish(family.child, "accueil", *((day, "matin") for day in days)))


async def save(town: Town, family: Family, wanted: Order, version: int = 0, by: Signed | None = None) -> BasketFile:
    """Save the basket of a family as one request."""
    with town.asked_by(by or family.parent) as ctx:
        return await baskets.save(ctx, family.id, wanted, version)


async def read(town: Town, family: Family) -> BasketFile:
    """The basket of a family, as its parent reads it."""
    with town.asked_by(family.parent) as ctx:
        found = await baskets.basket_of(ctx, family.id)
    assert found is not None
    return found


async def commit(
    town: Town, family: Family, version: int, mode: CommitMode = CommitMode.ATOMIC, key: str | None = None
) -> tuple[Committed, BasketFile]:
    """Commit the basket of a family as one request."""
    with town.asked_by(family.parent) as ctx:
        return await baskets.commit(ctx, family.id, version, mode, key)


async def verdicts_of(town: Town, family: Family) -> dict[date, Verdict]:
    """What committing the basket now would answer, for what it wants."""
    file = await read(town, family)
    with town.asked_by(family.parent) as ctx:
        plan = await baskets.plan_of(ctx, file)
    return {unit.day.day: unit.verdict for unit in plan.units if unit.wanted} if plan else {}


def held(file: BasketFile) -> list[tuple[date, datetime]]:
    return [(row.day, row.until) for row in file.held]


async def test_a_basket_is_empty_at_first_and_keeps_what_is_saved(scarce: Town) -> None:
    family = await day_care(scarce)
    assert await read(scarce, family) == BasketFile((await read(scarce, family)).household, 0, None, None, None, ())
    wanted = mornings(family, MONDAY, TUESDAY)
    saved = await save(scarce, family, wanted)
    now = scarce.clock.now()
    assert (saved.version, saved.order, saved.saved_at, saved.until) == (1, wanted, now, now + timedelta(days=30))
    assert held(saved) == [(day, now + timedelta(minutes=20)) for day in (MONDAY, TUESDAY)]
    assert await taken(scarce) == {(MONDAY, PRESENT): 1, (TUESDAY, PRESENT): 1}
    assert await live(scarce) == set()
    assert (await read(scarce, family)).order == wanted


async def test_places_in_a_basket_are_nobody_else_s_until_they_expire(scarce: Town) -> None:
    first, second, third = [await day_care(scarce, name) for name in ("UN", "DEUX", "TROIS")]
    for family in (first, second):
        await save(scarce, family, mornings(family, MONDAY))
    with pytest.raises(Refusals):
        await book(scarce, third.parent, mornings(third, MONDAY))
    await save(scarce, third, mornings(third, MONDAY))  # what is full is kept all the same, and told
    assert await verdicts_of(scarce, third) == {MONDAY: Verdict.FULL}
    scarce.later(minutes=21)
    await book(scarce, third.parent, mornings(third, MONDAY))
    assert held(await read(scarce, first)) == []
    assert await verdicts_of(scarce, first) == {MONDAY: Verdict.BOOKABLE}
    await book(scarce, second.parent, mornings(second, MONDAY))
    assert await verdicts_of(scarce, first) == {MONDAY: Verdict.FULL}
    assert (await read(scarce, first)).order == mornings(first, MONDAY)


async def test_saving_again_gives_up_what_is_no_longer_wanted_and_holds_nothing_longer(scarce: Town) -> None:
    family = await day_care(scarce)
    until = scarce.clock.now() + timedelta(minutes=20)
    await save(scarce, family, mornings(family, MONDAY))
    scarce.later(minutes=15)
    saved = await save(scarce, family, mornings(family, TUESDAY), version=1)
    assert (saved.version, held(saved), await taken(scarce)) == (2, [(TUESDAY, until)], {(TUESDAY, PRESENT): 1})
    scarce.later(minutes=6)
    with scarce.at_work() as ctx:
        await release_expired(ctx, await expired(ctx, [TUESDAY]))
    assert (await taken(scarce), held(await read(scarce, family))) == ({}, [])
    again = await save(scarce, family, mornings(family, TUESDAY), version=2)
    assert (again.version, held(again)) == (2, [(TUESDAY, scarce.clock.now() + timedelta(minutes=20))])


async def test_the_other_parent_s_save_is_a_conflict_that_shows_it(scarce: Town) -> None:
    family = await day_care(scarce)
    other = await sign_in(scarce, await add_parent(scarce, family.id, "Autre TEST"))
    await save(scarce, family, mornings(family, MONDAY), by=other)
    assert (await save(scarce, family, mornings(family, MONDAY))).version == 1  # the same save is harmless
    with refused(Code.CONFLICT) as caught:
        await save(scarce, family, mornings(family, TUESDAY))
    latest = caught.value.facts["latest"]
    assert isinstance(latest, BasketFile)
    assert (latest.version, latest.order) == (1, mornings(family, MONDAY))
    assert (await read(scarce, family)).order == mornings(family, MONDAY)
    assert await taken(scarce) == {(MONDAY, PRESENT): 1}


async def test_a_basket_becomes_bookings_by_the_ordinary_commit_and_is_empty(scarce: Town) -> None:
    family = await day_care(scarce)
    await save(scarce, family, mornings(family, MONDAY, TUESDAY))
    done, after = await commit(scarce, family, 1, key="panier")
    assert (done.refused, after.version, after.order) == ((), 2, None)
    assert await live(scarce) == {(family.child, day, "accueil", "matin") for day in (MONDAY, TUESDAY)}
    assert await taken(scarce) == {(MONDAY, PRESENT): 1, (TUESDAY, PRESENT): 1}
    with scarce.at_work():
        assert await PlaceHold.all().count() == 0
    assert [mail.recipient for mail in await scarce.mails("bookings:")] == [family.parent.viewer.email]
    assert await commit(scarce, family, 1, key="panier") == (done, after)
    with refused(Code.CONFLICT):
        await commit(scarce, family, 1)
    with refused(Code.BLANK):
        await commit(scarce, family, 2)


async def test_what_is_refused_keeps_the_basket(scarce: Town) -> None:
    first, second, third = [await day_care(scarce, name) for name in ("UN", "DEUX", "TROIS")]
    for family in (first, second):
        await book(scarce, family.parent, mornings(family, MONDAY))
    await save(scarce, third, mornings(third, MONDAY, TUESDAY))
    with pytest.raises(Refusals) as caught:
        await commit(scarce, third, 1)
    assert [refusal.code for refusal in caught.value.refusals] == [Code.FULL]
    done, after = await commit(scarce, third, 1, CommitMode.BEST_EFFORT)
    assert [unit.day for unit in done.refused] == [MONDAY]
    assert (after.version, after.order, held(after)) == (1, mornings(third, MONDAY, TUESDAY), [])
    assert await verdicts_of(scarce, third) == {MONDAY: Verdict.FULL, TUESDAY: Verdict.BOOKED}


async def test_a_basket_given_up_gives_its_places_back(scarce: Town) -> None:
    family = await day_care(scarce)
    await save(scarce, family, mornings(family, MONDAY))
    with scarce.asked_by(family.parent) as ctx:
        with refused(Code.CONFLICT):
            await baskets.empty(ctx, family.id, 0)
        emptied = await baskets.empty(ctx, family.id, 1)
        assert (emptied.version, emptied.order) == (2, None)
        assert await baskets.empty(ctx, family.id, 0) == emptied  # harmless when it is empty
    assert await taken(scarce) == {}


async def test_a_basket_is_kept_until_its_last_instant(scarce: Town) -> None:
    family = await day_care(scarce)
    saved = await save(scarce, family, mornings(family, MONDAY))
    scarce.later(days=30)
    assert (await read(scarce, family)).order == saved.order
    scarce.later(seconds=1)
    assert (await read(scarce, family)).order is None
    assert (await save(scarce, family, mornings(family, TUESDAY), version=1)).version == 2


async def test_only_who_books_for_the_household_reads_and_changes_its_basket(scarce: Town) -> None:
    family, others = await day_care(scarce), await day_care(scarce, "AUTRE")
    await save(scarce, family, mornings(family, MONDAY))
    sees_only = await sign_in(scarce, await add_parent(scarce, family.id, "Pere TEST", books=False))
    for signed in (others.parent, sees_only):
        with scarce.asked_by(signed) as ctx:
            assert await baskets.basket_of(ctx, family.id) is None
            for change in (
                baskets.save(ctx, family.id, mornings(family, TUESDAY), 1),
                baskets.empty(ctx, family.id, 1),
                baskets.commit(ctx, family.id, 1, CommitMode.ATOMIC, None),
            ):
                with refused(Code.NOT_FOUND):
                    await change
    with refused(Code.NOT_FOUND):
        await save(scarce, family, mornings(others, MONDAY), version=1)
    with refused(Code.BLANK):
        await save(scarce, family, order(), version=1)
    assert (await read(scarce, family)).order == mornings(family, MONDAY)


async def test_baskets_saved_at_once_hold_no_place_too_many(scarce: Town) -> None:
    families = [await day_care(scarce, f"F{number}") for number in range(6)]
    await asyncio.gather(*(save(scarce, family, mornings(family, MONDAY)) for family in families))
    assert await taken(scarce) == {(MONDAY, PRESENT): 2}
    holding = [family for family in families if held(await read(scarce, family))]
    done = await asyncio.gather(*(commit(scarce, family, 1) for family in families), return_exceptions=True)
    won = [family for family, outcome in zip(families, done, strict=True) if not isinstance(outcome, Refusals)]
    assert (len(won), won) == (2, holding)
    assert await live(scarce) == {(family.child, MONDAY, "accueil", "matin") for family in won}


async def test_a_basket_commits_what_its_plan_shows(scarce: Town) -> None:
    family = await day_care(scarce, "UN", "Enfant1", "Enfant2")
    first, second = family.children.values()
    wanted = order(
        wish(first, "accueil", (MONDAY, "matin"), (MONDAY, "repas")), wish(second, "accueil", (TUESDAY, "apres-midi"))
    )
    with scarce.asked_by(family.parent) as ctx:
        previewed = await preview(ctx, wanted)
    file = await save(scarce, family, wanted)
    with scarce.asked_by(family.parent) as ctx:
        plan = await baskets.plan_of(ctx, file)
    assert plan is not None
    assert [unit.slot for unit in plan.changes] == [unit.slot for unit in previewed.changes]
    assert plan.change_cents == previewed.change_cents == 750
    await commit(scarce, family, 1)
    assert await live(scarce) == {unit.slot for unit in plan.changes}


async def test_the_worker_is_asked_once_to_free_what_expires(scarce: Town) -> None:
    family = await day_care(scarce)
    await save(scarce, family, mornings(family, MONDAY))
    await save(scarce, family, mornings(family, MONDAY), version=1)
    with scarce.at_work():
        effects = await Effect.filter(kind=EffectKind.PLACES)
        assert [effect.run_at for effect in effects] == [scarce.clock.now() + timedelta(minutes=20)]


async def test_a_save_takes_the_same_statements_for_two_children_as_for_one(scarce: Town) -> None:
    counts = []
    for family in (await day_care(scarce, "UN"), await day_care(scarce, "DEUX", "Enfant1", "Enfant2")):
        wanted = order(*(wish(child, "accueil", (MONDAY, "apres-midi")) for child in family.children.values()))
        with scarce.asked_by(family.parent) as ctx, statements() as sent:
            await baskets.save(ctx, family.id, wanted, 0)
        counts.append(len(sent))
    assert counts[0] == counts[1]


async def test_a_basket_that_leaves_a_closed_day_out_gives_its_place_back(scarce: Town) -> None:
    family, agent = await day_care(scarce), await add_agent(scarce)
    both = UnitRhythm(Rhythm(MONDAY, TUESDAY), ("matin",))
    await save(scarce, family, order(replace(wish(family.child, "accueil"), rhythms=(both,))))
    with scarce.asked_by(agent) as ctx:
        await closures.record(ctx, Event(TUESDAY, TUESDAY, STRIKE.label, "Grève du personnel"))
    assert await taken(scarce) == {(MONDAY, PRESENT): 1, (TUESDAY, PRESENT): 1}
    done, _ = await commit(scarce, family, 1)
    assert [unit.day for unit in done.skipped] == [TUESDAY]
    with scarce.at_work():
        assert not await PlaceHold.exists()
    assert await taken(scarce) == {(MONDAY, PRESENT): 1}
