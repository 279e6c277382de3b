"""Ordering days in a few words, and reading what was done of it."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.verdicts import Verdict
from resolvers.agenda.bookings import CommitMode, Committed, Order, commit
from resolvers.agenda.plans import Plan, Slot, Window, Wish
from resolvers.models import Booking, BookingChange, PlaceCount
from resolvers.models.bookings import ChangeKind
from tests.towns import Family, Signed, Town, add_family

NOVEMBER = Window(date(2026, 11, 1), date(2026, 11, 30))


async def canteen_family(town: Town) -> Family:
    """Two children enrolled at the canteen of Chavagne."""
    return await add_family(town, enrolled=("restauration", "periscolaire", "alsh-mercredi"))


def wish(child: UUID, activity: str, *ticks: tuple[date, str]) -> Wish:
    """All that is wanted for a child in an activity."""
    return Wish(child, activity, frozenset(ticks))


def order(*wishes: Wish, window: Window = NOVEMBER) -> Order:
    """What is wanted in a window, November 2026 by default."""
    return Order(window, wishes)


async def book(
    town: Town, by: Signed, wanted: Order, mode: CommitMode = CommitMode.ATOMIC, key: str | None = None
) -> Committed:
    """Commit an order as one request."""
    with town.asked_by(by) as ctx:
        return await commit(ctx, wanted, mode, key)


def verdicts(plan: Plan) -> dict[tuple[date, str], Verdict]:
    """The verdict of each unit and day of a plan for one child."""
    return {(unit.day.day, unit.unit.code): unit.verdict for unit in plan.units}


async def live(town: Town) -> set[Slot]:
    """Every booked unit of the commune."""
    with town.at_work():
        rows = await Booking.filter(live=True)
    return {(row.child_id, row.day, row.activity, row.unit) for row in rows}


async def replayed(town: Town) -> set[Slot]:
    """What the log says is booked, read from its first line to its last."""
    booked: set[Slot] = set()
    with town.at_work():
        for change in await BookingChange.all().order_by("at", "id"):
            slot = (change.child_id, change.day, change.activity, change.unit)
            if change.kind is ChangeKind.BOOKED:
                assert slot not in booked
                booked.add(slot)
            else:
                booked.remove(slot)
    return booked


async def taken(town: Town) -> dict[tuple[date, str], int]:
    """The places taken in each pool and day, as counted by the database; pools at zero are left out."""
    with town.at_work():
        return {(row.day, row.pool): row.taken for row in await PlaceCount.filter(taken__gt=0)}


def places_of(town: Town, slots: Iterable[Slot]) -> dict[tuple[date, str], int]:
    """The places that these booked units take: one per child, pool and day, in pools with a limit."""
    held = set()
    for child, day, activity, unit in slots:
        catalogue = town.commune.ask(hookspecs.catalogue, year=SchoolYear.of(day))
        found = catalogue.activity(activity)
        known = found.unit(unit) if found else None
        for code in known.pools if known else ():
            pool = catalogue.pool(code)
            if pool is not None and pool.capacity is not None:
                held.add((child, day, code))
    return dict(Counter((day, pool) for _, day, pool in held))
