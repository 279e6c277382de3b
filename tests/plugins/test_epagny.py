"""Épagny Metz-Tessy, article by article: the guide for families of the crèche, in the order of its headings.

Figures that the guide does not print are tested in ``test_epagny_figures.py``.
"""

from datetime import date

import pytest

from plugins import hookspecs
from plugins.communes import Commune, Communes
from plugins.rules.accounts import AccountOpenings, LoginIdentifier, LoginKind, Opening, PasswordPolicy, PasswordRule
from plugins.rules.booking import Action
from plugins.rules.calendar import DayKind, SchoolYear
from plugins.rules.catalogue import BY_SERVICE
from plugins.rules.direct_debits import DirectDebitPolicy
from plugins.rules.features import Feature, FieldPolicy, Visibility, refuse
from plugins.rules.identity import Service
from plugins.rules.payment import DirectDebitRoute, PayfipRegie, PaymentRoute
from plugins.rules.wording import Message

YEAR = SchoolYear(2026)
GUIDE_YEAR = SchoolYear(2022)  # the guide's screenshots are of Friday 6 January 2023
WRITE = (
    "écrivez à la structure d'accueil de votre enfant, picketplume@epagnymetztesy.fr (ou loptiou@epagnymetztesy.fr)."
)


@pytest.fixture
def epagny(communes: Communes) -> Commune:
    return communes["epagny"]


@pytest.fixture
def enfance(epagny: Commune) -> Service:
    return epagny.identity.service("enfance-jeunesse")


@pytest.fixture
def creche(epagny: Commune) -> Service:
    return epagny.identity.service("petite-enfance")


def routes(epagny: Commune, service: Service) -> tuple[PaymentRoute, ...]:
    return epagny.gather(hookspecs.payment_routes, service=service)


def test_je_me_connecte_an_account_is_activated_by_a_mail_to_look_for_in_the_junk_too(epagny: Commune) -> None:
    """« Je me connecte », first step: a mail comes with the inscription; the only way, so who lacks it writes."""
    assert epagny.ask(hookspecs.account_openings) == AccountOpenings(
        (Opening.ACTIVATION_MAIL,),
        "Sans courriel d'activation (vérifiez les indésirables), écrivez à enfance-jeunesse@epagnymetztesy.fr ou, pour "
        "la crèche, à petite-enfance@epagnymetztesy.fr.",
    )


def test_je_me_connecte_the_mail_leads_from_its_link_to_the_terms(epagny: Commune) -> None:
    """« Je me connecte », every step: link, identifier, password to copy, new password, terms, the town's website."""
    subject, body = epagny.ask(hookspecs.wording, message=Message.ACCOUNT_ACTIVATION).fill(
        commune="Épagny Metz-Tessy",
        first_name="Simon",
        service="service Petite Enfance",
        mailbox="petite-enfance@epagnymetztesy.fr",
        login="durand.simon",
        password="ecHerufa7q",
        link="https://portail/lien",
        until="lundi 12 octobre 2026 à 9 h",
    )
    assert subject == "Épagny Metz-Tessy : activez votre espace famille"
    assert body == (
        "Bonjour Simon,\n\n"
        "Votre espace personnel a été créé sur le portail famille.\n\n"
        "Pour l'activer, cliquez sur ce lien avant le lundi 12 octobre 2026 à 9 h :\n"
        "https://portail/lien\n\n"
        "Votre identifiant : durand.simon\n"
        "Votre mot de passe provisoire : ecHerufa7q\n\n"
        "Copiez et collez ce mot de passe, puis cliquez sur « Connexion ». Vous devrez aussitôt choisir le vôtre,\n"
        "puis lire et accepter les conditions générales d'utilisation.\n\n"
        "Vous retrouverez ensuite le portail depuis le site de la mairie, https://www.epagnymetztesy.fr, en cliquant "
        "sur\n« portail familles ». N'oubliez pas de vous déconnecter à la fin de chaque utilisation.\n\n"
        "service Petite Enfance\nÉpagny Metz-Tessy\npetite-enfance@epagnymetztesy.fr\n"
    )


def test_je_me_connecte_the_identifier_is_the_part_of_the_address_before_the_at_sign(epagny: Commune) -> None:
    """« Je me connecte », the example: durand.simon@live.fr signs in as durand.simon."""
    login = epagny.ask(hookspecs.login_identifier)
    assert login == LoginIdentifier(LoginKind.LOCAL_PART)
    assert login.propose("durand.simon@live.fr", "Simon", "Durand") == "durand.simon"


def test_bienvenue_the_service_enfance_jeunesse_and_its_telephone(enfance: Service) -> None:
    """« Bienvenue sur votre espace citoyens », last paragraph: who answers for school and leisure."""
    assert enfance == Service(
        "enfance-jeunesse", "service Enfance Jeunesse", "enfance-jeunesse@epagnymetztesy.fr", "04 50 22 98 19"
    )


