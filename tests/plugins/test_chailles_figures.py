"""Chailles: the figures that its guide leaves open and the plugin fills, until the commune gives its own."""

from datetime import date

import pytest

from plugins import hookspecs
from plugins.communes import Commune, Communes
from plugins.rules.booking import Action
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity
from plugins.rules.tariffs import Situation

YEAR = SchoolYear(2026)


@pytest.fixture
def chailles(communes: Communes) -> Commune:
    return communes["chailles"]


def activity(chailles: Commune, code: str) -> Activity:
    found = chailles.ask(hookspecs.catalogue, year=YEAR).activity(code)
    assert found is not None
    return found


def test_chailles_is_in_zone_b(chailles: Commune) -> None:
    """The académie d'Orléans-Tours, which the guide does not name."""
    assert (chailles.identity.school_zone, chailles.ask(hookspecs.calendar).zone) == ("B", "B")


def test_there_is_one_school_and_one_centre_of_50_places(chailles: Commune) -> None:
    catalogue = chailles.ask(hookspecs.catalogue, year=YEAR)
    assert [found.site for found in catalogue.activities] == [
        "École de Chailles",
        "École de Chailles",
        "Centre de loisirs de Chailles",
    ]
    assert {pool.code: pool.capacity for pool in catalogue.pools} == {"centre": 50}


@pytest.mark.parametrize(
    ("code", "action", "day", "last"),
    [
        ("restauration", Action.BOOK, date(2026, 11, 12), "2026-11-09T23:59:59+01:00"),
        ("restauration", Action.CANCEL, date(2026, 11, 12), "2026-11-10T11:59:59+01:00"),
        ("restauration", Action.BOOK, date(2026, 11, 9), "2026-11-02T23:59:59+01:00"),
        ("periscolaire", Action.BOOK, date(2026, 11, 2), "2026-10-16T11:59:59+02:00"),
        ("periscolaire", Action.CANCEL, date(2026, 11, 3), "2026-11-02T11:59:59+01:00"),
        ("centre-de-loisirs", Action.BOOK, date(2026, 10, 19), "2026-10-05T23:59:59+02:00"),
        ("centre-de-loisirs", Action.CANCEL, date(2026, 10, 19), "2026-10-12T23:59:59+02:00"),
    ],
)
def test_delays_to_book_and_to_cancel_fall_when_the_reglement_would_say(
    chailles: Commune, code: str, action: Action, day: date, last: str
) -> None:
    rules = chailles.ask(hookspecs.booking_rules, activity=activity(chailles, code))
    found = rules.last_instant(action, day, chailles.ask(hookspecs.calendar), chailles.tz).at
    assert found is not None
    assert found.isoformat() == last


@pytest.mark.parametrize(
    ("code", "unit", "qf", "cents"),
    [
        ("restauration", "repas", 300, 355),
        ("restauration", "repas", None, 355),
        ("periscolaire", "matin", 300, 150),
        ("periscolaire", "soir", None, 220),
        ("centre-de-loisirs", "journee", 700, 980),
        ("centre-de-loisirs", "journee", 701, 1260),
        ("centre-de-loisirs", "journee", 1101, 1490),
        ("centre-de-loisirs", "journee", None, 1490),
    ],
)
def test_the_centre_follows_the_quotient_and_the_rest_costs_the_same_to_all(
    chailles: Commune, code: str, unit: str, qf: int | None, cents: int
) -> None:
    tariff = chailles.ask(hookspecs.tariff, activity=activity(chailles, code), year=YEAR)
    assert tariff.price(Situation(date(2026, 11, 3), unit, qf)).cents == cents


def test_invoices_are_due_after_30_days(chailles: Commune) -> None:
    policy = chailles.ask(hookspecs.invoicing)
    assert (policy.number(2026, 7), policy.due_days, policy.minimum_cents) == ("2026-CHA-000007", 30, 0)
    assert policy.issuer.address == ("Mairie", "41120 Chailles")
    assert policy.issuer.contact == "service Enfance Jeunesse, 02 57 79 72 11 ou 02 54 46 30 65"
