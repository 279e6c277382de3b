"""§7 of the guide: what families of Chavagne book, on which days, and between which dates."""

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
from plugins.rules.catalogue import ONLINE, Activity, Catalogue, Enrolment, Pool, Preset, Unit
from plugins.rules.school_term import SchoolTerm, school_term

CALENDAR = SchoolCalendar("B")
SCHOOL = "École élémentaire publique"
CENTRE = "Pôle Enfance"

# Capacities are ours. Morning and afternoon are counted apart: a child of the whole day takes one place in each.
POOLS = (
    Pool("repas", "Repas au restaurant municipal"),
    Pool("mercredi-apres-midi", "Enfants présents le mercredi après-midi", 48),
    Pool("vacances-matin", "Enfants présents le matin des vacances", 40),
    Pool("vacances-apres-midi", "Enfants présents l'après-midi des vacances", 40),
)


@hookimpl
def catalogue(year: SchoolYear) -> Catalogue:
    """Four activities: three from the first to the last day of class (02/09/2019–03/07/2020 in the guide)."""
    term = school_term(CALENDAR, year)
    if term is None:
        return Catalogue(year, ())
    return Catalogue(year, (_periscolaire(term), _restauration(term), _mercredi(term), _vacances(year)), POOLS)


def _periscolaire(term: SchoolTerm) -> Activity:
    return Activity(
        "periscolaire",
        "Accueil périscolaire",
        "enfance",
        SCHOOL,
        term.first_day,
        term.last_day,
        (
            Unit("garderie-matin", "Garderie du matin", SCHOOL_WEEK, IN_CLASS),
            Unit("garderie-soir", "Garderie du soir", SCHOOL_WEEK, IN_CLASS),
            Unit("temps-des-lecons", "Temps des leçons", SCHOOL_WEEK, IN_CLASS),
        ),
    )


def _restauration(term: SchoolTerm) -> Activity:
    return Activity(
        "restauration",
        "Restauration scolaire",
        "enfance",
        SCHOOL,
        term.first_day,
        term.last_day,
        (Unit("repas", "Repas du midi", SCHOOL_WEEK, IN_CLASS, ("repas",), has_meal=True, is_care=False),),
    )


def _mercredi(term: SchoolTerm) -> Activity:
    wednesday = frozenset({WEDNESDAY})
    return Activity(
        "alsh-mercredi",
        "Accueil de loisirs Mercredi",
        "enfance",
        CENTRE,
        term.first_day,
        term.last_day,
        (
            Unit("repas", "Repas", wednesday, ON_WEDNESDAYS, ("repas",), has_meal=True, is_care=False),
            Unit("apres-midi", "Après-midi", wednesday, ON_WEDNESDAYS, ("mercredi-apres-midi",)),
        ),
    )


def _vacances(year: SchoolYear) -> Activity:
    """« Pour réserver la journée, vous devez cocher matin, repas et après-midi »; enrolled online (§8, request 19).

    The text says « pendant les petites vacances scolaires », the screen above it 01/09/2019 to 31/08/2020: the dates
    are kept, so that summer is open too, until the commune says otherwise.
    """
    return Activity(
        "alsh-vacances",
        "Accueil de loisirs Vacances",
        "enfance",
        CENTRE,
        year.first_day,
        year.last_day,
        (
            Unit("matin", "Matin", FULL_WEEK, IN_HOLIDAYS, ("vacances-matin",)),
            Unit("repas", "Repas", FULL_WEEK, IN_HOLIDAYS, ("repas",), has_meal=True, is_care=False),
            Unit("apres-midi", "Après-midi", FULL_WEEK, IN_HOLIDAYS, ("vacances-apres-midi",)),
        ),
        presets=(Preset("journee", "Journée", ("matin", "repas", "apres-midi")),),
        enrolment=Enrolment(ONLINE),
    )
