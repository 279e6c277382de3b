"""Mellois en Poitou: the figures that its guide leaves open and the plugin fills, until the commune gives its own."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from plugins import hookspecs
from plugins.communes import Commune, Communes
from plugins.rules.booking import Action
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity
from plugins.rules.features import FieldPolicy, Review, Visibility
from plugins.rules.payment import PayfipRegie
from plugins.rules.tariffs import Situation

PARIS = ZoneInfo("Europe/Paris")
YEAR = SchoolYear(2026)


@pytest.fixture
def melle(communes: Communes) -> Commune:
    return communes["melle"]


def activity(melle: Commune, code: str) -> Activity:
    found = melle.ask(hookspecs.catalogue, year=YEAR).activity(code)
    assert found is not None
    return found


def test_mellois_en_poitou_is_in_zone_a(melle: Commune) -> None:
    """The académie de Poitiers, which the guide does not name."""
    assert (melle.identity.school_zone, melle.ask(hookspecs.calendar).zone) == ("A", "A")


def test_the_yearly_file_opens_on_1_may_a_month_before_the_first_enrolments(melle: Commune) -> None:
    assert melle.ask(hookspecs.dossier_policy, year=YEAR).opens_on == date(2026, 5, 1)


def test_a_telephone_is_checked_like_the_rest_of_the_entourage(melle: Commune) -> None:
    fields = melle.ask(hookspecs.field_policies, service=melle.identity.service("education"))
    assert fields.of("person.phone") == FieldPolicy(Visibility.EDITABLE, Review.AGENT)


def test_ages_from_the_halte_garderie_to_the_accueil_de_jeunes(melle: Commune) -> None:
    activities = melle.ask(hookspecs.catalogue, year=YEAR).activities
    assert {each.code: (each.enrolment.min_age, each.enrolment.max_age) for each in activities} == {
        "restauration": (None, None),
        "garderie": (None, None),
        "tap": (None, None),
        "halte-garderie": (None, 3),
        "acm-mercredis": (3, 12),
        "acm-vacances": (3, 12),
        "accueil-jeunes": (12, 17),
    }


def test_places_are_counted_by_half_day_and_meals_are_not(melle: Commune) -> None:
    assert {pool.code: pool.capacity for pool in melle.ask(hookspecs.catalogue, year=YEAR).pools} == {
        "repas": None,
        "halte-matin": 15,
        "halte-apres-midi": 15,
        "acm-matin": 48,
        "acm-apres-midi": 48,
        "jeunes": 24,
    }


@pytest.mark.parametrize(
    ("code", "day", "last"),
    [
        ("restauration", date(2026, 11, 12), "2026-11-09T09:59:59+01:00"),
        ("garderie", date(2026, 11, 12), "2026-11-11T18:00:00+01:00"),
        ("tap", date(2026, 11, 6), "2026-10-25T23:59:59+01:00"),
        ("halte-garderie", date(2026, 11, 12), "2026-11-10T17:00:00+01:00"),
        ("acm-mercredis", date(2026, 11, 4), "2026-10-29T18:00:00+01:00"),
        ("acm-vacances", date(2026, 10, 19), "2026-10-08T18:00:00+02:00"),
        ("accueil-jeunes", date(2026, 10, 21), "2026-10-21T09:59:59+02:00"),
    ],
)
def test_delays_fall_when_the_reglement_would_say_to_book_and_to_cancel_alike(
    melle: Commune, code: str, day: date, last: str
) -> None:
    rules = melle.ask(hookspecs.booking_rules, activity=activity(melle, code))
    calendar = melle.ask(hookspecs.calendar)
    assert {rules.last_instant(action, day, calendar, melle.tz).at for action in Action} == {
        datetime.fromisoformat(last)
    }


@pytest.mark.parametrize(
    ("code", "unit", "qf", "cents"),
    [
        ("restauration", "repas", 550, 210),
        ("restauration", "repas", 551, 275),
        ("restauration", "repas", None, 330),
        ("garderie", "matin", 5000, 130),
        ("garderie", "soir", None, 180),
        ("tap", "atelier", 551, 0),
        ("halte-garderie", "matin", 550, 310),
        ("acm-mercredis", "apres-midi", 900, 460),
        ("acm-vacances", "matin", 901, 590),
        ("accueil-jeunes", "apres-midi", 0, 200),
    ],
)
def test_meals_and_half_days_follow_the_quotient_familial_and_the_rest_does_not(
    melle: Commune, code: str, unit: str, qf: int | None, cents: int
) -> None:
    tariff = melle.ask(hookspecs.tariff, activity=activity(melle, code), year=YEAR)
    assert tariff.price(Situation(date(2026, 11, 12), unit, qf)).cents == cents


def test_a_late_meal_is_taken_until_nine_and_costs_a_quarter_more(melle: Commune) -> None:
    meals, day = activity(melle, "restauration"), date(2026, 11, 12)
    rules = melle.ask(hookspecs.booking_rules, activity=meals)
    tariff = melle.ask(hookspecs.tariff, activity=meals, year=YEAR)
    final = rules.final_instant(day, melle.ask(hookspecs.calendar), melle.tz)
    prices = [tariff.price(Situation(day, "repas", 300, late=late)).cents for late in (False, True)]
    assert (final.at, prices) == (datetime(2026, 11, 12, 8, 59, 59, tzinfo=PARIS), [210, 263])


def test_out_of_time_the_direction_de_l_education_is_called_or_written_to(melle: Commune) -> None:
    late = melle.ask(hookspecs.booking_rules, activity=activity(melle, "garderie")).late
    assert late.say() == "Hors délai, appelez le 05 49 27 56 84 ou écrivez à education@melloisenpoitou.fr."


def test_invoices_are_also_paid_online_are_due_after_30_days_and_wait_below_one_euro(melle: Commune) -> None:
    routes = melle.gather(hookspecs.payment_routes, service=melle.identity.service("education"))
    policy = melle.ask(hookspecs.invoicing)
    assert routes[0] == PayfipRegie("payfip", "Paiement en ligne", client_number="079240", mode="T")
    assert (policy.number(2026, 7), policy.due_days, policy.minimum_cents) == ("2026-EDU-000007", 30, 100)
