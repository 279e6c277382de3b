"""Le Mesnil-Saint-Denis: the figures that its guide leaves open and the plugin fills, until the commune's own."""

from datetime import date

import pytest

from plugins import hookspecs
from plugins.communes import Commune, Communes
from plugins.rules.booking import Action
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity
from plugins.rules.payment import PayfipRegie
from plugins.rules.tariffs import Situation

YEAR = SchoolYear(2026)


@pytest.fixture
def mesnil(communes: Communes) -> Commune:
    return communes["mesnil"]


def activity(mesnil: Commune, code: str) -> Activity:
    found = mesnil.ask(hookspecs.catalogue, year=YEAR).activity(code)
    assert found is not None
    return found


def test_le_mesnil_is_in_zone_c(mesnil: Commune) -> None:
    """The académie de Versailles, which the guide does not name."""
    assert (mesnil.identity.school_zone, mesnil.ask(hookspecs.calendar).zone) == ("C", "C")


def test_school_is_at_school_and_the_rest_at_the_centre(mesnil: Commune) -> None:
    assert {found.code: found.site for found in mesnil.ask(hookspecs.catalogue, year=YEAR).activities} == {
        "cantine": "Écoles",
        "etude": "Écoles",
        "periscolaire": "Écoles",
        "mercredi": "Centre de loisirs",
        "vacances": "Centre de loisirs",
    }


def test_the_centre_has_64_places_on_wednesday_and_48_in_the_holidays(mesnil: Commune) -> None:
    pools = mesnil.ask(hookspecs.catalogue, year=YEAR).pools
    assert {pool.code: pool.capacity for pool in pools} == {"mercredi": 64, "vacances": 48}


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize(
    ("code", "day", "last"),
    [
        ("cantine", date(2026, 11, 12), "2026-11-09T09:59:59+01:00"),
        ("etude", date(2026, 11, 12), "2026-11-10T23:59:59+01:00"),
        ("periscolaire", date(2026, 11, 2), "2026-10-30T23:59:59+01:00"),
        ("mercredi", date(2026, 11, 4), "2026-10-29T23:59:59+01:00"),
        ("vacances", date(2026, 10, 19), "2026-09-28T23:59:59+02:00"),
    ],
)
def test_delays_fall_when_the_reglement_would_say(
    mesnil: Commune, code: str, action: Action, day: date, last: str
) -> None:
    rules = mesnil.ask(hookspecs.booking_rules, activity=activity(mesnil, code))
    found = rules.last_instant(action, day, mesnil.ask(hookspecs.calendar), mesnil.tz).at
    assert found is not None
    assert found.isoformat() == last
    assert rules.late.say() == "Hors délai, écrivez à enfance-education@lemesnilsaintdenis.fr."


@pytest.mark.parametrize(
    ("code", "unit", "qf", "cents"),
    [
        ("cantine", "repas", 600, 210),
        ("cantine", "repas", 601, 390),
        ("cantine", "repas", 1201, 520),
        ("cantine", "repas", None, 520),
        ("etude", "etude", 300, 280),
        ("periscolaire", "matin", 300, 190),
        ("periscolaire", "soir", None, 310),
        ("mercredi", "journee", 600, 790),
        ("mercredi", "journee", 1200, 1240),
        ("vacances", "journee", 1201, 1690),
        ("vacances", "journee", None, 1690),
    ],
)
def test_meals_and_days_follow_the_quotient_and_care_costs_the_same_to_all(
    mesnil: Commune, code: str, unit: str, qf: int | None, cents: int
) -> None:
    tariff = mesnil.ask(hookspecs.tariff, activity=activity(mesnil, code), year=YEAR)
    assert tariff.price(Situation(date(2026, 11, 3), unit, qf)).cents == cents


def test_invoices_are_due_after_20_days_and_wait_below_one_euro(mesnil: Commune) -> None:
    policy = mesnil.ask(hookspecs.invoicing)
    assert (policy.number(2026, 7), policy.due_days, policy.minimum_cents) == ("2026-MSD-000007", 20, 100)
    assert policy.issuer.address == ("Mairie", "78320 Le Mesnil-Saint-Denis")
    assert policy.issuer.contact == "service Enfance Éducation, enfance-education@lemesnilsaintdenis.fr"


def test_the_client_number_is_in_test_mode(mesnil: Commune) -> None:
    online = mesnil.gather(hookspecs.payment_routes, service=mesnil.identity.services[0])[0]
    assert isinstance(online, PayfipRegie)
    assert (online.client_number, online.mode) == ("078397", "T")
