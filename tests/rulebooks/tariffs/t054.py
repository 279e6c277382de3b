"""National PSU price of an hour, with the cap of resources that changes on 1 September 2024 and on 1 September 2025.

The notice gives the caps only. Filled: the floor of September 2025 throughout. Chosen: who does not tell its resources
pays the cap.
"""

from datetime import date

from plugins.rules.psu import CNAF_BOUNDS, CNAF_RATES, UnknownResources, psu, resource_bounds
from plugins.rules.tariffs import Tariff, versions

BOUNDS = versions(
    resource_bounds("814.62", "6000"),
    (date(2024, 9, 1), resource_bounds("814.62", "7000")),
    (date(2025, 9, 1), CNAF_BOUNDS),
)

TARIFF = Tariff({"heure": psu(CNAF_RATES, BOUNDS, without_resources=UnknownResources.CAP)})
