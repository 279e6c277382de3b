"""Suresnes, crèche: the national PSU price of an hour from September 2025.

Chosen: a household that does not tell its resources pays the cap.
"""

from plugins.rules.psu import CNAF_BOUNDS, CNAF_RATES, UnknownResources, psu
from plugins.rules.tariffs import Tariff

TARIFF = Tariff({"heure": psu(CNAF_RATES, CNAF_BOUNDS, without_resources=UnknownResources.CAP)})
