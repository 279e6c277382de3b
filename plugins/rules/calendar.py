"""What each day is for a commune's schools: class, Wednesday, holidays, public holiday, closed.

School holidays come from the Education ministry's open data (``vacances-scolaires-france``), public holidays are
computed (``jours-feries-france``). Past the last published summer nothing is known, and the calendar says so.
Corsica and overseas have no zone: the commune writes the holidays of its academy, and until when they are known.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from itertools import groupby, pairwise
from typing import NamedTuple, Self, get_args

from plugins.rules.errors import RuleError
from plugins.rules.french import say_date
from plugins.rules.frozen import freeze
from plugins.rules.official_days import Region, Zone, public_holidays, school_holidays

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(1, 8)
ONE_DAY = timedelta(days=1)


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

    @property
    def ends_a_period(self) -> bool:
        """True for holidays of a week or more: shorter ones (a bridge) do not part the school year in two."""
        return self.last - self.first >= timedelta(days=6)


class SchoolPeriod(NamedTuple):
    """The days between two holidays, « de vacances à vacances », both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class OwnHolidays:
    """The holidays of an academy that has no zone (Corsica, overseas), written by the commune, in order.

    Nothing is known before ``first`` nor after ``last``: services are not opened there.
    """

    first: date
    last: date
    holidays: tuple[Holiday, ...]

    def __post_init__(self) -> None:
        freeze(self, "holidays")
        _refuse_backwards("OwnHolidays", self.first, self.last)
        _refuse_overlaps("OwnHolidays", self.holidays)
        for holiday in self.holidays:
            if holiday.first < self.first or self.last < holiday.last:
                raise RuleError(
                    f"OwnHolidays « {holiday.label} » is not between {say_date(self.first)} and {say_date(self.last)}: "
                    "nothing is known there; correct « first » and « last », or the holiday"
                )


