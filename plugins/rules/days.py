"""Which day a rule points at, counted from the day of the service, or from a day that itself is reached from it.

Every relative day takes ``of``: « 15 jours avant le premier jour des vacances » is
``days_before(15, CALENDAR_DAYS, of=holidays_start())``.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import Enum

from plugins.rules.calendar import ONE_DAY, SchoolCalendar
from plugins.rules.day_counts import (
    BUSINESS_DAYS,
    CALENDAR_DAYS,
    MONDAY_TO_FRIDAY,
    OPEN_DAYS,
    SCHOOL_DAYS,
    WORKING_DAYS,
    DayCount,
    opening_days,
)
from plugins.rules.errors import RuleError
from plugins.rules.french import say_date, say_of_the, say_ordinal, say_weekday
from plugins.rules.months import in_month

__all__ = [
    "BUSINESS_DAYS",
    "CALENDAR_DAYS",
    "MONDAY_TO_FRIDAY",
    "OPEN_DAYS",
    "SAME_DAY",
    "SCHOOL_DAYS",
    "WORKING_DAYS",
    "Day",
    "DayCount",
    "RelativeDay",
    "clear_days_before",
    "day_of_month",
    "day_of_month_before",
    "days_before",
    "join",
    "months_before",
    "opening_days",
    "previous_weekday",
    "weekday_of_week",
    "weekday_of_week_before",
    "weeks_before",
]

LONGEST_SEARCH = timedelta(days=5 * 366)


class Day(ABC):
    """A way to reach a day from the day of the service."""

    __slots__ = ()

    @abstractmethod
    def reach(self, service_day: date, calendar: SchoolCalendar) -> date | None:
        """The day meant, for a service on ``service_day``; None when there is none (no holidays that day, say)."""

    def chosen(self, service_day: date, calendar: SchoolCalendar) -> "Day":
        """The same way without what does not concern that service: the line of a table instead of the table."""
        return self

    @abstractmethod
    def say(self, moment: str = "") -> str:
        """The day in French, with its article; ``moment`` (« 10 h ») is put where French wants it."""


@dataclass(frozen=True, slots=True)
class SameDay(Day):
    """The day of the service itself."""

    def reach(self, service_day: date, calendar: SchoolCalendar) -> date:
        """The day of the service."""
        return service_day

    def say(self, moment: str = "") -> str:
        """« le jour même », « le jour même à 8 h »."""
        return join("le jour même", "à" if moment else "", moment)


SAME_DAY = SameDay()


@dataclass(frozen=True, slots=True)
class RelativeDay(Day):
    """A day counted from another one, which is the day of the service unless ``of`` says otherwise."""

    of: Day = field(default=SAME_DAY, kw_only=True)

    @abstractmethod
    def shift(self, start: date, calendar: SchoolCalendar) -> date | None:
        """The day meant, counted from ``start``."""

    def reach(self, service_day: date, calendar: SchoolCalendar) -> date | None:
        """The day counted from ``of``; None when ``of`` has no day."""
        start = self.of.reach(service_day, calendar)
        return None if start is None else self.shift(start, calendar)

    def chosen(self, service_day: date, calendar: SchoolCalendar) -> Day:
        """The same, counted from what is chosen of ``of``."""
        of = self.of.chosen(service_day, calendar)
        return self if of is self.of else replace(self, of=of)


@dataclass(frozen=True, slots=True)
class DaysBefore(RelativeDay):
    """The n-th day before, the day itself not counted; only the days of ``counting`` are counted."""

    n: int
    counting: DayCount

    def __post_init__(self) -> None:
        if not 1 <= self.n <= 366:
            raise RuleError(f"days_before({self.n}): write 1 to 366 days, or SAME_DAY for the day of the service")

    def shift(self, start: date, calendar: SchoolCalendar) -> date:
        """The day meant; past the calendar's horizon school days are unknown, and counting starts at the horizon."""
        if self.counting is CALENDAR_DAYS:
            return start - timedelta(days=self.n)
        return _nth_before(self.n, self.counting, start, calendar)

    def say(self, moment: str = "") -> str:
        """« la veille », « le 3e jour ouvré précédent », « le 15e jour avant le premier jour des vacances »."""
        counted, anchor = self.counting.say(1), self.of.say()
        if self.counting is CALENDAR_DAYS and self.n <= 2:
            eve = "la veille" if self.n == 1 else "l'avant-veille"
            return _say(self.of, moment, alone=eve, beside=f"{eve} {say_of_the(anchor)}")
        rank = say_ordinal(self.n)
        if self.n == 1:
            return _say(self.of, moment, f"la veille ({counted})", f"le dernier {counted} avant {anchor}")
        return _say(self.of, moment, f"le {rank} {counted} précédent", f"le {rank} {counted} avant {anchor}")


