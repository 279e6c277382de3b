"""Other rules on what families did: the same ones change nothing, stricter ones exactly what is counted by hand."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.demonstration.loading import load_demonstration
from plugins import hookspecs
from plugins.commune import Commune
from plugins.communes import Communes
from plugins.hookspecs import hookimpl
from plugins.rules.booking import Accept, Action, BookingRules
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import BY_SERVICE, Activity, Catalogue, Enrolment
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, at
from plugins.rules.replay import UNKNOWN_UNIT, Comparison, Effect, Ruling
from plugins.rules.tariffs import Tariff, When, add, constant
from plugins.rules.verdicts import Verdict
from plugins.trials import on_trial
from resolvers.attendance import Check, record
from resolvers.bookings import CommitMode, reference_of
from resolvers.models import Account, Membership
from resolvers.models.bookings import Presence
from resolvers.models.households import Role
from resolvers.plans import Window
from resolvers.replay import Replay, replay
from tests.orders import NOVEMBER, book, order, wish
from tests.towns import Family, Town, add_agent, add_family, sign_in, statements
from tests.village import village

pytestmark = [pytest.mark.anyio, pytest.mark.database, pytest.mark.usefixtures("databases")]

MONDAY, TUESDAY, THURSDAY, FRIDAY = date(2026, 11, 9), date(2026, 11, 10), date(2026, 11, 12), date(2026, 11, 13)
UNITS = ("matin", "repas", "apres-midi")


@dataclass(frozen=True)
class Drawn:
    """The rules of a village: days before, days before for who is late, prices, what late costs."""

    book: int
    late: int
    cancel: int
    prices: tuple[int, int, int]
    surcharge: int

    def plugin(self) -> SimpleNamespace:
        """The two answers a mairie would try; built anew, so that equal rules are never the same objects."""

        @hookimpl
        def booking_rules(activity: Activity) -> BookingRules:
            last = {
                days: at(days_before(days, CALENDAR_DAYS), END_OF_DAY) for days in (self.book, self.late, self.cancel)
            }
            return BookingRules(last[self.book], last[self.cancel], Accept(last[self.late], "C'est tard"))

        @hookimpl
        def tariff(activity: Activity) -> Tariff:
            prices = dict(zip(UNITS, map(constant, self.prices), strict=True))
            known = {"seance": constant(500)} if activity.code == "stage" else prices
            return Tariff(known, (add(self.surcharge, when=When.LATE, label="Réservation tardive"),))

        return SimpleNamespace(booking_rules=booking_rules, tariff=tariff)

    def commune(self, places: int = 50) -> Commune:
        """The village under these rules."""
        return village(places).trying(self.plugin())


TODAY = Drawn(book=2, late=1, cancel=2, prices=(200, 300, 250), surcharge=100)
STRICTER = Drawn(book=5, late=3, cancel=5, prices=(220, 300, 260), surcharge=150)


def silent(_done: int, _total: int) -> None:
    """Nobody watches."""


async def compared(town: Town, trial: Commune, window: Window = NOVEMBER, *, names: bool = False) -> Replay:
    """The window under the rules on trial."""
    with town.at_work() as ctx:
        return await replay(ctx, trial, window, silent, names=names)


async def day_care(town: Town, name: str = "TEST") -> Family:
    """Two children enrolled in the village's day care."""
    return await add_family(town, name, enrolled=("accueil",))


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
        (change.subject.child, change.subject.day, change.subject.unit, change.action, change.effect)
        for change in found.rejudged
    ] == [
        (first, THURSDAY, "apres-midi", Action.BOOK, Effect.LATE),  # 9 November: in time until the 7th, late until then
        (second, THURSDAY, "matin", Action.BOOK, Effect.TOO_LATE),  # 10 November: late ended on the 9th
        (first, FRIDAY, "matin", Action.CANCEL, Effect.TOO_LATE),  # 10 November: cancelled until the 8th
        (second, THURSDAY, "apres-midi", Action.BOOK, Effect.TOO_LATE),
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
            "jusqu'à l'avant-veille 23 h 59",
        ),
        Ruling(
            Verdict.TOO_LATE,
            False,
            datetime(2026, 11, 8, 23, 59, 59, tzinfo=tz),
            "Trop tard pour annuler Matin du vendredi 13 novembre 2026 : c'était possible jusqu'au dimanche 8 novembre "
            "2026 à 23 h 59 (jusqu'au 5e jour précédent 23 h 59). C'est tard (jusqu'au 3e jour précédent 23 h 59)",
        ),
    )


async def test_easier_rules_take_in_time_what_was_late() -> None:
    town = Town(STRICTER.commune())
    family = await day_care(town)
    town.on(MONDAY)
    await book(town, family.parent, order(wish(family.child, "accueil", (THURSDAY, "matin"))))
    found = (await compared(town, TODAY.commune())).comparison
    assert [change.effect for change in found.rejudged] == [Effect.IN_TIME]
    assert [(unit.before_cents, unit.after_cents) for unit in found.repriced] == [(220 + 150, 200)]


