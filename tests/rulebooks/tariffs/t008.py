"""Trois-Bassins, canteen: brackets converted from francs, which leave gaps of a few cents.

A quotient in a gap is not covered by the page; chosen: the lower bracket, the cheaper. Households from elsewhere and
families without a CAF certificate pay 1,80 €.
"""

from plugins.rules.tariffs import Side, Tariff, above, below, brackets, by_residency, constant

MEAL = brackets(
    (0, below("228.67"), 60),
    ("228.83", "381.12", 90),
    ("381.27", "647.91", 115),
    (above("647.91"), None, 180),
    without_qf=180,
    between=Side.LOWER,
)

TARIFF = Tariff({"repas": by_residency(resident=MEAL, outside=constant(180))})
