"""Units that do not take place on some days, for everybody: a strike, snow, an outing, decided during the year.

What closes every service on days known in advance is a ``plugins.rules.calendar.Closing``, written in the plugin.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from plugins.rules.calendar import ONE_DAY, DayKind, SchoolCalendar
from plugins.rules.catalogue import Activity, Unit
from plugins.rules.errors import RuleError
from plugins.rules.french import say_span
from plugins.rules.frozen import freeze
from plugins.rules.texts import require_line


@dataclass(frozen=True, slots=True)
class ClosedUnits:
    """Days, both included, on which units do not take place; ``label`` is the French reason that families read.

    Without ``activity``, ``site`` or ``units``, all of them are closed.
    """

    label: str
    first: date
    last: date
    activity: str = ""
    site: str = ""
    units: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        freeze(self, "units")
        require_line(self.label, "ClosedUnits(label)")
        if self.last < self.first:
            raise RuleError(f"ClosedUnits « {self.label} » from {self.first} to {self.last}: the last day comes first.")

    def covers(self, activity: Activity, unit: Unit, day: date) -> bool:
        """True when the unit of the activity does not take place that day."""
        return (
            self.first <= day <= self.last
            and self.activity in ("", activity.code)
            and self.site in ("", activity.site)
            and (not self.units or unit.code in self.units)
        )

    def say(self) -> str:
        """« Grève, le mardi 3 novembre 2026 »."""
        return f"{self.label}, {say_span(self.first, self.last)}"


def closed_by(closings: Iterable[ClosedUnits], activity: Activity, unit: Unit, day: date) -> ClosedUnits | None:
    """The first of these closings that keeps the unit from taking place that day; None when it takes place."""
    return next((closing for closing in closings if closing.covers(activity, unit, day)), None)


def closed_days(
    calendar: SchoolCalendar, closings: Iterable[ClosedUnits], first: date, last: date
) -> tuple[tuple[date, str], ...]:
    """The days between two others, both included, on which something is closed, each with its name, in order.

    Public holidays, the days on which the commune closes its services, and what agents closed, be it one unit.
    """
    off = (DayKind.PUBLIC_HOLIDAY, DayKind.CLOSED)
    named = {(day.day, day.label) for day in calendar.days(first, last) if day.kind in off and day.label}
    for closing in closings:
        start, end = max(first, closing.first), min(last, closing.last)
        named |= {(start + n * ONE_DAY, closing.label) for n in range((end - start).days + 1)}
    return tuple(sorted(named))
