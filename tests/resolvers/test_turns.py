"""Nobody comes before who waits: a freed place is kept for the line, and free only when all had their turn."""

import pytest

from plugins.rules.verdicts import Verdict
from resolvers.agenda import capacities
from resolvers.agenda.capacities import WantedCapacity
from resolvers.agenda.plans import Window
from resolvers.models import Enrolment
from resolvers.models.waiting import WaitingState
from tests.lines import MONDAY, cancel, day_care, full, states, tried, wait_for, work
from tests.orders import live
from tests.towns import Town, add_agent

pytestmark = [pytest.mark.anyio, pytest.mark.database]


async def test_nobody_comes_before_who_waits_even_when_the_worker_has_not_offered_the_place_yet(scarce: Town) -> None:
    first, _ = await full(scarce)
    waiting, newcomer = [await day_care(scarce, name) for name in ("TROIS", "QUATRE")]
    entry = await wait_for(scarce, waiting)
    await cancel(scarce, first)
    assert await tried(scarce, newcomer) == [Verdict.FULL]
    assert await states(scarce, entry) == [WaitingState.OFFERED]
    assert await tried(scarce, first) == [Verdict.FULL]


async def test_only_as_many_places_are_kept_as_children_wait(scarce: Town) -> None:
    families = await full(scarce)
    waiting, newcomer, other = [await day_care(scarce, name) for name in ("TROIS", "QUATRE", "CINQ")]
    await wait_for(scarce, waiting)
    for leaving in families:
        await cancel(scarce, leaving)
    assert [await tried(scarce, each) for each in (newcomer, other, waiting)] == [[], [Verdict.FULL], []]
    assert {child for child, *_ in await live(scarce)} == {newcomer.child, waiting.child}


async def test_a_place_that_nobody_who_waits_can_take_is_free_for_the_others(scarce: Town) -> None:
    first, _ = await full(scarce)
    waiting, newcomer = [await day_care(scarce, name) for name in ("TROIS", "QUATRE")]
    entry = await wait_for(scarce, waiting)
    with scarce.at_work():
        await Enrolment.filter(child_id=waiting.child).delete()
    await cancel(scarce, first)
    assert await tried(scarce, newcomer) == []
    assert await states(scarce, entry) == [WaitingState.WAITING]


async def test_nobody_comes_before_the_next_when_an_offer_ends(scarce: Town) -> None:
    first, _ = await full(scarce)
    families = [await day_care(scarce, name) for name in ("TROIS", "QUATRE")]
    entries = [await wait_for(scarce, family) for family in families]
    newcomer = await day_care(scarce, "CINQ")
    await cancel(scarce, first)
    await work(scarce)
    scarce.later(hours=24)  # and nobody works
    assert await tried(scarce, newcomer) == [Verdict.FULL]
    assert await states(scarce, *entries) == [WaitingState.EXPIRED, WaitingState.OFFERED]


async def test_nobody_comes_before_who_waits_when_an_agent_adds_places(scarce: Town) -> None:
    await full(scarce)
    waiting, newcomer = [await day_care(scarce, name) for name in ("TROIS", "QUATRE")]
    entry = await wait_for(scarce, waiting)
    more = WantedCapacity("presents", Window(MONDAY, MONDAY), 3, "un animateur de plus", keep_taken=False)
    with scarce.asked_by(await add_agent(scarce)) as ctx:
        assert [each.offered for each in await capacities.change(ctx, more, None)] == [1]
    assert await tried(scarce, newcomer) == [Verdict.FULL]
    assert await states(scarce, entry) == [WaitingState.OFFERED]
