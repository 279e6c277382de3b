"""What consumed units cost, by the rules of their day: for the invoices, and for whoever tries other rules."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from plugins import hookspecs
from plugins.commune import Commune
from plugins.rules.aggregates import Charge
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity, Unit
from plugins.rules.invoice_lines import PricedDay
from plugins.rules.tariffs import Situation
from resolvers.attendance import SheetLine
from resolvers.context import Context
from resolvers.households import HouseholdFile, Quotients, households_of, quotients_of
from resolvers.models import Booking
from resolvers.models.bookings import Presence
from resolvers.plans import Slot, Window

BILLED = {
    Presence.PRESENT: "",
    Presence.UNEXPECTED: "Présence sans réservation",
    Presence.ABSENT_UNJUSTIFIED: "Absence non justifiée",
}


@dataclass(frozen=True, slots=True)
class Pricing:
    """Prices what was consumed, from the records and a commune's dated rules alone.

    ``late`` are the units booked after their deadline; ``together`` the children of a household in a unit on a day.
    """

    commune: Commune
    households: Mapping[UUID, HouseholdFile]
    quotients: Quotients
    late: frozenset[Slot]
    together: Mapping[tuple[UUID, date, str], frozenset[UUID]]

    @classmethod
    async def read(cls, ctx: Context, window: Window, lines: Sequence[SheetLine], also: Iterable[UUID] = ()) -> Self:
        """Read what prices depend on: four statements, whatever the number of households.

        ``also`` are households to read although they have no line.
        """
        ids = frozenset(line.household_id for line in lines).union(also)
        quotients = await quotients_of(ctx, ids)
        late = await Booking.filter(live=True, late=True, day__gte=window.first, day__lte=window.last).values_list(
            "child_id", "day", "activity", "unit"
        )
        households = {household.id: household for household in await households_of(ctx, ids)}
        return cls(
            ctx.commune,
            households,
            quotients,
            frozenset((child, day, activity, unit) for child, day, activity, unit in late),
            _together(lines),
        )

    def knows(self, line: SheetLine) -> bool:
        """True when the catalogue of its year still has the unit, which can then be priced."""
        return self._found(line) is not None

    def priced(self, line: SheetLine) -> PricedDay:
        """One unit, priced by the rules of its day; ``LookupError`` when that year's catalogue does not know it."""
        activity, unit = self._known(line)
        note = BILLED[line.presence] if line.presence else ""
        return PricedDay(line.child, activity.label, unit.label, line.day, self.charge(line).price, note)

    def charge(self, line: SheetLine) -> Charge:
        """The same unit and price, as the aggregates of its tariff count them."""
        activity, _ = self._known(line)
        household = self.households[line.household_id]
        situation = Situation(
            day=line.day,
            unit=line.unit,
            qf=self.quotients.on(self.commune, line.household_id, line.day),
            residency=household.residency,
            child_rank=household.rank_of(line.child_id),
            siblings_present=len(self.together[line.household_id, line.day, line.unit] - {line.child_id}),
            booked=line.booked,
            late=line.slot in self.late,
            absent=line.presence is Presence.ABSENT_UNJUSTIFIED,
        )
        tariff = self.commune.ask(hookspecs.tariff, activity=activity, year=SchoolYear.of(line.day))
        return Charge(str(line.child_id), situation, tariff.price(situation))

    def _known(self, line: SheetLine) -> tuple[Activity, Unit]:
        found = self._found(line)
        if found is None:
            year = SchoolYear.of(line.day)
            raise LookupError(f"{line.activity}/{line.unit} on {line.day} is not in the catalogue of {year.label}")
        return found

    def _found(self, line: SheetLine) -> tuple[Activity, Unit] | None:
        activity = self.commune.ask(hookspecs.catalogue, year=SchoolYear.of(line.day)).activity(line.activity)
        unit = activity.unit(line.unit) if activity else None
        return (activity, unit) if activity and unit else None


def _together(lines: Sequence[SheetLine]) -> dict[tuple[UUID, date, str], frozenset[UUID]]:
    children: defaultdict[tuple[UUID, date, str], set[UUID]] = defaultdict(set)
    for line in lines:
        children[line.household_id, line.day, line.unit].add(line.child_id)
    return {key: frozenset(present) for key, present in children.items()}
