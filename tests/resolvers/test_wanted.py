"""Rhythms, presets and copies become ticks: what does not take place is left out and told, the rest is judged."""

from dataclasses import replace
from datetime import date

import pytest

from plugins.rules.calendar import FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY
from plugins.rules.custody import CustodyPattern
from plugins.rules.rhythms import EVERY_DAY, Rhythm, UnitRhythm
from plugins.rules.verdicts import Verdict
from resolvers.agenda.bookings import preview
from resolvers.agenda.plans import Plan, Skip, Window, Wish
from resolvers.errors import Code, Refusals, Refused
from resolvers.models import Custody, PlaceCount
from tests.orders import book, canteen_family, live, order, wish
from tests.towns import Family, Town, add_family, statements

pytestmark = pytest.mark.anyio

NOVEMBER = Window(date(2026, 11, 1), date(2026, 11, 30))
DECEMBER = Window(date(2026, 12, 1), date(2026, 12, 31))
AUTUMN = Window(date(2026, 10, 17), date(2026, 10, 31))  # « vacances de la Toussaint »
CANTEEN, CENTRE = "restauration", "alsh-vacances"


def meals(
    child: Wish, *weekdays: int, every: int = 1, starts: date = NOVEMBER.first, until: date | None = None
) -> Wish:
    """The same wish, with a meal on these weekdays (every day when there are none)."""
    rhythm = Rhythm(starts, until, frozenset(weekdays) or EVERY_DAY, every)
    return replace(child, rhythms=(*child.rhythms, UnitRhythm(rhythm, ("repas",))))


def days(plan: Plan) -> list[int]:
    """The days that committing the plan would book."""
    return [unit.day.day.day for unit in plan.changes if not unit.booked]


def left_out(plan: Plan) -> list[tuple[int, str, Verdict]]:
    """The days and units that the plan skipped, and why."""
    return [(unit.day.day.day, unit.unit.code, unit.verdict) for unit in plan.skipped]


async def planned(town: Town, family: Family, *wishes: Wish, window: Window = NOVEMBER) -> Plan:
    """What committing these wishes would do."""
    with town.asked_by(family.parent) as ctx:
        return await preview(ctx, order(*wishes, window=window))


async def test_every_day_leaves_the_holidays_out_and_tells_them(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    plan = await planned(chavagne, family, meals(wish(family.child, CANTEEN)), window=DECEMBER)
    assert days(plan) == [1, 3, 4, 7, 8, 10, 11, 14, 15, 17, 18]
    assert left_out(plan) == [(day, "repas", Verdict.CLOSED_DAY) for day in (21, 22, 24, 25, 28, 29, 31)]
    assert plan.refused == ()
    reasons = {unit.day.day.day: unit.reason.message for unit in plan.skipped if unit.reason}
    assert reasons[24] == "Repas du midi : pas d'accueil le jeudi 24 décembre 2026 (Vacances de Noël)."


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"weekdays": (MONDAY, THURSDAY)}, [2, 5, 9, 12, 16, 19, 23, 26, 30]),
        ({"weekdays": (MONDAY,), "every": 2}, [9, 23]),  # counted from Sunday 1 November's own week
        ({"weekdays": (MONDAY,), "every": 2, "starts": date(2026, 9, 7)}, [2, 16, 30]),
        ({"weekdays": (FRIDAY,), "every": 3, "starts": date(2026, 9, 7)}, [13]),
        ({"weekdays": (TUESDAY,), "until": date(2026, 11, 17)}, [3, 10, 17]),
    ],
)
async def test_a_rhythm_books_its_days(chavagne: Town, wanted: dict[str, object], expected: list[int]) -> None:
    family = await canteen_family(chavagne)
    weekdays = wanted.pop("weekdays")
    plan = await planned(chavagne, family, meals(wish(family.child, CANTEEN), *weekdays, **wanted))  # type: ignore[misc, arg-type]
    assert days(plan) == expected
    assert plan.skipped == ()


