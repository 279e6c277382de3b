"""Vailhauquès, canteen: half as much again when booked late, a fixed price for who comes or stays away unannounced.

The ordinary price is not in the source: 4,00 € is the base of the illustrations.
"""

from plugins.rules.tariffs import Tariff, When, constant, multiply, replace

TARIFF = Tariff(
    {"repas": constant(400)},
    (
        multiply("1.5", when=When.LATE, label="Repas hors délai, +50 %"),
        replace(299, when=When.UNJUSTIFIED_ABSENCE, label="Absence injustifiée"),
        replace(1000, when=When.NOT_BOOKED, label="Présence sans réservation"),
    ),
)
