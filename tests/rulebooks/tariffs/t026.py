"""Médoc Estuaire, care: a Wednesday half-day and a half-hour, by ten brackets.

The last row is printed « 1500 et + » after « 1251-1500 »; chosen: it starts at 1501. Chosen as well: a started
half-hour is due, the highest row without quotient.
"""

from plugins.rules.tariffs import Tariff, by_time, columns

GRID = columns(
    ("demi-journee", "demi-heure"),
    (0, 300, (240, 20)),
    (301, 400, (280, 25)),
    (401, 500, (320, 25)),
    (501, 600, (360, 30)),
    (601, 700, (400, 35)),
    (701, 850, (440, 35)),
    (851, 1000, (480, 35)),
    (1001, 1250, (520, 40)),
    (1251, 1500, (600, 45)),
    (1501, None, (680, 50)),
    without_qf=(680, 50),
)

TARIFF = Tariff({"accueil": by_time(GRID["demi-heure"], per=30, step=30), "demi-journee": GRID["demi-journee"]})
