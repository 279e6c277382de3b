"""Brackets: open and closed bounds, decimals, gaps that the author settles, and tables of several columns."""

from decimal import Decimal
from typing import Any

import pytest

from plugins.rules.brackets import Below, Brackets, Side, above, below, brackets, columns
from plugins.rules.errors import RuleError
from plugins.rules.french import NBSP
from plugins.rules.tariffs import Price, PriceLine
from tests.plugins.pricing import labels_of, price_of

ONE_EURO_CANTEEN = brackets((0, 622, 100), (623, 1000, 330), (1001, 1500, 340), (1501, None, 350), without_qf=350)
OPEN_BOUNDS = brackets((0, below(700), 50), (700, 1000, 100), (above(1000), None, 310), without_qf=310)
WHOLE = brackets((0, 400, 100), (401, None, 350), without_qf=350)
CENTS = brackets((0, 308, 377), ("308.01", None, 553), without_qf=553)


def francs(between: Side | None) -> Brackets:
    """Brackets converted from francs, with gaps of some cents."""
    rows: Any = ((0, below("228.67"), 60), ("228.83", "381.12", 90), (above("647.91"), None, 180))
    return brackets(*rows, without_qf=180, between=between)


@pytest.mark.parametrize(
    ("grid", "qf", "cents"),
    [
        (OPEN_BOUNDS, "699.99", 50),
        (OPEN_BOUNDS, "700", 100),
        (OPEN_BOUNDS, "1000", 100),
        (OPEN_BOUNDS, "1000.01", 310),
        (WHOLE, "400.99", 100),
        (WHOLE, "401", 350),
        (CENTS, "308", 377),
        (CENTS, "308.004", 377),
        (CENTS, "308.01", 553),
        (francs(Side.LOWER), "228.67", 60),
        (francs(Side.LOWER), "228.82", 60),
        (francs(Side.LOWER), "228.83", 90),
        (francs(Side.LOWER), "647.91", 90),
        (francs(Side.LOWER), "647.92", 180),
        (francs(Side.UPPER), "228.66", 60),
        (francs(Side.UPPER), "228.67", 90),
        (francs(Side.UPPER), "381.12", 90),
        (francs(Side.UPPER), "381.13", 180),
    ],
)
def test_every_quotient_with_its_decimals_has_one_bracket(grid: Brackets, qf: str, cents: int) -> None:
    assert price_of(grid, Decimal(qf)).cents == cents


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([(0, below(450), 1), (451, None, 2)], "nothing between 450 and 451: start it at 450, or say between="),
        ([(0, "228.67", 1), ("228.83", None, 2)], r"nothing between 228.67 and 228.83: start it at 228.68, or say"),
        ([(0, below(617), 1), (above(617), None, 2)], "nothing between 617 and 617: start it at 617, or say between="),
        ([(0, 617, 1), (617, None, 2)], "617 is in two brackets: start the second at 618"),
        ([(0, "617.5", 1), ("617.5", None, 2)], "617.5 is in two brackets: start the second at 617.6"),
        ([(above(0), None, 1)], "the first bracket starts at 0"),
        ([(0, 5, 1), (above(6), 6, 1), (7, None, 1)], "bracket from 6 to 6: no quotient is in it, remove it"),
        ([(0, "4,5", 1), (5, None, 1)], "bound of a bracket '4,5': write a decimal number between quotes"),
        ([(Below(3), None, 1)], "bound of a bracket Below"),
    ],
)
def test_a_gap_that_nobody_settles_is_refused(rows: list[Any], message: str) -> None:
    with pytest.raises(RuleError, match=message):
        brackets(*rows, without_qf=0)


def test_brackets_are_said_as_they_are_printed() -> None:
    grid = brackets(
        (0, below(700), 50),
        (700, below(900), 100),
        (900, "1000.5", 200),
        (above("1000.5"), 1500, 300),
        (above(1500), None, 310),
        without_qf=310,
    )
    assert [row.label for row in grid.rows()] == [
        "QF moins de 700",
        "QF de 700 à moins de 900",
        "QF de 900 à 1000,5",
        "QF plus de 1000,5, jusqu'à 1500",
        "QF plus de 1500",
        "sans QF",
    ]
    assert labels_of(price_of(grid, Decimal("950.50"))) == ["Quotient familial 950,5 : tranche de 900 à 1000,5"]


