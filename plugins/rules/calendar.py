"""What each day is for a commune's schools: class, Wednesday, holidays, public holiday, closed.

School holidays come from the Education ministry's open data (``vacances-scolaires-france``), public holidays are
computed (``jours-feries-france``). Past the last published summer nothing is known, and the calendar says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache
from itertools import groupby
from typing import Literal, Self

from jours_feries_france import JoursFeries
from vacances_scolaires_france import SchoolHolidayDates

from plugins.rules.errors import RuleError
from plugins.rules.french import say_date

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(1, 8)
ONE_DAY = timedelta(days=1)

# Official calendars close schools from Ascension Thursday to Saturday; the open data lacks these years' bridges.
FORGOTTEN_BRIDGES = range(2023, 2027)


@dataclass(frozen=True, slots=True, order=True)
class SchoolYear:
    """The year that starts on 1 September of ``start``."""

    start: int

    def __post_init__(self) -> None:
        if not 1990 <= self.start <= 2100:
            raise RuleError(f"SchoolYear({self.start}): write the four digits of the year of its September")

    @classmethod
    def of(cls, day: date) -> Self:
        """The school year a day belongs to; summer belongs to the year that ends."""
        return cls(day.year if day.month >= 9 else day.year - 1)

    @property
    def label(self) -> str:
        """« 2026-2027 »."""
        return f"{self.start}-{self.start + 1}"

    @property
    def first_day(self) -> date:
        """1 September."""
        return date(self.start, 9, 1)

    @property
    def last_day(self) -> date:
        """31 August."""
        return date(self.start + 1, 8, 31)


class DayKind(Enum):
    """What a day is, for children; each day is exactly one of these."""

    SCHOOL = "SCHOOL"  # class that day
    WEDNESDAY = "WEDNESDAY"  # in term, Monday to Friday, but a day without class in the commune's week
    HOLIDAY = "HOLIDAY"  # school holidays, Monday to Friday
    WEEKEND = "WEEKEND"
    PUBLIC_HOLIDAY = "PUBLIC_HOLIDAY"
    CLOSED = "CLOSED"  # the commune closes its services
    UNKNOWN = "UNKNOWN"  # outside the official calendar


SCHOOL_WEEK = frozenset({MONDAY, TUESDAY, THURSDAY, FRIDAY})
FULL_WEEK = SCHOOL_WEEK | {WEDNESDAY}
IN_CLASS = frozenset({DayKind.SCHOOL})
ON_WEDNESDAYS = frozenset({DayKind.WEDNESDAY})
IN_HOLIDAYS = frozenset({DayKind.HOLIDAY})


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day, what it is, and the name that explains it (« Lundi de Pâques »), if there is one."""

    day: date
    kind: DayKind
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """Days, first and last included, on which the commune closes its services."""

    first: date
    last: date
    label: str

    def __post_init__(self) -> None:
        _refuse_backwards(f"Closing « {self.label} »", self.first, self.last)


