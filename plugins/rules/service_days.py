"""Which days of service a rule is for: weekdays, months, dates, holidays, days beside a public holiday."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from plugins.rules.calendar import DayKind, SchoolCalendar
from plugins.rules.days import Day
from plugins.rules.errors import RuleError
from plugins.rules.french import MONTHS, say_date, say_list, say_span, say_weekday
from plugins.rules.frozen import freeze


class ServiceDays(ABC):
    """Days of service, told apart from the others."""

    __slots__ = ()

    @abstractmethod
    def holds(self, service_day: date, calendar: SchoolCalendar) -> bool:
        """True when ``service_day`` is one of them."""

    def within(self, others: Sequence["ServiceDays"]) -> bool:
        """True when each of these days is one of the others, as far as can be known without a calendar."""
        return self in others

    @abstractmethod
    def say(self) -> str:
        """The days in French: « le lundi et le mardi », « en juillet et août »."""


@dataclass(frozen=True, slots=True)
class OnWeekdays(ServiceDays):
    """Some days of the week."""

    weekdays: frozenset[int]

    def __post_init__(self) -> None:
        freeze(self, "weekdays")
        if not self.weekdays or not self.weekdays <= set(range(1, 8)):
            raise RuleError(f"weekdays {sorted(self.weekdays)}: write some of MONDAY to SUNDAY (1 to 7)")

    def holds(self, service_day: date, calendar: SchoolCalendar) -> bool:
        """True on these weekdays."""
        return service_day.isoweekday() in self.weekdays

    def within(self, others: Sequence[ServiceDays]) -> bool:
        """True when the others have each of these weekdays."""
        return self.weekdays <= frozenset().union(
            *(other.weekdays for other in others if isinstance(other, OnWeekdays))
        )

    def say(self) -> str:
        """« le lundi et le mardi »."""
        return say_list(f"le {say_weekday(weekday)}" for weekday in sorted(self.weekdays))


@dataclass(frozen=True, slots=True)
class InMonths(ServiceDays):
    """Some months of the year."""

    months: frozenset[int]

    def __post_init__(self) -> None:
        freeze(self, "months")
        if not self.months or not self.months <= set(range(1, 13)):
            raise RuleError(f"months {sorted(self.months)}: write some of 1 to 12")

    def holds(self, service_day: date, calendar: SchoolCalendar) -> bool:
        """True in these months."""
        return service_day.month in self.months

    def within(self, others: Sequence[ServiceDays]) -> bool:
        """True when the others have each of these months."""
        return self.months <= frozenset().union(*(other.months for other in others if isinstance(other, InMonths)))

    def say(self) -> str:
        """« en juillet et août »."""
        return f"en {say_list(MONTHS[month - 1] for month in sorted(self.months))}"


@dataclass(frozen=True, slots=True)
class BetweenDates(ServiceDays):
    """From a date to another, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise RuleError(f"period from {say_date(self.first)} to {say_date(self.last)}: swap the two dates")

    def holds(self, service_day: date, calendar: SchoolCalendar) -> bool:
        """True from the first to the last day."""
        return self.first <= service_day <= self.last

    def within(self, others: Sequence[ServiceDays]) -> bool:
        """True when one of the others begins no later and ends no earlier."""
        periods = (other for other in others if isinstance(other, BetweenDates))
        return any(other.first <= self.first and self.last <= other.last for other in periods)

    def say(self) -> str:
        """« du lundi 2 septembre 2019 au vendredi 18 octobre 2019 »."""
        return say_span(self.first, self.last)


@dataclass(frozen=True, slots=True)
class InHolidays(ServiceDays):
    """School holidays of a name, as the calendar names them, week-ends and public holidays within included."""

    label: str

    def __post_init__(self) -> None:
        if not self.label.strip():
            raise RuleError("in_holidays(''): write the name of the holidays, as « Vacances de la Toussaint »")

    def holds(self, service_day: date, calendar: SchoolCalendar) -> bool:
        """True in these holidays, every year."""
        holiday = calendar.holiday_on(service_day)
        return holiday is not None and holiday.label == self.label

    def say(self) -> str:
        """« pendant les vacances de la Toussaint »."""
        return f"pendant les {self.label[:1].lower()}{self.label[1:]}"


