"""Noyers-sur-Cher, care before and after school: a package each term, or the price of an exceptional day.

The three prices are those of the terms that open in September, January and April; a term begun is due, which the page
does not say. Leaving after 18 h 30 costs 6 € each time, whatever the minutes.
"""

from plugins.rules.plans import Prorata, plan
from plugins.rules.spans import terms
from plugins.rules.tariffs import Tariff, constant

TERMLY = plan(
    "Forfait trimestriel",
    constant(5000),
    constant(3700),
    constant(3700),
    units=frozenset({"journee"}),
    spans=terms(9, 1, 4),
    prorata=Prorata.WHOLE,
    surcharges=(),
)

TARIFF = Tariff(
    {"journee": constant(350)},
    extras={"retard": constant(600)},
    plans={"trimestre": TERMLY},
    extra_names={"retard": "Retard après la fermeture"},
)
