"""What a price depends on, and a price with the explanation that adds up to it.

Money is integer cents; computations are exact (``Decimal``) and rounded explicitly.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal, InvalidOperation
from enum import Enum

from plugins.rules.errors import RuleError
from plugins.rules.french import NBSP
from plugins.rules.frozen import freeze

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


class Regime(Enum):
    """The social security scheme of the household (« régime »), on which the commune's subsidy depends."""

    GENERAL = "régime général"
    MSA = "régime agricole (MSA)"
    OTHER = "autre régime"


@dataclass(frozen=True, slots=True)
class Resources:
    """What a household lives on: euros a month before any allowance, and the children it has to support.

    ``disabled_children`` counts those of ``dependent_children`` who receive the AEEH.
    """

    monthly: int | Decimal
    dependent_children: int = 1
    disabled_children: int = 0

    def __post_init__(self) -> None:
        if not is_amount(self.monthly):
            raise RuleError(f"Resources of {self.monthly!r}: write euros, 0 or more, as an int or a Decimal")
        if self.dependent_children < 1:
            raise RuleError(f"Resources for {self.dependent_children} children: count the child who comes, from 1")
        if not 0 <= self.disabled_children <= self.dependent_children:
            raise RuleError(
                f"Resources for {self.disabled_children} disabled children: "
                f"write 0 to {self.dependent_children}, they are among the dependent children"
            )


@dataclass(frozen=True, slots=True)
class Situation:
    """What a price depends on, for one child, one unit and one day; what is not known keeps its default.

    ``qf`` is the quotient familial on that day, None when the family gave none. ``siblings_present`` counts the
    household's other children booked that day, ``children_enrolled`` all its children enrolled in the activity.
    ``booked`` is False for a child who came unannounced, and ``unbooked_count`` is then the rank of this presence in
    its span of time. ``minutes`` is the time to charge. ``regular`` is False for an occasional child.
    ``level`` and ``tranche`` are what the commune calls them: « maternelle », « C »; ``cases`` are the special cases
    it names: « PAI panier-repas », « famille d'accueil ». ``plan`` is the code of the child's package « forfait ».
    """

    day: date
    unit: str
    qf: int | Decimal | None
    residency: Residency = Residency.RESIDENT
    child_rank: int = 1
    siblings_present: int = 0
    booked: bool = True
    late: bool = False
    minutes: int | None = None
    regular: bool = True
    absent: bool = False
    justified: bool = False
    unbooked_count: int = 0
    children_enrolled: int = 1
    regime: Regime | None = None
    age: int | None = None
    level: str | None = None
    tranche: str | None = None
    resources: Resources | None = None
    cases: frozenset[str] = frozenset()
    plan: str | None = None

    def __post_init__(self) -> None:
        freeze(self, "cases")
        if self.qf is not None and not is_amount(self.qf):
            self._refuse_qf()
        if self.child_rank < 1:
            raise RuleError(f"Situation child_rank {self.child_rank}: the eldest is 1")
        if self.minutes is not None and self.minutes < 0:
            raise RuleError(f"Situation minutes {self.minutes}: write 0 or more, None when unknown")
        if self.siblings_present < 0 or self.unbooked_count < 0 or self.children_enrolled < 0:
            counts = f"{self.siblings_present}, {self.unbooked_count}, {self.children_enrolled}"
            raise RuleError(f"Situation siblings_present, unbooked_count, children_enrolled {counts}: count from 0")
        if self.justified and not self.absent:
            raise RuleError("Situation justified: only an absence is, write absent=True as well")

    def _refuse_qf(self) -> None:
        if isinstance(self.qf, float):
            raise RuleError(f"Situation qf {self.qf}: write an int or Decimal('{self.qf}'), a float is not exact")
        raise RuleError(f"Situation qf {self.qf}: a quotient familial is a number, never negative, None when unknown")


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
        freeze(self, "lines")
        total = total_of(self.lines)
        if total != self.cents or total < 0:
            raise RuleError(f"Price of {self.cents} cents: its lines add up to {total}, and neither may be negative")


def total_of(lines: tuple[PriceLine, ...]) -> int:
    """The sum of the lines, in cents."""
    return sum(line.cents for line in lines)


def is_amount(number: object) -> bool:
    """True for what can be an amount: an int or a Decimal, exact and finite, 0 or more; a float never is."""
    return (isinstance(number, int) or (isinstance(number, Decimal) and number.is_finite())) and number >= 0


def exact_number(what: str, number: str) -> Decimal:
    """A decimal number written between quotes, so that no binary fraction slips in; ``what`` names it in errors."""
    try:
        exact = Decimal(number)
    except (InvalidOperation, TypeError) as error:
        raise RuleError(f"{what} {number!r}: write a decimal number between quotes, such as '0.0036'") from error
    if not isinstance(number, str) or not exact.is_finite():
        raise RuleError(f"{what} {number!r}: write a decimal number between quotes, such as '0.0036'")
    return exact


def say_decimal(number: int | Decimal) -> str:
    """« 1,5 », « 700 »."""
    return str(number) if isinstance(number, int) else f"{number.normalize():f}".replace(".", ",")


def say_percent(rate: Decimal) -> str:
    """« 0,36 % » for a rate of 0.0036."""
    return f"{say_decimal(rate * 100)}{NBSP}%"


def refuse_fraction(what: str, cents: int) -> None:
    """Refuse what is no whole number of cents: euros written as 3.5, an amount between quotes."""
    if not isinstance(cents, int):
        raise RuleError(f"{what}: {cents!r}, write a whole number of cents; 3,50 € is 350")


def refuse_negative(what: str, cents: int) -> None:
    """Refuse an amount below zero, or that is no whole number of cents; ``what`` names it."""
    refuse_fraction(what, cents)
    if cents < 0:
        raise RuleError(f"{what}: {cents} cents, write 0 or more")
