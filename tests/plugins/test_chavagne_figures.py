"""Chavagne: the figures that its guide leaves open and the plugin fills, until the commune gives its own."""

from datetime import date

import pytest

from plugins import hookspecs
from plugins.communes import Commune, Communes
from plugins.rules.booking import Action
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity
from plugins.rules.tariffs import Residency, Situation

YEAR = SchoolYear(2026)


@pytest.fixture
def chavagne(communes: Communes) -> Commune:
    return communes["chavagne"]


def activity(chavagne: Commune, code: str) -> Activity:
    found = chavagne.ask(hookspecs.catalogue, year=YEAR).activity(code)
    assert found is not None
    return found


def test_chavagne_is_in_zone_b(chavagne: Commune) -> None:
    """The académie de Rennes, which the guide does not name."""
    assert (chavagne.identity.school_zone, chavagne.ask(hookspecs.calendar).zone) == ("B", "B")


def test_no_child_of_a_whole_day_takes_two_places_in_one_pool(chavagne: Commune) -> None:
    assert [unit.pools for unit in activity(chavagne, "alsh-vacances").units] == [
        ("vacances-matin",),
        ("repas",),
        ("vacances-apres-midi",),
    ]


def test_the_centre_has_48_places_on_wednesday_and_40_in_the_holidays(chavagne: Commune) -> None:
    pools = chavagne.ask(hookspecs.catalogue, year=YEAR).pools
    assert {pool.code: pool.capacity for pool in pools} == {
        "repas": None,
        "mercredi-apres-midi": 48,
        "vacances-matin": 40,
        "vacances-apres-midi": 40,
    }


@pytest.mark.parametrize(
    ("code", "action", "day", "last"),
    [
        ("restauration", Action.BOOK, date(2026, 11, 3), "2026-10-29T23:59:59+01:00"),
        ("restauration", Action.CANCEL, date(2026, 11, 6), "2026-10-29T23:59:59+01:00"),
        ("periscolaire", Action.BOOK, date(2026, 11, 12), "2026-11-10T10:00:00+01:00"),
        ("periscolaire", Action.CANCEL, date(2026, 11, 12), "2026-11-10T10:00:00+01:00"),
        ("alsh-mercredi", Action.BOOK, date(2026, 11, 4), "2026-10-30T12:00:00+01:00"),
        ("alsh-mercredi", Action.CANCEL, date(2026, 11, 4), "2026-10-30T12:00:00+01:00"),
        ("alsh-vacances", Action.BOOK, date(2026, 10, 19), "2026-10-04T23:59:59+02:00"),
        ("alsh-vacances", Action.CANCEL, date(2026, 10, 19), "2026-10-11T23:59:59+02:00"),
    ],
)
def test_delays_fall_when_the_reglement_would_say(
    chavagne: Commune, code: str, action: Action, day: date, last: str
) -> None:
    rules = chavagne.ask(hookspecs.booking_rules, activity=activity(chavagne, code))
    found = rules.last_instant(action, day, chavagne.ask(hookspecs.calendar), chavagne.tz).at
    assert found is not None
    assert found.isoformat() == last


@pytest.mark.parametrize(
    ("code", "unit", "qf", "residency", "cents"),
    [
        ("restauration", "repas", 400, Residency.RESIDENT, 100),
        ("restauration", "repas", 401, Residency.RESIDENT, 250),
        ("restauration", "repas", 801, Residency.RESIDENT, 360),
        ("restauration", "repas", 1201, Residency.RESIDENT, 450),
        ("restauration", "repas", None, Residency.RESIDENT, 450),
        ("restauration", "repas", 400, Residency.OUTSIDE, 520),
        ("periscolaire", "garderie-matin", 800, Residency.RESIDENT, 110),
        ("periscolaire", "garderie-soir", 801, Residency.OUTSIDE, 160),
        ("periscolaire", "temps-des-lecons", 800, Residency.RESIDENT, 80),
        ("periscolaire", "temps-des-lecons", None, Residency.RESIDENT, 120),
        ("alsh-mercredi", "apres-midi", 400, Residency.RESIDENT, 250),
        ("alsh-vacances", "matin", 801, Residency.RESIDENT, 520),
        ("alsh-vacances", "apres-midi", None, Residency.RESIDENT, 640),
    ],
)
def test_prices_follow_the_quotient_familial_and_meals_the_commune_of_residence(
    chavagne: Commune, code: str, unit: str, qf: int | None, residency: Residency, cents: int
) -> None:
    tariff = chavagne.ask(hookspecs.tariff, activity=activity(chavagne, code), year=YEAR)
    assert tariff.price(Situation(date(2026, 11, 3), unit, qf, residency)).cents == cents


def test_a_child_who_comes_without_a_booking_pays_half_as_much_again(chavagne: Commune) -> None:
    tariff = chavagne.ask(hookspecs.tariff, activity=activity(chavagne, "periscolaire"), year=YEAR)
    assert tariff.price(Situation(date(2026, 11, 3), "garderie-matin", 900, booked=False)).cents == 240


def test_the_yearly_file_opens_on_1_june(chavagne: Commune) -> None:
    assert chavagne.ask(hookspecs.dossier_policy, year=YEAR).opens_on == date(2026, 6, 1)


def test_invoices_are_due_after_30_days_and_wait_below_one_euro(chavagne: Commune) -> None:
    policy = chavagne.ask(hookspecs.invoicing)
    assert (policy.number(2026, 7), policy.due_days, policy.minimum_cents) == ("2026-ENF-000007", 30, 100)
    assert policy.issuer.address == ("Mairie de Chavagne", "35310 Chavagne")
    assert policy.issuer.contact == "service Enfance, 02 99 64 28 53, portail.familles@chavagne.fr"


def test_the_centre_opens_in_summer_as_the_dates_of_the_guide_let_it(chavagne: Commune) -> None:
    """§7: its text says « petites vacances », its screen ends on 31 August; the dates are kept."""
    holidays, calendar = activity(chavagne, "alsh-vacances"), chavagne.ask(hookspecs.calendar)
    summer = [date(2027, 7, 15), date(2027, 8, 16), date(2027, 8, 31)]
    assert [holidays.is_open(holidays.units[0], calendar.day(day)) for day in summer] == [True] * 3
