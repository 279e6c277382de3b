"""Invoices of Chavagne computed a second time, naively: from the log of bookings and what was seen, figure by figure.

Nothing here uses the portal's prices, tariffs or reading of records: the figures of the commune are written out again.
"""

from collections import Counter
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from resolvers.models import Attendance, BookingChange, Household, QuotientFamilial

MEALS = ((400, 100), (800, 250), (1200, 360), (None, 450))
CARE = ((800, 110), (None, 160))
LESSONS = ((800, 80), (None, 120))
HALF_DAYS = ((400, 250), (800, 390), (1200, 520), (None, 640))
FIGURES = {
    "repas": MEALS,
    "garderie-matin": CARE,
    "garderie-soir": CARE,
    "temps-des-lecons": LESSONS,
    "matin": HALF_DAYS,
    "apres-midi": HALF_DAYS,
}
MEAL_OF_OTHERS = 520  # a household of another commune pays one price
LEAST = 100  # less than one euro waits for the next invoice

Owed = dict[tuple[UUID, int, int], int]  # household, year, month: cents


async def recomputed(last: date) -> Owed:
    """What each household is invoiced for each month until a day, when everything was checked in time."""
    booked = await _booked()
    quotients = await _quotients()
    outside = {row.id for row in await Household.all() if row.residency.name == "OUTSIDE"}
    owed: Counter[tuple[UUID, int, int]] = Counter()
    for seen in await Attendance.all():
        if seen.day > last or seen.presence.name == "ABSENT_JUSTIFIED":
            continue
        slot = (seen.child_id, seen.day, seen.activity, seen.unit)
        price = _price(seen.unit, _quotient_on(quotients, seen.household_id, seen.day), seen.household_id in outside)
        if slot not in booked:
            price = int((Decimal(price) * 3 / 2).quantize(Decimal(1), ROUND_HALF_UP))
        owed[seen.household_id, seen.day.year, seen.day.month] += price
    return _carried(owed)


async def _booked() -> set[tuple[UUID, date, str, str]]:
    """What the log leaves booked, read from its first line to its last."""
    booked: set[tuple[UUID, date, str, str]] = set()
    for change in await BookingChange.all().order_by("at", "id"):
        slot = (change.child_id, change.day, change.activity, change.unit)
        booked.add(slot) if change.kind.name == "BOOKED" else booked.discard(slot)
    return booked


async def _quotients() -> dict[UUID, list[tuple[date, int]]]:
    """The accepted quotients of each household, the last received last."""
    found: dict[UUID, list[tuple[date, int]]] = {}
    for row in await QuotientFamilial.all().order_by("recorded_at", "id"):
        if row.state.name == "ACCEPTED":
            found.setdefault(row.household_id, []).append((row.valid_from, row.euros))
    return found


def _quotient_on(quotients: dict[UUID, list[tuple[date, int]]], household: UUID, day: date) -> int | None:
    valid = [given for given in quotients.get(household, ()) if given[0] <= day]
    return max(valid, key=lambda given: given[0])[1] if valid else None


def _price(unit: str, quotient: int | None, outside: bool) -> int:
    if outside and unit == "repas":
        return MEAL_OF_OTHERS
    for highest, cents in FIGURES[unit]:
        if highest is None or (quotient is not None and quotient <= highest):
            return cents
    raise LookupError(unit)


def _carried(owed: Counter[tuple[UUID, int, int]]) -> Owed:
    """Month after month, what is less than the least waits for the next month of the household."""
    invoiced: Owed = {}
    waiting: Counter[UUID] = Counter()
    for household, year, month in sorted(owed, key=lambda key: key[1:]):
        total = owed[household, year, month] + waiting[household]
        if total < LEAST:
            waiting[household] = total
        else:
            invoiced[household, year, month] = total
            waiting[household] = 0
    return invoiced
