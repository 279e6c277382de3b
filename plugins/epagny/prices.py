"""What the activities of Épagny Metz-Tessy cost: an effort rate of the family's quotient. Every figure is ours."""

from plugins.hookspecs import hookimpl
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity
from plugins.rules.tariffs import BasePrice, Tariff, When, add, constant, effort

MEAL = effort("0.0045", floor=180, cap=690, without_qf=690)
HALF_DAY = effort("0.0060", floor=240, cap=920, without_qf=920)
CRECHE = effort("0.0240", floor=400, cap=3600, without_qf=3600)
CARE = effort("0.0016", floor=70, cap=260, without_qf=260)

PRICES: dict[str, dict[str, BasePrice]] = {
    "accueil": {"matin": CARE, "soir": CARE},
    "restauration": {"repas": MEAL},
    "etudes": {"etude": constant(200)},
    "croc-loisirs": {"matin": HALF_DAY, "repas": MEAL, "apres-midi": HALF_DAY},
    "croc-vacances": {"journee": effort("0.0150", floor=650, cap=2400, without_qf=2400)},
    "espace-jeunes": {"apres-midi": effort("0.0030", floor=120, cap=480, without_qf=480)},
    "pic-et-plume": {"journee": CRECHE},
    "loptiou": {"journee": CRECHE},
}

LEISURE = ("croc-loisirs", "croc-vacances", "espace-jeunes")


@hookimpl
def tariff(activity: Activity, year: SchoolYear) -> Tariff:
    """The same rates every year, until the council votes others; leisure costs 2 € more to other communes' families."""
    outside = add(200, when=When.OUTSIDE, label="Supplément hors commune")
    return Tariff(PRICES[activity.code], (outside,) if activity.code in LEISURE else ())
