"""A commune of the tests alone, where everything is scarce: two places, two deadlines, one rule between units."""

from datetime import date, time
from types import SimpleNamespace

from plugins.commune import Commune
from plugins.hookspecs import hookimpl
from plugins.rules.booking import Accept, BookingRules
from plugins.rules.calendar import FRIDAY, MONDAY, THURSDAY, TUESDAY, DayKind, SchoolYear
from plugins.rules.catalogue import Activity, Catalogue, Pool, Unit, UnitRule, UnitRuleKind
from plugins.rules.dates import on
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, Opens, at, until
from plugins.rules.direct_debits import DirectDebitPolicy
from plugins.rules.identity import Identity, Service
from plugins.rules.tariffs import Tariff, When, add, constant
from plugins.rules.waiting_lists import WaitingListPolicy
from plugins.rules.windows import OpensByResidency

SCHOOL_DAYS = (frozenset({MONDAY, TUESDAY, THURSDAY, FRIDAY}), frozenset({DayKind.SCHOOL}))
TWO_DAYS_BEFORE = at(days_before(2, CALENDAR_DAYS), END_OF_DAY)
NO_DEBIT = DirectDebitPolicy(enabled=False)
THE_EVE_AT_NOON = at(days_before(1, CALENDAR_DAYS), until(12))


def village(places: int = 2, waiting: WaitingListPolicy | None = None, debit: DirectDebitPolicy = NO_DEBIT) -> Commune:
    """Care on school days: morning and afternoon take one of ``places``, a meal takes none and needs the morning.

    Booked two days before, or until the eve at noon for 1 € more. The « stage » opens on 1 December 2026, a week
    later for the families of other communes. ``waiting`` is the policy of its waiting list, the portal's by default,
    ``debit`` that of its direct debit: none by default.
    """

    @hookimpl
    def identity() -> Identity:
        service = Service("enfance", "service Enfance", "enfance@village.fr")
        return Identity("village", "Village", "B", "portail@village.fr", (service,))

    @hookimpl
    def catalogue(year: SchoolYear) -> Catalogue:
        units = (
            Unit("matin", "Matin", *SCHOOL_DAYS, ("presents",)),
            Unit("repas", "Repas", *SCHOOL_DAYS),
            Unit("apres-midi", "Après-midi", *SCHOOL_DAYS, ("presents",)),
        )
        dates = ("enfance", "École", year.first_day, year.last_day)
        rule = UnitRule(UnitRuleKind.REQUIRES, "repas", ("matin",))
        return Catalogue(
            year,
            (
                Activity("accueil", "Accueil", *dates, units, unit_rules=(rule,)),
                Activity("stage", "Stage", *dates, (Unit("seance", "Séance", *SCHOOL_DAYS),)),
            ),
            (Pool("presents", "Enfants présents", places),),
        )

    @hookimpl
    def tariff(activity: Activity, year: SchoolYear) -> Tariff:
        if activity.code == "stage":
            return Tariff({"seance": constant(500)})
        prices = {"matin": constant(200), "repas": constant(300), "apres-midi": constant(250)}
        return Tariff(prices, (add(100, when=When.LATE, label="Réservation tardive"),))

    @hookimpl
    def booking_rules(activity: Activity) -> BookingRules:
        late = Accept(THE_EVE_AT_NOON, "Une réservation tardive coûte 1 € de plus")
        opens = OpensByResidency(
            resident=Opens(on(date(2026, 12, 1)), time(8)), outside=Opens(on(date(2026, 12, 8)), time(8))
        )
        return BookingRules(TWO_DAYS_BEFORE, TWO_DAYS_BEFORE, late, opens if activity.code == "stage" else None)

    @hookimpl
    def waiting_list(activity: Activity) -> WaitingListPolicy | None:
        return waiting

    @hookimpl
    def direct_debit() -> DirectDebitPolicy:
        return debit

    answers = (identity, catalogue, tariff, booking_rules, waiting_list, direct_debit)
    return Commune("village", SimpleNamespace(**{answer.__name__: answer for answer in answers}))
