"""Requests that press at the same instant: none waits for another that waits for it, and a key has one answer."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

import pytest

from gateway.database import Databases
from plugins.rules.excuses import STRIKE
from plugins.rules.rhythms import Rhythm, UnitRhythm
from resolvers.agenda import baskets, closures, waiting_lists
from resolvers.agenda.bookings import CommitMode, commit
from resolvers.agenda.closures import Event
from resolvers.context import Context
from resolvers.days.absence_reports import report
from resolvers.days.absences import Told
from resolvers.models import BookingReceipt, IdempotentAnswer, PlaceHold
from tests.orders import book, live, order, taken, wish
from tests.towns import Family, Town, add_agent, add_family
from tests.village import village

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]

MONDAYS = [date(2026, 11, 9) + timedelta(weeks=n) for n in range(4)]
MONDAY = MONDAYS[0]
MORNING = (MONDAY, "matin")
A_FEW, MANY = 4, 5

T = TypeVar("T")


async def families(town: Town, number: int) -> list[Family]:
    """Families with one enrolled child each."""
    return [await add_family(town, f"TEST{n}", children=("Enfant1",), enrolled=("accueil",)) for n in range(number)]


async def at_once(town: Town, by: Family, use_case: Callable[[Context], Awaitable[T]]) -> list[T]:
    """What one request gets that is sent several times at the same instant."""
    with town.asked_by(by.parent) as ctx:
        return await asyncio.gather(*(use_case(ctx) for _ in range(A_FEW)))


async def test_absences_and_bookings_of_the_same_days_never_wait_for_each_other(databases: Databases) -> None:
    town = Town(village(places=2 * MANY))
    absent, coming = await families(town, MANY), await families(town, MANY)
    mornings = [(day, "matin") for day in MONDAYS]
    for each in absent:
        await book(town, each.parent, order(wish(each.child, "accueil", *mornings)))

    async def stay_home(family: Family) -> None:
        with town.asked_by(family.parent) as ctx:
            await report(ctx, Told(family.child, MONDAYS[0], MONDAYS[-1]))

    await asyncio.gather(
        *(stay_home(each) for each in absent),
        *(book(town, each.parent, order(wish(each.child, "accueil", *mornings))) for each in coming),
    )
    assert await live(town) == {(each.child, day, "accueil", "matin") for each in coming for day in MONDAYS}
    assert await taken(town) == {(day, "presents"): MANY for day in MONDAYS}


async def test_baskets_that_give_places_up_and_bookings_never_wait_for_each_other(databases: Databases) -> None:
    town = Town(village(places=2 * MANY))
    agent, keeping, coming = await add_agent(town), await families(town, MANY), await families(town, MANY)
    for each in keeping:
        rhythm = UnitRhythm(Rhythm(MONDAYS[0], MONDAYS[-1], frozenset({MONDAY.isoweekday()})), ("matin",))
        with town.asked_by(each.parent) as ctx:
            await baskets.save(ctx, each.id, order(replace(wish(each.child, "accueil"), rhythms=(rhythm,))), 0)
    with town.asked_by(agent) as ctx:
        await closures.record(ctx, Event(MONDAYS[1], MONDAYS[-1], STRIKE.label, "Grève", units=("matin",)))

    async def confirm(family: Family) -> None:
        with town.asked_by(family.parent) as ctx:
            await baskets.commit(ctx, family.id, 1, CommitMode.ATOMIC, None)

    afternoons = [(day, "apres-midi") for day in MONDAYS]
    await asyncio.gather(
        *(confirm(each) for each in keeping),
        *(book(town, each.parent, order(wish(each.child, "accueil", *afternoons))) for each in coming),
    )
    with town.at_work():
        assert not await PlaceHold.exists()
    assert await taken(town) == {(day, "presents"): MANY for day in MONDAYS} | {(MONDAY, "presents"): 2 * MANY}


async def test_the_same_commit_at_once_has_one_answer(databases: Databases) -> None:
    town = Town(village())
    (family,) = await families(town, 1)
    wanted = order(wish(family.child, "accueil", MORNING))
    answers = await at_once(town, family, lambda ctx: commit(ctx, wanted, CommitMode.ATOMIC, "key"))
    assert answers == [answers[0]] * A_FEW
    with town.at_work():
        assert [row.id for row in await BookingReceipt.all()] == [answers[0].receipt_id]


async def test_the_same_absence_at_once_has_one_answer(databases: Databases) -> None:
    town = Town(village())
    (family,) = await families(town, 1)
    await book(town, family.parent, order(wish(family.child, "accueil", MORNING)))
    answers = await at_once(town, family, lambda ctx: report(ctx, Told(family.child, MONDAY, MONDAY), "key"))
    assert answers == [answers[0]] * A_FEW


async def test_the_same_basket_committed_at_once_has_one_answer(databases: Databases) -> None:
    town = Town(village())
    (family,) = await families(town, 1)
    wanted = order(wish(family.child, "accueil", MORNING))
    with town.asked_by(family.parent) as ctx:
        await baskets.save(ctx, family.id, wanted, 0)
    answers = await at_once(town, family, lambda ctx: baskets.commit(ctx, family.id, 1, CommitMode.ATOMIC, "key"))
    assert [done for done, _ in answers] == [answers[0][0]] * A_FEW
    assert {(basket.version, basket.order) for _, basket in answers} == {(2, None)}


async def test_joining_a_list_at_once_with_one_key_has_one_answer(databases: Databases) -> None:
    town = Town(village(places=1))
    inside, outside = await families(town, 2)
    await book(town, inside.parent, order(wish(inside.child, "accueil", MORNING)))
    slot = (outside.child, MONDAY, "accueil", "matin")
    answers = await at_once(town, outside, lambda ctx: waiting_lists.join(ctx, slot, "key"))
    assert {entry.id for entry in answers} == {answers[0].id}
    with town.at_work():
        assert await IdempotentAnswer.filter(mutation=waiting_lists.JOIN).count() == 1
