"""What consumed units cost, by the rules of their day: for the invoices, and for whoever tries other rules."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Self
from uuid import UUID

from plugins import hookspecs
from plugins.commune import Commune
from plugins.rules.absences import FULL_PRICE
from plugins.rules.aggregates import Charge
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity, Unit
from plugins.rules.durations import ByTime
from plugins.rules.invoice_lines import PricedDay, part_due
from plugins.rules.parts import parts_of
from plugins.rules.tariffs import Situation, Tariff
from resolvers.agenda.plans import Slot, Window
from resolvers.context import Context
from resolvers.days.absent_days import ABSENT, Reported, percent_charged, reported_in
from resolvers.days.attendance import SheetLine
from resolvers.families.households import (
    Enrolments,
    HouseholdFile,
    Quotients,
    children_enrolled,
    households_of,
    quotients_of,
)
from resolvers.models import Booking, Enrolment
from resolvers.models.bookings import ENROLLED, Presence

TIMED = "Temps de présence relevé"
NOTES = {
    Presence.UNEXPECTED: "Présence sans réservation",
    Presence.ABSENT_UNJUSTIFIED: "Absence non justifiée",
}


class Offer:
    """What a commune offers and at which tariff, each looked up once: a run asks for them line after line."""

    def __init__(self, commune: Commune) -> None:
        self._commune = commune
        self.unit = cache(self._unit)
        self.tariff = cache(self._tariff)
        self.counted_from = cache(self._counted_from)

    def _activity(self, code: str, day: date) -> Activity | None:
        return self._commune.ask(hookspecs.catalogue, year=SchoolYear.of(day)).activity(code)

    def _unit(self, code: str, unit: str, day: date) -> tuple[Activity, Unit] | None:
        """A unit of an activity in the catalogue of the year of a day; None when it is not there."""
        activity = self._activity(code, day)
        found = activity.unit(unit) if activity else None
        return (activity, found) if activity and found else None

    def _tariff(self, code: str, day: date) -> Tariff:
        """The tariff of an activity of that catalogue; ``LookupError`` when it is not there."""
        activity, year = self._activity(code, day), SchoolYear.of(day)
        if activity is None:
            raise LookupError(f"{code} is not in the catalogue of {year.label}")
        return self._commune.ask(hookspecs.tariff, activity=activity, year=year)

    def _counted_from(self, code: str, day: date) -> date | None:
        """From which day a child's presences without booking are counted; None when no price depends on them."""
        span = self.tariff(code, day).unbooked_span
        return span.around(day, self._commune.ask(hookspecs.calendar))[0] if span else None


