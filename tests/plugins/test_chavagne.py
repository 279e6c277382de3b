"""Chavagne, article by article: « Guide d'utilisation du Portail Familles », in the order of its headings.

Figures that the guide does not print are tested in ``test_chavagne_figures.py``.
"""

from datetime import date

import pytest

from plugins import hookspecs
from plugins.chavagne import sheets
from plugins.communes import Commune, Communes
from plugins.rules.accounts import AccountOpenings, LoginIdentifier, LoginKind, Opening
from plugins.rules.booking import Action
from plugins.rules.calendar import DayKind, SchoolYear
from plugins.rules.catalogue import Activity, Catalogue, EnrolmentMode, Preset
from plugins.rules.direct_debits import DirectDebitPolicy
from plugins.rules.dossiers import Consent, RequiredDocument
from plugins.rules.features import Feature, FieldPolicy, Visibility
from plugins.rules.identity import Service
from plugins.rules.payment import DirectDebitRoute, PayfipRegie
from plugins.rules.wording import Message

YEAR = SchoolYear(2026)
GUIDE_YEAR = SchoolYear(2019)  # the screens of the guide


@pytest.fixture
def chavagne(communes: Communes) -> Commune:
    return communes["chavagne"]


@pytest.fixture
def catalogue(chavagne: Commune) -> Catalogue:
    return chavagne.ask(hookspecs.catalogue, year=YEAR)


def activity(catalogue: Catalogue, code: str) -> Activity:
    found = catalogue.activity(code)
    assert found is not None
    return found


def open_days(chavagne: Commune, activity: Activity, unit: str, first: date, last: date) -> list[date]:
    """The days between two dates on which a unit opens."""
    found = activity.unit(unit)
    assert found is not None
    return [day.day for day in chavagne.ask(hookspecs.calendar).days(first, last) if activity.is_open(found, day)]


def open_weekdays(chavagne: Commune, activity: Activity, unit: str) -> tuple[set[int], set[DayKind]]:
    """The weekdays on which a unit opens in the year, and the kinds of these days."""
    calendar = chavagne.ask(hookspecs.calendar)
    days = open_days(chavagne, activity, unit, YEAR.first_day, YEAR.last_day)
    return {day.isoweekday() for day in days}, {calendar.day(day).kind for day in days}


def test_cover_the_service_enfance_of_the_mairie_answers_by_telephone_and_by_mail(chavagne: Commune) -> None:
    """Cover: the name of the town hall and of its service, its telephone and its mailbox, which also sends."""
    assert chavagne.identity.name == "Chavagne"
    assert chavagne.identity.sender == chavagne.identity.author == "portail.familles@chavagne.fr"
    assert (chavagne.identity.website, chavagne.identity.portal) == (
        "https://www.chavagne.fr",
        "https://www.espace-citoyens.net/chavagne",
    )
    assert chavagne.identity.services == (
        Service("enfance", "service Enfance", "portail.familles@chavagne.fr", "02 99 64 28 53"),
    )


def test_page_2_the_portal_is_open_day_and_night_by_the_site_of_the_town(chavagne: Commune) -> None:
    """Page 2: every day at every hour, on three kinds of screens, under « Accès rapides » on the town's site."""
    text = " ".join(chavagne.ask(hookspecs.wording, message=Message.ACCOUNT_ACTIVATION).body.split())
    assert (
        "Le portail familles est accessible 7 jours sur 7 et 24 h sur 24, depuis un ordinateur, une tablette ou un "
        "smartphone : www.chavagne.fr, rubrique « Accès rapides », « Portail Familles »."
    ) in text


def test_1_creation_the_service_mails_an_identifiant_and_a_password_to_families_it_knows(chavagne: Commune) -> None:
    """§1, case 1: login and password come by mail and open a personal, secure space."""
    assert chavagne.ask(hookspecs.login_identifier) == LoginIdentifier(LoginKind.GIVEN)
    mail = chavagne.ask(hookspecs.wording, message=Message.ACCOUNT_ACTIVATION)
    assert mail.placeholders >= {"login", "password", "link"}
    assert mail.body.startswith(
        "Bonjour {first_name},\n\n"
        "Le service Enfance vous transmet un identifiant et un mot de passe, qui vous permettront d'accéder à votre "
        "espace\npersonnel et sécurisé.\n"
    )


