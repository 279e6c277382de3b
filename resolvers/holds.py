"""Places kept for a child that has not booked them yet: counted as taken until they are booked or given back.

Rows are locked in one order, holds before pools: two requests never wait for each other.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from tortoise.expressions import Q

from resolvers.context import Context
from resolvers.facts import Facts
from resolvers.models import PlaceHold
from resolvers.models.effects import EffectKind
from resolvers.models.scope import everything_in_sight
from resolvers.models.tenancy import unit_of_work
from resolvers.models.waiting import HoldPurpose
from resolvers.outbox import enqueue
from resolvers.places import PlacesMoved, count, move
from resolvers.plans import Hold, Place


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


async def release(source_id: UUID) -> tuple[Place, ...]:
    """Give back all that a source keeps; returns the pools and days where a place is free again."""
    return await _give_back(await PlaceHold.filter(source_id=source_id).order_by("id").select_for_update())


@unit_of_work
async def release_expired(ctx: Context, days: Collection[date]) -> tuple[Place, ...]:
    """Give back what was kept too long on some days, whoever kept it; returns the pools and days concerned."""
    with everything_in_sight():  # a place that nobody booked in time is anybody's
        late = PlaceHold.filter(day__in=sorted(days), until__lte=ctx.now)
        return await _give_back(await late.order_by("id").select_for_update())


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


async def _give_back(rows: Collection[PlaceHold]) -> tuple[Place, ...]:
    """Delete holds that this transaction locked; a row that another one deleted first is not among them."""
    if not rows:
        return ()
    freed = Counter((row.day, row.pool) for row in rows)
    await PlaceHold.filter(id__in=[row.id for row in rows]).delete()
    await count({place: -step for place, step in freed.items()})
    return tuple(sorted(freed))


def _booked(facts: Facts) -> set[Hold]:
    return {(slot[0], slot[1], pool) for slot in facts.live | facts.elsewhere for pool in facts.pools_of(slot)}