@dataclass(frozen=True, slots=True)
class Pricing:
    """Prices what was consumed, from the records and a commune's dated rules alone.

    ``late`` are the units booked after their deadline; ``together`` the children of a household in a unit on a day;
    ``unbooked`` what each child came to without a booking in an activity, in order, as far as the lines go back;
    ``reported`` the absences that families told.
    """

    commune: Commune
    households: Mapping[UUID, HouseholdFile]
    quotients: Quotients
    late: frozenset[Slot]
    together: Mapping[tuple[UUID, date, str], frozenset[UUID]]
    enrolled: Mapping[UUID, Enrolments]
    unbooked: Mapping[tuple[UUID, str], Sequence[tuple[date, str]]]
    reported: Mapping[Slot, Reported]
    offer: Offer = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "offer", Offer(self.commune))

    @classmethod
    async def read(cls, ctx: Context, window: Window, lines: Sequence[SheetLine], also: Iterable[UUID] = ()) -> Self:
        """Read what prices depend on: six statements, whatever the number of households.

        ``also`` are households to read although they have no line.
        """
        ids = frozenset(line.household_id for line in lines).union(also)
        quotients = await quotients_of(ctx, ids)
        children = sorted({line.child_id for line in lines})
        span = {"child_id__in": children, "day__gte": window.first, "day__lte": window.last}
        late = await Booking.filter(live=True, late=True, **span).values_list("child_id", "day", "activity", "unit")
        households = {household.id: household for household in await households_of(ctx, ids)}
        return cls(
            ctx.commune,
            households,
            quotients,
            frozenset((child, day, activity, unit) for child, day, activity, unit in late),
            _together(lines),
            await _enrolments(ids, window),
            _unbooked(lines),
            await reported_in(**span),
        )

    @classmethod
    def supposing(
        cls,
        commune: Commune,
        household: HouseholdFile,
        quotients: Quotients,
        enrolled: Enrolments,
        lines: Sequence[SheetLine],
    ) -> Self:
        """What a household would pay if it booked these lines in time and came: nothing is read."""
        nothing: frozenset[Slot] = frozenset()
        return cls(
            commune, {household.id: household}, quotients, nothing, _together(lines), {household.id: enrolled}, {}, {}
        )

    def percent_charged(self, line: SheetLine) -> int:
        """How many per cent of a unit's price are charged: part of it, or nothing, for an absence that was told."""
        return percent_charged(line.presence, self.reported.get(line.slot))

    def knows(self, line: SheetLine) -> bool:
        """True when the catalogue of its year still has the unit, which can then be priced."""
        return self.offer.unit(line.activity, line.unit, line.day) is not None

    def priced(self, line: SheetLine) -> PricedDay:
        """One unit, priced by the rules of its day; ``LookupError`` when that year's catalogue does not know it."""
        activity, unit = self._known(line)
        codes = (str(line.child_id), activity.code, unit.code)
        return PricedDay(
            line.child, activity.label, unit.label, line.day, self.charge(line).price, codes, self._note(line)
        )

    def charge(self, line: SheetLine) -> Charge:
        """The same unit and price, as the aggregates of its tariff count them."""
        _, unit = self._known(line)
        tariff = self.offer.tariff(line.activity, line.day)
        household = self.households[line.household_id]
        percent = self.percent_charged(line)
        spent = line.sight.minutes if line.sight else None
        enrolled = self.enrolled.get(line.household_id, {})
        situation = Situation(
            day=line.day,
            unit=line.unit,
            qf=self.quotients.on(self.commune, line.household_id, line.day),
            residency=household.residency,
            child_rank=household.rank_of(line.child_id),
            siblings_present=len(self.together[line.household_id, line.day, line.unit] - {line.child_id}),
            booked=line.booked,
            late=line.slot in self.late,
            absent=line.presence in ABSENT,
            justified=line.presence is Presence.ABSENT_JUSTIFIED or percent < FULL_PRICE,
            minutes=unit.minutes if spent is None else spent,
            unbooked_count=0 if line.booked else self._rank_of_unbooked(line),
            children_enrolled=children_enrolled(enrolled, line.child_id, line.activity, line.day),
            age=household.age_of(line.child_id, line.day),
        )
        return Charge(str(line.child_id), situation, part_due(tariff.price(situation), percent))

    def _note(self, line: SheetLine) -> str:
        """What was not simply booked and attended, in French."""
        if line.presence in ABSENT and line.slot in self.reported:
            return f"Absence signalée : {self.reported[line.slot].reason}"
        note = NOTES.get(line.presence, "") if line.presence else ""
        return ". ".join(said for said in (note, TIMED if self._is_timed(line) else "") if said)

    def _is_timed(self, line: SheetLine) -> bool:
        """True when the price counts the time really spent, as agents wrote it down, instead of the unit's own."""
        if line.sight is None or line.sight.minutes is None:
            return False
        _, unit = self._known(line)
        price = self.offer.tariff(line.activity, line.day).prices[unit.code]
        return any(isinstance(part, ByTime) for part in parts_of(price))

    def _rank_of_unbooked(self, line: SheetLine) -> int:
        """The place of a presence without booking among the child's, in its span and activity; 0 when none counts."""
        first = self.offer.counted_from(line.activity, line.day)
        if first is None:
            return 0
        came = self.unbooked[line.child_id, line.activity]
        return sum(1 for day, unit in came if day >= first and (day, unit) <= (line.day, line.unit))

    def _known(self, line: SheetLine) -> tuple[Activity, Unit]:
        found = self.offer.unit(line.activity, line.unit, line.day)
        if found is None:
            year = SchoolYear.of(line.day)
            raise LookupError(f"{line.activity}/{line.unit} on {line.day} is not in the catalogue of {year.label}")
        return found


def _together(lines: Sequence[SheetLine]) -> dict[tuple[UUID, date, str], frozenset[UUID]]:
    children: defaultdict[tuple[UUID, date, str], set[UUID]] = defaultdict(set)
    for line in lines:
        children[line.household_id, line.day, line.unit].add(line.child_id)
    return {key: frozenset(present) for key, present in children.items()}


def _unbooked(lines: Sequence[SheetLine]) -> dict[tuple[UUID, str], list[tuple[date, str]]]:
    came: defaultdict[tuple[UUID, str], list[tuple[date, str]]] = defaultdict(list)
    for line in lines:
        if not line.booked:
            came[line.child_id, line.activity].append((line.day, line.unit))
    return came


async def _enrolments(ids: Iterable[UUID], window: Window) -> dict[UUID, Enrolments]:
    years = [year.start for year in window.school_years]
    rows = Enrolment.filter(household_id__in=list(ids), school_year__in=years, state__in=list(ENROLLED))
    enrolled: defaultdict[UUID, dict[tuple[UUID, str, int], tuple[date, date]]] = defaultdict(dict)
    for household, child, code, year, first, last in await rows.values_list(
        "household_id", "child_id", "activity", "school_year", "first_day", "last_day"
    ):
        enrolled[household][child, code, year] = (first, last)
    return dict(enrolled)
