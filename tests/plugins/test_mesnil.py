"""Le Mesnil-Saint-Denis, article by article: « Guide d'utilisation de votre nouveau portail famille », in its order.

Figures that the guide does not print are tested in ``test_mesnil_figures.py``.
"""

import pytest

from plugins import hookspecs
from plugins.communes import Commune, Communes
from plugins.rules.accounts import AccountOpenings, LoginIdentifier, LoginKind, Opening
from plugins.rules.calendar import DayKind, SchoolYear
from plugins.rules.catalogue import ONLINE, Catalogue
from plugins.rules.direct_debits import DirectDebitPolicy
from plugins.rules.features import Feature, FieldPolicies, FieldPolicy, Review, Visibility
from plugins.rules.identity import Service
from plugins.rules.payment import DirectDebitRoute, PayfipRegie, PaymentRoute
from plugins.rules.wording import Message

YEAR = SchoolYear(2026)


@pytest.fixture
def mesnil(communes: Communes) -> Commune:
    return communes["mesnil"]


@pytest.fixture
def catalogue(mesnil: Commune) -> Catalogue:
    return mesnil.ask(hookspecs.catalogue, year=YEAR)


@pytest.fixture
def fields(mesnil: Commune) -> FieldPolicies:
    return mesnil.ask(hookspecs.field_policies, service=mesnil.identity.services[0])


@pytest.fixture
def routes(mesnil: Commune) -> tuple[PaymentRoute, ...]:
    return mesnil.gather(hookspecs.payment_routes, service=mesnil.identity.services[0])


def test_activer_votre_compte_the_mail_brings_a_link_a_user_name_and_a_password(mesnil: Commune) -> None:
    """First page: « vous avez reçu un mail […] où figurent vos identifiants de connexion », and a link to click on."""
    openings = mesnil.ask(hookspecs.account_openings)
    assert openings == AccountOpenings(
        (Opening.ACTIVATION_MAIL,),
        "Pour toute question sur votre compte, écrivez à enfance-education@lemesnilsaintdenis.fr.",
    )
    mail = mesnil.ask(hookspecs.wording, message=Message.ACCOUNT_ACTIVATION)
    assert (
        "Pour l'activer, ouvrez ce lien avant le {until} :\n{link}\n\n"
        "Votre identifiant : {login}\nVotre mot de passe provisoire : {password}\n"
    ) in mail.body


def test_page_d_identification_the_identifier_is_the_one_that_was_mailed(mesnil: Commune) -> None:
    """« Entrez l'identifiant et le mot de passe qui vous ont été envoyés par email »: not the mail address."""
    assert mesnil.ask(hookspecs.login_identifier) == LoginIdentifier(LoginKind.GIVEN)


def test_nouveau_mot_de_passe_a_new_password_is_chosen(mesnil: Commune) -> None:
    """« Vous aurez la possibilité de créer un nouveau mot de passe »: no rule is printed, so the portal's holds."""
    assert mesnil.who_answers(hookspecs.password_policy) == ("defaults",)
    mail = mesnil.ask(hookspecs.wording, message=Message.ACCOUNT_ACTIVATION)
    assert "À la première connexion, vous choisirez votre propre mot de passe." in mail.body


@pytest.mark.parametrize("feature", Feature)
def test_bienvenue_1_to_6_families_do_everything_online(mesnil: Commune, feature: Feature) -> None:
    """« Bienvenue sur votre espace », 1 to 6: enrol, book, cancel, justify an absence, pay, declare, modify."""
    assert mesnil.ask(hookspecs.features, service=mesnil.identity.services[0]).answer(feature).allowed


def test_bienvenue_1_inscriptions_are_asked_online_for_every_activity(catalogue: Catalogue) -> None:
    """« 1 - Gérer les activités de vos enfants (inscriptions, réservations, annulations […]) »: the first word."""
    assert {activity.enrolment.mode for activity in catalogue.activities} == {ONLINE}


def test_bienvenue_1_reservations_are_made_and_cancelled_for_every_activity(
    mesnil: Commune, catalogue: Catalogue
) -> None:
    """« 1 - Gérer les activités […] (réservations, annulations) »: each has rules of its own to book and to cancel."""
    for activity in catalogue.activities:
        assert mesnil.who_answers(hookspecs.booking_rules, activity=activity) == ("mesnil",)


