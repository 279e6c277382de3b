"""An agent of a service that does not follow a household asks everything about it."""

import pytest

from resolvers.context import AgentRight
from tests.contract.observed import Observed
from tests.contract.test_object_level_authorisation import Houses, agent_with, houses, walk
from tests.towns import ALL_RIGHTS

__all__ = ["houses"]

pytestmark = pytest.mark.anyio


async def test_an_agent_of_another_service_neither_sees_nor_changes_anything(houses: Houses) -> None:
    """The settings of the portal are those of every service: that right is left out.

    The key of a batch of attendance that records nothing is kept for the agent, and here it is a word of ours.
    """
    agent = await agent_with(houses, ALL_RIGHTS - {AgentRight.SETTINGS}, ["petite-enfance"])
    assert await walk(agent, houses) == (Observed(changes={"attendanceRecord"}), Observed())