@pytest.mark.parametrize(
    ("grid", "said"),
    [
        (WHOLE, "tranche inférieure"),
        (francs(Side.LOWER), "tranche inférieure"),
        (francs(Side.UPPER), "tranche supérieure"),
    ],
)
def test_the_side_of_a_gap_is_said(grid: Brackets, said: str) -> None:
    assert [row.price for row in grid.rows() if row.label == "QF entre deux tranches"] == [said]


def test_a_grid_without_gap_says_nothing_of_gaps() -> None:
    assert OPEN_BOUNDS.say().replace(NBSP, " ") == (
        "QF moins de 700 : 0,50 € ; QF de 700 à 1000 : 1,00 € ; QF plus de 1000 : 3,10 € ; sans QF : 3,10 €"
    )


def test_a_printed_table_has_one_grid_for_each_column() -> None:
    table = columns(("journee", "demi-journee"), (0, 400, (700, 350)), (401, None, (900, 450)), without_qf=(900, 450))
    assert table == {
        "journee": brackets((0, 400, 700), (401, None, 900), without_qf=900),
        "demi-journee": brackets((0, 400, 350), (401, None, 450), without_qf=450),
    }


def test_a_table_with_a_missing_price_is_refused() -> None:
    with pytest.raises(RuleError, match="columns: row 401 has 1 prices for 2 columns, write one for each"):
        columns(("a", "b"), (0, 400, (1, 2)), (401, None, (3,)), without_qf=(3, 4))
    with pytest.raises(RuleError, match="columns: row without_qf has 3 prices for 2 columns"):
        columns(("a", "b"), (0, None, (1, 2)), without_qf=(3, 4, 5))


@pytest.mark.parametrize(
    ("qf", "cents"),
    [(0, 100), (622, 100), (623, 330), (1000, 330), (1001, 340), (1500, 340), (1501, 350), (10**9, 350), (None, 350)],
)
def test_a_quotient_falls_in_exactly_one_bracket(qf: int | None, cents: int) -> None:
    assert price_of(ONE_EURO_CANTEEN, qf).cents == cents


def test_a_bracket_price_says_which_bracket() -> None:
    assert price_of(ONE_EURO_CANTEEN, 700) == Price(
        330, (PriceLine("Quotient familial 700 : tranche de 623 à 1000", 330),)
    )
    assert price_of(ONE_EURO_CANTEEN, 2000) == Price(
        350, (PriceLine("Quotient familial 2000 : tranche 1501 et plus", 350),)
    )
    assert price_of(ONE_EURO_CANTEEN) == Price(350, (PriceLine("Tarif sans quotient familial", 350),))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([(0, 400, 100), (402, None, 200)], "nothing between 400 and 402: start it at 401"),
        ([(0, 400, 100), (400, None, 200)], "400 is in two brackets: start the second at 401"),
        ([(0, 800, 100), (401, None, 200)], "401 is in two brackets: start the second at 801"),
        ([(0, None, 100), (401, None, 200)], "0 et plus leaves nothing for the bracket from 401: remove either"),
        ([(1, None, 100)], "the first bracket starts at 0"),
        ([], "the first bracket starts at 0"),
        ([(0, 400, 100), (401, 800, 200)], "brackets stop at 800: write None as the end of the last one"),
        ([(0, None, -1)], "bracket from 0: -1 cents, write 0 or more"),
        ([(0, -5, 100)], "bracket from 0 to -5: swap the two bounds"),
    ],
)
def test_a_grid_with_a_gap_or_an_overlap_is_refused(rows: list[tuple[int, int | None, int]], message: str) -> None:
    with pytest.raises(RuleError, match=message):
        brackets(*rows, without_qf=0)
