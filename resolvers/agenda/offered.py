"""What an activity offers in a window, the same for every child: its units and days, its rules and their instants."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from plugins import hookspecs
from plugins.rules.calendar import CalendarDay, SchoolYear
from plugins.rules.catalogue import Activity, Unit
from plugins.rules.closings import closed_by
from plugins.rules.verdicts import Instants
from resolvers.agenda.facts import Facts
from resolvers.context import Context


class OfferedUnit(NamedTuple):
    """A unit on a day: it usually takes place then (``is_usual``), and an agent may have ``closed`` it."""

    unit: Unit
    day: CalendarDay
    is_usual: bool
    closed: bool


class Offered:
    """An activity of a school year, in a window: computed once for all the children of a plan."""

    def __init__(self, ctx: Context, facts: Facts, activity: Activity, year: SchoolYear) -> None:
        self._ctx, self._facts, self._activity = ctx, facts, activity
        self._calendar = ctx.commune.ask(hookspecs.calendar)
        self.rules = ctx.commune.ask(hookspecs.booking_rules, activity=activity).of(facts.household.residency)
        self.instants: dict[date, Instants] = {}
        days = (day for day in facts.window.days if year.first_day <= day <= year.last_day)
        self.units = tuple(offered for day in days for offered in self._units_of(day))

    def know(self, day: date) -> None:
        """Have the instants of a day of service ready: many days of a window are never asked about."""
        if day not in self.instants:
            self.instants[day] = Instants.of(self.rules, day, self._calendar, self._ctx.commune.tz)

    def _units_of(self, day: date) -> Iterator[OfferedUnit]:
        what = self._calendar.day(day)
        for unit in self._activity.units:
            closing = closed_by(self._facts.closings, self._activity, unit, day)
            named = replace(what, label=closing.label) if closing else what
            yield OfferedUnit(unit, named, self._activity.is_open(unit, what), closing is not None)
