"""Algolsheim, leisure centre: three prices by monthly income, with thresholds by number of children.

The layout of the table is lost: the pairs of thresholds are taken as those of one, two, and three children or more.
Chosen: an income exactly on a threshold pays the lower price, a household that tells none the highest.
"""

from plugins.rules.tariffs import Side, Tariff, by_income

THRESHOLDS = {1: (2300, 3000), 2: (2700, 3400), 3: (3800, 4400)}

TARIFF = Tariff(
    {
        "14h-16h": by_income(THRESHOLDS, prices=(425, 435, 450), without_income=450, at_threshold=Side.LOWER),
        "14h-18h": by_income(THRESHOLDS, prices=(850, 875, 900), without_income=900, at_threshold=Side.LOWER),
        "11h45-16h": by_income(THRESHOLDS, prices=(1125, 1135, 1150), without_income=1150, at_threshold=Side.LOWER),
        "11h45-18h": by_income(THRESHOLDS, prices=(1400, 1425, 1450), without_income=1450, at_threshold=Side.LOWER),
    }
)
