"""Agents record who came; what they did not check, what is still to come and what is already invoiced is told apart."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from resolvers.agenda.bookings import CommitMode
from resolvers.agenda.plans import Window
from resolvers.days.attendance import Recorded, SheetLine, record, sheet
from resolvers.days.sights import Check, Sight
from resolvers.errors import Code, Refusals
from resolvers.models import Attendance
from resolvers.models.bookings import Presence
from tests.orders import book, order, wish
from tests.refusals import refused
from tests.towns import Family, Signed, Town, add_agent, add_family, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

MONDAY = date(2026, 11, 2)
TUESDAY = date(2026, 11, 3)
WEEK = Window(MONDAY, date(2026, 11, 6))
PARIS = ZoneInfo("Europe/Paris")
REPAS = ("restauration", "repas")


async def fed_family(town: Town, name: str = "TEST") -> Family:
    """Two children who eat at the canteen: the first on Monday and Tuesday, the second on Monday."""
    family = await add_family(town, name, enrolled=("restauration",))
    first, second = family.children.values()
    wanted = order(
        wish(first, "restauration", (MONDAY, "repas"), (TUESDAY, "repas")),
        wish(second, "restauration", (MONDAY, "repas")),
    )
    await book(town, family.parent, wanted)
    return family


async def checked(town: Town, agent: Signed, *checks: Check, rest: tuple[Window, Presence] | None = None) -> int:
    """Record what the agent saw."""
    with town.asked_by(agent) as ctx:
        return (await record(ctx, checks, rest)).count


async def told(town: Town, agent: Signed, *checks: Check) -> list[tuple[tuple[str, ...] | None, Code, str]]:
    """Why a batch is refused as a whole: place, code and sentence of each refusal."""
    with pytest.raises(Refusals) as caught:
        await checked(town, agent, *checks)
    return [(refusal.field, refusal.code, refusal.message) for refusal in caught.value.refusals]


async def recorded(town: Town) -> dict[tuple[str, date], Presence]:
    """What is recorded of the canteen, by first name and day."""
    with town.at_work() as ctx:
        lines = await sheet(ctx, WEEK)
    return {(line.child.partition(" ")[0], line.day): line.presence for line in lines if line.presence is not None}


async def test_the_sheet_lists_who_is_expected_in_reading_order_in_three_statements(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    first, second = family.children.values()
    with chavagne.asked_by(agent) as ctx:
        with statements() as sent:
            lines = await sheet(ctx, WEEK)
        assert await sheet(ctx, WEEK, "periscolaire") == []
    assert lines == [
        SheetLine(family.id, first, "Enfant1 TEST", *REPAS, MONDAY, booked=True, sight=None),
        SheetLine(family.id, second, "Enfant2 TEST", *REPAS, MONDAY, booked=True, sight=None),
        SheetLine(family.id, first, "Enfant1 TEST", *REPAS, TUESDAY, booked=True, sight=None),
    ]
    assert len(sent) == 3


async def test_one_child_is_recorded_apart_and_the_rest_in_one_stroke(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    chavagne.on(TUESDAY, 18)
    absent = Check(family.child, *REPAS, MONDAY, Presence.ABSENT_JUSTIFIED)
    assert await checked(chavagne, agent, absent, rest=(Window(MONDAY, TUESDAY), Presence.PRESENT)) == 3
    assert await recorded(chavagne) == {
        ("Enfant1", MONDAY): Presence.ABSENT_JUSTIFIED,
        ("Enfant2", MONDAY): Presence.PRESENT,
        ("Enfant1", TUESDAY): Presence.PRESENT,
    }


async def test_the_rest_leaves_what_was_already_checked_as_it_was(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    chavagne.on(TUESDAY, 18)
    await checked(chavagne, agent, Check(family.child, *REPAS, MONDAY, Presence.ABSENT_UNJUSTIFIED))
    await checked(chavagne, agent, rest=(Window(MONDAY, MONDAY), Presence.PRESENT))
    assert await recorded(chavagne) == {
        ("Enfant1", MONDAY): Presence.ABSENT_UNJUSTIFIED,
        ("Enfant2", MONDAY): Presence.PRESENT,
    }


async def test_recording_the_same_again_changes_nothing_and_something_else_corrects(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    chavagne.on(MONDAY, 18)
    present = Check(family.child, *REPAS, MONDAY, Presence.PRESENT)
    await checked(chavagne, agent, present)
    first_time = chavagne.clock.now()
    chavagne.later(hours=1)
    await checked(chavagne, agent, present)
    with chavagne.at_work():
        assert [(row.recorded_at, row.recorded_by) for row in await Attendance.all()] == [
            (first_time, agent.viewer.account_id)
        ]
    await checked(chavagne, agent, Check(family.child, *REPAS, MONDAY, Presence.ABSENT_JUSTIFIED))
    with chavagne.at_work():
        assert [(row.presence, row.recorded_at) for row in await Attendance.all()] == [
            (Presence.ABSENT_JUSTIFIED, chavagne.clock.now())
        ]


async def test_a_child_who_came_without_booking_is_recorded_for_its_household(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    chavagne.on(TUESDAY, 18)
    child = family.children["Enfant2"]
    await checked(chavagne, agent, Check(child, *REPAS, TUESDAY, Presence.UNEXPECTED))
    with chavagne.asked_by(agent) as ctx:
        (line,) = [line for line in await sheet(ctx, WEEK) if line.presence is not None]
    sight = Sight(Presence.UNEXPECTED, chavagne.clock.now())
    assert line == SheetLine(family.id, child, "Enfant2 TEST", *REPAS, TUESDAY, booked=False, sight=sight)


async def test_nothing_to_record_records_nothing(chavagne: Town) -> None:
    agent = await add_agent(chavagne)
    chavagne.on(WEEK.last, 18)
    assert await checked(chavagne, agent) == 0
    assert await checked(chavagne, agent, rest=(WEEK, Presence.PRESENT)) == 0


async def test_a_day_to_come_cannot_be_recorded_and_today_can(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    chavagne.on(MONDAY, 0, 0)
    tomorrow = Check(family.child, *REPAS, TUESDAY, Presence.PRESENT)
    assert await told(chavagne, agent, tomorrow) == [
        (("entries", "0"), Code.INVALID, "Le mardi 3 novembre 2026 n'est pas encore passé.")
    ]
    with refused(Code.INVALID):
        await checked(chavagne, agent, rest=(Window(MONDAY, TUESDAY), Presence.PRESENT))
    assert await checked(chavagne, agent, Check(family.child, *REPAS, MONDAY, Presence.PRESENT)) == 1


async def test_one_wrong_line_refuses_the_whole_batch(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    first, second = family.children.values()
    chavagne.on(TUESDAY, 18)
    good = Check(first, *REPAS, MONDAY, Presence.PRESENT)
    wrong = {
        Check(second, *REPAS, TUESDAY, Presence.PRESENT): Code.STATE_CONFLICT,  # has no booking
        Check(second, *REPAS, MONDAY, Presence.UNEXPECTED): Code.STATE_CONFLICT,  # has one
        Check(second, "piscine", "repas", MONDAY, Presence.UNEXPECTED): Code.NOT_FOUND,
        Check(second, "restauration", "gouter", MONDAY, Presence.UNEXPECTED): Code.NOT_FOUND,
        Check(uuid4(), *REPAS, MONDAY, Presence.UNEXPECTED): Code.NOT_FOUND,
    }
    for check, code in wrong.items():
        assert [refusal[:2] for refusal in await told(chavagne, agent, good, check)] == [(("entries", "1"), code)]
    with refused(Code.INVALID):
        await checked(chavagne, agent, *[good] * 2001)
    assert await recorded(chavagne) == {}


def at(hour: int, minute: int = 0) -> datetime:
    """An instant of Monday, by the clocks of Chavagne."""
    return datetime(2026, 11, 2, hour, minute, tzinfo=PARIS)


async def batch(town: Town, agent: Signed, *checks: Check, key: str | None = None) -> Recorded:
    """Record what can be."""
    with town.asked_by(agent) as ctx:
        return await record(ctx, checks, mode=CommitMode.BEST_EFFORT, key=key)


async def stands(town: Town) -> Sight | None:
    """What is recorded of the first line of the sheet."""
    with town.at_work() as ctx:
        return (await sheet(ctx, WEEK))[0].sight


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ({"seen_at": at(18, 6)}, "L'instant du pointage est dans le futur : réglez l'heure de l'appareil"),
        ({"seen_at": datetime(2026, 11, 1, 23, 59, tzinfo=PARIS)}, "Ce pointage du lundi 2 novembre 2026 a été fait"),
        ({"arrived_at": at(8), "presence": Presence.ABSENT_JUSTIFIED}, "Un enfant absent n'a ni heure d'arrivée ni"),
        ({"left_at": at(8), "presence": Presence.ABSENT_UNJUSTIFIED}, "Un enfant absent n'a ni heure d'arrivée ni"),
        ({"arrived_at": datetime(2026, 11, 1, 8, tzinfo=PARIS)}, "L'arrivée et le départ sont à dire pour le lundi 2"),
        ({"left_at": at(18, 6)}, "L'arrivée ou le départ est dans le futur"),
        ({"arrived_at": at(17), "left_at": at(16)}, "Le départ vient après l'arrivée"),
        ({"arrived_at": at(17), "left_at": at(17)}, "Le départ vient après l'arrivée"),
        ({"day": TUESDAY}, "Le mardi 3 novembre 2026 n'est pas encore passé."),
        ({"day": date(2025, 9, 1)}, "Un pointage remonte au plus à 400 jours."),
    ],
)
async def test_a_device_that_errs_is_told_how(chavagne: Town, check: dict[str, Any], said: str) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    chavagne.on(MONDAY, 18, 0)
    asked = {"day": MONDAY, "presence": Presence.PRESENT, **check}
    ((path, code, message),) = await told(chavagne, agent, Check(family.child, *REPAS, **asked))
    assert (path, code) == (("entries", "0"), Code.INVALID)
    assert message.startswith(said)


async def test_times_are_kept_with_what_was_seen_and_a_clock_a_little_ahead_is_forgiven(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    chavagne.on(MONDAY, 18, 0)
    seen = Check(family.child, *REPAS, MONDAY, Presence.PRESENT, at(12), at(18, 4), seen_at=at(18, 5))
    assert await batch(chavagne, agent, seen) == Recorded(1)
    assert await stands(chavagne) == Sight(Presence.PRESENT, at(18), at(12), at(18, 4))


async def test_of_two_devices_the_latest_sight_holds_in_whatever_order_they_come_back(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    chavagne.on(MONDAY, 18, 0)
    morning = Check(family.child, *REPAS, MONDAY, Presence.ABSENT_JUSTIFIED, seen_at=at(8))
    noon = Check(family.child, *REPAS, MONDAY, Presence.PRESENT, seen_at=at(12))
    held = Sight(Presence.PRESENT, at(12))
    assert await batch(chavagne, agent, noon) == Recorded(1)
    assert await batch(chavagne, agent, morning) == Recorded(0, overtaken=(0,))
    assert await stands(chavagne) == held
    assert await batch(chavagne, agent, morning, noon, morning) == Recorded(1, overtaken=(0, 2))
    assert await stands(chavagne) == held


async def test_seeing_the_same_again_later_overtakes_what_was_seen_between(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    chavagne.on(MONDAY, 18, 0)
    for hour in (8, 9):
        await batch(chavagne, agent, Check(family.child, *REPAS, MONDAY, Presence.PRESENT, seen_at=at(hour)))
    between = Check(family.child, *REPAS, MONDAY, Presence.ABSENT_UNJUSTIFIED, seen_at=at(8, 30))
    assert await batch(chavagne, agent, between) == Recorded(0, overtaken=(0,))


async def test_an_arrival_and_a_departure_told_apart_make_one_presence(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    chavagne.on(MONDAY, 18, 0)
    came = Check(family.child, *REPAS, MONDAY, Presence.PRESENT, arrived_at=at(8), seen_at=at(8))
    left = Check(family.child, *REPAS, MONDAY, Presence.PRESENT, left_at=at(17), seen_at=at(17))
    for one, other in ((came, left), (left, came)):
        await batch(chavagne, agent, one)
        assert await batch(chavagne, agent, other) == Recorded(1)
        assert await stands(chavagne) == Sight(Presence.PRESENT, at(17), at(8), at(17))
    absent = Check(family.child, *REPAS, MONDAY, Presence.ABSENT_JUSTIFIED, seen_at=at(17, 30))
    assert await batch(chavagne, agent, absent) == Recorded(1)
    assert await stands(chavagne) == Sight(Presence.ABSENT_JUSTIFIED, at(17, 30))


async def test_one_bad_entry_loses_no_other_in_best_effort(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    first, second = family.children.values()
    chavagne.on(MONDAY, 18, 0)
    done = await batch(
        chavagne,
        agent,
        Check(first, *REPAS, TUESDAY, Presence.PRESENT),
        Check(first, *REPAS, MONDAY, Presence.PRESENT),
        Check(uuid4(), *REPAS, MONDAY, Presence.UNEXPECTED),
        Check(second, *REPAS, MONDAY, Presence.UNEXPECTED),
        Check(second, *REPAS, date(1, 1, 1), Presence.PRESENT),
    )
    assert done.count == 1
    assert [(refusal.field, refusal.code) for refusal in done.refused] == [
        (("entries", "0"), Code.INVALID),
        (("entries", "2"), Code.NOT_FOUND),
        (("entries", "3"), Code.STATE_CONFLICT),
        (("entries", "4"), Code.INVALID),
    ]
    assert await recorded(chavagne) == {("Enfant1", MONDAY): Presence.PRESENT}


async def test_a_batch_sent_again_under_its_key_gets_the_same_answer_and_changes_nothing(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    first, second = family.children.values()
    chavagne.on(MONDAY, 18, 0)
    sent = (
        Check(first, *REPAS, MONDAY, Presence.PRESENT, arrived_at=at(12), seen_at=at(12)),
        Check(second, *REPAS, MONDAY, Presence.UNEXPECTED, seen_at=at(12)),
    )
    once = await batch(chavagne, agent, *sent, key="tablette-1")
    await batch(chavagne, agent, Check(first, *REPAS, MONDAY, Presence.ABSENT_JUSTIFIED))
    again = await batch(chavagne, agent, *sent, key="tablette-1")
    told_twice = [(each.count, [str(one) for one in each.refused], each.overtaken) for each in (once, again)]
    assert told_twice[0] == told_twice[1]
    assert await recorded(chavagne) == {("Enfant1", MONDAY): Presence.ABSENT_JUSTIFIED}
    with refused(Code.IDEMPOTENCY_KEY_REUSED):
        await batch(chavagne, agent, *sent[:1], key="tablette-1")


async def test_a_batch_costs_the_same_statements_whatever_its_length(chavagne: Town) -> None:
    families = [await fed_family(chavagne, f"TEST{letter}") for letter in "ABCDEF"]
    agent = await add_agent(chavagne)
    chavagne.on(TUESDAY, 18)
    costs = []
    for some in (families[:1], families[1:]):
        checks = [Check(each.child, *REPAS, day, Presence.PRESENT) for each in some for day in (MONDAY, TUESDAY)]
        unexpected = [Check(each.children["Enfant2"], *REPAS, TUESDAY, Presence.UNEXPECTED) for each in some]
        with statements() as sent:
            assert await checked(chavagne, agent, *checks, *unexpected) == 3 * len(some)
        costs.append(len(sent))
    assert costs[0] == costs[1] <= 8
