"""Massy, leisure centre: a day's price for the only Wednesday of a month, a monthly package from the second one on.

In the holidays the price is a week's from the second day on. The amounts cannot be read in the source: 15 €, 45 €,
18 € and 70 € are ours. Each started half-hour after 19 h costs 11 €.
"""

from plugins.rules.aggregates import switch_to
from plugins.rules.plans import Prorata, plan
from plugins.rules.spans import MONTH, WEEK
from plugins.rules.tariffs import Tariff, by_time, constant

MONTHLY = plan(
    "Forfait mensuel", constant(4500), units=frozenset({"mercredi"}), spans=MONTH, prorata=Prorata.WHOLE, surcharges=()
)
WEEKLY = plan(
    "Forfait semaine de vacances",
    constant(7000),
    units=frozenset({"vacances"}),
    spans=WEEK,
    prorata=Prorata.WHOLE,
    surcharges=(),
)

TARIFF = Tariff(
    {"mercredi": constant(1500), "vacances": constant(1800)},
    extras={"retard": by_time(constant(1100), per=30, step=30)},
    extra_names={"retard": "Retard après la fermeture"},
    plans={"mois": MONTHLY, "semaine": WEEKLY},
    aggregates=(switch_to(WEEKLY, from_day=2), switch_to(MONTHLY, from_day=2)),
)
