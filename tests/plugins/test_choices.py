"""Base prices chosen by residency, rank, condition or day, and the rows that a price list prints."""

from datetime import date

import pytest

from plugins.rules.errors import RuleError
from plugins.rules.french import NBSP
from plugins.rules.tariffs import (
    Price,
    PriceLine,
    Situation,
    Tariff,
    When,
    brackets,
    by_child_rank,
    by_residency,
    choose,
    constant,
    dated,
)
from tests.plugins.pricing import OUTSIDE, price_of, said

ONE_EURO_CANTEEN = brackets((0, 622, 100), (623, 1000, 330), (1001, 1500, 340), (1501, None, 350), without_qf=350)


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


LEVELS = choose(
    (When.level("maternelle"), constant(200)),
    (When.OUTSIDE, constant(500)),
    otherwise=brackets((0, 400, 100), (401, None, 350), without_qf=350),
)


def test_the_first_condition_that_holds_chooses_the_price() -> None:
    assert [
        price_of(LEVELS, 300, **facts)
        for facts in ({"level": "maternelle", "residency": OUTSIDE}, {"residency": OUTSIDE}, {})
    ] == [
        Price(200, (PriceLine("Tarif unique, maternelle", 200),)),
        Price(500, (PriceLine("Tarif unique, hors commune", 500),)),
        Price(100, (PriceLine("Quotient familial 300 : tranche de 0 à 400", 100),)),
    ]
    with pytest.raises(RuleError, match="choose: write at least one condition with its price"):
        choose(otherwise=constant(1))
    with pytest.raises(RuleError, match="choose: two prices for « hors délai », the second is never read"):
        choose((When.LATE, constant(1)), (When.LATE, constant(2)), otherwise=constant(3))


def test_a_price_list_has_a_row_for_each_price() -> None:
    assert [(row.label, row.price.replace(NBSP, " ")) for row in LEVELS.rows()] == [
        ("maternelle", "2,00 €"),
        ("hors commune", "5,00 €"),
        ("autres cas, QF de 0 à 400", "1,00 €"),
        ("autres cas, QF 401 et plus", "3,50 €"),
        ("autres cas, QF entre deux tranches", "tranche inférieure"),
        ("autres cas, sans QF", "3,50 €"),
    ]


def test_a_price_changes_on_a_date() -> None:
    base = dated(constant(300), (date(2026, 9, 1), constant(320)), (date(2027, 9, 1), constant(330)))
    days = (date(2026, 8, 31), date(2026, 9, 1), date(2027, 8, 31), date(2027, 9, 1))
    assert [Tariff({"repas": base}).price(Situation(day, "repas", None)).cents for day in days] == [300, 320, 320, 330]
    assert said(base) == (
        "avant le mardi 1er septembre 2026 : 3,00 € ; à partir du mardi 1er septembre 2026 : 3,20 € ; "
        "à partir du mercredi 1er septembre 2027 : 3,30 €"
    )
    assert dated(constant(300)) == constant(300)
