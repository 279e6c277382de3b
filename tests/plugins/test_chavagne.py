"""Chavagne, fact by fact: « Guide d'utilisation du Portail Familles », version 2.1."""

from datetime import date

import pytest

from plugins import hookspecs
from plugins.communes import Commune, Communes
from plugins.rules.accounts import LoginKind, Opening
from plugins.rules.booking import Action
from plugins.rules.calendar import DayKind, SchoolYear
from plugins.rules.catalogue import Activity, Catalogue, EnrolmentMode
from plugins.rules.features import Feature
from plugins.rules.identity import Service
from plugins.rules.payment import DirectDebitRoute, PayfipRegie
from plugins.rules.tariffs import Residency, Situation

YEAR = SchoolYear(2026)


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


def open_weekdays(chavagne: Commune, activity: Activity, unit: str, kinds: set[DayKind]) -> set[int]:
    """The weekdays on which a unit opens in the year, all of them on days of these kinds."""
    calendar = chavagne.ask(hookspecs.calendar)
    days = [
        day
        for day in calendar.days(YEAR.first_day, YEAR.last_day)
        for found in [activity.unit(unit)]
        if found and activity.is_open(found, day)
    ]
    assert {day.kind for day in days} == kinds
    return {day.day.isoweekday() for day in days}


def test_the_service_enfance_answers_by_mail_and_at_02_99_64_28_53(chavagne: Commune) -> None:
    assert chavagne.identity.services == (
        Service("enfance", "service Enfance", "portail.familles@chavagne.fr", "02 99 64 28 53"),
    )


def test_chavagne_is_in_zone_b(chavagne: Commune) -> None:
    assert (chavagne.identity.school_zone, chavagne.ask(hookspecs.calendar).zone) == ("B", "B")


def test_known_families_are_mailed_and_the_others_write_to_the_service(chavagne: Commune) -> None:
    openings = chavagne.ask(hookspecs.account_openings)
    assert openings.ways == (Opening.ACTIVATION_MAIL,)
    assert openings.contact == (
        "Vous n'avez rien reçu ou vos enfants n'ont pas encore fréquenté le service Enfance : "
        "écrivez à portail.familles@chavagne.fr."
    )


def test_the_service_gives_the_login(chavagne: Commune) -> None:
    assert chavagne.ask(hookspecs.login_identifier).kind is LoginKind.GIVEN


def test_families_do_everything_online(chavagne: Commune) -> None:
    features = chavagne.ask(hookspecs.features, service=chavagne.identity.service("enfance"))
    assert all(features.answer(feature).allowed for feature in Feature)


def test_the_four_activities_are_at_the_school_and_at_the_pole_enfance(catalogue: Catalogue) -> None:
    assert [(activity.label, activity.site) for activity in catalogue.activities] == [
        ("Accueil périscolaire", "École élémentaire publique"),
        ("Restauration scolaire", "École élémentaire publique"),
        ("Accueil de loisirs Mercredi", "Pôle Enfance"),
        ("Accueil de loisirs Vacances", "Pôle Enfance"),
    ]


def test_in_2019_the_activities_ran_between_the_dates_of_the_guide(chavagne: Commune) -> None:
    year = chavagne.ask(hookspecs.catalogue, year=SchoolYear(2019))
    assert {activity.code: (activity.first_day, activity.last_day) for activity in year.activities} == {
        "periscolaire": (date(2019, 9, 2), date(2020, 7, 3)),
        "restauration": (date(2019, 9, 2), date(2020, 7, 3)),
        "alsh-mercredi": (date(2019, 9, 2), date(2020, 7, 3)),
        "alsh-vacances": (date(2019, 9, 1), date(2020, 8, 31)),
    }


@pytest.mark.parametrize("unit", ["garderie-matin", "garderie-soir", "temps-des-lecons"])
def test_the_accueil_periscolaire_is_on_monday_tuesday_thursday_and_friday(
    chavagne: Commune, catalogue: Catalogue, unit: str
) -> None:
    assert open_weekdays(chavagne, activity(catalogue, "periscolaire"), unit, {DayKind.SCHOOL}) == {1, 2, 4, 5}


def test_the_accueil_periscolaire_has_morning_evening_and_lessons(catalogue: Catalogue) -> None:
    assert [unit.label for unit in activity(catalogue, "periscolaire").units] == [
        "Garderie du matin",
        "Garderie du soir",
        "Temps des leçons",
    ]


def test_meals_are_served_on_days_of_class(chavagne: Commune, catalogue: Catalogue) -> None:
    assert open_weekdays(chavagne, activity(catalogue, "restauration"), "repas", {DayKind.SCHOOL}) == {1, 2, 4, 5}


def test_wednesday_has_the_meal_and_the_afternoon_and_no_morning(chavagne: Commune, catalogue: Catalogue) -> None:
    wednesday = activity(catalogue, "alsh-mercredi")
    assert [unit.label for unit in wednesday.units] == ["Repas", "Après-midi"]
    assert open_weekdays(chavagne, wednesday, "apres-midi", {DayKind.WEDNESDAY}) == {3}


