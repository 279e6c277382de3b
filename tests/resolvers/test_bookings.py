"""A wanted set becomes true, wholly or as far as it can be, and everything that happened can be proved."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from plugins.rules.french import euros
from plugins.rules.requests import RequestKind, RequestState
from plugins.rules.verdicts import Verdict
from resolvers.agenda.bookings import CommitMode, commit
from resolvers.agenda.receipts import receipts
from resolvers.errors import Code, Refusals
from resolvers.models import Booking, BookingChange, BookingReceipt, Effect, PlaceCount, Request
from resolvers.models.bookings import ChangeKind
from resolvers.requests.request_lists import events_of, unsealed
from schema.portal import schema
from schema.relay import global_id
from tests.orders import book, canteen_family, live, order, replayed, wish
from tests.refusals import refused
from tests.towns import Signed, Town, add_family, add_parent, sign_in

HISTORY = """query($child: ID, $after: String) { viewer { households {
  bookingChanges(childId: $child, first: 2, after: $after) {
    totalCount pageInfo { endCursor } nodes { day kind late occasion } } } } }"""

pytestmark = [pytest.mark.anyio, pytest.mark.database]

MONDAY = date(2026, 11, 2)

TUESDAY = date(2026, 11, 3)

WEDNESDAY = date(2026, 11, 4)

THURSDAY = date(2026, 11, 5)


async def test_what_is_ticked_is_booked_and_what_is_no_longer_ticked_is_cancelled(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    first, second = family.children.values()
    await book(
        chavagne,
        family.parent,
        order(
            wish(first, "restauration", (MONDAY, "repas"), (TUESDAY, "repas")),
            wish(second, "alsh-mercredi", (WEDNESDAY, "apres-midi")),
        ),
    )
    assert await live(chavagne) == {
        (first, MONDAY, "restauration", "repas"),
        (first, TUESDAY, "restauration", "repas"),
        (second, WEDNESDAY, "alsh-mercredi", "apres-midi"),
    }
    chavagne.later(minutes=1)
    done = await book(
        chavagne, family.parent, order(wish(first, "restauration", (TUESDAY, "repas"), (THURSDAY, "repas")))
    )
    assert done.refused == ()
    assert await live(chavagne) == {
        (first, TUESDAY, "restauration", "repas"),
        (first, THURSDAY, "restauration", "repas"),
        (second, WEDNESDAY, "alsh-mercredi", "apres-midi"),  # another child's wishes were not asked about
    }
    assert await replayed(chavagne) == await live(chavagne)


async def test_a_cancelled_day_can_be_booked_again_and_stays_one_row(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    on, off = (wish(family.child, "restauration", *ticks) for ticks in (((MONDAY, "repas"),), ()))
    for wanted in (on, off, on):
        chavagne.later(minutes=1)
        await book(chavagne, family.parent, order(wanted))
    with chavagne.at_work():
        rows = await Booking.all()
        log = await BookingChange.all().order_by("at")
    assert [(row.live, row.changed_at) for row in rows] == [(True, chavagne.clock.now())]
    assert [line.kind for line in log] == [ChangeKind.BOOKED, ChangeKind.CANCELLED, ChangeKind.BOOKED]


async def test_the_same_order_again_changes_and_mails_nothing(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    wanted = order(wish(family.child, "restauration", (MONDAY, "repas"), (TUESDAY, "repas")))
    first = await book(chavagne, family.parent, wanted)
    second = await book(chavagne, family.parent, wanted)
    assert (first.receipt_id is not None, second.receipt_id, second.refused) == (True, None, ())
    with chavagne.at_work():
        assert await BookingChange.all().count() == 2
        assert await Effect.all().count() == 1


async def test_atomic_refuses_all_tells_all_and_changes_nothing(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    first, second = family.children.values()
    sunday = date(2026, 11, 8)
    wanted = order(
        wish(first, "restauration", (MONDAY, "repas"), (sunday, "repas")),
        wish(second, "restauration", (WEDNESDAY, "repas")),
    )
    with chavagne.asked_by(family.parent) as ctx, pytest.raises(Refusals) as caught:
        await commit(ctx, wanted, CommitMode.ATOMIC, None)
    assert [(refusal.code, refusal.message, refusal.field) for refusal in caught.value.refusals] == [
        (
            Code.CLOSED_DAY,
            "Enfant2 : Repas du midi : pas d'accueil le mercredi 4 novembre 2026.",
            ("selections",),
        ),
        (Code.CLOSED_DAY, "Enfant1 : Repas du midi : pas d'accueil le dimanche 8 novembre 2026.", ("selections",)),
    ]
    with chavagne.at_work():
        counts = [await table.all().count() for table in (Booking, BookingChange, BookingReceipt, Effect, PlaceCount)]
    assert counts == [0, 0, 0, 0, 0]


async def test_best_effort_does_what_can_be_done_and_tells_the_rest(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    wanted = order(wish(family.child, "restauration", (MONDAY, "repas"), (WEDNESDAY, "repas")))
    done = await book(chavagne, family.parent, wanted, CommitMode.BEST_EFFORT)
    assert [(unit.day, unit.verdict) for unit in done.refused] == [(WEDNESDAY, Verdict.CLOSED_DAY)]
    assert await live(chavagne) == {(family.child, MONDAY, "restauration", "repas")}


async def test_a_receipt_and_a_mail_list_every_change_with_its_rule_and_price(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    first, second = family.children.values()
    booked = order(
        wish(first, "restauration", (MONDAY, "repas")), wish(second, "alsh-mercredi", (WEDNESDAY, "apres-midi"))
    )
    await book(chavagne, family.parent, booked)
    chavagne.later(hours=1)
    swapped = order(wish(first, "restauration", (TUESDAY, "repas")), wish(second, "alsh-mercredi"))
    done = await book(chavagne, family.parent, swapped)
    assert done.receipt_id is not None
    with chavagne.asked_by(family.parent) as ctx:
        (receipt,) = await receipts(ctx, [done.receipt_id, uuid4()])
    assert (receipt.id, receipt.household_id, receipt.at, receipt.cents) == (
        done.receipt_id,
        family.id,
        chavagne.clock.now(),
        250 - 250 - 390,
    )
    assert [(line.day, line.child_id, line.kind, line.price_cents, line.rule) for line in receipt.changes] == [
        (
            MONDAY,
            first,
            ChangeKind.CANCELLED,
            250,
            "jusqu'au jeudi 23 h 59 de la semaine précédente : jeudi 29 octobre 2026 à 23 h 59",
        ),
        (
            TUESDAY,
            first,
            ChangeKind.BOOKED,
            250,
            "jusqu'au jeudi 23 h 59 de la semaine précédente : jeudi 29 octobre 2026 à 23 h 59",
        ),
        (
            WEDNESDAY,
            second,
            ChangeKind.CANCELLED,
            390,
            "jusqu'au vendredi 12 h de la semaine précédente : vendredi 30 octobre 2026 à 12 h",
        ),
    ]
    mail = (await chavagne.mails("bookings"))[-1]
    reference = receipt.reference
    assert (mail.recipient, mail.subject) == (
        family.parent.viewer.email,
        f"Vos réservations sont enregistrées (n° {reference})",
    )
    assert (
        f"- Annulé : Enfant1, Restauration scolaire, Repas du midi, lundi 2 novembre 2026 ({euros(250)})\n"
        f"- Réservé : Enfant1, Restauration scolaire, Repas du midi, mardi 3 novembre 2026 ({euros(250)})\n"
        f"- Annulé : Enfant2, Accueil de loisirs Mercredi, Après-midi, mercredi 4 novembre 2026 ({euros(390)})\n\n"
        f"Total de ces changements : {euros(-390)}"
    ) in mail.body


async def test_a_commit_leaves_a_request_that_says_what_was_asked_and_what_could_not_be_done(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    first, second = family.children.values()
    days = [(date(2026, 11, day), "repas") for day in (9, 10, 11, 13)]  # the 11th is a public holiday
    both = order(wish(first, "restauration", *days), wish(second, "restauration", *days))
    await book(chavagne, family.parent, both, CommitMode.BEST_EFFORT)
    await book(chavagne, family.parent, both, CommitMode.BEST_EFFORT)  # changes nothing
    done = await book(chavagne, family.parent, order(wish(first, "restauration")))
    with chavagne.asked_by(family.parent) as ctx:
        asked, cancelled = await Request.all().order_by("created_at", "id")
        ((event,), (quiet,)) = await events_of(ctx, [asked.id, cancelled.id])
        (receipt,) = await receipts(ctx, [done.receipt_id or uuid4()])
        said = unsealed(ctx, event.text)
    assert [(row.kind, row.state, row.title, row.service, row.child_id, row.number) for row in (asked, cancelled)] == [
        (
            RequestKind.BOOKING,
            RequestState.ACCEPTED,
            "Réservation Enfant1 et Enfant2 : Restauration scolaire, du 9 au 13 novembre 2026",
            "enfance",
            None,
            "D-2026-000001",
        ),
        (
            RequestKind.BOOKING,
            RequestState.ACCEPTED,
            "Annulation Enfant1 : Restauration scolaire, du 9 au 13 novembre 2026",
            "enfance",
            first,
            "D-2026-000002",
        ),
    ]
    closed = "mercredi 11 novembre 2026 : Repas du midi : pas d'accueil le mercredi 11 novembre 2026 (11 novembre)."
    assert (said, event.by_agent, quiet.text) == (
        "N'ont pas pu être enregistrés :\n"
        f"- Enfant1, Restauration scolaire, {closed}\n- Enfant2, Restauration scolaire, {closed}",
        True,
        "",
    )
    assert (receipt.reference, cancelled.subject_id) == (cancelled.number, receipt.id)


async def test_what_could_not_be_done_is_told_as_far_as_a_message_goes(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    closed = [(date(2026, 11, day), "repas") for day in (1, 4, 7, 8, 11, 14, 15, 18, 21, 22, 25, 28, 29)]
    wishes = (wish(child, "restauration", (MONDAY, "repas"), *closed) for child in family.children.values())
    await book(chavagne, family.parent, order(*wishes), CommitMode.BEST_EFFORT)
    with chavagne.asked_by(family.parent) as ctx:
        ((event,),) = await events_of(ctx, [(await Request.get()).id])
        said = unsealed(ctx, event.text)
    assert (len(said) <= 4000, said.endswith("…")) == (True, len(said) == 4000)


async def test_the_family_reads_its_log_newest_first_and_nobody_else_does(chavagne: Town) -> None:
    family, other = await canteen_family(chavagne), await canteen_family(chavagne)
    first, second = family.children.values()
    await book(chavagne, family.parent, order(wish(second, "restauration", (MONDAY, "repas"))))
    for ticks in (((MONDAY, "repas"), (TUESDAY, "repas")), ((MONDAY, "repas"),)):
        chavagne.later(minutes=1)
        await book(chavagne, family.parent, order(wish(first, "restauration", *ticks)))
    newest = await history(chavagne, family.parent, first, None)
    rest = await history(chavagne, family.parent, first, newest["pageInfo"]["endCursor"])
    assert (newest["totalCount"], newest["nodes"], rest["nodes"]) == (
        3,
        [
            {"day": "2026-11-03", "kind": "CANCELLED", "late": False, "occasion": None},
            {"day": "2026-11-02", "kind": "BOOKED", "late": False, "occasion": None},
        ],
        [{"day": "2026-11-03", "kind": "BOOKED", "late": False, "occasion": None}],
    )
    assert (await history(chavagne, family.parent, None, None))["totalCount"] == 4
    assert (await history(chavagne, other.parent, None, None))["totalCount"] == 0


async def history(town: Town, by: Signed, child: UUID | None, after: str | None) -> Any:
    """Two lines of the log of a household, of one child or of all."""
    given = {"child": global_id("Child", child) if child else None, "after": after}
    with town.asked_by(by) as ctx:
        result = await schema.execute(HISTORY, given, context_value=ctx)
    assert result.errors is None, result.errors
    assert result.data is not None
    return result.data["viewer"]["households"][0]["bookingChanges"]


async def test_receipts_of_another_household_are_left_out(chavagne: Town) -> None:
    family, other = await canteen_family(chavagne), await add_family(chavagne, "AUTRE")
    done = await book(chavagne, family.parent, order(wish(family.child, "restauration", (MONDAY, "repas"))))
    with chavagne.asked_by(other.parent) as ctx:
        assert await receipts(ctx, [done.receipt_id or uuid4()]) == []


async def test_a_key_gives_the_same_answer_again_even_when_the_world_has_moved(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    wanted = order(wish(family.child, "restauration", (MONDAY, "repas"), (WEDNESDAY, "repas")))
    first = await book(chavagne, family.parent, wanted, CommitMode.BEST_EFFORT, "k1")
    await book(chavagne, family.parent, order(wish(family.child, "restauration")))
    chavagne.on(date(2026, 11, 20))
    again = await book(chavagne, family.parent, wanted, CommitMode.BEST_EFFORT, "k1")
    assert again == first
    assert await live(chavagne) == set()


async def test_a_key_used_for_something_else_is_refused(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    wanted = order(wish(family.child, "restauration", (MONDAY, "repas")))
    await book(chavagne, family.parent, wanted, CommitMode.ATOMIC, "k1")
    with refused(Code.IDEMPOTENCY_KEY_REUSED):
        await book(chavagne, family.parent, order(wish(family.child, "restauration")), CommitMode.ATOMIC, "k1")
    with refused(Code.IDEMPOTENCY_KEY_REUSED):
        await book(chavagne, family.parent, wanted, CommitMode.BEST_EFFORT, "k1")
    with refused(Code.INVALID):
        await book(chavagne, family.parent, wanted, CommitMode.ATOMIC, "k" * 101)
    with refused(Code.INVALID):
        await book(chavagne, family.parent, wanted, CommitMode.ATOMIC, "")
    assert await live(chavagne) == {(family.child, MONDAY, "restauration", "repas")}


async def test_keys_are_each_person_s_own(chavagne: Town) -> None:
    one, two = await canteen_family(chavagne), await canteen_family(chavagne)
    for family in (one, two):
        wanted = order(wish(family.child, "restauration", (MONDAY, "repas")))
        await book(chavagne, family.parent, wanted, CommitMode.ATOMIC, "same key")
    assert {child for child, *_ in await live(chavagne)} == {one.child, two.child}


async def test_a_refused_order_keeps_no_key(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    with pytest.raises(Refusals):
        closed = order(wish(family.child, "restauration", (WEDNESDAY, "repas")))
        await book(chavagne, family.parent, closed, CommitMode.ATOMIC, "k1")
    corrected = order(wish(family.child, "restauration", (MONDAY, "repas")))
    done = await book(chavagne, family.parent, corrected, CommitMode.ATOMIC, "k1")
    assert done.receipt_id is not None


async def test_only_one_s_own_children_are_booked_and_the_others_are_not_told_apart_from_nobody(chavagne: Town) -> None:
    family, other = await canteen_family(chavagne), await canteen_family(chavagne)
    for child in (other.child, uuid4()):
        with refused(Code.NOT_FOUND):
            await book(chavagne, family.parent, order(wish(child, "restauration", (MONDAY, "repas"))))
    with refused(Code.NOT_FOUND):
        both = order(wish(family.child, "restauration"), wish(other.child, "restauration", (MONDAY, "repas")))
        await book(chavagne, family.parent, both)
    assert await live(chavagne) == set()


async def test_a_parent_who_may_not_book_books_nothing(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    reader = await sign_in(chavagne, await add_parent(chavagne, family.id, "Luc TEST", books=False))
    with refused(Code.NOT_FOUND):
        await book(chavagne, reader, order(wish(family.child, "restauration", (MONDAY, "repas"))))


@pytest.mark.parametrize(
    ("activity", "tick", "code", "field"),
    [
        ("piscine", (MONDAY, "repas"), Code.NOT_FOUND, ("selections", "0", "activity")),
        ("restauration", (MONDAY, "gouter"), Code.NOT_FOUND, ("selections", "0", "ticks")),
        ("restauration", (date(2026, 12, 1), "repas"), Code.INVALID, ("selections", "0", "ticks")),
        ("restauration", (date(2026, 10, 31), "repas"), Code.INVALID, ("selections", "0", "ticks")),
    ],
)
async def test_wishes_that_mean_nothing_are_refused_where_they_are_wrong(
    chavagne: Town, activity: str, tick: tuple[date, str], code: Code, field: tuple[str, ...]
) -> None:
    family = await canteen_family(chavagne)
    with refused(code) as caught:
        await book(chavagne, family.parent, order(wish(family.child, activity, tick)))
    assert caught.value.field == field


async def test_an_order_without_wishes_is_refused(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    with refused(Code.BLANK):
        await book(chavagne, family.parent, order())
