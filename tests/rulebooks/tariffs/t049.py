"""La Motte, canteen: half the price of the meal for a child who brings its own under a PAI, on a base of 3,80 €.

The base is deduced from the 1,90 € that the parents' page quotes.
"""

from plugins.rules.tariffs import Tariff, When, constant, multiply

TARIFF = Tariff(
    {"repas": constant(380)},
    (multiply("0.5", when=When.case("PAI panier-repas"), label="Panier-repas PAI, frais d'accueil"),),
)
