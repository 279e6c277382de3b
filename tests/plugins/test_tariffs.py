"""Tariffs: the grids that communes print, and the explanation that adds up to the price."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.rules.errors import RuleError
from plugins.rules.french import NBSP
from plugins.rules.prices import exact_number
from plugins.rules.tariffs import (
    BasePrice,
    Price,
    PriceLine,
    Residency,
    Rounding,
    Situation,
    Tariff,
    When,
    add,
    brackets,
    by_child_rank,
    by_residency,
    constant,
    effort,
    multiply,
    replace,
)

DAY = date(2026, 11, 12)
OUTSIDE = Residency.OUTSIDE

ONE_EURO_CANTEEN = brackets((0, 622, 100), (623, 1000, 330), (1001, 1500, 340), (1501, None, 350), without_qf=350)
SHARE_OF_QF = effort("0.0036", floor=260, cap=450, without_qf=450)
HALF_HOUR = effort("0.0027", floor=0, cap=10_000, without_qf=675, qf_floor=200, qf_cap=2500)


def price_of(base: BasePrice, qf: int | None = None, **facts: object) -> Price:
    """The price of a meal under one base price."""
    return Tariff({"repas": base}).price(Situation(DAY, "repas", qf, **facts))  # type: ignore[arg-type]


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
    ],
)
def test_an_impossible_rate_of_effort_is_refused(changes: dict[str, object], message: str) -> None:
    written: dict[str, object] = {"rate": "0.0036", "floor": 260, "cap": 450, "without_qf": 450}
    with pytest.raises(RuleError, match=message):
        effort(**{**written, **changes})  # type: ignore[arg-type]


def test_a_household_from_elsewhere_has_its_own_price() -> None:
    base = by_residency(resident=ONE_EURO_CANTEEN, outside=constant(787))
    assert price_of(base, 500) == Price(100, (PriceLine("Quotient familial 500 : tranche de 0 à 622", 100),))
    assert price_of(base, 500, residency=OUTSIDE) == Price(787, (PriceLine("Tarif unique, hors commune", 787),))


def test_the_price_may_fall_with_the_rank_of_the_child() -> None:
    base = by_child_rank(constant(377), constant(342), constant(310))
    assert [price_of(base, child_rank=rank) for rank in (1, 2, 3, 7)] == [
        Price(377, (PriceLine("Tarif unique, 1er enfant", 377),)),
        Price(342, (PriceLine("Tarif unique, 2e enfant", 342),)),
        Price(310, (PriceLine("Tarif unique, 3e enfant", 310),)),
        Price(310, (PriceLine("Tarif unique, 7e enfant", 310),)),
    ]
    with pytest.raises(RuleError, match="write at least two prices"):
        by_child_rank(constant(100))


CANTEEN = Tariff(
    {"repas": constant(285), "garderie": constant(130)},
    (
        add(200, when=When.NOT_BOOKED, label="Sans réservation", units=frozenset({"repas"})),
        multiply("1.5", when=When.LATE, label="Hors délai, +50 %"),
        add(-500, when=When.SIBLING_PRESENT, label="Frère ou sœur présent", units=frozenset({"garderie"})),
        replace(400, when=When.OUTSIDE, label="Tarif hors commune", units=frozenset({"repas"})),
    ),
)


@pytest.mark.parametrize(
    ("situation", "price"),
    [
        (Situation(DAY, "repas", None), Price(285, (PriceLine("Tarif unique", 285),))),
        (
            Situation(DAY, "repas", None, late=True),
            Price(428, (PriceLine("Tarif unique", 285), PriceLine("Hors délai, +50 %", 143))),
        ),
        (
            Situation(DAY, "repas", None, booked=False, late=True),
            Price(
                728,
                (
                    PriceLine("Tarif unique", 285),
                    PriceLine("Sans réservation", 200),
                    PriceLine("Hors délai, +50 %", 243),
                ),
            ),
        ),
        (Situation(DAY, "garderie", None, booked=False), Price(130, (PriceLine("Tarif unique", 130),))),
        (
            Situation(DAY, "garderie", None, siblings_present=1),
            Price(0, (PriceLine("Tarif unique", 130), PriceLine("Frère ou sœur présent", -130))),
        ),
        (
            Situation(DAY, "repas", None, residency=OUTSIDE, late=True),
            Price(400, (PriceLine("Tarif hors commune", 400),)),
        ),
    ],
)
def test_modifiers_apply_in_the_order_written(situation: Situation, price: Price) -> None:
    assert CANTEEN.price(situation) == price


def test_a_tariff_can_be_proof_read() -> None:
    tariff = Tariff(
        {
            "repas": by_residency(
                resident=brackets((0, 400, 100), (401, None, 350), without_qf=350), outside=constant(600)
            ),
            "soir": by_child_rank(effort("0.0036", floor=260, cap=450, without_qf=450, qf_floor=200), constant(200)),
            "matin": effort("0.002", floor=0, cap=450, without_qf=450, qf_cap=2500),
        },
        (
            *CANTEEN.modifiers[1:2],
            add(150, when=When.LATE, label="Frais"),
            replace(0, when=When.OUTSIDE, label="Offert"),
        ),
    )
    assert tariff.say().replace(NBSP, " ").splitlines() == [
        "repas : commune, QF de 0 à 400 : 1,00 € ; commune, QF 401 et plus : 3,50 € ; "
        "commune, QF entre deux tranches : tranche inférieure ; commune, sans QF : 3,50 € ; hors commune : 6,00 €",
        "soir : 1er enfant : 0,36 % du QF (au moins 200), de 2,60 € à 4,50 € ; 1er enfant, sans QF : 4,50 € ; "
        "2e enfant et suivants : 2,00 €",
        "matin : 0,2 % du QF (au plus 2500), de 0,00 € à 4,50 € ; sans QF : 4,50 €",
        "Hors délai, +50 % (hors délai) : × 1,5",
        "Frais (hors délai) : +1,50 €",
        "Offert (hors commune) : 0,00 €",
    ]


def test_a_tariff_knows_its_units_and_refuses_the_others() -> None:
    assert CANTEEN.units == frozenset({"repas", "garderie"})
    with pytest.raises(RuleError, match="unit 'piscine' has no price: this tariff knows garderie, repas"):
        CANTEEN.price(Situation(DAY, "piscine", None))


def test_a_tariff_cannot_be_changed_once_written() -> None:
    written: dict[str, BasePrice] = {"repas": constant(285)}
    tariff = Tariff(written)
    written["repas"] = constant(1)
    assert tariff.price(Situation(DAY, "repas", None)).cents == 285
    with pytest.raises(TypeError):
        tariff.prices["repas"] = constant(1)  # type: ignore[index]


def test_what_cannot_be_a_tariff_is_refused() -> None:
    with pytest.raises(RuleError, match="write one for each unit"):
        Tariff({})
    with pytest.raises(RuleError, match="modifier « Majoration »: unit 'gouter' has no price in this tariff"):
        Tariff({"repas": constant(1)}, (add(1, when=When.LATE, label="Majoration", units=frozenset({"gouter"})),))
    with pytest.raises(RuleError, match="label of the modifier for « hors délai »"):
        add(1, when=When.LATE, label=" ")
    with pytest.raises(RuleError, match=r"multiply -1: write a factor from 0 to 10"):
        multiply("-1", when=When.LATE, label="Remise")
    with pytest.raises(RuleError, match="constant: -1 cents"):
        constant(-1)
    with pytest.raises(RuleError, match="replace « Offert »: -1 cents"):
        replace(-1, when=When.LATE, label="Offert")
    with pytest.raises(RuleError, match="brackets without_qf: -1 cents"):
        brackets((0, None, 1), without_qf=-1)


def test_an_impossible_situation_is_refused() -> None:
    with pytest.raises(RuleError, match="never negative, write None when unknown"):
        Situation(DAY, "repas", -1)
    with pytest.raises(RuleError, match="the eldest is 1"):
        Situation(DAY, "repas", 1, child_rank=0)
    with pytest.raises(RuleError, match="count from 0"):
        Situation(DAY, "repas", 1, siblings_present=-1)


def test_lines_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(RuleError, match="Price of 300 cents: its lines add up to 285"):
        Price(300, (PriceLine("Tarif unique", 285),))
    with pytest.raises(RuleError, match="neither may be negative"):
        Price(-5, (PriceLine("Remise", -5),))


def test_an_exact_number_keeps_every_digit() -> None:
    assert str(exact_number("rate", "0.00360")) == "0.00360"


@st.composite
def grids(draw: st.DrawFn) -> BasePrice:
    ends = sorted(draw(st.sets(st.integers(0, 3000), max_size=8)))
    starts = [0, *(end + 1 for end in ends)]
    cents = draw(st.lists(st.integers(0, 5000), min_size=len(starts), max_size=len(starts)))
    return brackets(*zip(starts, [*ends, None], cents, strict=True), without_qf=max(cents))


BASES = st.one_of(
    st.builds(constant, st.integers(0, 5000)),
    grids(),
    st.builds(
        effort,
        st.sampled_from(["0.0001", "0.0036", "0.0125"]),
        floor=st.just(50),
        cap=st.just(900),
        without_qf=st.just(900),
    ),
)
CONDITIONS = (When.LATE, When.NOT_BOOKED, When.OUTSIDE, When.SIBLING_PRESENT)
LABELS = {"label": st.just("Ajustement"), "when": st.sampled_from(CONDITIONS)}
MODIFIERS = st.one_of(
    st.builds(add, st.integers(-2000, 2000), **LABELS),
    st.builds(
        multiply, st.sampled_from(["0", "0.333", "0.5", "1.05", "2"]), rounding=st.sampled_from(Rounding), **LABELS
    ),
    st.builds(replace, st.integers(0, 2000), **LABELS),
)
SITUATIONS = st.builds(
    Situation,
    day=st.just(DAY),
    unit=st.just("repas"),
    qf=st.none() | st.integers(0, 10_000),
    residency=st.sampled_from(Residency),
    child_rank=st.integers(1, 6),
    siblings_present=st.integers(0, 3),
    booked=st.booleans(),
    late=st.booleans(),
)


@given(BASES, BASES, st.lists(MODIFIERS, max_size=5), SITUATIONS)
def test_a_price_is_never_negative_and_its_lines_add_up(
    resident: BasePrice, outside: BasePrice, modifiers: list[object], situation: Situation
) -> None:
    base = by_child_rank(by_residency(resident=resident, outside=outside), outside)
    price = Tariff({"repas": base}, tuple(modifiers)).price(situation)  # type: ignore[arg-type]
    assert price.cents >= 0
    assert price.cents == sum(line.cents for line in price.lines)


@given(grids(), st.integers(0, 5000))
def test_every_quotient_has_a_price(grid: BasePrice, qf: int) -> None:
    assert price_of(grid, qf).cents >= 0
