"""Rives-du-Couesnon, late pick-up: 5 € for each quarter of an hour begun.

The price of the care itself is not in the source. Filled: 2,00 € an evening.
"""

from plugins.rules.tariffs import Tariff, by_time, constant

TARIFF = Tariff(
    {"soir": constant(200)},
    extras={"retard": by_time(constant(500), per=15, step=15)},
    extra_names={"retard": "Retard après la fermeture"},
)
