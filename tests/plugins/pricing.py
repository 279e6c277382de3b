"""The price of a unit under one base price, and what its lines say."""

from datetime import date
from decimal import Decimal
from typing import Any

from plugins.rules.french import NBSP
from plugins.rules.tariffs import BasePrice, Price, Residency, Situation, Tariff

DAY = date(2026, 11, 12)
OUTSIDE = Residency.OUTSIDE


def price_of(base: BasePrice, qf: int | Decimal | None = None, **facts: Any) -> Price:
    """The price of a meal on 12 November 2026, unless the facts say another day."""
    return Tariff({"repas": base}).price(Situation(**{"day": DAY, "unit": "repas", "qf": qf, **facts}))


def labels_of(price: Price) -> list[str]:
    """What the lines say, with ordinary spaces."""
    return [line.label.replace(NBSP, " ") for line in price.lines]


def said(base: BasePrice) -> str:
    """What the price list says, with ordinary spaces."""
    return base.say().replace(NBSP, " ")
