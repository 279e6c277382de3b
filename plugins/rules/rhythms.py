"""Rhythms: the days that come back, « le lundi et le jeudi, une semaine sur 2 », and the same day in another month."""

from dataclasses import dataclass
from datetime import date, timedelta

from plugins.rules.calendar import monday_of
from plugins.rules.errors import RuleError
from plugins.rules.french import say_date, say_from, say_list, say_until, say_weekday
from plugins.rules.frozen import freeze
from plugins.rules.months import FIRST, LAST, in_month

WEEK = 7
EVERY_DAY = frozenset(range(1, WEEK + 1))
LONGEST_CYCLE = 4  # weeks


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Chosen weekdays (ISO numbers), one week in ``every``, from ``first`` to ``last`` (None: it does not end).

    The week of ``first``, from its Monday, is the first of the cycle: weeks are counted from it and never by their
    number, which jumps at the new year.
    """

    first: date
    last: date | None = None
    weekdays: frozenset[int] = EVERY_DAY
    every: int = 1

    def __post_init__(self) -> None:
        freeze(self, "weekdays")
        if self.last is not None and self.last < self.first:
            raise RuleError(f"Rhythm from {self.first} to {self.last}: the last day comes first; swap them")
        if not self.weekdays or not self.weekdays <= EVERY_DAY:
            raise RuleError(
                f"Rhythm weekdays {sorted(self.weekdays)}: write some of 1 (Monday) to 7, or leave them out"
            )
        if not 1 <= self.every <= LONGEST_CYCLE:
            raise RuleError(f"Rhythm every={self.every}: write one week in 1 to {LONGEST_CYCLE}")

    @property
    def is_daily(self) -> bool:
        """True when no weekday was chosen: « tous les jours »."""
        return self.weekdays == EVERY_DAY

    def holds(self, day: date) -> bool:
        """True when the rhythm comes back on that day."""
        if day < self.first or (self.last is not None and day > self.last):
            return False
        weeks = (monday_of(day) - monday_of(self.first)).days // WEEK
        return weeks % self.every == 0 and day.isoweekday() in self.weekdays

    def days(self, first: date, last: date) -> tuple[date, ...]:
        """Its days from first to last, both included, in order."""
        start = max(first, self.first)
        length = (min(last, self.last or last) - start).days + 1
        return tuple(day for n in range(length) if self.holds(day := start + timedelta(days=n)))

    def say(self) -> str:
        """« le lundi et le jeudi, une semaine sur 2 à partir du lundi 7 septembre 2026, jusqu'au … »."""
        which = (
            "tous les jours" if self.is_daily else say_list(f"le {say_weekday(day)}" for day in sorted(self.weekdays))
        )
        cycle = f"une semaine sur {self.every} " if self.every > 1 else ""
        until = f", {say_until(f'le {say_date(self.last)}')}" if self.last else ""
        return f"{which}, {cycle}{say_from(f'le {say_date(self.first)}')}{until}"


@dataclass(frozen=True, slots=True)
class UnitRhythm:
    """What a rhythm brings, by code: ``units``, each for itself, or those of a ``preset``, which go together."""

    rhythm: Rhythm
    units: tuple[str, ...] = ()
    preset: str | None = None

    def __post_init__(self) -> None:
        freeze(self, "units")
        if bool(self.units) == (self.preset is not None):
            raise RuleError("UnitRhythm: write units, or a preset, and not both")


def same_day_in(month: date, day: date) -> date | None:
    """The day of another month (any of its days) with the weekday of ``day`` and its rank: its second Tuesday, say.

    None for a fifth one in a month that has four.
    """
    rank = (day.day - 1) // WEEK
    first, last = in_month(month, FIRST), in_month(month, LAST)
    found = first + timedelta(days=(day.weekday() - first.weekday()) % WEEK + WEEK * rank)
    return found if found <= last else None
