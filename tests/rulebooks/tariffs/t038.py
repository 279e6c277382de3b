"""Saint-Barnabé, canteen: sold by the week, one to four days, each at the same price."""

from plugins.rules.tariffs import Tariff, constant

TARIFF = Tariff({"repas": constant(277)})
