"""Rules that follow one another in time: each holds from its first day until the day before the next one's."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Generic, TypeVar

from plugins.rules.calendar import ONE_DAY
from plugins.rules.errors import RuleError
from plugins.rules.french import say_date

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Versions(Generic[T]):
    """Values by first day; the first one has none and holds since ever, so that every day has exactly one value."""

    first: T
    later: tuple[tuple[date, T], ...] = ()

    def __post_init__(self) -> None:
        days = [day for day, _ in self.later]
        for day, following in pairwise(days):
            if following <= day:
                raise RuleError(f"versions: {say_date(following)} does not come after {say_date(day)}: write in order")

    def on(self, day: date) -> T:
        """The value that holds on a day."""
        position = bisect_right(self.later, day, key=lambda version: version[0])
        return self.later[position - 1][1] if position else self.first

    def say(self, say: Callable[[T], str]) -> str:
        """« jusqu'au dimanche 31 août 2025 : … ; à partir du lundi 1er septembre 2025 : … »."""
        if not self.later:
            return say(self.first)
        said = [f"jusqu'au {say_date(self.later[0][0] - ONE_DAY)} : {say(self.first)}"]
        return " ; ".join(said + [f"à partir du {say_date(day)} : {say(value)}" for day, value in self.later])


def versions(first: T, *later: tuple[date, T]) -> Versions[T]:
    """``versions(old, (date(2025, 9, 1), new))``: the old rule until 31 August 2025, the new one from 1 September."""
    return Versions(first, later)
