"""Months before and after a day, across years and through those that are too short."""

from datetime import date

import pytest

from plugins.rules.months import FIRST, LAST, in_month, months_between


@pytest.mark.parametrize(
    ("day", "number", "after", "found"),
    [
        (date(2026, 11, 12), FIRST, 0, date(2026, 11, 1)),
        (date(2026, 11, 12), LAST, 0, date(2026, 11, 30)),
        (date(2026, 12, 31), FIRST, 1, date(2027, 1, 1)),
        (date(2027, 1, 15), 20, -1, date(2026, 12, 20)),
        (date(2027, 3, 31), 31, -1, date(2027, 2, 28)),
        (date(2027, 3, 31), 30, 11, date(2028, 2, 29)),
        (date(2026, 11, 12), 12, -24, date(2024, 11, 12)),
    ],
)
def test_a_day_of_another_month(day: date, number: int, after: int, found: date) -> None:
    assert in_month(day, number, after) == found


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 11, 30), date(2026, 11, 1), 0),
        (date(2026, 11, 30), date(2026, 12, 1), 1),
        (date(2026, 9, 1), date(2027, 8, 31), 11),
        (date(2027, 1, 1), date(2026, 12, 31), -1),
    ],
)
def test_months_are_counted_whatever_the_days(first: date, last: date, months: int) -> None:
    assert months_between(first, last) == months
