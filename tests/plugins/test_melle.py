"""Mellois en Poitou, article by article: « Accompagnement des usagers », in the order of its headings and steps.

Figures that the guide does not print are tested in ``test_melle_figures.py``.
"""

from datetime import date

import pytest

from plugins import hookspecs
from plugins.communes import Commune, Communes
from plugins.rules.accounts import AccountOpenings, LoginIdentifier, LoginKind, Opening, PasswordPolicy
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import ONLINE, Catalogue
from plugins.rules.direct_debits import DirectDebitPolicy
from plugins.rules.dossiers import Circumstance, RequiredDocument, Validity, check_documents
from plugins.rules.features import Feature, FieldPolicy, Review, Visibility
from plugins.rules.identity import Service
from plugins.rules.payment import DirectDebitRoute
from plugins.rules.questions import Answered
from plugins.rules.wording import Message

YEAR = SchoolYear(2026)
GUIDE_YEAR = SchoolYear(2021)  # the dates of the guide
OPENED_ON = {
    "Restauration scolaire": date(2021, 6, 1),
    "Garderie": date(2021, 6, 1),
    "Temps d'activités périscolaires (TAP)": date(2021, 6, 1),
    "Halte-garderie": date(2021, 9, 1),
    "Accueil collectif de mineurs, mercredis": date(2021, 9, 1),
    "Accueil collectif de mineurs, vacances": date(2021, 9, 1),
    "Accueil de jeunes": date(2021, 9, 1),
}


@pytest.fixture
def melle(communes: Communes) -> Commune:
    return communes["melle"]


@pytest.fixture
def catalogue(melle: Commune) -> Catalogue:
    return melle.ask(hookspecs.catalogue, year=YEAR)


@pytest.fixture
def documents(melle: Commune) -> tuple[RequiredDocument, ...]:
    return melle.gather(hookspecs.required_documents, year=YEAR)


def conditional(documents: tuple[RequiredDocument, ...], condition: str) -> list[RequiredDocument]:
    """The documents asked under a condition."""
    return [document for document in documents if document.condition == condition]


def test_points_de_reperes_the_private_space_replaces_the_paper_file_then_enrols(
    melle: Commune, catalogue: Catalogue
) -> None:
    """« Points de repères », second access: the file online, not on paper, then enrolments, once it is validated."""
    features = melle.ask(hookspecs.features, service=melle.identity.service("education"))
    assert [features.answer(each).allowed for each in (Feature.FILE_DOSSIER, Feature.ENROL)] == [True, True]
    assert {(each.enrolment.mode, each.enrolment.requires_dossier) for each in catalogue.activities} == {(ONLINE, True)}


def test_case_1_creation_step_1_the_direction_education_mails_known_families(melle: Commune) -> None:
    """Case 1, « Création de l'espace personnel », step 1: the mail comes from the direction de l'éducation."""
    assert Opening.ACTIVATION_MAIL in melle.ask(hookspecs.account_openings).ways
    assert melle.who_answers(hookspecs.wording, message=Message.ACCOUNT_ACTIVATION) == ("melle",)
    assert [service.label for service in melle.identity.services] == ["direction de l'éducation"]


