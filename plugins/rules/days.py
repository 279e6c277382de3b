"""Which day a rule points at, counted from the day of the service."""

from abc import ABC, abstractmethod
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import assert_never

from plugins.rules.calendar import ONE_DAY, SchoolCalendar
from plugins.rules.errors import RuleError
from plugins.rules.french import say_date, say_ordinal, say_weekday

LONGEST_SEARCH = timedelta(days=5 * 366)


class Day(ABC):
    """A way to reach a day from the day of the service."""

    __slots__ = ()

    @abstractmethod
    def reach(self, service_day: date, calendar: SchoolCalendar) -> date:
        """The day meant, for a service on ``service_day``."""

    @abstractmethod
    def say(self, moment: str = "") -> str:
        """The day in French, with its article; ``moment`` (« 10 h ») is put where French wants it."""


class DayCount(Enum):
    """Which days count when days are counted."""

    CALENDAR_DAYS = "jour"
    WORKING_DAYS = "jour ouvré"
    SCHOOL_DAYS = "jour d'école"

    def counts(self, day: date, calendar: SchoolCalendar) -> bool:
        """True when ``day`` is one of the days counted."""
        match self:
            case DayCount.CALENDAR_DAYS:
                return True
            case DayCount.WORKING_DAYS:
                return calendar.is_working_day(day)
            case DayCount.SCHOOL_DAYS:
                return calendar.is_school_day(day)
        assert_never(self)


CALENDAR_DAYS, WORKING_DAYS, SCHOOL_DAYS = DayCount


@dataclass(frozen=True, slots=True)
class SameDay(Day):
    """The day of the service itself."""

    def reach(self, service_day: date, calendar: SchoolCalendar) -> date:
        """The day of the service."""
        return service_day

    def say(self, moment: str = "") -> str:
        """« le jour même »."""
        return _join("le jour même", moment)


@dataclass(frozen=True, slots=True)
class DaysBefore(Day):
    """The n-th day before the service, the service day not counted; only the days of ``counting`` are counted."""

    n: int
    counting: DayCount

    def __post_init__(self) -> None:
        if not 1 <= self.n <= 366:
            raise RuleError(f"days_before({self.n}): write 1 to 366 days, or SAME_DAY for the day of the service")

    def reach(self, service_day: date, calendar: SchoolCalendar) -> date:
        """The day meant; past the calendar's horizon school days are unknown, and counting starts at the horizon."""
        if self.counting is CALENDAR_DAYS:
            return service_day - timedelta(days=self.n)
        start = min(service_day, calendar.horizon + ONE_DAY) if self.counting is SCHOOL_DAYS else service_day
        day, left = start, self.n
        while left:
            day -= ONE_DAY
            if start - day > LONGEST_SEARCH:
                raise RuleError(f"{self.say()} of {say_date(service_day)}: the calendar knows no such day")
            left -= self.counting.counts(day, calendar)
        return day

    def say(self, moment: str = "") -> str:
        """« la veille », « la veille (jour ouvré) », « le 3e jour ouvré précédent »."""
        if self.n == 1:
            return _join(
                "la veille" if self.counting is CALENDAR_DAYS else f"la veille ({self.counting.value})", moment
            )
        if self.n == 2 and self.counting is CALENDAR_DAYS:
            return _join("l'avant-veille", moment)
        return _join(f"le {say_ordinal(self.n)} {self.counting.value} précédent", moment)


@dataclass(frozen=True, slots=True)
class WeekdayOfWeekBefore(Day):
    """A weekday of a week before the week of the service; weeks run from Monday to Sunday."""

    weekday: int
    weeks: int

    def __post_init__(self) -> None:
        _refuse_weekday(self.weekday)
        if not 1 <= self.weeks <= 52:
            raise RuleError(f"weekday_of_week_before(weeks={self.weeks}): write 1 to 52, or use previous_weekday")

    def reach(self, service_day: date, calendar: SchoolCalendar) -> date:
        """The weekday in its week, whatever the weekday of the service, Sunday included."""
        monday = service_day - timedelta(days=service_day.isoweekday() - 1)
        return monday + timedelta(days=self.weekday - 1, weeks=-self.weeks)

    def say(self, moment: str = "") -> str:
        """« le jeudi de la semaine précédente »."""
        week = "de la semaine précédente" if self.weeks == 1 else f"de la {self.weeks}e semaine précédente"
        return _join(f"le {say_weekday(self.weekday)}", moment, week)


@dataclass(frozen=True, slots=True)
class PreviousWeekday(Day):
    """The last such weekday strictly before the service: one to seven days earlier."""

    weekday: int

    def __post_init__(self) -> None:
        _refuse_weekday(self.weekday)

    def reach(self, service_day: date, calendar: SchoolCalendar) -> date:
        """The weekday meant; for a service on that weekday, the one of seven days before."""
        return service_day - timedelta(days=(service_day.isoweekday() - self.weekday - 1) % 7 + 1)

    def say(self, moment: str = "") -> str:
        """« le lundi précédent »."""
        return _join(f"le {say_weekday(self.weekday)} précédent", moment)


@dataclass(frozen=True, slots=True)
class DayOfMonthBefore(Day):
    """A day of a month before the month of the service; the last day of a month too short for it."""

    number: int
    months: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 31:
            raise RuleError(f"day_of_month_before({self.number}): write a day from 1 to 31")
        if not 1 <= self.months <= 12:
            raise RuleError(f"day_of_month_before(months={self.months}): write 1 to 12 months")

    def reach(self, service_day: date, calendar: SchoolCalendar) -> date:
        """The day meant, the same for every service of a month."""
        years, month = divmod(service_day.year * 12 + service_day.month - 1 - self.months, 12)
        return date(years, month + 1, min(self.number, monthrange(years, month + 1)[1]))

    def say(self, moment: str = "") -> str:
        """« le 20 du mois précédent »."""
        number = "1er" if self.number == 1 else self.number
        month = "mois précédent" if self.months == 1 else f"{self.months}e mois précédent"
        return _join(f"le {number} du {month}", moment)


SAME_DAY = SameDay()


def days_before(n: int, counting: DayCount) -> DaysBefore:
    """The n-th day before the service: « la veille » is 1; the author says which days count."""
    return DaysBefore(n, counting)


def weekday_of_week_before(weekday: int, weeks: int = 1) -> WeekdayOfWeekBefore:
    """« Le jeudi de la semaine précédente » is ``weekday_of_week_before(THURSDAY)``."""
    return WeekdayOfWeekBefore(weekday, weeks)


def previous_weekday(weekday: int) -> PreviousWeekday:
    """« Le lundi précédent », which may be in the week of the service: ``previous_weekday(MONDAY)``."""
    return PreviousWeekday(weekday)


def day_of_month_before(number: int, months: int = 1) -> DayOfMonthBefore:
    """« Le 20 du mois précédent » is ``day_of_month_before(20)``."""
    return DayOfMonthBefore(number, months)


def _refuse_weekday(weekday: int) -> None:
    if not 1 <= weekday <= 7:
        raise RuleError(f"weekday {weekday}: write MONDAY to SUNDAY (1 to 7)")


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)
