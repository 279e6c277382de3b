"""The least a family books at once: whole weeks, so many days a week, so many days of the holidays."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from plugins.rules.calendar import FRIDAY, ONE_DAY, SchoolCalendar, monday_of
from plugins.rules.errors import RuleError
from plugins.rules.french import say_date, say_list
from plugins.rules.quotas import QuotaSpan


@dataclass(frozen=True, slots=True)
class WholeWeeks:
    """A week is booked whole or not at all."""

    def span(self, day: date, calendar: SchoolCalendar) -> tuple[date, date]:
        """The days, first and last included, that count together with ``day``: its week."""
        return _week(day)

    def broken_by(self, booked: Collection[date], open_days: Collection[date], calendar: SchoolCalendar) -> str | None:
        """Why these days cannot be booked, in French; ``open_days`` are all those on which the service opens."""
        for monday in _mondays(booked):
            missing = [day for day in sorted(open_days) if monday_of(day) == monday and day not in booked]
            if missing:
                return f"La semaine du {say_date(monday)} se réserve entière : il manque {_days(missing)}."
        return None

    def say(self) -> str:
        """« la semaine entière »."""
        return "la semaine entière"


@dataclass(frozen=True, slots=True)
class DaysAWeek:
    """At least so many days of each week that is booked; ``with_public_holiday`` when one falls Monday to Friday."""

    days: int
    with_public_holiday: int

    def __post_init__(self) -> None:
        if not 1 <= self.with_public_holiday <= self.days <= 5:
            raise RuleError(
                f"DaysAWeek({self.days}, with_public_holiday={self.with_public_holiday}): write 1 to 5 days, "
                "and no more in a week with a public holiday"
            )

    def span(self, day: date, calendar: SchoolCalendar) -> tuple[date, date]:
        """The days, first and last included, that count together with ``day``: its week."""
        return _week(day)

    def broken_by(self, booked: Collection[date], open_days: Collection[date], calendar: SchoolCalendar) -> str | None:
        """Why these days cannot be booked, in French; a week that opens fewer days is booked whole."""
        for monday in _mondays(booked):
            open_then = sum(monday_of(day) == monday for day in set(open_days))
            wanted = min(self.with_public_holiday if _has_public_holiday(monday, calendar) else self.days, open_then)
            taken = sum(monday_of(day) == monday for day in set(booked))
            if taken < wanted:
                return f"Semaine du {say_date(monday)} : {_count(wanted)} au moins, {taken} réservé{'s'[: taken > 1]}."
        return None

    def say(self) -> str:
        """« 3 jours par semaine (2 s'il y a un jour férié) »."""
        shorter = self.with_public_holiday < self.days
        exception = f" ({self.with_public_holiday} s'il y a un jour férié)" if shorter else ""
        return f"{_count(self.days)} par semaine{exception}"


@dataclass(frozen=True, slots=True)
class DaysAPeriod:
    """At least so many days of the period that ``open_days`` covers."""

    days: int

    def __post_init__(self) -> None:
        if not 1 <= self.days <= 60:
            raise RuleError(f"DaysAPeriod({self.days}): write 1 to 60 days")

    def span(self, day: date, calendar: SchoolCalendar) -> tuple[date, date]:
        """The days, first and last included, that count together with ``day``: its holidays, or the term it is in."""
        return QuotaSpan.SCHOOL_PERIOD.around(day, calendar)

    def broken_by(self, booked: Collection[date], open_days: Collection[date], calendar: SchoolCalendar) -> str | None:
        """Why these days cannot be booked, in French; a period that opens fewer days is booked whole."""
        wanted, taken = min(self.days, len(set(open_days))), len(set(booked))
        if 0 < taken < wanted:
            return f"Période : {_count(wanted)} au moins, {taken} réservé{'s'[: taken > 1]}."
        return None

    def say(self) -> str:
        """« 3 jours par période »."""
        return f"{_count(self.days)} par période"


Block = WholeWeeks | DaysAWeek | DaysAPeriod


def _week(day: date) -> tuple[date, date]:
    monday = monday_of(day)
    return monday, monday + 6 * ONE_DAY


def _mondays(days: Collection[date]) -> Iterator[date]:
    yield from sorted({monday_of(day) for day in days})


def _has_public_holiday(monday: date, calendar: SchoolCalendar) -> bool:
    return any(calendar.is_public_holiday(monday + n * ONE_DAY) for n in range(FRIDAY))


def _days(days: list[date]) -> str:
    return say_list(f"le {say_date(day)}" for day in days)


def _count(days: int) -> str:
    return f"{days} jour{'s'[: days > 1]}"