def test_bienvenue_the_activities_are_those_of_the_list_and_the_creches(epagny: Commune) -> None:
    """« Bienvenue sur votre espace citoyens », the list: two at school and study, two centres, the Espace Jeunes."""
    catalogue = epagny.ask(hookspecs.catalogue, year=YEAR)
    assert {
        activity.label: (activity.service, [unit.label for unit in activity.units]) for activity in catalogue.activities
    } == {
        "Accueil du matin et du soir": ("enfance-jeunesse", ["Accueil du matin", "Accueil du soir"]),
        "Restauration scolaire": ("enfance-jeunesse", ["Repas"]),
        "Études surveillées": ("enfance-jeunesse", ["Étude surveillée"]),
        "Croc'Loisirs (mercredis)": ("enfance-jeunesse", ["Matin", "Repas", "Après-midi"]),
        "Croc'Vacances": ("enfance-jeunesse", ["Journée avec repas"]),
        "Espace Jeunes": ("enfance-jeunesse", ["Après-midi"]),
        "Multi-accueil Pic & Plume": ("petite-enfance", ["Journée d'accueil"]),
        "Multi-accueil Loptiou": ("petite-enfance", ["Journée d'accueil"]),
    }


@pytest.mark.parametrize("feature", Feature)
def test_bienvenue_school_families_do_everything_online(epagny: Commune, enfance: Service, feature: Feature) -> None:
    """« Bienvenue sur votre espace citoyens »: « réaliser en intégralité vos démarches »."""
    assert epagny.ask(hookspecs.features, service=enfance).answer(feature).allowed


@pytest.mark.parametrize(
    "code", ["accueil", "restauration", "etudes", "croc-loisirs", "croc-vacances", "espace-jeunes"]
)
def test_bienvenue_what_is_booked_is_also_modified_and_cancelled(epagny: Commune, code: str) -> None:
    """« Bienvenue sur votre espace citoyens »: « la modification et l'annulation de vos réservations »."""
    activity = epagny.ask(hookspecs.catalogue, year=YEAR).activity(code)
    assert activity is not None
    assert epagny.who_answers(hookspecs.booking_rules, activity=activity) == ("epagny",)
    rules = epagny.ask(hookspecs.booking_rules, activity=activity)
    assert {rules.deadline(action) for action in Action} == {rules.book}


def test_bienvenue_families_of_the_centres_and_the_espace_jeunes_enrol_online(epagny: Commune) -> None:
    """« Bienvenue sur votre espace citoyens »: leisure is asked online; at school and at the crèche, of the service."""
    activities = epagny.ask(hookspecs.catalogue, year=YEAR).activities
    by_service = [activity.code for activity in activities if activity.enrolment.mode is BY_SERVICE]
    assert by_service == ["accueil", "restauration", "etudes", "pic-et-plume", "loptiou"]


def test_actualites_croc_vacances_opens_on_the_monday_of_the_winter_holidays_of_zone_a(epagny: Commune) -> None:
    """« Actualités », 2 January 2023: the winter holidays at Croc'Vacances run from 06/02/2023, a Monday."""
    activity = epagny.ask(hookspecs.catalogue, year=GUIDE_YEAR).activity("croc-vacances")
    assert activity is not None
    (day,) = activity.units
    february = epagny.ask(hookspecs.calendar).days(date(2023, 2, 1), date(2023, 2, 28))
    opened = [known.day for known in february if activity.is_open(day, known)]
    assert (opened[0], opened[-1], len(opened)) == (date(2023, 2, 6), date(2023, 2, 17), 10)
    assert opened[0].isoweekday() == 1
    assert epagny.identity.school_zone == "A"
    assert (epagny.identity.website, epagny.identity.portal) == (
        "https://www.epagnymetztesy.fr",
        "https://www.espace-citoyens.net/epagnymetztesy/espace-citoyens/",
    )


def test_je_change_mon_mot_de_passe_the_text_and_the_screen_are_both_satisfied(epagny: Commune) -> None:
    """« Je change obligatoirement mon mot de passe »: the text wants a capital, the screen a small letter; we, both."""
    policy = epagny.ask(hookspecs.password_policy)
    assert policy == PasswordPolicy(min_length=8, lowercase=1, uppercase=1, digits=1)
    unmet = {
        candidate: {check.rule for check in policy.check(candidate) if not check.satisfied}
        for candidate in ("Chouet8", "CHOUETTE8", "chouette8", "Chouettes", "Chouette8")
    }
    assert unmet == {
        "Chouet8": {PasswordRule.MIN_LENGTH},
        "CHOUETTE8": {PasswordRule.LOWERCASE},
        "chouette8": {PasswordRule.UPPERCASE},
        "Chouettes": {PasswordRule.DIGIT},
        "Chouette8": set(),
    }


