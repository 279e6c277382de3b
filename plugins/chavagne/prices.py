"""What the activities of Chavagne cost. The guide prints no price: every figure here is ours."""

from plugins.hookspecs import hookimpl
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity
from plugins.rules.tariffs import BasePrice, Tariff, When, brackets, by_residency, constant, multiply

MEAL = by_residency(
    resident=brackets((0, 400, 100), (401, 800, 250), (801, 1200, 360), (1201, None, 450), without_qf=450),
    outside=constant(520),
)
CARE = brackets((0, 800, 110), (801, None, 160), without_qf=160)
LESSONS = brackets((0, 800, 80), (801, None, 120), without_qf=120)
HALF_DAY = brackets((0, 400, 250), (401, 800, 390), (801, 1200, 520), (1201, None, 640), without_qf=640)

PRICES: dict[str, dict[str, BasePrice]] = {
    "periscolaire": {"garderie-matin": CARE, "garderie-soir": CARE, "temps-des-lecons": LESSONS},
    "restauration": {"repas": MEAL},
    "alsh-mercredi": {"repas": MEAL, "apres-midi": HALF_DAY},
    "alsh-vacances": {"matin": HALF_DAY, "repas": MEAL, "apres-midi": HALF_DAY},
}


@hookimpl
def tariff(activity: Activity, year: SchoolYear) -> Tariff:
    """The same prices every year, until the council votes others; half as much again for a child not booked."""
    unannounced = multiply("1.5", when=When.NOT_BOOKED, label="Présence sans réservation")
    return Tariff(PRICES[activity.code], (unannounced,))
