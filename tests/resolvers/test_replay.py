"""Other rules on what families did: stricter, easier or dearer ones change exactly what is counted by hand."""

from dataclasses import replace
from datetime import date, datetime
from types import SimpleNamespace

import pytest

from plugins import hookspecs
from plugins.hookspecs import hookimpl
from plugins.rules.aggregates import Per, maximum
from plugins.rules.booking import Action
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import BY_SERVICE, Activity, Catalogue, Enrolment
from plugins.rules.replay import UNKNOWN_UNIT, Comparison, Outcome, Ruling, Subject
from plugins.rules.spans import MONTH
from plugins.rules.tariffs import Tariff
from plugins.rules.verdicts import Verdict
from resolvers.agenda.plans import Window
from resolvers.agenda.receipts import reference_of
from resolvers.agenda.replay import replay
from resolvers.days.attendance import record
from resolvers.days.sights import Check
from resolvers.models import Membership
from resolvers.models.bookings import Presence
from tests.orders import NOVEMBER, book, order, wish
from tests.replays import STRICTER, TODAY, compared, day_care
from tests.towns import Family, Town, add_agent, statements
from tests.village import village

pytestmark = [pytest.mark.anyio, pytest.mark.database, pytest.mark.usefixtures("databases")]

MONDAY, TUESDAY, THURSDAY, FRIDAY = date(2026, 11, 9), date(2026, 11, 10), date(2026, 11, 12), date(2026, 11, 13)


async def busy_family(town: Town, name: str = "TEST") -> Family:
    """Five bookings and a cancellation, the last ones later and later."""
    family = await day_care(town, name)
    first, second = family.children.values()
    window = Window(THURSDAY, FRIDAY)
    for day, hour, child, ticks in (
        (date(2026, 11, 2), 9, first, [(THURSDAY, "matin"), (FRIDAY, "matin")]),
        (MONDAY, 9, first, [(THURSDAY, "matin"), (THURSDAY, "apres-midi"), (FRIDAY, "matin")]),
        (TUESDAY, 12, second, [(THURSDAY, "matin")]),
        (TUESDAY, 13, first, [(THURSDAY, "matin"), (THURSDAY, "apres-midi")]),
        (date(2026, 11, 11), 10, second, [(THURSDAY, "matin"), (THURSDAY, "apres-midi")]),
    ):
        town.on(day, hour, 0)
        await book(town, family.parent, order(wish(child, "accueil", *ticks), window=window))
    return family


async def test_a_stricter_deadline_and_another_tariff_change_exactly_what_is_counted_by_hand() -> None:
    town = Town(TODAY.commune())
    family = await busy_family(town)
    first, second = family.children.values()
    found = (await compared(town, STRICTER.commune())).comparison
    assert [
        (change.subject.child, change.subject.day, change.subject.unit, change.action, change.outcome)
        for change in found.rejudged
    ] == [
        (first, THURSDAY, "apres-midi", Action.BOOK, Outcome.LATE),  # 9 November: in time until the 7th
        (second, THURSDAY, "matin", Action.BOOK, Outcome.TOO_LATE),  # 10 November: late ended on the 9th
        (first, FRIDAY, "matin", Action.CANCEL, Outcome.TOO_LATE),  # 10 November: cancelled until the 8th
        (second, THURSDAY, "apres-midi", Action.BOOK, Outcome.TOO_LATE),
    ]
    assert {
        (unit.subject.child, unit.subject.unit): (unit.before_cents, unit.after_cents) for unit in found.priced
    } == {
        (first, "matin"): (200, 220),
        (first, "apres-midi"): (250, 260 + 150),
        (second, "matin"): (200, 220),
        (second, "apres-midi"): (250 + 100, 260 + 150),
    }
    assert found.say() == (
        "5 réservations rejugées : 2 seraient refusées car trop tardives et 1 serait acceptée hors délai.",
        "1 annulation rejugée : 1 serait refusée car trop tardive.",
        "4 prestations tarifées, dont 4 à un autre prix : 10,00 € aujourd'hui, 12,60 € avec les autres règles, "
        "soit 2,60 € de plus.",
        "1 foyer concerné.",
    )
    assert (found.before_cents, found.after_cents, found.households) == (1000, 1260, frozenset({family.id}))


