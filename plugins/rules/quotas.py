"""How often a family may act late, and what happens to who fails too often."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import assert_never

from plugins.rules.actions import Action
from plugins.rules.calendar import SchoolCalendar, SchoolYear
from plugins.rules.errors import RuleError
from plugins.rules.french import say_date
from plugins.rules.months import FIRST, LAST, in_month
from plugins.rules.texts import require_line


class QuotaSpan(Enum):
    """What « par période » means to who counts; a quarter is the civil one (« trimestre civil »)."""

    MONTH = "mois"
    QUARTER = "trimestre civil"
    SCHOOL_PERIOD = "période de vacances à vacances"
    SCHOOL_YEAR = "année scolaire"

    def around(self, day: date, calendar: SchoolCalendar) -> tuple[date, date]:
        """The first and the last day of the span that holds ``day``, both included."""
        match self:
            case QuotaSpan.MONTH:
                return _months(day, 1)
            case QuotaSpan.QUARTER:
                return _months(day, 3)
            case QuotaSpan.SCHOOL_PERIOD:
                return _school_period(day, calendar)
            case QuotaSpan.SCHOOL_YEAR:
                year = SchoolYear.of(day)
                return year.first_day, year.last_day
        assert_never(self)


@dataclass(frozen=True, slots=True)
class Quota:
    """How many bookings, or cancellations, one child may make after the deadline in a span of time."""

    limit: int
    per: QuotaSpan
    action: Action

    def __post_init__(self) -> None:
        if self.limit < 1:
            raise RuleError(f"Quota({self.limit}): write at least 1, or Refuse what comes late")

    def allows(self, used: int) -> bool:
        """True when one more is still possible after ``used`` of them."""
        return used < self.limit

    def span(self, day: date, calendar: SchoolCalendar) -> tuple[date, date]:
        """The days, first and last included, whose late acts count together with those of ``day``."""
        return self.per.around(day, calendar)

    def say(self) -> str:
        """« 4 ajouts tardifs au plus par mois »."""
        return f"{_several(self.limit, *self._what)} au plus par {self.per.value}"

    def say_reached(self, used: int, last: date) -> str:
        """« 4 ajouts tardifs sont déjà faits, 4 au plus par mois : plus aucun jusqu'au lundi 30 novembre 2026. »."""
        done = f"{_several(used, *self._what)} {'sont déjà faits' if used > 1 else 'est déjà fait'}"
        return f"{done}, {self.limit} au plus par {self.per.value} : plus aucun jusqu'au {say_date(last)}."

    @property
    def _what(self) -> tuple[str, str]:
        return ("ajout" if self.action is Action.BOOK else "retrait", "tardif")


class StrikeEvent(Enum):
    """What is held against a family, as the words that take the plural and those that do not."""

    NOT_BOOKED = ("présence", "sans réservation")
    NOT_CANCELLED = ("absence", "sans annulation")
    LATE_PICK_UP = ("retard", "après la fermeture")


@dataclass(frozen=True, slots=True)
class Strikes:
    """After so many failures of one child in a span of time, an ``effect``, in French: « l'accès est refusé »."""

    event: StrikeEvent
    threshold: int
    span: QuotaSpan
    effect: str

    def __post_init__(self) -> None:
        if self.threshold < 1:
            raise RuleError(f"Strikes({self.threshold}): write from how many failures on, at least 1")
        require_line(self.effect, "Strikes(effect)")

    def reached(self, count: int) -> bool:
        """True from the ``threshold``-th failure of the span on."""
        return count >= self.threshold

    def say_count(self, count: int, last: date) -> str:
        """« 2 présences sans réservation ; dès 3 présences sans réservation par mois, … (compté jusqu'au …). »."""
        noun, rest = self.event.value
        return f"{_several(count, noun)} {rest} ; {self.say()} (compté jusqu'au {say_date(last)})."

    def say(self) -> str:
        """« dès 3 présences sans réservation par année scolaire, l'accès est refusé »."""
        noun, rest = self.event.value
        return f"dès {_several(self.threshold, noun)} {rest} par {self.span.value}, {self.effect}"


def _several(number: int, *words: str) -> str:
    return " ".join([str(number), *(f"{word}s" if number > 1 else word for word in words)])


def _months(day: date, length: int) -> tuple[date, date]:
    first = in_month(day, FIRST, after=-((day.month - 1) % length))
    return first, in_month(first, LAST, after=length - 1)


def _school_period(day: date, calendar: SchoolCalendar) -> tuple[date, date]:
    """The period between two holidays, or else the holidays themselves; the school year where nothing is known."""
    span = calendar.period_on(day) or calendar.holiday_on(day) or SchoolYear.of(day)
    return (span.first_day, span.last_day) if isinstance(span, SchoolYear) else (span.first, span.last)
