"""Saussay, canteen: a monthly card or the price of an occasional meal, both by number of children.

A meal not taken gives 3,85 € back, never on the month of a child who brings its own meal. A month begun is due, which
the page does not say. It does not say either whether 57 € and 55 € are for each child of a family of two or three
(reading A, the tariff) or for the second and the third child (reading B).
"""

from plugins.rules.plans import Prorata, plan
from plugins.rules.spans import MONTH
from plugins.rules.tariffs import Tariff, When, by_child_rank, choose, constant

MEALS = frozenset({"repas"})
TWO, THREE = When.enrolled(2), When.enrolled(3)

OCCASIONAL = choose((THREE, constant(425)), (TWO, constant(440)), otherwise=constant(450))
BY_FAMILY = choose((THREE, constant(5500)), (TWO, constant(5700)), otherwise=constant(5900))
BY_RANK = by_child_rank(constant(5900), constant(5700), constant(5500))

CARD = plan("Carte mensuelle", BY_FAMILY, units=MEALS, spans=MONTH, prorata=Prorata.WHOLE, surcharges=(), refund=385)
CARD_BY_RANK = plan(
    "Carte mensuelle", BY_RANK, units=MEALS, spans=MONTH, prorata=Prorata.WHOLE, surcharges=(), refund=385
)
OWN_MEAL = plan(
    "Surveillance sans repas", constant(2500), units=MEALS, spans=MONTH, prorata=Prorata.WHOLE, surcharges=()
)

PAI = {"pai-repas-specifique": constant(1200)}
PAI_NAME = {"pai-repas-specifique": "Repas spécifique (PAI)"}

TARIFF = Tariff({"repas": OCCASIONAL}, extras=PAI, plans={"carte": CARD, "sans-repas": OWN_MEAL}, extra_names=PAI_NAME)

READINGS = {
    "A": TARIFF,
    "B": Tariff(
        {"repas": OCCASIONAL}, extras=PAI, plans={"carte": CARD_BY_RANK, "sans-repas": OWN_MEAL}, extra_names=PAI_NAME
    ),
}
