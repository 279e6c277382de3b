"""« Cantine, étude, périscolaire matin/soir, mercredi, vacances »: what families enrol in and book, until when, for how
much.

The guide prints neither site, delay nor price: every one here is ours.
"""

from plugins.hookspecs import hookimpl
from plugins.rules.booking import BookingRules, Refuse
from plugins.rules.calendar import (
    FULL_WEEK,
    IN_CLASS,
    IN_HOLIDAYS,
    ON_WEDNESDAYS,
    SCHOOL_WEEK,
    THURSDAY,
    WEDNESDAY,
    SchoolCalendar,
    SchoolYear,
)
from plugins.rules.catalogue import ONLINE, Activity, Catalogue, Enrolment, Pool, Unit
from plugins.rules.days import CALENDAR_DAYS, WORKING_DAYS, days_before, weekday_of_week_before
from plugins.rules.deadlines import END_OF_DAY, Deadline, at, before
from plugins.rules.school_term import school_term
from plugins.rules.tariffs import BasePrice, Tariff, brackets, constant

CALENDAR = SchoolCalendar("C")
SERVICE = "enfance-education"

POOLS = (
    Pool("mercredi", "Enfants présents le mercredi", 64),
    Pool("vacances", "Enfants présents pendant les vacances", 48),
)

SITES = {"cantine": "Écoles", "etude": "Écoles", "periscolaire": "Écoles"}

UNITS = {
    "cantine": ("Cantine", (Unit("repas", "Repas", SCHOOL_WEEK, IN_CLASS, has_meal=True, is_care=False),)),
    "etude": ("Étude", (Unit("etude", "Étude", SCHOOL_WEEK, IN_CLASS),)),
    "periscolaire": (
        "Périscolaire matin et soir",
        (Unit("matin", "Matin", SCHOOL_WEEK, IN_CLASS), Unit("soir", "Soir", SCHOOL_WEEK, IN_CLASS)),
    ),
    "mercredi": (
        "Mercredi",
        (Unit("journee", "Journée", frozenset({WEDNESDAY}), ON_WEDNESDAYS, ("mercredi",), has_meal=True),),
    ),
    "vacances": ("Vacances", (Unit("journee", "Journée", FULL_WEEK, IN_HOLIDAYS, ("vacances",), has_meal=True),)),
}

DELAYS: dict[str, Deadline] = {
    "cantine": at(days_before(2, WORKING_DAYS), before(10)),
    "etude": at(days_before(1, WORKING_DAYS), END_OF_DAY),
    "periscolaire": at(days_before(1, WORKING_DAYS), END_OF_DAY),
    "mercredi": at(weekday_of_week_before(THURSDAY), END_OF_DAY),
    "vacances": at(days_before(21, CALENDAR_DAYS), END_OF_DAY),
}

DAY = brackets((0, 600, 790), (601, 1200, 1240), (1201, None, 1690), without_qf=1690)

PRICES: dict[str, dict[str, BasePrice]] = {
    "cantine": {"repas": brackets((0, 600, 210), (601, 1200, 390), (1201, None, 520), without_qf=520)},
    "etude": {"etude": constant(280)},
    "periscolaire": {"matin": constant(190), "soir": constant(310)},
    "mercredi": {"journee": DAY},
    "vacances": {"journee": DAY},
}


@hookimpl
def catalogue(year: SchoolYear) -> Catalogue:
    """« 1 - Gérer les activités de vos enfants (inscriptions, réservations […]) »: all are enrolled in online.

    Holidays run all year, the rest from the first to the last day of class.
    """
    term = school_term(CALENDAR, year)
    if term is None:
        return Catalogue(year, ())
    activities = tuple(
        Activity(
            code,
            label,
            SERVICE,
            SITES.get(code, "Centre de loisirs"),
            year.first_day if code == "vacances" else term.first_day,
            year.last_day if code == "vacances" else term.last_day,
            units,
            enrolment=Enrolment(ONLINE),
        )
        for code, (label, units) in UNITS.items()
    )
    return Catalogue(year, activities, POOLS)


@hookimpl
def booking_rules(activity: Activity) -> BookingRules:
    """One delay per activity, to book and to cancel alike."""
    delay = DELAYS[activity.code]
    return BookingRules(delay, delay, Refuse("Hors délai, écrivez à enfance-education@lemesnilsaintdenis.fr."))


@hookimpl
def tariff(activity: Activity, year: SchoolYear) -> Tariff:
    """The same prices every year, until the council votes others."""
    return Tariff(PRICES[activity.code])
