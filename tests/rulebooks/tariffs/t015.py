"""Saint-Caprais-de-Bordeaux, canteen: two prices by residency, a PAI price, 2 € more for a meal that was not booked.

Chosen: the 2 € are added to the PAI price as well.
"""

from plugins.rules.tariffs import Tariff, When, add, by_residency, constant, replace

TARIFF = Tariff(
    {"repas": by_residency(resident=constant(285), outside=constant(400))},
    (
        replace(145, when=When.case("PAI panier-repas"), label="Encadrement PAI"),
        add(200, when=When.NOT_BOOKED, label="Repas pris sans inscription conforme"),
    ),
)
