"""Mametz, canteen: three brackets with open bounds. Chosen: the highest price without quotient.

Meals are paid in advance, 20 € for each child at least: that is a booking rule (prepayment), not a price.
"""

from plugins.rules.tariffs import Tariff, above, below, brackets

TARIFF = Tariff({"repas": brackets((0, below(700), 50), (700, 1000, 100), (above(1000), None, 310), without_qf=310)})
