"""What changes a price once its base is known: late bookings, children who come unannounced, siblings."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from plugins.rules.errors import RuleError
from plugins.rules.french import euros
from plugins.rules.prices import (
    PriceLine,
    Residency,
    Rounding,
    Situation,
    exact_number,
    refuse_negative,
    say_decimal,
    total_of,
)
from plugins.rules.texts import require_line


class When(Enum):
    """In which situations a modifier applies."""

    LATE = "hors délai"
    NOT_BOOKED = "sans réservation"
    OUTSIDE = "hors commune"
    SIBLING_PRESENT = "frère ou sœur présent le même jour"

    def holds(self, situation: Situation) -> bool:
        """True when the situation is such."""
        match self:
            case When.LATE:
                return situation.late
            case When.NOT_BOOKED:
                return not situation.booked
            case When.OUTSIDE:
                return situation.residency is Residency.OUTSIDE
            case When.SIBLING_PRESENT:
                return situation.siblings_present > 0


@dataclass(frozen=True, slots=True)
class Modifier(ABC):
    """A change of the price in some situations, for some units (all of them when ``units`` is empty)."""

    label: str
    when: When
    units: frozenset[str]

    def __post_init__(self) -> None:
        require_line(self.label, f"label of the modifier for « {self.when.value} »")

    def applies(self, situation: Situation) -> bool:
        """True when this situation is concerned."""
        return (not self.units or situation.unit in self.units) and self.when.holds(situation)

    @abstractmethod
    def change(self, lines: tuple[PriceLine, ...]) -> tuple[PriceLine, ...]:
        """The lines of the price once modified."""

    @abstractmethod
    def say(self) -> str:
        """The modifier in French."""


@dataclass(frozen=True, slots=True)
class Add(Modifier):
    """So many cents more, or less; a discount never takes the price below zero."""

    cents: int

    def change(self, lines: tuple[PriceLine, ...]) -> tuple[PriceLine, ...]:
        """One line more."""
        return (*lines, PriceLine(self.label, max(self.cents, -total_of(lines))))

    def say(self) -> str:
        """« Réservation tardive (hors délai) : +1,50 € »."""
        return f"{self.label} ({self.when.value}) : {'+' if self.cents > 0 else ''}{euros(self.cents)}"


@dataclass(frozen=True, slots=True)
class Multiply(Modifier):
    """The price so far, multiplied."""

    factor: Decimal
    rounding: Rounding

    def __post_init__(self) -> None:
        Modifier.__post_init__(self)
        if not 0 <= self.factor <= 10:
            raise RuleError(f"multiply {self.factor}: write a factor from 0 to 10; +50 % is '1.5'")

    def change(self, lines: tuple[PriceLine, ...]) -> tuple[PriceLine, ...]:
        """One line more, the difference."""
        total = total_of(lines)
        return (*lines, PriceLine(self.label, self.rounding.cents(self.factor * total) - total))

    def say(self) -> str:
        """« Réservation tardive (hors délai) : × 1,5 »."""
        return f"{self.label} ({self.when.value}) : × {say_decimal(self.factor)}"


@dataclass(frozen=True, slots=True)
class Replace(Modifier):
    """Another price instead, whatever the price so far."""

    cents: int

    def __post_init__(self) -> None:
        Modifier.__post_init__(self)
        refuse_negative(f"replace « {self.label} »", self.cents)

    def change(self, lines: tuple[PriceLine, ...]) -> tuple[PriceLine, ...]:
        """That line alone."""
        return (PriceLine(self.label, self.cents),)

    def say(self) -> str:
        """« Présence sans réservation (sans réservation) : 10,00 € »."""
        return f"{self.label} ({self.when.value}) : {euros(self.cents)}"


def add(cents: int, *, when: When, label: str, units: frozenset[str] = frozenset()) -> Add:
    """So many cents more (or less), for some units or for all."""
    return Add(label, when, units, cents)


def multiply(
    factor: str,
    *,
    when: When,
    label: str,
    units: frozenset[str] = frozenset(),
    rounding: Rounding = Rounding.HALF_UP,
) -> Multiply:
    """The price multiplied: +50 % is ``multiply("1.5", …)``."""
    return Multiply(label, when, units, exact_number("multiply factor", factor), rounding)


def replace(cents: int, *, when: When, label: str, units: frozenset[str] = frozenset()) -> Replace:
    """Another price instead, in cents."""
    return Replace(label, when, units, cents)
