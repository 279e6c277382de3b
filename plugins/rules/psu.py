"""Crèche prices under the « prestation de service unique » (PSU) of the Cnaf: a share of resources for each hour.

The hourly price is the household's monthly resources of year N-2, before any allowance, kept between a floor and a
cap, times a rate that falls with the number of dependent children; a disabled child counts for one rate lower.
Floor, cap and rates change on a date, even in the middle of a contract.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from itertools import pairwise

from plugins.rules.errors import RuleError
from plugins.rules.french import euros
from plugins.rules.grids import BasePrice, PriceRow, rows_by_date
from plugins.rules.prices import PriceLine, Resources, Rounding, Situation, exact_number, say_percent
from plugins.rules.versions import Versions, versions


@dataclass(frozen=True, slots=True)
class EffortRates:
    """The share of monthly resources due for an hour, by number of dependent children.

    Each rate holds from its first number of children until the next one's; they decrease.
    """

    rates: tuple[tuple[int, Decimal], ...]

    def __post_init__(self) -> None:
        if not self.rates or self.rates[0][0] != 1:
            raise RuleError("effort_rates: write first the rate of 1 child")
        for (children, rate), (following, lower) in pairwise(self.rates):
            if following <= children or lower >= rate:
                raise RuleError(
                    f"effort_rates: {lower} for {following} children after {rate} for {children}: "
                    f"write more children and a lower rate each time"
                )
        for _, rate in self.rates:
            if not 0 < rate < Decimal("0.01"):
                raise RuleError(
                    f"effort_rates {(rate * 100).normalize():f}: "
                    f"write the printed percentage, above 0 and below 1; 0,0619 % is '0.0619'"
                )

    def of(self, resources: Resources) -> Decimal:
        """The rate of the household, one lower for each disabled child, the last one at most."""
        reached = sum(1 for children, _ in self.rates if children <= resources.dependent_children)
        return self.rates[min(reached + resources.disabled_children, len(self.rates)) - 1][1]

    def rows(self) -> tuple[PriceRow, ...]:
        """« 1 enfant : 0,0619 % des ressources mensuelles ; … ; 8 enfants et plus : … »."""
        ends = [children - 1 for children, _ in self.rates[1:]]
        return tuple(
            PriceRow(_say_children(children, end), f"{say_percent(rate)} des ressources mensuelles")
            for (children, rate), end in zip(self.rates, [*ends, None], strict=True)
        )


@dataclass(frozen=True, slots=True)
class ResourceBounds:
    """The euros a month between which resources count.

    ``raised_cap`` is the commune's own cap, agreed with its Caf: above the national ``cap``, never below.
    """

    floor: Decimal
    cap: Decimal
    raised_cap: Decimal | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.floor < self.cap:
            raise RuleError(f"resource_bounds from {self.floor} to {self.cap}: write the lower first, 0 or more")
        if self.raised_cap is not None and self.raised_cap <= self.cap:
            raise RuleError(
                f"resource_bounds raised_cap {self.raised_cap}: a commune's cap is above the national {self.cap}, "
                f"write more or leave it out"
            )

    @property
    def highest(self) -> Decimal:
        """The cap that applies."""
        return self.raised_cap or self.cap

    def say(self) -> str:
        """« de 814,62 € à 8 500,00 € par mois »."""
        raised = f" (plafond national : {_euros(self.cap)})" if self.raised_cap else ""
        return f"de {_euros(self.floor)} à {_euros(self.highest)} par mois{raised}"


class UnknownResources(Enum):
    """What counts for a household that does not tell its resources."""

    FLOOR = "plancher"
    CAP = "plafond"


@dataclass(frozen=True, slots=True)
class Psu(BasePrice):
    """The price of an hour under the PSU, with the rates and the bounds of the day of service."""

    rates: Versions[EffortRates]
    bounds: Versions[ResourceBounds]
    without_resources: UnknownResources
    rounding: Rounding

    def exact_hour(self, resources: Resources | None, day: date) -> Decimal:
        """The price of an hour on a day, in cents, before any rounding."""
        return self._counted(resources, day)[0] * self._rate(resources, day) * 100

    def hour(self, resources: Resources | None, day: date) -> int:
        """The price of an hour on a day, in cents."""
        return self.rounding.cents(self.exact_hour(resources, day))

    def line(self, situation: Situation) -> PriceLine:
        """« 3 000,00 € × 0,0516 % = 1,55 € de l'heure »."""
        resources, day = situation.resources, situation.day
        counted, why = self._counted(resources, day)
        cents = self.hour(resources, day)
        rate = say_percent(self._rate(resources, day))
        return PriceLine(f"{_euros(counted)}{why} × {rate} = {euros(cents)} de l'heure", cents)

    def rows(self) -> tuple[PriceRow, ...]:
        """The rates by number of children, the bounds of resources, and each change of either with its date."""
        return (
            *rows_by_date(self.rates, EffortRates.rows),
            PriceRow("par enfant en situation de handicap", "taux immédiatement inférieur"),
            PriceRow("ressources comptées", self.bounds.say(ResourceBounds.say)),
            PriceRow("sans justificatif de ressources", f"{self.without_resources.value} des ressources"),
        )

    def _counted(self, resources: Resources | None, day: date) -> tuple[Decimal, str]:
        bounds = self.bounds.on(day)
        if resources is None:
            at_floor = self.without_resources is UnknownResources.FLOOR
            amount = bounds.floor if at_floor else bounds.highest
            return amount, f" ({self.without_resources.value}, sans justificatif de ressources)"
        if resources.monthly < bounds.floor:
            return bounds.floor, " (plancher)"
        if resources.monthly > bounds.highest:
            return bounds.highest, " (plafond)"
        return Decimal(resources.monthly), ""

    def _rate(self, resources: Resources | None, day: date) -> Decimal:
        return self.rates.on(day).of(resources or Resources(0))


