"""The clocks of the portal."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from gateway.clock import SteppedClock, SystemClock
from resolvers.ports import Clock


def test_the_system_clock_tells_the_present_in_utc() -> None:
    clock: Clock = SystemClock()

    before, told, after = datetime.now(UTC), clock.now(), datetime.now(UTC)

    assert before <= told <= after
    assert told.tzinfo is UTC


def test_a_stepped_clock_stands_still_until_it_is_moved() -> None:
    clock = SteppedClock(datetime(2026, 11, 1, 8, tzinfo=UTC))
    shown = [clock.now(), clock.now()]

    clock.advance(timedelta(hours=2))
    shown.append(clock.now())
    clock.set(datetime(2026, 10, 1, 2, tzinfo=timezone(timedelta(hours=2))))
    shown.append(clock.now())

    assert shown == [
        datetime(2026, 11, 1, 8, tzinfo=UTC),
        datetime(2026, 11, 1, 8, tzinfo=UTC),
        datetime(2026, 11, 1, 10, tzinfo=UTC),
        datetime(2026, 10, 1, 0, tzinfo=UTC),
    ]
    assert clock.now().tzinfo is UTC


def test_a_stepped_clock_refuses_an_instant_without_time_zone() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        SteppedClock(datetime(2026, 11, 1, 8))  # noqa: DTZ001 - the naive instant is what is refused
