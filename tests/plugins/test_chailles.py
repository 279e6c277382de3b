"""Chailles, fact by fact: « Utiliser Mon Espace Famille et Mes Factures On Line »."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from plugins import hookspecs
from plugins.communes import Commune, Communes
from plugins.rules.accounts import LoginKind, Opening
from plugins.rules.booking import Action
from plugins.rules.calendar import SchoolYear
from plugins.rules.payment import DirectDebitRoute, PayfipTitre
from plugins.rules.wording import Message

PARIS = ZoneInfo("Europe/Paris")
YEAR = SchoolYear(2026)


@pytest.fixture
def chailles(communes: Communes) -> Commune:
    return communes["chailles"]


def test_the_service_enfance_jeunesse_has_two_telephones(chailles: Commune) -> None:
    assert chailles.identity.services[0].phone == "02 57 79 72 11 ou 02 54 46 30 65"


def test_chailles_is_in_zone_b(chailles: Commune) -> None:
    assert (chailles.identity.school_zone, chailles.ask(hookspecs.calendar).zone) == ("B", "B")


def test_mails_come_from_an_address_that_nobody_reads(chailles: Commune) -> None:
    assert chailles.identity.sender == "ne-pas-repondre@monespacefamille.fr"


def test_the_mail_brings_an_activation_code(chailles: Commune) -> None:
    assert chailles.ask(hookspecs.account_openings).ways == (Opening.ACTIVATION_CODE,)


def test_the_login_is_the_mail_address(chailles: Commune) -> None:
    assert chailles.ask(hookspecs.login_identifier).kind is LoginKind.EMAIL


def test_the_activation_mail_is_worded_as_in_the_guide_and_the_others_as_the_portal_does(chailles: Commune) -> None:
    wording = chailles.ask(hookspecs.wording, message=Message.ACCOUNT_ACTIVATION)
    assert wording.subject == "Adhésion à un service de {commune}"
    assert "réservation des prestations, visualisation des\nfactures" in wording.body
    assert {message: chailles.who_answers(hookspecs.wording, message=message) for message in Message} == {
        message: ("chailles",) if message is Message.ACCOUNT_ACTIVATION else ("defaults",) for message in Message
    }


def test_meals_care_and_the_centre_are_booked(chailles: Commune) -> None:
    catalogue = chailles.ask(hookspecs.catalogue, year=YEAR)
    assert [activity.label for activity in catalogue.activities] == [
        "Restauration scolaire",
        "Accueil périscolaire",
        "Centre de loisirs",
    ]


def test_the_delay_to_book_and_the_delay_to_cancel_differ(chailles: Commune) -> None:
    meals = chailles.ask(hookspecs.catalogue, year=YEAR).activity("restauration")
    assert meals is not None
    rules = chailles.ask(hookspecs.booking_rules, activity=meals)
    calendar = chailles.ask(hookspecs.calendar)
    day = date(2026, 11, 12)
    assert {action: rules.last_instant(action, day, calendar, chailles.tz).at for action in Action} == {
        Action.BOOK: datetime(2026, 11, 9, 23, 59, 59, tzinfo=PARIS),
        Action.CANCEL: datetime(2026, 11, 10, 11, 59, 59, tzinfo=PARIS),
    }


def test_invoices_are_paid_as_a_titre_with_the_identifier_041120_or_by_direct_debit(chailles: Commune) -> None:
    titre, debit = chailles.gather(hookspecs.payment_routes, service=chailles.identity.services[0])
    assert isinstance(titre, PayfipTitre)
    assert (titre.structure_identifier, titre.drives_payment) == ("041120", False)
    assert isinstance(debit, DirectDebitRoute)
    assert debit.how_to_join == "si vous avez opté pour le prélèvement, vous n'avez rien à faire."


def test_invoices_say_that_the_portal_does_not_know_whether_they_are_paid(chailles: Commune) -> None:
    assert chailles.ask(hookspecs.invoicing).mentions == (
        "L'avis des sommes à payer vous parvient par courrier ; le portail ne sait pas s'il est réglé.",
    )
