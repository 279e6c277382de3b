"""Never one place too many, one place per child and day however many units, and every place given back."""

import asyncio
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugins.rules.verdicts import Verdict
from resolvers.agenda.bookings import CommitMode, Committed, Order, preview
from resolvers.agenda.plans import Window
from resolvers.errors import Code, Refusals, Refused
from resolvers.models import Booking, Enrolment, Membership, PlaceCount, PlaceHold
from resolvers.models.households import Role
from resolvers.models.waiting import HoldPurpose
from tests.orders import book, live, order, places_of, replayed, taken, verdicts, wish
from tests.towns import Family, Signed, Town, add_family, add_parent, sign_in
from tests.village import village

pytestmark = [pytest.mark.anyio, pytest.mark.database]

MONDAY = date(2026, 11, 2)
TUESDAY = date(2026, 11, 3)
MORNING, MEAL, AFTERNOON = (MONDAY, "matin"), (MONDAY, "repas"), (MONDAY, "apres-midi")


async def day_care(town: Town, name: str, *children: str) -> Family:
    """A family of the village whose children are enrolled."""
    return await add_family(town, name, children=children or ("Enfant1",), enrolled=("accueil",))


async def test_the_third_child_is_told_that_two_places_are_taken(scarce: Town) -> None:
    first, second, third = [await day_care(scarce, name) for name in ("UN", "DEUX", "TROIS")]
    for family in (first, second):
        await book(scarce, family.parent, order(wish(family.child, "accueil", MORNING)))
    with pytest.raises(Refusals) as caught:
        await book(scarce, third.parent, order(wish(third.child, "accueil", MORNING)))
    assert [(refusal.code, refusal.message) for refusal in caught.value.refusals] == [
        (
            Code.FULL,
            "Enfant1 : Matin : il n'y a plus de place le lundi 2 novembre 2026. Une liste d'attente est ouverte : "
            "inscrivez-vous, une place qui se libère vous sera proposée.",
        )
    ]
    assert await taken(scarce) == {(MONDAY, "presents"): 2}


async def test_cancelling_gives_the_place_to_the_next(scarce: Town) -> None:
    first, second, third = [await day_care(scarce, name) for name in ("UN", "DEUX", "TROIS")]
    for family in (first, second):
        await book(scarce, family.parent, order(wish(family.child, "accueil", MORNING)))
    await book(scarce, first.parent, order(wish(first.child, "accueil")))
    assert await taken(scarce) == {(MONDAY, "presents"): 1}
    await book(scarce, third.parent, order(wish(third.child, "accueil", AFTERNOON)))
    assert await taken(scarce) == {(MONDAY, "presents"): 2}


async def test_a_child_of_the_whole_day_takes_one_place(scarce: Town) -> None:
    family = await day_care(scarce, "UN")
    await book(scarce, family.parent, order(wish(family.child, "accueil", MORNING, MEAL, AFTERNOON)))
    assert await taken(scarce) == {(MONDAY, "presents"): 1}
    await book(scarce, family.parent, order(wish(family.child, "accueil", MORNING)))
    assert await taken(scarce) == {(MONDAY, "presents"): 1}
    await book(scarce, family.parent, order(wish(family.child, "accueil")))
    assert await taken(scarce) == {}


async def test_a_child_already_there_may_stay_longer_when_the_day_is_full(scarce: Town) -> None:
    first, second = await day_care(scarce, "UN"), await day_care(scarce, "DEUX")
    for family in (first, second):
        await book(scarce, family.parent, order(wish(family.child, "accueil", MORNING)))
    await book(scarce, first.parent, order(wish(first.child, "accueil", MORNING, AFTERNOON)))
    assert await taken(scarce) == {(MONDAY, "presents"): 2}


async def test_in_one_order_the_last_place_goes_to_one_child_only(scarce: Town) -> None:
    other, family = await day_care(scarce, "UN"), await day_care(scarce, "DEUX", "Enfant1", "Enfant2")
    await book(scarce, other.parent, order(wish(other.child, "accueil", MORNING)))
    both = order(*(wish(child, "accueil", MORNING) for child in family.children.values()))
    with pytest.raises(Refusals) as caught:
        await book(scarce, family.parent, both)
    assert [refusal.code for refusal in caught.value.refusals] == [Code.FULL]
    done = await book(scarce, family.parent, both, CommitMode.BEST_EFFORT)
    assert [unit.child_id for unit in done.refused] == [family.children["Enfant2"]]
    assert await taken(scarce) == {(MONDAY, "presents"): 2}


