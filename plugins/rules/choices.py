"""Base prices chosen among others: by residency, rank of the child, any condition, or the day of service."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from plugins.rules.conditions import When
from plugins.rules.errors import RuleError
from plugins.rules.french import say_ordinal
from plugins.rules.grids import BasePrice, PriceRow, rows_by_date, rows_within
from plugins.rules.prices import PriceLine, Residency, Situation
from plugins.rules.versions import Versions, versions


@dataclass(frozen=True, slots=True)
class ByResidency(BasePrice):
    """One price for the commune's households, another for the others."""

    resident: BasePrice
    outside: BasePrice

    @property
    def has_brackets(self) -> bool:
        """True when one of the two has."""
        return self.resident.has_brackets or self.outside.has_brackets

    def line(self, situation: Situation) -> PriceLine:
        """The price of the household's side of the border."""
        return self._of(situation, lambda price: price.line(situation))

    def neighbour(self, situation: Situation, steps: int) -> PriceLine:
        """The same side of the border, another bracket."""
        return self._of(situation, lambda price: price.neighbour(situation, steps))

    def rows(self) -> tuple[PriceRow, ...]:
        """« commune, … ; hors commune, … »."""
        return rows_within("commune", self.resident.rows()) + rows_within("hors commune", self.outside.rows())

    def _of(self, situation: Situation, find: Callable[[BasePrice], PriceLine]) -> PriceLine:
        if situation.residency is Residency.RESIDENT:
            return find(self.resident)
        line = find(self.outside)
        return PriceLine(f"{line.label}, hors commune", line.cents)


@dataclass(frozen=True, slots=True)
class ByChildRank(BasePrice):
    """A price for the first child of the household, the second and so on; the last one holds for all that follow."""

    prices: tuple[BasePrice, ...]

    def __post_init__(self) -> None:
        if len(self.prices) < 2:
            raise RuleError("by_child_rank: write at least two prices, the first child's and the next one's")

    @property
    def has_brackets(self) -> bool:
        """True when one of the prices has."""
        return any(price.has_brackets for price in self.prices)

    def line(self, situation: Situation) -> PriceLine:
        """The price of the child's rank."""
        return self._of(situation, lambda price: price.line(situation))

    def neighbour(self, situation: Situation, steps: int) -> PriceLine:
        """The same rank, another bracket."""
        return self._of(situation, lambda price: price.neighbour(situation, steps))

    def rows(self) -> tuple[PriceRow, ...]:
        """« 1er enfant : 3,00 € ; 2e enfant et suivants : 2,00 € »."""
        last = len(self.prices)
        rows: tuple[PriceRow, ...] = ()
        for rank, price in enumerate(self.prices, 1):
            rows += rows_within(f"{say_ordinal(rank)} enfant{' et suivants' if rank == last else ''}", price.rows())
        return rows

    def _of(self, situation: Situation, find: Callable[[BasePrice], PriceLine]) -> PriceLine:
        line = find(self.prices[min(situation.child_rank, len(self.prices)) - 1])
        return PriceLine(f"{line.label}, {say_ordinal(situation.child_rank)} enfant", line.cents)


@dataclass(frozen=True, slots=True)
class Choice(BasePrice):
    """The price of the first condition that holds, in the order written, or the price of all the others."""

    cases: tuple[tuple[When, BasePrice], ...]
    otherwise: BasePrice

    def __post_init__(self) -> None:
        if not self.cases:
            raise RuleError("choose: write at least one condition with its price, or the price alone")
        conditions = [when for when, _ in self.cases]
        for place, when in enumerate(conditions):
            if when in conditions[:place]:
                raise RuleError(f"choose: two prices for « {when.say()} », the second is never read: keep one")

    @property
    def has_brackets(self) -> bool:
        """True when one of the prices has."""
        return self.otherwise.has_brackets or any(price.has_brackets for _, price in self.cases)

    def line(self, situation: Situation) -> PriceLine:
        """The price of the condition that holds."""
        return self._of(situation, lambda price: price.line(situation))

    def neighbour(self, situation: Situation, steps: int) -> PriceLine:
        """The same condition, another bracket."""
        return self._of(situation, lambda price: price.neighbour(situation, steps))

    def rows(self) -> tuple[PriceRow, ...]:
        """« PAI panier-repas : 1,75 € ; autres cas : 3,50 € »."""
        rows: tuple[PriceRow, ...] = ()
        for when, price in self.cases:
            rows += rows_within(when.say(), price.rows())
        return rows + rows_within("autres cas", self.otherwise.rows())

    def _of(self, situation: Situation, find: Callable[[BasePrice], PriceLine]) -> PriceLine:
        for when, price in self.cases:
            if when.holds(situation):
                line = find(price)
                return PriceLine(f"{line.label}, {when.say()}", line.cents)
        return find(self.otherwise)


@dataclass(frozen=True, slots=True)
class Dated(BasePrice):
    """Prices that follow one another: the day of service says which one holds."""

    versions: Versions[BasePrice]

    @property
    def has_brackets(self) -> bool:
        """True when one of the prices has."""
        return any(price.has_brackets for price in (self.versions.first, *(price for _, price in self.versions.later)))

    def line(self, situation: Situation) -> PriceLine:
        """The price on the day of service."""
        return self.versions.on(situation.day).line(situation)

    def neighbour(self, situation: Situation, steps: int) -> PriceLine:
        """The same day, another bracket."""
        return self.versions.on(situation.day).neighbour(situation, steps)

    def rows(self) -> tuple[PriceRow, ...]:
        """« avant le lundi 1er septembre 2025 : 3,00 € ; à partir du lundi 1er septembre 2025 : 3,20 € »."""
        return rows_by_date(self.versions, lambda price: price.rows())


def by_residency(*, resident: BasePrice, outside: BasePrice) -> ByResidency:
    """One price for the commune's households, another for the others."""
    return ByResidency(resident, outside)


def by_child_rank(*prices: BasePrice) -> ByChildRank:
    """The first child's price, the second's, …; the last one holds for all that follow."""
    return ByChildRank(prices)


def choose(*cases: tuple[When, BasePrice], otherwise: BasePrice) -> Choice:
    """``choose((When.regime(Regime.GENERAL), GRID), (When.level("maternelle"), constant(200)), otherwise=OTHER)``."""
    return Choice(cases, otherwise)


def dated(first: BasePrice, *later: tuple[date, BasePrice]) -> BasePrice:
    """``dated(old, (date(2025, 9, 1), new))``: the old price for services before that day, the new one from it on."""
    return Dated(versions(first, *later)) if later else first
