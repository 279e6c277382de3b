"""Saint-Germain, care: a monthly package for mornings and evenings, for one of them, or a card of ten presences.

The page is cut after 42 €: 21,50 € and 18,50 € from a quotient of 840, and 2 € for a presence alone, are ours; a month
begun is due and who gives no quotient pays the highest price, which the page does not say.
"""

from plugins.rules.plans import Card, Plan, Prorata, card, plan
from plugins.rules.spans import MONTH
from plugins.rules.tariffs import Tariff, below, brackets, constant

BOTH_PRICES = brackets((0, below(840), 4100), (840, None, 4200), without_qf=4200)
ONE_PRICES = brackets((0, below(840), 2100), (840, None, 2150), without_qf=2150)
CARD_PRICES = brackets((0, below(840), 1800), (840, None, 1850), without_qf=1850)

CARE = frozenset({"matin", "soir"})
WHOLE = Prorata.WHOLE

PLANS: dict[str, Plan | Card] = {
    "matin-et-soir": plan("Forfait matin et soir", BOTH_PRICES, units=CARE, spans=MONTH, prorata=WHOLE, surcharges=()),
    "matin": plan("Forfait matin", ONE_PRICES, units=frozenset({"matin"}), spans=MONTH, prorata=WHOLE, surcharges=()),
    "soir": plan("Forfait soir", ONE_PRICES, units=frozenset({"soir"}), spans=MONTH, prorata=WHOLE, surcharges=()),
    "carte": card("Carte de 10 présences", CARD_PRICES, units=CARE, count=10, surcharges=()),
}

TARIFF = Tariff({"matin": constant(200), "soir": constant(200)}, plans=PLANS)
