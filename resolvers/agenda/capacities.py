"""Places per pool and day, as agents read and change them: the consequences are shown first, nobody loses its place."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tortoise.expressions import Q

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Catalogue, Pool
from plugins.rules.french import say_date, say_instant, say_list
from resolvers.agenda.offers import offer_freed, pools_of, waiting_for
from resolvers.agenda.plans import Window
from resolvers.context import Context
from resolvers.errors import Code, Refusals, Refused, not_found
from resolvers.families.correspondents import names_of
from resolvers.idempotency import recall, remember
from resolvers.models import Booking, CapacityChange, Person, PlaceCount, PlaceHold
from resolvers.models.scope import everything_in_sight
from resolvers.models.tenancy import unit_of_work

CHANGE = "capacityChange"
MOST_PLACES = 10_000
LONGEST_REASON = 200
MOST_REFUSALS = 20


@dataclass(frozen=True, slots=True)
class PlaceDay:
    """A pool on a day: how many places there are, are taken (of which held, not booked yet), and are waited for."""

    day: date
    pool: str
    label: str
    capacity: int
    taken: int
    held: int
    waiting: int


@dataclass(frozen=True, slots=True)
class WantedCapacity:
    """How many places a pool should have on each day of a window.

    ``keep_taken``: a day where more are taken gets as many places as are taken, instead of being refused.
    """

    pool: str
    window: Window
    capacity: int
    reason: str
    keep_taken: bool

    def described(self) -> dict[str, Any]:
        """The wish as plain values: what an idempotency key is compared on."""
        window = [self.window.first.isoformat(), self.window.last.isoformat()]
        given = {"pool": self.pool, "capacity": self.capacity, "reason": self.reason, "keep": self.keep_taken}
        return {**given, "window": window}


@dataclass(frozen=True, slots=True)
class Consequence:
    """What the change does to a day: its places ``before`` and after, how many would be offered to who waits.

    ``last_comers`` are who came last among those that are too many, as « Enfant1 TEST (lundi … à 9 h 30) ».
    """

    before: PlaceDay
    capacity: int
    offered: int
    last_comers: tuple[str, ...]


async def places(ctx: Context, window: Window) -> list[PlaceDay]:
    """Every limited pool on each day it is open or counted, in the order of days: three statements."""
    span = {"day__gte": window.first, "day__lte": window.last}
    rows = await PlaceCount.filter(**span).values_list("day", "pool", "capacity", "taken")
    counted = {(day, pool): (capacity, taken) for day, pool, capacity, taken in rows}
    held = Counter(await PlaceHold.filter(**span).values_list("day", "pool"))
    waiting = await waiting_for(ctx, **span)
    found = []
    for day in window.days:
        catalogue = ctx.commune.ask(hookspecs.catalogue, year=SchoolYear.of(day))
        for pool in catalogue.pools:
            place = (day, pool.code)
            if pool.capacity is None or not (place in counted or _is_open(ctx, catalogue, pool, day)):
                continue
            capacity, taken = counted.get(place, (pool.capacity, 0))
            waited = len(waiting.get(place, ()))
            found.append(PlaceDay(day, pool.code, pool.label, capacity, taken, held[place], waited))
    return found


async def preview(ctx: Context, wanted: WantedCapacity) -> list[Consequence]:
    """What changing the places of a pool would do now, day by day, from today on; nothing is kept.

    Refused: NOT_FOUND (pool), INVALID (a number that is no capacity, no open day to come).
    """
    _refuse_wrong(ctx, wanted)
    today = ctx.local_now.date()
    days = [each for each in await places(ctx, wanted.window) if each.pool == wanted.pool and each.day >= today]
    if not days:
        raise Refused(Code.INVALID, "Aucun jour d'accueil à venir dans cette période.", field=("firstDay",))
    crowded = {each.day for each in days if each.taken > wanted.capacity}
    comers = await _last_comers(ctx, wanted.pool, crowded)
    return [
        Consequence(
            before=each,
            capacity=max(wanted.capacity, each.taken),
            offered=min(each.waiting, max(0, wanted.capacity - each.taken)),
            last_comers=tuple(comers[each.day][: max(0, each.taken - wanted.capacity)]),
        )
        for each in days
    ]


@unit_of_work
async def change(ctx: Context, wanted: WantedCapacity, key: str | None) -> list[Consequence]:
    """Change the places of a pool on each open day of the window, and have the new ones offered to who waits.

    Refused: as :func:`preview`; STATE_CONFLICT, one for each day, where more is taken unless ``keep_taken``: who came
    last is named. The decision is kept for ever.
    """
    answered = await recall(ctx, CHANGE, key, wanted.described())
    if answered is None:
        await _lock(ctx, wanted)
    done = await preview(ctx, wanted)
    if answered is not None:
        return done
    if not wanted.keep_taken:
        _refuse_crowded(wanted, done)
    for capacity in {each.capacity for each in done}:
        days = [each.before.day for each in done if each.capacity == capacity]
        await PlaceCount.filter(pool=wanted.pool, day__in=days).update(capacity=capacity)
    decided = await CapacityChange.create(
        pool=wanted.pool,
        first_day=wanted.window.first,
        last_day=wanted.window.last,
        capacity=wanted.capacity,
        reason=wanted.reason[:LONGEST_REASON],
        decided_by=ctx.viewer.account_id,
        decided_at=ctx.now,
    )
    left = {(each.before.day, wanted.pool): each.capacity - each.before.taken for each in done}
    await offer_freed(ctx, f"capacity:{decided.id.hex}", {place: number for place, number in left.items() if number})
    await remember(ctx, CHANGE, key, wanted.described(), {"change": str(decided.id)})
    return done


@dataclass(frozen=True, slots=True)
class Decided:
    """A change of places as it was decided, with the pool's name and that of the agent; empty when nobody knows it."""

    row: CapacityChange
    label: str
    by: str


