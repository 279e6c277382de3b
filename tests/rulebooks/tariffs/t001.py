"""Fay-aux-Loges, canteen: 0,36 % of the quotient, from 2,60 € to 4,50 €; a PAI meal 1,75 €.

The page is silent about families without a quotient: they pay the most. Adults who eat there pay 4,80 €. The quotient
is that of 31 March; a change counts from the next month.
"""

from plugins.rules.tariffs import Tariff, When, effort, replace

TARIFF = Tariff(
    {"repas": effort("0.0036", floor=260, cap=450, without_qf=450)},
    (
        replace(175, when=When.case("PAI panier-repas"), label="PAI, repas fourni par la famille"),
        replace(480, when=When.case("adulte"), label="Repas adulte"),
    ),
)