def test_case_1_creation_step_2_the_activation_mail_has_the_words_of_the_guide(melle: Commune) -> None:
    """Case 1, step 2: welcome, link, « Nom d'utilisateur », temporary password, and that nobody reads an answer."""
    _, body = melle.ask(hookspecs.wording, message=Message.ACCOUNT_ACTIVATION).fill(
        addressee="Mme Testa ARPEGE",
        service="direction de l'éducation",
        commune="Mellois en Poitou",
        mailbox="education@melloisenpoitou.fr",
        link="https://portail.example/melle/activation",
        until="mardi 16 juin 2020 à 8 h 29",
        login="c.temp",
        password="0hejuUJV",
    )
    assert body == (
        "Bonjour Mme Testa ARPEGE,\n\n"
        "Nous vous souhaitons la bienvenue sur votre espace familles.\n\n"
        "Pour faciliter l'accès à l'espace familles et à vos démarches liées à votre vie quotidienne, votre espace "
        "personnel a\nété automatiquement créé.\n\n"
        "Pour l'activer, ouvrez ce lien avant le mardi 16 juin 2020 à 8 h 29 :\n"
        "https://portail.example/melle/activation\n\n"
        "Voici vos identifiants de connexion :\n- Nom d'utilisateur : c.temp\n- Mot de passe temporaire : 0hejuUJV\n\n"
        "Une fois connecté, vous changerez ce mot de passe temporaire pour créer votre mot de passe personnel, puis "
        "vous\naccepterez les conditions générales d'utilisation.\n\n"
        "Ce message est envoyé automatiquement, merci de ne pas y répondre : votre réponse ne pourra être traitée.\n\n"
        "Cordialement,\n\n"
        "direction de l'éducation\nMellois en Poitou\neducation@melloisenpoitou.fr\n"
    )
    assert melle.identity.sender == "ne-pas-repondre@melloisenpoitou.fr"


def test_case_1_creation_steps_2_and_4_the_mail_gives_a_login_such_as_c_temp(melle: Commune) -> None:
    """Case 1, steps 2 and 4: the login is given, with the initial and the surname."""
    rule = melle.ask(hookspecs.login_identifier)
    assert rule == LoginIdentifier(LoginKind.GIVEN)
    assert rule.propose("clemence@example.org", "Clémence", "Temp") == "c.temp"


def test_case_1_creation_step_5_a_password_has_8_characters_a_small_letter_and_a_digit(melle: Commune) -> None:
    """Case 1, step 5; the temporary password that the guide prints respects the rule."""
    policy = melle.ask(hookspecs.password_policy)
    assert policy == PasswordPolicy(min_length=8, lowercase=1, digits=1)
    assert {word: policy.accepts(word) for word in ("0hejuUJV", "0hejuUJ", "HEJUUJV0", "hejuujvx")} == {
        "0hejuUJV": True,
        "0hejuUJ": False,
        "HEJUUJV0": False,
        "hejuujvx": False,
    }


def test_case_1_creation_step_6_the_conditions_generales_d_utilisation_are_accepted(melle: Commune) -> None:
    """Case 1, step 6: terms to accept at the foot of the screen; their text is the portal's."""
    terms = melle.ask(hookspecs.terms)
    assert terms.title == "Conditions générales d'utilisation du portail famille : Mellois en Poitou"


def test_case_1_no_activation_mail_an_agent_gives_the_cle_enfance(melle: Commune) -> None:
    """Case 1, « la famille n'a pas reçu de mail d'activation », steps 1 to 3: whom to ask, when, and what then."""
    assert melle.identity.services == (
        Service("education", "direction de l'éducation", "education@melloisenpoitou.fr", "05 49 27 56 84"),
    )
    assert melle.ask(hookspecs.account_openings) == AccountOpenings(
        (Opening.ACTIVATION_MAIL, Opening.SERVICE_KEY, Opening.SELF_SIGN_UP),
        "Si vous n'avez pas reçu le courriel d'activation, demandez la « clé enfance » au 05 49 27 56 84 (accueil "
        "téléphonique fermé le mardi matin et le jeudi matin) ou à education@melloisenpoitou.fr, puis saisissez-la en "
        "créant votre espace personnel. Si vous n'êtes pas encore connu de nos services, créez votre espace personnel "
        "sans clé.",
    )


def test_dossier_administratif_first_gather_the_documents_then_one_file_for_each_child(melle: Commune) -> None:
    """« Constitution du dossier administratif », opening, and the last steps of « Procédure d'inscription »."""
    assert melle.ask(hookspecs.dossier_policy, year=YEAR).notice == (
        "Munissez-vous d'abord de toutes les pièces justificatives selon votre situation. Remplissez un dossier par "
        "enfant, chaque année scolaire. Tout dossier non complet ne pourra pas être validé ; après validation par le "
        "service, vous pourrez choisir les activités de votre enfant, sans pièce à joindre."
    )


