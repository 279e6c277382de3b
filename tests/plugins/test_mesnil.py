"""Le Mesnil-Saint-Denis, fact by fact: « Guide d'utilisation de votre nouveau portail famille »."""

import pytest

from plugins import hookspecs
from plugins.communes import Commune, Communes
from plugins.rules.accounts import LoginKind, Opening
from plugins.rules.calendar import SchoolYear
from plugins.rules.features import Feature
from plugins.rules.payment import DirectDebitRoute, PayfipRegie


@pytest.fixture
def mesnil(communes: Communes) -> Commune:
    return communes["mesnil"]


def test_questions_go_to_enfance_education(mesnil: Commune) -> None:
    assert [service.mailbox for service in mesnil.identity.services] == ["enfance-education@lemesnilsaintdenis.fr"]


def test_le_mesnil_is_in_zone_c(mesnil: Commune) -> None:
    assert (mesnil.identity.school_zone, mesnil.ask(hookspecs.calendar).zone) == ("C", "C")


def test_the_mail_brings_the_login_and_an_activation_link(mesnil: Commune) -> None:
    assert mesnil.ask(hookspecs.account_openings).ways == (Opening.ACTIVATION_MAIL,)
    assert mesnil.ask(hookspecs.login_identifier).kind is LoginKind.GIVEN


def test_families_declare_their_quotient_and_change_telephone_address_and_mail(mesnil: Commune) -> None:
    policies = mesnil.ask(hookspecs.field_policies, service=mesnil.identity.services[0])
    fields = ("household.quotient_familial", "person.phone", "person.street", "person.email", "person.birth_date")
    assert [policies.of(field).is_editable for field in fields] == [True, True, True, True, False]


def test_families_do_everything_online(mesnil: Commune) -> None:
    features = mesnil.ask(hookspecs.features, service=mesnil.identity.services[0])
    assert all(features.answer(feature).allowed for feature in Feature)


def test_canteen_study_care_wednesday_and_holidays_are_booked(mesnil: Commune) -> None:
    catalogue = mesnil.ask(hookspecs.catalogue, year=SchoolYear(2026))
    assert {activity.label: [unit.label for unit in activity.units] for activity in catalogue.activities} == {
        "Cantine": ["Repas"],
        "Étude": ["Étude"],
        "Périscolaire matin et soir": ["Matin", "Soir"],
        "Mercredi": ["Journée"],
        "Vacances": ["Journée"],
    }


def test_families_pay_their_invoices_online_and_join_direct_debit(mesnil: Commune) -> None:
    routes = mesnil.gather(hookspecs.payment_routes, service=mesnil.identity.services[0])
    assert [type(route) for route in routes] == [PayfipRegie, DirectDebitRoute]
    assert mesnil.ask(hookspecs.direct_debit).enabled
