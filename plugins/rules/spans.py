"""How time is cut into what is paid together: days, weeks, months, terms, years."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date, timedelta

from plugins.rules.calendar import monday_of
from plugins.rules.errors import RuleError
from plugins.rules.french import MONTHS, say_date, say_of
from plugins.rules.months import FIRST, LAST, in_month


@dataclass(frozen=True, slots=True)
class Span:
    """Consecutive days, first and last included, their name in French, and their number in the year, from 1."""

    first: date
    last: date
    label: str
    number: int = 1

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def holds(self, day: date) -> bool:
        """True for a day of the span."""
        return self.first <= day <= self.last


class Spans(ABC):
    """A way to cut time: every day belongs to exactly one span."""

    __slots__ = ()

    @property
    @abstractmethod
    def longest(self) -> int:
        """The days of the longest span, to tell which cut is finer."""

    @property
    def a_year(self) -> int:
        """How many spans of different numbers a year has."""
        return 1

    @abstractmethod
    def of(self, day: date) -> Span:
        """The span a day belongs to."""

    @abstractmethod
    def say(self) -> str:
        """« par mois »."""


@dataclass(frozen=True, slots=True)
class Days(Spans):
    """Each day alone."""

    longest = 1

    def of(self, day: date) -> Span:
        """The day."""
        return Span(day, day, f"le {say_date(day)}")

    def say(self) -> str:
        """« par jour »."""
        return "par jour"


@dataclass(frozen=True, slots=True)
class Weeks(Spans):
    """Weeks from Monday to Sunday; one that lies across two months is one week all the same."""

    longest = 7

    def of(self, day: date) -> Span:
        """The week."""
        monday = monday_of(day)
        return Span(monday, monday + timedelta(days=6), f"semaine du {say_date(monday)}")

    def say(self) -> str:
        """« par semaine »."""
        return "par semaine"


@dataclass(frozen=True, slots=True)
class MonthsFrom(Spans):
    """Spans that begin on the first of these months, in the order of the school year: (9, 1, 4) are three terms."""

    starts: tuple[int, ...]
    said: str

    def __post_init__(self) -> None:
        if not self.starts or not all(1 <= month <= 12 for month in self.starts):
            raise RuleError(f"months_from{self.starts}: write numbers of months, from 1 to 12")
        turns = [(month - self.starts[0]) % 12 for month in self.starts]
        if turns != sorted(set(turns)):
            raise RuleError(f"months_from{self.starts}: write each month once, in the order of the year they open")

    @property
    def longest(self) -> int:
        """31 days a month, at most."""
        return 31 * max(self._length(number) for number in range(len(self.starts)))

    @property
    def a_year(self) -> int:
        """How many months open a span."""
        return len(self.starts)

    def of(self, day: date) -> Span:
        """The month, the term or the year."""
        back, number = min(((day.month - start) % 12, number) for number, start in enumerate(self.starts))
        first = in_month(day, FIRST, after=-back)
        last = in_month(first, LAST, after=self._length(number) - 1)
        return Span(first, last, _say_months(first, last), number + 1)

    def say(self) -> str:
        """« par mois », « par trimestre »."""
        return self.said

    def _length(self, number: int) -> int:
        following = self.starts[(number + 1) % len(self.starts)]
        return (following - self.starts[number] - 1) % 12 + 1


DAY = Days()
WEEK = Weeks()
MONTH = MonthsFrom((9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8), "par mois")
SCHOOL_YEAR = MonthsFrom((9,), "par année scolaire")


def terms(*first_months: int) -> MonthsFrom:
    """« Par trimestre »: ``terms(9, 1, 4)`` begin in September, January and April."""
    return MonthsFrom(first_months, "par trimestre")


def _say_months(first: date, last: date) -> str:
    end = f"{MONTHS[last.month - 1]} {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return end
    return f"{say_of(MONTHS[first.month - 1])} {first.year} à {end}"