def effort_rates(*percents: tuple[int, str]) -> EffortRates:
    """Percentages as the Cnaf prints them, by first number of children: ``effort_rates((1, "0.0619"), (2, …), …)``."""
    return EffortRates(tuple((children, exact_number("effort_rates", percent) / 100) for children, percent in percents))


def resource_bounds(floor: str, cap: str, *, raised_cap: str | None = None) -> ResourceBounds:
    """Euros a month between quotes: ``resource_bounds("814.62", "8500")``."""
    raised = None if raised_cap is None else exact_number("resource_bounds raised_cap", raised_cap)
    return ResourceBounds(
        exact_number("resource_bounds floor", floor), exact_number("resource_bounds cap", cap), raised
    )


def psu(
    rates: EffortRates | Versions[EffortRates],
    bounds: ResourceBounds | Versions[ResourceBounds],
    *,
    without_resources: UnknownResources,
    rounding: Rounding = Rounding.HALF_UP,
) -> Psu:
    """The PSU's hourly price; ``versions(old, (date(2025, 9, 1), new))`` for rates or bounds that change on a date."""
    return Psu(
        rates if isinstance(rates, Versions) else versions(rates),
        bounds if isinstance(bounds, Versions) else versions(bounds),
        without_resources,
        rounding,
    )


CNAF_RATES = effort_rates((1, "0.0619"), (2, "0.0516"), (3, "0.0413"), (4, "0.031"), (8, "0.0206"))
"""Collective childcare, as printed by the notices in force on 1 September 2025."""

CNAF_BOUNDS = resource_bounds("814.62", "8500")
"""In force from 1 September 2025."""


def _euros(amount: Decimal) -> str:
    return euros(int(amount * 100))


def _say_children(first: int, last: int | None) -> str:
    if last is None:
        return f"{first} enfant{'s' if first > 1 else ''} et plus"
    if first == last:
        return f"{first} enfant{'s' if first > 1 else ''}"
    return f"de {first} à {last} enfants"