async def test_a_brother_takes_the_place_his_sister_gives_up_in_the_same_order(scarce: Town) -> None:
    other, family = await day_care(scarce, "UN"), await day_care(scarce, "DEUX", "Enfant1", "Enfant2")
    first, second = family.children.values()
    await book(scarce, other.parent, order(wish(other.child, "accueil", MORNING)))
    await book(scarce, family.parent, order(wish(first, "accueil", MORNING)))
    await book(scarce, family.parent, order(wish(first, "accueil"), wish(second, "accueil", MORNING)))
    assert {child for child, *_ in await live(scarce)} == {other.child, second}
    assert await taken(scarce) == {(MONDAY, "presents"): 2}


async def test_a_preview_shows_the_places_left_once_it_would_be_made_and_takes_none(scarce: Town) -> None:
    family = await day_care(scarce, "UN", "Enfant1", "Enfant2")
    first, second = family.children.values()
    wanted = order(wish(first, "accueil", MORNING), wish(second, "accueil"), window=Window(MONDAY, MONDAY))
    with scarce.asked_by(family.parent) as ctx:
        plan = await preview(ctx, wanted)
    assert [(unit.child.first_name, unit.unit.code, unit.places_left) for unit in plan.units] == [
        ("Enfant1", "matin", 1),
        ("Enfant1", "repas", None),
        ("Enfant1", "apres-midi", 1),
        ("Enfant2", "matin", 1),
        ("Enfant2", "repas", None),
        ("Enfant2", "apres-midi", 1),
    ]
    assert await taken(scarce) == {}


async def test_a_place_that_a_rule_keeps_from_being_given_back_is_not_promised_to_the_brother(scarce: Town) -> None:
    other, family = await day_care(scarce, "UN"), await day_care(scarce, "DEUX", "Enfant1", "Enfant2")
    first, second = family.children.values()
    await book(scarce, other.parent, order(wish(other.child, "accueil", MORNING)))
    await book(scarce, family.parent, order(wish(first, "accueil", MORNING, MEAL)))
    swap = order(wish(first, "accueil", MEAL), wish(second, "accueil", MORNING))
    done = await book(scarce, family.parent, swap, CommitMode.BEST_EFFORT)
    assert [(unit.child_id, unit.verdict) for unit in done.refused] == [
        (first, Verdict.UNIT_RULE),
        (second, Verdict.FULL),
    ]


async def test_a_place_that_a_rule_keeps_from_being_taken_is_left_to_the_brother(scarce: Town) -> None:
    other, family = await day_care(scarce, "UN"), await day_care(scarce, "DEUX", "Enfant1", "Enfant2")
    first, second = family.children.values()
    await book(scarce, other.parent, order(wish(other.child, "accueil", MORNING)))
    wanted = order(wish(first, "accueil", MEAL, AFTERNOON), wish(second, "accueil", MORNING))
    done = await book(scarce, family.parent, wanted, CommitMode.BEST_EFFORT)
    assert {(unit.child_id, unit.verdict) for unit in done.refused} == {(first, Verdict.UNIT_RULE)}
    assert {child for child, *_ in await live(scarce)} == {other.child, second}


async def shared_child(town: Town) -> tuple[Family, Family]:
    """Two households with one child in common, each with its own enrolment."""
    one, two = await day_care(town, "UN"), await add_family(town, "DEUX", children=())
    with town.at_work() as ctx:
        await Membership.create(household_id=two.id, person_id=one.child, role=Role.CHILD)
        (enrolment,) = await Enrolment.all()
        await Enrolment.create(
            household_id=two.id,
            child_id=one.child,
            activity=enrolment.activity,
            school_year=enrolment.school_year,
            first_day=enrolment.first_day,
            last_day=enrolment.last_day,
            created_at=ctx.now,
        )
        account = await add_parent(town, two.id, "Paul DEUX")
    return one, Family(two.id, dict(one.children), await sign_in(town, account))


async def test_a_day_booked_by_one_household_of_a_child_is_booked_for_the_other_too(scarce: Town) -> None:
    one, two = await shared_child(scarce)
    await book(scarce, one.parent, order(wish(one.child, "accueil", MORNING)))
    window = Window(MONDAY, MONDAY)
    with scarce.asked_by(two.parent) as ctx:
        plan = await preview(ctx, order(wish(two.child, "accueil", MORNING, AFTERNOON), window=window))
    assert verdicts(plan) == {MORNING: Verdict.BOOKED, MEAL: Verdict.FREE, AFTERNOON: Verdict.BOOKABLE}
    await book(scarce, two.parent, order(wish(two.child, "accueil", MORNING, AFTERNOON)))
    assert await taken(scarce) == {(MONDAY, "presents"): 1}
    with scarce.at_work():
        owners = {(row.unit, row.household_id) for row in await Booking.filter(live=True)}
    assert owners == {("matin", one.id), ("apres-midi", two.id)}