def test_j_accepte_les_conditions_generales_the_terms_name_the_town_and_ask_to_sign_out(epagny: Commune) -> None:
    """« La page des Conditions Générales d'Utilisation s'affiche »; its text is not in the guide: the portal's."""
    terms = epagny.ask(hookspecs.terms)
    assert terms.title == "Conditions générales d'utilisation du portail famille : Épagny Metz-Tessy"
    assert "vous vous déconnectez après usage" in terms.text


@pytest.mark.parametrize(
    "field",
    ["last_name", "first_name", "birth_date", "street", "postcode", "town", "email", "phone"],
)
def test_mon_espace_membres_foyer_contacts_are_checked_and_not_changed(
    epagny: Commune, creche: Service, field: str
) -> None:
    """« Mon espace », « Membres foyer », « Contacts »: « je vérifie l'exactitude des informations »."""
    policies = epagny.ask(hookspecs.field_policies, service=creche)
    assert policies.of(f"person.{field}") == FieldPolicy(Visibility.SHOWN)


def test_mon_espace_school_families_keep_their_particulars_up_to_date(epagny: Commune, enfance: Service) -> None:
    """The stars of « Mon espace » bind the families the guide is written for; the others have the portal's rules."""
    assert epagny.who_answers(hookspecs.field_policies, service=enfance) == ("defaults",)
    assert epagny.ask(hookspecs.field_policies, service=enfance).of("person.phone").is_editable


def test_mon_tableau_de_bord_creche_families_only_consult_their_invoices_and_pay_them(
    epagny: Commune, creche: Service
) -> None:
    """« Mon tableau de bord »: « vous pouvez uniquement consulter les factures et les payer en ligne »."""
    features = epagny.ask(hookspecs.features, service=creche)
    assert [feature for feature in Feature if features.answer(feature).allowed] == [
        Feature.VIEW_INVOICES,
        Feature.PAY_ONLINE,
    ]


@pytest.mark.parametrize(
    ("feature", "why"),
    [
        (
            Feature.EDIT_HOUSEHOLD,
            "L'adresse, les courriels, les téléphones et les contacts d'une famille de la crèche ne se modifient pas "
            "en ligne : ",
        ),
        (Feature.BOOK, "Les réservations de la crèche ne se font pas en ligne : "),
        (Feature.REPORT_ABSENCE, "Les absences à la crèche ne se signalent pas en ligne : "),
        (
            Feature.FILE_DOSSIER,
            "Le dossier d'un enfant de la crèche et ses informations de santé ne se remplissent pas en ligne : ",
        ),
        (Feature.ENROL, "L'inscription à la crèche ne se fait pas en ligne : "),
        (Feature.ASK, "Les demandes à la crèche ne se font pas en ligne : "),
    ],
)
def test_ma_famille_is_not_used_and_every_request_is_written_to_the_structure(
    epagny: Commune, creche: Service, feature: Feature, why: str
) -> None:
    """« Ma famille » and the sentence in bold after it: each request, one by one, goes to Pic & Plume or Loptiou."""
    answer = epagny.ask(hookspecs.features, service=creche).answer(feature)
    assert (answer.reason, answer.contact) == (why + WRITE, "picketplume@epagnymetztesy.fr")


@pytest.mark.parametrize(
    ("code", "mailbox"),
    [("pic-et-plume", "picketplume@epagnymetztesy.fr"), ("loptiou", "loptiou@epagnymetztesy.fr")],
)
def test_ma_famille_each_creche_has_its_mailbox(epagny: Commune, creche: Service, code: str, mailbox: str) -> None:
    """« Directement par mail à la structure d'accueil de votre enfant »: that of the crèche that it goes to."""
    activity = epagny.ask(hookspecs.catalogue, year=YEAR).activity(code)
    assert activity is not None
    answer = epagny.ask(hookspecs.features, service=creche).answer(Feature.BOOK).at(activity.mailbox)
    assert answer == refuse(
        "Les réservations de la crèche ne se font pas en ligne : écrivez à la structure d'accueil de votre enfant, "
        f"{mailbox}.",
        mailbox,
    )


@pytest.mark.parametrize("code", ["pic-et-plume", "loptiou"])
def test_ma_famille_the_creches_are_open_all_year_and_their_days_are_entered_by_the_service(
    epagny: Commune, code: str
) -> None:
    """« Ma famille »: nothing is asked online, so the service enrols; holidays and Wednesdays are days of crèche."""
    activity = epagny.ask(hookspecs.catalogue, year=YEAR).activity(code)
    assert activity is not None
    (day,) = activity.units
    assert (activity.first_day, activity.last_day) == (YEAR.first_day, YEAR.last_day)
    assert day.day_kinds == {DayKind.SCHOOL, DayKind.WEDNESDAY, DayKind.HOLIDAY}
    assert activity.enrolment.mode is BY_SERVICE


