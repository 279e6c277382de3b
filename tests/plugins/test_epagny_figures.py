"""Épagny Metz-Tessy: the figures that its guide leaves open and the plugin fills, until the commune gives its own."""

from datetime import date, time

import pytest

from plugins import hookspecs
from plugins.communes import Commune, Communes
from plugins.rules.booking import Action
from plugins.rules.calendar import DayKind, SchoolYear
from plugins.rules.catalogue import Activity
from plugins.rules.payment import PayfipRegie
from plugins.rules.tariffs import Residency, Situation

YEAR = SchoolYear(2026)


@pytest.fixture
def epagny(communes: Communes) -> Commune:
    return communes["epagny"]


def activity(epagny: Commune, code: str) -> Activity:
    found = epagny.ask(hookspecs.catalogue, year=YEAR).activity(code)
    assert found is not None
    return found


def test_hours_are_those_of_a_school_day(epagny: Commune) -> None:
    units = [unit for code in ("accueil", "restauration", "etudes") for unit in activity(epagny, code).units]
    assert {unit.code: (unit.starts_at, unit.ends_at) for unit in units} == {
        "matin": (time(7, 30), time(8, 20)),
        "soir": (time(16, 30), time(18, 30)),
        "repas": (time(11, 30), time(13, 20)),
        "etude": (time(16, 30), time(17, 30)),
    }


def test_croc_loisirs_is_on_wednesdays_and_its_meal_goes_with_the_morning(epagny: Commune) -> None:
    croc = activity(epagny, "croc-loisirs")
    assert {(unit.weekdays, unit.day_kinds) for unit in croc.units} == {
        (frozenset({3}), frozenset({DayKind.WEDNESDAY}))
    }
    assert croc.broken_rules({"repas", "apres-midi"}) == ("« Repas » ne se réserve qu'avec « Matin ».",)
    assert croc.broken_rules({"matin", "repas"}) == ()
    assert [(preset.label, preset.units) for preset in croc.presets] == [("Journée", ("matin", "repas", "apres-midi"))]


def test_places_are_counted_in_each_centre_and_meals_are_not_limited(epagny: Commune) -> None:
    pools = epagny.ask(hookspecs.catalogue, year=YEAR).pools
    assert {pool.code: pool.capacity for pool in pools} == {
        "repas": None,
        "loisirs-matin": 60,
        "loisirs-apres-midi": 60,
        "vacances": 72,
        "jeunes": 24,
        "pic-et-plume": 25,
        "loptiou": 15,
    }


@pytest.mark.parametrize(("age", "admitted"), [(10, False), (11, True), (17, True), (18, False)])
def test_the_espace_jeunes_admits_from_11_to_17_years(epagny: Commune, age: int, admitted: bool) -> None:
    assert activity(epagny, "espace-jeunes").enrolment.admits(age) is admitted


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize(
    ("code", "day", "last"),
    [
        ("accueil", date(2026, 11, 12), "2026-11-10T08:59:59+01:00"),
        ("restauration", date(2026, 11, 3), "2026-11-01T11:30:00+01:00"),
        ("etudes", date(2026, 11, 2), "2026-10-16T08:59:59+02:00"),
        ("croc-loisirs", date(2026, 11, 4), "2026-10-28T23:59:59+01:00"),
        ("croc-vacances", date(2026, 10, 19), "2026-09-15T23:59:59+02:00"),
        ("espace-jeunes", date(2026, 11, 4), "2026-11-04T11:59:59+01:00"),
    ],
)
def test_delays_fall_when_the_reglement_would_say(
    epagny: Commune, code: str, action: Action, day: date, last: str
) -> None:
    rules = epagny.ask(hookspecs.booking_rules, activity=activity(epagny, code))
    found = rules.last_instant(action, day, epagny.ask(hookspecs.calendar), epagny.tz).at
    assert found is not None
    assert found.isoformat() == last


def test_who_comes_late_writes_or_calls(epagny: Commune) -> None:
    assert epagny.ask(hookspecs.booking_rules, activity=activity(epagny, "restauration")).late.say() == (
        "Hors délai, écrivez à enfance-jeunesse@epagnymetztesy.fr ou appelez le 04 50 22 98 19."
    )


@pytest.mark.parametrize(
    ("code", "unit", "qf", "residency", "cents"),
    [
        ("restauration", "repas", 0, Residency.RESIDENT, 180),
        ("restauration", "repas", 400, Residency.RESIDENT, 180),
        ("restauration", "repas", 1000, Residency.OUTSIDE, 450),
        ("restauration", "repas", 2000, Residency.RESIDENT, 690),
        ("restauration", "repas", None, Residency.RESIDENT, 690),
        ("accueil", "matin", 1000, Residency.RESIDENT, 160),
        ("accueil", "soir", None, Residency.RESIDENT, 260),
        ("etudes", "etude", 300, Residency.RESIDENT, 200),
        ("croc-loisirs", "apres-midi", 1000, Residency.RESIDENT, 600),
        ("croc-loisirs", "apres-midi", 1000, Residency.OUTSIDE, 800),
        ("croc-vacances", "journee", 1000, Residency.RESIDENT, 1500),
        ("croc-vacances", "journee", 1000, Residency.OUTSIDE, 1700),
        ("espace-jeunes", "apres-midi", 200, Residency.OUTSIDE, 320),
    ],
)
def test_prices_are_a_share_of_the_quotient_and_leisure_costs_two_euros_more_to_other_communes(
    epagny: Commune, code: str, unit: str, qf: int | None, residency: Residency, cents: int
) -> None:
    tariff = epagny.ask(hookspecs.tariff, activity=activity(epagny, code), year=YEAR)
    assert tariff.price(Situation(date(2026, 11, 3), unit, qf, residency)).cents == cents


def test_invoices_are_due_after_21_days_and_wait_below_one_euro(epagny: Commune) -> None:
    policy = epagny.ask(hookspecs.invoicing)
    assert (policy.number(2026, 7), policy.due_days, policy.minimum_cents) == ("2026-EMT-000007", 21, 100)
    assert policy.issuer.address == ("Mairie d'Épagny Metz-Tessy", "74330 Épagny Metz-Tessy")
    assert policy.issuer.contact == "enfance-jeunesse@epagnymetztesy.fr ou petite-enfance@epagnymetztesy.fr"


def test_each_service_has_its_own_client_number_in_test_mode(epagny: Commune) -> None:
    cards = [epagny.gather(hookspecs.payment_routes, service=service)[0] for service in epagny.identity.services]
    assert [(card.client_number, card.mode) for card in cards if isinstance(card, PayfipRegie)] == [
        ("074112", "T"),
        ("074113", "T"),
    ]
