"""Pyrénées Catalanes, canteen: ten instalments of a yearly package whatever the number of meals, or meal by meal.

The half package covers two fixed days a week. A year begun is due, which the page does not say.
"""

from plugins.rules.plans import Prorata, plan
from plugins.rules.spans import SCHOOL_YEAR
from plugins.rules.tariffs import Tariff, constant

MEALS = frozenset({"repas"})

FULL = plan(
    "Forfait", constant(60_000), units=MEALS, spans=SCHOOL_YEAR, prorata=Prorata.WHOLE, surcharges=(), instalments=10
)
HALF = plan(
    "Demi-forfait",
    constant(32_000),
    units=MEALS,
    spans=SCHOOL_YEAR,
    prorata=Prorata.WHOLE,
    surcharges=(),
    instalments=10,
)

TARIFF = Tariff({"repas": constant(520)}, plans={"forfait": FULL, "demi-forfait": HALF})
