"""Which days of service a rule is for, on the calendar of 2026-2027."""

from datetime import date

import pytest

from plugins.rules.anchors import first_class_day, holidays_start
from plugins.rules.calendar import MONDAY, THURSDAY, TUESDAY, DayKind, SchoolCalendar
from plugins.rules.days import weekday_of_week
from plugins.rules.errors import RuleError
from plugins.rules.service_days import (
    ServiceDays,
    all_of,
    between,
    in_holidays,
    in_months,
    of_kind,
    on_weekdays,
    when_it_is,
    when_public_holiday,
)

ZONE_B = SchoolCalendar("B")
MONDAY_OFF = when_public_holiday(weekday_of_week(MONDAY))


@pytest.mark.parametrize(
    ("services", "inside", "outside", "said"),
    [
        (on_weekdays(TUESDAY, MONDAY), date(2026, 11, 9), date(2026, 11, 11), "le lundi et le mardi"),
        (in_months(7, 8), date(2027, 7, 12), date(2027, 9, 6), "en juillet et août"),
        (
            between(date(2026, 11, 9), date(2026, 11, 13)),
            date(2026, 11, 13),
            date(2026, 11, 14),
            "du lundi 9 novembre 2026 au vendredi 13 novembre 2026",
        ),
        (
            in_holidays("Vacances de la Toussaint"),
            date(2026, 10, 21),
            date(2026, 12, 21),
            "pendant les vacances de la Toussaint",
        ),
        (MONDAY_OFF, date(2027, 4, 1), date(2027, 4, 8), "quand le lundi de la même semaine est férié"),
        (
            when_public_holiday(holidays_start()),
            date(2027, 5, 7),  # the bridge starts on Ascension
            date(2026, 11, 9),
            "quand le premier jour officiel des vacances est férié",
        ),
        (
            when_it_is(first_class_day()),
            date(2026, 11, 2),
            date(2026, 11, 3),
            "quand c'est le premier jour de classe de la période",
        ),
        (of_kind(DayKind.WEDNESDAY), date(2026, 11, 4), date(2026, 10, 21), "les jours sans classe hors vacances"),
        (of_kind(DayKind.HOLIDAY), date(2026, 10, 21), date(2026, 11, 4), "pendant les vacances"),
        (
            all_of(on_weekdays(THURSDAY), MONDAY_OFF),
            date(2027, 4, 1),
            date(2027, 4, 2),
            "le jeudi, quand le lundi de la même semaine est férié",
        ),
    ],
)
def test_some_days_of_service_are_told_from_the_others(
    services: ServiceDays, inside: date, outside: date, said: str
) -> None:
    assert [services.holds(day, ZONE_B) for day in (inside, outside)] == [True, False]
    assert services.say() == said


def test_every_kind_of_day_is_said() -> None:
    said = [of_kind(kind).say() for kind in DayKind]
    assert len(set(said)) == len(DayKind)


def test_days_that_no_service_has_are_refused() -> None:
    with pytest.raises(RuleError, match="write some of MONDAY to SUNDAY"):
        on_weekdays()
    with pytest.raises(RuleError, match=r"weekdays \[8\]"):
        on_weekdays(8)
    with pytest.raises(RuleError, match=r"months \[13\]: write some of 1 to 12"):
        in_months(13)
    with pytest.raises(RuleError, match="from vendredi 13 novembre 2026 to lundi 9 novembre 2026: swap"):
        between(date(2026, 11, 13), date(2026, 11, 9))
    with pytest.raises(RuleError, match="write the name of the holidays"):
        in_holidays(" ")
    with pytest.raises(RuleError, match=r"all_of\(\) 1 condition: write at least two"):
        all_of(MONDAY_OFF)