def test_dossier_administratif_for_all_children_vaccinations_and_insurance(melle: Commune) -> None:
    """« Pour tous les enfants »: vaccinations or a doctor's word; the insurance of 2021-2022, as soon as possible."""
    found = melle.gather(hookspecs.required_documents, year=GUIDE_YEAR)
    assert [document for document in found if not document.is_conditional] == [
        RequiredDocument(
            "vaccinations",
            "Vaccinations",
            any_of=("photocopie du carnet de vaccinations à jour", "attestation d'un médecin"),
        ),
        RequiredDocument(
            "assurance",
            "Attestation d'assurance responsabilité civile de l'année scolaire 2021-2022",
            may_come_later=True,
        ),
    ]


def test_dossier_administratif_direct_debit_needs_a_mandate_and_a_rib(
    melle: Commune, documents: tuple[RequiredDocument, ...]
) -> None:
    """« Demande de prélèvement automatique »: the SEPA mandate, downloaded from the portal, and the RIB."""
    asked = "si vous demandez le prélèvement automatique"
    assert conditional(documents, asked) == [
        RequiredDocument(
            "mandat-sepa",
            "Mandat de prélèvement SEPA (à télécharger sur l'espace familles)",
            condition=asked,
            validity=Validity.LASTING,
            when=Answered("prelevement"),
            shared=True,
        ),
        RequiredDocument(
            "rib",
            "RIB",
            condition=asked,
            validity=Validity.LASTING,
            when=Answered("prelevement"),
            shared=True,
        ),
    ]
    routes = melle.gather(hookspecs.payment_routes, service=melle.identity.service("education"))
    assert [route.say() for route in routes if isinstance(route, DirectDebitRoute)] == [
        "Prélèvement automatique : joignez au dossier administratif le mandat de prélèvement SEPA signé et un RIB."
    ]
    policy = melle.ask(hookspecs.direct_debit)
    assert policy.creditor is not None
    assert policy == DirectDebitPolicy(enabled=True, creditor=policy.creditor)


def test_dossier_administratif_a_pai_or_a_certificate_until_it_is_drawn_up(
    documents: tuple[RequiredDocument, ...],
) -> None:
    """« Selon les enfants concernés », first line."""
    asked = "si l'enfant a un projet d'accueil individualisé"
    assert conditional(documents, asked) == [
        RequiredDocument(
            "pai",
            "Santé",
            any_of=("projet d'accueil individualisé (PAI)", "certificat médical dans l'attente du PAI"),
            condition=asked,
            when=Answered("pai"),
        )
    ]


def test_dossier_administratif_a_forbidden_contact_needs_the_court_s_decision(
    documents: tuple[RequiredDocument, ...],
) -> None:
    """« Selon les enfants concernés », second line."""
    asked = "si un contact est interdit"
    assert conditional(documents, asked) == [
        RequiredDocument(
            "decision-judiciaire",
            "Décision judiciaire",
            condition=asked,
            validity=Validity.LASTING,
            when=Answered("contact-interdit"),
            circumstance=Circumstance.FORBIDDEN_CONTACT,
        )
    ]


def test_dossier_administratif_shared_custody_needs_the_signed_calendar_and_the_judgment(
    documents: tuple[RequiredDocument, ...],
) -> None:
    """« En cas de garde alternée »: the calendar signed by both representatives, asked each year, and the judgment."""
    asked = "en cas de garde alternée"
    assert conditional(documents, asked) == [
        RequiredDocument(
            "calendrier-garde",
            "Calendrier de garde alternée, cosigné par les représentants légaux",
            condition=asked,
            when=Answered("garde-alternee"),
            circumstance=Circumstance.SHARED_CUSTODY,
        ),
        RequiredDocument(
            "jugement-garde",
            "Photocopie du jugement de garde",
            condition=asked,
            validity=Validity.LASTING,
            when=Answered("garde-alternee"),
            circumstance=Circumstance.SHARED_CUSTODY,
        ),
    ]


