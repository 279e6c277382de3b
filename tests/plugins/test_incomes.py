"""Prices by monthly income, with thresholds by number of children."""

from decimal import Decimal
from typing import Any

import pytest

from plugins.rules.errors import RuleError
from plugins.rules.incomes import by_income
from plugins.rules.tariffs import Resources, Side
from tests.plugins.pricing import labels_of, price_of, said

THRESHOLDS = {1: (2300, 3000), 2: (2700, 3400)}
AFTERNOON: Any = {"prices": (425, 435, 450), "without_income": 460, "at_threshold": Side.LOWER}


@pytest.mark.parametrize(
    ("monthly", "children", "lower", "upper"),
    [
        ("0", 1, 425, 425),
        ("2299.99", 1, 425, 425),
        ("2300", 1, 425, 435),
        ("2300.01", 1, 435, 435),
        ("3000", 1, 435, 450),
        ("3000.01", 1, 450, 450),
        ("2700", 2, 425, 435),
        ("2700", 3, 425, 435),
        ("3400.01", 7, 450, 450),
    ],
)
def test_an_income_pays_the_price_between_its_thresholds(monthly: str, children: int, lower: int, upper: int) -> None:
    resources = Resources(Decimal(monthly), children)
    bases = [by_income(THRESHOLDS, **{**AFTERNOON, "at_threshold": side}) for side in (Side.LOWER, Side.UPPER)]
    assert [price_of(base, resources=resources).cents for base in bases] == [lower, upper]


def test_a_price_by_income_says_why() -> None:
    base = by_income(THRESHOLDS, **AFTERNOON)
    incomes = (Resources(2000), Resources(2500, 1), Resources(Decimal("3400.5"), 3), None)
    assert [labels_of(price_of(base, resources=resources))[0] for resources in incomes] == [
        "Revenu mensuel de 2 000,00 €, 1 enfant : jusqu'à 2 300,00 €",
        "Revenu mensuel de 2 500,00 €, 1 enfant : de 2 300,00 € à 3 000,00 €",
        "Revenu mensuel de 3 400,50 €, 2 enfants et plus : à partir de 3 400,00 €",
        "Tarif sans justificatif de revenus",
    ]
    assert price_of(base).cents == 460


def test_the_price_list_says_every_threshold() -> None:
    assert said(by_income({1: (2300,)}, prices=(425, 450), without_income=450, at_threshold=Side.UPPER)) == (
        "1 enfant et plus, revenu jusqu'à 2 300,00 € : 4,25 € ; "
        "1 enfant et plus, revenu à partir de 2 300,00 € : 4,50 € ; "
        "revenu égal à une limite : tranche supérieure ; sans justificatif de revenus : 4,50 €"
    )


@pytest.mark.parametrize(
    ("thresholds", "changes", "message"),
    [
        ({1: (3000, 2300)}, {}, "write euros above 0 in increasing order"),
        ({1: (0, 2300)}, {}, "write euros above 0 in increasing order"),
        ({1: (2300,)}, {}, "3 prices need 2 thresholds, 1 children have 1"),
        ({1: ()}, {"prices": (425,)}, "write at least one threshold"),
        ({}, {}, "write the thresholds for 1 child, 2 children and so on"),
        ({2: (2300, 3000)}, {}, "write the thresholds for 1 child, 2 children and so on"),
        (THRESHOLDS, {"without_income": -1}, "by_income without_income: -1 cents"),
        (THRESHOLDS, {"prices": (1, 2, -3)}, "by_income price: -3 cents"),
    ],
)
def test_thresholds_that_contradict_the_prices_are_refused(
    thresholds: dict[int, tuple[int, ...]], changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(RuleError, match=message):
        by_income(thresholds, **{**AFTERNOON, **changes})


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ((-1,), "write euros, 0 or more, as an int or a Decimal"),
        ((1.5,), "write euros, 0 or more, as an int or a Decimal"),
        ((Decimal("NaN"),), "write euros, 0 or more, as an int or a Decimal"),
        ((100, 0), "count the child who comes, from 1"),
        ((100, 1, 2), "write 0 to 1, they are among the dependent children"),
    ],
)
def test_resources_that_cannot_be_are_refused(facts: tuple[Any, ...], message: str) -> None:
    with pytest.raises(RuleError, match=message):
        Resources(*facts)
