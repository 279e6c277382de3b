"""What is refused at start-up because two answers of one commune contradict each other."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from types import SimpleNamespace

import pytest

from plugins.communes import Commune, Communes, PluginError
from plugins.consistency import check_commune, doubts
from plugins.hookspecs import hookimpl
from plugins.rules.absences import AbsenceRules, Notice
from plugins.rules.anchors import holidays_start
from plugins.rules.booking import BookingRules, Refuse
from plugins.rules.calendar import MONDAY, WEDNESDAY, Closing, DayKind, SchoolCalendar, SchoolYear
from plugins.rules.catalogue import BY_SERVICE, ONLINE, Activity, Catalogue, Enrolment, Pool, Unit
from plugins.rules.days import CALENDAR_DAYS, SAME_DAY, days_before
from plugins.rules.deadlines import END_OF_DAY, Opens, at, earliest, never
from plugins.rules.direct_debits import DirectDebitPolicy
from plugins.rules.dossiers import DossierPolicy, RequiredDocument
from plugins.rules.features import Feature, Features, FieldPolicies, FieldPolicy, Visibility, refuse
from plugins.rules.identity import Service
from plugins.rules.payment import Counter, PaymentRoute
from plugins.rules.service_days import in_holidays
from plugins.rules.tables import by_case
from plugins.rules.tariffs import Tariff, When, add, brackets, constant
from plugins.rules.windows import OpensByResidency
from plugins.rules.wording import ESSENTIAL, Message, Wording
from plugins.signatures import QUESTIONS

Village = Callable[..., SimpleNamespace]


def refusal(plugin: SimpleNamespace) -> str:
    """What is said of a commune that cannot start, without the number of the line."""
    with pytest.raises(PluginError) as refused:
        Communes([Commune("village", plugin)])
    return re.sub(r"^tests/plugins/test_consistency\.py:\d+: ", "here: ", str(refused.value), flags=re.MULTILINE)


def canteen(year: SchoolYear, service: str = "enfance", enrolment: Enrolment | None = None, pool: str = "") -> Activity:
    """A canteen on Mondays."""
    pools = (pool,) if pool else ()
    meal = Unit("repas", "Repas", frozenset({MONDAY}), frozenset({DayKind.SCHOOL}), pools)
    days, chosen = (year.first_day, year.last_day), enrolment or Enrolment(BY_SERVICE)
    return Activity("cantine", "Cantine", service, "École", *days, (meal,), enrolment=chosen)


def test_the_village_itself_starts(village: Village) -> None:
    assert list(Communes([Commune("village", village())])) == ["village"]


def test_an_activity_of_an_unknown_service_is_refused(village: Village) -> None:
    @hookimpl
    def catalogue(year: SchoolYear) -> Catalogue:
        return Catalogue(year, (canteen(year, service="jeunesse"),))

    assert refusal(village(catalogue=catalogue)) == "here: Village has no service 'jeunesse': it has enfance."


def test_a_unit_that_counts_on_an_unknown_pool_is_refused(village: Village) -> None:
    @hookimpl
    def catalogue(year: SchoolYear) -> Catalogue:
        return Catalogue(year, (canteen(year, pool="salle"),), (Pool("repas", "Repas"),))

    said = refusal(village(catalogue=catalogue))
    assert said.startswith("here: 'catalogue': Catalogue 2025-2026")
    assert "'salle' is unknown, write one of repas" in said


def test_a_catalogue_of_another_year_is_refused(village: Village) -> None:
    @hookimpl
    def catalogue() -> Catalogue:
        return Catalogue(SchoolYear(2026), ())

    assert refusal(village(catalogue=catalogue)) == (
        "here: the catalogue of 2025-2026 says 2026-2027: build it from its argument"
    )


def test_a_unit_without_price_is_refused(village: Village) -> None:
    @hookimpl
    def tariff() -> Tariff:
        return Tariff({"gouter": constant(100)})

    assert refusal(village(tariff=tariff)) == (
        "here: activity 'cantine' and its tariff disagree on units gouter, repas: price each, and no other"
    )


def test_a_grid_with_a_gap_is_refused(village: Village) -> None:
    @hookimpl
    def tariff() -> Tariff:
        return Tariff({"repas": brackets((0, 400, 100), (501, None, 300), without_qf=300)})

    assert refusal(village(tariff=tariff)).startswith("here: 'tariff': ")


def test_an_activity_that_requires_a_file_nobody_asks_is_refused(village: Village) -> None:
    @hookimpl
    def catalogue(year: SchoolYear) -> Catalogue:
        return Catalogue(year, (canteen(year, enrolment=Enrolment(BY_SERVICE, requires_dossier=True)),))

    assert refusal(village(catalogue=catalogue)) == (
        "here: activity 'cantine' of 2025-2026 requires a yearly file, which the commune does not ask: "
        "answer 'dossier_policy'"
    )


def test_online_enrolment_in_a_service_that_refuses_it_is_refused(village: Village) -> None:
    @hookimpl
    def catalogue(year: SchoolYear) -> Catalogue:
        return Catalogue(year, (canteen(year, enrolment=Enrolment(ONLINE)),))

    @hookimpl
    def features(service: Service) -> Features:
        return Features({Feature.ENROL: refuse(f"Écrivez à {service.mailbox}.", service.mailbox)})

    assert refusal(village(catalogue=catalogue, features=features)) == (
        "here: activity 'cantine' of 2025-2026 enrols online, which 'enfance' refuses: enrol by service or open ENROL"
    )


def test_two_documents_of_one_code_are_refused(village: Village) -> None:
    @hookimpl
    def required_documents() -> tuple[RequiredDocument, ...]:
        return (RequiredDocument("fiche", "Fiche famille"), RequiredDocument("fiche", "Fiche sanitaire"))

    assert refusal(village(required_documents=required_documents)) == (
        "here: Documents: fiche appears more than once; keep each code once."
    )


def test_two_payment_routes_of_one_code_are_refused(village: Village) -> None:
    @hookimpl
    def payment_routes() -> tuple[PaymentRoute, ...]:
        desk = Counter("guichet", "Au guichet", "mairie", ("chèque",))
        return (desk, desk)

    assert refusal(village(payment_routes=payment_routes)) == (
        "here: Payment routes of 'enfance': guichet appears more than once; keep each code once."
    )


def test_a_mail_that_mentions_what_its_message_does_not_know_is_refused(village: Village) -> None:
    @hookimpl
    def wording(message: Message) -> Wording:
        return Wording("Bonjour", "{first_name}, {child}, {link}")

    said = refusal(village(wording=wording))
    assert said.startswith("here: ACCOUNT_ACTIVATION mentions child: it may only mention addressee, commune,")


def test_mails_without_what_their_readers_need_are_all_refused_at_once(village: Village) -> None:
    @hookimpl
    def wording(message: Message) -> Wording:
        return Wording("Bonjour", "Votre compte existe.")

    assert refusal(village(wording=wording)).splitlines() == [
        f"here: {message.name} does not mention {', '.join(sorted(ESSENTIAL[message]))}: its reader needs it."
        for message in Message
        if message in ESSENTIAL
    ]


def test_contradictions_of_several_answers_are_told_together(village: Village) -> None:
    @hookimpl
    def payment_routes() -> tuple[PaymentRoute, ...]:
        desk = Counter("guichet", "Au guichet", "mairie", ("chèque",))
        return (desk, desk)

    @hookimpl
    def tariff() -> Tariff:
        return Tariff({"gouter": constant(100)})

    @hookimpl
    def catalogue(year: SchoolYear) -> Catalogue:
        return Catalogue(year, (canteen(year), replace(canteen(year, service="jeunesse"), code="club")))

    assert refusal(village(payment_routes=payment_routes, tariff=tariff, catalogue=catalogue)).splitlines() == [
        "here: Payment routes of 'enfance': guichet appears more than once; keep each code once.",
        "here: activity 'cantine' and its tariff disagree on units gouter, repas: price each, and no other",
        "here: Village has no service 'jeunesse': it has enfance.",
    ]


def test_an_answer_that_fails_is_refused_and_the_others_are_still_checked(village: Village) -> None:
    @hookimpl
    def direct_debit() -> DirectDebitPolicy:
        return DirectDebitPolicy(enabled=1 / 0 == 1)

    @hookimpl
    def tariff() -> Tariff:
        return Tariff({"gouter": constant(100)})

    assert refusal(village(direct_debit=direct_debit, tariff=tariff)).splitlines() == [
        "here: 'direct_debit' fails: ZeroDivisionError: division by zero; correct this line.",
        "here: activity 'cantine' and its tariff disagree on units gouter, repas: price each, and no other",
    ]


def test_a_unit_that_takes_place_on_no_day_is_refused(village: Village) -> None:
    @hookimpl
    def catalogue(year: SchoolYear) -> Catalogue:
        meal = Unit("repas", "Repas", frozenset({WEDNESDAY}), frozenset({DayKind.SCHOOL}))
        return Catalogue(year, (replace(canteen(year), units=(meal,)),))

    assert refusal(village(catalogue=catalogue)) == (
        "here: activity 'cantine' of 2025-2026: unit 'repas' takes place on no day: from lundi 1er septembre 2025 to "
        "lundi 31 août 2026, no SCHOOL falls on weekdays [3]; correct one"
    )


def test_an_enrolment_that_opens_when_the_activity_is_over_is_refused(village: Village) -> None:
    @hookimpl
    def catalogue(year: SchoolYear) -> Catalogue:
        return Catalogue(year, (canteen(year, enrolment=Enrolment(BY_SERVICE, opens_on=date(year.start + 1, 9, 1))),))

    assert refusal(village(catalogue=catalogue)).splitlines()[0] == (
        "here: activity 'cantine' of 2025-2026 opens its enrolment on mardi 1er septembre 2026, after its last day, "
        "lundi 31 août 2026: open it earlier"
    )


def test_a_yearly_file_that_opens_when_the_year_is_over_is_refused(village: Village) -> None:
    @hookimpl
    def dossier_policy(year: SchoolYear) -> DossierPolicy:
        return DossierPolicy(True, date(2026, 9, 1), (), "Un dossier par enfant.")

    assert refusal(village(dossier_policy=dossier_policy)) == (
        "here: the yearly file of 2025-2026 opens on mardi 1er septembre 2026, when the year is over: open it before "
        "lundi 31 août 2026"
    )


def test_a_booking_that_opens_once_it_is_closed_is_refused(village: Village) -> None:
    @hookimpl
    def booking_rules() -> BookingRules:
        eve = days_before(1, CALENDAR_DAYS)
        two_days_before = at(days_before(2, CALENDAR_DAYS), END_OF_DAY)
        return BookingRules(two_days_before, two_days_before, Refuse("Écrivez-nous."), opens=Opens(eve, time(8)))

    assert refusal(village(booking_rules=booking_rules)) == (
        "here: activity 'cantine' of 2025-2026: unit 'repas' can never be booked: for lundi 1er septembre 2025, "
        "booking opens on dimanche 31 août 2025 à 8 h and closes on samedi 30 août 2025 à 23 h 59; open earlier or "
        "close later"
    )


def test_a_booking_that_never_opens_is_refused_unless_some_families_book(village: Village) -> None:
    holidays_only, since_ever = Opens(holidays_start(), time(8)), Opens(days_before(30, CALENDAR_DAYS), time(8))

    def opening(opens: Opens | OpensByResidency) -> SimpleNamespace:
        @hookimpl
        def booking_rules() -> BookingRules:
            eve = at(days_before(1, CALENDAR_DAYS), END_OF_DAY)
            return BookingRules(eve, eve, Refuse("Écrivez-nous."), opens=opens)

        return village(booking_rules=booking_rules)

    assert refusal(opening(holidays_only)) == (
        "here: activity 'cantine' of 2025-2026: unit 'repas' can never be booked: booking never opens for lundi 1er "
        "septembre 2025; write an opening that has a day for it, or none"
    )
    Communes([Commune("village", opening(OpensByResidency(resident=since_ever, outside=holidays_only)))])


def test_a_rule_for_holidays_that_the_calendar_names_otherwise_is_refused(village: Village) -> None:
    @hookimpl
    def booking_rules() -> BookingRules:
        eve = days_before(1, CALENDAR_DAYS)
        noel = by_case((in_holidays("Vacances de Noel"), at(eve, END_OF_DAY)), otherwise=at(SAME_DAY, END_OF_DAY))
        return BookingRules(earliest(noel, at(eve, END_OF_DAY)), noel, Refuse("Écrivez-nous."))

    assert refusal(village(booking_rules=booking_rules)) == (
        "here: activity 'cantine': a rule is for « Vacances de Noel », which the calendar does not have: write one of "
        "Pont de l'Ascension, Vacances d'hiver, Vacances d'été, Vacances de Noël, Vacances de la Toussaint, "
        "Vacances de printemps"
    )


def test_an_absence_told_before_holidays_that_the_calendar_names_otherwise_is_refused(village: Village) -> None:
    @hookimpl
    def absence_rules(activity: Activity) -> AbsenceRules:
        eve = at(days_before(1, CALENDAR_DAYS), END_OF_DAY)
        return AbsenceRules(notice=Notice(by_case((in_holidays("Noël"), eve), otherwise=eve), each_day=True))

    assert refusal(village(absence_rules=absence_rules)).startswith(
        "here: activity 'cantine': a rule is for « Noël », which the calendar does not have: write one of Pont"
    )


def test_an_absence_that_nobody_can_tell_in_time_is_refused(village: Village) -> None:
    @hookimpl
    def absence_rules(activity: Activity) -> AbsenceRules:
        return AbsenceRules(notice=Notice(never("aucune absence n'est déduite"), each_day=True))

    assert refusal(village(absence_rules=absence_rules)).splitlines()[0] == (
        "here: activity 'cantine' of 2025-2026: no absence can be told in time, « aucune absence n'est déduite, pour "
        "chaque jour d'absence »; write a deadline that somebody can meet, or no notice"
    )


def test_a_service_whose_families_do_not_book_online_may_have_rules_that_nobody_meets(village: Village) -> None:
    @hookimpl
    def booking_rules() -> BookingRules:
        eve = at(days_before(1, CALENDAR_DAYS), END_OF_DAY)
        return BookingRules(eve, eve, Refuse("Écrivez-nous."), opens=Opens(SAME_DAY, time(8)))

    @hookimpl
    def features(service: Service) -> Features:
        return Features({Feature.BOOK: refuse(f"Écrivez à {service.mailbox}.", service.mailbox)})

    assert "can never be booked" in refusal(village(booking_rules=booking_rules))
    Communes([Commune("village", village(booking_rules=booking_rules, features=features))])


@pytest.mark.parametrize(
    ("calendar", "said"),
    [
        (
            SchoolCalendar("B", closings=(Closing(date(2062, 5, 7), date(2062, 5, 8), "Pont"),)),
            "here: « Pont » is on dimanche 7 mai 2062, outside the official calendar, which stops on jeudi 31 août "
            "2028: correct its year, or write it later",
        ),
        (
            SchoolCalendar("B", closings=(Closing(date(2025, 5, 7), date(2026, 5, 8), "Pont"),)),
            "here: « Pont » lasts 367 days: correct its first or its last day",
        ),
        (
            SchoolCalendar("B", opened=frozenset({date(2062, 5, 6)})),
            "here: a day of class is on samedi 6 mai 2062, outside the official calendar, which stops on jeudi 31 août "
            "2028: correct its year, or write it later",
        ),
    ],
)
def test_days_that_no_school_year_meets_are_refused(village: Village, calendar: SchoolCalendar, said: str) -> None:
    @hookimpl
    def own() -> SchoolCalendar:
        return calendar

    assert refusal(village(calendar=own)) == said


def test_what_was_checked_is_counted(village: Village) -> None:
    checked = check_commune(Commune("village", village()))
    assert (checked.activities, checked.units) == (3, 3)
    assert checked.answers > 3 * len(QUESTIONS) / 2


def test_a_deadline_when_the_service_is_over_is_a_doubt_and_no_refusal(village: Village) -> None:
    @hookimpl
    def booking_rules() -> BookingRules:
        next_day = at(days_before(1, CALENDAR_DAYS), END_OF_DAY)
        return BookingRules(next_day, at(SAME_DAY, END_OF_DAY), Refuse("Écrivez-nous."))

    @hookimpl
    def catalogue(year: SchoolYear) -> Catalogue:
        meal = replace(canteen(year).units[0], ends_at=time(13, 30))
        return Catalogue(year, (replace(canteen(year), units=(meal,)),))

    commune = Commune("village", village(booking_rules=booking_rules, catalogue=catalogue))
    check_commune(commune)
    assert [re.sub(r"^tests/.+\.py:\d+: ", "here: ", doubt) for doubt in doubts(commune)] == [
        "here: activity 'cantine' of 2025-2026: unit 'repas' can be cancelled when it is over: until lundi 1er "
        "septembre 2025 à 23 h 59 for lundi 1er septembre 2025"
    ]
    assert doubts(Commune("village", village())) == ()


def test_a_particular_that_nobody_has_heard_of_is_a_doubt(village: Village) -> None:
    @hookimpl
    def field_policies() -> FieldPolicies:
        return FieldPolicies({"person.fone": FieldPolicy(Visibility.SHOWN)}, FieldPolicy(Visibility.SHOWN))

    commune = Commune("village", village(field_policies=field_policies))
    assert [re.sub(r"^tests/.+\.py:\d+: ", "here: ", doubt) for doubt in doubts(commune)] == [
        "here: field 'person.fone' of 'enfance' has no French name: correct it, or write one in plugins.rules.features"
    ]


def test_a_condition_that_the_portal_cannot_know_is_told_once_with_its_file(village: Village) -> None:
    @hookimpl
    def tariff() -> Tariff:
        return Tariff({"repas": constant(350)}, (add(100, when=When.OCCASIONAL, label="Occasionnels"),))

    commune = Commune("village", village(tariff=tariff))
    assert [re.sub(r"^tests/.+\.py:\d+: ", "here: ", doubt) for doubt in doubts(commune)] == [
        "here: activity 'cantine': the modifier « Occasionnels » depends on « occasionnel », which the portal does not "
        "know yet: nobody is priced by it"
    ]