@dataclass(frozen=True, slots=True)
class ClearDaysBefore(RelativeDay):
    """So many whole days in between (« jours francs »): neither the day reached nor the day itself is one of them."""

    n: int
    counting: DayCount

    def __post_init__(self) -> None:
        if not 1 <= self.n <= 365:
            raise RuleError(f"clear_days_before({self.n}): write 1 to 365 days")

    def shift(self, start: date, calendar: SchoolCalendar) -> date:
        """The day before the clear days, itself one of the days counted."""
        return _nth_before(self.n + 1, self.counting, start, calendar)

    def say(self, moment: str = "") -> str:
        """« 15 jours francs avant le premier jour des vacances »."""
        clear = "franc" if self.n == 1 else "francs"
        return _say_long(f"{self.n} {self.counting.say(self.n)} {clear}", moment, self.of)


class Span(Enum):
    """What is longer than a day; the value is its name, one and several."""

    WEEK = ("une semaine", "semaines")
    MONTH = ("un mois", "mois")


@dataclass(frozen=True, slots=True)
class SpanBefore(RelativeDay):
    """The same weekday some weeks before, the same day of the month some months before."""

    n: int
    span: Span

    def __post_init__(self) -> None:
        if not 1 <= self.n <= 52:
            raise RuleError(f"{self.span.name.lower()}s_before({self.n}): write 1 to 52")

    def shift(self, start: date, calendar: SchoolCalendar) -> date:
        """The day meant; the last day of a month too short for it."""
        if self.span is Span.WEEK:
            return start - timedelta(weeks=self.n)
        return in_month(start, start.day, after=-self.n)

    def say(self, moment: str = "") -> str:
        """« un mois avant », « 4 semaines avant le premier jour des vacances »."""
        one, several = self.span.value
        return _say_long(one if self.n == 1 else f"{self.n} {several}", moment, self.of)


@dataclass(frozen=True, slots=True)
class WeekdayOfWeek(RelativeDay):
    """A weekday of the same week, or of a week before it; weeks run from Monday to Sunday."""

    weekday: int
    weeks: int

    def __post_init__(self) -> None:
        _refuse_weekday(self.weekday)
        if not 0 <= self.weeks <= 52:
            raise RuleError(f"weekday_of_week_before(weeks={self.weeks}): write 1 to 52")

    def shift(self, start: date, calendar: SchoolCalendar) -> date:
        """The weekday in its week, whatever the weekday of the service, Sunday included."""
        return start + timedelta(days=self.weekday - start.isoweekday(), weeks=-self.weeks)

    def say(self, moment: str = "") -> str:
        """« le jeudi de la semaine précédente », « le lundi de la semaine du premier jour des vacances »."""
        return join(f"le {say_weekday(self.weekday)}", moment, self._week())

    def _week(self) -> str:
        if self.weeks == 0:
            return "de la même semaine" if self.of is SAME_DAY else f"de la semaine {say_of_the(self.of.say())}"
        rank = "" if self.weeks == 1 else f"{self.weeks}e "
        if self.of is SAME_DAY:
            return f"de la {rank}semaine précédente"
        return f"de la {rank}semaine avant celle {say_of_the(self.of.say())}"


@dataclass(frozen=True, slots=True)
class PreviousWeekday(RelativeDay):
    """The last such weekday strictly before: one to seven days earlier."""

    weekday: int

    def __post_init__(self) -> None:
        _refuse_weekday(self.weekday)

    def shift(self, start: date, calendar: SchoolCalendar) -> date:
        """The weekday meant; from that weekday itself, the one of seven days before."""
        return start - timedelta(days=(start.isoweekday() - self.weekday - 1) % 7 + 1)

    def say(self, moment: str = "") -> str:
        """« le lundi précédent », « le lundi avant le premier jour des vacances »."""
        name = f"le {say_weekday(self.weekday)}"
        return _say(self.of, moment, f"{name} précédent", f"{name} avant {self.of.say()}")


@dataclass(frozen=True, slots=True)
class DayOfMonth(RelativeDay):
    """A day of the same month, or of a month before it; the last day of a month too short for it."""

    number: int
    months: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 31:
            raise RuleError(f"day_of_month_before({self.number}): write a day from 1 to 31")
        if not 0 <= self.months <= 12:
            raise RuleError(f"day_of_month_before(months={self.months}): write 1 to 12 months")

    def shift(self, start: date, calendar: SchoolCalendar) -> date:
        """The day meant, the same for every service of a month."""
        return in_month(start, self.number, after=-self.months)

    def say(self, moment: str = "") -> str:
        """« le 20 du mois précédent », « le dernier jour du mois » for a 31st."""
        day = {1: "le 1er", 31: "le dernier jour"}.get(self.number, f"le {self.number}")
        rank, anchor = "" if self.months <= 1 else f"{self.months}e ", say_of_the(self.of.say())
        if self.months == 0:
            return _say(self.of, moment, f"{day} du même mois", f"{day} du mois {anchor}")
        return _say(self.of, moment, f"{day} du {rank}mois précédent", f"{day} du {rank}mois avant celui {anchor}")