async def test_a_chosen_weekday_on_which_nothing_takes_place_is_told(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    plan = await planned(chavagne, family, meals(wish(family.child, CANTEEN), WEDNESDAY, until=date(2026, 11, 8)))
    assert left_out(plan) == [(4, "repas", Verdict.CLOSED_DAY)]


async def test_ticks_and_several_rhythms_add_up(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    wanted = meals(meals(wish(family.child, CANTEEN, (date(2026, 11, 6), "repas")), MONDAY), TUESDAY, every=2)
    assert days(await planned(chavagne, family, wanted)) == [2, 6, 9, 10, 16, 23, 24, 30]


async def test_what_is_ticked_by_hand_is_refused_and_never_left_out(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    wanted = meals(wish(family.child, CANTEEN, (date(2026, 12, 24), "repas")), THURSDAY)
    plan = await planned(chavagne, family, replace(wanted, skip=Skip.REFUSED), window=DECEMBER)
    assert [(unit.day.day.day, unit.verdict) for unit in plan.refused] == [(24, Verdict.CLOSED_DAY)]
    assert left_out(plan) == [(31, "repas", Verdict.CLOSED_DAY)]


async def holiday_family(town: Town) -> Family:
    """Two children enrolled in the holidays of Chavagne, of which one afternoon is full."""
    with town.at_work():
        await PlaceCount.create(day=date(2026, 10, 21), pool="vacances-apres-midi", capacity=40, taken=40)
    return await add_family(town, enrolled=(CENTRE,))


def whole_days(child: Wish, *, skip: Skip) -> Wish:
    rhythm = UnitRhythm(Rhythm(date(2026, 10, 19), date(2026, 10, 22)), preset="journee")
    return replace(child, rhythms=(rhythm,), skip=skip)


async def test_days_that_are_too_late_are_refused_unless_the_family_leaves_them_out(chavagne: Town) -> None:
    family = await holiday_family(chavagne)
    refused = await planned(chavagne, family, whole_days(wish(family.child, CENTRE), skip=Skip.CLOSED), window=AUTUMN)
    assert [(unit.day.day.day, unit.unit.code, unit.verdict) for unit in refused.refused] == [
        (19, "matin", Verdict.TOO_LATE),
        (19, "repas", Verdict.TOO_LATE),
        (19, "apres-midi", Verdict.TOO_LATE),
        (21, "apres-midi", Verdict.FULL),
    ]
    plan = await planned(chavagne, family, whole_days(wish(family.child, CENTRE), skip=Skip.REFUSED), window=AUTUMN)
    assert (plan.refused, days(plan)) == ((), [20, 20, 20, 22, 22, 22])
    assert left_out(plan) == [
        (19, "apres-midi", Verdict.TOO_LATE),
        (19, "matin", Verdict.TOO_LATE),
        (19, "repas", Verdict.TOO_LATE),
        (21, "apres-midi", Verdict.FULL),
        (21, "matin", Verdict.FULL),
        (21, "repas", Verdict.FULL),
    ]
    morning = next(unit for unit in plan.skipped if (unit.day.day.day, unit.unit.code) == (21, "matin"))
    assert morning.reason is not None
    assert morning.reason.message.startswith("Matin va avec « Après-midi » : Après-midi : il n'y a plus de place")


async def test_units_named_one_by_one_are_left_out_one_by_one(chavagne: Town) -> None:
    family = await holiday_family(chavagne)
    day = date(2026, 10, 21)
    both = UnitRhythm(Rhythm(day, day), ("matin", "apres-midi"))
    wanted = replace(wish(family.child, CENTRE), rhythms=(both,), skip=Skip.REFUSED)
    plan = await planned(chavagne, family, wanted, window=AUTUMN)
    assert [unit.unit.code for unit in plan.changes] == ["matin"]
    assert left_out(plan) == [(21, "apres-midi", Verdict.FULL)]


async def test_a_child_is_booked_like_another_one_of_the_request(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    first, second = family.children.values()
    wanted = meals(wish(first, CANTEEN, (date(2026, 11, 3), "repas")), MONDAY, until=date(2026, 11, 9))
    plan = await planned(chavagne, family, Wish(second, CANTEEN, frozenset(), like=first), wanted)
    booked = {(unit.child.person_id, unit.day.day.day) for unit in plan.changes}
    assert booked == {(child, day) for child in (first, second) for day in (2, 3, 9)}


async def test_a_child_is_booked_like_its_sibling_is(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    first, second = family.children.values()
    await book(chavagne, family.parent, order(meals(wish(first, CANTEEN), TUESDAY)))
    plan = await planned(chavagne, family, Wish(second, CANTEEN, frozenset(), like=first))
    assert {(unit.child.person_id, unit.day.day.day) for unit in plan.changes} == {
        (second, day) for day in (3, 10, 17, 24)
    }


async def test_last_month_comes_again_by_weekday_and_rank(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    november = ((day, "repas") for day in (date(2026, 11, 3), date(2026, 11, 12), date(2026, 11, 30)))
    await book(chavagne, family.parent, order(wish(family.child, CANTEEN, *november)))
    copied = Wish(family.child, CANTEEN, frozenset(), month=date(2026, 11, 17))
    plan = await planned(chavagne, family, copied, window=DECEMBER)
    assert days(plan) == [1, 10]  # first Tuesday, second Thursday; December has no fifth Monday
    may = await planned(chavagne, family, copied, window=Window(date(2027, 5, 1), date(2027, 5, 31)))
    assert days(may) == [4, 13, 31]


async def test_what_is_booked_and_not_named_is_kept_or_given_up(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    await book(chavagne, family.parent, order(meals(wish(family.child, CANTEEN), TUESDAY)))
    more = meals(wish(family.child, CANTEEN), MONDAY)
    replaced = await planned(chavagne, family, more)
    kept = await planned(chavagne, family, replace(more, keep=True))
    assert [(unit.day.day.day, unit.booked) for unit in replaced.changes if unit.booked] == [
        (3, True),
        (10, True),
        (17, True),
        (24, True),
    ]
    assert (days(kept), [unit for unit in kept.changes if unit.booked]) == ([2, 9, 16, 23, 30], [])


async def test_the_days_of_the_other_household_are_left_out_of_a_rhythm(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    with chavagne.at_work() as ctx:
        await Custody.create(
            household_id=family.id,
            child_id=family.child,
            pattern=CustodyPattern.ALTERNATE_WEEKS,
            anchor=date(2026, 11, 2),
            first_day=date(2026, 9, 1),
            decided_at=ctx.now,
        )
    plan = await planned(chavagne, family, meals(wish(family.child, CANTEEN), MONDAY))
    assert days(plan) == [2, 16, 30]
    assert left_out(plan) == [(day, "repas", Verdict.OTHER_CUSTODY) for day in (9, 23)]


async def test_a_commit_does_what_its_preview_showed_and_tells_it_again_by_its_key(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    asked = order(meals(wish(family.child, CANTEEN), MONDAY, THURSDAY), window=DECEMBER)
    with chavagne.asked_by(family.parent) as ctx:
        plan = await preview(ctx, asked)
    done = await book(chavagne, family.parent, asked, key="décembre")
    assert await live(chavagne) == {unit.slot for unit in plan.changes}
    assert [(unit.day, unit.verdict) for unit in done.skipped] == [
        (date(2026, 12, day), Verdict.CLOSED_DAY) for day in (21, 24, 28, 31)
    ]
    await book(chavagne, family.parent, order(wish(family.child, CANTEEN), window=DECEMBER))
    assert await book(chavagne, family.parent, asked, key="décembre") == done
    assert await live(chavagne) == set()


async def test_a_plan_of_rhythms_is_that_of_their_days_ticked_one_by_one(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    first, second = family.children.values()
    with chavagne.at_work() as ctx:
        await Custody.create(
            household_id=family.id,
            child_id=first,
            pattern=CustodyPattern.WEEKDAYS,
            weekdays=[1, 2],
            first_day=date(2026, 9, 1),
            decided_at=ctx.now,
        )
    rhythms = [meals(wish(child, CANTEEN)) for child in (first, second)]
    plan = await planned(chavagne, family, *rhythms, window=DECEMBER)
    assert {unit.verdict for unit in plan.skipped} == {Verdict.CLOSED_DAY, Verdict.OTHER_CUSTODY}
    kept = {(unit.child.person_id, unit.day.day) for unit in plan.changes}
    ticked = [wish(key, CANTEEN, *((day, "repas") for child, day in kept if child == key)) for key in (first, second)]
    assert replace(plan, skipped=()) == await planned(chavagne, family, *ticked, window=DECEMBER)


async def test_an_atomic_commit_is_refused_for_what_it_does_not_leave_out(chavagne: Town) -> None:
    family = await holiday_family(chavagne)
    with pytest.raises(Refusals) as caught:
        asked = order(whole_days(wish(family.child, CENTRE), skip=Skip.CLOSED), window=AUTUMN)
        await book(chavagne, family.parent, asked)
    assert {refusal.code for refusal in caught.value.refusals} == {Code.TOO_LATE, Code.FULL}


async def test_a_copy_of_nobody_or_of_a_copy_and_what_does_not_exist_are_refused(chavagne: Town) -> None:
    family, others = await canteen_family(chavagne), await add_family(chavagne, "AUTRE")
    first, second = family.children.values()
    plain = Wish(first, CANTEEN, frozenset())
    always = Rhythm(date(2026, 11, 1))
    refusals = [
        ([replace(plain, like=others.child)], Code.NOT_FOUND, "likeChildId"),
        ([replace(plain, like=first)], Code.INVALID, "likeChildId"),
        ([replace(plain, like=second), Wish(second, CANTEEN, frozenset(), like=first)], Code.INVALID, "likeChildId"),
        ([replace(plain, month=date(1999, 12, 1))], Code.INVALID, "likeMonth"),
        ([replace(plain, rhythms=(UnitRhythm(always, ("gouter",)),))], Code.NOT_FOUND, "rhythms"),
        ([replace(plain, rhythms=(UnitRhythm(always, preset="journee"),))], Code.NOT_FOUND, "rhythms"),
        ([replace(plain, activity="poney", rhythms=(UnitRhythm(always, ("repas",)),))], Code.NOT_FOUND, "activity"),
    ]
    for wishes, code, field in refusals:
        with pytest.raises(Refused) as caught:
            await planned(chavagne, family, *wishes)
        assert (caught.value.code, caught.value.field) == (code, ("selections", "0", field))


async def test_a_rhythm_takes_no_more_statements_than_ticks_and_a_month_one_more(chavagne: Town) -> None:
    family = await canteen_family(chavagne)
    first, second = family.children.values()
    both = [meals(Wish(child, CANTEEN, frozenset())) for child in (first, second)]
    counts = []
    for wishes in ([wish(first, CANTEEN)], both, [replace(each, month=date(2026, 10, 1)) for each in both]):
        with chavagne.asked_by(family.parent) as ctx, statements() as sent:
            await preview(ctx, order(*wishes))
        counts.append(len(sent))
    assert counts == [counts[0], counts[0], counts[0] + 1]
