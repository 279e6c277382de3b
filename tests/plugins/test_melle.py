"""Mellois en Poitou, fact by fact: « Accompagnement des usagers »."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from plugins import hookspecs
from plugins.communes import Commune, Communes
from plugins.rules.accounts import LoginKind, Opening, PasswordPolicy
from plugins.rules.booking import Action
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import ONLINE, Activity, Catalogue
from plugins.rules.dossiers import RequiredDocument
from plugins.rules.identity import Service
from plugins.rules.payment import DirectDebitRoute, PayfipRegie
from plugins.rules.tariffs import Situation

PARIS = ZoneInfo("Europe/Paris")
YEAR = SchoolYear(2026)


@pytest.fixture
def melle(communes: Communes) -> Commune:
    return communes["melle"]


@pytest.fixture
def catalogue(melle: Commune) -> Catalogue:
    return melle.ask(hookspecs.catalogue, year=YEAR)


@pytest.fixture
def documents(melle: Commune) -> dict[str, RequiredDocument]:
    found = melle.gather(hookspecs.required_documents, year=YEAR)
    return {document.code: document for document in found}


def activity(catalogue: Catalogue, code: str) -> Activity:
    found = catalogue.activity(code)
    assert found is not None
    return found


def test_the_direction_de_l_education_answers_by_mail_and_by_telephone(melle: Commune) -> None:
    assert melle.identity.services == (
        Service("education", "direction de l'éducation", "education@melloisenpoitou.fr", "05 49 27 56 84"),
    )
    assert melle.identity.school_zone == "A"


def test_an_account_opens_by_mail_by_the_cle_enfance_or_by_oneself(melle: Commune) -> None:
    openings = melle.ask(hookspecs.account_openings)
    assert openings.ways == (Opening.ACTIVATION_MAIL, Opening.SERVICE_KEY, Opening.SELF_SIGN_UP)
    assert "« clé enfance » au 05 49 27 56 84" in openings.contact
    assert "fermé le mardi matin et le jeudi matin" in openings.contact


def test_the_mail_gives_a_login_such_as_c_temp(melle: Commune) -> None:
    rule = melle.ask(hookspecs.login_identifier)
    assert (rule.kind, rule.propose("c@free.fr", "Clémence", "Temp")) == (LoginKind.GIVEN, "c.temp")


def test_a_password_has_8_characters_a_small_letter_and_a_digit(melle: Commune) -> None:
    assert melle.ask(hookspecs.password_policy) == PasswordPolicy(min_length=8, lowercase=1, digits=1)


def test_every_activity_needs_the_file_of_the_year_and_is_enrolled_online(melle: Commune, catalogue: Catalogue) -> None:
    assert melle.ask(hookspecs.dossier_policy, year=YEAR).required
    assert {(a.enrolment.mode, a.enrolment.requires_dossier) for a in catalogue.activities} == {(ONLINE, True)}


def test_meals_care_and_tap_open_on_1_june_and_the_others_on_1_september(catalogue: Catalogue) -> None:
    assert {activity.code: activity.enrolment.opens_on for activity in catalogue.activities} == {
        "restauration": date(2026, 6, 1),
        "garderie": date(2026, 6, 1),
        "tap": date(2026, 6, 1),
        "halte-garderie": date(2026, 9, 1),
        "acm-mercredis": date(2026, 9, 1),
        "acm-vacances": date(2026, 9, 1),
        "accueil-jeunes": date(2026, 9, 1),
    }


def test_for_2021_2022_enrolment_opened_on_1_june_2021(melle: Commune) -> None:
    catalogue = melle.ask(hookspecs.catalogue, year=SchoolYear(2021))
    assert activity(catalogue, "restauration").enrolment.opens_on == date(2021, 6, 1)


def test_every_child_gives_vaccinations_or_a_doctor_s_word_and_may_insure_later(
    documents: dict[str, RequiredDocument],
) -> None:
    assert [document.say() for document in documents.values() if not document.is_conditional] == [
        "Vaccinations : photocopie du carnet de vaccinations à jour ou attestation d'un médecin",
        "Attestation d'assurance responsabilité civile de l'année scolaire 2026-2027 (à fournir dès que possible)",
    ]


def test_other_documents_depend_on_the_family(documents: dict[str, RequiredDocument]) -> None:
    assert [document.say() for document in documents.values() if document.is_conditional] == [
        "Mandat de prélèvement SEPA, si vous demandez le prélèvement automatique",
        "RIB, si vous demandez le prélèvement automatique",
        "Santé : projet d'accueil individualisé (PAI) ou certificat médical dans l'attente du PAI, "
        "si l'enfant a un projet d'accueil individualisé",
        "Décision judiciaire, si un contact est interdit",
        "Calendrier de garde alternée, cosigné par les représentants légaux, en cas de garde alternée",
        "Photocopie du jugement de garde, en cas de garde alternée",
    ]


def test_an_incomplete_file_is_never_validated_and_says_so(melle: Commune) -> None:
    notice = melle.ask(hookspecs.dossier_policy, year=YEAR).notice
    assert "Tout dossier non complet ne pourra pas être validé" in notice


@pytest.mark.parametrize(
    ("code", "day", "last"),
    [
        ("restauration", date(2026, 11, 12), "2026-11-09T09:59:59+01:00"),
        ("garderie", date(2026, 11, 12), "2026-11-11T18:00:00+01:00"),
        ("tap", date(2026, 11, 6), "2026-10-25T23:59:59+01:00"),
        ("acm-mercredis", date(2026, 11, 4), "2026-10-29T18:00:00+01:00"),
        ("acm-vacances", date(2026, 10, 19), "2026-10-08T18:00:00+02:00"),
        ("accueil-jeunes", date(2026, 10, 21), "2026-10-21T09:59:59+02:00"),
    ],
)
def test_our_delays_fall_when_the_reglement_would_say(
    melle: Commune, catalogue: Catalogue, code: str, day: date, last: str
) -> None:
    rules = melle.ask(hookspecs.booking_rules, activity=activity(catalogue, code))
    found = rules.last_instant(Action.BOOK, day, melle.ask(hookspecs.calendar), melle.tz)
    assert found.at.isoformat() == last


def test_a_late_meal_is_taken_until_nine_and_costs_a_quarter_more(melle: Commune, catalogue: Catalogue) -> None:
    meals, day = activity(catalogue, "restauration"), date(2026, 11, 12)
    rules = melle.ask(hookspecs.booking_rules, activity=meals)
    tariff = melle.ask(hookspecs.tariff, activity=meals, year=YEAR)
    final = rules.final_instant(day, melle.ask(hookspecs.calendar), melle.tz)
    prices = [tariff.price(Situation(day, "repas", 300, late=late)).cents for late in (False, True)]
    assert (final.at, prices) == (datetime(2026, 11, 12, 8, 59, 59, tzinfo=PARIS), [210, 263])


def test_the_garderie_costs_the_same_to_everybody(melle: Commune, catalogue: Catalogue) -> None:
    tariff = melle.ask(hookspecs.tariff, activity=activity(catalogue, "garderie"), year=YEAR)
    day = date(2026, 11, 12)
    assert {tariff.price(Situation(day, "soir", qf)).cents for qf in (None, 0, 5000)} == {180}


def test_invoices_are_paid_online_or_by_direct_debit(melle: Commune) -> None:
    routes = melle.gather(hookspecs.payment_routes, service=melle.identity.service("education"))
    assert [type(route) for route in routes] == [PayfipRegie, DirectDebitRoute]
    assert melle.ask(hookspecs.direct_debit).enabled
