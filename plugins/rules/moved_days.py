"""Days that move when they fall on a day off: « si le 20 est férié, le jour ouvré qui précède »."""

from dataclasses import dataclass, replace
from datetime import date

from plugins.rules.calendar import ONE_DAY, SchoolCalendar
from plugins.rules.days import CALENDAR_DAYS, LONGEST_SEARCH, Day, DayCount, join
from plugins.rules.errors import RuleError


@dataclass(frozen=True, slots=True)
class Moved(Day):
    """A day, or the nearest day that counts, before or after it, when it is not itself one of them."""

    day: Day
    counting: DayCount
    later: bool

    def __post_init__(self) -> None:
        if self.counting is CALENDAR_DAYS:
            raise RuleError(
                "or_before(CALENDAR_DAYS): every day counts, so none is ever moved: write WORKING_DAYS, say"
            )

    def reach(self, service_day: date, calendar: SchoolCalendar) -> date | None:
        """The day, moved when it has to."""
        day = self.day.reach(service_day, calendar)
        if day is None:
            return None
        step = ONE_DAY if self.later else -ONE_DAY
        for n in range(LONGEST_SEARCH.days):
            if self.counting.counts(day + n * step, calendar):
                return day + n * step
        return None

    def chosen(self, service_day: date, calendar: SchoolCalendar) -> Day:
        """The same, for what is chosen of the day."""
        day = self.day.chosen(service_day, calendar)
        return self if day is self.day else replace(self, day=day)

    def say(self, moment: str = "") -> str:
        """« le 20 du mois précédent (à défaut, le premier jour ouvré qui précède) »."""
        side = "suit" if self.later else "précède"
        return join(self.day.say(moment), f"(à défaut, le premier {self.counting.say(1)} qui {side})")


def or_before(day: Day, counting: DayCount) -> Moved:
    """A day, or the last one that counts before it: ``or_before(day_of_month_before(20), WORKING_DAYS)``."""
    return Moved(day, counting, later=False)


def or_after(day: Day, counting: DayCount) -> Moved:
    """A day, or the first one that counts after it; it may then be the day of the service, or after it."""
    return Moved(day, counting, later=True)
