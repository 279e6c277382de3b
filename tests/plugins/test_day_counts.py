"""Which days count, on real days of 2026-2027."""

from datetime import date

import pytest

from plugins.rules.calendar import FRIDAY, MONDAY, TUESDAY, WEDNESDAY, Closing, SchoolCalendar
from plugins.rules.day_counts import (
    BUSINESS_DAYS,
    CALENDAR_DAYS,
    MONDAY_TO_FRIDAY,
    OPEN_DAYS,
    SCHOOL_DAYS,
    WORKING_DAYS,
    DayCount,
    opening_days,
)
from plugins.rules.errors import RuleError

ZONE_B = SchoolCalendar("B")
TOWN_HALL = opening_days("de la mairie", MONDAY, TUESDAY, WEDNESDAY, FRIDAY, on_public_holidays=False)
CANTEEN = opening_days("du restaurant", MONDAY, on_public_holidays=True)


@pytest.mark.parametrize(
    ("counting", "monday", "saturday", "public_holiday", "holidays"),
    [
        (CALENDAR_DAYS, True, True, True, True),
        (WORKING_DAYS, True, False, False, True),
        (OPEN_DAYS, True, False, False, True),
        (BUSINESS_DAYS, True, True, False, True),
        (MONDAY_TO_FRIDAY, True, False, True, True),
        (SCHOOL_DAYS, True, False, False, False),
        (TOWN_HALL, True, False, False, True),
        (CANTEEN, True, False, True, True),
    ],
)
def test_each_count_knows_its_days(
    counting: DayCount, monday: bool, saturday: bool, public_holiday: bool, holidays: bool
) -> None:
    days = (date(2026, 11, 9), date(2026, 11, 14), date(2027, 3, 29), date(2026, 10, 19))
    assert [counting.counts(day, ZONE_B) for day in days] == [monday, saturday, public_holiday, holidays]


@pytest.mark.parametrize(
    ("counting", "one", "several"),
    [
        (CALENDAR_DAYS, "jour", "jours"),
        (WORKING_DAYS, "jour ouvré", "jours ouvrés"),
        (OPEN_DAYS, "jour d'ouverture", "jours d'ouverture"),
        (BUSINESS_DAYS, "jour ouvrable", "jours ouvrables"),
        (MONDAY_TO_FRIDAY, "jour de semaine", "jours de semaine"),
        (SCHOOL_DAYS, "jour d'école", "jours d'école"),
        (TOWN_HALL, "jour d'ouverture de la mairie", "jours d'ouverture de la mairie"),
    ],
)
def test_each_count_is_said_in_french(counting: DayCount, one: str, several: str) -> None:
    assert (counting.say(1), counting.say(2)) == (one, several)


def test_only_opening_days_of_the_commune_leave_out_its_closings() -> None:
    monday = date(2026, 11, 9)
    closed = SchoolCalendar("B", closings=(Closing(monday, monday, "Travaux"),))
    assert [counting.counts(monday, closed) for counting in (WORKING_DAYS, OPEN_DAYS, TOWN_HALL)] == [True, False, True]


def test_an_office_without_days_or_without_its_article_is_refused() -> None:
    with pytest.raises(RuleError, match="write days from MONDAY to SUNDAY"):
        opening_days("de la mairie", on_public_holidays=False)
    with pytest.raises(RuleError, match="write days from MONDAY to SUNDAY"):
        opening_days("de la mairie", 8, on_public_holidays=False)
    with pytest.raises(RuleError, match="opening_days of 'mairie': write « de la mairie »"):
        opening_days("mairie", MONDAY, on_public_holidays=False)
