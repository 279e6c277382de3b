"""Exactly once: whatever the order of what happens around a payment, and at once, it is booked once or not at all.

Ten thousand schedules are played by ``bench/exactly_once.py``, on either database.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.database import Databases
from tests.schedules import DEEDS, Deed, Schedule, play

pytestmark = [pytest.mark.anyio, pytest.mark.database]

deeds = st.tuples(st.sampled_from(DEEDS), st.integers(0, 11), st.integers(0, 11))
moments = st.lists(st.lists(deeds, min_size=1, max_size=4), min_size=3, max_size=10)


@pytest.fixture
async def schedule(databases: Databases) -> "Schedule":
    """A family that owes, and its banks."""
    return await Schedule.made()


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(played=moments)
async def test_whatever_happens_a_payment_is_booked_once_or_never(schedule: Schedule, played: list[list[Deed]]) -> None:
    await play(schedule, played)
