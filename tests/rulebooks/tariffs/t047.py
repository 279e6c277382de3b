"""Strasbourg, canteen: twice the price from the seventh meal that was not booked (as the press has it).

The source does not say when the count starts again; chosen: every school year. The ordinary price is not in it either:
4,00 € is the base of the illustrations.
"""

from plugins.rules.quotas import QuotaSpan
from plugins.rules.tariffs import Tariff, When, constant, multiply

TARIFF = Tariff(
    {"repas": constant(400)},
    (multiply("2", when=When.from_unbooked(7, QuotaSpan.SCHOOL_YEAR), label="Repas non réservé, tarif double"),),
)