def test_bienvenue_2_invoices_are_paid_online(routes: tuple[PaymentRoute, ...]) -> None:
    """« 2 - Payer vos factures »."""
    online = routes[0]
    assert isinstance(online, PayfipRegie)
    assert (online.label, online.drives_payment) == ("Paiement en ligne", True)


def test_bienvenue_3_a_new_quotient_is_declared(fields: FieldPolicies) -> None:
    """« 3 - Déclarer votre nouveau QF »; that an agent checks is ours."""
    assert fields.of("household.quotient_familial") == FieldPolicy(Visibility.EDITABLE, Review.AGENT)


def test_bienvenue_4_another_situation_is_written_to_the_service(mesnil: Commune, fields: FieldPolicies) -> None:
    """« 4 - Modifier […] votre situation »: no form of the portal holds it, and the service answers questions."""
    assert not fields.of("household.situation").is_editable
    (service,) = mesnil.identity.services
    assert mesnil.ask(hookspecs.features, service=service).answer(Feature.ASK).allowed


@pytest.mark.parametrize("field", ["phone", "street", "postcode", "town", "email"])
def test_bienvenue_4_telephone_postal_address_and_email_are_changed(fields: FieldPolicies, field: str) -> None:
    """« 4 - Modifier vos coordonnées »: « numéro de téléphone, adresse postale ou email »."""
    assert fields.of(f"person.{field}") == FieldPolicy(Visibility.EDITABLE)


@pytest.mark.parametrize("field", ["last_name", "first_name", "birth_date"])
def test_bienvenue_4_nothing_else_is_changed(fields: FieldPolicies, field: str) -> None:
    """« 4 - Modifier vos coordonnées »: what is not in the list is only shown."""
    assert fields.of(f"person.{field}") == FieldPolicy(Visibility.SHOWN)


def test_bienvenue_5_direct_debit_is_joined_on_the_portal(mesnil: Commune, routes: tuple[PaymentRoute, ...]) -> None:
    """« 5 - Adhérer au prélèvement automatique »; the guide sets no number of rejects."""
    assert routes[1] == DirectDebitRoute(
        "prelevement", "Prélèvement automatique", "adhérez depuis votre espace famille."
    )
    policy = mesnil.ask(hookspecs.direct_debit)
    assert policy.creditor is not None
    assert policy == DirectDebitPolicy(enabled=True, creditor=policy.creditor)


def test_effectuer_des_reservations_canteen_study_care_wednesday_and_holidays(catalogue: Catalogue) -> None:
    """« Réservations […] aux activités (cantine, étude, périscolaire matin/soir, mercredi, vacances) »."""
    assert {
        activity.label: {unit.label: (set(unit.weekdays), set(unit.day_kinds)) for unit in activity.units}
        for activity in catalogue.activities
    } == {
        "Cantine": {"Repas": ({1, 2, 4, 5}, {DayKind.SCHOOL})},
        "Étude": {"Étude": ({1, 2, 4, 5}, {DayKind.SCHOOL})},
        "Périscolaire matin et soir": {
            "Matin": ({1, 2, 4, 5}, {DayKind.SCHOOL}),
            "Soir": ({1, 2, 4, 5}, {DayKind.SCHOOL}),
        },
        "Mercredi": {"Journée": ({3}, {DayKind.WEDNESDAY})},
        "Vacances": {"Journée": ({1, 2, 3, 4, 5}, {DayKind.HOLIDAY})},
    }


def test_valider_a_mail_confirms_the_request(mesnil: Commune) -> None:
    """« Vérifier votre demande », « vous recevrez alors un mail de confirmation »; the words are the portal's."""
    mail = mesnil.ask(hookspecs.wording, message=Message.BOOKINGS_CONFIRMED)
    assert "Nous avons bien enregistré votre demande n° {reference} :\n\n{changes}" in mail.body


def test_une_question_goes_to_the_mailbox_of_enfance_education(mesnil: Commune) -> None:
    """Last page: the one mailbox of the guide, which also sends; it prints no telephone."""
    mailbox = "enfance-education@lemesnilsaintdenis.fr"
    assert mesnil.identity.portal == "https://espace-citoyens.net/lemesnilsaintdenis"
    assert mesnil.identity.services == (Service("enfance-education", "service Enfance Éducation", mailbox, phone=None),)
    assert (mesnil.identity.name, mesnil.identity.sender) == ("Le Mesnil-Saint-Denis", mailbox)
