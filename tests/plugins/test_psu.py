"""The PSU's price of an hour of crèche: resources between two bounds, rates by children, changes on a date."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from plugins.rules.errors import RuleError
from plugins.rules.psu import CNAF_BOUNDS, CNAF_RATES, UnknownResources, effort_rates, psu, resource_bounds
from plugins.rules.tariffs import Resources, Rounding, by_time, versions
from tests.plugins.pricing import DAY, labels_of, price_of, said

NATIONAL = psu(CNAF_RATES, CNAF_BOUNDS, without_resources=UnknownResources.CAP)
CHANGE = date(2025, 9, 1)
CAPS = versions(resource_bounds("700", "7000"), (CHANGE, resource_bounds("814.62", "8500")))


@pytest.mark.parametrize(
    ("monthly", "children", "disabled", "cents", "label"),
    [
        ("3000", 2, 0, 155, "3 000,00 € × 0,0516 % = 1,55 € de l'heure"),
        ("8500", 1, 0, 526, "8 500,00 € × 0,0619 % = 5,26 € de l'heure"),
        ("500", 1, 0, 50, "814,62 € (plancher) × 0,0619 % = 0,50 € de l'heure"),
        ("12000", 3, 0, 351, "8 500,00 € (plafond) × 0,0413 % = 3,51 € de l'heure"),
        ("2500", 4, 0, 78, "2 500,00 € × 0,031 % = 0,78 € de l'heure"),
        ("2500", 7, 0, 78, "2 500,00 € × 0,031 % = 0,78 € de l'heure"),
        ("2500", 8, 0, 52, "2 500,00 € × 0,0206 % = 0,52 € de l'heure"),
        ("3000", 2, 1, 124, "3 000,00 € × 0,0413 % = 1,24 € de l'heure"),
        ("3000", 2, 2, 93, "3 000,00 € × 0,031 % = 0,93 € de l'heure"),
        ("3000", 5, 1, 62, "3 000,00 € × 0,0206 % = 0,62 € de l'heure"),
        ("3000", 9, 3, 62, "3 000,00 € × 0,0206 % = 0,62 € de l'heure"),
    ],
)
def test_an_hour_costs_a_share_of_the_resources(
    monthly: str, children: int, disabled: int, cents: int, label: str
) -> None:
    price = price_of(NATIONAL, resources=Resources(Decimal(monthly), children, disabled))
    assert (price.cents, labels_of(price)) == (cents, [label])


@pytest.mark.parametrize(
    ("unknown", "label"),
    [
        (
            UnknownResources.CAP,
            "8 500,00 € (plafond, sans justificatif de ressources) × 0,0619 % = 5,26 € de l'heure",
        ),
        (
            UnknownResources.FLOOR,
            "814,62 € (plancher, sans justificatif de ressources) × 0,0619 % = 0,50 € de l'heure",
        ),
    ],
)
def test_who_does_not_tell_its_resources_pays_what_the_commune_wrote(unknown: UnknownResources, label: str) -> None:
    assert labels_of(price_of(psu(CNAF_RATES, CNAF_BOUNDS, without_resources=unknown))) == [label]


def test_bounds_change_on_a_date() -> None:
    base = psu(CNAF_RATES, CAPS, without_resources=UnknownResources.CAP)
    days = (date(2025, 8, 31), CHANGE)
    assert [price_of(base, day=day, resources=Resources(9000)).cents for day in days] == [433, 526]


def test_rates_change_on_a_date() -> None:
    rates = versions(effort_rates((1, "0.06"), (2, "0.05")), (CHANGE, CNAF_RATES))
    base = psu(rates, CNAF_BOUNDS, without_resources=UnknownResources.CAP)
    days = (date(2025, 8, 31), CHANGE)
    assert [price_of(base, day=day, resources=Resources(3000, 2)).cents for day in days] == [150, 155]
    assert [row.label for row in base.rows()][:3] == [
        "avant le lundi 1er septembre 2025, 1 enfant",
        "avant le lundi 1er septembre 2025, 2 enfants et plus",
        "à partir du lundi 1er septembre 2025, 1 enfant",
    ]
    assert "à partir du lundi 1er septembre 2025, 2 enfants : 0,0516 % des ressources mensuelles" in said(base)


def test_the_hour_is_known_exactly_and_to_the_cent() -> None:
    couple = Resources(3000, 2)
    assert (NATIONAL.exact_hour(couple, DAY), NATIONAL.hour(couple, DAY)) == (Decimal("154.8"), 155)


def test_the_rounding_is_the_communes() -> None:
    base = psu(CNAF_RATES, CNAF_BOUNDS, without_resources=UnknownResources.CAP, rounding=Rounding.DOWN)
    assert price_of(base, resources=Resources(3000, 2)).cents == 154


def test_hours_are_counted_like_any_price_by_time() -> None:
    price = price_of(by_time(NATIONAL, per=60, step=30), minutes=75, resources=Resources(3000, 2))
    assert (price.cents, labels_of(price)) == (
        233,
        ["3 000,00 € × 0,0516 % = 1,55 € de l'heure, 1 h 15 comptées 1 h 30, à 1,55 € l'heure"],
    )


def test_the_price_list_says_rates_and_bounds() -> None:
    bounds = resource_bounds("687.30", "4874.62", raised_cap="5550")
    base = psu(effort_rates((1, "0.06"), (3, "0.05")), bounds, without_resources=UnknownResources.FLOOR)
    assert said(base) == (
        "de 1 à 2 enfants : 0,06 % des ressources mensuelles ; 3 enfants et plus : 0,05 % des ressources mensuelles ; "
        "par enfant en situation de handicap : taux immédiatement inférieur ; "
        "ressources comptées : de 687,30 € à 5 550,00 € par mois (plafond national : 4 874,62 €) ; "
        "sans justificatif de ressources : plancher des ressources"
    )


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda: resource_bounds("800", "700"), "resource_bounds from 800 to 700: write the lower first"),
        (lambda: resource_bounds("800", "7000", raised_cap="6000"), "is above the national 7000, write more or leave"),
        (lambda: resource_bounds("800", "7000", raised_cap="7000"), "is above the national 7000, write more or leave"),
        (
            lambda: resource_bounds("800,5", "7000"),
            "resource_bounds floor '800,5': write a decimal number between quotes",
        ),
        (lambda: effort_rates((2, "0.05")), "write first the rate of 1 child"),
        (lambda: effort_rates(), "write first the rate of 1 child"),
        (lambda: effort_rates((1, "0.05"), (2, "0.05")), "write more children and a lower rate each time"),
        (lambda: effort_rates((1, "0.05"), (1, "0.04")), "write more children and a lower rate each time"),
        (lambda: effort_rates((1, "6.19")), "effort_rates 6.19: write the printed percentage, above 0 and below 1"),
        (lambda: effort_rates((1, "0.06"), (2, "-0.05")), "effort_rates -0.05: write the printed percentage"),
    ],
)
def test_rates_and_bounds_that_cannot_be_are_refused(write: Callable[[], object], message: str) -> None:
    with pytest.raises(RuleError, match=message):
        write()
