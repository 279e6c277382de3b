"""Tables that communes print: a day or a deadline by weekday, by period, by holidays, by what is true of the service.

The first line that holds is the answer. A service that no line is for has none: it is never in time, it never opens.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from itertools import pairwise
from typing import Generic, TypeVar

from plugins.rules.calendar import SchoolCalendar
from plugins.rules.days import Day, join
from plugins.rules.deadlines import NEVER, Deadline, LastInstant
from plugins.rules.errors import RuleError
from plugins.rules.french import say_date
from plugins.rules.service_days import BetweenDates, InHolidays, OnWeekdays, ServiceDays
from plugins.rules.versions import Versions

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Line(Generic[T]):
    """What holds for some days of service."""

    services: ServiceDays
    answer: T


@dataclass(frozen=True, slots=True)
class DayTable(Day):
    """A day by line."""

    lines: tuple[Line[Day], ...]

    def __post_init__(self) -> None:
        _refuse_unread(self.lines)

    def reach(self, service_day: date, calendar: SchoolCalendar) -> date | None:
        """The day of the first line that holds; None when no line does."""
        line = _line(self.lines, service_day, calendar)
        return line.answer.reach(service_day, calendar) if line else None

    def chosen(self, service_day: date, calendar: SchoolCalendar) -> Day:
        """The day of the first line that holds, alone; the whole table when no line does."""
        line = _line(self.lines, service_day, calendar)
        return line.answer.chosen(service_day, calendar) if line else self

    def say(self, moment: str = "") -> str:
        """« le jour prévu à 18 h (pendant les vacances de Noël : le 2 décembre de l'année scolaire ; …) »."""
        said = " ; ".join(f"{line.services.say()} : {line.answer.say()}" for line in self.lines)
        return join("le jour prévu", "à" if moment else "", moment, f"({said})")


@dataclass(frozen=True, slots=True)
class DeadlineTable(Deadline):
    """A deadline by line, and the one for services that no line is for."""

    lines: tuple[Line[Deadline], ...]
    otherwise: Deadline = NEVER

    def __post_init__(self) -> None:
        _refuse_unread(self.lines)

    def instant(self, day: date, calendar: SchoolCalendar, tz: tzinfo) -> LastInstant:
        """The instant of the first line that holds."""
        line = _line(self.lines, day, calendar)
        return (line.answer if line else self.otherwise).instant(day, calendar, tz)

    def say(self) -> str:
        """« le lundi et le mardi : le vendredi précédent avant 9 h ; les autres jours : jamais »."""
        said = [f"{line.services.say()} : {line.answer.say()}" for line in self.lines]
        return " ; ".join([*said, f"les autres jours : {self.otherwise.say()}"])


@dataclass(frozen=True, slots=True)
class DatedDeadline(Deadline):
    """A deadline that changes on a date: the day of the service tells which one holds."""

    deadlines: Versions[Deadline]

    def instant(self, day: date, calendar: SchoolCalendar, tz: tzinfo) -> LastInstant:
        """The instant, by the deadline in force on the day of the service."""
        return self.deadlines.on(day).instant(day, calendar, tz)

    def say(self) -> str:
        """« jusqu'au dimanche 31 août 2025 : … ; à partir du lundi 1er septembre 2025 : … »."""
        return self.deadlines.say(lambda deadline: deadline.say())


def by_weekday(deadlines: Mapping[int, Deadline], otherwise: Deadline = NEVER) -> DeadlineTable:
    """A deadline by weekday of the service; a weekday that is not written is ``otherwise``, never unless said so."""
    weekdays: dict[Deadline, list[int]] = {}
    for weekday, deadline in deadlines.items():
        weekdays.setdefault(deadline, []).append(weekday)
    lines = (Line(OnWeekdays(frozenset(days)), deadline) for deadline, days in weekdays.items())
    return DeadlineTable(tuple(lines), otherwise)


def by_case(*lines: tuple[ServiceDays, Deadline], otherwise: Deadline) -> DeadlineTable:
    """A deadline by what is true of the service; the first line that holds is the answer, so exceptions come first."""
    return DeadlineTable(tuple(Line(*line) for line in lines), otherwise)


def by_period(*periods: tuple[date, date, Day]) -> DayTable:
    """A day by period of service: first day, last day, and the day. None outside; periods that overlap are refused."""
    spans = sorted((BetweenDates(first, last) for first, last, _ in periods), key=lambda span: span.first)
    for span, following in pairwise(spans):
        if following.first <= span.last:
            raise RuleError(
                f"by_period: {say_date(following.first)} is in two periods, the first one {span.say()}: give it one"
            )
    return DayTable(tuple(Line(BetweenDates(first, last), day) for first, last, day in periods))


def by_holidays(days: Mapping[str, Day]) -> DayTable:
    """A day by name of the school holidays, as the calendar names them: « Vacances de Noël ». None in term."""
    return DayTable(tuple(Line(InHolidays(label), day) for label, day in days.items()))


def dated(first: Deadline, *later: tuple[date, Deadline]) -> DatedDeadline:
    """``dated(old, (date(2025, 9, 1), new))``: services until 31 August 2025 keep the old deadline."""
    return DatedDeadline(Versions(first, later))


def _line(lines: tuple[Line[T], ...], service_day: date, calendar: SchoolCalendar) -> Line[T] | None:
    return next((line for line in lines if line.services.holds(service_day, calendar)), None)


def _refuse_unread(lines: tuple[Line[Day], ...] | tuple[Line[Deadline], ...]) -> None:
    """Refuse a line whose days all have their answer in the lines before it, as far as can be known from the rules."""
    if not lines:
        raise RuleError("a table without a line: write at least one")
    seen: list[ServiceDays] = []
    for line in lines:
        if line.services in seen:
            raise RuleError(f"two lines of a table are for the same services ({line.services.say()}): keep one")
        if line.services.within(seen):
            raise RuleError(
                f"the line of a table for « {line.services.say()} » is never read, lines before it are for the same "
                "days: write it first, or remove it"
            )
        seen.append(line.services)
