"""Quiberon, canteen: 3 € more for a meal that was not booked, on the illustrations' base of 4,00 €."""

from plugins.rules.tariffs import Tariff, When, add, constant

TARIFF = Tariff(
    {"repas": constant(400)},
    (add(300, when=When.NOT_BOOKED, label="Repas pris sans réservation"),),
)