async def test_a_household_cannot_cancel_what_the_other_one_booked(scarce: Town) -> None:
    one, two = await shared_child(scarce)
    await book(scarce, one.parent, order(wish(one.child, "accueil", MORNING)))
    done = await book(scarce, two.parent, order(wish(two.child, "accueil")))
    assert (done.receipt_id, done.refused) == (None, ())
    assert await live(scarce) == {(one.child, MONDAY, "accueil", "matin")}


async def test_a_place_is_kept_while_the_other_household_still_needs_it(scarce: Town) -> None:
    one, two = await shared_child(scarce)
    await book(scarce, one.parent, order(wish(one.child, "accueil", MORNING)))
    await book(scarce, two.parent, order(wish(two.child, "accueil", MORNING, AFTERNOON)))
    await book(scarce, one.parent, order(wish(one.child, "accueil")))
    assert await taken(scarce) == {(MONDAY, "presents"): 1}
    await book(scarce, two.parent, order(wish(two.child, "accueil")))
    assert (await live(scarce), await taken(scarce)) == (set(), {})


async def test_a_place_held_for_a_child_is_booked_by_it_alone_and_held_no_more(scarce: Town) -> None:
    first, second, third = [await day_care(scarce, name) for name in ("UN", "DEUX", "TROIS")]
    await book(scarce, first.parent, order(wish(first.child, "accueil", MORNING)))
    with scarce.at_work() as ctx:
        await PlaceHold.create(
            household_id=second.id,
            child_id=second.child,
            day=MONDAY,
            pool="presents",
            purpose=HoldPurpose.OFFER,
            source_id=second.id,
            until=ctx.now + timedelta(hours=1),
        )
        await PlaceCount.filter(day=MONDAY).update(taken=2)
    done = await book(scarce, third.parent, order(wish(third.child, "accueil", MORNING)), CommitMode.BEST_EFFORT)
    assert [unit.verdict for unit in done.refused] == [Verdict.FULL]
    scarce.later(hours=1)  # the hold is past its instant, and nobody gave the place back
    await book(scarce, second.parent, order(wish(second.child, "accueil", MORNING, AFTERNOON)))
    with scarce.at_work():
        assert await PlaceHold.all().count() == 0
    assert await taken(scarce) == {(MONDAY, "presents"): 2}
    await book(scarce, second.parent, order(wish(second.child, "accueil")))
    assert await taken(scarce) == {(MONDAY, "presents"): 1}


DAYS = [MONDAY + timedelta(days=n) for n in range(9)]
Ordered = tuple[int, dict[int, set[tuple[date, str]]], CommitMode]  # which family, what for each child, how

orders = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.dictionaries(
            st.integers(0, 1),
            st.sets(st.tuples(st.sampled_from(DAYS), st.sampled_from(["matin", "repas", "apres-midi"])), max_size=12),
            min_size=1,
        ),
        st.sampled_from(CommitMode),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=orders)
async def test_whatever_is_ordered_the_commit_does_what_the_preview_said_and_places_are_counted_right(
    scarce: Town, asked: list[Ordered]
) -> None:
    families = [await day_care(scarce, name, "Enfant1", "Enfant2") for name in ("UN", "DEUX")]
    for who, wanted, mode in asked:
        family = families[who]
        children = list(family.children.values())
        wishes = order(*(wish(children[child], "accueil", *ticks) for child, ticks in wanted.items()))
        scarce.later(minutes=1)
        await preview_then_commit(scarce, family.parent, wishes, mode)
        booked = await live(scarce)
        assert await replayed(scarce) == booked
        assert await taken(scarce) == places_of(scarce, booked)
        assert all(count <= 2 for count in (await taken(scarce)).values())
    for family in families:  # leave the days free for the next example
        emptied = order(*(wish(child, "accueil") for child in family.children.values()))
        assert (await book(scarce, family.parent, emptied)).refused == ()
    assert (await live(scarce), await taken(scarce)) == (set(), {})


