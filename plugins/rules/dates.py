"""Days that do not move with the service: a printed date, a day of the school year or of the civil year."""

from dataclasses import dataclass
from datetime import date

from plugins.rules.calendar import SchoolCalendar, SchoolYear
from plugins.rules.days import SAME_DAY, Day, RelativeDay, join
from plugins.rules.errors import RuleError
from plugins.rules.french import say_date, say_day_month, say_of_the
from plugins.rules.months import LAST, in_month

SEPTEMBER = 9
LEAP_YEAR = 2024


@dataclass(frozen=True, slots=True)
class OnDate(Day):
    """A date, the same for every service."""

    day: date

    def reach(self, service_day: date, calendar: SchoolCalendar) -> date:
        """The date."""
        return self.day

    def say(self, moment: str = "") -> str:
        """« le lundi 7 août 2023 à 8 h 30 »."""
        return join(f"le {say_date(self.day)}", "à" if moment else "", moment)


@dataclass(frozen=True, slots=True)
class DayOfYear(RelativeDay):
    """A day and a month, in the year of the service or ``years`` before; ``school`` years run from September."""

    month: int
    number: int
    school: bool
    years: int

    def __post_init__(self) -> None:
        if not 1 <= self.month <= 12 or not 1 <= self.number <= self._in_leap_year(LAST).day:
            raise RuleError(f"day {self.number} of month {self.month}: write a day that exists, as month=6, day=15")
        if not 0 <= self.years <= 5:
            raise RuleError(f"years_before={self.years}: write 0 to 5 years")

    def shift(self, start: date, calendar: SchoolCalendar) -> date:
        """The day meant; 28 February where there is no 29th."""
        first = (SchoolYear.of(start).start if self.school else start.year) - self.years
        year = first + 1 if self.school and self.month < SEPTEMBER else first
        return in_month(date(year, self.month, 1), self.number)

    def say(self, moment: str = "") -> str:
        """« le 15 juin de l'année scolaire », « le 30 avril de l'année civile précédente »."""
        day = say_day_month(self._in_leap_year(self.number))
        before = {0: "", 1: " précédente"}.get(self.years, f", {self.years} ans plus tôt")
        year = f"de l'année {'scolaire' if self.school else 'civile'}{before}"
        beside = "" if self.of is SAME_DAY else say_of_the(self.of.say())
        return join(f"le {day} {year}", beside, "à" if moment else "", moment)

    def _in_leap_year(self, number: int) -> date:
        """A day of the month in a year that has all days."""
        return in_month(date(LEAP_YEAR, self.month, 1), number)


def on(day: date) -> OnDate:
    """A date; ``on(read_date("lundi 7 août 2023"))`` where the commune prints the weekday, which is then checked."""
    return OnDate(day)


def day_of_school_year(month: int, day: int, years_before: int = 0, of: Day = SAME_DAY) -> DayOfYear:
    """« Le 15 juin » of the school year of the service: ``day_of_school_year(month=6, day=15)``; it may be after it."""
    return DayOfYear(month, day, school=True, years=years_before, of=of)


def day_of_civil_year(month: int, day: int, years_before: int = 0, of: Day = SAME_DAY) -> DayOfYear:
    """« Le 30 avril » of the year of the service: ``day_of_civil_year(month=4, day=30)``; it may be after it."""
    return DayOfYear(month, day, school=False, years=years_before, of=of)
