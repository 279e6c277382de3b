"""A wanted set becomes true, wholly or as far as it can be, and everything that happened can be proved."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from plugins.rules.french import euros
from plugins.rules.verdicts import Verdict
from resolvers.bookings import CommitMode, agenda, commit, preview, receipts, reference_of
from resolvers.errors import Code, Refusals
from resolvers.households import households_of
from resolvers.models import Booking, BookingChange, BookingReceipt, Effect, PlaceCount
from resolvers.models.bookings import ChangeKind
from resolvers.plans import Window
from tests.orders import book, live, order, replayed, taken, verdicts, wish
from tests.refusals import refused
from tests.towns import Family, Signed, Town, add_family, add_parent, sign_in, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

MONDAY = date(2026, 11, 2)
TUESDAY = date(2026, 11, 3)
WEDNESDAY = date(2026, 11, 4)
THURSDAY = date(2026, 11, 5)


async def canteen_family(town: Town) -> Family:
    """Two children enrolled at the canteen of Chavagne."""
    return await add_family(town, enrolled=("restauration", "periscolaire", "alsh-mercredi"))


async def test_a_preview_gives_every_day_its_verdict_price_and_last_instant(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    chavagne.on(date(2026, 10, 30))  # too late for the canteen of the next week
    week = Window(MONDAY, date(2026, 11, 10))
    with chavagne.asked_by(family.parent) as ctx:
        wanted = order(
            wish(family.child, "restauration", (TUESDAY, "repas"), (date(2026, 11, 9), "repas")), window=week
        )
        plan = await preview(ctx, wanted)
    assert verdicts(plan) == {
        (MONDAY, "repas"): Verdict.FREE,
        (TUESDAY, "repas"): Verdict.TOO_LATE,
        (THURSDAY, "repas"): Verdict.FREE,
        (date(2026, 11, 6), "repas"): Verdict.FREE,
        (date(2026, 11, 9), "repas"): Verdict.BOOKABLE,
        (date(2026, 11, 10), "repas"): Verdict.FREE,
    }
    late, bookable = plan.refused[0], plan.changes[0]
    assert late.reason is not None
    assert (late.reason.message, late.reason.until) == (
        "Trop tard pour réserver Repas du midi du mardi 3 novembre 2026 : c'était possible jusqu'au jeudi 29 octobre "
        "2026 à 23 h 59 (jusqu'au jeudi 23 h 59 de la semaine précédente). Hors délai, appelez le service Enfance au "
        "02 99 64 28 53.",
        datetime(2026, 10, 29, 22, 59, 59, tzinfo=UTC),
    )
    assert bookable.price is not None
    assert (bookable.price.cents, plan.change_cents, bookable.instants.book.at, bookable.places_left) == (
        250,
        250,
        datetime(2026, 11, 5, 22, 59, 59, tzinfo=UTC),
        None,
    )
    assert (await live(chavagne), await taken(chavagne)) == (set(), {})


async def test_the_agenda_shows_every_activity_a_child_is_enrolled_in_without_wanting_anything(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    await book(chavagne, family.parent, order(wish(family.child, "restauration", (MONDAY, "repas"))))
    with chavagne.asked_by(family.parent) as ctx:
        (household,) = await households_of(ctx)
        plan = await agenda(ctx, household, Window(MONDAY, WEDNESDAY), frozenset({family.child}))
    assert [(unit.day.day, unit.activity.code, unit.unit.code, unit.verdict, unit.wanted) for unit in plan.units] == [
        (MONDAY, "periscolaire", "garderie-matin", Verdict.BOOKABLE, None),
        (MONDAY, "periscolaire", "garderie-soir", Verdict.BOOKABLE, None),
        (MONDAY, "periscolaire", "temps-des-lecons", Verdict.BOOKABLE, None),
        (MONDAY, "restauration", "repas", Verdict.BOOKED, None),
        (TUESDAY, "periscolaire", "garderie-matin", Verdict.BOOKABLE, None),
        (TUESDAY, "periscolaire", "garderie-soir", Verdict.BOOKABLE, None),
        (TUESDAY, "periscolaire", "temps-des-lecons", Verdict.BOOKABLE, None),
        (TUESDAY, "restauration", "repas", Verdict.BOOKABLE, None),
        (WEDNESDAY, "alsh-mercredi", "repas", Verdict.BOOKABLE, None),
        (WEDNESDAY, "alsh-mercredi", "apres-midi", Verdict.BOOKABLE, None),
    ]
    assert plan.changes == plan.refused == ()


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
    reference = reference_of(done.receipt_id)
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


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(2026, 11, 2), date(2026, 11, 1), ("lastDay",)),
        (date(2026, 1, 1), date(2027, 2, 6), ("lastDay",)),
        (date(1999, 12, 31), date(2000, 1, 2), ("firstDay",)),
        (date(2098, 12, 31), date(2099, 1, 1), ("firstDay",)),
    ],
)
def test_impossible_windows_are_refused(first: date, last: date, field: tuple[str, ...]) -> None:
    with refused(Code.INVALID) as caught:
        Window(first, last)
    assert caught.value.field == field


async def attempted(town: Town, by: Signed, child: object, activity: str, day: date, unit: str) -> tuple[Code, str]:
    """Order one unit; returns the code and sentence of its refusal."""
    window = Window(day, day)
    with pytest.raises(Refusals) as caught:
        await book(town, by, order(wish(child, activity, (day, unit)), window=window))  # type: ignore[arg-type]
    (refusal,) = caught.value.refusals
    assert await live(town) == set()
    return refusal.code, refusal.message


async def test_a_past_day_is_refused(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    assert await attempted(chavagne, family.parent, family.child, "restauration", date(2026, 10, 2), "repas") == (
        Code.PAST_DAY,
        "Enfant1 : Le vendredi 2 octobre 2026 est passé : contactez le service.",
    )


async def test_a_public_holiday_is_refused_with_its_name(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    day = date(2026, 11, 11)
    assert await attempted(chavagne, family.parent, family.child, "alsh-mercredi", day, "repas") == (
        Code.CLOSED_DAY,
        "Enfant1 : Repas : pas d'accueil le mercredi 11 novembre 2026 (11 novembre).",
    )


async def test_a_child_who_is_not_enrolled_is_refused_with_whom_to_ask(chavagne: Town) -> None:
    family = await add_family(chavagne)
    assert await attempted(chavagne, family.parent, family.child, "restauration", MONDAY, "repas") == (
        Code.NOT_ENROLLED,
        "Enfant1 : Enfant1 n'est pas inscrit à « Restauration scolaire » à cette date : contactez service Enfance "
        "(portail.familles@chavagne.fr ou 02 99 64 28 53).",
    )


async def test_a_crèche_day_is_refused_with_the_mailbox_to_write_to(epagny: Town) -> None:
    family = await add_family(epagny, enrolled=("creche",), services=("petite-enfance",))
    assert await attempted(epagny, family.parent, family.child, "creche", MONDAY, "journee") == (
        Code.FEATURE_CLOSED,
        "Enfant1 : Les réservations de la crèche ne se font pas en ligne : écrivez à la structure d'accueil de votre "
        "enfant, picketplume@epagnymetztesy.fr (ou loptiou@epagnymetztesy.fr).",
    )


async def test_a_child_without_an_accepted_file_is_refused_in_melle(melle: Town) -> None:
    family = await add_family(melle, enrolled=("restauration",))
    assert await attempted(melle, family.parent, family.child, "restauration", MONDAY, "repas") == (
        Code.DOSSIER_NOT_ACCEPTED,
        "Enfant1 : Le dossier administratif 2026-2027 de Enfant1 n'est pas validé : complétez-le et envoyez-le, puis "
        "attendez sa validation par le service.",
    )


async def test_a_school_year_past_the_official_calendar_offers_nothing(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    chavagne.on(date(2029, 9, 3))
    day = date(2029, 11, 6)
    with refused(Code.NOT_FOUND) as caught:
        await book(
            chavagne, family.parent, order(wish(family.child, "restauration", (day, "repas")), window=Window(day, day))
        )
    assert caught.value.message == "Cette activité n'existe pas cette année."


async def test_a_day_past_the_official_calendar_is_refused(scarce: Town) -> None:
    family = await add_family(scarce, enrolled=("accueil",))
    assert await attempted(scarce, family.parent, family.child, "accueil", date(2029, 11, 6), "matin") == (
        Code.HORIZON,
        "Enfant1 : Le calendrier officiel ne va pas encore jusqu'au mardi 6 novembre 2029 : cette date n'est pas "
        "ouverte.",
    )


async def test_a_booking_that_is_not_yet_open_says_when_it_will_be(scarce: Town) -> None:
    family = await add_family(scarce, enrolled=("stage",))
    assert await attempted(scarce, family.parent, family.child, "stage", MONDAY, "seance") == (
        Code.NOT_YET_OPEN,
        "Enfant1 : Séance du lundi 2 novembre 2026 : les réservations ouvrent le mardi 1er décembre 2026 à 0 h.",
    )


async def test_units_that_do_not_go_alone_are_refused_together(scarce: Town) -> None:
    family = await add_family(scarce, enrolled=("accueil",))
    assert await attempted(scarce, family.parent, family.child, "accueil", MONDAY, "repas") == (
        Code.UNIT_RULE,
        "Enfant1 : « Repas » ne se réserve qu'avec « Matin ».",
    )


async def test_a_unit_that_another_needs_cannot_be_cancelled_alone(scarce: Town) -> None:
    family = await add_family(scarce, enrolled=("accueil",))
    morning, meal = (MONDAY, "matin"), (MONDAY, "repas")
    await book(scarce, family.parent, order(wish(family.child, "accueil", morning, meal)))
    with pytest.raises(Refusals) as caught:
        await book(scarce, family.parent, order(wish(family.child, "accueil", meal)))
    assert [refusal.code for refusal in caught.value.refusals] == [Code.UNIT_RULE]
    await book(scarce, family.parent, order(wish(family.child, "accueil")))
    assert await live(scarce) == set()


async def test_a_late_booking_costs_more_is_marked_late_and_stops_at_the_very_last_instant(scarce: Town) -> None:
    family = await add_family(scarce, enrolled=("accueil",))
    scarce.on(date(2026, 11, 1), 12, 0)
    wanted = order(wish(family.child, "accueil", (MONDAY, "matin")))
    with scarce.asked_by(family.parent) as ctx:
        plan = await preview(ctx, wanted)
    assert [unit.price.cents for unit in plan.changes if unit.price] == [300]
    await book(scarce, family.parent, wanted)
    with scarce.at_work():
        assert [row.late for row in await Booking.all()] == [True]
    scarce.on(date(2026, 11, 1), 12, 1)
    with pytest.raises(Refusals) as caught:
        await book(
            scarce, family.parent, order(wish(family.child, "accueil", (MONDAY, "matin"), (MONDAY, "apres-midi")))
        )
    assert [refusal.facts for refusal in caught.value.refusals] == [
        {"until": datetime(2026, 11, 1, 11, tzinfo=UTC), "contact": None}
    ]


async def test_a_day_booked_cannot_be_cancelled_too_late_and_says_until_when_it_could(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    await book(chavagne, family.parent, order(wish(family.child, "restauration", (MONDAY, "repas"))))
    chavagne.on(date(2026, 10, 30))
    with pytest.raises(Refusals) as caught:
        await book(chavagne, family.parent, order(wish(family.child, "restauration")))
    (refusal,) = caught.value.refusals
    assert (refusal.code, refusal.facts["until"]) == (
        Code.TOO_LATE,
        datetime(2026, 10, 29, 22, 59, 59, tzinfo=UTC),
    )
    assert "Trop tard pour annuler Repas du midi du lundi 2 novembre 2026" in refusal.message
    assert await live(chavagne) == {(family.child, MONDAY, "restauration", "repas")}


@pytest.mark.parametrize(
    "window", [Window(date(2026, 10, 1), date(2026, 10, 31)), Window(date(2027, 3, 1), date(2027, 3, 31))]
)
async def test_months_in_which_the_clocks_change_have_every_day_once_and_deadlines_on_the_wall(
    chavagne: Town, window: Window
) -> None:
    family = await canteen_family(chavagne)
    chavagne.on(date(2026, 9, 1))
    with chavagne.asked_by(family.parent) as ctx:
        (household,) = await households_of(ctx)
        plan = await agenda(ctx, household, window, frozenset({family.child}))
    meals = [unit for unit in plan.units if unit.activity.code == "restauration"]
    calendar_days = [day for day in window.days if any(unit.day.day == day for unit in meals)]
    assert [unit.day.day for unit in meals] == calendar_days
    assert {unit.verdict for unit in meals} == {Verdict.BOOKABLE}
    local = {unit.instants.book.at.astimezone(chavagne.commune.tz) for unit in meals}
    assert {(at.hour, at.minute, at.isoweekday()) for at in local} == {(23, 59, 4)}


async def test_a_window_over_two_school_years_uses_each_year_s_catalogue(chavagne: Town) -> None:
    family = await add_family(chavagne, enrolled=("alsh-vacances",))
    window = Window(date(2027, 8, 30), date(2027, 9, 3))
    with chavagne.asked_by(family.parent) as ctx:
        plan = await preview(
            ctx, order(wish(family.child, "alsh-vacances", (date(2027, 8, 31), "matin")), window=window)
        )
    assert {unit.day.day for unit in plan.units} == {date(2027, 8, 30), date(2027, 8, 31)}
    assert [unit.day.day for unit in plan.changes] == [date(2027, 8, 31)]


async def statements_of(town: Town, family: Family, window: Window) -> dict[str, int]:
    """How many statements each use case sends for all the children of a family, every unit of the window wanted."""
    with town.asked_by(family.parent) as ctx:
        (household,) = await households_of(ctx)
        with statements() as for_agenda:
            plan = await agenda(ctx, household, window, frozenset())
        wishes = [
            wish(child, code, *((unit.day.day, unit.unit.code) for unit in plan.units if unit.activity.code == code))
            for child in family.children.values()
            for code in sorted({unit.activity.code for unit in plan.units})
        ]
        wanted = order(*wishes, window=window)
        with statements() as for_preview:
            await preview(ctx, wanted)
        with statements() as for_commit:
            assert (await commit(ctx, wanted, CommitMode.ATOMIC, uuid4().hex)).receipt_id is not None
        with statements() as for_nothing:
            assert (await commit(ctx, wanted, CommitMode.ATOMIC, uuid4().hex)).receipt_id is None
        with statements() as for_cancelling:
            nothing = order(*(wish(each.child_id, each.activity) for each in wishes), window=window)
            await commit(ctx, nothing, CommitMode.ATOMIC, uuid4().hex)
    sent = {
        "agenda": for_agenda,
        "preview": for_preview,
        "commit": for_commit,
        "again": for_nothing,
        "cancel": for_cancelling,
    }
    return {name: len(each) for name, each in sent.items()}


@pytest.mark.parametrize("children", [("Enfant1",), ("Enfant1", "Enfant2", "Enfant3", "Enfant4")])
@pytest.mark.parametrize("last", [MONDAY, date(2026, 12, 18)])
async def test_the_number_of_statements_depends_neither_on_the_days_nor_on_the_children(
    chavagne: Town, children: tuple[str, ...], last: date
) -> None:
    family = await add_family(chavagne, children=children, enrolled=("restauration", "periscolaire"))
    assert await statements_of(chavagne, family, Window(MONDAY, last)) == {
        "agenda": 5,
        "preview": 7,
        "commit": 14,
        "again": 10,
        "cancel": 15,
    }


async def test_each_day_of_a_pool_with_a_limit_adds_one_statement(scarce: Town) -> None:
    family = await add_family(scarce, enrolled=("accueil",))
    one = await statements_of(scarce, family, Window(MONDAY, MONDAY))
    week = await statements_of(scarce, family, Window(date(2026, 11, 9), date(2026, 11, 13)))
    assert {name: week[name] - one[name] for name in one} == {
        "agenda": 0,
        "preview": 0,
        "commit": 3,
        "again": 0,
        "cancel": 3,
    }
