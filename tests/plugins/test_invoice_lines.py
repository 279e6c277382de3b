"""From priced days to invoice lines: nothing is lost, nothing is counted twice."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.rules.aggregates import Adjustment
from plugins.rules.calendar import DayKind
from plugins.rules.catalogue import Activity, Unit
from plugins.rules.french import NBSP
from plugins.rules.invoice_lines import PricedDay, adjustment_line, lines_of, part_due, say_days
from plugins.rules.invoicing import InvoiceLineItem, Origin
from plugins.rules.spans import MONTH
from plugins.rules.tariffs import Price, PriceLine

MONDAY, TUESDAY, THURSDAY = date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 5)
CODES = ("1", "restauration", "repas")
MEAL = Unit("repas", "Repas", frozenset({1, 2, 4, 5}), frozenset({DayKind.SCHOOL}))
CANTEEN = Activity("restauration", "Restauration scolaire", "enfance", "École", MONDAY, THURSDAY, (MEAL,))


def price(cents: int, label: str = "Tarif unique") -> Price:
    """A price of one line."""
    return Price(cents, (PriceLine(label, cents),))


def day(number: int, child: str = "Enfant1 TEST", cents: int = 360, note: str = "") -> PricedDay:
    """A meal of November 2026."""
    return PricedDay(child, "Restauration scolaire", "Repas", date(2026, 11, number), price(cents), CODES, note)


def test_the_days_of_one_price_make_one_line_that_names_them() -> None:
    assert lines_of([day(5), day(2), day(3)]) == (
        InvoiceLineItem(
            child="Enfant1 TEST",
            activity="Restauration scolaire",
            unit="Repas",
            quantity=3,
            unit_cents=360,
            total_cents=1080,
            detail=("Tarif unique : 3,60\N{NO-BREAK SPACE}€", "les 2, 3 et 5 novembre"),
            origin=Origin(*CODES, (MONDAY, TUESDAY, THURSDAY), (PriceLine("Tarif unique", 360),)),
        ),
    )


def test_another_price_another_child_and_another_reason_make_other_lines() -> None:
    lines = lines_of([day(2), day(3, cents=540, note="Présence sans réservation"), day(2, child="Enfant2 TEST")])
    assert [(line.child, line.unit_cents, line.detail[0]) for line in lines] == [
        ("Enfant1 TEST", 360, "Tarif unique : 3,60\N{NO-BREAK SPACE}€"),
        ("Enfant1 TEST", 540, "Présence sans réservation"),
        ("Enfant2 TEST", 360, "Tarif unique : 3,60\N{NO-BREAK SPACE}€"),
    ]


def test_the_same_amount_for_two_reasons_is_not_one_line() -> None:
    low = PricedDay("E", "A", "U", date(2026, 11, 2), price(360, "Tranche 1"), CODES)
    other = PricedDay("E", "A", "U", date(2026, 11, 3), price(360, "Tranche 2"), CODES)
    assert [line.quantity for line in lines_of([low, other])] == [1, 1]


@pytest.mark.parametrize(("child", "name"), [("1", "Enfant1 TEST"), (None, "")])
def test_what_days_make_together_is_a_line_without_unit_that_says_why(child: str | None, name: str) -> None:
    label = "Fratrie, novembre 2026 : 20 % de moins"
    discount = Adjustment(child, THURSDAY, label, -150, "Fratrie", MONTH.of(THURSDAY))
    assert adjustment_line(discount, CANTEEN, {"1": "Enfant1 TEST"}) == InvoiceLineItem(
        child=name,
        activity="Restauration scolaire",
        unit="",
        quantity=1,
        unit_cents=-150,
        total_cents=-150,
        detail=(label,),
        origin=Origin(child, "restauration", "", (THURSDAY,), (PriceLine(label, -150),), "Fratrie"),
    )


def test_no_day_makes_no_line() -> None:
    assert lines_of([]) == ()


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([date(2026, 12, 4)], "le 4 décembre"),
        ([date(2026, 11, 1), date(2026, 11, 2)], "les 1er et 2 novembre"),
        ([date(2026, 11, 30), date(2026, 12, 1)], "le 30 novembre, le 1er décembre"),
        ([date(2026, 12, 31), date(2027, 12, 1)], "le 31 décembre, le 1er décembre"),
    ],
)
def test_days_are_said_month_by_month(days: list[date], said: str) -> None:
    assert say_days(days) == said


consumed = st.lists(
    st.builds(
        day,
        st.integers(1, 30),
        st.sampled_from(["Enfant1 TEST", "Enfant2 TEST"]),
        st.integers(0, 1000),
        st.sampled_from(["", "Absence non justifiée"]),
    ),
    max_size=60,
)


@given(consumed)
def test_lines_add_up_to_the_days_whatever_they_are(days: list[PricedDay]) -> None:
    lines = lines_of(days)
    assert sum(line.total_cents for line in lines) == sum(each.price.cents for each in days)
    assert sum(line.quantity for line in lines) == len(days)


@pytest.mark.parametrize(
    ("percent", "lines"),
    [
        (100, [("Repas", 245)]),
        (50, [("Repas", 245), (f"Absence : 50{NBSP}% du prix restent dus, au centime le plus proche", -122)]),
        (10, [("Repas", 245), (f"Absence : 10{NBSP}% du prix restent dus, au centime le plus proche", -220)]),
        (0, [("Repas", 245), (f"Absence : 0{NBSP}% du prix restent dus, au centime le plus proche", -245)]),
    ],
)
def test_a_part_of_a_price_says_what_it_takes_off_and_how_it_is_rounded(
    percent: int, lines: list[tuple[str, int]]
) -> None:
    price = part_due(Price(245, (PriceLine("Repas", 245),)), percent)
    assert [(line.label, line.cents) for line in price.lines] == lines
