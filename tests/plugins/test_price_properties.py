"""What holds for every tariff: brackets partition the line, prices are never negative, explanations add up."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from plugins.rules.brackets import Bracket, Brackets, Side, above, below, brackets
from plugins.rules.conditions import When
from plugins.rules.durations import StartedStep, by_time
from plugins.rules.modifiers import Modifier, Shift
from plugins.rules.psu import CNAF_BOUNDS, CNAF_RATES, UnknownResources, psu
from plugins.rules.tariffs import (
    BasePrice,
    Residency,
    Resources,
    Rounding,
    Situation,
    Tariff,
    add,
    add_share,
    by_child_rank,
    by_residency,
    choose,
    constant,
    effort,
    multiply,
    piecewise,
    replace,
    shift,
)

DAY = date(2026, 11, 12)
CENTS = st.integers(0, 5000)
QUOTIENTS = st.one_of(st.integers(0, 6000), st.decimals(0, 6000, places=2))


@st.composite
def grids(draw: st.DrawFn) -> Brackets:
    """Grids with every kind of border: neighbouring numbers, open, closed, with a gap and the side it goes to."""
    borders = sorted(draw(st.sets(st.integers(1, 3000).map(lambda number: number * 2), max_size=8)))
    rows: list[tuple[Any, Any, int]] = []
    start: Any = 0
    for border in borders:
        last, following = draw(
            st.sampled_from(
                [
                    (border, border + 1),
                    (below(border), border),
                    (border, above(border)),
                    (below(border), above(border)),
                    (f"{border}.25", f"{border}.80"),
                ]
            )
        )
        rows.append((start, last, draw(CENTS)))
        start = following
    return brackets(*rows, (start, None, draw(CENTS)), without_qf=draw(CENTS), between=draw(st.sampled_from(Side)))


PLAIN = st.one_of(
    st.builds(constant, CENTS),
    grids(),
    st.builds(
        effort,
        st.sampled_from(["0.0001", "0.0036", "0.0125"]),
        floor=st.just(50),
        cap=st.just(900),
        without_qf=st.just(900),
        rounding=st.sampled_from(Rounding),
    ),
    st.builds(piecewise, st.tuples(st.just(300), CENTS), st.tuples(st.just(2000), CENTS), without_qf=CENTS),
)
BASES = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.builds(by_residency, resident=inner, outside=inner),
        st.builds(by_child_rank, inner, inner),
        st.builds(lambda case, other: choose((When.LATE, case), otherwise=other), inner, inner),
        st.builds(by_time, inner, per=st.sampled_from([15, 30, 60]), step=st.sampled_from([1, 15, 60])),
    ),
    max_leaves=4,
)
FACTS = (When.LATE, When.NOT_BOOKED, When.OUTSIDE, When.SIBLING_PRESENT, When.OCCASIONAL, When.NO_QUOTIENT)
CONDITIONS = st.recursive(
    st.sampled_from(FACTS),
    lambda inner: st.one_of(
        st.builds(lambda one, other: one & other, inner, inner),
        st.builds(lambda one, other: one | other, inner, inner),
        st.builds(lambda one: ~one, inner),
    ),
    max_leaves=4,
)
LABELS: dict[str, Any] = {"label": st.just("Ajustement"), "when": CONDITIONS}
MODIFIERS = st.one_of(
    st.builds(add, st.integers(-2000, 2000).filter(bool), **LABELS),
    st.builds(add_share, st.sampled_from(["-1", "-0.5", "0.05", "2"]), rounding=st.sampled_from(Rounding), **LABELS),
    st.builds(
        multiply, st.sampled_from(["0", "0.333", "0.5", "1.05", "2"]), rounding=st.sampled_from(Rounding), **LABELS
    ),
    st.builds(replace, st.integers(0, 2000), **LABELS),
)
SHIFTS = st.builds(shift, st.sampled_from([-3, -1, 1, 2]), **LABELS)
SITUATIONS = st.builds(
    Situation,
    day=st.just(DAY),
    unit=st.just("repas"),
    qf=st.none() | QUOTIENTS,
    residency=st.sampled_from(Residency),
    child_rank=st.integers(1, 6),
    siblings_present=st.integers(0, 3),
    booked=st.booleans(),
    late=st.booleans(),
    regular=st.booleans(),
    minutes=st.none() | st.integers(0, 600),
)


def cents_of(base: BasePrice, **facts: Any) -> int:
    """The price of a meal under one base price."""
    return Tariff({"repas": base}).price(Situation(**{"day": DAY, "unit": "repas", "qf": None, **facts})).cents


@given(BASES, st.lists(SHIFTS, max_size=2), st.lists(MODIFIERS, max_size=5), SITUATIONS)
def test_a_price_is_never_negative_and_its_lines_add_up(
    base: BasePrice, shifts: list[Shift], modifiers: list[Modifier], situation: Situation
) -> None:
    tariff = Tariff({"repas": base}, (*(shifts if base.has_brackets else ()), *modifiers))
    price = tariff.price(situation)
    assert price.cents >= 0
    assert price.cents == sum(line.cents for line in price.lines)
    assert all(line.label for line in price.lines)
    assert tariff.say()


@given(grids(), QUOTIENTS)
def test_every_quotient_falls_in_exactly_one_bracket(grid: Brackets, qf: int | Decimal) -> None:
    """The printed bounds hold the quotient once at most; in a gap, it falls on the side that the author wrote."""
    holding = [row for row in grid.brackets if row.holds(qf)]
    line = grid.line(Situation(DAY, "repas", qf))
    assert len(holding) <= 1
    found = [row for row in grid.brackets if line.label.endswith(f"tranche {row.say()}")]
    assert found == (holding or [beside_gap(grid, qf)])
    assert line.cents == found[0].cents


def beside_gap(grid: Brackets, qf: int | Decimal) -> Bracket:
    """The bracket before or after the gap that holds a quotient."""
    before = [row for row in grid.brackets if row.first.value <= qf and not starts_after(row, qf)]
    return before[-1] if grid.between is Side.LOWER else grid.brackets[len(before)]


def starts_after(row: Bracket, qf: int | Decimal) -> bool:
    """True for « plus de 700 » and a quotient of 700."""
    return row.first.value == qf and not row.first.included


@given(QUOTIENTS, QUOTIENTS, st.sampled_from(Rounding))
def test_a_rate_of_effort_grows_with_the_quotient_between_its_bounds(
    one: int | Decimal, other: int | Decimal, rounding: Rounding
) -> None:
    base = effort("0.0036", floor=260, cap=1450, without_qf=1450, qf_floor=200, qf_cap=4000, rounding=rounding)
    low, high = cents_of(base, qf=min(one, other)), cents_of(base, qf=max(one, other))
    assert 260 <= low <= high <= 1450


@given(
    st.sampled_from(["0", "0.333", "1.5", "10"]),
    st.integers(-9000, 9000).filter(bool),
    CENTS,
    st.sampled_from(Rounding),
)
def test_a_discount_or_a_factor_never_goes_below_zero(factor: str, change: int, cents: int, rounding: Rounding) -> None:
    changes: list[Callable[[], Modifier]] = [
        lambda: multiply(factor, when=When.LATE, label="Facteur", rounding=rounding),
        lambda: add(change, when=When.LATE, label="Ajout"),
    ]
    for order in (changes, changes[::-1]):
        tariff = Tariff({"repas": constant(cents)}, tuple(change() for change in order))
        assert tariff.price(Situation(DAY, "repas", None, late=True)).cents >= 0


@given(
    st.integers(0, 1000),
    st.integers(0, 1000),
    st.sampled_from([15, 30, 60]),
    st.sampled_from([1, 15, 20, 60]),
    st.sampled_from(StartedStep),
    CENTS,
)
def test_more_minutes_never_cost_less(
    one: int, other: int, per: int, step: int, started: StartedStep, cents: int
) -> None:
    base = by_time(constant(cents), per=per, step=step, started=started)
    assert cents_of(base, minutes=min(one, other)) <= cents_of(base, minutes=max(one, other))


@given(st.decimals(0, 20_000, places=2), st.decimals(0, 20_000, places=2), st.integers(1, 9), st.integers(0, 1))
def test_the_psu_grows_with_resources_and_falls_with_children(
    one: Decimal, other: Decimal, children: int, disabled: int
) -> None:
    base = psu(CNAF_RATES, CNAF_BOUNDS, without_resources=UnknownResources.CAP)
    low, high = sorted((one, other))
    asked = [Resources(low, children, disabled), Resources(high, children, disabled), Resources(high, children + 1)]
    cheap, dear, one_child_more = (cents_of(base, resources=resources) for resources in asked)
    assert 17 <= cheap <= dear <= 526
    assert disabled or one_child_more <= dear
