"""What changes a price once its base is known: late bookings, children who come unannounced, siblings."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from decimal import Decimal

from plugins.rules.conditions import When
from plugins.rules.errors import RuleError
from plugins.rules.french import euros, say_list
from plugins.rules.frozen import freeze
from plugins.rules.grids import BasePrice
from plugins.rules.prices import (
    PriceLine,
    Rounding,
    Situation,
    exact_number,
    refuse_fraction,
    refuse_negative,
    say_decimal,
    say_percent,
    total_of,
)
from plugins.rules.texts import require_line

Lines = tuple[PriceLine, ...]


@dataclass(frozen=True, slots=True)
class Modifier(ABC):
    """A change of the price in some situations, for the units it names (all but the extras when it names none)."""

    label: str
    when: When
    units: frozenset[str]

    def __post_init__(self) -> None:
        freeze(self, "units")
        require_line(self.label, f"label of the modifier for « {self.when.say()} »")

    def applies(self, situation: Situation) -> bool:
        """True when this situation is concerned."""
        return (not self.units or situation.unit in self.units) and self.when.holds(situation)

    @abstractmethod
    def change(self, lines: Lines, base: BasePrice, situation: Situation) -> Lines:
        """The lines of the price once modified; the first of them is the price from which the others start."""

    @abstractmethod
    def say(self) -> str:
        """The modifier in French."""

    def _named(self) -> str:
        condition = self.when.say()
        told = [condition] if condition.casefold() not in self.label.casefold() else []
        told += [f"pour {say_list(sorted(self.units))}"] if self.units else []
        return f"{self.label} ({', '.join(told)})" if told else self.label


@dataclass(frozen=True, slots=True)
class Shift(Modifier):
    """The price of a neighbouring bracket instead of the family's own: -1 is the one just below."""

    steps: int

    def __post_init__(self) -> None:
        Modifier.__post_init__(self)
        if self.steps == 0:
            raise RuleError(f"shift « {self.label} »: 0 changes nothing, write -1 for the bracket just below")

    def change(self, lines: Lines, base: BasePrice, situation: Situation) -> Lines:
        """The neighbouring bracket's price alone."""
        line = base.neighbour(situation, self.steps)
        return (PriceLine(f"{line.label} ({self.label})", line.cents),)

    def say(self) -> str:
        """« Famille nombreuse (au moins 3 enfants inscrits) : 1 tranche plus bas »."""
        count = abs(self.steps)
        side = "plus bas" if self.steps < 0 else "plus haut"
        return f"{self._named()} : {count} tranche{'s' if count > 1 else ''} {side}"


@dataclass(frozen=True, slots=True)
class Add(Modifier):
    """So many cents more, or less; a discount never takes the price below zero."""

    cents: int

    def __post_init__(self) -> None:
        Modifier.__post_init__(self)
        refuse_fraction(f"add « {self.label} »", self.cents)
        if self.cents == 0:
            raise RuleError(f"add « {self.label} »: 0 changes nothing, write cents or remove it")

    def change(self, lines: Lines, base: BasePrice, situation: Situation) -> Lines:
        """One line more."""
        return (*lines, PriceLine(self.label, max(self.cents, -total_of(lines))))

    def say(self) -> str:
        """« Réservation tardive (hors délai) : +1,50 € »."""
        return f"{self._named()} : {'+' if self.cents > 0 else ''}{euros(self.cents)}"


@dataclass(frozen=True, slots=True)
class AddShare(Modifier):
    """A share of the base price more, or less, whatever the modifiers before this one; never below zero."""

    share: Decimal
    rounding: Rounding

    def __post_init__(self) -> None:
        Modifier.__post_init__(self)
        if not -1 <= self.share <= 10 or self.share == 0:
            raise RuleError(f"add_share {self.share}: write a share from -1 to 10, not 0; +5 % is '0.05'")

    def change(self, lines: Lines, base: BasePrice, situation: Situation) -> Lines:
        """One line more."""
        cents = self.rounding.cents(self.share * lines[0].cents)
        return (*lines, PriceLine(self.label, max(cents, -total_of(lines))))

    def say(self) -> str:
        """« Inscription tardive (hors délai) : +5 % du tarif de base »."""
        return f"{self._named()} : {'+' if self.share > 0 else ''}{say_percent(self.share)} du tarif de base"


@dataclass(frozen=True, slots=True)
class Multiply(Modifier):
    """The price so far, multiplied."""

    factor: Decimal
    rounding: Rounding

    def __post_init__(self) -> None:
        Modifier.__post_init__(self)
        if not 0 <= self.factor <= 10 or self.factor == 1:
            raise RuleError(f"multiply {self.factor}: write a factor from 0 to 10, not 1; +50 % is '1.5'")

    def change(self, lines: Lines, base: BasePrice, situation: Situation) -> Lines:
        """One line more, the difference."""
        total = total_of(lines)
        return (*lines, PriceLine(self.label, self.rounding.cents(self.factor * total) - total))

    def say(self) -> str:
        """« Réservation tardive (hors délai) : × 1,5 »."""
        return f"{self._named()} : × {say_decimal(self.factor)}"


@dataclass(frozen=True, slots=True)
class Replace(Modifier):
    """Another price instead, whatever the price so far."""

    cents: int

    def __post_init__(self) -> None:
        Modifier.__post_init__(self)
        refuse_negative(f"replace « {self.label} »", self.cents)

    def change(self, lines: Lines, base: BasePrice, situation: Situation) -> Lines:
        """That line alone."""
        return (PriceLine(self.label, self.cents),)

    def say(self) -> str:
        """« Présence sans réservation (sans réservation) : 10,00 € »."""
        return f"{self._named()} : {euros(self.cents)}"


def add(cents: int, *, when: When, label: str, units: frozenset[str] = frozenset()) -> Add:
    """So many cents more (or less), for some units or for all."""
    return Add(label, when, units, cents)


def add_share(
    share: str,
    *,
    when: When,
    label: str,
    units: frozenset[str] = frozenset(),
    rounding: Rounding = Rounding.HALF_UP,
) -> AddShare:
    """A share of the base price more: « +5 % du tarif de base » is ``add_share("0.05", …)``."""
    return AddShare(label, when, units, exact_number("add_share", share), rounding)


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


def shift(steps: int, *, when: When, label: str, units: frozenset[str] = frozenset()) -> Shift:
    """The price of a neighbouring bracket: « tranche immédiatement inférieure » is ``shift(-1, …)``."""
    return Shift(label, when, units, steps)
