"""Chailles, article by article: « Utiliser Mon Espace Famille et Mes Factures On Line », in the order of its steps.

Figures that the guide does not print are tested in ``test_chailles_figures.py``.
"""

import pytest

from plugins import hookspecs
from plugins.communes import Commune, Communes
from plugins.rules.accounts import AccountOpenings, LoginIdentifier, LoginKind, Opening
from plugins.rules.calendar import DayKind, SchoolYear
from plugins.rules.catalogue import Catalogue
from plugins.rules.direct_debits import DirectDebitPolicy
from plugins.rules.features import Feature, FieldPolicy, Review, Visibility
from plugins.rules.identity import Service
from plugins.rules.payment import DirectDebitRoute, PayfipTitre
from plugins.rules.wording import Message

YEAR = SchoolYear(2026)


@pytest.fixture
def chailles(communes: Communes) -> Commune:
    return communes["chailles"]


@pytest.fixture
def service(chailles: Commune) -> Service:
    return chailles.identity.service("enfance-jeunesse")


@pytest.fixture
def catalogue(chailles: Commune) -> Catalogue:
    return chailles.ask(hookspecs.catalogue, year=YEAR)


def test_etape_1_1_reception_d_un_mail_worded_as_the_commune_words_it(chailles: Commune) -> None:
    """Step 1.1: what the mail says of the services, its link, its telephones; the password is chosen behind it."""
    subject, body = chailles.ask(hookspecs.wording, message=Message.ACCOUNT_OPENING).fill(
        commune="Chailles",
        first_name="Marc",
        service="service Enfance Jeunesse",
        mailbox="enfance-jeunesse@chailles41.fr",
        login="marc.testmp@example.org",
        link="https://portail/lien",
        until="lundi 12 octobre 2026 à 9 h",
    )
    assert subject == "Adhésion à un service de Chailles"
    assert body == (
        "Bonjour Marc,\n\n"
        "Nous vous informons que vous pouvez dorénavant utiliser le portail famille pour les services périscolaires\n"
        "(restauration, accueil périscolaire, centre de loisirs) de Chailles, afin de réaliser vos démarches : "
        "réservation des\nprestations, visualisation des factures.\n\n"
        "Cliquez sur ce lien avant le lundi 12 octobre 2026 à 9 h pour activer votre compte et choisir votre mot de "
        "passe :\n"
        "https://portail/lien\n\n"
        "Votre identifiant de connexion est votre adresse e-mail, marc.testmp@example.org. Conservez-la bien.\n\n"
        "Pour toute question, contactez le service Enfance Jeunesse au 02 57 79 72 11 ou au 02 54 46 30 65.\n\n"
        "service Enfance Jeunesse\nChailles\nenfance-jeunesse@chailles41.fr\n"
    )


def test_etape_1_2_votre_compte_a_bien_ete_cree(chailles: Commune) -> None:
    """Step 1.2: what follows « S'enregistrer », with the two links that it shows."""
    subject, body = chailles.ask(hookspecs.wording, message=Message.ACCOUNT_CREATED).fill(
        commune="Chailles",
        first_name="Marc",
        service="service Enfance Jeunesse",
        mailbox="enfance-jeunesse@chailles41.fr",
        login="marc.testmp@example.org",
        link="https://monespacefamille.fr",
    )
    assert subject == "Votre compte espace famille a bien été créé"
    assert body == (
        "Bonjour Marc,\n\n"
        "Votre compte espace famille a bien été créé. Vous pouvez désormais accéder aux prestations proposées et "
        "effectuer des\nréservations.\n\n"
        "Accéder à mon espace famille, ou « J'ai oublié mon mot de passe » :\nhttps://monespacefamille.fr\n\n"
        "Votre identifiant de connexion est votre adresse e-mail, marc.testmp@example.org.\n\n"
        "service Enfance Jeunesse\nChailles\nenfance-jeunesse@chailles41.fr\n"
    )


WORDED = (Message.ACCOUNT_OPENING, Message.ACCOUNT_CREATED)


@pytest.mark.parametrize("message", [message for message in Message if message not in WORDED])
def test_the_other_mails_have_the_portal_s_words(chailles: Commune, message: Message) -> None:
    """Steps 1.1 and 1.2 print two messages; the guide has no words for the others."""
    assert chailles.who_answers(hookspecs.wording, message=message) == ("defaults",)


def test_etape_1_1_an_account_opens_by_a_mailed_code_to_look_for_among_the_spams(chailles: Commune) -> None:
    """Step 1.1: « merci de vérifier dans vos SPAMS », « un lien d'activation », two telephones for any question."""
    assert chailles.ask(hookspecs.account_openings) == AccountOpenings(
        (Opening.ACTIVATION_CODE,),
        "Sans courriel d'activation, vérifiez d'abord vos spams. Pour toute question, contactez le service Enfance "
        "Jeunesse au 02 57 79 72 11 ou 02 54 46 30 65, ou écrivez à enfance-jeunesse@chailles41.fr.",
    )


def test_etape_1_1_the_service_has_two_telephones_and_mails_come_from_an_address_nobody_reads(
    chailles: Commune, service: Service
) -> None:
    """Step 1.1: who signs the mail, and « ne-pas-repondre », which sends it."""
    assert service.say() == (
        "service Enfance Jeunesse (enfance-jeunesse@chailles41.fr ou 02 57 79 72 11 ou 02 54 46 30 65)"
    )
    assert (chailles.identity.name, chailles.identity.sender) == ("Chailles", "ne-pas-repondre@monespacefamille.fr")
    assert chailles.identity.author == '"monespacefamille.fr" <ne-pas-repondre@monespacefamille.fr>'
    assert chailles.identity.portal == "https://monespacefamille.fr"


