"""Épagny Metz-Tessy, fact by fact: guide for the families of the crèche, and the welcome page of the portal."""

from datetime import date

import pytest

from plugins import hookspecs
from plugins.communes import Commune, Communes
from plugins.rules.accounts import Opening, PasswordRule
from plugins.rules.booking import Action
from plugins.rules.calendar import DayKind, SchoolYear
from plugins.rules.features import Feature, FieldPolicy, Visibility
from plugins.rules.identity import Service
from plugins.rules.payment import DirectDebitRoute, PayfipRegie
from plugins.rules.tariffs import Residency, Situation

YEAR = SchoolYear(2026)


@pytest.fixture
def epagny(communes: Communes) -> Commune:
    return communes["epagny"]


@pytest.fixture
def enfance(epagny: Commune) -> Service:
    return epagny.identity.service("enfance-jeunesse")


@pytest.fixture
def creche(epagny: Commune) -> Service:
    return epagny.identity.service("petite-enfance")


def test_two_services_have_their_own_mailbox_and_telephone(enfance: Service, creche: Service) -> None:
    assert (enfance.mailbox, enfance.phone) == ("enfance-jeunesse@epagnymetztesy.fr", "04 50 22 98 19")
    assert (creche.mailbox, creche.phone) == ("petite-enfance@epagnymetztesy.fr", "04 50 22 05 57")


def test_epagny_is_in_zone_a(epagny: Commune) -> None:
    assert (epagny.identity.school_zone, epagny.ask(hookspecs.calendar).zone) == ("A", "A")


def test_an_account_is_activated_by_mail(epagny: Commune) -> None:
    assert epagny.ask(hookspecs.account_openings).ways == (Opening.ACTIVATION_MAIL,)


def test_the_login_is_the_part_of_the_mail_address_before_the_at_sign(epagny: Commune) -> None:
    assert epagny.ask(hookspecs.login_identifier).propose("durand.simon@live.fr", "Simon", "Durand") == "durand.simon"


def test_the_password_satisfies_both_the_text_and_the_screen_of_the_guide(epagny: Commune) -> None:
    policy = epagny.ask(hookspecs.password_policy)
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


def test_school_families_do_everything_online(epagny: Commune, enfance: Service) -> None:
    features = epagny.ask(hookspecs.features, service=enfance)
    assert all(features.answer(feature).allowed for feature in Feature)


def test_creche_families_only_consult_their_invoices_and_pay_them(epagny: Commune, creche: Service) -> None:
    features = epagny.ask(hookspecs.features, service=creche)
    assert [feature for feature in Feature if features.answer(feature).allowed] == [
        Feature.VIEW_INVOICES,
        Feature.PAY_ONLINE,
    ]


def test_creche_families_are_told_to_write_to_pic_et_plume_or_loptiou(epagny: Commune, creche: Service) -> None:
    answer = epagny.ask(hookspecs.features, service=creche).answer(Feature.BOOK)
    assert answer.contact == "picketplume@epagnymetztesy.fr"
    assert answer.reason == (
        "Les réservations de la crèche ne se font pas en ligne : écrivez à la structure d'accueil de votre enfant, "
        "picketplume@epagnymetztesy.fr (ou loptiou@epagnymetztesy.fr)."
    )


def test_creche_families_check_their_particulars_and_change_none(epagny: Commune, creche: Service) -> None:
    policies = epagny.ask(hookspecs.field_policies, service=creche)
    fields = ("person.phone", "person.email", "person.street", "person.birth_date")
    assert {policies.of(field) for field in fields} == {FieldPolicy(Visibility.SHOWN)}


def test_school_families_change_their_telephone(epagny: Commune, enfance: Service) -> None:
    assert epagny.ask(hookspecs.field_policies, service=enfance).of("person.phone").is_editable


def test_the_activities_are_those_of_the_welcome_page_and_the_creche(epagny: Commune) -> None:
    catalogue = epagny.ask(hookspecs.catalogue, year=YEAR)
    assert [(activity.label, activity.service) for activity in catalogue.activities] == [
        ("Accueil du matin et du soir", "enfance-jeunesse"),
        ("Restauration scolaire", "enfance-jeunesse"),
        ("Études surveillées", "enfance-jeunesse"),
        ("Croc'Loisirs (mercredis)", "enfance-jeunesse"),
        ("Croc'Vacances", "enfance-jeunesse"),
        ("Espace Jeunes", "enfance-jeunesse"),
        ("Multi-accueil", "petite-enfance"),
    ]


