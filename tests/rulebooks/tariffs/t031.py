"""Vatteville-la-Rue, care: every started half-hour of the evening is due; two fixed prices in the morning."""

from plugins.rules.tariffs import Tariff, by_time, constant

TARIFF = Tariff(
    {
        "soir": by_time(constant(115), per=30, step=30),
        "matin-7h30": constant(290),
        "matin-8h30": constant(60),
    }
)