async def test_what_the_present_rules_would_refuse_is_counted_apart() -> None:
    family = await busy_family(Town(TODAY.commune()))
    found = (await compared(Town(STRICTER.commune()), TODAY.commune())).comparison
    assert found.already_refused == 3
    assert [change.effect for change in found.rejudged] == [
        Effect.IN_TIME,
        Effect.ALLOWED,
        Effect.ALLOWED,
        Effect.ALLOWED,
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


async def test_a_unit_that_the_other_rules_no_longer_offer_is_refused_and_has_no_price() -> None:
    @hookimpl
    def catalogue(year: SchoolYear) -> Catalogue:
        return Catalogue(year, ())

    town = Town(TODAY.commune())
    family = await day_care(town)
    await book(town, family.parent, order(wish(family.child, "accueil", (THURSDAY, "matin"))))
    found = (await compared(town, village().trying(SimpleNamespace(catalogue=catalogue)))).comparison
    assert [(change.effect, change.after) for change in found.rejudged] == [
        (Effect.REFUSED, Ruling(None, False, None, UNKNOWN_UNIT))
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
    family = await busy_family(town, "LEGRAND")
    trial = town.commune.trying(SimpleNamespace(catalogue=with_files))
    nameless = await compared(town, trial)
    assert [name for name in ("LEGRAND", "Enfant1", "Enfant2", "Parent") if name in repr(nameless)] == []
    first = family.child
    reference = f"Enfant {reference_of(first)}"
    assert (nameless.households[family.id], nameless.children[first]) == (f"Foyer {reference_of(family.id)}", reference)
    assert nameless.comparison.rejudged[0].after.says == (
        f"Le dossier administratif 2026-2027 d'{reference} n'est pas validé : complétez-le et envoyez-le, puis "
        "attendez sa validation par le service."
    )
    named = await compared(town, trial, names=True)
    assert (named.households[family.id], named.children[first]) == ("LEGRAND", "Enfant1 LEGRAND")


@pytest.mark.parametrize("families", [1, 4])
async def test_a_replay_reads_ten_times_whatever_the_number_of_families_and_writes_nothing(
    families: int,
) -> None:
    town = Town(TODAY.commune())
    for number in range(families):
        await busy_family(town, f"F{number}")
    with statements() as sent:
        await compared(town, STRICTER.commune())
    assert len(sent) == 10
    assert [statement for statement in sent if not statement.startswith("SELECT ")] == []


async def test_progress_goes_from_the_first_batch_to_the_last() -> None:
    town = Town(TODAY.commune())
    await busy_family(town)
    heard: list[tuple[int, int]] = []
    with town.at_work() as ctx:
        await replay(ctx, STRICTER.commune(), NOVEMBER, lambda done, total: heard.append((done, total)), names=False)
    assert heard == [(0, 5), (1, 5), (2, 5), (3, 5), (4, 5)]


@pytest.mark.parametrize(
    ("slug", "email", "activity", "unit"),
    [
        ("chavagne", "monsieur.test@example.org", "restauration", "repas"),
        ("epagny", "parent.test@example.org", "restauration", "repas"),
        ("mesnil", "parent.test@example.org", "cantine", "repas"),
    ],
)
async def test_the_same_rules_change_nothing_of_the_demonstration(
    slug: str, email: str, activity: str, unit: str
) -> None:
    town = Town.called(slug)
    town.on(date(2026, 12, 3))
    await load_demonstration(Communes.installed((slug,)), town.ports, "https://portail.example")
    ticks = [(day, unit) for day in (date(2026, 12, 14), date(2026, 12, 15), date(2026, 12, 17))]
    with town.at_work():
        account = await Account.get(email=email)
        parent = await Membership.get(person_id=account.person_id)
        (child, *_) = await Membership.filter(household_id=parent.household_id, role=Role.CHILD)
    signed = await sign_in(town, account)
    window = Window(date(2026, 12, 1), date(2026, 12, 31))
    for wanted in (ticks, ticks[:2]):
        town.later(minutes=1)
        await book(town, signed, order(wish(child.person_id, activity, *wanted), window=window))
    trial = on_trial(town.commune, f"plugins.{slug}")
    found = (await compared(town, trial, Window(date(2026, 11, 1), date(2026, 12, 31)))).comparison
    assert (found.made(Action.BOOK), found.made(Action.CANCEL)) == (3, 1)
    assert len(found.priced) > 12  # the habits of November, and two days of December
    assert (found.rejudged, found.repriced, found.households) == ((), (), frozenset())


@st.composite
def villages(draw: st.DrawFn) -> Drawn:
    """Any rules a village may have."""
    book_days, late_less = draw(st.integers(1, 9)), draw(st.integers(0, 8))
    prices = st.integers(0, 2000)
    return Drawn(
        book=book_days,
        late=max(1, book_days - late_less),
        cancel=draw(st.integers(1, 9)),
        prices=(draw(prices), draw(prices), draw(prices)),
        surcharge=draw(st.integers(1, 500)),
    )


DAYS = [date(2026, 11, 2) + timedelta(days=n) for n in range(12)]
Ordered = tuple[int, set[tuple[date, str]], int]  # which child, what, how many hours after the last order

orders = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sets(st.tuples(st.sampled_from(DAYS), st.sampled_from(UNITS)), max_size=12),
        st.integers(0, 90),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=villages(), asked=orders, came=st.sampled_from([None, *Presence]))
async def test_the_same_rules_change_nothing_whatever_they_are_and_whatever_families_did(
    drawn: Drawn, asked: list[Ordered], came: Presence | None
) -> None:
    town = Town(drawn.commune())
    town.on(date(2026, 10, 28))
    family = await day_care(town)
    children = list(family.children.values())
    for child, ticks, hours in asked:
        town.later(hours=hours)
        wanted = order(wish(children[child], "accueil", *ticks))
        await book(town, family.parent, wanted, CommitMode.BEST_EFFORT)
    await everybody(town, came)
    found = (await compared(town, drawn.commune())).comparison  # with what other rules accepted, in earlier examples
    assert (found.rejudged, found.repriced, found.unjudged) == ((), (), 0)


async def everybody(town: Town, presence: Presence | None) -> None:
    """Record the same of all that was booked, once November is over; nothing of nobody."""
    if presence not in (None, Presence.UNEXPECTED):
        agent = await add_agent(town)
        town.on(date(2026, 12, 1))
        with town.asked_by(agent) as ctx:
            await record(ctx, [], (NOVEMBER, presence))
