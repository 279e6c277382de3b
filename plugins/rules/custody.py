"""Custody of a child that two households share: which days it is with each, counted from a date and never by parity."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import TypeVar

from plugins.rules.errors import RuleError
from plugins.rules.french import say_date, say_list, say_weekday

H = TypeVar("H")
CYCLE = 14  # days: both patterns come back every two weeks


class CustodyPattern(Enum):
    """How two households share a child."""

    ALTERNATE_WEEKS = "ALTERNATE_WEEKS"  # one week in two, counted from the Monday of the anchor
    WEEKDAYS = "WEEKDAYS"


@dataclass(frozen=True, slots=True)
class Share:
    """When a child is with one household, from ``first_day`` to ``last_day`` (None: until another calendar).

    ALTERNATE_WEEKS: the week of ``anchor`` (Monday to Sunday), then one in two. ``weekdays`` are ISO numbers.
    """

    pattern: CustodyPattern
    first_day: date
    last_day: date | None = None
    anchor: date | None = None
    weekdays: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if self.last_day is not None and self.last_day < self.first_day:
            raise RuleError(f"Custody from {self.first_day} to {self.last_day}: the last day comes first; swap them.")
        alternates = self.pattern is CustodyPattern.ALTERNATE_WEEKS
        if alternates and (self.anchor is None or self.weekdays):
            raise RuleError("Custody by alternate weeks: give a day of the first week as anchor, and no weekday.")
        if not alternates and (self.anchor is not None or not self.weekdays or not self.weekdays <= set(range(1, 8))):
            raise RuleError(f"Custody by weekdays {sorted(self.weekdays)}: give some of 1 to 7, and no anchor.")

    def covers(self, day: date) -> bool:
        """True when this calendar speaks of the day."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def holds(self, day: date) -> bool:
        """True when the child is with the household on that day."""
        if not self.covers(day):
            return False
        if self.anchor is None:
            return day.isoweekday() in self.weekdays
        return (_monday(day) - _monday(self.anchor)).days % CYCLE == 0

    def say(self) -> str:
        """« une semaine sur deux, dont celle du lundi 7 septembre 2026 »; « le lundi et le mardi »."""
        if self.anchor is None:
            return say_list(f"le {say_weekday(day)}" for day in sorted(self.weekdays))
        return f"une semaine sur deux, dont celle du {say_date(_monday(self.anchor))}"


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def holder(day: date, shares: Mapping[H, Share]) -> H | None:
    """The household that has the child on that day; None when no calendar gives it to anybody."""
    return next((household for household, share in shares.items() if share.holds(day)), None)


def given_elsewhere(day: date, shares: Iterable[Share]) -> Share | None:
    """Of a household's own calendars, the one that gives the day to another household; None when the day is its own.

    A day that no calendar speaks of is everybody's.
    """
    speaking = [share for share in shares if share.covers(day)]
    return None if any(share.holds(day) for share in speaking) else next(iter(speaking), None)


def require_disjoint(shares: Mapping[H, Share]) -> None:
    """Refuse calendars that give a day to two households."""
    start = max(share.first_day for share in shares.values())
    for day in (start + timedelta(days=offset) for offset in range(CYCLE)):
        if sum(share.holds(day) for share in shares.values()) > 1:
            raise RuleError(f"Custody on {day}: two households have the child; give the day to one of them.")
