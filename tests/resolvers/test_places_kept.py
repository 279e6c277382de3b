"""Bookings, baskets, offers and cancellations in any order, and at once: a place is counted once, offered once."""

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resolvers.agenda import waiting_lists
from resolvers.agenda.facts import read_facts
from resolvers.agenda.holds import hold, release
from resolvers.agenda.offers import pass_on
from resolvers.agenda.places import PlacesMoved
from resolvers.agenda.plans import Window
from resolvers.errors import Refusals, Refused
from resolvers.families.households import households_of
from resolvers.models import Effect, Person, PlaceCount, PlaceHold, WaitingEntry
from resolvers.models.effects import EffectKind
from resolvers.models.tenancy import unit_of_work
from resolvers.models.waiting import HoldPurpose, WaitingState
from resolvers.outbox import claim, done, opened
from tests.orders import book, live, order, places_of, taken, wish
from tests.towns import Family, Town, add_family
from tests.village import village

pytestmark = pytest.mark.anyio

MONDAYS = [date(2026, 11, 9) + timedelta(weeks=n) for n in range(5)]
MONDAY = MONDAYS[0]
WHOLE = Window(date(2026, 11, 1), date(2026, 12, 31))
DEEDS = ("book", "cancel", "keep", "drop", "wait", "leave", "accept", "decline", "later", "work")
deeds = st.lists(
    st.tuples(st.sampled_from(DEEDS), st.integers(0, 3), st.sampled_from(MONDAYS[:2])), min_size=8, max_size=25
)


async def day_care(town: Town, name: str) -> Family:
    """A family of the village, with one child."""
    return await add_family(town, name, children=("Enfant1",), enrolled=("accueil",))


async def work(town: Town) -> int:
    """Do the places that are due, as a worker does; returns how many effects there were."""
    with town.at_work() as ctx:
        due = [effect for effect in await claim(ctx.now) if effect.kind is EffectKind.PLACES]
        for effect in due:
            await pass_on(ctx, [date.fromisoformat(day) for day in opened(effect, town.ports)["days"]])
            await done(effect.id, ctx.now)
    return len(due)


async def keep(town: Town, family: Family, basket: UUID, day: date) -> None:
    """Hold a place for a basket, twenty minutes."""

    @unit_of_work
    async def do() -> None:
        await Person.filter(id=family.child).select_for_update()
        (household,) = await households_of(ctx, frozenset({family.id}))
        facts = await read_facts(ctx, household, WHOLE)
        until = ctx.now + timedelta(minutes=20)
        await hold(ctx, facts, {(family.child, day, "presents")}, HoldPurpose.BASKET, basket, until)

    with town.asked_by(family.parent) as ctx:
        await do()


async def do(town: Town, deed: str, family: Family, day: date) -> None:
    """One deed of one family; what is refused changes nothing."""
    window = Window(day, day)
    slot = (family.child, day, "accueil", "matin")
    with town.at_work():
        entries = await WaitingEntry.filter(child_id=family.child, day=day)
    if deed == "later":
        town.later(minutes=25)
    elif deed == "work":
        await work(town)
    elif deed in ("book", "cancel"):
        ticks = [(day, "matin")] if deed == "book" else []
        await book(town, family.parent, order(wish(family.child, "accueil", *ticks), window=window))
    elif deed == "keep":
        await keep(town, family, family.id, day)
    elif deed == "drop":
        with town.asked_by(family.parent):
            await release(family.id)
    elif deed == "wait":
        with town.asked_by(family.parent) as ctx:
            await waiting_lists.join(ctx, slot, None)
    elif entries:
        with town.asked_by(family.parent) as ctx:
            if deed == "accept":
                await waiting_lists.accept(ctx, entries[0].id, None)
            else:
                await (waiting_lists.leave if deed == "leave" else waiting_lists.decline)(ctx, entries[0].id)


async def line(town: Town, day: date) -> list[UUID]:
    """The children that wait for a place of a day, in their turn."""
    with town.at_work():
        return [row.child_id for row in await waiting_lists.queue(day, None, None) if row.state is WaitingState.WAITING]


async def placed(town: Town, day: date) -> set[UUID]:
    """The children with a booking or a hold on a day."""
    with town.at_work():
        held = {row.child_id for row in await PlaceHold.filter(day=day)}
    return held | {child for child, on, _, _ in await live(town) if on == day}


async def counted(town: Town) -> dict[tuple[date, str], int]:
    """The children with a booking or a hold, by day and pool: what must be counted as taken."""
    with town.at_work():
        held = {(row.child_id, row.day, row.pool) for row in await PlaceHold.all()}
    booked = await live(town)
    assert held.isdisjoint({(child, day, "presents") for child, day, _, _ in booked})
    kept = Counter((day, pool) for _, day, pool in held)
    return dict(kept + Counter(places_of(town, booked)))


