"""Agents record who came; what they did not check, what is still to come and what is already invoiced is told apart."""

from datetime import date
from uuid import uuid4

import pytest

from resolvers.attendance import Check, SheetLine, record, sheet
from resolvers.errors import Code, Refusals
from resolvers.models import Attendance
from resolvers.models.bookings import Presence
from resolvers.plans import Window
from tests.orders import book, order, wish
from tests.refusals import refused
from tests.towns import Family, Signed, Town, add_agent, add_family, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

MONDAY = date(2026, 11, 2)
TUESDAY = date(2026, 11, 3)
WEEK = Window(MONDAY, date(2026, 11, 6))
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
        return await record(ctx, checks, rest)


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
        SheetLine(family.id, first, "Enfant1 TEST", *REPAS, MONDAY, booked=True, presence=None),
        SheetLine(family.id, second, "Enfant2 TEST", *REPAS, MONDAY, booked=True, presence=None),
        SheetLine(family.id, first, "Enfant1 TEST", *REPAS, TUESDAY, booked=True, presence=None),
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
    assert line == SheetLine(
        family.id, child, "Enfant2 TEST", *REPAS, TUESDAY, booked=False, presence=Presence.UNEXPECTED
    )


async def test_nothing_to_record_records_nothing(chavagne: Town) -> None:
    agent = await add_agent(chavagne)
    chavagne.on(WEEK.last, 18)
    assert await checked(chavagne, agent) == 0
    assert await checked(chavagne, agent, rest=(WEEK, Presence.PRESENT)) == 0


async def test_a_day_to_come_cannot_be_recorded_and_today_can(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    chavagne.on(MONDAY, 0, 0)
    with refused(Code.INVALID) as early:
        await checked(chavagne, agent, Check(family.child, *REPAS, TUESDAY, Presence.PRESENT))
    assert early.value.message == "Le mardi 3 novembre 2026 n'est pas encore passé."
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
    }
    for check, code in wrong.items():
        with pytest.raises(Refusals) as caught:
            await checked(chavagne, agent, good, check)
        assert [refusal.code for refusal in caught.value.refusals] == [code]
    with refused(Code.NOT_FOUND):
        await checked(chavagne, agent, good, Check(uuid4(), *REPAS, MONDAY, Presence.UNEXPECTED))
    with refused(Code.INVALID):
        await checked(chavagne, agent, *[good] * 2001)
    assert await recorded(chavagne) == {}
