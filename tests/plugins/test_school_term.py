"""From the « rentrée » to the summer holidays."""

from datetime import date

import pytest

from plugins.rules.calendar import SchoolCalendar, SchoolYear
from plugins.rules.school_term import school_term


@pytest.mark.parametrize(
    ("start", "first_day", "last_day"),
    [
        (2019, date(2019, 9, 2), date(2020, 7, 3)),
        (2026, date(2026, 9, 1), date(2027, 7, 2)),
        (2027, date(2027, 9, 2), date(2028, 7, 3)),
    ],
)
def test_class_starts_and_ends_on_the_official_days(start: int, first_day: date, last_day: date) -> None:
    assert school_term(SchoolCalendar("B"), SchoolYear(start)) == (first_day, last_day)


@pytest.mark.parametrize("start", [2028, 2060])
def test_a_year_the_official_calendar_does_not_know_has_no_term(start: int) -> None:
    assert school_term(SchoolCalendar("B"), SchoolYear(start)) is None
