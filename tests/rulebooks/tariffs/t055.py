"""PSU price of an hour in 2019, collective and family or micro crèches, and 1,66 € for children in care.

The source gives the rates of one child only. The collective rates of larger families are those of another commune of
that time (T056). Filled: the family rates of larger families. The price for children in care is the typed one: it is
not the rounded mean of floor and cap. Chosen: who does not tell its resources pays the cap.
"""

from plugins.rules.psu import UnknownResources, effort_rates, psu, resource_bounds
from plugins.rules.tariffs import Tariff, When, choose, constant

COLLECTIVE = effort_rates((1, "0.06"), (2, "0.05"), (3, "0.04"), (4, "0.03"), (8, "0.02"))
FAMILY = effort_rates((1, "0.05"), (2, "0.04"), (3, "0.03"), (4, "0.02"))
BOUNDS = resource_bounds("687.30", "4874.62")
IN_CARE = (When.case("enfant confié au département"), constant(166))

TARIFF = Tariff(
    {
        "collectif": choose(IN_CARE, otherwise=psu(COLLECTIVE, BOUNDS, without_resources=UnknownResources.CAP)),
        "familial": choose(IN_CARE, otherwise=psu(FAMILY, BOUNDS, without_resources=UnknownResources.CAP)),
    }
)
