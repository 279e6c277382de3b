"""A calendar tells every day its verdict, price and last instant, in a number of statements that nothing moves."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from plugins.rules.verdicts import Verdict
from resolvers.agenda.bookings import CommitMode, agenda, commit, preview
from resolvers.agenda.plans import Window
from resolvers.errors import Code
from resolvers.families.households import households_of
from resolvers.models import Closure, Enrolment
from resolvers.models.bookings import EnrolmentState
from tests.orders import book, canteen_family, live, order, taken, verdicts, wish
from tests.refusals import refused
from tests.towns import Family, Town, add_family, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

MONDAY = date(2026, 11, 2)

TUESDAY = date(2026, 11, 3)

WEDNESDAY = date(2026, 11, 4)

THURSDAY = date(2026, 11, 5)


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
    local = {unit.instants.book.at.astimezone(chavagne.commune.tz) for unit in meals if unit.instants.book.at}
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


async def test_what_agents_closed_is_closed_with_their_reason_until_they_withdraw_it(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    with chavagne.at_work() as ctx:
        decided: dict[str, Any] = {"cause": "STRIKE", "decided_by": uuid4(), "decided_at": ctx.now}
        days: dict[str, Any] = {"first_day": MONDAY, "last_day": TUESDAY}
        closure = await Closure.create(activity="restauration", label="Grève", **days, **decided)
        await Closure.create(label="Neige", **days, **decided, withdrawn_at=ctx.now)
    asked = order(wish(family.child, "restauration", (MONDAY, "repas"), (THURSDAY, "repas")))
    with chavagne.asked_by(family.parent) as ctx:
        (closed,) = (await preview(ctx, asked)).refused
    assert closed.reason is not None
    assert (closed.verdict, closed.day.label, closed.reason.message) == (
        Verdict.CLOSED_DAY,
        "Grève",
        "Repas du midi : pas d'accueil le lundi 2 novembre 2026 (Grève).",
    )
    with chavagne.at_work() as ctx:
        await Closure.filter(id=closure.id).update(withdrawn_at=ctx.now)
    with chavagne.asked_by(family.parent) as ctx:
        assert (await preview(ctx, asked)).refused == ()


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (
            EnrolmentState.ASKED,
            "L'inscription d'Enfant1 à « Restauration scolaire » est en cours d'instruction : la réservation sera "
            "possible dès qu'elle sera acceptée.",
        ),
        (
            EnrolmentState.REFUSED,
            "Enfant1 n'est pas inscrit à « Restauration scolaire » à cette date : contactez service Enfance "
            "(portail.familles@chavagne.fr ou 02 99 64 28 53).",
        ),
    ],
)
async def test_an_enrolment_that_is_not_accepted_opens_no_booking(
    chavagne: Town, state: EnrolmentState, reason: str
) -> None:
    family = await add_family(chavagne, enrolled=("restauration",))
    with chavagne.at_work():
        await Enrolment.all().update(state=state)
    with chavagne.asked_by(family.parent) as ctx:
        plan = await preview(ctx, order(wish(family.child, "restauration", (MONDAY, "repas"))))
        (household,) = await households_of(ctx)
        shown = await agenda(ctx, household, Window(MONDAY, MONDAY), frozenset())
    assert [(unit.verdict, unit.reason.message) for unit in plan.refused if unit.reason] == [
        (Verdict.NOT_ENROLLED, reason)
    ]
    assert len(shown.units) == (2 if state is EnrolmentState.ASKED else 0)


async def test_an_enrolment_that_was_ended_opens_bookings_until_its_last_day(chavagne: Town) -> None:
    family = await add_family(chavagne, enrolled=("restauration",))
    with chavagne.at_work():
        await Enrolment.all().update(state=EnrolmentState.ENDED, last_day=MONDAY)
    asked = order(wish(family.child, "restauration", (MONDAY, "repas"), (TUESDAY, "repas")))
    with chavagne.asked_by(family.parent) as ctx:
        plan = await preview(ctx, asked)
    assert ([unit.day.day for unit in plan.changes], [unit.day.day for unit in plan.refused]) == ([MONDAY], [TUESDAY])


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
        "agenda": 8,
        "preview": 10,
        "commit": 23,
        "again": 13,
        "cancel": 23,
    }


async def test_two_weeks_of_a_pool_with_a_limit_take_as_many_statements_as_one(scarce: Town) -> None:
    family = await add_family(scarce, enrolled=("accueil",))
    one = await statements_of(scarce, family, Window(MONDAY, date(2026, 11, 6)))
    two = await statements_of(scarce, family, Window(date(2026, 11, 9), date(2026, 11, 20)))
    assert one == two
