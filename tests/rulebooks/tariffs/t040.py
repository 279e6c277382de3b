"""Limons, canteen at two prices, for regular and occasional children, and care by quotient.

The page prints « < 500 » then « 501 à 900 »; chosen: a quotient of 500 goes to the lower bracket, and the highest row
holds without quotient.
"""

from plugins.rules.tariffs import Side, Tariff, When, below, brackets, choose, constant

CARE = brackets(
    (0, below(500), 165),
    (501, 900, 175),
    (901, 1200, 200),
    (1201, None, 220),
    without_qf=220,
    between=Side.LOWER,
)

TARIFF = Tariff({"repas": choose((When.OCCASIONAL, constant(370)), otherwise=constant(250)), "garderie": CARE})
