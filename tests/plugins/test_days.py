"""Days counted from the day of the service, or from another day, on the calendar of 2026-2027."""

from datetime import date

import pytest

from plugins.rules.anchors import holidays_first_open_day, holidays_start
from plugins.rules.calendar import FRIDAY, MONDAY, SUNDAY, THURSDAY, TUESDAY, SchoolCalendar
from plugins.rules.days import (
    CALENDAR_DAYS,
    SAME_DAY,
    SCHOOL_DAYS,
    WORKING_DAYS,
    Day,
    clear_days_before,
    day_of_month,
    day_of_month_before,
    days_before,
    months_before,
    opening_days,
    previous_weekday,
    weekday_of_week,
    weekday_of_week_before,
    weeks_before,
)
from plugins.rules.errors import RuleError

ZONE_B = SchoolCalendar("B")
HOLIDAYS = holidays_start()  # Saturday 17 October 2026 for a service of the autumn holidays
IN_AUTUMN = date(2026, 10, 21)
TOWN_HALL = opening_days("de la mairie", MONDAY, TUESDAY, FRIDAY, on_public_holidays=False)


@pytest.mark.parametrize(
    ("day", "reached", "said"),
    [
        (SAME_DAY, date(2026, 10, 21), "le jour même à 10 h"),
        (days_before(1, CALENDAR_DAYS), date(2026, 10, 20), "la veille à 10 h"),
        (days_before(2, CALENDAR_DAYS), date(2026, 10, 19), "l'avant-veille à 10 h"),
        (days_before(3, WORKING_DAYS), date(2026, 10, 16), "le 3e jour ouvré précédent à 10 h"),
        (days_before(1, TOWN_HALL), date(2026, 10, 20), "la veille (jour d'ouverture de la mairie) à 10 h"),
        (days_before(1, CALENDAR_DAYS, of=HOLIDAYS), date(2026, 10, 16), "la veille du premier jour"),
        (days_before(2, CALENDAR_DAYS, of=HOLIDAYS), date(2026, 10, 15), "l'avant-veille du premier jour"),
        (days_before(15, CALENDAR_DAYS, of=HOLIDAYS), date(2026, 10, 2), "le 15e jour avant le premier jour"),
        (days_before(1, SCHOOL_DAYS, of=HOLIDAYS), date(2026, 10, 16), "le dernier jour d'école avant le premier jour"),
        (days_before(2, WORKING_DAYS, of=HOLIDAYS), date(2026, 10, 15), "le 2e jour ouvré avant le premier jour"),
        (clear_days_before(2, CALENDAR_DAYS), date(2026, 10, 18), "2 jours francs avant, à 10 h"),
        (clear_days_before(1, WORKING_DAYS), date(2026, 10, 19), "1 jour ouvré franc avant, à 10 h"),
        (clear_days_before(15, CALENDAR_DAYS, of=HOLIDAYS), date(2026, 10, 1), "15 jours francs avant le premier jour"),
        (weeks_before(1), date(2026, 10, 14), "une semaine avant, à 10 h"),
        (weeks_before(4, of=HOLIDAYS), date(2026, 9, 19), "4 semaines avant le premier jour"),
        (months_before(1), date(2026, 9, 21), "un mois avant, à 10 h"),
        (months_before(2, of=HOLIDAYS), date(2026, 8, 17), "2 mois avant le premier jour"),
        (weekday_of_week(MONDAY), date(2026, 10, 19), "le lundi 10 h de la même semaine"),
        (weekday_of_week_before(THURSDAY), date(2026, 10, 15), "le jeudi 10 h de la semaine précédente"),
        (weekday_of_week_before(THURSDAY, 2), date(2026, 10, 8), "le jeudi 10 h de la 2e semaine précédente"),
        (previous_weekday(FRIDAY), date(2026, 10, 16), "le vendredi précédent à 10 h"),
        (previous_weekday(FRIDAY, of=HOLIDAYS), date(2026, 10, 16), "le vendredi avant le premier jour"),
        (day_of_month(1), date(2026, 10, 1), "le 1er du même mois à 10 h"),
        (day_of_month_before(20), date(2026, 9, 20), "le 20 du mois précédent à 10 h"),
        (day_of_month_before(31), date(2026, 9, 30), "le dernier jour du mois précédent à 10 h"),
        (day_of_month_before(5, 2), date(2026, 8, 5), "le 5 du 2e mois précédent à 10 h"),
        (day_of_month(5, of=HOLIDAYS), date(2026, 10, 5), "le 5 du mois du premier jour"),
        (day_of_month_before(5, of=HOLIDAYS), date(2026, 9, 5), "le 5 du mois avant celui du premier jour"),
    ],
)
def test_each_way_reaches_its_day_and_says_itself(day: Day, reached: date, said: str) -> None:
    assert day.reach(IN_AUTUMN, ZONE_B) == reached
    whole = said if said.endswith(("10 h", "semaine", "précédente")) else f"{said} officiel des vacances à 10 h"
    assert day.say("10 h") == whole


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (weekday_of_week(MONDAY, of=HOLIDAYS), "le lundi 10 h de la semaine du premier jour officiel des vacances"),
        (
            weekday_of_week_before(MONDAY, 3, of=HOLIDAYS),
            "le lundi 10 h de la 3e semaine avant celle du premier jour officiel des vacances",
        ),
    ],
)
def test_a_weekday_of_the_week_of_another_day_keeps_its_hour_beside_it(day: Day, said: str) -> None:
    assert day.say("10 h") == said


