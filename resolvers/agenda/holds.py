"""Places kept for a child that has not booked them yet: counted as taken until they are booked or given back.

Rows are locked in one order, holds before pools: two requests never wait for each other.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from tortoise.expressions import Q

from resolvers.agenda.facts import Facts
from resolvers.agenda.places import PlacesMoved, count, move
from resolvers.agenda.plans import Hold, Place, Slot
from resolvers.context import Context
from resolvers.models import PlaceHold
from resolvers.models.effects import EffectKind
from resolvers.models.keys import new_key
from resolvers.models.scope import everything_in_sight
from resolvers.models.tenancy import unit_of_work
from resolvers.models.waiting import HoldPurpose
from resolvers.outbox import enqueue


class HoldsExpired(Exception):  # noqa: N818
    """Places of these days were kept too long and nobody gave them back: have it done, then draw the plan again."""

    def __init__(self, days: Collection[date]) -> None:
        super().__init__(days)
        self.days = days


async def hold(
    ctx: Context, facts: Facts, wanted: Collection[Hold], purpose: HoldPurpose, source_id: UUID, until: datetime
) -> frozenset[Hold]:
    """Make these places, and no other, those that a source (a basket, an offer) keeps until an instant.

    Call it in the transaction that locked the children. What a child already has there by a booking or by another
    hold needs no place, nor does a pool without limit. Returns what the source now keeps; :class:`PlacesMoved` when a
    place is gone: nothing is kept then, once the transaction is undone.
    """
    with everything_in_sight():  # a hold follows the child, whichever of its households prepared it
        standing = await _locked(wanted, Q(source_id=source_id))
    own = {held_of(row): row.id for row in standing if row.source_id == source_id}
    had = {held_of(row) for row in standing if row.source_id != source_id} | _booked(facts)
    keep = {held for held in wanted if held not in had and facts.places_left(held[1:]) is not None}
    moved = Counter(held[1:] for held in keep - own.keys())
    moved.subtract(held[1:] for held in own.keys() - keep)
    await move(facts, {place: step for place, step in moved.items() if step})
    await PlaceHold.filter(id__in=[id_ for held, id_ in own.items() if held not in keep]).delete()
    await PlaceHold.filter(id__in=[id_ for held, id_ in own.items() if held in keep]).update(until=until)
    await PlaceHold.bulk_create(
        [
            PlaceHold(
                household_id=facts.household.id,
                child_id=child,
                day=day,
                pool=pool,
                purpose=purpose,
                source_id=source_id,
                until=until,
            )
            for child, day, pool in sorted(keep - own.keys())
        ]
    )
    if keep:
        await wake(ctx, f"{source_id.hex}:{until.timestamp():.0f}", {day for _, day, _ in keep}, until)
    return frozenset(keep)


async def spend(places: Collection[Hold]) -> None:
    """Delete the holds of places that are booked from now on, without moving any count; before any place is moved.

    :class:`PlacesMoved` when one was given back meanwhile: draw the plan again.
    """
    if not places:
        return
    with everything_in_sight():  # a hold follows the child, whichever of its households prepared it
        rows = await _locked(places)
        ids = [row.id for row in rows if held_of(row) in set(places)]
        if len(ids) < len(set(places)):
            raise PlacesMoved
        await PlaceHold.filter(id__in=ids).delete()


async def held_by(source_id: UUID) -> frozenset[Hold]:
    """All that a source keeps, whether in time or too long."""
    return frozenset([held_of(row) for row in await PlaceHold.filter(source_id=source_id)])


async def release(source_id: UUID) -> Mapping[Place, int]:
    """Give back all that a source keeps; returns how many places are free again, by day and pool."""
    return await give_back(await PlaceHold.filter(source_id=source_id).order_by("id").select_for_update())


async def keep_for_the_line(ctx: Context, homes: Mapping[Place, Sequence[UUID]]) -> None:
    """Take a freed place for each of these households that wait: to be passed on at once, to whoever is next by then.

    For the transaction that counted the places free.
    """
    source = new_key()
    await count({place: len(theirs) for place, theirs in homes.items()})
    await PlaceHold.bulk_create(
        [
            PlaceHold(
                household_id=home,
                child_id=new_key(),  # no child's: who is next is not known yet
                day=day,
                pool=pool,
                purpose=HoldPurpose.OFFER,
                source_id=source,
                until=ctx.now,
            )
            for (day, pool), theirs in sorted(homes.items())
            for home in theirs
        ]
    )


async def expired(ctx: Context, days: Collection[date]) -> Mapping[UUID, Place]:
    """What is kept too long on some days, by its key."""
    with everything_in_sight():  # a place that nobody booked in time is anybody's
        rows = PlaceHold.filter(day__in=sorted(days), until__lte=ctx.now)
        return {key: (day, pool) for key, day, pool in await rows.values_list("id", "day", "pool")}


async def next_expired(ctx: Context, facts: Facts, slot: Slot, among: Collection[UUID]) -> list[PlaceHold]:
    """A place kept too long in each pool where a booking would need one, the child's own first.

    They are locked, and so is all that is held for the child that day: what comes next locks pools. Only ``among``:
    who passes places on in turn leaves those that were freed since to who reads the line again.
    """
    child, day, _, _ = slot
    pools = {pool for pool in facts.pools_of(slot) if (child, day, pool) not in _booked(facts)}
    late = Q(id__in=sorted(among), pool__in=sorted(pools), until__lte=ctx.now)
    with everything_in_sight():  # a place that nobody booked in time is anybody's
        rows = await PlaceHold.filter(late | Q(child_id=child), day=day).order_by("id").select_for_update()
    found = (row for row in rows if row.pool in pools and row.id in among and row.until <= ctx.now)
    return list({row.pool: row for row in sorted(found, key=lambda row: row.child_id == child)}.values())


@unit_of_work
async def release_expired(ctx: Context, keys: Collection[UUID]) -> Mapping[Place, int]:
    """Give back those of these places that are still kept too long; returns how many are free, by day and pool."""
    with everything_in_sight():  # a place that nobody booked in time is anybody's
        late = PlaceHold.filter(id__in=sorted(keys), until__lte=ctx.now)
        return await give_back(await late.order_by("id").select_for_update())


async def refuse_expired(ctx: Context, full: Collection[date]) -> None:
    """Raise :class:`HoldsExpired` when a place was kept too long on a day that seems full: one statement, or none."""
    if not full:
        return
    with everything_in_sight():  # a place that nobody booked in time is anybody's
        if await PlaceHold.filter(day__in=sorted(full), until__lte=ctx.now).exists():
            raise HoldsExpired(full)


async def wake(ctx: Context, key: str, days: Iterable[date], at: datetime) -> None:
    """Have the worker look at the places of some days at an instant: once for a key, whoever asks again."""
    payload = {"days": sorted(day.isoformat() for day in days)}
    await enqueue(EffectKind.PLACES, f"places:{key}", payload, ctx.ports, at)


def held_of(row: PlaceHold) -> Hold:
    """What a hold keeps: the child, the day and the pool."""
    return (row.child_id, row.day, row.pool)


async def _locked(places: Collection[Hold], others: Q | None = None) -> list[PlaceHold]:
    children, days = {child for child, _, _ in places}, {day for _, day, _ in places}
    theirs = Q(child_id__in=sorted(children), day__in=sorted(days))
    return await PlaceHold.filter(theirs | others if others else theirs).order_by("id").select_for_update()


async def give_back(rows: Collection[PlaceHold]) -> Mapping[Place, int]:
    """Delete holds that this transaction locked; returns how many places are free again, by day and pool."""
    if not rows:
        return {}
    freed = Counter((row.day, row.pool) for row in rows)
    await PlaceHold.filter(id__in=[row.id for row in rows]).delete()
    await count({place: -step for place, step in freed.items()})
    return freed


def _booked(facts: Facts) -> set[Hold]:
    return {(slot[0], slot[1], pool) for slot in facts.live | facts.elsewhere for pool in facts.pools_of(slot)}
