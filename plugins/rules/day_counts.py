"""Which days count when days are counted: all of them, working days, days of class, the opening days of an office."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Protocol, assert_never

from plugins.rules.calendar import FRIDAY, SATURDAY, DayKind, SchoolCalendar
from plugins.rules.errors import RuleError
from plugins.rules.frozen import freeze


class DayCount(Protocol):
    """A way to count days."""

    def counts(self, day: date, calendar: SchoolCalendar) -> bool:
        """True when ``day`` is one of the days counted."""

    def say(self, n: int) -> str:
        """What is counted, in French, in the number that ``n`` asks for: « jour ouvré », « jours ouvrés »."""


class UsualDays(Enum):
    """The days that communes count by; the value is their name, one and several."""

    CALENDAR = ("jour", "jours")
    WORKING = ("jour ouvré", "jours ouvrés")  # Monday to Friday, public holidays excepted
    OPEN = ("jour d'ouverture", "jours d'ouverture")  # working days, the commune's own closings excepted
    BUSINESS = ("jour ouvrable", "jours ouvrables")  # Monday to Saturday, public holidays excepted
    MONDAY_TO_FRIDAY = ("jour de semaine", "jours de semaine")  # public holidays included
    SCHOOL = ("jour d'école", "jours d'école")

    def counts(self, day: date, calendar: SchoolCalendar) -> bool:
        """True when ``day`` is one of the days counted."""
        match self:
            case UsualDays.SCHOOL:
                return calendar.is_school_day(day)
            case UsualDays.WORKING:
                return calendar.is_working_day(day)
            case UsualDays.OPEN:
                return calendar.is_working_day(day) and calendar.day(day).kind is not DayKind.CLOSED
            case UsualDays.CALENDAR:
                return True
            case UsualDays.BUSINESS:
                return day.isoweekday() <= SATURDAY and not calendar.is_public_holiday(day)
            case UsualDays.MONDAY_TO_FRIDAY:
                return day.isoweekday() <= FRIDAY
        assert_never(self)

    def say(self, n: int) -> str:
        """« jour ouvré », « jours ouvrés »."""
        return self.value[n > 1]


CALENDAR_DAYS, WORKING_DAYS, OPEN_DAYS, BUSINESS_DAYS, MONDAY_TO_FRIDAY, SCHOOL_DAYS = UsualDays


@dataclass(frozen=True, slots=True)
class OpeningDays:
    """The days an office is open, whatever the schools do; ``office`` is said with its article: « de la mairie »."""

    office: str
    weekdays: frozenset[int]
    on_public_holidays: bool

    def __post_init__(self) -> None:
        freeze(self, "weekdays")
        if not self.weekdays or not self.weekdays <= set(range(1, 8)):
            raise RuleError(
                f"opening_days of {self.office!r}, {sorted(self.weekdays)}: write days from MONDAY to SUNDAY"
            )
        if not self.office.startswith(("de ", "du ", "des ", "d'")):
            raise RuleError(f"opening_days of {self.office!r}: write « de la mairie », « du service Enfance »")

    def counts(self, day: date, calendar: SchoolCalendar) -> bool:
        """True when the office is open."""
        return day.isoweekday() in self.weekdays and (self.on_public_holidays or not calendar.is_public_holiday(day))

    def say(self, n: int) -> str:
        """« jour d'ouverture de la mairie »."""
        return f"jour{'s' if n > 1 else ''} d'ouverture {self.office}"


def opening_days(office: str, *weekdays: int, on_public_holidays: bool) -> OpeningDays:
    """``opening_days("de la mairie", MONDAY, TUESDAY, on_public_holidays=False)``."""
    return OpeningDays(office, frozenset(weekdays), on_public_holidays)
