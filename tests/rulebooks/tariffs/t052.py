"""Montpellier, canteen: a price that grows with the quotient from 1,35 € to 6,55 €, and 0,50 € in great precarity.

The function itself is not public. Filled: a straight line from a quotient of 300 to one of 2000; the highest price
without quotient.
"""

from plugins.rules.tariffs import Tariff, When, piecewise, replace

TARIFF = Tariff(
    {"repas": piecewise((300, 135), (2000, 655), without_qf=655)},
    (replace(50, when=When.case("grande précarité"), label="Famille en grande précarité"),),
)
