"""Baincthun, care: by the hour, two prices by quotient, others for elsewhere; an hour begun is due past a quarter.

The layout of the table is lost: 4,00 € and 4,40 € are taken as the prices for elsewhere. A quotient of 617 is in no row
(« < 617 », « > 617 »): reading A puts it in the lower one, reading B in the upper one. Chosen: the highest row without
quotient.
"""

from plugins.rules.tariffs import Side, Tariff, above, below, brackets, by_residency, by_time

RESIDENT_A = brackets((0, below(617), 110), (above(617), None, 120), without_qf=120, between=Side.LOWER)
OUTSIDE_A = brackets((0, below(617), 400), (above(617), None, 440), without_qf=440, between=Side.LOWER)
RESIDENT_B = brackets((0, below(617), 110), (above(617), None, 120), without_qf=120, between=Side.UPPER)
OUTSIDE_B = brackets((0, below(617), 400), (above(617), None, 440), without_qf=440, between=Side.UPPER)

READINGS = {
    "A": Tariff({"accueil": by_time(by_residency(resident=RESIDENT_A, outside=OUTSIDE_A), per=60, step=60, grace=15)}),
    "B": Tariff({"accueil": by_time(by_residency(resident=RESIDENT_B, outside=OUTSIDE_B), per=60, step=60, grace=15)}),
}
TARIFF = READINGS["A"]