@pytest.mark.database
@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done_in_turn=deeds)
async def test_whatever_happens_in_turn_a_place_is_counted_once_none_is_lost_and_nobody_is_overtaken(
    scarce: Town, done_in_turn: list[tuple[str, int, date]]
) -> None:
    families = [await day_care(scarce, name) for name in ("UN", "DEUX", "TROIS", "QUATRE")]
    children = {family.child for family in families}
    for deed, who, day in done_in_turn:
        in_line, had_one = await line(scarce, day), await placed(scarce, day)
        with suppress(Refused, Refusals, PlacesMoved):
            await do(scarce, deed, families[who], day)
        assert await taken(scarce) == await counted(scarce)
        assert all(count <= 2 for count in (await taken(scarce)).values())
        still_waiting = set(await line(scarce, day))
        for child in (await placed(scarce, day) - had_one) & children:
            before = in_line[: in_line.index(child)] if child in in_line else in_line
            assert still_waiting.isdisjoint(before)
    for deed in ("leave", "cancel", "drop", "work"):  # leave the days free for the next example
        for family in families:
            for day in MONDAYS[:2]:
                await do(scarce, deed, family, day)
    assert await taken(scarce) == {}
    scarce.on(date(2026, 10, 5))


@pytest.mark.postgres
async def test_twenty_cancel_thirty_wait_and_others_press_yet_each_place_is_offered_once_in_turn(
    databases: object,
) -> None:
    town = Town(village(places=20))
    inside = [await day_care(town, f"DEDANS{n}") for n in range(20)]
    await asyncio.gather(
        *(book(town, each.parent, order(wish(each.child, "accueil", (MONDAY, "matin")))) for each in inside)
    )
    entries = []
    for n in range(30):
        family = await day_care(town, f"DEHORS{n}")
        town.later(seconds=1)
        with town.asked_by(family.parent) as ctx:
            entries.append((await waiting_lists.join(ctx, (family.child, MONDAY, "accueil", "matin"), None)).id)

    async def cancel_one_by_one(some: list[Family]) -> None:
        for each in some:
            await book(town, each.parent, order(wish(each.child, "accueil")))

    async def worker(turns: int) -> None:
        for _ in range(turns):
            await work(town)

    async def overtake(family: Family) -> None:
        for _ in range(10):
            with suppress(Refused, Refusals):
                await book(town, family.parent, order(wish(family.child, "accueil", (MONDAY, "matin"))))

    newcomers = [await day_care(town, f"PRESSE{n}") for n in range(4)]
    await asyncio.gather(
        *(cancel_one_by_one(inside[n::5]) for n in range(5)),
        *(overtake(each) for each in newcomers),
        worker(30),
        worker(30),
    )
    while await work(town):
        pass
    with town.at_work():
        states = {row.id: row.state for row in await WaitingEntry.all()}
        counts = [(row.capacity, row.taken) for row in await PlaceCount.all()]
        holds = Counter([row.source_id for row in await PlaceHold.all()])
        assert not await Effect.filter(kind=EffectKind.PLACES, dead_at__not_isnull=True).exists()
    assert [states[entry] for entry in entries] == [WaitingState.OFFERED] * 20 + [WaitingState.WAITING] * 10
    assert holds == Counter(entries[:20])
    assert (counts, await live(town)) == ([(20, 20)], set())
    assert len(await town.mails("waiting:")) == 20


@pytest.mark.postgres
async def test_who_joins_while_the_place_is_given_back_gets_it(databases: object) -> None:
    for _ in range(5):
        town = Town(village(places=1))
        day = MONDAY
        inside, outside = await day_care(town, "DEDANS"), await day_care(town, "DEHORS")
        await book(town, inside.parent, order(wish(inside.child, "accueil", (day, "matin"))))
        slot = (outside.child, day, "accueil", "matin")
        with town.asked_by(outside.parent) as ctx:
            joined, _ = await asyncio.gather(
                waiting_lists.join(ctx, slot, None),
                book(town, inside.parent, order(wish(inside.child, "accueil"))),
                return_exceptions=True,
            )
        await work(town)
        with town.at_work():
            offered = await WaitingEntry.filter(child_id=outside.child, state=WaitingState.OFFERED).exists()
            assert offered or (isinstance(joined, Refused) and await PlaceCount.filter(taken=0).exists())
            await WaitingEntry.all().delete()
            await PlaceHold.all().delete()
            await PlaceCount.all().delete()
