"""Each price or condition that the portal cannot apply is named, wherever the author wrote it."""

from datetime import date

import pytest

from plugins.rules.aggregates import Per, minimum
from plugins.rules.brackets import Side
from plugins.rules.plans import card
from plugins.rules.prices import Regime
from plugins.rules.psu import CNAF_BOUNDS, CNAF_RATES
from plugins.rules.spans import MONTH
from plugins.rules.tariffs import (
    Tariff,
    UnknownResources,
    When,
    add,
    by_income,
    by_residency,
    by_time,
    choose,
    constant,
    dated,
    psu,
)
from plugins.rules.unrecorded import unrecorded, unrecorded_priorities
from plugins.rules.waiting_lists import Priority, WaitingListPolicy

MEAL = {"repas": constant(300)}
MSA = (When.regime(Regime.MSA), constant(200))
INCOME = by_income({1: (2300,)}, prices=(300, 400), without_income=400, at_threshold=Side.LOWER)
CRECHE = psu(CNAF_RATES, CNAF_BOUNDS, without_resources=UnknownResources.CAP)


@pytest.mark.parametrize(
    ("tariff", "words"),
    [
        (Tariff(MEAL, (add(150, when=When.LATE, label="Hors délai"),)), []),
        (Tariff(MEAL, (add(150, when=When.age(3, 5), label="Petits"),)), []),
        (
            Tariff(MEAL, (add(150, when=When.LATE & ~When.OCCASIONAL, label="Hors délai"),)),
            ["the modifier « Hors délai » depends on « occasionnel »"],
        ),
        (
            Tariff({"repas": dated(constant(300), (date(2026, 9, 1), choose(MSA, otherwise=constant(250))))}),
            ["the price of 'repas' depends on « régime agricole (MSA) »"],
        ),
        (
            Tariff({"repas": choose((When.level("CP") | When.case("PAI"), constant(0)), otherwise=constant(250))}),
            ["the price of 'repas' depends on « CP », « PAI »"],
        ),
        (
            Tariff({"accueil": by_time(by_residency(resident=INCOME, outside=CRECHE), per=60, step=30)}),
            ["the price of 'accueil' depends on the resources of the household"],
        ),
        (
            Tariff(MEAL, (add(-300, when=When.JUSTIFIED_ABSENCE, label="Absence excusée"),)),
            [],
        ),
        (
            Tariff(
                MEAL,
                aggregates=(minimum(500, label="Minimum", per=Per.CHILD, spans=MONTH, when=When.tranche("A", "B")),),
            ),
            ["the aggregate « Minimum » depends on « tranche A ou B »"],
        ),
        (
            Tariff(
                MEAL,
                extras={"retard": constant(500)},
                plans={"carte": card("Carte", constant(1800), units=frozenset({"repas"}), count=10, surcharges=())},
                extra_names={"retard": "Retard"},
            ),
            [
                "the package « Carte » depends on who subscribed to it",
                "the extra « Retard » depends on when it is due",
            ],
        ),
    ],
)
def test_what_depends_on_a_fact_that_no_screen_records_is_named(tariff: Tariff, words: list[str]) -> None:
    assert [*unrecorded(tariff)] == words


def test_a_priority_that_nobody_can_earn_is_named() -> None:
    policy = WaitingListPolicy(
        priorities=(
            Priority(~When.OUTSIDE, 10, "habitants"),
            Priority(When.enrolled(2) & When.case("Accueil d'urgence"), 50, "urgence"),
        )
    )
    assert unrecorded_priorities(policy) == ("the priority « urgence » depends on « Accueil d'urgence »",)
