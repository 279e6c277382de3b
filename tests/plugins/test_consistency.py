"""What is refused at start-up because two answers of one commune contradict each other."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from plugins.communes import Commune, Communes, PluginError
from plugins.hookspecs import hookimpl
from plugins.rules.calendar import MONDAY, DayKind, SchoolYear
from plugins.rules.catalogue import BY_SERVICE, ONLINE, Activity, Catalogue, Enrolment, Pool, Unit
from plugins.rules.dossiers import RequiredDocument
from plugins.rules.features import Feature, Features, refuse
from plugins.rules.identity import Service
from plugins.rules.payment import Counter, PaymentRoute
from plugins.rules.tariffs import Tariff, brackets, constant
from plugins.rules.wording import Message, Wording

Village = Callable[..., SimpleNamespace]


def refusal(plugin: SimpleNamespace) -> str:
    """What is said of a commune that cannot start, without the number of the line."""
    with pytest.raises(PluginError) as refused:
        Communes([Commune("village", plugin)])
    return re.sub(r"^tests/plugins/test_consistency\.py:\d+: ", "here: ", str(refused.value))


def canteen(year: SchoolYear, service: str = "enfance", enrolment: Enrolment | None = None, pool: str = "") -> Activity:
    """A canteen on Mondays."""
    pools = (pool,) if pool else ()
    meal = Unit("repas", "Repas", frozenset({MONDAY}), frozenset({DayKind.SCHOOL}), pools)
    return Activity(
        "cantine",
        "Cantine",
        service,
        "École",
        year.first_day,
        year.last_day,
        (meal,),
        enrolment=enrolment or Enrolment(BY_SERVICE),
    )


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
        "here: Documents of 2025-2026: fiche appears more than once; keep each code once."
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
    assert said.startswith("here: ACCOUNT_ACTIVATION mentions child: it may only mention commune, first_name, link")


def test_an_activation_mail_without_its_link_is_refused(village: Village) -> None:
    @hookimpl
    def wording(message: Message) -> Wording:
        return Wording("Bonjour", "Votre compte existe.")

    assert refusal(village(wording=wording)) == ("here: ACCOUNT_ACTIVATION does not mention link: its reader needs it.")