async def preview_then_commit(town: Town, by: Signed, wanted: Order, mode: CommitMode) -> None:
    """Commit what was previewed, and compare word for word; the same set wanted again changes nothing."""
    before = await live(town)
    with town.asked_by(by) as ctx:
        plan = await preview(ctx, wanted)
    announced = [(unit.slot, unit.verdict) for unit in plan.refused]
    cancelled = {unit.slot for unit in plan.changes if unit.booked}
    booked = {unit.slot for unit in plan.changes if not unit.booked}
    try:
        done = await book(town, by, wanted, mode)
    except Refusals as refusals:
        assert mode is CommitMode.ATOMIC
        assert [refusal.code.name for refusal in refusals.refusals] == [verdict.name for _, verdict in announced]
        assert await live(town) == before
        return
    told = [((unit.child_id, unit.day, unit.activity, unit.unit), unit.verdict) for unit in done.refused]
    assert told == announced
    assert await live(town) == (before | booked) - cancelled
    assert (done.receipt_id is None) == (not plan.changes)
    assert (await book(town, by, wanted, mode)).receipt_id is None
    assert await live(town) == (before | booked) - cancelled


async def compete(town: Town, family: Family, ticks: list[tuple[date, str]]) -> Committed | Refusals | Refused:
    """One family's attempt, among others at the same instant."""
    try:
        return await book(town, family.parent, order(wish(family.child, "accueil", *ticks)))
    except (Refusals, Refused) as refusal:
        return refusal


@pytest.mark.postgres
async def test_sixty_families_who_book_at_once_get_the_ten_places_and_not_one_more(scarce: Town) -> None:
    town = Town(village(places=10))
    families = [await day_care(town, f"F{number}") for number in range(60)]
    answers = await asyncio.gather(*(compete(town, family, [MORNING]) for family in families))
    booked = [answer for answer in answers if isinstance(answer, Committed)]
    codes = [[refusal.code for refusal in answer.refusals] for answer in answers if isinstance(answer, Refusals)]
    assert (len(booked), codes) == (10, [[Code.FULL]] * 50)
    assert await taken(town) == {(MONDAY, "presents"): 10}
    assert len(await live(town)) == 10
    assert await replayed(town) == await live(town)


@pytest.mark.postgres
async def test_families_who_book_and_cancel_several_days_at_once_never_lose_count_of_a_place(scarce: Town) -> None:
    town = Town(village(places=5))
    families = [await day_care(town, f"F{number}") for number in range(12)]
    days = DAYS[:2] + DAYS[3:5]
    for turn in range(4):
        ticks = [[(day, "matin") for day in days[(turn + n) % 4 :]] for n in range(len(families))]
        answers = await asyncio.gather(
            *(compete(town, family, ticked) for family, ticked in zip(families, ticks, strict=True))
        )
        assert all(isinstance(answer, Committed | Refusals) for answer in answers)
        booked = await live(town)
        assert await taken(town) == places_of(town, booked)
        assert max((await taken(town)).values()) == 5


@pytest.mark.postgres
async def test_two_parents_who_book_one_child_at_once_take_one_place(scarce: Town) -> None:
    family = await day_care(scarce, "UN")
    other = await sign_in(scarce, await add_parent(scarce, family.id, "Anne UN"))
    wanted = order(wish(family.child, "accueil", MORNING))
    done = await asyncio.gather(*(book(scarce, by, wanted) for by in (family.parent, other)))
    assert sorted(answer.receipt_id is None for answer in done) == [False, True]
    assert await taken(scarce) == {(MONDAY, "presents"): 1}
    assert await replayed(scarce) == await live(scarce)


@pytest.mark.postgres
async def test_two_households_that_book_one_child_at_once_take_one_place(scarce: Town) -> None:
    one, two = await shared_child(scarce)
    done = await asyncio.gather(
        *(book(scarce, family.parent, order(wish(one.child, "accueil", MORNING))) for family in (one, two))
    )
    assert sorted(answer.receipt_id is None for answer in done) == [False, True]
    assert await taken(scarce) == {(MONDAY, "presents"): 1}


@pytest.mark.postgres
async def test_two_requests_with_one_key_change_things_once(scarce: Town) -> None:
    family = await day_care(scarce, "UN")
    wanted = order(wish(family.child, "accueil", MORNING))

    async def ask() -> Committed | Code:
        try:
            return await book(scarce, family.parent, wanted, CommitMode.ATOMIC, "k1")
        except Refused as refusal:
            return refusal.code

    answers = await asyncio.gather(ask(), ask(), ask())
    done = [answer for answer in answers if isinstance(answer, Committed)]
    assert {answer for answer in answers if isinstance(answer, Code)} <= {Code.STATE_CONFLICT}
    assert len({answer.receipt_id for answer in done}) == 1
    assert done[0].receipt_id is not None
    assert await ask() == done[0]
    assert await taken(scarce) == {(MONDAY, "presents"): 1}
    with scarce.at_work():
        assert await PlaceCount.all().count() == 1
