"""Bookings that something else than a wanted set takes back: an absence told in time, a closing.

The log says what brought it about, and the places are free again, like those of any cancellation.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from resolvers.agenda.offers import offer_freed
from resolvers.agenda.places import count
from resolvers.agenda.plans import Place, Slot
from resolvers.context import Context
from resolvers.models import Booking, BookingChange, PlaceCount, PlaceHold
from resolvers.models.bookings import ChangeKind
from resolvers.models.scope import everything_in_sight

LONGEST_RULE = 300
MOST_AT_ONCE = 10_000  # identifiers of one statement: databases take some 30,000 parameters


async def cancel_bookings(
    ctx: Context, bookings: Sequence[Booking], rules: Mapping[Slot, str], *, occasion: str, batch: UUID
) -> None:
    """Take back live bookings that the caller locked, log each with its rule, and have freed places offered.

    A constant number of statements, whatever the number of children, and one per pool and day.
    """
    if not bookings:
        return
    ids = [row.id for row in bookings]
    for start in range(0, len(ids), MOST_AT_ONCE):
        some = ids[start : start + MOST_AT_ONCE]
        await Booking.filter(id__in=some).update(live=False, changed_at=ctx.now)
    await BookingChange.bulk_create(
        [
            BookingChange(
                household_id=row.household_id,
                child_id=row.child_id,
                activity=row.activity,
                unit=row.unit,
                day=row.day,
                kind=ChangeKind.CANCELLED,
                account_id=ctx.viewer.account_id,
                batch=batch,
                at=ctx.now,
                rule=rules[slot_of(row)][:LONGEST_RULE],
                occasion=occasion,
            )
            for row in bookings
        ]
    )
    freed = await _give_back(ctx, {slot_of(row) for row in bookings})
    await offer_freed(ctx, batch.hex, freed)


def slot_of(row: Booking) -> Slot:
    """The key of a booking."""
    return (row.child_id, row.day, row.activity, row.unit)


async def _give_back(ctx: Context, slots: set[Slot]) -> Mapping[Place, int]:
    """A child keeps its place in a pool as long as another booking or a hold of its own counts there."""
    children, days = {child for child, _, _, _ in slots}, {day for _, day, _, _ in slots}
    span: dict[str, Any] = {"day__gte": min(days), "day__lte": max(days)}
    if len(children) <= MOST_AT_ONCE:
        span["child_id__in"] = sorted(children)
    with everything_in_sight():  # another household of the child may have booked the same day
        live = await Booking.filter(live=True, **span).values_list("child_id", "day", "activity", "unit")
        holds = await PlaceHold.filter(**span).values_list("child_id", "day", "pool")
    kept = {*holds, *(place for slot in live for place in _counted(ctx, slot))}
    freed = {place for slot in slots for place in _counted(ctx, slot)} - kept
    limited = set(await PlaceCount.filter(day__gte=min(days), day__lte=max(days)).values_list("day", "pool"))
    steps = Counter((day, pool) for _, day, pool in freed if (day, pool) in limited)
    await count({place: -step for place, step in steps.items()})
    return steps


def _counted(ctx: Context, slot: Slot) -> set[tuple[UUID, date, str]]:
    """The places that a booking takes: child, day and pool."""
    child, day, code, unit_code = slot
    catalogue = ctx.commune.ask(hookspecs.catalogue, year=SchoolYear.of(day))
    activity = catalogue.activity(code)
    unit = activity.unit(unit_code) if activity else None
    return {(child, day, pool) for pool in (unit.pools if unit else ())}
