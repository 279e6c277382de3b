"""Who waits is offered what is freed, in turn, for a time; nothing is given twice and nothing is lost."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from gateway.database import Databases
from plugins import hookspecs
from plugins.hookspecs import hookimpl
from plugins.rules.blocks import WholeWeeks
from plugins.rules.booking import BookingRules
from plugins.rules.catalogue import Activity
from plugins.rules.french import say_instant
from plugins.rules.tariffs import Residency, When
from plugins.rules.waiting_lists import Priority, WaitingListPolicy
from resolvers.agenda import waiting_lists
from resolvers.errors import Code, Refusals
from resolvers.models import Enrolment, PlaceHold, WaitingEntry
from resolvers.models.waiting import WaitingState
from tests.lines import MONDAY, MORNING, accept, cancel, day_care, full, morning_of, states, wait_for, work
from tests.orders import book, live, order, taken, wish
from tests.refusals import refused
from tests.towns import Town, add_parent, sign_in
from tests.village import village

pytestmark = [pytest.mark.anyio, pytest.mark.database]

PRESENTS = (MONDAY, "presents")
AFTERNOON = (MONDAY, "apres-midi")


@pytest.fixture
def preferring(databases: Databases) -> Town:
    """The village, where the children of the commune come first."""
    return Town(
        village(waiting=WaitingListPolicy(priorities=(Priority(~When.OUTSIDE, 10, "habitants de la commune"),)))
    )


@pytest.fixture
def listless(databases: Databases) -> Town:
    """The village, without any waiting list."""
    return Town(village(waiting=WaitingListPolicy(is_open=False)))


@hookimpl
def whole_weeks(activity: Activity) -> BookingRules:
    """The village, where a week is booked whole."""
    return replace(village().ask(hookspecs.booking_rules, activity=activity), block=WholeWeeks())


async def test_the_first_that_asked_is_offered_what_is_freed_and_books_it(scarce: Town) -> None:
    first, second = await full(scarce)
    third, fourth = [await day_care(scarce, name) for name in ("TROIS", "QUATRE")]
    early, late = await wait_for(scarce, third), await wait_for(scarce, fourth)
    assert await work(scarce) == 0
    await cancel(scarce, first)
    assert (await taken(scarce), await live(scarce)) == ({PRESENTS: 2}, {morning_of(second)})  # kept for who waits
    assert await work(scarce) == 1
    assert await states(scarce, early, late) == [WaitingState.OFFERED, WaitingState.WAITING]
    assert await taken(scarce) == {PRESENTS: 2}
    with refused(Code.STATE_CONFLICT):
        await accept(scarce, fourth, late)
    receipt = await accept(scarce, third, early)
    assert (receipt.receipt_id is not None, receipt.refused) == (True, ())
    assert await states(scarce, early, late) == [WaitingState.BOOKED, WaitingState.WAITING]
    assert await live(scarce) == {morning_of(second), morning_of(third)}
    assert await taken(scarce) == {PRESENTS: 2}
    assert (await accept(scarce, third, early)).receipt_id is None  # again changes nothing


async def test_an_offer_is_mailed_to_the_parents_with_its_end_and_where_to_answer(scarce: Town) -> None:
    first, _ = await full(scarce)
    family = await day_care(scarce, "TROIS")
    entry = await wait_for(scarce, family)
    await cancel(scarce, first)
    await work(scarce)
    (mail,) = await scarce.mails(f"waiting:{entry.hex}")
    assert mail.recipient == family.parent.viewer.email
    assert mail.subject == "Village : une place s'est libérée le lundi 2 novembre 2026"
    assert mail.body.splitlines()[2:9] == [
        "Une place s'est libérée pour Enfant1 : Accueil, Matin, lundi 2 novembre 2026.",
        "",
        "Elle vous est gardée jusqu'au mardi 6 octobre 2026 à 9 h 31. Acceptez-la ou refusez-la ici :",
        "",
        "https://portail.example/village/liste-d-attente",
        "",
        "Passé ce délai, elle sera proposée à la famille suivante.",
    ]


async def test_an_offer_that_nobody_takes_goes_to_the_next_and_the_last_one_gives_the_place_back(scarce: Town) -> None:
    first, _ = await full(scarce)
    families = [await day_care(scarce, name) for name in ("TROIS", "QUATRE")]
    entries = [await wait_for(scarce, family) for family in families]
    await cancel(scarce, first)
    await work(scarce)
    scarce.later(hours=24)
    await work(scarce)
    assert await states(scarce, *entries) == [WaitingState.EXPIRED, WaitingState.OFFERED]
    with refused(Code.TOO_LATE) as caught:
        await accept(scarce, families[0], entries[0])
    assert caught.value.message == (
        "Cette place n'était gardée que jusqu'au mardi 6 octobre 2026 à 9 h 32 : réinscrivez-vous."
    )
    scarce.later(hours=24)
    await work(scarce)
    assert await states(scarce, *entries) == [WaitingState.EXPIRED] * 2
    assert await taken(scarce) == {PRESENTS: 1}


async def test_a_refused_offer_goes_to_the_next_at_once(scarce: Town) -> None:
    first, _ = await full(scarce)
    families = [await day_care(scarce, name) for name in ("TROIS", "QUATRE")]
    entries = [await wait_for(scarce, family) for family in families]
    await cancel(scarce, first)
    await work(scarce)
    with scarce.asked_by(families[0].parent) as ctx:
        declined = await waiting_lists.decline(ctx, entries[0])
    assert (declined.state, declined.offered_until) == (WaitingState.LEFT, None)
    assert await work(scarce) == 1
    assert await states(scarce, *entries) == [WaitingState.LEFT, WaitingState.OFFERED]
    assert await taken(scarce) == {PRESENTS: 2}
    with scarce.asked_by(families[0].parent) as ctx, refused(Code.STATE_CONFLICT):
        await waiting_lists.decline(ctx, entries[0])


async def test_who_leaves_is_offered_nothing_and_comes_back_last(scarce: Town) -> None:
    first, second = await full(scarce)
    families = [await day_care(scarce, name) for name in ("TROIS", "QUATRE")]
    entries = [await wait_for(scarce, family) for family in families]
    with scarce.asked_by(families[0].parent) as ctx:
        assert (await waiting_lists.leave(ctx, entries[0])).state is WaitingState.LEFT
        assert (await waiting_lists.leave(ctx, entries[0])).state is WaitingState.LEFT
    assert await wait_for(scarce, families[0]) == entries[0]
    await cancel(scarce, first)
    await work(scarce)
    assert await states(scarce, *entries) == [WaitingState.WAITING, WaitingState.OFFERED]
    await cancel(scarce, second)
    await work(scarce)
    assert await states(scarce, *entries) == [WaitingState.OFFERED] * 2


async def test_the_highest_priority_comes_before_the_first_that_asked(preferring: Town) -> None:
    first, _ = await full(preferring)
    outside = await day_care(preferring, "TROIS", residency=Residency.OUTSIDE)
    resident = await day_care(preferring, "QUATRE")
    entries = [await wait_for(preferring, family) for family in (outside, resident)]
    with preferring.at_work():
        rows = {row.id: (row.priority, row.priority_reason) for row in await WaitingEntry.all()}
    assert [rows[entry] for entry in entries] == [(0, ""), (10, "habitants de la commune (10 points)")]
    await cancel(preferring, first)
    await work(preferring)
    assert await states(preferring, *entries) == [WaitingState.WAITING, WaitingState.OFFERED]


async def test_the_turn_counts_the_children_before_for_the_same_places(preferring: Town) -> None:
    await full(preferring)
    outside = await day_care(preferring, "TROIS", residency=Residency.OUTSIDE)
    resident = await day_care(preferring, "QUATRE")
    entries = [
        await wait_for(preferring, outside, "matin"),
        await wait_for(preferring, outside, "apres-midi"),
        await wait_for(preferring, resident, "apres-midi"),
    ]
    with preferring.asked_by(outside.parent) as ctx:
        own, total = await waiting_lists.entries_page(outside.id, None, 10)
        turns = await waiting_lists.positions(ctx, own)
    assert (total, [entry.id for entry in own]) == (2, [entries[1], entries[0]])
    assert turns == {entries[0]: 2, entries[1]: 2}
    with preferring.at_work():
        assert [row.id for row in await waiting_lists.queue(MONDAY, None, None)] == [entries[2], entries[0], entries[1]]
        assert [row.id for row in await waiting_lists.queue(MONDAY, "accueil", "matin")] == [entries[0]]


async def test_one_waits_only_where_there_is_no_place(scarce: Town) -> None:
    first, _ = await full(scarce)
    family = await day_care(scarce, "TROIS")
    with scarce.asked_by(first.parent) as ctx, refused(Code.STATE_CONFLICT) as booked:
        await waiting_lists.join(ctx, morning_of(first), None)
    assert booked.value.message == "Cette prestation est déjà réservée ce jour-là : il n'y a rien à attendre."
    with scarce.asked_by(family.parent) as ctx:
        with refused(Code.STATE_CONFLICT) as free:
            await waiting_lists.join(ctx, (family.child, date(2026, 11, 3), "accueil", "matin"), None)
        assert free.value.message == "Il reste de la place : réservez cette prestation sans attendre."
        with refused(Code.CLOSED_DAY):
            await waiting_lists.join(ctx, (family.child, date(2026, 11, 1), "accueil", "matin"), None)
        with refused(Code.NOT_FOUND):
            await waiting_lists.join(ctx, (family.child, MONDAY, "accueil", "sieste"), None)
        with refused(Code.NOT_FOUND):
            await waiting_lists.join(ctx, (first.child, MONDAY, "accueil", "matin"), None)
    scarce.on(date(2026, 11, 1), hour=12, minute=1)
    with scarce.asked_by(family.parent) as ctx, refused(Code.TOO_LATE):
        await waiting_lists.join(ctx, morning_of(family), None)


async def test_no_list_is_kept_where_the_commune_opens_none(listless: Town) -> None:
    await full(listless)
    family = await day_care(listless, "TROIS")
    with listless.asked_by(family.parent) as ctx, refused(Code.FULL) as caught:
        await waiting_lists.join(ctx, morning_of(family), None)
    assert caught.value.message == (
        "Matin : il n'y a plus de place le lundi 2 novembre 2026. Aucune liste d'attente n'est ouverte : contactez le "
        "service."
    )


async def test_asking_twice_keeps_the_first_turn(scarce: Town) -> None:
    await full(scarce)
    family = await day_care(scarce, "TROIS")
    entry = await wait_for(scarce, family, key="once")
    with scarce.at_work():
        before = await WaitingEntry.get(id=entry)
    assert [await wait_for(scarce, family, key=key) for key in ("once", "twice", None)] == [entry] * 3
    with scarce.at_work():
        assert (await WaitingEntry.get(id=entry)).asked_at == before.asked_at


async def test_waiting_stops_at_the_deadline_with_one_mail_for_a_household(scarce: Town) -> None:
    await full(scarce)
    family = await day_care(scarce, "TROIS", "Enfant1", "Enfant2")
    entries = [await wait_for(scarce, family, unit) for unit in ("matin", "apres-midi")]
    scarce.on(date(2026, 11, 1), hour=11, minute=59)
    assert await work(scarce) == 0
    scarce.later(minutes=1, seconds=1)
    assert await work(scarce) == 1
    assert await states(scarce, *entries) == [WaitingState.CLOSED] * 2
    (mail,) = await scarce.mails("ended")
    assert (mail.recipient, mail.subject) == (
        family.parent.viewer.email,
        "Village : la liste d'attente est terminée",
    )
    assert mail.body.splitlines()[2:7] == [
        "Aucune place ne s'est libérée avant la date limite de réservation :",
        "",
        "- Enfant1 : Accueil, Matin, lundi 2 novembre 2026",
        "- Enfant1 : Accueil, Après-midi, lundi 2 novembre 2026",
        "",
    ]


async def test_an_offer_ends_with_the_last_instant_to_book(scarce: Town) -> None:
    first, _ = await full(scarce)
    family = await day_care(scarce, "TROIS")
    entry = await wait_for(scarce, family)
    scarce.on(date(2026, 10, 31), hour=18)
    await cancel(scarce, first)
    await work(scarce)
    with scarce.at_work():
        until = (await WaitingEntry.get(id=entry)).offered_until
    assert until is not None
    assert say_instant(until, scarce.commune.tz) == "dimanche 1er novembre 2026 à 12 h"


async def test_who_books_a_place_by_itself_waits_no_more(scarce: Town) -> None:
    first, _ = await full(scarce)
    family = await day_care(scarce, "TROIS")
    entry = await wait_for(scarce, family)
    await cancel(scarce, first)
    await book(scarce, family.parent, order(wish(family.child, "accueil", MORNING)))
    assert await states(scarce, entry) == [WaitingState.BOOKED]
    await work(scarce)
    assert await states(scarce, entry) == [WaitingState.BOOKED]
    assert await taken(scarce) == {PRESENTS: 2}


async def test_an_offer_serves_whatever_unit_takes_the_same_place(scarce: Town) -> None:
    first, _ = await full(scarce)
    family = await day_care(scarce, "TROIS")
    entry = await wait_for(scarce, family)
    await cancel(scarce, first)
    await work(scarce)
    await book(scarce, family.parent, order(wish(family.child, "accueil", AFTERNOON)))
    assert await taken(scarce) == {PRESENTS: 2}
    await accept(scarce, family, entry)
    assert {slot for slot in await live(scarce) if slot[0] == family.child} == {
        morning_of(family),
        morning_of(family, "apres-midi"),
    }
    assert await taken(scarce) == {PRESENTS: 2}
    with scarce.at_work():
        assert await PlaceHold.all().count() == 0


async def test_who_let_an_offer_go_is_told_in_one_mail_with_what_to_do(scarce: Town) -> None:
    first, _ = await full(scarce)
    family = await day_care(scarce, "TROIS")
    entry = await wait_for(scarce, family)
    await cancel(scarce, first)
    await work(scarce)
    scarce.later(hours=24)
    await work(scarce)
    await work(scarce)
    (mail,) = await scarce.mails(f"waiting:{entry.hex}:ended")
    assert (mail.recipient, mail.subject) == (
        family.parent.viewer.email,
        "Village : la place proposée n'est plus gardée",
    )
    assert mail.body.splitlines()[2:9] == [
        "La place qui vous était proposée n'a pas été acceptée à temps, elle n'est plus gardée pour vous :",
        "",
        "- Enfant1 : Accueil, Matin, lundi 2 novembre 2026",
        "",
        "Si vous en avez encore besoin, réservez, ou réinscrivez-vous sur la liste d'attente :",
        "",
        "https://portail.example/village/liste-d-attente",
    ]


async def test_who_can_no_longer_book_is_passed_over(scarce: Town) -> None:
    first, _ = await full(scarce)
    families = [await day_care(scarce, name) for name in ("TROIS", "QUATRE")]
    entries = [await wait_for(scarce, family) for family in families]
    with scarce.at_work():
        await Enrolment.filter(child_id=families[0].child).delete()
    await cancel(scarce, first)
    await work(scarce)
    assert await states(scarce, *entries) == [WaitingState.WAITING, WaitingState.OFFERED]


async def test_a_parent_who_may_not_book_answers_no_offer(scarce: Town) -> None:
    await full(scarce)
    family = await day_care(scarce, "TROIS")
    entry = await wait_for(scarce, family)
    reader = await sign_in(scarce, await add_parent(scarce, family.id, "Paul TROIS", books=False))
    with scarce.asked_by(reader) as ctx:
        for answer in (waiting_lists.leave(ctx, entry), waiting_lists.decline(ctx, entry)):
            with refused(Code.NOT_FOUND):
                await answer
        with refused(Code.NOT_FOUND):
            await waiting_lists.accept(ctx, entry, None)


async def test_a_commit_finds_the_place_that_a_stopped_worker_left_behind(scarce: Town) -> None:
    first, _ = await full(scarce)
    waiting, other = [await day_care(scarce, name) for name in ("TROIS", "QUATRE")]
    entry = await wait_for(scarce, waiting)
    await cancel(scarce, first)
    await work(scarce)
    scarce.later(hours=24)  # and nobody works
    await book(scarce, other.parent, order(wish(other.child, "accueil", MORNING)))
    assert await states(scarce, entry) == [WaitingState.EXPIRED]
    assert await taken(scarce) == {PRESENTS: 2}


async def test_the_days_of_a_week_that_is_booked_whole_are_offered_one_by_one_and_booked_together(
    databases: Databases,
) -> None:
    town = Town(village(places=1).trying(SimpleNamespace(booking_rules=whole_weeks)))
    inside, outside = [await day_care(town, name) for name in ("UN", "DEUX")]
    mornings = [(date(2026, 11, day), "matin") for day in (2, 3, 5, 6)]
    await book(town, inside.parent, order(wish(inside.child, "accueil", *mornings)))
    with town.asked_by(outside.parent) as ctx:
        entries = [
            (await waiting_lists.join(ctx, (outside.child, day, "accueil", unit), None)).id for day, unit in mornings
        ]
    await cancel(town, inside)
    await work(town)
    assert await states(town, *entries) == [WaitingState.OFFERED] * 4
    with pytest.raises(Refusals) as alone:
        await accept(town, outside, entries[0])
    assert [refusal.code for refusal in alone.value.refusals] == [Code.LEAST_BOOKING]
    await book(town, outside.parent, order(wish(outside.child, "accueil", *mornings)))
    assert await states(town, *entries) == [WaitingState.BOOKED] * 4
    assert await live(town) == {(outside.child, day, "accueil", unit) for day, unit in mornings}
