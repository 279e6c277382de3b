"""Voreppe, day of the leisure centre: a price without threshold effect.

Only two points are public; chosen: a straight line between them, the same price before the first and after the last,
and the highest price without quotient.
"""

from plugins.rules.tariffs import Tariff, piecewise

TARIFF = Tariff({"journee": piecewise((1120, 2020), (3000, 2340), without_qf=2340)})