def test_a_whole_day_of_holidays_is_morning_meal_and_afternoon(chavagne: Commune, catalogue: Catalogue) -> None:
    holidays = activity(catalogue, "alsh-vacances")
    assert [(preset.label, preset.units) for preset in holidays.presets] == [
        ("Journée", ("matin", "repas", "apres-midi"))
    ]
    assert open_weekdays(chavagne, holidays, "matin", {DayKind.HOLIDAY}) == {1, 2, 3, 4, 5}


def test_only_holidays_are_enrolled_online_as_request_19_of_the_guide_was(catalogue: Catalogue) -> None:
    modes = {activity.code: activity.enrolment.mode for activity in catalogue.activities}
    assert [code for code, mode in modes.items() if mode is EnrolmentMode.ONLINE] == ["alsh-vacances"]


def test_no_child_of_a_whole_day_takes_two_places_in_one_pool(catalogue: Catalogue) -> None:
    units = activity(catalogue, "alsh-vacances").units
    assert [unit.pools for unit in units] == [("vacances-matin",), ("repas",), ("vacances-apres-midi",)]
    assert {pool.code: pool.capacity for pool in catalogue.pools} == {
        "repas": None,
        "mercredi-apres-midi": 48,
        "vacances-matin": 40,
        "vacances-apres-midi": 40,
    }


@pytest.mark.parametrize(
    ("code", "action", "day", "last"),
    [
        ("restauration", Action.BOOK, date(2026, 11, 3), "2026-10-29T23:59:59+01:00"),
        ("restauration", Action.CANCEL, date(2026, 11, 6), "2026-10-29T23:59:59+01:00"),
        ("periscolaire", Action.BOOK, date(2026, 11, 12), "2026-11-10T10:00:00+01:00"),
        ("alsh-mercredi", Action.BOOK, date(2026, 11, 4), "2026-10-30T12:00:00+01:00"),
        ("alsh-vacances", Action.BOOK, date(2026, 10, 19), "2026-10-04T23:59:59+02:00"),
        ("alsh-vacances", Action.CANCEL, date(2026, 10, 19), "2026-10-11T23:59:59+02:00"),
    ],
)
def test_our_delays_fall_when_the_reglement_would_say(
    chavagne: Commune, catalogue: Catalogue, code: str, action: Action, day: date, last: str
) -> None:
    rules = chavagne.ask(hookspecs.booking_rules, activity=activity(catalogue, code))
    found = rules.last_instant(action, day, chavagne.ask(hookspecs.calendar), chavagne.tz)
    assert found.at.isoformat() == last
    assert rules.late.say() == "Hors délai, appelez le service Enfance au 02 99 64 28 53."


@pytest.mark.parametrize(
    ("qf", "residency", "cents"),
    [
        (400, Residency.RESIDENT, 100),
        (401, Residency.RESIDENT, 250),
        (1201, Residency.RESIDENT, 450),
        (None, Residency.RESIDENT, 450),
        (400, Residency.OUTSIDE, 520),
    ],
)
def test_a_meal_is_priced_by_quotient_familial_for_the_families_of_chavagne(
    chavagne: Commune, catalogue: Catalogue, qf: int | None, residency: Residency, cents: int
) -> None:
    tariff = chavagne.ask(hookspecs.tariff, activity=activity(catalogue, "restauration"), year=YEAR)
    assert tariff.price(Situation(date(2026, 11, 3), "repas", qf, residency)).cents == cents


def test_the_yearly_file_asks_for_the_family_sheet_and_the_health_sheet(chavagne: Commune) -> None:
    documents = chavagne.gather(hookspecs.required_documents, year=YEAR)
    assert [document.say() for document in documents] == ["Fiche famille", "Fiche sanitaire"]


def test_the_yearly_file_asks_two_consents_and_the_attestation(chavagne: Commune) -> None:
    policy = chavagne.ask(hookspecs.dossier_policy, year=YEAR)
    assert [consent.label for consent in policy.consents] == [
        "Autorisation d'accès au quotient familial",
        "Autorisation de prise de photo/vidéo",
    ]
    assert policy.notice.endswith("En validant, vous attestez que les renseignements fournis sont exacts.")
    assert (policy.required, policy.opens_on) == (True, date(2026, 6, 1))


def test_invoices_are_paid_by_payfip_or_by_direct_debit(chavagne: Commune) -> None:
    routes = chavagne.gather(hookspecs.payment_routes, service=chavagne.identity.service("enfance"))
    assert [type(route) for route in routes] == [PayfipRegie, DirectDebitRoute]
    assert chavagne.ask(hookspecs.direct_debit).enabled


def test_the_online_invoice_replaces_the_paper_one_for_who_joined(chavagne: Commune) -> None:
    policy = chavagne.ask(hookspecs.invoicing)
    assert policy.mentions == ("La facture en ligne remplace la facture papier pour les familles qui y ont adhéré.",)
    assert policy.issuer.contact == "service Enfance, 02 99 64 28 53, portail.familles@chavagne.fr"
