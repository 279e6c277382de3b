"""What the units of an activity cost: a base price per unit, then modifiers.

A commune writes its tariffs with the names of this module::

    Tariff({"repas": brackets((0, 400, 100), (401, None, 350), without_qf=350)},
           (multiply("1.5", when=When.LATE, label="Réservation hors délai"),))
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from plugins.rules.aggregates import Aggregate, refuse_order
from plugins.rules.brackets import Side, above, below, brackets, columns
from plugins.rules.choices import by_child_rank, by_residency, choose, dated
from plugins.rules.conditions import FromUnbooked, When
from plugins.rules.durations import StartedStep, by_time
from plugins.rules.errors import RuleError
from plugins.rules.grids import BasePrice, PriceRow, constant, effort, piecewise
from plugins.rules.incomes import by_income
from plugins.rules.modifiers import Modifier, Shift, add, add_share, multiply, replace, shift
from plugins.rules.parts import parts_of
from plugins.rules.plans import Card, Plan, kept_on
from plugins.rules.prices import Price, PriceLine, Regime, Residency, Resources, Rounding, Situation, total_of
from plugins.rules.psu import UnknownResources, effort_rates, psu, resource_bounds
from plugins.rules.quotas import QuotaSpan
from plugins.rules.versions import versions

__all__ = [
    "BasePrice",
    "Modifier",
    "Price",
    "PriceLine",
    "PriceRow",
    "Regime",
    "Residency",
    "Resources",
    "Rounding",
    "Side",
    "Situation",
    "StartedStep",
    "Tariff",
    "UnknownResources",
    "When",
    "above",
    "add",
    "add_share",
    "below",
    "brackets",
    "by_child_rank",
    "by_income",
    "by_residency",
    "by_time",
    "choose",
    "columns",
    "constant",
    "dated",
    "effort",
    "effort_rates",
    "multiply",
    "piecewise",
    "psu",
    "replace",
    "resource_bounds",
    "shift",
    "versions",
]


@dataclass(frozen=True, slots=True)
class Tariff:
    """The prices of an activity for a year: one base price per unit code, then the modifiers in their order.

    ``extras`` are charged without being a unit that a family ticks: late pick-up, membership card, snack. They are
    priced like a unit, by their code; a modifier concerns an extra only when it names it. ``extra_names`` call them in
    French, by code; one without a name is called by its code. ``plans`` are the packages « forfaits » by code: what
    they cover costs nothing by the day but the surcharges they keep. ``aggregates`` are the lines that the priced days
    of a household make together, in their order.
    """

    prices: Mapping[str, BasePrice]
    modifiers: tuple[Modifier, ...] = ()
    extras: Mapping[str, BasePrice] = field(default_factory=dict)
    plans: Mapping[str, Plan | Card] = field(default_factory=dict)
    aggregates: tuple[Aggregate, ...] = ()
    extra_names: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "prices", MappingProxyType(dict(self.prices)))
        object.__setattr__(self, "extras", MappingProxyType(dict(self.extras)))
        object.__setattr__(self, "plans", MappingProxyType(dict(self.plans)))
        object.__setattr__(self, "extra_names", MappingProxyType(dict(self.extra_names)))
        if not self.prices:
            raise RuleError("Tariff without prices: write one for each unit of the activity")
        if both := self.units & self.extras.keys():
            raise RuleError(f"Tariff: {min(both)!r} is a unit and an extra, give the extra another code")
        if priceless := self.extra_names.keys() - self.extras.keys():
            raise RuleError(f"Tariff extra_names: {min(priceless)!r} is no extra of this tariff, write its price first")
        for place, modifier in enumerate(self.modifiers):
            if unknown := modifier.units - self.units - self.extras.keys():
                raise RuleError(f"modifier « {modifier.label} »: unit {min(unknown)!r} has no price in this tariff")
            if isinstance(modifier, Shift):
                self._check_shift(modifier, self.modifiers[:place])
        refuse_order(self.aggregates)
        if len(spans := self._unbooked_spans()) > 1:
            said = " and ".join(sorted(span.name for span in spans))
            raise RuleError(f"Tariff counts unbooked presences by {said}: write one span for all of its conditions")
        self._check_surcharges()
        for rule in (*self.plans.values(), *self.aggregates):
            if unknown := rule.units - self.units:
                raise RuleError(f"« {rule.label} »: unit {min(unknown)!r} has no price in this tariff")

    def _check_shift(self, modifier: Shift, before: tuple[Modifier, ...]) -> None:
        concerned = [self._base(unit) for unit in modifier.units or self.units]
        if not any(base.has_brackets for base in concerned):
            raise RuleError(f"shift « {modifier.label} »: no bracket in the prices it concerns, remove it")
        if not all(isinstance(other, Shift) for other in before):
            raise RuleError(f"shift « {modifier.label} » changes the base price: write it before the other modifiers")

    def _check_surcharges(self) -> None:
        adding = {modifier.label for modifier in self.modifiers if not isinstance(modifier, Shift)}
        for package in parts_of((self.plans, self.aggregates)):
            if isinstance(package, Plan | Card) and (unknown := set(package.surcharges) - adding):
                what = f"« {package.label} » keeps the surcharge « {min(unknown)} »"
                raise RuleError(f"{what}: write the label of a modifier of this tariff, and not of a shift")

    @property
    def units(self) -> frozenset[str]:
        """The codes of the units that have a price, without the extras."""
        return frozenset(self.prices)

    @property
    def unbooked_span(self) -> QuotaSpan | None:
        """The span in which it counts presences without booking; None when no price depends on their number."""
        return next(iter(self._unbooked_spans()), None)

    def _unbooked_spans(self) -> frozenset[QuotaSpan]:
        return frozenset(part.per for part in parts_of(self) if isinstance(part, FromUnbooked))

    def price(self, situation: Situation) -> Price:
        """The price and its explanation; raises :class:`RuleError` for a code that the tariff does not know."""
        if situation.plan is not None and (plan := self._plan(situation.plan)).covers(situation.unit):
            kept = tuple(modifier for modifier in self.modifiers if modifier.label in plan.surcharges)
            lines = (*plan.unit_price().lines, *kept_on(plan, self._lines(situation, kept)))
        else:
            lines = self._lines(situation, self.modifiers)
        return Price(total_of(lines), lines)

    def _lines(self, situation: Situation, modifiers: tuple[Modifier, ...]) -> tuple[PriceLine, ...]:
        base = self._base(situation.unit)
        lines: tuple[PriceLine, ...] = (base.line(situation),)
        is_extra = situation.unit in self.extras
        for modifier in modifiers:
            if modifier.applies(situation) and (modifier.units or not is_extra):
                lines = modifier.change(lines, base, situation)
        return lines

    def _base(self, code: str) -> BasePrice:
        base = self.prices.get(code) or self.extras.get(code)
        if base is None:
            known = ", ".join(sorted(self.units | self.extras.keys()))
            raise RuleError(f"unit {code!r} has no price: this tariff knows {known}")
        return base

    def _plan(self, code: str) -> Plan | Card:
        plan = self.plans.get(code)
        if plan is None:
            raise RuleError(f"plan {code!r} has no price: this tariff knows {', '.join(sorted(self.plans)) or 'none'}")
        return plan

    def name_of(self, code: str) -> str:
        """How families call an extra; the code itself of a unit, and of an extra that has no name."""
        return self.extra_names.get(code, code)

    def say(self) -> str:
        """The tariff in French, a unit, an extra, a modifier, a package or an aggregate per line."""
        bases = [f"{self.name_of(code)} : {base.say()}" for code, base in (*self.prices.items(), *self.extras.items())]
        return "\n".join(bases + [rule.say() for rule in (*self.modifiers, *self.plans.values(), *self.aggregates)])