async def test_a_change_keeps_the_reason_and_the_instant_of_each_rule() -> None:
    town = Town(TODAY.commune())
    await busy_family(town)
    (_, _, cancelled, _) = (await compared(town, STRICTER.commune())).comparison.rejudged
    tz = town.commune.tz
    assert cancelled.at == datetime(2026, 11, 10, 13, tzinfo=tz)
    assert (cancelled.before, cancelled.after) == (
        Ruling(
            Verdict.CANCELLABLE,
            False,
            datetime(2026, 11, 11, 23, 59, 59, tzinfo=tz),
            "jusqu'à l'avant-veille à 23 h 59",
        ),
        Ruling(
            Verdict.TOO_LATE,
            False,
            datetime(2026, 11, 8, 23, 59, 59, tzinfo=tz),
            "Trop tard pour annuler Matin du vendredi 13 novembre 2026 : c'était possible jusqu'au dimanche 8 novembre "
            "2026 à 23 h 59 (jusqu'au 5e jour précédent à 23 h 59). Contactez le service.",
        ),
    )


async def test_easier_rules_take_in_time_what_was_late() -> None:
    town = Town(STRICTER.commune())
    family = await day_care(town)
    town.on(MONDAY)
    await book(town, family.parent, order(wish(family.child, "accueil", (THURSDAY, "matin"))))
    found = (await compared(town, TODAY.commune())).comparison
    assert [change.outcome for change in found.rejudged] == [Outcome.IN_TIME]
    assert [(unit.before_cents, unit.after_cents) for unit in found.repriced] == [(220 + 150, 200)]


async def test_what_the_present_rules_would_refuse_is_counted_apart() -> None:
    family = await busy_family(Town(TODAY.commune()))
    found = (await compared(Town(STRICTER.commune()), TODAY.commune())).comparison
    assert found.already_refused == 3
    assert [change.outcome for change in found.rejudged] == [
        Outcome.IN_TIME,
        Outcome.ALLOWED,
        Outcome.ALLOWED,
        Outcome.ALLOWED,
    ]
    assert found.households == {family.id}


async def test_only_what_is_booked_or_due_in_the_period_has_a_price() -> None:
    town = Town(TODAY.commune())
    family = await busy_family(town)
    first, second = family.children.values()
    agent = await add_agent(town)
    town.on(FRIDAY, 18)
    checks = [
        Check(first, "accueil", "matin", THURSDAY, Presence.ABSENT_JUSTIFIED),
        Check(first, "accueil", "apres-midi", THURSDAY, Presence.ABSENT_UNJUSTIFIED),
        Check(second, "accueil", "repas", THURSDAY, Presence.UNEXPECTED),
    ]
    with town.asked_by(agent) as ctx:
        await record(ctx, checks, None)
    priced = (await compared(town, STRICTER.commune())).comparison.priced
    assert {(unit.subject.child, unit.subject.unit) for unit in priced} == {
        (first, "apres-midi"),
        (second, "matin"),
        (second, "apres-midi"),
        (second, "repas"),
    }
    elsewhere = await compared(town, STRICTER.commune(), Window(date(2026, 10, 1), date(2026, 10, 31)))
    assert elsewhere.comparison == Comparison((), ())


async def test_what_days_make_together_is_counted_with_the_prices() -> None:
    @hookimpl
    def tariff(activity: Activity) -> Tariff:
        own = TODAY.plugin().tariff(activity)
        ceiling = maximum(700, label="Plafond du mois", per=Per.HOUSEHOLD, spans=MONTH)
        return Tariff(own.prices, own.modifiers, aggregates=(ceiling,))

    town = Town(TODAY.commune())
    family = await busy_family(town)
    found = (await compared(town, town.commune.trying(SimpleNamespace(tariff=tariff)))).comparison
    (ceiling,) = found.repriced
    assert (ceiling.subject, ceiling.before, ceiling.after_cents) == (
        Subject(family.id, None, THURSDAY, "accueil", ""),
        (),
        700 - 1000,
    )
    assert (found.before_cents, found.after_cents) == (1000, 700)
    assert found.say()[2] == (
        "4 prestations tarifées, dont 0 à un autre prix et 1 total de foyer avec un autre minimum, plafond ou rabais : "
        "10,00 € aujourd'hui, 7,00 € avec les autres règles, soit 3,00 € de moins."
    )


