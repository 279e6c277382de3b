"""« Restauration, accueil périscolaire, centre de loisirs »: what Chailles offers, until when, for how much.

Step 2.3 of the guide: booking and cancelling follow the delays of the règlement. It prints neither site, delay nor
price: every one here is ours.
"""

from plugins.hookspecs import hookimpl
from plugins.rules.booking import BookingRules, Refuse
from plugins.rules.calendar import (
    FULL_WEEK,
    IN_CLASS,
    MONDAY,
    SCHOOL_WEEK,
    DayKind,
    SchoolCalendar,
    SchoolYear,
)
from plugins.rules.catalogue import Activity, Catalogue, Pool, Unit
from plugins.rules.days import CALENDAR_DAYS, SCHOOL_DAYS, days_before, previous_weekday
from plugins.rules.deadlines import END_OF_DAY, Deadline, at, before
from plugins.rules.school_term import school_term
from plugins.rules.tariffs import BasePrice, Tariff, brackets, constant

CALENDAR = SchoolCalendar("B")

OUT_OF_CLASS = frozenset({DayKind.WEDNESDAY, DayKind.HOLIDAY})

POOL = Pool("centre", "Enfants présents au centre de loisirs", 50)

MEAL = Unit("repas", "Repas", SCHOOL_WEEK, IN_CLASS, has_meal=True, is_care=False)
MORNING = Unit("matin", "Accueil du matin", SCHOOL_WEEK, IN_CLASS)
EVENING = Unit("soir", "Accueil du soir", SCHOOL_WEEK, IN_CLASS)
DAY = Unit("journee", "Journée avec repas", FULL_WEEK, OUT_OF_CLASS, (POOL.code,), has_meal=True)

MONDAY_BEFORE = at(previous_weekday(MONDAY), END_OF_DAY)
EVE = at(days_before(1, SCHOOL_DAYS), before(12))

DELAYS: dict[str, tuple[Deadline, Deadline]] = {
    "restauration": (MONDAY_BEFORE, EVE),
    "periscolaire": (EVE, EVE),
    "centre-de-loisirs": (
        at(days_before(14, CALENDAR_DAYS), END_OF_DAY),
        at(days_before(7, CALENDAR_DAYS), END_OF_DAY),
    ),
}

# « Elle commande les repas à l'avance, elle gère les plannings des animateurs et ATSEM. »
LATE = Refuse(
    "Les repas sont déjà commandés et les plannings des animateurs et des ATSEM établis : appelez le service Enfance "
    "Jeunesse au 02 57 79 72 11 ou au 02 54 46 30 65."
)

PRICES: dict[str, dict[str, BasePrice]] = {
    "restauration": {"repas": constant(355)},
    "periscolaire": {"matin": constant(150), "soir": constant(220)},
    "centre-de-loisirs": {"journee": brackets((0, 700, 980), (701, 1100, 1260), (1101, None, 1490), without_qf=1490)},
}


@hookimpl
def catalogue(year: SchoolYear) -> Catalogue:
    """The centre is open on Wednesdays and in holidays, the rest on days of class."""
    term = school_term(CALENDAR, year)
    if term is None:
        return Catalogue(year, ())
    service, school, centre = "enfance-jeunesse", "École de Chailles", "Centre de loisirs de Chailles"
    return Catalogue(
        year,
        (
            Activity("restauration", "Restauration scolaire", service, school, *term, units=(MEAL,)),
            Activity("periscolaire", "Accueil périscolaire", service, school, *term, units=(MORNING, EVENING)),
            Activity(
                "centre-de-loisirs", "Centre de loisirs", service, centre, year.first_day, year.last_day, units=(DAY,)
            ),
        ),
        (POOL,),
    )


@hookimpl
def booking_rules(activity: Activity) -> BookingRules:
    """Step 2.3: neither booked nor cancelled outside the days of the règlement, which need not be the same."""
    book, cancel = DELAYS[activity.code]
    return BookingRules(book, cancel, LATE)


@hookimpl
def tariff(activity: Activity, year: SchoolYear) -> Tariff:
    """The same prices every year, until the council votes others."""
    return Tariff(PRICES[activity.code])
