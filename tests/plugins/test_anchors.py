"""Days of the school calendar that rules are counted from, on the calendar of 2026-2027."""

from datetime import date

import pytest

from plugins.rules.anchors import (
    first_class_day,
    holidays_end,
    holidays_first_open_day,
    holidays_start,
    last_class_day,
)
from plugins.rules.calendar import Closing, SchoolCalendar
from plugins.rules.dates import on
from plugins.rules.days import SCHOOL_DAYS, Day, days_before

ZONE_B = SchoolCalendar("B")
IN_TERM, IN_AUTUMN, IN_SUMMER = date(2026, 11, 9), date(2026, 10, 21), date(2027, 7, 20)
ON_THE_BRIDGE = date(2027, 5, 7)


@pytest.mark.parametrize(
    ("day", "in_term", "in_autumn", "on_the_bridge"),
    [
        (holidays_start(), None, date(2026, 10, 17), date(2027, 5, 6)),
        (holidays_first_open_day(), None, date(2026, 10, 19), date(2027, 5, 7)),
        (holidays_end(), None, date(2026, 11, 1), date(2027, 5, 8)),
        (first_class_day(), date(2026, 11, 2), None, date(2027, 5, 3)),
        (last_class_day(), date(2026, 12, 18), None, date(2027, 7, 2)),
    ],
)
def test_an_anchor_is_in_the_holidays_or_in_the_period_of_the_service(
    day: Day, in_term: date | None, in_autumn: date | None, on_the_bridge: date | None
) -> None:
    services = (IN_TERM, IN_AUTUMN, ON_THE_BRIDGE)
    assert [day.reach(service, ZONE_B) for service in services] == [in_term, in_autumn, on_the_bridge]


def test_the_first_open_day_is_neither_closed_nor_a_public_holiday() -> None:
    closed = SchoolCalendar("B", closings=(Closing(date(2027, 7, 3), date(2027, 7, 13), "Fermeture"),))
    assert holidays_first_open_day().reach(IN_SUMMER, ZONE_B) == date(2027, 7, 5)
    assert holidays_first_open_day().reach(IN_SUMMER, closed) == date(2027, 7, 15)  # the 14th is a public holiday


def test_holidays_closed_from_end_to_end_have_no_first_open_day() -> None:
    closed = SchoolCalendar("B", closings=(Closing(date(2026, 10, 17), date(2026, 11, 1), "Fermeture"),))
    assert holidays_first_open_day().reach(IN_AUTUMN, closed) is None


@pytest.mark.parametrize(
    ("day", "service", "reached"),
    [
        (days_before(1, SCHOOL_DAYS, of=first_class_day()), IN_TERM, date(2026, 10, 16)),  # of the previous period
        (first_class_day(of=days_before(1, SCHOOL_DAYS, of=holidays_start())), IN_AUTUMN, date(2026, 9, 1)),
        (holidays_start(of=on(date(2026, 12, 24))), IN_TERM, date(2026, 12, 19)),
        (holidays_start(of=holidays_start()), IN_TERM, None),
    ],
)
def test_anchors_are_taken_of_days_and_days_of_anchors(day: Day, service: date, reached: date | None) -> None:
    assert day.reach(service, ZONE_B) == reached


def test_past_the_horizon_there_are_no_holidays_and_no_period() -> None:
    anchors = (holidays_start(), holidays_first_open_day(), first_class_day(), last_class_day())
    assert [anchor.reach(date(2032, 1, 5), ZONE_B) for anchor in anchors] == [None] * 4


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (holidays_start(), "le premier jour officiel des vacances à 18 h"),
        (holidays_first_open_day(), "le premier jour d'ouverture des vacances à 18 h"),
        (holidays_end(), "le dernier jour officiel des vacances à 18 h"),
        (last_class_day(), "le dernier jour de classe de la période à 18 h"),
        (
            first_class_day(of=days_before(1, SCHOOL_DAYS, of=holidays_start())),
            "le premier jour de classe de la période où tombe le dernier jour d'école avant le premier jour officiel "
            "des vacances à 18 h",
        ),
    ],
)
def test_an_anchor_says_itself(day: Day, said: str) -> None:
    assert day.say("18 h") == said
