"""What the activities of Mellois en Poitou cost. The guide prints no price: every figure here is ours."""

from plugins.hookspecs import hookimpl
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity
from plugins.rules.tariffs import BasePrice, Tariff, When, brackets, constant, multiply

MEAL = brackets((0, 550, 210), (551, 900, 275), (901, None, 330), without_qf=330)
HALF_DAY = brackets((0, 550, 310), (551, 900, 460), (901, None, 590), without_qf=590)
DAY: dict[str, BasePrice] = {"matin": HALF_DAY, "repas": MEAL, "apres-midi": HALF_DAY}

PRICES: dict[str, dict[str, BasePrice]] = {
    "restauration": {"repas": MEAL},
    "garderie": {"matin": constant(130), "soir": constant(180)},
    "tap": {"atelier": constant(0)},
    "halte-garderie": {"matin": HALF_DAY, "apres-midi": HALF_DAY},
    "acm-mercredis": DAY,
    "acm-vacances": DAY,
    "accueil-jeunes": {"apres-midi": constant(200)},
}


@hookimpl
def tariff(activity: Activity, year: SchoolYear) -> Tariff:
    """The same prices every year, until the council votes others; a meal booked late costs a quarter more."""
    late = multiply("1.25", when=When.LATE, label="Réservation tardive")
    return Tariff(PRICES[activity.code], (late,) if activity.code == "restauration" else ())
