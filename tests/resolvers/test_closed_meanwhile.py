"""A booking made at the instant when days close, an enrolment ends or places are fewer: one comes first, never both."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from gateway.database import Databases
from plugins.rules.excuses import STRIKE
from resolvers.agenda import capacities, closures, enrolments
from resolvers.agenda.bookings import CommitMode, commit, commit_once
from resolvers.agenda.capacities import WantedCapacity
from resolvers.agenda.closures import Event
from resolvers.agenda.plans import Window
from resolvers.context import Context
from resolvers.errors import Code, Refusals, Refused
from resolvers.models import Enrolment
from resolvers.models.tenancy import unit_of_work
from tests.orders import book, live, order, replayed, taken, wish
from tests.towns import Family, Signed, Town, add_agent, add_family
from tests.village import village

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]

MONDAY = date(2026, 11, 2)
MORNING, MEAL = (MONDAY, "matin"), (MONDAY, "repas")
A_WHILE = 0.3  # seconds, in which a request that waits for nobody is long done

Deed = Callable[[Context], Awaitable[object]]


@pytest.fixture
def town(databases: Databases) -> Town:
    """The village of the tests: two places a day."""
    return Town(village())


@pytest.fixture
async def family(town: Town) -> Family:
    """One child, enrolled."""
    return await add_family(town, children=("Enfant1",), enrolled=("accueil",))


@pytest.fixture
async def agent(town: Town) -> Signed:
    """An agent of the service."""
    return await add_agent(town)


async def one_then_the_other(town: Town, one: tuple[Signed, Deed], other: tuple[Signed, Deed]) -> object:
    """Ask the second while the first is done and not committed yet; returns what the second is answered, or refused."""
    is_done = asyncio.Event()

    @unit_of_work
    async def first(ctx: Context) -> None:
        await one[1](ctx)
        is_done.set()
        await asyncio.sleep(A_WHILE)

    async def run_first() -> None:
        with town.asked_by(one[0]) as ctx:
            await first(ctx)

    async def run_second() -> object:
        await is_done.wait()
        with town.asked_by(other[0]) as ctx:
            return await other[1](ctx)

    _, answer = await asyncio.gather(run_first(), run_second(), return_exceptions=True)
    return answer


def booking(family: Family) -> tuple[Signed, Deed]:
    """The family books Monday morning, and its meal, which takes no place."""
    wanted = order(wish(family.child, "accueil", MORNING, MEAL))
    return family.parent, lambda ctx: commit_once(ctx, wanted, CommitMode.ATOMIC, None)


def booking_again(family: Family) -> tuple[Signed, Deed]:
    """The same as a request does it: again when places moved."""
    wanted = order(wish(family.child, "accueil", MORNING, MEAL))
    return family.parent, lambda ctx: commit(ctx, wanted, CommitMode.ATOMIC, None)


def closing(agent: Signed) -> tuple[Signed, Deed]:
    """The agent closes Monday."""
    event = Event(MONDAY, MONDAY, STRIKE.label, "Grève du personnel")
    return agent, lambda ctx: closures.record(ctx, event)


def fewer_places(agent: Signed) -> tuple[Signed, Deed]:
    """The agent leaves one place on Monday."""
    wanted = WantedCapacity("presents", Window(MONDAY, MONDAY), 1, "travaux", keep_taken=False)
    return agent, lambda ctx: capacities.change(ctx, wanted, None)


async def ending(town: Town, agent: Signed) -> tuple[Signed, Deed]:
    """The agent ends the enrolment on Monday."""
    with town.at_work():
        (enrolment,) = await Enrolment.all()
    return agent, lambda ctx: enrolments.end_enrolment(ctx, enrolment.id, MONDAY)


def codes(answer: object) -> set[Code]:
    """Why it was refused."""
    refusals = answer.refusals if isinstance(answer, Refusals) else [answer]
    return {refusal.code for refusal in refusals if isinstance(refusal, Refused)}


async def test_who_books_while_the_day_closes_is_told_that_it_is_closed(
    town: Town, family: Family, agent: Signed
) -> None:
    answer = await one_then_the_other(town, closing(agent), booking_again(family))
    assert (codes(answer), await live(town)) == ({Code.CLOSED_DAY}, set())


async def test_what_is_being_booked_when_the_day_closes_is_cancelled_with_the_rest(
    town: Town, family: Family, agent: Signed
) -> None:
    recorded = await one_then_the_other(town, booking(family), closing(agent))
    assert isinstance(recorded, tuple)
    assert (recorded[1].bookings, await live(town), await replayed(town), await taken(town)) == (2, set(), set(), {})
    assert len(await town.mails("closed:")) == 1


async def test_who_books_while_the_enrolment_ends_is_not_enrolled(town: Town, family: Family, agent: Signed) -> None:
    answer = await one_then_the_other(town, await ending(town, agent), booking_again(family))
    assert (codes(answer), await live(town)) == ({Code.NOT_ENROLLED}, set())


async def test_an_enrolment_does_not_end_over_what_is_being_booked(town: Town, family: Family, agent: Signed) -> None:
    answer = await one_then_the_other(town, booking(family), await ending(town, agent))
    assert (codes(answer), len(await live(town))) == ({Code.STATE_CONFLICT}, 2)


async def test_places_are_not_fewer_than_what_is_being_booked(town: Town, family: Family, agent: Signed) -> None:
    other = await add_family(town, "AUTRE", children=("Enfant1",), enrolled=("accueil",))
    await book(town, other.parent, order(wish(other.child, "accueil", MORNING)))
    answer = await one_then_the_other(town, booking(family), fewer_places(agent))
    assert (codes(answer), await taken(town)) == ({Code.STATE_CONFLICT}, {(MONDAY, "presents"): 2})


async def test_who_books_while_places_become_fewer_finds_none_and_no_meal_that_needs_one(
    town: Town, family: Family, agent: Signed
) -> None:
    other = await add_family(town, "AUTRE", children=("Enfant1",), enrolled=("accueil",))
    await book(town, other.parent, order(wish(other.child, "accueil", MORNING)))
    answer = await one_then_the_other(town, fewer_places(agent), booking_again(family))
    assert (codes(answer), await taken(town)) == ({Code.FULL, Code.UNIT_RULE}, {(MONDAY, "presents"): 1})
