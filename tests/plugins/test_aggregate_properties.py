"""Whatever the days and the aggregates: never below zero, the order is the written one, nothing is invoiced twice."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from plugins.rules.aggregates import (
    Adjustment,
    Aggregate,
    Charge,
    Per,
    Reach,
    adjustments,
    child_discount,
    first_counted,
    later_adjustments,
    maximum,
    minimum,
    switch_to,
    volume_discount,
)
from plugins.rules.calendar import SchoolYear
from plugins.rules.grids import constant
from plugins.rules.plans import Prorata, plan
from plugins.rules.prices import Price, PriceLine, Situation
from plugins.rules.spans import DAY, MONTH, WEEK

UNITS = ("matin", "soir")
RANKS = {"Zoé": 1, "Tom": 2, "Ana": 3}

some_units = st.sampled_from([frozenset(), frozenset({"matin"}), frozenset({"soir"})])
spans = st.sampled_from([DAY, WEEK, MONTH])
shares = st.sampled_from(["0.1", "0.333", "1"])


def package(cents: int, units: frozenset[str], from_day: int) -> Aggregate:
    """A monthly package that switches on."""
    covered = units or frozenset(UNITS)
    bought = plan("Forfait", constant(cents), units=covered, spans=MONTH, prorata=Prorata.WHOLE, surcharges=())
    return switch_to(bought, from_day=from_day)


cents = st.integers(0, 3000)
aggregates = st.lists(
    st.one_of(
        st.builds(minimum, cents, label=st.just("Min"), per=st.sampled_from(Per), spans=spans, units=some_units),
        st.builds(maximum, cents, label=st.just("Max"), per=st.sampled_from(Per), spans=spans, units=some_units),
        st.builds(child_discount, shares, from_child=st.integers(2, 3), label=st.just("Fratrie"), units=some_units),
        st.builds(
            volume_discount,
            shares,
            from_unit=st.integers(2, 6),
            reach=st.sampled_from(Reach),
            label=st.just("Nombre"),
            per=st.sampled_from(Per),
            spans=spans,
            units=some_units,
        ),
        st.builds(package, cents, some_units, st.integers(1, 4)),
    ),
    max_size=4,
    unique_by=lambda aggregate: aggregate.label,
)


def priced(offset: int, unit: str, child: str, price: int) -> Charge:
    """A priced unit of the autumn."""
    situation = Situation(date(2026, 11, 1) + timedelta(days=offset), unit, None, child_rank=RANKS[child])
    return Charge(child, situation, Price(price, (PriceLine("Tarif unique", price),)))


charges = st.lists(
    st.builds(priced, st.integers(0, 45), st.sampled_from(UNITS), st.sampled_from(sorted(RANKS)), cents),
    max_size=25,
    unique_by=lambda charge: (charge.child, charge.situation.day, charge.situation.unit),  # as bookings are
)


def total(aggregates: list[Aggregate], charges: list[Charge]) -> int:
    """Days and lines."""
    lines = adjustments(aggregates, charges)
    return sum(charge.price.cents for charge in charges) + sum(line.cents for line in lines)


@given(aggregates, charges)
def test_days_and_lines_are_never_below_zero(aggregates: list[Aggregate], charges: list[Charge]) -> None:
    assert total(aggregates, charges) >= 0


@given(aggregates, charges)
def test_days_given_in_another_order_make_the_same_lines(aggregates: list[Aggregate], charges: list[Charge]) -> None:
    assert sum(line.cents for line in adjustments(aggregates, charges)) == sum(
        line.cents for line in adjustments(aggregates, [*reversed(charges)])
    )


@given(aggregates, charges, st.integers(0, 12), st.integers(12, 25))
def test_invoiced_in_three_times_or_in_one_the_household_owes_the_same(
    aggregates: list[Aggregate], charges: list[Charge], first: int, second: int
) -> None:
    made: list[Adjustment] = []
    for begin, end in ((0, first), (first, second), (second, len(charges))):
        made += later_adjustments(aggregates, charges[:begin], made, charges[begin:end])
    owed = sum(charge.price.cents for charge in charges) + sum(line.cents for line in made)
    assert owed == total(aggregates, charges)


@given(st.integers(0, 3000), charges)
def test_a_maximum_and_a_minimum_alone_are_kept(cents: int, charges: list[Charge]) -> None:
    assert total([maximum(cents, label="Max", per=Per.HOUSEHOLD, spans=MONTH)], charges) <= 2 * cents
    raised = total([minimum(cents, label="Min", per=Per.HOUSEHOLD, spans=MONTH)], charges)
    assert raised >= cents * len({charge.situation.day.month for charge in charges if charge.price.cents})


@given(charges)
def test_no_aggregate_makes_no_line(charges: list[Charge]) -> None:
    assert adjustments([], charges) == ()


@given(aggregates, st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_no_span_lies_across_the_day_from_which_units_are_counted(aggregates: list[Aggregate], day: date) -> None:
    first = first_counted(aggregates, day)
    year = SchoolYear.of(day)
    assert year.first_day <= first <= day
    assert first == year.first_day or all(aggregate.spans.of(first).first == first for aggregate in aggregates)
