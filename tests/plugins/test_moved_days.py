"""Days that move when they fall on a day off."""

from datetime import date

import pytest

from plugins.rules.anchors import holidays_start
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.dates import on
from plugins.rules.days import (
    CALENDAR_DAYS,
    SCHOOL_DAYS,
    WORKING_DAYS,
    Day,
    day_of_month_before,
    days_before,
    opening_days,
)
from plugins.rules.errors import RuleError
from plugins.rules.moved_days import or_after, or_before
from plugins.rules.tables import by_period

ZONE_B = SchoolCalendar("B")
NEW_YEAR = date(2027, 1, 1)


@pytest.mark.parametrize(
    ("day", "service", "reached"),
    [
        (or_before(day_of_month_before(20), WORKING_DAYS), date(2027, 1, 12), date(2026, 12, 18)),  # a Sunday
        (or_after(day_of_month_before(20), WORKING_DAYS), date(2027, 1, 12), date(2026, 12, 21)),
        (or_before(day_of_month_before(20), WORKING_DAYS), date(2026, 12, 8), date(2026, 11, 20)),  # a Friday stays
        (or_before(on(NEW_YEAR), WORKING_DAYS), date(2027, 1, 12), date(2026, 12, 31)),
        (or_after(on(NEW_YEAR), WORKING_DAYS), date(2027, 1, 12), date(2027, 1, 4)),
        (or_before(holidays_start(), WORKING_DAYS), date(2026, 11, 9), None),
        (or_after(on(date(2032, 1, 5)), SCHOOL_DAYS), date(2026, 11, 9), None),  # no day of class is known any more
        (or_after(by_period((NEW_YEAR, NEW_YEAR, on(NEW_YEAR))), WORKING_DAYS), NEW_YEAR, date(2027, 1, 4)),
    ],
)
def test_a_day_off_moves_to_the_nearest_day_that_counts(day: Day, service: date, reached: date | None) -> None:
    assert day.reach(service, ZONE_B) == reached


def test_a_moved_day_says_where_it_goes() -> None:
    town_hall = opening_days("de la mairie", 1, on_public_holidays=False)
    assert or_before(day_of_month_before(20), WORKING_DAYS).say("18 h") == (
        "le 20 du mois précédent à 18 h (à défaut, le premier jour ouvré qui précède)"
    )
    assert or_after(day_of_month_before(20), town_hall).say() == (
        "le 20 du mois précédent (à défaut, le premier jour d'ouverture de la mairie qui suit)"
    )
    eve = days_before(1, CALENDAR_DAYS, of=or_before(day_of_month_before(20), WORKING_DAYS))
    assert eve.say("18 h") == ("la veille du 20 du mois précédent à 18 h (à défaut, le premier jour ouvré qui précède)")


def test_a_moved_day_of_a_table_tells_the_line_of_the_service() -> None:
    moved = or_after(by_period((NEW_YEAR, NEW_YEAR, on(NEW_YEAR))), WORKING_DAYS)
    assert moved.chosen(NEW_YEAR, ZONE_B) == or_after(on(NEW_YEAR), WORKING_DAYS)
    assert or_after(on(NEW_YEAR), WORKING_DAYS).chosen(NEW_YEAR, ZONE_B) == or_after(on(NEW_YEAR), WORKING_DAYS)


def test_a_day_that_could_never_move_is_refused() -> None:
    with pytest.raises(RuleError, match="every day counts, so none is ever moved"):
        or_before(on(NEW_YEAR), CALENDAR_DAYS)