async def test_a_unit_that_the_other_rules_no_longer_offer_is_refused_and_has_no_price() -> None:
    @hookimpl
    def catalogue(year: SchoolYear) -> Catalogue:
        return Catalogue(year, ())

    town = Town(TODAY.commune())
    family = await day_care(town)
    await book(town, family.parent, order(wish(family.child, "accueil", (THURSDAY, "matin"))))
    found = (await compared(town, village().trying(SimpleNamespace(catalogue=catalogue)))).comparison
    assert [(change.outcome, change.after) for change in found.rejudged] == [
        (Outcome.REFUSED, Ruling(None, False, None, UNKNOWN_UNIT))
    ]
    assert [(unit.before_cents, unit.after) for unit in found.repriced] == [(200, None)]


async def test_a_booking_follows_what_stood_at_its_instant() -> None:
    town = Town(TODAY.commune())
    family = await day_care(town)
    morning, meal = (THURSDAY, "matin"), (THURSDAY, "repas")
    for ticks in ([morning], [morning, meal], [morning], []):  # a meal needs the morning, whatever became of it later
        town.later(minutes=1)
        await book(town, family.parent, order(wish(family.child, "accueil", *ticks)))
    found = (await compared(town, TODAY.commune())).comparison
    assert [(change.subject.unit, change.before.verdict) for change in found.judged] == [
        ("matin", Verdict.BOOKABLE),
        ("repas", Verdict.BOOKABLE),
        ("repas", Verdict.CANCELLABLE),
        ("matin", Verdict.CANCELLABLE),
    ]
    assert found.rejudged == ()


async def test_places_are_not_counted_again() -> None:
    town = Town(TODAY.commune())
    for name in ("UN", "DEUX", "TROIS"):
        family = await day_care(town, name)
        await book(town, family.parent, order(wish(family.child, "accueil", (THURSDAY, "matin"))))
    assert (await compared(town, TODAY.commune(places=1))).comparison.rejudged == ()


async def test_a_child_who_has_left_the_household_is_counted_and_not_judged() -> None:
    town = Town(TODAY.commune())
    family = await busy_family(town)
    first, second = family.children.values()
    with town.at_work():
        await Membership.filter(person_id=second).delete()
    found = (await compared(town, STRICTER.commune())).comparison
    assert (found.unjudged, {change.subject.child for change in found.judged}) == (2, {first})


@hookimpl
def with_files(year: SchoolYear) -> Catalogue:
    """The village, where nobody books before the yearly file is accepted."""
    own = village().ask(hookspecs.catalogue, year=year)
    enrolment = Enrolment(BY_SERVICE, requires_dossier=True)
    return replace(own, activities=tuple(replace(activity, enrolment=enrolment) for activity in own.activities))


async def test_nobody_is_named_unless_names_are_asked() -> None:
    town = Town(TODAY.commune())
    family = await busy_family(town, "TESTBIS")
    trial = town.commune.trying(SimpleNamespace(catalogue=with_files))
    nameless = await compared(town, trial)
    assert [name for name in ("TESTBIS", "Enfant1", "Enfant2", "Parent") if name in repr(nameless)] == []
    first = family.child
    reference = f"Enfant {reference_of(first)}"
    assert (nameless.households[family.id], nameless.children[first]) == (f"Foyer {reference_of(family.id)}", reference)
    assert nameless.comparison.rejudged[0].after.says == (
        f"Le dossier administratif 2026-2027 d'{reference} n'est pas validé : complétez-le et envoyez-le, puis "
        "attendez sa validation par le service."
    )
    named = await compared(town, trial, names=True)
    assert (named.households[family.id], named.children[first]) == ("TESTBIS", "Enfant1 TESTBIS")


@pytest.mark.parametrize("families", [1, 4])
async def test_a_replay_reads_eleven_times_whatever_the_number_of_families_and_writes_nothing(
    families: int,
) -> None:
    town = Town(TODAY.commune())
    for number in range(families):
        await busy_family(town, f"F{number}")
    with statements() as sent:
        await compared(town, STRICTER.commune())
    assert len(sent) == 11
    assert [statement for statement in sent if not statement.startswith("SELECT ")] == []


async def test_progress_goes_from_the_first_batch_to_the_last_unit() -> None:
    town = Town(TODAY.commune())
    await busy_family(town)
    heard: list[tuple[int, int]] = []
    with town.at_work() as ctx:
        await replay(ctx, STRICTER.commune(), NOVEMBER, lambda done, total: heard.append((done, total)), names=False)
    assert heard == [(done, 5 + 4) for done in range(9)]
