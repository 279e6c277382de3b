"""A child's bill shared by several households, in per cent, whichever of them booked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from plugins.rules.errors import RuleError
from plugins.rules.french import NBSP, euros

H = TypeVar("H")
WHOLE = 100


@dataclass(frozen=True, slots=True)
class BillShare(Generic[H]):
    """What one household pays of a child's bill, in per cent: from 1 to 100."""

    household: H
    percent: int

    def __post_init__(self) -> None:
        if not 1 <= self.percent <= WHOLE:
            raise RuleError(f"Share of {self.percent} per cent of a bill: write 1 to {WHOLE}.")

    def say(self) -> str:
        """« 60 % »."""
        return f"{self.percent}{NBSP}%"

    def say_part(self, cents: int) -> str:
        """The line that explains a part: « Votre part : 60 % de 25,00 € »."""
        return f"Votre part : {self.say()} de {euros(cents)}"


def require_whole(shares: Sequence[BillShare[H]]) -> None:
    """Refuse shares that do not add up to 100, or that name a household twice."""
    total = sum(share.percent for share in shares)
    if total != WHOLE:
        raise RuleError(f"Shares of a bill add up to {total} per cent: write {WHOLE} in all.")
    if len({share.household for share in shares}) != len(shares):
        raise RuleError("Shares of a bill name a household twice: give it one share.")


def parts(cents: int, percents: Sequence[int]) -> list[int]:
    """The part of each of several percentages that make a whole, in cents; what cannot be divided goes to the first.

    A discount, which is negative, is shared as what it takes off.
    """
    sign = -1 if cents < 0 else 1
    divided = [sign * (abs(cents) * percent // WHOLE) for percent in percents]
    divided[0] += cents - sum(divided)
    return divided
