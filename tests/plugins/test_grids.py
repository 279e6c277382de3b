"""Base prices: rates of effort and prices without threshold."""

import pytest

from plugins.rules.errors import RuleError
from plugins.rules.french import NBSP
from plugins.rules.tariffs import (
    BasePrice,
    Rounding,
    effort,
    piecewise,
)
from tests.plugins.pricing import labels_of, price_of, said

SHARE_OF_QF = effort("0.0036", floor=260, cap=450, without_qf=450)
HALF_HOUR = effort("0.0027", floor=0, cap=10_000, without_qf=675, qf_floor=200, qf_cap=2500)


@pytest.mark.parametrize(
    ("base", "qf", "cents"),
    [
        (SHARE_OF_QF, 500, 260),
        (SHARE_OF_QF, 900, 324),
        (SHARE_OF_QF, 1000, 360),
        (SHARE_OF_QF, 1400, 450),
        (SHARE_OF_QF, None, 450),
        (HALF_HOUR, 800, 216),
        (HALF_HOUR, 100, 54),  # the quotient counts for 200
        (HALF_HOUR, 3000, 675),  # the quotient counts for 2500
    ],
)
def test_a_rate_of_effort_is_kept_between_its_bounds(base: BasePrice, qf: int | None, cents: int) -> None:
    assert price_of(base, qf).cents == cents


def test_a_rate_of_effort_shows_its_computation() -> None:
    assert [price_of(SHARE_OF_QF, qf).lines[0].label.replace(NBSP, " ") for qf in (500, 900, 1400)] == [
        "Quotient familial 500 : 0,36 % de 500, minimum 2,60 €",
        "Quotient familial 900 : 0,36 % de 900",
        "Quotient familial 1400 : 0,36 % de 1400, maximum 4,50 €",
    ]
    assert price_of(HALF_HOUR, 3000).lines[0].label.replace(NBSP, " ") == "Quotient familial 3000 : 0,27 % de 2500"


@pytest.mark.parametrize(
    ("rounding", "cents"),
    [(Rounding.HALF_UP, 3), (Rounding.HALF_EVEN, 2), (Rounding.UP, 3), (Rounding.DOWN, 2)],
)
def test_half_a_cent_is_rounded_as_the_commune_says(rounding: Rounding, cents: int) -> None:
    assert price_of(effort("0.005", floor=0, cap=100, without_qf=0, rounding=rounding), 5).cents == cents


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rate": "0,36"}, "write a decimal number between quotes, such as '0.0036'"),
        ({"rate": "NaN"}, "write a decimal number between quotes"),
        ({"rate": 0.0036}, "write a decimal number between quotes"),
        ({"rate": None}, "write a decimal number between quotes"),
        ({"rate": "1.5"}, "write euros per point of QF; 0,36 % is '0.0036'"),
        ({"floor": 500}, "effort cap 450 is below floor 500: swap them"),
        ({"floor": -1}, "effort floor: -1 cents, write 0 or more"),
        ({"without_qf": -1}, "effort without_qf: -1 cents"),
        ({"qf_floor": 800, "qf_cap": 200}, "effort QF kept between 800 and 200"),
        ({"qf_cap": 0}, "effort QF kept between 0 and 0: write 0 or more, then a higher one"),
    ],
)
def test_an_impossible_rate_of_effort_is_refused(changes: dict[str, object], message: str) -> None:
    written: dict[str, object] = {"rate": "0.0036", "floor": 260, "cap": 450, "without_qf": 450}
    with pytest.raises(RuleError, match=message):
        effort(**{**written, **changes})  # type: ignore[arg-type]


SMOOTH = piecewise((1120, 2020), (3000, 2340), (4000, 2350), without_qf=2400)


@pytest.mark.parametrize(
    ("qf", "cents", "label"),
    [
        (0, 2020, "Quotient familial 0 : jusqu'à 1120"),
        (1120, 2020, "Quotient familial 1120 : progressif de 1120 (20,20 €) à 3000 (23,40 €)"),
        (2060, 2180, "Quotient familial 2060 : progressif de 1120 (20,20 €) à 3000 (23,40 €)"),
        (3000, 2340, "Quotient familial 3000 : progressif de 3000 (23,40 €) à 4000 (23,50 €)"),
        (3050, 2341, "Quotient familial 3050 : progressif de 3000 (23,40 €) à 4000 (23,50 €)"),
        (4000, 2350, "Quotient familial 4000 : à partir de 4000"),
        (9000, 2350, "Quotient familial 9000 : à partir de 4000"),
        (None, 2400, "Tarif sans quotient familial"),
    ],
)
def test_a_price_without_threshold_follows_straight_lines(qf: int | None, cents: int, label: str) -> None:
    price = price_of(SMOOTH, qf)
    assert (price.cents, labels_of(price)) == (cents, [label])


def test_a_price_without_threshold_prints_its_points() -> None:
    assert said(piecewise((300, 135), (2000, 655), without_qf=700)) == (
        "QF jusqu'à 300 : 1,35 € ; QF de 300 à 2000 : progressif, de 1,35 € à 6,55 € ; "
        "QF à partir de 2000 : 6,55 € ; sans QF : 7,00 €"
    )


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([(0, 100)], "write at least two points"),
        ([(500, 100), (500, 200)], "quotient 500 does not come after 500, write them in order"),
        ([(0, 100), (500, -1)], "piecewise at quotient 500: -1 cents"),
    ],
)
def test_points_that_make_no_line_are_refused(points: list[tuple[int, int]], message: str) -> None:
    with pytest.raises(RuleError, match=message):
        piecewise(*points, without_qf=0)
