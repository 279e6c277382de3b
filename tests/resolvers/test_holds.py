"""Places kept for a while: counted at once, given back in time, never one too many and never one lost."""

import asyncio
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from gateway.worker import Worker
from plugins.communes import Communes
from resolvers.agenda.facts import read_facts
from resolvers.agenda.holds import HoldsExpired, expired, hold, refuse_expired, release, release_expired
from resolvers.agenda.places import PlacesMoved
from resolvers.agenda.plans import Hold, Window
from resolvers.families.households import households_of
from resolvers.models import Effect, Person, PlaceHold
from resolvers.models.effects import EffectKind
from resolvers.models.tenancy import unit_of_work
from resolvers.models.waiting import HoldPurpose
from tests.orders import book, order, taken, wish
from tests.towns import Family, Town, add_family

pytestmark = [pytest.mark.anyio, pytest.mark.database]

MONDAY = date(2026, 11, 2)
TUESDAY = date(2026, 11, 3)
PRESENTS = (MONDAY, "presents")
MORNING = (MONDAY, "matin")


async def day_care(town: Town, name: str, *children: str) -> Family:
    """A family of the village whose children are enrolled."""
    return await add_family(town, name, children=children or ("Enfant1",), enrolled=("accueil",))


async def keep(town: Town, family: Family, source: UUID, *wanted: Hold, minutes: int = 20) -> frozenset[Hold]:
    """Hold places in one transaction, as a basket does."""

    @unit_of_work
    async def do() -> frozenset[Hold]:
        await Person.filter(id__in=sorted(family.children.values())).order_by("id").select_for_update()
        (household,) = await households_of(ctx, frozenset({family.id}))
        facts = await read_facts(ctx, household, Window(MONDAY, MONDAY + timedelta(days=2)))
        until = ctx.now + timedelta(minutes=minutes)
        return await hold(ctx, facts, wanted, HoldPurpose.BASKET, source, until)

    with town.asked_by(family.parent) as ctx:
        return await do()


async def held(town: Town) -> set[Hold]:
    """Every place kept."""
    with town.at_work():
        return {(row.child_id, row.day, row.pool) for row in await PlaceHold.all()}


async def test_a_place_kept_is_taken_for_everybody_else(scarce: Town) -> None:
    first, second, third = [await day_care(scarce, name) for name in ("UN", "DEUX", "TROIS")]
    await book(scarce, first.parent, order(wish(first.child, "accueil", MORNING)))
    assert await keep(scarce, second, uuid4(), (second.child, *PRESENTS)) == {(second.child, *PRESENTS)}
    assert await taken(scarce) == {PRESENTS: 2}
    with pytest.raises(PlacesMoved):
        await keep(scarce, third, uuid4(), (third.child, *PRESENTS))
    assert (await held(scarce), await taken(scarce)) == ({(second.child, *PRESENTS)}, {PRESENTS: 2})


async def test_a_source_that_keeps_other_places_gives_the_first_ones_back_at_once(scarce: Town) -> None:
    family, basket = await day_care(scarce, "UN", "Enfant1", "Enfant2"), uuid4()
    first, second = family.children.values()
    await keep(scarce, family, basket, (first, *PRESENTS), (second, *PRESENTS))
    scarce.later(minutes=1)
    kept = {(second, *PRESENTS), (first, TUESDAY, "presents")}
    assert await keep(scarce, family, basket, *kept) == kept
    assert (await held(scarce), await taken(scarce)) == (kept, {PRESENTS: 1, (TUESDAY, "presents"): 1})
    with scarce.at_work():
        assert {row.until for row in await PlaceHold.all()} == {scarce.clock.now() + timedelta(minutes=20)}


async def test_a_child_keeps_one_place_whatever_it_already_has_there(scarce: Town) -> None:
    family = await day_care(scarce, "UN", "Enfant1", "Enfant2")
    first, second = family.children.values()
    await book(scarce, family.parent, order(wish(first, "accueil", MORNING)))
    await keep(scarce, family, uuid4(), (second, *PRESENTS))
    assert await keep(scarce, family, uuid4(), (first, *PRESENTS), (second, *PRESENTS)) == frozenset()
    assert (await held(scarce), await taken(scarce)) == ({(second, *PRESENTS)}, {PRESENTS: 2})


async def test_what_is_released_is_free_again(scarce: Town) -> None:
    family, basket = await day_care(scarce, "UN"), uuid4()
    await keep(scarce, family, basket, (family.child, *PRESENTS))
    with scarce.asked_by(family.parent):
        assert await release(basket) == {PRESENTS: 1}
        assert await release(basket) == {}
    assert (await held(scarce), await taken(scarce)) == (set(), {})


async def test_what_is_kept_too_long_is_given_back_and_nothing_before(scarce: Town) -> None:
    family = await day_care(scarce, "UN", "Enfant1", "Enfant2")
    first, second = family.children.values()
    await keep(scarce, family, uuid4(), (first, *PRESENTS), minutes=20)
    await keep(scarce, family, uuid4(), (second, *PRESENTS), minutes=30)
    scarce.later(minutes=19, seconds=59)
    with scarce.at_work() as ctx:
        await refuse_expired(ctx, {MONDAY})
        assert await expired(ctx, [MONDAY]) == {}
    scarce.later(seconds=1)
    with scarce.at_work() as ctx:
        await refuse_expired(ctx, {TUESDAY})
        with pytest.raises(HoldsExpired):
            await refuse_expired(ctx, {MONDAY, TUESDAY})
        assert await release_expired(ctx, await expired(ctx, [TUESDAY])) == {}
        assert await release_expired(ctx, await expired(ctx, [MONDAY])) == {PRESENTS: 1}
    assert (await held(scarce), await taken(scarce)) == ({(second, *PRESENTS)}, {PRESENTS: 1})


async def test_many_hands_give_one_place_back_once(scarce: Town) -> None:
    family = await day_care(scarce, "UN", "Enfant1", "Enfant2")
    first, second = family.children.values()
    await keep(scarce, family, uuid4(), (first, *PRESENTS), minutes=20)
    await keep(scarce, family, uuid4(), (second, *PRESENTS), minutes=40)
    scarce.later(minutes=20)
    with scarce.at_work() as ctx:
        kept = await expired(ctx, [MONDAY])
        freed = await asyncio.gather(*(release_expired(ctx, kept) for _ in range(8)))
    assert sorted(freed, key=len) == [{}] * 7 + [{PRESENTS: 1}]
    assert await taken(scarce) == {PRESENTS: 1}


async def test_the_worker_gives_back_when_the_time_is_over(chavagne: Town) -> None:
    family = await add_family(chavagne)
    wednesday = (date(2026, 11, 4), "mercredi-apres-midi")
    await keep(chavagne, family, uuid4(), (family.child, *wednesday), minutes=20)
    worker, stop = Worker(Communes([chavagne.commune]), chavagne.ports, "https://portail.example"), asyncio.Event()
    working = asyncio.create_task(worker.run(stop))
    await asyncio.sleep(0.2)
    assert await taken(chavagne) == {wednesday: 1}
    chavagne.later(minutes=20)
    for _ in range(100):
        if not await held(chavagne):
            break
        await asyncio.sleep(0.05)
    stop.set()
    await working
    assert (await held(chavagne), await taken(chavagne)) == (set(), {})
    with chavagne.at_work():
        assert await Effect.filter(kind=EffectKind.PLACES, done_at__isnull=True).count() == 0