async def changes_page(ctx: Context, before: tuple[datetime, UUID] | None, limit: int) -> tuple[list[Decided], int]:
    """A page of what was decided of the places, the last first, and how many decisions there are in all."""
    rows = CapacityChange.all()
    total = await rows.count()
    if before is not None:
        at, key = before
        rows = rows.filter(Q(decided_at__lt=at) | Q(decided_at=at, id__lt=key))
    page = await rows.order_by("-decided_at", "-id").limit(limit)
    with everything_in_sight():  # colleagues sign what they decide
        names = await names_of({row.decided_by for row in page})
    return [Decided(row, _label(ctx, row), names.get(row.decided_by, "")) for row in page], total


def _label(ctx: Context, row: CapacityChange) -> str:
    pool = ctx.commune.ask(hookspecs.catalogue, year=SchoolYear.of(row.first_day)).pool(row.pool)
    return pool.label if pool else row.pool


def _refuse_wrong(ctx: Context, wanted: WantedCapacity) -> None:
    catalogues = [ctx.commune.ask(hookspecs.catalogue, year=year) for year in wanted.window.school_years]
    pools = [pool for catalogue in catalogues if (pool := catalogue.pool(wanted.pool)) is not None]
    if not any(pool.capacity is not None for pool in pools):
        raise not_found("Groupe de places limitées", "pool")
    if not 0 <= wanted.capacity <= MOST_PLACES:
        raise Refused(Code.INVALID, f"Donnez un nombre de places de 0 à {MOST_PLACES}.", field=("capacity",))


def _refuse_crowded(wanted: WantedCapacity, done: Sequence[Consequence]) -> None:
    refusals = [
        Refused(
            Code.STATE_CONFLICT,
            f"Le {say_date(each.before.day)} : {each.before.taken} places sont déjà prises, pour {wanted.capacity} "
            f"voulues. Derniers arrivés : {say_list(each.last_comers) or 'places gardées, pas encore réservées'}. "
            "Gardez les places prises, ou annulez d'abord des réservations.",
            field=("capacity",),
        )
        for each in done
        if each.before.taken > wanted.capacity
    ]
    if refusals:
        raise Refusals(refusals[:MOST_REFUSALS])


async def _lock(ctx: Context, wanted: WantedCapacity) -> None:
    """Open the pool on its days, and have who books there wait until this decision is kept."""
    _refuse_wrong(ctx, wanted)
    days = [each for each in await places(ctx, wanted.window) if each.pool == wanted.pool]
    await PlaceCount.bulk_create(
        [PlaceCount(day=each.day, pool=each.pool, capacity=each.capacity) for each in days], ignore_conflicts=True
    )
    keys = [each.day for each in days]
    await PlaceCount.filter(pool=wanted.pool, day__in=keys).order_by("day").select_for_update()


def _is_open(ctx: Context, catalogue: Catalogue, pool: Pool, day: date) -> bool:
    what = ctx.commune.ask(hookspecs.calendar).day(day)
    return any(
        pool.code in unit.pools and activity.is_open(unit, what)
        for activity in catalogue.activities
        for unit in activity.units
    )


async def _last_comers(ctx: Context, pool: str, days: Collection[date]) -> Mapping[date, list[str]]:
    """Who booked a place of the pool on these days, the last one first: two statements."""
    since: dict[tuple[date, UUID], Any] = {}
    rows = await Booking.filter(live=True, day__in=sorted(days)).order_by("changed_at", "id")
    for row in rows:
        if pool in pools_of(ctx, (row.child_id, row.day, row.activity, row.unit)):
            since.setdefault((row.day, row.child_id), row.changed_at)
    people = Person.filter(id__in=sorted({child for _, child in since}))
    names = {id_: f"{first} {last}" for id_, first, last in await people.values_list("id", "first_name", "last_name")}
    comers: defaultdict[date, list[str]] = defaultdict(list)
    for (day, child), at in reversed(since.items()):
        comers[day].append(f"{names[child]} ({say_instant(at, ctx.commune.tz)})")
    return comers
