"""« Bienvenue sur votre espace citoyens »: the activities of its list, and the crèches that the guide is written for.

Hours, places and ages are ours.
"""

from datetime import time

from plugins.epagny.access import LOPTIOU, PIC_ET_PLUME
from plugins.hookspecs import hookimpl
from plugins.rules.calendar import (
    FULL_WEEK,
    IN_CLASS,
    IN_HOLIDAYS,
    ON_WEDNESDAYS,
    SCHOOL_WEEK,
    WEDNESDAY,
    SchoolCalendar,
    SchoolYear,
)
from plugins.rules.catalogue import (
    ONLINE,
    Activity,
    Catalogue,
    Enrolment,
    Pool,
    Preset,
    Unit,
    UnitRule,
    UnitRuleKind,
)
from plugins.rules.school_term import SchoolTerm, school_term

CALENDAR = SchoolCalendar("A")
ENFANCE = "enfance-jeunesse"

# Capacities are ours.
POOLS = (
    Pool("repas", "Repas du jour"),
    Pool("loisirs-matin", "Enfants présents à Croc'Loisirs le matin", 60),
    Pool("loisirs-apres-midi", "Enfants présents à Croc'Loisirs l'après-midi", 60),
    Pool("vacances", "Enfants présents à Croc'Vacances", 72),
    Pool("jeunes", "Jeunes présents à l'Espace Jeunes", 24),
    Pool("pic-et-plume", "Enfants présents à Pic & Plume", 25),
    Pool("loptiou", "Enfants présents à Loptiou", 15),
)


@hookimpl
def catalogue(year: SchoolYear) -> Catalogue:
    """« Accueil du matin et du soir, restauration scolaire, études surveillées », centres, Espace Jeunes, crèche."""
    term = school_term(CALENDAR, year)
    if term is None:
        return Catalogue(year, ())
    at_school = (_accueil(term), _restauration(term), _etudes(term))
    centres = (_croc_loisirs(term), _croc_vacances(year), _espace_jeunes(year))
    creches = (
        _creche("pic-et-plume", "Pic & Plume", PIC_ET_PLUME, year),
        _creche("loptiou", "Loptiou", LOPTIOU, year),
    )
    return Catalogue(year, (*at_school, *centres, *creches), POOLS)


def _accueil(term: SchoolTerm) -> Activity:
    morning = Unit("matin", "Accueil du matin", SCHOOL_WEEK, IN_CLASS, starts_at=time(7, 30), ends_at=time(8, 20))
    evening = Unit("soir", "Accueil du soir", SCHOOL_WEEK, IN_CLASS, starts_at=time(16, 30), ends_at=time(18, 30))
    return _school_activity("accueil", "Accueil du matin et du soir", term, (morning, evening))


def _restauration(term: SchoolTerm) -> Activity:
    times = (time(11, 30), time(13, 20))
    meal = Unit("repas", "Repas", SCHOOL_WEEK, IN_CLASS, ("repas",), *times, has_meal=True, is_care=False)
    return _school_activity("restauration", "Restauration scolaire", term, (meal,))


def _etudes(term: SchoolTerm) -> Activity:
    study = Unit("etude", "Étude surveillée", SCHOOL_WEEK, IN_CLASS, starts_at=time(16, 30), ends_at=time(17, 30))
    return _school_activity("etudes", "Études surveillées", term, (study,))


def _school_activity(code: str, label: str, term: SchoolTerm, units: tuple[Unit, ...]) -> Activity:
    return Activity(code, label, ENFANCE, "Groupes scolaires", term.first_day, term.last_day, units)


def _croc_loisirs(term: SchoolTerm) -> Activity:
    wednesday = frozenset({WEDNESDAY})
    return Activity(
        "croc-loisirs",
        "Croc'Loisirs (mercredis)",
        ENFANCE,
        "Croc'Loisirs",
        term.first_day,
        term.last_day,
        (
            Unit("matin", "Matin", wednesday, ON_WEDNESDAYS, ("loisirs-matin",)),
            Unit("repas", "Repas", wednesday, ON_WEDNESDAYS, ("repas",), has_meal=True, is_care=False),
            Unit("apres-midi", "Après-midi", wednesday, ON_WEDNESDAYS, ("loisirs-apres-midi",)),
        ),
        presets=(Preset("journee", "Journée", ("matin", "repas", "apres-midi")),),
        unit_rules=(UnitRule(UnitRuleKind.REQUIRES, "repas", ("matin",)),),
        enrolment=Enrolment(ONLINE),
    )


def _croc_vacances(year: SchoolYear) -> Activity:
    day = Unit("journee", "Journée avec repas", FULL_WEEK, IN_HOLIDAYS, ("repas", "vacances"), has_meal=True)
    return Activity(
        "croc-vacances",
        "Croc'Vacances",
        ENFANCE,
        "Croc'Vacances",
        year.first_day,
        year.last_day,
        (day,),
        enrolment=Enrolment(ONLINE),
    )


def _espace_jeunes(year: SchoolYear) -> Activity:
    afternoon = Unit("apres-midi", "Après-midi", FULL_WEEK, ON_WEDNESDAYS | IN_HOLIDAYS, ("jeunes",))
    return Activity(
        "espace-jeunes",
        "Espace Jeunes",
        ENFANCE,
        "Espace Jeunes",
        year.first_day,
        year.last_day,
        (afternoon,),
        enrolment=Enrolment(ONLINE, min_age=11, max_age=17),
    )


def _creche(code: str, name: str, mailbox: str, year: SchoolYear) -> Activity:
    """Booked by the service alone: its families read, pay, and write to the mailbox of the crèche."""
    day = Unit("journee", "Journée d'accueil", FULL_WEEK, IN_CLASS | ON_WEDNESDAYS | IN_HOLIDAYS, (code,))
    return Activity(
        code,
        f"Multi-accueil {name}",
        "petite-enfance",
        name,
        year.first_day,
        year.last_day,
        (day,),
        mailbox=mailbox,
    )
