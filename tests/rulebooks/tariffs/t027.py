"""2C2R, care: the half-hour and the lunch break by quotient, twice as much for households from elsewhere.

Chosen: a started half-hour is due, the highest row without quotient.
"""

from plugins.rules.tariffs import Tariff, When, by_time, columns, multiply

GRID = columns(
    ("demi-heure", "pause"),
    (0, 650, (30, 120)),
    (651, 1150, (48, 192)),
    (1151, None, (63, 252)),
    without_qf=(63, 252),
)

TARIFF = Tariff(
    {"accueil": by_time(GRID["demi-heure"], per=30, step=30), "pause-meridienne": GRID["pause"]},
    (multiply("2", when=When.OUTSIDE, label="Hors territoire, tarif double"),),
)