def test_a_weekday_of_the_same_week_may_follow_the_service() -> None:
    assert weekday_of_week(SUNDAY).reach(IN_AUTUMN, ZONE_B) == date(2026, 10, 25)


@pytest.mark.parametrize(
    ("day", "reached"),
    [
        (months_before(1), date(2027, 2, 28)),
        (day_of_month_before(30), date(2027, 2, 28)),
        (months_before(12), date(2026, 3, 31)),
    ],
)
def test_a_month_too_short_gives_its_last_day(day: Day, reached: date) -> None:
    assert day.reach(date(2027, 3, 31), ZONE_B) == reached


@pytest.mark.parametrize(
    ("day", "reached"),
    [
        (previous_weekday(FRIDAY, of=day_of_month(1)), date(2026, 9, 25)),  # the last Friday of the month before
        (previous_weekday(MONDAY, of=day_of_month_before(8)), date(2026, 9, 7)),  # its first Monday
        (
            weekday_of_week(TUESDAY, of=previous_weekday(SUNDAY, of=day_of_month(1))),
            date(2026, 9, 22),
        ),  # last full week
        (days_before(3, WORKING_DAYS, of=days_before(1, SCHOOL_DAYS, of=HOLIDAYS)), date(2026, 10, 13)),
    ],
)
def test_days_are_counted_from_days_that_are_counted(day: Day, reached: date) -> None:
    assert day.reach(IN_AUTUMN, ZONE_B) == reached


def test_nothing_is_counted_from_a_day_that_does_not_exist() -> None:
    in_term = date(2026, 11, 9)
    assert days_before(15, CALENDAR_DAYS, of=HOLIDAYS).reach(in_term, ZONE_B) is None
    assert weeks_before(1, of=holidays_first_open_day()).reach(in_term, ZONE_B) is None


def test_what_cannot_be_a_day_is_refused() -> None:
    with pytest.raises(RuleError, match=r"clear_days_before\(0\): write 1 to 365 days"):
        clear_days_before(0, CALENDAR_DAYS)
    with pytest.raises(RuleError, match=r"weeks_before\(0\): write 1 to 52"):
        weeks_before(0)
    with pytest.raises(RuleError, match=r"months_before\(53\): write 1 to 52"):
        months_before(53)
    with pytest.raises(RuleError, match=r"weekday_of_week_before\(weeks=53\): write 1 to 52"):
        weekday_of_week_before(MONDAY, 53)
    with pytest.raises(RuleError, match="or use day_of_month"):
        day_of_month_before(1, 0)
    with pytest.raises(RuleError, match=r"day_of_month_before\(months=13\)"):
        day_of_month_before(1, 13)
