"""« Procédure d'inscription »: which activities of Mellois en Poitou open on 1 June, and which on 1 September."""

from datetime import date, time

from plugins.hookspecs import hookimpl
from plugins.rules.calendar import (
    FRIDAY,
    FULL_WEEK,
    IN_CLASS,
    IN_HOLIDAYS,
    ON_WEDNESDAYS,
    SCHOOL_WEEK,
    WEDNESDAY,
    DayKind,
    SchoolCalendar,
    SchoolYear,
)
from plugins.rules.catalogue import ONLINE, Activity, Catalogue, Enrolment, Pool, Preset, Unit
from plugins.rules.school_term import SchoolTerm, school_term

CALENDAR = SchoolCalendar("A")
EDUCATION = "education"
SCHOOLS = "Écoles communautaires"
CENTRES = "Accueils de loisirs communautaires"

# Capacities are ours.
POOLS = (
    Pool("repas", "Repas du jour"),
    Pool("halte-matin", "Enfants présents le matin à la halte-garderie", 15),
    Pool("halte-apres-midi", "Enfants présents l'après-midi à la halte-garderie", 15),
    Pool("acm-matin", "Enfants présents le matin en accueil de mineurs", 48),
    Pool("acm-apres-midi", "Enfants présents l'après-midi en accueil de mineurs", 48),
    Pool("jeunes", "Jeunes présents", 24),
)


@hookimpl
def catalogue(year: SchoolYear) -> Catalogue:
    """Meals, care and TAP from 1 June; halte-garderie, centres and young people's club from 1 September."""
    term = school_term(CALENDAR, year)
    if term is None:
        return Catalogue(year, ())
    from_june = (_restauration(term, year), _garderie(term, year), _tap(term, year))
    from_september = (_halte_garderie(year), _mercredis(term, year), _vacances(year), _jeunes(year))
    return Catalogue(year, from_june + from_september, POOLS)


def _from_june(year: SchoolYear) -> Enrolment:
    """« Dès le 1er juin 2021 » for 2021-2022, once the child's file is validated."""
    return Enrolment(ONLINE, opens_on=date(year.start, 6, 1), requires_dossier=True)


def _from_september(year: SchoolYear, min_age: int | None = None, max_age: int | None = None) -> Enrolment:
    """« Dès le 1er septembre 2021 » for 2021-2022, once the child's file is validated; ages are ours."""
    return Enrolment(ONLINE, date(year.start, 9, 1), requires_dossier=True, min_age=min_age, max_age=max_age)


def _restauration(term: SchoolTerm, year: SchoolYear) -> Activity:
    meal = Unit("repas", "Repas", SCHOOL_WEEK, IN_CLASS, ("repas",), has_meal=True, is_care=False)
    return _school_activity("restauration", "Restauration scolaire", term, year, (meal,))


def _garderie(term: SchoolTerm, year: SchoolYear) -> Activity:
    morning = Unit("matin", "Garderie du matin", SCHOOL_WEEK, IN_CLASS, starts_at=time(7, 30), ends_at=time(8, 50))
    evening = Unit("soir", "Garderie du soir", SCHOOL_WEEK, IN_CLASS, starts_at=time(16, 30), ends_at=time(18, 30))
    return _school_activity("garderie", "Garderie", term, year, (morning, evening))


def _tap(term: SchoolTerm, year: SchoolYear) -> Activity:
    workshop = Unit("atelier", "Atelier du vendredi", frozenset({FRIDAY}), IN_CLASS)
    return _school_activity("tap", "Temps d'activités périscolaires (TAP)", term, year, (workshop,))


def _school_activity(code: str, label: str, term: SchoolTerm, year: SchoolYear, units: tuple[Unit, ...]) -> Activity:
    return Activity(code, label, EDUCATION, SCHOOLS, term.first_day, term.last_day, units, enrolment=_from_june(year))


def _halte_garderie(year: SchoolYear) -> Activity:
    half_days = (
        Unit("matin", "Matin", FULL_WEEK, IN_CLASS | ON_WEDNESDAYS, ("halte-matin",)),
        Unit("apres-midi", "Après-midi", SCHOOL_WEEK, IN_CLASS, ("halte-apres-midi",)),
    )
    return Activity(
        "halte-garderie",
        "Halte-garderie",
        EDUCATION,
        "Halte-garderie de Melle",
        year.first_day,
        year.last_day,
        half_days,
        enrolment=_from_september(year, max_age=3),
    )


def _mercredis(term: SchoolTerm, year: SchoolYear) -> Activity:
    wednesday = frozenset({WEDNESDAY})
    return Activity(
        "acm-mercredis",
        "Accueil collectif de mineurs, mercredis",
        EDUCATION,
        CENTRES,
        term.first_day,
        term.last_day,
        _day_units(wednesday, ON_WEDNESDAYS),
        presets=(Preset("journee", "Journée", ("matin", "repas", "apres-midi")),),
        enrolment=_from_september(year, min_age=3, max_age=12),
    )


def _vacances(year: SchoolYear) -> Activity:
    return Activity(
        "acm-vacances",
        "Accueil collectif de mineurs, vacances",
        EDUCATION,
        CENTRES,
        year.first_day,
        year.last_day,
        _day_units(FULL_WEEK, IN_HOLIDAYS),
        presets=(Preset("journee", "Journée", ("matin", "repas", "apres-midi")),),
        enrolment=_from_september(year, min_age=3, max_age=12),
    )


def _day_units(weekdays: frozenset[int], kinds: frozenset[DayKind]) -> tuple[Unit, ...]:
    return (
        Unit("matin", "Matin", weekdays, kinds, ("acm-matin",)),
        Unit("repas", "Repas", weekdays, kinds, ("repas",), has_meal=True, is_care=False),
        Unit("apres-midi", "Après-midi", weekdays, kinds, ("acm-apres-midi",)),
    )


def _jeunes(year: SchoolYear) -> Activity:
    afternoon = Unit("apres-midi", "Après-midi", FULL_WEEK, ON_WEDNESDAYS | IN_HOLIDAYS, ("jeunes",))
    return Activity(
        "accueil-jeunes",
        "Accueil de jeunes",
        EDUCATION,
        "Accueil de jeunes",
        year.first_day,
        year.last_day,
        (afternoon,),
        enrolment=_from_september(year, min_age=12, max_age=17),
    )
