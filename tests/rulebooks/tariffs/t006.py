"""Champcevinel, canteen: four brackets, the lowest at 1 €. Chosen: the highest price without quotient."""

from plugins.rules.tariffs import Tariff, brackets

TARIFF = Tariff(
    {"repas": brackets((0, 622, 100), (623, 1000, 330), (1001, 1500, 340), (1501, None, 350), without_qf=350)}
)