@dataclass(frozen=True, slots=True)
class WhenPublicHoliday(ServiceDays):
    """The days for which another day, reached from them, is a public holiday."""

    day: Day

    def holds(self, service_day: date, calendar: SchoolCalendar) -> bool:
        """True when the day reached is a public holiday."""
        reached = self.day.reach(service_day, calendar)
        return reached is not None and calendar.is_public_holiday(reached)

    def say(self) -> str:
        """« quand le lundi de la même semaine est férié »."""
        return f"quand {self.day.say()} est férié"


@dataclass(frozen=True, slots=True)
class WhenItIs(ServiceDays):
    """The days that are themselves the day reached from them."""

    day: Day

    def holds(self, service_day: date, calendar: SchoolCalendar) -> bool:
        """True when the day reached is the day of the service."""
        return self.day.reach(service_day, calendar) == service_day

    def say(self) -> str:
        """« quand c'est le premier jour de classe de la période »."""
        return f"quand c'est {self.day.say()}"


@dataclass(frozen=True, slots=True)
class OfKind(ServiceDays):
    """Days that the calendar takes for a kind: class, Wednesday, holidays."""

    kind: DayKind

    def holds(self, service_day: date, calendar: SchoolCalendar) -> bool:
        """True for days of that kind."""
        return calendar.day(service_day).kind is self.kind

    def say(self) -> str:
        """« les jours de classe »."""
        return KINDS[self.kind]


KINDS = {
    DayKind.SCHOOL: "les jours de classe",
    DayKind.WEDNESDAY: "les jours sans classe hors vacances",
    DayKind.HOLIDAY: "pendant les vacances",
    DayKind.WEEKEND: "le week-end",
    DayKind.PUBLIC_HOLIDAY: "les jours fériés",
    DayKind.CLOSED: "les jours de fermeture",
    DayKind.UNKNOWN: "après la fin du calendrier officiel",
}


@dataclass(frozen=True, slots=True)
class AllOf(ServiceDays):
    """Days that are each of several things."""

    conditions: tuple[ServiceDays, ...]

    def __post_init__(self) -> None:
        freeze(self, "conditions")
        if len(self.conditions) < 2:
            raise RuleError(f"all_of() {len(self.conditions)} condition: write at least two")

    def holds(self, service_day: date, calendar: SchoolCalendar) -> bool:
        """True when every condition is."""
        return all(condition.holds(service_day, calendar) for condition in self.conditions)

    def within(self, others: Sequence[ServiceDays]) -> bool:
        """True when one condition is enough to be among the others, or when another asks for less of the same."""
        if any(condition.within(others) for condition in self.conditions):
            return True
        wider = (other for other in others if isinstance(other, AllOf))
        return any(all(self.within([condition]) for condition in other.conditions) for other in wider)

    def say(self) -> str:
        """« le jeudi, quand le lundi de la même semaine est férié »."""
        return ", ".join(condition.say() for condition in self.conditions)


def on_weekdays(*weekdays: int) -> OnWeekdays:
    """``on_weekdays(MONDAY, TUESDAY)``."""
    return OnWeekdays(frozenset(weekdays))


def in_months(*months: int) -> InMonths:
    """``in_months(7, 8)``: July and August."""
    return InMonths(frozenset(months))


def between(first: date, last: date) -> BetweenDates:
    """From a date to another, both included."""
    return BetweenDates(first, last)


def in_holidays(label: str) -> InHolidays:
    """``in_holidays("Vacances de Noël")``: named as the official calendar, or the commune's own, does."""
    return InHolidays(label)


def of_kind(kind: DayKind) -> OfKind:
    """``of_kind(DayKind.HOLIDAY)``."""
    return OfKind(kind)


def when_public_holiday(day: Day) -> WhenPublicHoliday:
    """``when_public_holiday(weekday_of_week(MONDAY))``: the weeks whose Monday is a public holiday."""
    return WhenPublicHoliday(day)


def when_it_is(day: Day) -> WhenItIs:
    """``when_it_is(first_class_day())``: the day of the rentrée, after each holidays."""
    return WhenItIs(day)


def all_of(*conditions: ServiceDays) -> AllOf:
    """Every condition at once: ``all_of(on_weekdays(THURSDAY), in_months(7, 8))``."""
    return AllOf(conditions)