def test_1_creation_who_received_nothing_and_who_is_not_known_yet_contact_the_service(chavagne: Commune) -> None:
    """§1, end of case 1, and case 2: no other way to an account than to ask the service."""
    assert chavagne.ask(hookspecs.account_openings) == AccountOpenings(
        (Opening.ACTIVATION_MAIL,),
        "Vous n'avez rien reçu ou vos enfants n'ont pas encore fréquenté le service Enfance : "
        "écrivez à portail.familles@chavagne.fr.",
    )


def test_1_creation_a_forgotten_password_is_replaced_by_a_mailed_link(chavagne: Commune) -> None:
    """§1, screen « A mon espace »: « J'ai oublié mon mot de passe »; the words are the portal's."""
    assert chavagne.who_answers(hookspecs.wording, message=Message.PASSWORD_RESET) == ("defaults",)
    assert "link" in chavagne.ask(hookspecs.wording, message=Message.PASSWORD_RESET).placeholders


def test_3_representants_membres_du_foyer_contacts_are_edited_by_the_family(chavagne: Commune) -> None:
    """§3: a family adds the contacts of its children and fills in their particulars, without writing to anybody."""
    enfance = chavagne.identity.service("enfance")
    assert chavagne.ask(hookspecs.features, service=enfance).answer(Feature.EDIT_HOUSEHOLD).allowed
    fields = chavagne.ask(hookspecs.field_policies, service=enfance)
    editable = FieldPolicy(Visibility.EDITABLE)
    assert [fields.of(f"person.{name}") for name in ("phone", "street", "postcode", "town")] == [editable] * 4


@pytest.mark.parametrize("feature", Feature)
def test_5_ma_famille_closes_nothing_to_the_families_of_the_service_enfance(
    chavagne: Commune, feature: Feature
) -> None:
    """§5, with the menus printed in §6 and §7 (enrol, file, book, justify an absence) and the payment of §9 to §11."""
    assert chavagne.ask(hookspecs.features, service=chavagne.identity.service("enfance")).answer(feature).allowed


def test_6_dossier_administratif_is_asked_for_each_child_and_school_year(chavagne: Commune) -> None:
    """§6: « Dossier administratif 2019-2020 », opened from the child's first name."""
    assert chavagne.ask(hookspecs.dossier_policy, year=GUIDE_YEAR).required
    assert (GUIDE_YEAR.label, YEAR.label) == ("2019-2020", "2026-2027")


def test_6_1_la_demarche_two_sheets_are_downloaded_filled_in_saved_and_sent(chavagne: Commune) -> None:
    """§6, step 1: the family sheet and the health sheet, both for every child."""
    assert chavagne.gather(hookspecs.required_documents, year=YEAR) == (
        RequiredDocument("fiche-famille", "Fiche famille", form=sheets.FAMILY, shared=True),
        RequiredDocument("fiche-sanitaire", "Fiche sanitaire", form=sheets.HEALTH),
    )
    assert chavagne.ask(hookspecs.dossier_policy, year=YEAR).notice.startswith(
        "Téléchargez la fiche famille et la fiche sanitaire, complétez-les, enregistrez-les, puis joignez-les à la "
        "demande."
    )


def test_6_2_ma_demande_asks_of_each_person_who_fetches_the_child_and_two_consents(chavagne: Commune) -> None:
    """§6, step 2: persons who may fetch the child, access to the quotient familial, photographs for communication."""
    policy = chavagne.ask(hookspecs.dossier_policy, year=YEAR)
    assert "Indiquez les personnes autorisées à venir chercher l'enfant." in policy.notice
    assert policy.consents == (
        Consent(
            "venir-chercher",
            "Autorisation à venir chercher l'enfant",
            "1",
            "J'autorise cette personne à venir chercher mon enfant.",
            each_person=True,
        ),
        Consent(
            "quotient-familial",
            "Autorisation d'accès au quotient familial",
            "1",
            "J'autorise le service Enfance à consulter mon quotient familial auprès de la CAF.",
        ),
        Consent(
            "photo-video",
            "Autorisation de prise de photo/vidéo",
            "1",
            "J'autorise la prise de photos et de vidéos de mon enfant pour des supports de communication de la "
            "commune.",
        ),
    )


def test_6_3_le_recapitulatif_ends_with_an_attestation(chavagne: Commune) -> None:
    """§6, step 3: to validate is to attest that what was given is exact."""
    assert chavagne.ask(hookspecs.dossier_policy, year=YEAR).notice.endswith(
        "En validant, vous attestez que les renseignements fournis sont exacts."
    )