def test_croc_loisirs_is_on_wednesdays_and_its_meal_goes_with_the_morning(epagny: Commune) -> None:
    activity = epagny.ask(hookspecs.catalogue, year=YEAR).activity("croc-loisirs")
    assert activity is not None
    assert {(unit.weekdays, unit.day_kinds) for unit in activity.units} == {
        (frozenset({3}), frozenset({DayKind.WEDNESDAY}))
    }
    assert activity.broken_rules({"repas", "apres-midi"}) == ("« Repas » ne se réserve qu'avec « Matin ».",)
    assert activity.broken_rules({"matin", "repas"}) == ()


@pytest.mark.parametrize(
    ("code", "day", "last"),
    [
        ("accueil", date(2026, 11, 12), "2026-11-10T08:59:59+01:00"),
        ("restauration", date(2026, 11, 3), "2026-11-01T11:30:00+01:00"),
        ("etudes", date(2026, 11, 2), "2026-10-16T08:59:59+02:00"),
        ("croc-loisirs", date(2026, 11, 4), "2026-10-28T23:59:59+01:00"),
        ("croc-vacances", date(2026, 10, 19), "2026-09-15T23:59:59+02:00"),
        ("espace-jeunes", date(2026, 11, 4), "2026-11-04T11:59:59+01:00"),
    ],
)
def test_our_delays_fall_when_the_reglement_would_say(epagny: Commune, code: str, day: date, last: str) -> None:
    activity = epagny.ask(hookspecs.catalogue, year=YEAR).activity(code)
    assert activity is not None
    rules = epagny.ask(hookspecs.booking_rules, activity=activity)
    found = rules.last_instant(Action.BOOK, day, epagny.ask(hookspecs.calendar), epagny.tz)
    assert found.at.isoformat() == last


@pytest.mark.parametrize(("qf", "cents"), [(0, 180), (400, 180), (1000, 450), (2000, 690), (None, 690)])
def test_a_meal_costs_a_share_of_the_quotient_between_two_bounds(epagny: Commune, qf: int | None, cents: int) -> None:
    activity = epagny.ask(hookspecs.catalogue, year=YEAR).activity("restauration")
    assert activity is not None
    tariff = epagny.ask(hookspecs.tariff, activity=activity, year=YEAR)
    assert tariff.price(Situation(date(2026, 11, 3), "repas", qf)).cents == cents


def test_leisure_costs_two_euros_more_to_families_of_other_communes(epagny: Commune) -> None:
    activity = epagny.ask(hookspecs.catalogue, year=YEAR).activity("croc-vacances")
    assert activity is not None
    tariff = epagny.ask(hookspecs.tariff, activity=activity, year=YEAR)
    prices = [tariff.price(Situation(date(2026, 10, 19), "journee", 1000, residency)).cents for residency in Residency]
    assert prices == [1500, 1700]


def test_invoices_are_paid_by_card_and_at_the_creche_by_direct_debit_too(
    epagny: Commune, enfance: Service, creche: Service
) -> None:
    routes = {
        service.code: [type(route) for route in epagny.gather(hookspecs.payment_routes, service=service)]
        for service in (enfance, creche)
    }
    assert routes == {"enfance-jeunesse": [PayfipRegie], "petite-enfance": [PayfipRegie, DirectDebitRoute]}


def test_a_bank_identity_is_sent_to_the_director_or_by_mail(epagny: Commune, creche: Service) -> None:
    route = epagny.gather(hookspecs.payment_routes, service=creche)[1]
    assert route.say() == (
        "Prélèvement automatique : transmettez un RIB à la directrice de la structure ou à "
        "petite-enfance@epagnymetztesy.fr ; un mandat vous parviendra par courriel pour signature."
    )


def test_direct_debit_starts_at_the_next_invoicing_and_stops_after_two_rejects(epagny: Commune) -> None:
    policy = epagny.ask(hookspecs.direct_debit)
    assert [policy.is_suspended(rejects) for rejects in range(3)] == [False, False, True]
    assert policy.say() == (
        "Le prélèvement prend effet à la prochaine facturation ; il peut être suspendu à votre demande "
        "ou au bout de 2 rejets de prélèvement."
    )
