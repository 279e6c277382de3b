"""Mouais, care by the half-hour: quotient × 0,0027, the quotient kept between 200 and 2500, and a snack for 1,00 €.

The coefficient is the published one. Chosen: a started half-hour is due; a family without quotient pays the most.
"""

from plugins.rules.tariffs import Tariff, by_time, constant, effort

HALF_HOUR = effort("0.0027", floor=0, cap=675, without_qf=675, qf_floor=200, qf_cap=2500)

TARIFF = Tariff(
    {"accueil": by_time(HALF_HOUR, per=30, step=30)},
    extras={"gouter": constant(100)},
    extra_names={"gouter": "Goûter"},
)