def test_6_3_le_recapitulatif_once_validated_an_accuse_de_reception_is_mailed(chavagne: Commune) -> None:
    """§6, after step 3: the request is recorded, handed to the service, and its progress will be told."""
    subject, body = chavagne.ask(hookspecs.wording, message=Message.DOSSIER_RECEIVED).fill(
        first_name="Madame",
        child="Enfant2",
        of_child="d'Enfant2",
        year="2019-2020",
        service="service Enfance",
        commune="Chavagne",
        mailbox="portail.familles@chavagne.fr",
    )
    assert (subject, body) == (
        "Dossier 2019-2020 d'Enfant2 : bien reçu",
        "Bonjour Madame,\n\n"
        "Nous avons bien enregistré votre demande : dossier administratif 2019-2020 d'Enfant2.\n\n"
        "Elle est transmise au service Enfance, qui vous tiendra informé de l'avancement de son instruction.\n\n"
        "service Enfance\nChavagne\nportail.familles@chavagne.fr\n",
    )


def test_7_gerer_les_reservations_lists_four_activities_their_places_and_their_dates(chavagne: Commune) -> None:
    """§7, first screen: the term for three of them, the whole school year for the holidays, in 2019-2020."""
    year = chavagne.ask(hookspecs.catalogue, year=GUIDE_YEAR)
    class_dates, year_dates = (date(2019, 9, 2), date(2020, 7, 3)), (date(2019, 9, 1), date(2020, 8, 31))
    assert {each.label: (each.site, (each.first_day, each.last_day)) for each in year.activities} == {
        "Accueil périscolaire": ("École élémentaire publique", class_dates),
        "Restauration scolaire": ("École élémentaire publique", class_dates),
        "Accueil de loisirs Mercredi": ("Pôle Enfance", class_dates),
        "Accueil de loisirs Vacances": ("Pôle Enfance", year_dates),
    }


def test_7_accueil_periscolaire_has_three_units_on_monday_tuesday_thursday_and_friday(
    chavagne: Commune, catalogue: Catalogue
) -> None:
    """§7: morning, evening and lessons, each with its four weekdays."""
    periscolaire = activity(catalogue, "periscolaire")
    four_days = ({1, 2, 4, 5}, {DayKind.SCHOOL})
    assert {unit.label: open_weekdays(chavagne, periscolaire, unit.code) for unit in periscolaire.units} == {
        "Garderie du matin": four_days,
        "Garderie du soir": four_days,
        "Temps des leçons": four_days,
    }


def test_7_restauration_scolaire_books_the_meals_of_noon_at_the_restaurant_municipal(
    chavagne: Commune, catalogue: Catalogue
) -> None:
    """§7: noon meals, on days of class; the same restaurant serves the meals of the accueils de loisirs."""
    (meal,) = activity(catalogue, "restauration").units
    assert meal.label == "Repas du midi"
    assert open_weekdays(chavagne, activity(catalogue, "restauration"), "repas") == ({1, 2, 4, 5}, {DayKind.SCHOOL})
    pool = catalogue.pool("repas")
    assert pool is not None and pool.label == "Repas au restaurant municipal"
    meals = [each.unit("repas") for each in catalogue.activities if "repas" in each.unit_codes]
    assert [unit.pools for unit in meals if unit] == [("repas",)] * 3


def test_7_accueil_de_loisirs_mercredi_books_the_meal_and_the_afternoon_and_no_morning(
    chavagne: Commune, catalogue: Catalogue
) -> None:
    """§7: « le repas du mercredi midi […] ainsi que l'après-midi du mercredi »."""
    wednesday = activity(catalogue, "alsh-mercredi")
    only_wednesday = ({3}, {DayKind.WEDNESDAY})
    assert {unit.label: open_weekdays(chavagne, wednesday, unit.code) for unit in wednesday.units} == {
        "Repas": only_wednesday,
        "Après-midi": only_wednesday,
    }


def test_7_accueil_de_loisirs_vacances_books_a_day_as_morning_meal_and_afternoon(
    chavagne: Commune, catalogue: Catalogue
) -> None:
    """§7: three units of holidays; the whole day is all three ticked."""
    holidays = activity(catalogue, "alsh-vacances")
    monday_to_friday = ({1, 2, 3, 4, 5}, {DayKind.HOLIDAY})
    assert {unit.label: open_weekdays(chavagne, holidays, unit.code) for unit in holidays.units} == {
        "Matin": monday_to_friday,
        "Repas": monday_to_friday,
        "Après-midi": monday_to_friday,
    }
    assert holidays.presets == (Preset("journee", "Journée", ("matin", "repas", "apres-midi")),)


