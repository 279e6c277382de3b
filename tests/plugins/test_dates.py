"""Days that do not move with the service."""

from datetime import date

import pytest

from plugins.rules.anchors import holidays_start
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.dates import day_of_civil_year, day_of_school_year, on
from plugins.rules.days import Day
from plugins.rules.errors import RuleError

ZONE_B = SchoolCalendar("B")


@pytest.mark.parametrize(
    ("day", "service_day", "reached"),
    [
        (on(date(2023, 8, 7)), date(2026, 11, 9), date(2023, 8, 7)),
        (day_of_school_year(month=6, day=15), date(2026, 11, 9), date(2027, 6, 15)),
        (day_of_school_year(month=6, day=15), date(2027, 7, 12), date(2027, 6, 15)),  # summer ends the year
        (day_of_school_year(month=9, day=1), date(2027, 7, 12), date(2026, 9, 1)),
        (day_of_school_year(month=6, day=15, years_before=1), date(2026, 9, 1), date(2026, 6, 15)),
        (day_of_civil_year(month=4, day=30), date(2025, 7, 21), date(2025, 4, 30)),
        (day_of_civil_year(month=12, day=1, years_before=1), date(2025, 7, 21), date(2024, 12, 1)),
        (day_of_civil_year(month=2, day=29), date(2025, 7, 21), date(2025, 2, 28)),
        (day_of_civil_year(month=2, day=29), date(2028, 7, 21), date(2028, 2, 29)),
        (day_of_school_year(month=1, day=3, of=holidays_start()), date(2027, 1, 2), date(2027, 1, 3)),
    ],
)
def test_a_day_of_a_year_is_found(day: Day, service_day: date, reached: date) -> None:
    assert day.reach(service_day, ZONE_B) == reached


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (on(date(2023, 8, 7)), "le lundi 7 août 2023 à 8 h 30"),
        (day_of_school_year(month=6, day=15), "le 15 juin de l'année scolaire à 8 h 30"),
        (day_of_school_year(month=6, day=1, years_before=1), "le 1er juin de l'année scolaire précédente à 8 h 30"),
        (day_of_civil_year(month=4, day=30, years_before=2), "le 30 avril de l'année civile, 2 ans plus tôt à 8 h 30"),
        (
            day_of_civil_year(month=4, day=30, of=holidays_start()),
            "le 30 avril de l'année civile du premier jour officiel des vacances à 8 h 30",
        ),
    ],
)
def test_a_date_says_itself(day: Day, said: str) -> None:
    assert day.say("8 h 30") == said


def test_a_day_that_no_year_has_is_refused() -> None:
    with pytest.raises(RuleError, match="day 31 of month 6: write a day that exists"):
        day_of_school_year(month=6, day=31)
    with pytest.raises(RuleError, match="day 1 of month 13"):
        day_of_civil_year(month=13, day=1)
    with pytest.raises(RuleError, match="years_before=6: write 0 to 5 years"):
        day_of_civil_year(month=1, day=1, years_before=6)