def test_dossier_administratif_the_form_asks_for_the_situations_that_call_for_a_document(melle: Commune) -> None:
    """« Pièces supplémentaires selon votre situation »: each situation is a question of the form."""
    policy = melle.ask(hookspecs.dossier_policy, year=YEAR)
    assert [section.code for section in policy.sections] == ["scolarite", "situation", "sante", "repas", "urgence"]
    assert [section.code for section in policy.sections if section.health] == ["sante", "repas"]
    check_documents(melle.gather(hookspecs.required_documents, year=YEAR), policy)


@pytest.mark.parametrize("year", [GUIDE_YEAR, YEAR])
def test_procedure_d_inscription_the_single_file_of_the_year_comes_first(melle: Commune, year: SchoolYear) -> None:
    """« Procédure d'inscription »: « vous devez d'abord renseigner le dossier administratif unique »."""
    assert melle.ask(hookspecs.dossier_policy, year=year).required
    activities = melle.ask(hookspecs.catalogue, year=year).activities
    assert [each.code for each in activities if not each.enrolment.requires_dossier] == []


def test_procedure_d_inscription_activities_open_on_1_june_and_on_1_september_2021(melle: Commune) -> None:
    """« Procédure d'inscription », both dates: before the school year for three activities, at its start for others."""
    activities = melle.ask(hookspecs.catalogue, year=GUIDE_YEAR).activities
    assert {each.label: each.enrolment.opens_on for each in activities} == OPENED_ON


def test_procedure_d_inscription_the_dates_come_back_every_year(catalogue: Catalogue) -> None:
    """« Procédure d'inscription »: 1 June and 1 September of the year in which the school year starts."""
    assert {each.label: each.enrolment.opens_on for each in catalogue.activities} == {
        label: opens_on.replace(year=2026) for label, opens_on in OPENED_ON.items()
    }


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (Message.DOSSIER_RECEIVED, "Nous avons bien reçu le dossier administratif {year} {of_child}."),
        (Message.DOSSIER_ACCEPTED, "Le dossier administratif {year} {of_child} est validé."),
        (Message.DOSSIER_REFUSED, "Le dossier administratif {year} {of_child} n'a pas pu être validé"),
    ],
)
def test_procedure_d_inscription_a_mail_says_received_and_another_says_decided(
    melle: Commune, message: Message, said: str
) -> None:
    """« Procédure d'inscription », after its steps: one mail when recorded, one when decided, in the portal's words."""
    assert said in melle.ask(hookspecs.wording, message=message).body


def test_case_2_step_1_a_new_family_creates_its_space_without_calling_anybody(melle: Commune) -> None:
    """Case 2, step 1: unknown families sign up by themselves."""
    assert melle.ask(hookspecs.account_openings).allows(Opening.SELF_SIGN_UP)


@pytest.mark.parametrize(
    ("field", "visibility"),
    [
        ("title", Visibility.REQUIRED),
        ("last_name", Visibility.REQUIRED),
        ("birth_name", Visibility.EDITABLE),
        ("first_name", Visibility.REQUIRED),
        ("birth_date", Visibility.EDITABLE),
        ("street", Visibility.REQUIRED),
        ("postcode", Visibility.REQUIRED),
        ("town", Visibility.REQUIRED),
        ("country", Visibility.REQUIRED),
    ],
)
def test_case_2_step_2_the_entourage_is_declared_by_the_family_and_validated_by_the_service(
    melle: Commune, field: str, visibility: Visibility
) -> None:
    """Case 2, step 2: the form « Ajouter à mon entourage », its stars, and « elle doit être validée »."""
    service = melle.identity.service("education")
    assert melle.ask(hookspecs.features, service=service).answer(Feature.EDIT_HOUSEHOLD).allowed
    policy = melle.ask(hookspecs.field_policies, service=service).of(f"person.{field}")
    assert policy == FieldPolicy(visibility, Review.AGENT)
