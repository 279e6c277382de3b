"""Invoices of Chavagne computed a second time, naively: from the log of bookings and what was seen, unit by unit.

Nothing here uses the portal's prices, tariffs, shares or reading of records: the figures of the commune and the rules
of its bills are written out again, in plain arithmetic.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from resolvers.models import (
    AbsentDay,
    Attendance,
    BillingShare,
    BookingChange,
    Household,
    Membership,
    QuotientFamilial,
)

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
UNANNOUNCED = 150  # per cent of the price, for a child who was not booked
LEAST = 100  # less than one euro waits for the next invoice

Slot = tuple[UUID, date, str, str]  # child, day, activity, unit
Period = tuple[date, date]  # the first and the last day of what is invoiced together
Bill = tuple[UUID, date]  # who pays it, the first day of its period


@dataclass(frozen=True, slots=True)
class Unit:
    """What a child consumed, or did not, when it was seen, and whether the log leaves it booked."""

    household: UUID
    slot: Slot
    presence: str
    seen_at: datetime
    booked: bool


@dataclass(frozen=True, slots=True)
class Excuse:
    """What stays due of a unit that was reported absent, in per cent."""

    percent: int
    decided_on: date


@dataclass(slots=True)
class Recomputed:
    """What each household was invoiced for each period, and what credit notes took off it since, in cents."""

    invoiced: dict[Bill, int] = field(default_factory=dict)
    credited: Counter[Bill] = field(default_factory=Counter)


async def recomputed(periods: Sequence[Period]) -> Recomputed:
    """The bills of successive periods, each drawn the day after its last one from what was known then."""
    files = await Files.read()
    found = Recomputed()
    waiting: list[Unit] = []
    for first, last in periods:
        booked = await _booked(first, last)
        waiting += await _seen(first, last, booked)
        known = [unit for unit in waiting if unit.seen_at.date() <= last]
        unseen = booked.keys() - {unit.slot for unit in known}
        stopped = {files.group_of(booked[slot]) for slot in unseen}
        billed = _drawn(files, found, (first, last), known, stopped)
        waiting = [unit for unit in waiting if unit not in billed]
    return found


def _drawn(
    files: "Files", found: Recomputed, period: Period, known: Iterable[Unit], stopped: set[UUID]
) -> frozenset[Unit]:
    """Bill what is known and can be; the units that no longer wait."""
    first, last = period
    groups: defaultdict[UUID, list[Unit]] = defaultdict(list)
    for unit in known:
        if files.percent(unit, last):
            groups[files.group_of(unit.household)].append(unit)
    billed: set[Unit] = set()
    for group, units in groups.items():
        owed = files.owed(units, last)
        if group in stopped or sum(owed.values()) < LEAST:
            continue
        found.invoiced |= {(household, first): cents for household, cents in owed.items() if cents}
        found.credited.update({(household, first): cents for household, cents in files.excused(units, last).items()})
        billed.update(units)
    return frozenset(billed)


async def _booked(first: date, last: date) -> dict[Slot, UUID]:
    """What the log leaves booked of some days, and by whom, read from its first line to its last."""
    booked: dict[Slot, UUID] = {}
    log = BookingChange.filter(day__gte=first, day__lte=last).order_by("at", "id")
    for kind, household, *slot in await log.values_list("kind", "household_id", "child_id", "day", "activity", "unit"):
        if _name(kind) == "BOOKED":
            booked[slot[0], slot[1], slot[2], slot[3]] = household
        else:
            booked.pop((slot[0], slot[1], slot[2], slot[3]), None)
    return booked


async def _seen(first: date, last: date, booked: dict[Slot, UUID]) -> list[Unit]:
    rows = await Attendance.filter(day__gte=first, day__lte=last).values_list(
        "household_id", "child_id", "day", "activity", "unit", "presence", "recorded_at"
    )
    return [
        Unit(household, (child, day, activity, unit), _name(presence), at, (child, day, activity, unit) in booked)
        for household, child, day, activity, unit, presence, at in rows
    ]


def _name(value: Any) -> str:
    """An enumerated value as it is stored."""
    return str(getattr(value, "value", value))


@dataclass(frozen=True, slots=True)
class Files:
    """What the commune knows of its households, and what it makes of their units."""

    quotients: dict[UUID, list[tuple[date, datetime, int]]]
    outside: frozenset[UUID]
    shares: dict[UUID, list[tuple[date, date, int, UUID]]]
    excuses: dict[Slot, Excuse]
    groups: dict[UUID, UUID]

    @classmethod
    async def read(cls) -> "Files":
        """Read everything, of every household."""
        quotients: defaultdict[UUID, list[tuple[date, datetime, int]]] = defaultdict(list)
        for given in await QuotientFamilial.all():
            if given.state.name == "ACCEPTED":
                quotients[given.household_id].append((given.valid_from, given.recorded_at, given.euros))
        shares: defaultdict[UUID, list[tuple[date, date, int, UUID]]] = defaultdict(list)
        for share in await BillingShare.all():
            span = (share.first_day, share.last_day or date.max)
            shares[share.child_id].append((*span, share.percent, share.household_id))
        excuses = {
            (row.child_id, row.day, row.activity, row.unit): Excuse(row.percent_due, row.decided_at.date())
            for row in await AbsentDay.all()
        }
        homes = await Household.all()
        outside = frozenset(home.id for home in homes if home.residency.name == "OUTSIDE")
        return cls(dict(quotients), outside, dict(shares), excuses, await _groups(shares))

    def group_of(self, household: UUID) -> UUID:
        """One of the households that are billed together with this one."""
        return self.groups.get(household, household)

    def percent(self, unit: Unit, known: date) -> int:
        """How many per cent of its price are due, by what was known on a day."""
        if not unit.presence.startswith("ABSENT"):
            return 100
        excuse = self.excuses.get(unit.slot)
        if excuse is not None and excuse.decided_on <= known:
            return excuse.percent
        return 0 if unit.presence == "ABSENT_JUSTIFIED" else 100

    def owed(self, units: Iterable[Unit], known: date) -> Counter[UUID]:
        """What each household pays of some units, by what was known on a day."""
        return self._shared(units, known, lambda unit: self.percent(unit, known))

    def excused(self, units: Sequence[Unit], known: date) -> Counter[UUID]:
        """What was given back of some units, which were invoiced by what was known on a day."""
        return self.owed(units, known) - self._shared(units, known, lambda unit: self.percent(unit, date.max))

    def _shared(self, units: Iterable[Unit], known: date, percent: Callable[[Unit], int]) -> Counter[UUID]:
        """Line by line, what each of its payers has to pay; the odd cents are for who pays the largest part."""
        lines: Counter[tuple[Any, ...]] = Counter()
        for unit in units:
            lines[self._payers(unit), self._line(unit, known)] += self._price(unit, known, percent(unit))
        owed: Counter[UUID] = Counter()
        for (payers, _), cents in lines.items():
            parts = [cents * percent // 100 for percent, _ in payers]
            parts[0] += cents - sum(parts)
            owed.update({payer: part for (_, payer), part in zip(payers, parts, strict=True)})
        return owed

    def _payers(self, unit: Unit) -> tuple[tuple[int, UUID], ...]:
        """Who pays a unit and how many per cent of it, the largest part first."""
        child, day, *_ = unit.slot
        agreed = [(percent, home) for first, last, percent, home in self.shares.get(child, ()) if first <= day <= last]
        return tuple(sorted(agreed, key=lambda part: (-part[0], part[1]))) or ((100, unit.household),)

    def _line(self, unit: Unit, known: date) -> tuple[Any, ...]:
        """What stands on one line of an invoice: one child, unit, quotient, and reason to charge."""
        child, _, activity, code = unit.slot
        excuse = self.excuses.get(unit.slot)
        excused = excuse.percent if excuse is not None and excuse.decided_on <= known else None
        quotient = None if unit.household in self.outside and code == "repas" else self._quotient(unit, known)
        return (unit.household, child, activity, code, quotient, unit.presence, excused, unit.booked)

    def _quotient(self, unit: Unit, known: date) -> int | None:
        """The latest of those that hold on its day, among those received until another day."""
        given = [each for each in self.quotients.get(unit.household, ()) if each[0] <= unit.slot[1]]
        return max((each for each in given if each[1].date() <= known), default=(None, None, None))[2]

    def _price(self, unit: Unit, known: date, percent: int) -> int:
        cents = self._full_price(unit, known)
        if not unit.booked:
            cents = _rounded(cents, UNANNOUNCED)
        return _rounded(cents, percent)

    def _full_price(self, unit: Unit, known: date) -> int:
        code = unit.slot[3]
        if code == "repas" and unit.household in self.outside:
            return MEAL_OF_OTHERS
        quotient = self._quotient(unit, known)
        for highest, cents in FIGURES[code]:
            if highest is None or (quotient is not None and quotient <= highest):
                return cents
        raise LookupError(unit)


def _rounded(cents: int, percent: int) -> int:
    return int((Decimal(cents) * percent / 100).quantize(Decimal(1), ROUND_HALF_UP))


async def _groups(children: Iterable[UUID]) -> dict[UUID, UUID]:
    """The households of these children, each with one that stands for all those it is tied to."""
    tied: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for link in await Membership.filter(person_id__in=sorted(children)):
        tied[link.person_id].add(link.household_id)
    groups = {home: home for homes in tied.values() for home in homes}
    for homes in [*tied.values()] * len(groups):
        smallest = min(groups[home] for home in homes)
        groups |= dict.fromkeys(homes, smallest)
    return groups
