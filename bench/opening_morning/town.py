"""The commune of the bench: a holiday centre of ten days, thirty places a day, whose bookings open this morning."""

from datetime import UTC, date, datetime, time
from types import SimpleNamespace

from plugins.commune import Commune
from plugins.communes import Communes
from plugins.hookspecs import hookimpl
from plugins.rules.booking import BookingRules, Refuse
from plugins.rules.calendar import FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY, DayKind, SchoolYear
from plugins.rules.catalogue import Activity, Catalogue, Pool, Unit
from plugins.rules.dates import on
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, Opens, at
from plugins.rules.identity import Identity, Service
from plugins.rules.tariffs import Tariff, constant

SLUG = "bourg"
ACTIVITY, UNIT, POOL = "vacances", "journee", "enfants"
NOW = datetime(2027, 1, 11, 7, tzinfo=UTC)  # Monday at 8 in Paris: the bookings open
DAYS = tuple(date(2027, 2, day) for day in (15, 16, 17, 18, 19, 22, 23, 24, 25, 26))  # the winter holidays of zone A
PLACES = 30
YEAR = SchoolYear(2026)


def bourg() -> Communes:
    """The commune, alone in its installation."""
    weekdays = frozenset({MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY})

    @hookimpl
    def identity() -> Identity:
        service = Service("enfance", "service Enfance", "enfance@bourg.example")
        return Identity(SLUG, "Bourg", "A", "portail@bourg.example", (service,))

    @hookimpl
    def catalogue(year: SchoolYear) -> Catalogue:
        unit = Unit(UNIT, "Journée", weekdays, frozenset({DayKind.HOLIDAY}), (POOL,))
        if year != YEAR:
            return Catalogue(year, ())
        centre = Activity(ACTIVITY, "Vacances", "enfance", "Centre de loisirs", DAYS[0], DAYS[-1], (unit,))
        return Catalogue(year, (centre,), (Pool(POOL, "Enfants présents", PLACES),))

    @hookimpl
    def tariff(activity: Activity, year: SchoolYear) -> Tariff:
        return Tariff({UNIT: constant(1200)})

    @hookimpl
    def booking_rules(activity: Activity) -> BookingRules:
        two_days_before = at(days_before(2, CALENDAR_DAYS), END_OF_DAY)
        opening = Opens(on(NOW.date()), time(8))
        return BookingRules(two_days_before, two_days_before, Refuse("contactez le service Enfance"), opening)

    plugin = SimpleNamespace(identity=identity, catalogue=catalogue, tariff=tariff, booking_rules=booking_rules)
    return Communes([Commune(SLUG, plugin)])
