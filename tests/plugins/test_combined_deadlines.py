"""The first and the last to fall of several deadlines, where one has no date, and in the hour that happens twice."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from plugins.rules.anchors import holidays_start
from plugins.rules.calendar import THURSDAY, SchoolCalendar
from plugins.rules.days import SAME_DAY, WORKING_DAYS, days_before, weekday_of_week_before
from plugins.rules.deadlines import (
    END_OF_DAY,
    NEVER,
    Deadline,
    at,
    earliest,
    hours_before,
    latest,
    never,
    until,
)
from plugins.rules.errors import RuleError

PARIS = ZoneInfo("Europe/Paris")
ZONE_B = SchoolCalendar("B")
THURSDAY_OF_WEEK_BEFORE = at(weekday_of_week_before(THURSDAY), END_OF_DAY)
EVE_AT_TEN = at(days_before(1, WORKING_DAYS), until(10))


def last(deadline: Deadline, day: date) -> str:
    """The last instant on the clocks of Paris, with its offset."""
    return str(deadline.instant(day, ZONE_B, PARIS).at).replace(" ", "T")


def test_the_earliest_and_the_latest_of_two_deadlines() -> None:
    both = (THURSDAY_OF_WEEK_BEFORE, EVE_AT_TEN)
    friday = date(2026, 11, 13)
    assert last(earliest(*both), friday) == "2026-11-05T23:59:59+01:00"
    assert last(latest(*both), friday) == "2026-11-12T10:00:00+01:00"


def test_the_latest_is_right_in_the_hour_that_happens_twice() -> None:
    sunday = date(2026, 10, 25)
    second_half_past_two = hours_before(1, start=time(3, 30))  # 01:30 UTC: the clocks show 02:30 again
    first_quarter_to_three = at(SAME_DAY, until(2, 45))
    assert last(latest(second_half_past_two, first_quarter_to_three), sunday) == "2026-10-25T02:30:00+01:00"
    assert last(earliest(second_half_past_two, first_quarter_to_three), sunday) == "2026-10-25T02:45:00+02:00"


def test_a_deadline_without_a_date_that_day_is_the_earliest_of_all_and_the_latest_of_none() -> None:
    in_term, holidays_only = date(2026, 11, 10), at(holidays_start(), END_OF_DAY)
    assert earliest(EVE_AT_TEN, holidays_only).instant(in_term, ZONE_B, PARIS).at is None
    assert latest(EVE_AT_TEN, holidays_only).instant(in_term, ZONE_B, PARIS).at == datetime(
        2026, 11, 9, 10, tzinfo=PARIS
    )
    assert latest(holidays_only, holidays_only).instant(in_term, ZONE_B, PARIS).at is None


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (
            lambda: earliest(NEVER, EVE_AT_TEN),
            "earliest() of « jamais »: no instant would be in time: write NEVER alone, or leave it out",
        ),
        (
            lambda: latest(NEVER, NEVER),
            "latest() of « jamais »: it changes nothing: leave it out, or write NEVER alone",
        ),
        (
            lambda: latest(NEVER, EVE_AT_TEN),
            "latest() of « jamais »: it changes nothing: leave it out, or write NEVER alone",
        ),
        (
            lambda: latest(EVE_AT_TEN, never("le lundi n'est jamais remboursé")),
            "latest() of « le lundi n'est jamais remboursé »: it changes nothing: leave it out, or write NEVER alone",
        ),
    ],
)
def test_never_is_no_deadline_to_combine(build: Callable[[], Deadline], said: str) -> None:
    with pytest.raises(RuleError, match=f"^{re.escape(said)}$"):
        build()