def test_etape_1_2_creation_du_compte_the_identifier_is_the_mail_address(chailles: Commune) -> None:
    """Step 1.2, « compte famille »: the address is the identifier; the rule of the password is the portal's."""
    assert chailles.ask(hookspecs.login_identifier) == LoginIdentifier(LoginKind.EMAIL)
    assert chailles.who_answers(hookspecs.password_policy) == ("defaults",)


@pytest.mark.parametrize(
    "field", ["household.name", "person.email", "person.title", "person.last_name", "person.first_name"]
)
def test_etape_1_2_creation_du_compte_starred_particulars_are_checked_and_never_empty(
    chailles: Commune, service: Service, field: str
) -> None:
    """Step 1.2, « compte famille », « responsables », « enfants »: what bears a star; an agent's check is ours."""
    policies = chailles.ask(hookspecs.field_policies, service=service)
    assert policies.of(field) == FieldPolicy(Visibility.REQUIRED, Review.AGENT)


@pytest.mark.parametrize("field", ["phone", "street", "postcode", "town"])
def test_etape_1_2_creation_du_compte_other_coordinates_stay_as_on_every_portal(
    chailles: Commune, service: Service, field: str
) -> None:
    """Step 1.2 is silent on telephone and address: the portal lets families change them at once."""
    assert chailles.ask(hookspecs.field_policies, service=service).of(f"person.{field}") == FieldPolicy(
        Visibility.EDITABLE
    )


def test_etape_2_les_reservations_are_those_of_the_three_services(catalogue: Catalogue) -> None:
    """Step 1.1 lists the services, step 2 books them: meals, care before and after class, the centre."""
    assert {
        activity.label: {unit.label: set(unit.day_kinds) for unit in activity.units}
        for activity in catalogue.activities
    } == {
        "Restauration scolaire": {"Repas": {DayKind.SCHOOL}},
        "Accueil périscolaire": {"Accueil du matin": {DayKind.SCHOOL}, "Accueil du soir": {DayKind.SCHOOL}},
        "Centre de loisirs": {"Journée avec repas": {DayKind.WEDNESDAY, DayKind.HOLIDAY}},
    }


@pytest.mark.parametrize("feature", Feature)
def test_etape_2_les_reservations_and_all_the_rest_are_done_online(
    chailles: Commune, service: Service, feature: Feature
) -> None:
    """Steps 2 to 4: « mes réservations », « mes factures », « mes demandes »: nothing is closed."""
    assert chailles.ask(hookspecs.features, service=service).answer(feature).allowed


@pytest.mark.parametrize("code", ["restauration", "periscolaire", "centre-de-loisirs"])
def test_etape_2_3_quelques_remarques_nothing_is_booked_nor_cancelled_outside_the_days_of_the_reglement(
    chailles: Commune, catalogue: Catalogue, code: str
) -> None:
    """Step 2.3: meals are ordered and plannings drawn up ahead, so what is late is refused and says so."""
    activity = catalogue.activity(code)
    assert activity is not None
    assert chailles.who_answers(hookspecs.booking_rules, activity=activity) == ("chailles",)
    rules = chailles.ask(hookspecs.booking_rules, activity=activity)
    assert rules.late.say() == (
        "Les repas sont déjà commandés et les plannings des animateurs et des ATSEM établis : appelez le service "
        "Enfance Jeunesse au 02 57 79 72 11 ou au 02 54 46 30 65."
    )


def test_3_mes_factures_say_that_listed_is_not_paid_and_what_late_payments_cost_the_commune(chailles: Commune) -> None:
    """Step 3: « elles ne sont pas payées pour autant », nothing to do with direct debit, late payments."""
    assert chailles.ask(hookspecs.invoicing).mentions == (
        "L'avis des sommes à payer vous parvient par courrier ; le portail ne sait pas s'il est réglé.",
        "Avec le prélèvement automatique, vous n'avez rien à faire : vos factures restent ici pour mémoire.",
        "La commune rend compte au comptable public des prestations encaissées et des retards de paiement.",
    )


def test_3_mes_factures_are_paid_to_the_dgfip_with_the_identifier_041120_and_a_reference(
    chailles: Commune, service: Service
) -> None:
    """Step 3, both screens: « identifiant structure publique » and a reference in three parts, on the paper notice."""
    titre = chailles.gather(hookspecs.payment_routes, service=service)[0]
    assert isinstance(titre, PayfipTitre)
    assert not titre.drives_payment
    assert titre.say() == (
        "Paiement en ligne de l'avis des sommes à payer : sur https://www.payfip.gouv.fr, saisissez l'identifiant de "
        "structure 041120 et la référence en trois parties de votre avis des sommes à payer."
    )


def test_3_mes_factures_with_direct_debit_there_is_nothing_to_do(chailles: Commune, service: Service) -> None:
    """Step 3: « si vous avez opté pour le prélèvement automatique »; the guide sets no number of rejects."""
    assert chailles.gather(hookspecs.payment_routes, service=service)[1:] == (
        DirectDebitRoute(
            "prelevement", "Prélèvement automatique", "si vous avez opté pour le prélèvement, vous n'avez rien à faire."
        ),
    )
    assert chailles.ask(hookspecs.direct_debit) == DirectDebitPolicy(enabled=True, suspended_after_rejects=None)