@dataclass(frozen=True, slots=True)
class AlternatingWeeks:
    """Days with class that change from one week to the next; ``monday`` starts a week A, holidays count as weeks."""

    week_a: frozenset[int]
    week_b: frozenset[int]
    monday: date

    def __post_init__(self) -> None:
        freeze(self, "week_a", "week_b")
        _refuse_weekdays(self.week_a)
        _refuse_weekdays(self.week_b)
        if self.monday.isoweekday() != MONDAY:
            raise RuleError(f"AlternatingWeeks from {say_date(self.monday)}: write the Monday of a week A")

    def on(self, day: date) -> frozenset[int]:
        """The days with class of the week of ``day``."""
        return self.week_b if (day - self.monday).days // 7 % 2 else self.week_a


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """The calendar of a commune: its zone, its school week, its public holidays, and the days it decides itself.

    ``closings`` close the services; ``opened`` are days with class in spite of everything else (a Wednesday that
    makes up for a bridge); ``extra_holidays`` are days without class that the official calendar does not have.
    """

    zone: Zone | OwnHolidays
    school_weekdays: frozenset[int] | AlternatingWeeks = SCHOOL_WEEK
    closings: tuple[Closing, ...] = ()
    opened: frozenset[date] = frozenset()
    extra_holidays: tuple[Holiday, ...] = ()
    region: Region = "Métropole"
    _known: dict[date, CalendarDay] = field(init=False, repr=False, compare=False, default_factory=dict)
    _holidays: dict[date, Holiday] = field(init=False, repr=False, compare=False, default_factory=dict)
    _periods: dict[date, SchoolPeriod] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        freeze(self, "school_weekdays", "closings", "opened", "extra_holidays")
        if not isinstance(self.zone, OwnHolidays) and self.zone not in get_args(Zone):
            raise RuleError(f"SchoolCalendar zone {self.zone!r}: write one of A, B or C, or OwnHolidays")
        if self.region not in get_args(Region):
            raise RuleError(f"SchoolCalendar region {self.region!r}: write one of {', '.join(get_args(Region))}")
        if not isinstance(self.school_weekdays, AlternatingWeeks):
            _refuse_weekdays(self.school_weekdays)
        _refuse_overlaps("SchoolCalendar extra_holidays", self.extra_holidays)
        _refuse_overlaps("SchoolCalendar closings", self.closings)
        for day in sorted(self.opened):
            if any(closing.first <= day <= closing.last for closing in self.closings):
                raise RuleError(f"SchoolCalendar opened {say_date(day)}: a closing closes it; cut the closing in two")

    @property
    def first_known(self) -> date:
        """The first day of the official calendar: earlier days are UNKNOWN."""
        return self.zone.first if isinstance(self.zone, OwnHolidays) else school_holidays(self.zone).first

    @property
    def horizon(self) -> date:
        """The last day of the official calendar: later days are UNKNOWN."""
        return self.zone.last if isinstance(self.zone, OwnHolidays) else school_holidays(self.zone).last

    @property
    def holiday_names(self) -> frozenset[str]:
        """The names of all the holidays that are known, the commune's own included."""
        own = self.zone.holidays if isinstance(self.zone, OwnHolidays) else ()
        official = () if isinstance(self.zone, OwnHolidays) else school_holidays(self.zone).names.values()
        return frozenset(official).union(holiday.label for holiday in self.extra_holidays + own)

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
        return tuple(self.day(day) for day in _days(first, last))

    def holidays(self, first: date, last: date) -> tuple[Holiday, ...]:
        """The school holidays between two days, both included, cut at these days; consecutive days are one holiday."""
        named = ((self._holiday_name(day), day) for day in _days(first, last))
        runs = ((name, [day for _, day in run]) for name, run in groupby(named, key=lambda pair: pair[0]))
        return tuple(Holiday(name, days[0], days[-1]) for name, days in runs if name is not None)

    def holiday_on(self, day: date) -> Holiday | None:
        """The whole school holidays that a day is in, official first and last day, week-ends included; None in term."""
        if day not in self._holidays and (name := self._holiday_name(day)) is not None:
            first, last = _run(day, lambda near: self._holiday_name(near) == name)
            self._holidays.update(dict.fromkeys(_days(first, last), Holiday(name, first, last)))
        return self._holidays.get(day)

    def period_on(self, day: date) -> SchoolPeriod | None:
        """The days between the holidays before and after a day; None in these holidays, or where nothing is known."""
        if day not in self._periods and self._is_in_a_period(day):
            first, last = _run(day, self._is_in_a_period)
            self._periods.update(dict.fromkeys(_days(first, last), SchoolPeriod(first, last)))
        return self._periods.get(day)

    def is_public_holiday(self, day: date) -> bool:
        """True for a « jour férié » of the region; known for every year, past the horizon too."""
        return day in public_holidays(day.year, self.region)

    def is_school_day(self, day: date) -> bool:
        """True when there is class that day."""
        return self.day(day).kind is DayKind.SCHOOL

    def is_working_day(self, day: date) -> bool:
        """True for a « jour ouvré »: Monday to Friday, public holidays excepted; closings do not matter."""
        return day.isoweekday() <= FRIDAY and not self.is_public_holiday(day)

    def _kind(self, day: date) -> tuple[DayKind, str | None]:
        if not self.first_known <= day <= self.horizon:
            return DayKind.UNKNOWN, None
        if day in self.opened:
            return DayKind.SCHOOL, None
        for closing in self.closings:
            if closing.first <= day <= closing.last:
                return DayKind.CLOSED, closing.label
        if (public := public_holidays(day.year, self.region).get(day)) is not None:
            return DayKind.PUBLIC_HOLIDAY, public
        return self._ordinary_kind(day)

    def _ordinary_kind(self, day: date) -> tuple[DayKind, str | None]:
        weekday, holiday = day.isoweekday(), self._holiday_name(day)
        if holiday is not None:
            return (DayKind.HOLIDAY if weekday <= FRIDAY else DayKind.WEEKEND), holiday
        week = self.school_weekdays
        if weekday in (week.on(day) if isinstance(week, AlternatingWeeks) else week):
            return DayKind.SCHOOL, None
        return (DayKind.WEDNESDAY if weekday <= FRIDAY else DayKind.WEEKEND), None

    def _holiday_name(self, day: date) -> str | None:
        own = self.zone.holidays if isinstance(self.zone, OwnHolidays) else ()
        by_hand = (holiday.label for holiday in self.extra_holidays + own if holiday.first <= day <= holiday.last)
        official = None if isinstance(self.zone, OwnHolidays) else school_holidays(self.zone).names.get(day)
        return next(by_hand, None) or official

    def _is_in_a_period(self, day: date) -> bool:
        holiday = self.holiday_on(day)
        return self.first_known <= day <= self.horizon and not (holiday and holiday.ends_a_period)


def monday_of(day: date) -> date:
    """The Monday of the week of a day; weeks run from Monday to Sunday."""
    return day - timedelta(days=day.weekday())


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _run(day: date, belongs: Callable[[date], bool]) -> tuple[date, date]:
    """The first and the last of the consecutive days around ``day`` that belong together."""
    first = last = day
    while belongs(first - ONE_DAY):
        first -= ONE_DAY
    while belongs(last + ONE_DAY):
        last += ONE_DAY
    return first, last


def _refuse_weekdays(weekdays: frozenset[int]) -> None:
    if not weekdays or not weekdays <= set(range(1, 8)):
        raise RuleError(f"SchoolCalendar school_weekdays {set(weekdays)}: write days from 1 to 7")


def _refuse_backwards(what: str, first: date, last: date) -> None:
    if last < first:
        raise RuleError(f"{what} ends on {say_date(last)} before it starts on {say_date(first)}: swap the two dates")


def _refuse_overlaps(what: str, spans: Sequence[Closing | Holiday]) -> None:
    for span, following in pairwise(sorted(spans, key=lambda span: span.first)):
        if following.first <= span.last:
            raise RuleError(
                f"{what}: « {following.label} » starts on {say_date(following.first)}, before « {span.label} » ends on "
                f"{say_date(span.last)}: give every day one name"
            )
