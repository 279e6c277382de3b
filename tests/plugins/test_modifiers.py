"""Modifiers: another bracket, a share of the base price, and what each says."""

from datetime import date

import pytest

from plugins.rules.french import NBSP
from plugins.rules.tariffs import (
    BasePrice,
    Price,
    PriceLine,
    Situation,
    Tariff,
    When,
    add,
    add_share,
    brackets,
    by_child_rank,
    by_residency,
    by_time,
    choose,
    constant,
    dated,
    shift,
)
from tests.plugins.pricing import DAY, OUTSIDE, labels_of

THREE_BRACKETS = brackets((0, 400, 100), (401, 800, 250), (801, None, 350), without_qf=360)
LARGE_FAMILY = shift(-1, when=When.enrolled(3), label="au moins trois enfants inscrits")
TWO_UP = shift(2, when=When.OUTSIDE, label="hors communauté")


@pytest.mark.parametrize(
    ("base", "qf", "facts", "price"),
    [
        (THREE_BRACKETS, 700, {}, (250, "Quotient familial 700 : tranche de 401 à 800")),
        (THREE_BRACKETS, 700, {"children_enrolled": 3}, (100, "compté dans la tranche de 0 à 400")),
        (THREE_BRACKETS, 200, {"children_enrolled": 3}, (100, "compté dans la tranche de 0 à 400")),
        (THREE_BRACKETS, 200, {"residency": OUTSIDE}, (350, "compté dans la tranche 801 et plus")),
        (THREE_BRACKETS, 700, {"residency": OUTSIDE}, (350, "compté dans la tranche 801 et plus")),
        (THREE_BRACKETS, None, {"children_enrolled": 3}, (360, "Tarif sans quotient familial")),
        (
            by_time(THREE_BRACKETS, per=60, step=60),
            900,
            {"children_enrolled": 3, "minutes": 120},
            (500, "compté dans la tranche de 401 à 800, 2 h, à 2,50 € l'heure"),
        ),
        (
            by_child_rank(constant(900), by_residency(resident=THREE_BRACKETS, outside=constant(500))),
            900,
            {"children_enrolled": 3, "child_rank": 2},
            (250, "compté dans la tranche de 401 à 800, 2e enfant"),
        ),
        (
            dated(constant(1), (date(2026, 1, 1), choose((When.OUTSIDE, constant(2)), otherwise=THREE_BRACKETS))),
            900,
            {"children_enrolled": 3},
            (250, "compté dans la tranche de 401 à 800"),
        ),
    ],
)
def test_a_family_may_be_moved_to_another_bracket(
    base: BasePrice, qf: int | None, facts: dict[str, object], price: tuple[int, str]
) -> None:
    found = Tariff({"repas": base}, (LARGE_FAMILY, TWO_UP)).price(Situation(DAY, "repas", qf, **facts))  # type: ignore[arg-type]
    cents, label = price
    assert (found.cents, len(found.lines), label in labels_of(found)[0]) == (cents, 1, True)


def test_a_share_of_the_base_price_ignores_the_modifiers_before_it() -> None:
    tariff = Tariff(
        {"semaine": constant(5000)},
        (
            add(1000, when=When.LATE, label="Frais"),
            add_share("0.05", when=When.LATE, label="Hors délai"),
            add_share("-0.1", when=When.SIBLING_PRESENT, label="Fratrie"),
        ),
    )
    assert tariff.price(Situation(DAY, "semaine", None, late=True, siblings_present=1)) == Price(
        5750,
        (
            PriceLine("Tarif unique", 5000),
            PriceLine("Frais", 1000),
            PriceLine("Hors délai", 250),
            PriceLine("Fratrie", -500),
        ),
    )


def test_every_modifier_says_what_it_does() -> None:
    modifiers = (
        LARGE_FAMILY,
        TWO_UP,
        add_share("0.05", when=When.LATE, label="Retard"),
        add_share("-0.1", when=When.SIBLING_PRESENT, label="Fratrie"),
    )
    assert [modifier.say().replace(NBSP, " ") for modifier in modifiers] == [
        "au moins trois enfants inscrits (au moins 3 enfants inscrits) : 1 tranche plus bas",
        "hors communauté (hors commune) : 2 tranches plus haut",
        "Retard (hors délai) : +5 % du tarif de base",
        "Fratrie (frère ou sœur présent le même jour) : -10 % du tarif de base",
    ]