@dataclass(frozen=True, slots=True)
class Holiday:
    """School holidays, first and last day included."""

    label: str
    first: date
    last: date

    def __post_init__(self) -> None:
        _refuse_backwards(f"Holiday « {self.label} »", self.first, self.last)


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """The calendar of a commune: its zone, its school week, and the days it decides itself.

    ``closings`` close the services; ``opened`` are days with class in spite of everything else (a Wednesday that
    makes up for a bridge); ``extra_holidays`` are days without class that the official calendar does not have.
    """

    zone: Literal["A", "B", "C"]
    school_weekdays: frozenset[int] = SCHOOL_WEEK
    closings: tuple[Closing, ...] = ()
    opened: frozenset[date] = frozenset()
    extra_holidays: tuple[Holiday, ...] = ()
    _known: dict[date, CalendarDay] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        if self.zone not in ("A", "B", "C"):
            raise RuleError(f"SchoolCalendar zone {self.zone!r}: write one of A, B or C")
        if not self.school_weekdays or not self.school_weekdays <= set(range(1, 8)):
            raise RuleError(f"SchoolCalendar school_weekdays {set(self.school_weekdays)}: write days from 1 to 7")

    @property
    def horizon(self) -> date:
        """The last day of the official calendar: later days are UNKNOWN."""
        return _official(self.zone).last

    def day(self, day: date) -> CalendarDay:
        """What a day is."""
        known = self._known.get(day)
        if known is None:
            known = CalendarDay(day, *self._kind(day))
            if known.kind is not DayKind.UNKNOWN:  # so that what is kept is bounded by the official calendar
                self._known[day] = known
        return known

    def days(self, first: date, last: date) -> tuple[CalendarDay, ...]:
        """Every day from first to last, both included."""
        return tuple(self.day(first + timedelta(days=n)) for n in range((last - first).days + 1))

    def holidays(self, first: date, last: date) -> tuple[Holiday, ...]:
        """The school holidays between two days, both included, cut at these days; consecutive days are one holiday."""
        named = (
            (self._holiday_name(day), day)
            for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
        )
        runs = ((name, [day for _, day in run]) for name, run in groupby(named, key=lambda pair: pair[0]))
        return tuple(Holiday(name, days[0], days[-1]) for name, days in runs if name is not None)

    def is_school_day(self, day: date) -> bool:
        """True when there is class that day."""
        return self.day(day).kind is DayKind.SCHOOL

    def is_working_day(self, day: date) -> bool:
        """True for a « jour ouvré »: Monday to Friday, public holidays excepted; closings do not matter."""
        return day.isoweekday() <= FRIDAY and day not in _public_holidays(day.year)

    def _kind(self, day: date) -> tuple[DayKind, str | None]:
        official = _official(self.zone)
        if not official.first <= day <= official.last:
            return DayKind.UNKNOWN, None
        if day in self.opened:
            return DayKind.SCHOOL, None
        for closing in self.closings:
            if closing.first <= day <= closing.last:
                return DayKind.CLOSED, closing.label
        if (public := _public_holidays(day.year).get(day)) is not None:
            return DayKind.PUBLIC_HOLIDAY, public
        return self._ordinary_kind(day)

    def _ordinary_kind(self, day: date) -> tuple[DayKind, str | None]:
        weekday, holiday = day.isoweekday(), self._holiday_name(day)
        if holiday is not None:
            return (DayKind.HOLIDAY if weekday <= FRIDAY else DayKind.WEEKEND), holiday
        if weekday in self.school_weekdays:
            return DayKind.SCHOOL, None
        return (DayKind.WEDNESDAY if weekday <= FRIDAY else DayKind.WEEKEND), None

    def _holiday_name(self, day: date) -> str | None:
        by_hand = (holiday.label for holiday in self.extra_holidays if holiday.first <= day <= holiday.last)
        return next(by_hand, None) or _official(self.zone).names.get(day)


def _refuse_backwards(what: str, first: date, last: date) -> None:
    if last < first:
        raise RuleError(f"{what} ends on {say_date(last)} before it starts on {say_date(first)}: swap the two dates")


@lru_cache(maxsize=1)
def _ministry() -> SchoolHolidayDates:
    return SchoolHolidayDates()


@dataclass(frozen=True, slots=True)
class _OfficialHolidays:
    names: Mapping[date, str]
    first: date
    last: date


@lru_cache(maxsize=3)
def _official(zone: str) -> _OfficialHolidays:
    ministry = _ministry()
    years = range(ministry.min_year, ministry.max_year + 1)
    names = {
        day: row["nom_vacances"]
        for year in years
        for day, row in ministry.holidays_for_year_and_zone(year, zone).items()
    }
    names |= {bridge: "Pont de l'Ascension" for year in FORGOTTEN_BRIDGES for bridge in _ascension_bridge(year)}
    return _OfficialHolidays(names, min(names), max(names))


def _ascension_bridge(year: int) -> list[date]:
    return [JoursFeries.ascension(year) + n * ONE_DAY for n in range(3)]


@lru_cache(maxsize=256)
def _public_holidays(year: int) -> Mapping[date, str]:
    return {day: name for name, day in JoursFeries.for_year(year).items()}