def days_before(n: int, counting: DayCount, of: Day = SAME_DAY) -> DaysBefore:
    """The n-th day before: « la veille » is 1; the author says which days count.

    « Avant le 20 », when it means that the 19th is the last day, is the eve of the 20th:
    ``days_before(1, CALENDAR_DAYS, of=day_of_month_before(20))``.
    """
    return DaysBefore(n, counting, of=of)


def clear_days_before(n: int, counting: DayCount, of: Day = SAME_DAY) -> ClearDaysBefore:
    """« n jours francs avant »: n whole days lie between, so it is the (n + 1)-th day before."""
    return ClearDaysBefore(n, counting, of=of)


def weeks_before(n: int, of: Day = SAME_DAY) -> SpanBefore:
    """« 4 semaines avant », to the day."""
    return SpanBefore(n, Span.WEEK, of=of)


def months_before(n: int, of: Day = SAME_DAY) -> SpanBefore:
    """« Un mois avant », to the day: 20 September for 20 October, 28 February for 31 March."""
    return SpanBefore(n, Span.MONTH, of=of)


def weekday_of_week_before(weekday: int, weeks: int = 1, of: Day = SAME_DAY) -> WeekdayOfWeek:
    """« Le jeudi de la semaine précédente » is ``weekday_of_week_before(THURSDAY)``."""
    if weeks < 1:
        raise RuleError(f"weekday_of_week_before(weeks={weeks}): write 1 to 52, or use previous_weekday")
    return WeekdayOfWeek(weekday, weeks, of=of)


def weekday_of_week(weekday: int, of: Day = SAME_DAY) -> WeekdayOfWeek:
    """« Le lundi de la semaine du repas » is ``weekday_of_week(MONDAY)``; it may be the day itself, or after it."""
    return WeekdayOfWeek(weekday, 0, of=of)


def previous_weekday(weekday: int, of: Day = SAME_DAY) -> PreviousWeekday:
    """« Le lundi précédent », which may be in the week of the service: ``previous_weekday(MONDAY)``."""
    return PreviousWeekday(weekday, of=of)


def day_of_month_before(number: int, months: int = 1, of: Day = SAME_DAY) -> DayOfMonth:
    """« Le 20 du mois précédent » is ``day_of_month_before(20)``; 31 is the last day, whatever the month."""
    if months < 1:
        raise RuleError(f"day_of_month_before(months={months}): write 1 to 12 months, or use day_of_month")
    return DayOfMonth(number, months, of=of)


def day_of_month(number: int, of: Day = SAME_DAY) -> DayOfMonth:
    """« Le 1er du mois » is ``day_of_month(1)``; it may be the day itself, or after it."""
    return DayOfMonth(number, 0, of=of)


def join(*parts: str) -> str:
    """The parts that say something, with a space in between."""
    return " ".join(part for part in parts if part)


def _nth_before(n: int, counting: DayCount, start: date, calendar: SchoolCalendar) -> date:
    first = min(start, calendar.horizon + ONE_DAY) if counting is SCHOOL_DAYS else start
    day, left = first, n
    while left:
        day -= ONE_DAY
        if first - day > LONGEST_SEARCH:
            raise RuleError(
                f"{n} {counting.say(n)} before {say_date(start)}: the calendar knows no such day, write it from an "
                "earlier one"
            )
        left -= counting.counts(day, calendar)
    return day


def _say(of: Day, moment: str, alone: str, beside: str) -> str:
    """« la veille à 10 h » for the day of the service, « la veille du premier jour des vacances à 10 h » otherwise.

    What a table, or a day that moves, adds between brackets comes last: « la veille du jour prévu à 10 h (…) ».
    """
    at = f"à {moment}" if moment else ""
    if of is SAME_DAY or isinstance(of, RelativeDay):
        return join(alone if of is SAME_DAY else beside, at)
    said, bracket, added = beside.partition(" (")
    return f"{join(said, at)}{bracket}{added}"


def _say_long(length: str, moment: str, of: Day) -> str:
    before = f"{length} avant," if of is SAME_DAY and moment else f"{length} avant"
    return join(before, "" if of is SAME_DAY else of.say(), "à" if moment else "", moment)


def _refuse_weekday(weekday: int) -> None:
    if not 1 <= weekday <= 7:
        raise RuleError(f"weekday {weekday}: write MONDAY to SUNDAY (1 to 7)")
