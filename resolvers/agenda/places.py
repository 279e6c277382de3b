"""Places: counted per pool and day by conditional updates, never one too many whatever arrives at once."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from tortoise.expressions import F

from resolvers.agenda.planning import Facts
from resolvers.agenda.plans import Hold, Place, PlannedUnit
from resolvers.models import PlaceCount


class PlacesMoved(Exception):  # noqa: N818
    """Somebody else took the last place meanwhile: draw the plan again."""


def needed(facts: Facts, changes: Iterable[PlannedUnit], given_up: Collection[Hold] = ()) -> dict[Place, int]:
    """How many places the changes take (positive) or give back (negative) in each limited pool.

    A child takes one place in a pool on a day, however many of its units count there; a place held for it is its own,
    until it is ``given_up``.
    """
    before = Counter(facts.holds)
    for slot in facts.live | facts.elsewhere:
        before.update((slot[0], slot[1], pool) for pool in facts.pools_of(slot))
    after = before.copy()
    for change in changes:
        step = -1 if change.booked else 1
        for pool in change.unit.pools:
            after[change.child.person_id, change.day.day, pool] += step
    after.subtract(given_up)
    moved: Counter[Place] = Counter()
    for child, day, pool in before.keys() | after.keys():
        moved[day, pool] += (after[child, day, pool] > 0) - (before[child, day, pool] > 0)
    return {place: n for place, n in moved.items() if n and facts.places_left(place) is not None}


def spent(facts: Facts, changes: Iterable[PlannedUnit]) -> frozenset[Hold]:
    """The holds that these changes turn into bookings: their places stay counted, and are no longer held."""
    booked = {
        (unit.child.person_id, unit.day.day, pool) for unit in changes if not unit.booked for pool in unit.unit.pools
    }
    return facts.holds & booked


async def move(facts: Facts, moves: Mapping[Place, int]) -> None:
    """Give places back and take others, in one order for everybody; :class:`PlacesMoved` when one is gone."""
    if not moves:
        return
    await PlaceCount.bulk_create(
        [
            PlaceCount(day=day, pool=pool, capacity=facts.capacity((day, pool)))
            for (day, pool), step in sorted(moves.items())
            if step > 0 and (day, pool) not in facts.taken
        ],
        ignore_conflicts=True,
    )
    await count(moves)


async def count(moves: Mapping[Place, int]) -> None:
    """Count places that pools already know; :class:`PlacesMoved` when one is gone.

    Rows are locked by day then pool, in one order for everybody, and those that move alike move together: a year costs
    as many statements as a week.
    """
    if len(moves) > 1:
        days, pools = ({place[part] for place in moves} for part in (0, 1))
        rows = PlaceCount.filter(day__in=sorted(days), pool__in=sorted(pools)).order_by("day", "pool")
        await rows.select_for_update().only("id")
    alike: defaultdict[tuple[str, int], list[date]] = defaultdict(list)
    for (day, pool), step in sorted(moves.items()):
        alike[pool, step].append(day)
    for (pool, step), together in sorted(alike.items()):
        room = PlaceCount.filter(pool=pool, day__in=together, capacity__gte=F("taken") + max(step, 0))
        if await room.update(taken=F("taken") + step) < len(together) and step > 0:
            raise PlacesMoved