def test_8_dernieres_demandes_holidays_were_booked_from_21_to_31_october_2019(chavagne: Commune) -> None:
    """§8, request 20: from a Monday to a Thursday of the holidays of Toussaint, weekend left out."""
    holidays = activity(chavagne.ask(hookspecs.catalogue, year=GUIDE_YEAR), "alsh-vacances")
    assert open_days(chavagne, holidays, "matin", date(2019, 10, 21), date(2019, 10, 31)) == [
        date(2019, 10, day) for day in (21, 22, 23, 24, 25, 28, 29, 30, 31)
    ]


def test_8_dernieres_demandes_a_wednesday_was_booked_on_18_september_2019(chavagne: Commune) -> None:
    """§8, request 18: that day is a Wednesday of term."""
    wednesday = activity(chavagne.ask(hookspecs.catalogue, year=GUIDE_YEAR), "alsh-mercredi")
    day = date(2019, 9, 18)
    assert open_days(chavagne, wednesday, "apres-midi", day, day) == [day]


def test_8_dernieres_demandes_only_holidays_are_enrolled_online(catalogue: Catalogue) -> None:
    """§8, request 19: « Inscription accueil de loisirs de vacances 2019-2020 »; the service enrols in the others."""
    assert {each.code: each.enrolment.mode for each in catalogue.activities} == {
        "periscolaire": EnrolmentMode.BY_SERVICE,
        "restauration": EnrolmentMode.BY_SERVICE,
        "alsh-mercredi": EnrolmentMode.BY_SERVICE,
        "alsh-vacances": EnrolmentMode.ONLINE,
    }


@pytest.mark.parametrize("code", ["periscolaire", "restauration", "alsh-mercredi", "alsh-vacances"])
def test_8_bookings_are_changed_and_cancelled_within_the_delays_of_each_of_the_four_services(
    chavagne: Commune, catalogue: Catalogue, code: str
) -> None:
    """§8, end: tick or untick in time, the same procedure everywhere; out of time, the telephone of the cover."""
    rules = chavagne.ask(hookspecs.booking_rules, activity=activity(catalogue, code))
    days = open_days(chavagne, activity(catalogue, code), activity(catalogue, code).units[0].code, *term_of(catalogue))
    calendar = chavagne.ask(hookspecs.calendar)
    for action in Action:
        last = rules.last_instant(action, days[5], calendar, chavagne.tz).at
        assert last is not None and last.date() < days[5]
    assert rules.late.say() == "Hors délai, appelez le service Enfance au 02 99 64 28 53."


def term_of(catalogue: Catalogue) -> tuple[date, date]:
    """The first and last day of class."""
    restauration = activity(catalogue, "restauration")
    return restauration.first_day, restauration.last_day


def test_9_adhesion_a_la_facture_en_ligne_replaces_paper_for_who_joined(chavagne: Commune) -> None:
    """§9: a family joins by a request; invoices say what that changes."""
    assert chavagne.ask(hookspecs.invoicing).mentions == (
        "La facture en ligne remplace la facture papier pour les familles qui y ont adhéré.",
    )


def test_10_prelevement_automatique_asks_for_the_account_and_the_general_conditions(chavagne: Commune) -> None:
    """§10: bank details, to be changed with the bank, and conditions to accept; no number of rejects is printed."""
    policy = chavagne.ask(hookspecs.direct_debit)
    assert policy.creditor is not None
    assert policy == DirectDebitPolicy(enabled=True, creditor=policy.creditor)
    _, debit = chavagne.gather(hookspecs.payment_routes, service=chavagne.identity.service("enfance"))
    assert isinstance(debit, DirectDebitRoute)
    assert debit.say() == (
        "Prélèvement automatique : fournissez vos coordonnées bancaires, acceptez les conditions générales liées au "
        "prélèvement automatique, et pensez à modifier ces informations en cas de changement de domiciliation bancaire."
    )


def test_11_paiement_en_ligne_goes_to_payfip_with_the_invoice_number_and_its_year(chavagne: Commune) -> None:
    """§11: number, year and amount reach the DGFiP, here without the family typing them."""
    payfip, _ = chavagne.gather(hookspecs.payment_routes, service=chavagne.identity.service("enfance"))
    assert isinstance(payfip, PayfipRegie)
    assert payfip.drives_payment
    assert payfip.say() == (
        "Paiement en ligne : paiement sécurisé sur le site de la direction générale des Finances publiques (PayFiP)."
    )
    assert chavagne.ask(hookspecs.invoicing).payfip_reference(2026, 7, 1) == "2026ENF000007A01"
