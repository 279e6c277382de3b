"""Prices by what a household earns a month, with thresholds that depend on how many children it supports."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from plugins.rules.brackets import Side
from plugins.rules.errors import RuleError
from plugins.rules.french import euros
from plugins.rules.grids import BasePrice, PriceRow
from plugins.rules.prices import PriceLine, Resources, Situation, refuse_negative


@dataclass(frozen=True, slots=True)
class IncomeThresholds:
    """The monthly incomes, in euros, at which the price changes for households with so many dependent children."""

    children: int
    incomes: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.incomes:
            raise RuleError("by_income: write at least one threshold, or a constant")
        if any(following <= income for income, following in pairwise((0, *self.incomes))):
            raise RuleError(f"by_income {self.incomes}: write euros above 0 in increasing order")


@dataclass(frozen=True, slots=True)
class ByIncome(BasePrice):
    """One price more than there are thresholds, the lowest income's first.

    The last thresholds hold for households with more children; ``at_threshold`` says on which side an income exactly
    on a threshold falls.
    """

    thresholds: tuple[IncomeThresholds, ...]
    prices: tuple[int, ...]
    without_income: int
    at_threshold: Side

    def __post_init__(self) -> None:
        refuse_negative("by_income without_income", self.without_income)
        for cents in self.prices:
            refuse_negative("by_income price", cents)
        if [row.children for row in self.thresholds] != list(range(1, max(1, len(self.thresholds)) + 1)):
            raise RuleError("by_income: write the thresholds for 1 child, 2 children and so on, leaving none out")
        for row in self.thresholds:
            if len(row.incomes) + 1 != len(self.prices):
                raise RuleError(
                    f"by_income: {len(self.prices)} prices need {len(self.prices) - 1} thresholds, "
                    f"{row.children} children have {len(row.incomes)}"
                )

    def line(self, situation: Situation) -> PriceLine:
        """The price of the household's income."""
        resources = situation.resources
        if resources is None:
            return PriceLine("Tarif sans justificatif de revenus", self.without_income)
        row = self._row(resources)
        bisect = bisect_left if self.at_threshold is Side.LOWER else bisect_right
        place = bisect(row.incomes, resources.monthly)
        income = euros(int(resources.monthly * 100))
        label = f"Revenu mensuel de {income}, {_children(row.children, self._is_last(row))} : {_range(row, place)}"
        return PriceLine(label, self.prices[place])

    def rows(self) -> tuple[PriceRow, ...]:
        """« 1 enfant, revenu jusqu'à 2 300,00 € : 4,25 € ; … ; revenu égal à une limite : tranche inférieure »."""
        rows = tuple(
            PriceRow(f"{_children(row.children, self._is_last(row))}, revenu {_range(row, place)}", euros(cents))
            for row in self.thresholds
            for place, cents in enumerate(self.prices)
        )
        border = PriceRow("revenu égal à une limite", self.at_threshold.value)
        return (*rows, border, PriceRow("sans justificatif de revenus", euros(self.without_income)))

    def _row(self, resources: Resources) -> IncomeThresholds:
        return self.thresholds[min(resources.dependent_children, len(self.thresholds)) - 1]

    def _is_last(self, row: IncomeThresholds) -> bool:
        return row is self.thresholds[-1]


def by_income(
    thresholds: Mapping[int, tuple[int, ...]], *, prices: tuple[int, ...], without_income: int, at_threshold: Side
) -> ByIncome:
    """``by_income({1: (2300, 3000), 2: (2700, 3400)}, prices=(425, 435, 450), …)``: euros a month, then cents."""
    rows = tuple(IncomeThresholds(children, incomes) for children, incomes in sorted(thresholds.items()))
    return ByIncome(rows, prices, without_income, at_threshold)


def _children(count: int, and_more: bool) -> str:
    return f"{count} enfant{'s' if count > 1 else ''}{' et plus' if and_more else ''}"


def _range(row: IncomeThresholds, place: int) -> str:
    edges = [euros(income * 100) for income in row.incomes]
    if place == 0:
        return f"jusqu'à {edges[0]}"
    if place == len(edges):
        return f"à partir de {edges[-1]}"
    return f"de {edges[place - 1]} à {edges[place]}"
