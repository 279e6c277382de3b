"""What an invoice run covers: days, activities, and what of them is due and on no invoice yet."""

from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self
from uuid import UUID

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.french import MONTHS
from resolvers.agenda.plans import Slot, Window
from resolvers.context import Context
from resolvers.days.absent_days import percent_charged, reported_in
from resolvers.errors import Code, Refused
from resolvers.models import Attendance, Booking, InvoiceRun
from resolvers.models.bookings import Presence

CARRIED = timedelta(days=365)  # what was too little to be invoiced, or checked late, waits that long for an invoice


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (2000 <= self.year <= 2100 and 1 <= self.month <= 12):
            raise Refused(Code.INVALID, "Écrivez le mois comme 2026-11.", field=("month",))

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read ``2026-11``. Refused: INVALID."""
        year, _, month = text.partition("-")
        if not (len(text) == 7 and year.isascii() and year.isdigit() and month.isascii() and month.isdigit()):
            raise Refused(Code.INVALID, "Écrivez le mois comme 2026-11.", field=("month",))
        return cls(int(year), int(month))

    @property
    def window(self) -> Window:
        """Its days."""
        return Window(date(self.year, self.month, 1), date(self.year, self.month, monthrange(self.year, self.month)[1]))

    @property
    def label(self) -> str:
        """« novembre 2026 »."""
        return f"{MONTHS[self.month - 1]} {self.year}"


def carried_from(window: Window) -> date:
    """The first day that an invoice of a period may charge."""
    return min(window.first, window.last - CARRIED)


@dataclass(frozen=True, slots=True)
class Population:
    """What a run invoices: the units of some activities and households (None: of all) until the end of a period."""

    window: Window
    activities: frozenset[str] | None = None
    households: frozenset[UUID] | None = None

    @classmethod
    def of(cls, ctx: Context, run: InvoiceRun) -> Self:
        """That of a run: its households, and the activities of its services in the years it may reach back to."""
        window = Window(run.period_first, run.period_last)
        households = frozenset(map(UUID, run.limited_to)) or None
        if not run.services:
            return cls(window, households=households)
        years = {SchoolYear.of(window.last - CARRIED), *window.school_years}
        catalogues = [ctx.commune.ask(hookspecs.catalogue, year=year) for year in sorted(years)]
        offered = (activity for catalogue in catalogues for activity in catalogue.activities)
        activities = frozenset(activity.code for activity in offered if activity.service in run.services)
        return cls(window, activities, households)

    @property
    def span(self) -> dict[str, Any]:
        """The filters of what may be due: the days of the period, and those before it that still wait."""
        due: dict[str, Any] = {"day__gte": carried_from(self.window), "day__lte": self.window.last}
        if self.activities is not None:
            due["activity__in"] = sorted(self.activities)
        if self.households is not None:
            due["household_id__in"] = sorted(self.households)
        return due

    def holds(self, activity: str) -> bool:
        """True for an activity that the run invoices."""
        return self.activities is None or activity in self.activities


async def not_yet_invoiced(population: Population, households: Collection[UUID]) -> dict[Slot, UUID]:
    """What some households owe and is on no invoice, with the attendance of each unit: two statements."""
    span = {**population.span, "household_id__in": sorted(households)}
    absences = await reported_in(**span)
    rows = await Attendance.filter(invoice_id__isnull=True, **span).values_list(
        "child_id", "day", "activity", "unit", "id", "presence"
    )
    return {
        (child, day, activity, unit): row
        for child, day, activity, unit, row, presence in rows
        if percent_charged(Presence(presence), absences.get((child, day, activity, unit)))
    }


async def households_to_draw(population: Population) -> list[UUID]:
    """Its households that may owe something: what is booked in the period, or was seen and is on no invoice."""
    period = {**population.span, "day__gte": population.window.first}
    booked: Iterable[Any] = await Booking.filter(live=True, **period).distinct().values_list("household_id", flat=True)
    seen: Iterable[Any] = (
        await Attendance.filter(invoice_id__isnull=True, **population.span)
        .distinct()
        .values_list("household_id", flat=True)
    )
    return sorted({*booked, *seen})


async def children_of(households: Collection[UUID], window: Window) -> list[UUID]:
    """The children whose units these households booked, or owe, in a window: two statements."""
    span = {"household_id__in": sorted(households), "day__gte": window.first, "day__lte": window.last}
    booked: Iterable[Any] = await Booking.filter(live=True, **span).distinct().values_list("child_id", flat=True)
    seen: Iterable[Any] = await Attendance.filter(**span).distinct().values_list("child_id", flat=True)
    return sorted({*booked, *seen})
