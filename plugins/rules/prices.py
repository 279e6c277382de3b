"""What a price depends on, and a price with the explanation that adds up to it.

Money is integer cents; computations are exact (``Decimal``) and rounded explicitly.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal, InvalidOperation
from enum import Enum

from plugins.rules.errors import RuleError

CENT = Decimal(1)


class Rounding(Enum):
    """How a fraction of a cent becomes a cent."""

    HALF_UP = ROUND_HALF_UP
    HALF_EVEN = ROUND_HALF_EVEN
    UP = ROUND_UP
    DOWN = ROUND_DOWN

    def cents(self, amount: Decimal) -> int:
        """An amount in cents, rounded to a whole number of them."""
        return int(amount.quantize(CENT, rounding=self.value))


class Residency(Enum):
    """Whether the household lives in the commune."""

    RESIDENT = "RESIDENT"
    OUTSIDE = "OUTSIDE"


@dataclass(frozen=True, slots=True)
class Situation:
    """What a price depends on, for one child, one unit and one day.

    ``qf`` is the quotient familial on that day, None when the family gave none; ``siblings_present`` counts the
    household's other children booked that day; ``booked`` is False for a child who came unannounced.
    """

    day: date
    unit: str
    qf: int | None
    residency: Residency = Residency.RESIDENT
    child_rank: int = 1
    siblings_present: int = 0
    booked: bool = True
    late: bool = False

    def __post_init__(self) -> None:
        if self.qf is not None and self.qf < 0:
            raise RuleError(f"Situation qf {self.qf}: a quotient familial is never negative, write None when unknown")
        if self.child_rank < 1:
            raise RuleError(f"Situation child_rank {self.child_rank}: the eldest is 1")
        if self.siblings_present < 0:
            raise RuleError(f"Situation siblings_present {self.siblings_present}: count from 0")


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One term of a price, in French; a discount is negative."""

    label: str
    cents: int


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit costs, never negative, and the lines that add up to it."""

    cents: int
    lines: tuple[PriceLine, ...]

    def __post_init__(self) -> None:
        total = total_of(self.lines)
        if total != self.cents or total < 0:
            raise RuleError(f"Price of {self.cents} cents: its lines add up to {total}, and neither may be negative")


def total_of(lines: tuple[PriceLine, ...]) -> int:
    """The sum of the lines, in cents."""
    return sum(line.cents for line in lines)


def exact_number(what: str, number: str) -> Decimal:
    """A decimal number written between quotes, so that no binary fraction slips in; ``what`` names it in errors."""
    try:
        exact = Decimal(number)
    except (InvalidOperation, TypeError) as error:
        raise RuleError(f"{what} {number!r}: write a decimal number between quotes, such as '0.0036'") from error
    if not isinstance(number, str) or not exact.is_finite():
        raise RuleError(f"{what} {number!r}: write a decimal number between quotes, such as '0.0036'")
    return exact


def say_decimal(number: Decimal) -> str:
    """« 1,5 »."""
    return f"{number.normalize():f}".replace(".", ",")


def refuse_negative(what: str, cents: int) -> None:
    """Refuse an amount below zero; ``what`` names it."""
    if cents < 0:
        raise RuleError(f"{what}: {cents} cents, write 0 or more")
