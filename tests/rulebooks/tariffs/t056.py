"""Verrières-le-Buisson, crèche in 2018: the national rates with the commune's own cap, above the national one.

Chosen: a household that does not tell its resources pays that cap.
"""

from plugins.rules.psu import UnknownResources, effort_rates, psu, resource_bounds
from plugins.rules.tariffs import Tariff

RATES = effort_rates((1, "0.06"), (2, "0.05"), (3, "0.04"), (4, "0.03"), (8, "0.02"))
BOUNDS = resource_bounds("687.30", "4874.62", raised_cap="5550")

TARIFF = Tariff({"heure": psu(RATES, BOUNDS, without_resources=UnknownResources.CAP)})
