"""What the units of an activity cost: a base price per unit, then modifiers.

A commune writes its tariffs with the names of this module::

    Tariff({"repas": brackets((0, 400, 100), (401, None, 350), without_qf=350)},
           (multiply("1.5", when=When.LATE, label="Réservation hors délai"),))
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from plugins.rules.errors import RuleError
from plugins.rules.grids import BasePrice, brackets, by_child_rank, by_residency, constant, effort
from plugins.rules.modifiers import Modifier, When, add, multiply, replace
from plugins.rules.prices import Price, PriceLine, Residency, Rounding, Situation, total_of

__all__ = [
    "BasePrice",
    "Modifier",
    "Price",
    "PriceLine",
    "Residency",
    "Rounding",
    "Situation",
    "Tariff",
    "When",
    "add",
    "brackets",
    "by_child_rank",
    "by_residency",
    "constant",
    "effort",
    "multiply",
    "replace",
]


@dataclass(frozen=True, slots=True)
class Tariff:
    """The prices of an activity for a year: one base price per unit code, then the modifiers in their order."""

    prices: Mapping[str, BasePrice]
    modifiers: tuple[Modifier, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "prices", MappingProxyType(dict(self.prices)))
        if not self.prices:
            raise RuleError("Tariff without prices: write one for each unit of the activity")
        for modifier in self.modifiers:
            if unknown := modifier.units - self.units:
                raise RuleError(f"modifier « {modifier.label} »: unit {min(unknown)!r} has no price in this tariff")

    @property
    def units(self) -> frozenset[str]:
        """The codes of the units that have a price."""
        return frozenset(self.prices)

    def price(self, situation: Situation) -> Price:
        """The price and its explanation; raises :class:`RuleError` for a unit that the tariff does not know."""
        base = self.prices.get(situation.unit)
        if base is None:
            raise RuleError(f"unit {situation.unit!r} has no price: this tariff knows {', '.join(sorted(self.units))}")
        lines: tuple[PriceLine, ...] = (base.line(situation),)
        for modifier in self.modifiers:
            if modifier.applies(situation):
                lines = modifier.change(lines)
        return Price(total_of(lines), lines)

    def say(self) -> str:
        """The tariff in French, a unit or a modifier per line."""
        bases = [f"{unit} : {base.say()}" for unit, base in self.prices.items()]
        return "\n".join(bases + [modifier.say() for modifier in self.modifiers])