def test_en_cas_de_perte_de_mon_mot_de_passe_a_mail_leads_to_a_new_one(epagny: Commune) -> None:
    """« En cas de perte de mon mot de passe »: a mail, and a new password; the words are the portal's."""
    assert epagny.who_answers(hookspecs.wording, message=Message.PASSWORD_RESET) == ("defaults",)
    mail = epagny.ask(hookspecs.wording, message=Message.PASSWORD_RESET)
    assert mail.subject == "{commune} : choisissez un nouveau mot de passe"
    assert "Ouvrez ce lien avant le {until} :\n{link}" in mail.body


def test_regler_par_carte_bancaire_a_mail_announces_the_invoice_on_the_family_s_space(epagny: Commune) -> None:
    """« Régler par carte bancaire », first step: the mail of notification, and the invoice found on one's space."""
    mail = epagny.ask(hookspecs.wording, message=Message.INVOICE_ISSUED)
    assert "Votre facture {number} ({period}) est disponible sur votre espace famille." in mail.body


def test_regler_par_carte_bancaire_each_service_takes_cards(epagny: Commune, enfance: Service, creche: Service) -> None:
    """« Régler par carte bancaire », fifth step; a welcome page promises school families the same."""
    for service in (enfance, creche):
        card = routes(epagny, service)[0]
        assert isinstance(card, PayfipRegie)
        assert (card.label, card.drives_payment) == ("Paiement par carte bancaire", True)


def test_regler_par_carte_bancaire_the_receipt_is_kept(epagny: Commune) -> None:
    """« Régler par carte bancaire », last step: « je garde le reçu »."""
    subject, body = epagny.ask(hookspecs.wording, message=Message.PAYMENT_RECEIPT).fill(
        commune="Épagny Metz-Tessy",
        first_name="Marie",
        service="service Petite Enfance",
        mailbox="petite-enfance@epagnymetztesy.fr",
        number="2026-EMT-000007",
        amount="345,84\N{NO-BREAK SPACE}€",
        paid_at="1er octobre 2026 à 9 h",
        reference="P-42",
    )
    assert subject == "Paiement reçu pour la facture 2026-EMT-000007"
    assert body == (
        "Bonjour Marie,\n\n"
        "Nous avons bien reçu votre paiement de 345,84\N{NO-BREAK SPACE}€ pour la facture 2026-EMT-000007, le 1er "
        "octobre 2026 à 9 h.\n\n"
        "Référence du paiement : P-42\n\n"
        "Gardez ce message : c'est votre reçu.\n\n"
        "service Petite Enfance\nÉpagny Metz-Tessy\npetite-enfance@epagnymetztesy.fr\n"
    )


def test_regler_par_prelevement_a_rib_is_given_to_the_director_or_mailed_and_a_mandate_comes_back(
    epagny: Commune, enfance: Service, creche: Service
) -> None:
    """« Régler par prélèvement automatique », both first sentences; at the crèche alone."""
    _, debit = routes(epagny, creche)
    assert debit == DirectDebitRoute(
        "prelevement",
        "Prélèvement automatique",
        "transmettez un RIB à la directrice de la structure ou à petite-enfance@epagnymetztesy.fr ; un mandat vous "
        "parviendra par courriel pour signature.",
    )
    assert [route.code for route in routes(epagny, enfance)] == ["carte"]


def test_regler_par_prelevement_starts_at_the_next_invoicing_and_stops_after_two_rejects(epagny: Commune) -> None:
    """« Régler par prélèvement automatique », last paragraph: from when, and what suspends it."""
    policy = epagny.ask(hookspecs.direct_debit)
    assert policy.creditor is not None
    assert policy == DirectDebitPolicy(
        enabled=True, suspended_after_rejects=2, creditor=policy.creditor, joined_online=False
    )
    assert [policy.is_suspended(rejects) for rejects in range(3)] == [False, False, True]
    assert policy.say() == (
        "Le prélèvement prend effet à la prochaine facturation ; il peut être suspendu à votre demande "
        "ou au bout de 2 rejets de prélèvement."
    )


def test_en_cas_de_probleme_the_service_petite_enfance_answers(creche: Service) -> None:
    """The last sentence: who helps the families of the crèche with the portal."""
    assert creche == Service(
        "petite-enfance", "service Petite Enfance", "petite-enfance@epagnymetztesy.fr", "04 50 22 05 57"
    )
