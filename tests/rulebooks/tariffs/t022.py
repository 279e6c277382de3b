"""Boissy-Saint-Léger, canteen and leisure centre: seven letters A to G, other prices for elsewhere and for not booked.

Only the prices of A and G are in the source. Filled: those of B to F, in equal steps. Chosen: a household without a
letter pays as G. Children in ULIS or UPE2A classes count as residents.
"""

from plugins.rules.tariffs import Tariff, When, choose, constant

OUTSIDE = When.OUTSIDE & ~When.case("classe ULIS ou UPE2A")

MEAL = choose(
    (When.NOT_BOOKED & OUTSIDE, constant(1076)),
    (When.NOT_BOOKED, constant(761)),
    (OUTSIDE, constant(787)),
    (When.tranche("A"), constant(72)),
    (When.tranche("B"), constant(146)),
    (When.tranche("C"), constant(220)),
    (When.tranche("D"), constant(294)),
    (When.tranche("E"), constant(369)),
    (When.tranche("F"), constant(443)),
    otherwise=constant(517),
)
DAY = choose(
    (When.NOT_BOOKED & OUTSIDE, constant(1895)),
    (When.NOT_BOOKED, constant(1625)),
    (OUTSIDE, constant(1715)),
    (When.tranche("A"), constant(196)),
    (When.tranche("B"), constant(395)),
    (When.tranche("C"), constant(594)),
    (When.tranche("D"), constant(793)),
    (When.tranche("E"), constant(993)),
    (When.tranche("F"), constant(1192)),
    otherwise=constant(1391),
)

TARIFF = Tariff({"repas": MEAL, "journee": DAY})
