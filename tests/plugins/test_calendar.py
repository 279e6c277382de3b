"""The school calendar, on the real calendar of 2026-2027 in the three zones."""

from datetime import date, timedelta

import pytest

from plugins.rules.calendar import (
    FRIDAY,
    MONDAY,
    SATURDAY,
    SCHOOL_WEEK,
    SUNDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    AlternatingWeeks,
    CalendarDay,
    Closing,
    DayKind,
    Holiday,
    OwnHolidays,
    SchoolCalendar,
    SchoolPeriod,
    SchoolYear,
    monday_of,
)
from plugins.rules.errors import RuleError

ZONE_B = SchoolCalendar("B")
YEAR = SchoolYear(2026)
MONDAY_A = date(2026, 8, 31)


def test_weekdays_are_iso_weekdays() -> None:
    week = [(date(2026, 11, 2) + timedelta(days=n)).isoweekday() for n in range(7)]
    assert week == [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY]


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2026, 8, 31), 2025), (date(2026, 9, 1), 2026), (date(2026, 12, 31), 2026), (date(2027, 8, 31), 2026)],
)
def test_a_school_year_starts_on_the_first_of_september(day: date, year: int) -> None:
    assert SchoolYear.of(day) == SchoolYear(year)
    assert SchoolYear(year).first_day <= day <= SchoolYear(year).last_day


def test_a_school_year_has_a_label_and_an_order() -> None:
    assert YEAR.label == "2026-2027"
    assert SchoolYear(2025) < YEAR


def test_a_school_year_of_two_digits_is_refused() -> None:
    with pytest.raises(RuleError, match=r"SchoolYear\(26\): write the four digits"):
        SchoolYear(26)


@pytest.mark.parametrize(
    ("day", "kind", "label"),
    [
        (date(2026, 8, 31), DayKind.HOLIDAY, "Vacances d'été"),
        (date(2026, 9, 1), DayKind.SCHOOL, None),  # rentrée, a Tuesday
        (date(2026, 9, 2), DayKind.WEDNESDAY, None),
        (date(2026, 9, 5), DayKind.WEEKEND, None),
        (date(2026, 10, 16), DayKind.SCHOOL, None),  # last day before the autumn holidays
        (date(2026, 10, 17), DayKind.WEEKEND, "Vacances de la Toussaint"),
        (date(2026, 10, 21), DayKind.HOLIDAY, "Vacances de la Toussaint"),
        (date(2026, 11, 1), DayKind.PUBLIC_HOLIDAY, "Toussaint"),  # a Sunday within the holidays
        (date(2026, 11, 2), DayKind.SCHOOL, None),
        (date(2026, 11, 11), DayKind.PUBLIC_HOLIDAY, "11 novembre"),  # a Wednesday
        (date(2026, 12, 25), DayKind.PUBLIC_HOLIDAY, "Jour de Noël"),
        (date(2027, 3, 29), DayKind.PUBLIC_HOLIDAY, "Lundi de Pâques"),
        (date(2027, 5, 6), DayKind.PUBLIC_HOLIDAY, "Ascension"),
        (date(2027, 5, 7), DayKind.HOLIDAY, "Pont de l'Ascension"),
        (date(2027, 7, 2), DayKind.SCHOOL, None),
        (date(2027, 7, 5), DayKind.HOLIDAY, "Vacances d'été"),
        (date(2027, 7, 14), DayKind.PUBLIC_HOLIDAY, "14 juillet"),
    ],
)
def test_each_day_is_one_thing(day: date, kind: DayKind, label: str | None) -> None:
    assert ZONE_B.day(day) == CalendarDay(day, kind, label)


@pytest.mark.parametrize(
    ("zone", "winter", "spring"),
    [
        ("A", (date(2027, 2, 13), date(2027, 2, 28)), (date(2027, 4, 10), date(2027, 4, 25))),
        ("B", (date(2027, 2, 20), date(2027, 3, 7)), (date(2027, 4, 17), date(2027, 5, 2))),
        ("C", (date(2027, 2, 6), date(2027, 2, 21)), (date(2027, 4, 3), date(2027, 4, 18))),
    ],
)
def test_the_holidays_of_2026_2027_are_those_of_the_zone(
    zone: str, winter: tuple[date, date], spring: tuple[date, date]
) -> None:
    assert SchoolCalendar(zone).holidays(YEAR.first_day, YEAR.last_day) == (  # type: ignore[arg-type]
        Holiday("Vacances de la Toussaint", date(2026, 10, 17), date(2026, 11, 1)),
        Holiday("Vacances de Noël", date(2026, 12, 19), date(2027, 1, 3)),
        Holiday("Vacances d'hiver", *winter),
        Holiday("Vacances de printemps", *spring),
        Holiday("Pont de l'Ascension", date(2027, 5, 6), date(2027, 5, 8)),
        Holiday("Vacances d'été", date(2027, 7, 3), date(2027, 8, 31)),
    )


def test_holidays_are_cut_at_the_days_asked() -> None:
    assert ZONE_B.holidays(date(2026, 10, 20), date(2026, 10, 23)) == (
        Holiday("Vacances de la Toussaint", date(2026, 10, 20), date(2026, 10, 23)),
    )
    assert ZONE_B.holidays(date(2026, 11, 2), date(2026, 11, 30)) == ()


@pytest.mark.parametrize("friday", [date(2023, 5, 19), date(2024, 5, 10), date(2025, 5, 30), date(2026, 5, 15)])
def test_the_bridges_that_the_open_data_lacks_are_there(friday: date) -> None:
    assert ZONE_B.day(friday) == CalendarDay(friday, DayKind.HOLIDAY, "Pont de l'Ascension")


def test_nothing_is_known_past_the_last_published_summer() -> None:
    assert ZONE_B.horizon == date(2028, 8, 31)
    assert ZONE_B.day(date(2028, 8, 31)).kind is DayKind.HOLIDAY
    assert ZONE_B.day(date(2028, 9, 1)) == CalendarDay(date(2028, 9, 1), DayKind.UNKNOWN)
    assert ZONE_B.day(date.max) == CalendarDay(date.max, DayKind.UNKNOWN)
    assert ZONE_B.day(date.min) == CalendarDay(date.min, DayKind.UNKNOWN)


def test_a_closing_says_why_and_stops_on_its_last_day() -> None:
    calendar = SchoolCalendar("B", closings=(Closing(date(2027, 8, 2), date(2027, 8, 20), "Fermeture d'été"),))
    kinds = [calendar.day(day) for day in (date(2027, 8, 20), date(2027, 8, 23))]
    assert kinds == [
        CalendarDay(date(2027, 8, 20), DayKind.CLOSED, "Fermeture d'été"),
        CalendarDay(date(2027, 8, 23), DayKind.HOLIDAY, "Vacances d'été"),
    ]


def test_a_wednesday_that_makes_up_for_a_bridge_is_a_school_day() -> None:
    calendar = SchoolCalendar("B", opened=frozenset({date(2027, 5, 5)}))
    assert calendar.is_school_day(date(2027, 5, 5))
    assert not ZONE_B.is_school_day(date(2027, 5, 5))


def test_a_holiday_may_be_added_by_hand() -> None:
    calendar = SchoolCalendar("B", extra_holidays=(Holiday("Fête locale", date(2026, 11, 12), date(2026, 11, 13)),))
    assert calendar.day(date(2026, 11, 13)) == CalendarDay(date(2026, 11, 13), DayKind.HOLIDAY, "Fête locale")
    assert ZONE_B.is_school_day(date(2026, 11, 13))


def test_a_school_week_may_have_wednesdays() -> None:
    calendar = SchoolCalendar("B", school_weekdays=frozenset({1, 2, 3, 4, 5}))
    assert calendar.day(date(2026, 9, 2)).kind is DayKind.SCHOOL


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 11, 10), True),
        (date(2026, 11, 11), False),
        (date(2026, 11, 14), False),
        (date(2026, 10, 21), True),  # school holidays are working days
        (date(2027, 3, 29), False),
        (date(2030, 1, 2), True),  # known past the school calendar's horizon
    ],
)
def test_working_days_are_monday_to_friday_without_public_holidays(day: date, working: bool) -> None:
    assert ZONE_B.is_working_day(day) is working


def test_days_come_in_order_with_both_ends() -> None:
    assert [known.day.day for known in ZONE_B.days(date(2026, 11, 9), date(2026, 11, 11))] == [9, 10, 11]
    assert ZONE_B.days(date(2026, 11, 9), date(2026, 11, 8)) == ()


def test_a_calendar_is_a_value_whatever_it_has_been_asked() -> None:
    asked = SchoolCalendar("B")
    asked.days(YEAR.first_day, YEAR.last_day)
    assert asked == SchoolCalendar("B")
    assert hash(asked) == hash(SchoolCalendar("B"))


def test_what_cannot_be_a_calendar_is_refused() -> None:
    with pytest.raises(RuleError, match="zone 'D': write one of A, B or C"):
        SchoolCalendar("D")  # type: ignore[arg-type]
    with pytest.raises(RuleError, match="write days from 1 to 7"):
        SchoolCalendar("A", school_weekdays=frozenset({0, 1}))
    with pytest.raises(RuleError, match=r"« Pont » ends on lundi 3 mai 2027 before it starts on jeudi 6 mai 2027"):
        Closing(date(2027, 5, 6), date(2027, 5, 3), "Pont")
    with pytest.raises(RuleError, match="swap the two dates"):
        Holiday("Noël", date(2027, 1, 3), date(2026, 12, 19))


CORSICA = OwnHolidays(
    date(2026, 9, 1),
    date(2027, 7, 2),
    (
        Holiday("Vacances de la Toussaint", date(2026, 10, 17), date(2026, 11, 3)),
        Holiday("Vacances de Noël", date(2026, 12, 19), date(2027, 1, 3)),
    ),
)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 8, 31), DayKind.UNKNOWN),
        (date(2026, 9, 1), DayKind.SCHOOL),
        (date(2026, 11, 3), DayKind.HOLIDAY),  # class in zone B
        (date(2027, 2, 23), DayKind.SCHOOL),  # holidays in zone B, not written here
        (date(2027, 5, 6), DayKind.PUBLIC_HOLIDAY),
        (date(2027, 7, 2), DayKind.SCHOOL),
        (date(2027, 7, 3), DayKind.UNKNOWN),
    ],
)
def test_an_academy_without_zone_writes_its_holidays_and_its_horizon(day: date, kind: DayKind) -> None:
    calendar = SchoolCalendar(CORSICA)
    assert calendar.day(day).kind is kind
    assert calendar.horizon == date(2027, 7, 2)


def test_a_public_holiday_of_the_region_is_neither_a_school_day_nor_a_working_day() -> None:
    good_friday = date(2027, 3, 26)
    alsace = SchoolCalendar("B", region="Alsace-Moselle")
    assert alsace.day(good_friday) == CalendarDay(good_friday, DayKind.PUBLIC_HOLIDAY, "Vendredi saint")
    assert [calendar.is_working_day(good_friday) for calendar in (alsace, ZONE_B)] == [False, True]


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 9, 2), DayKind.SCHOOL),  # Wednesday of a week A
        (date(2026, 9, 9), DayKind.WEDNESDAY),
        (date(2026, 9, 11), DayKind.SCHOOL),
        (date(2026, 9, 4), DayKind.WEDNESDAY),  # Friday of a week A: a day without class
        (date(2026, 11, 4), DayKind.WEDNESDAY),  # nine weeks later, two of them holidays
    ],
)
def test_a_week_pattern_may_alternate(day: date, kind: DayKind) -> None:
    weeks = AlternatingWeeks(
        frozenset({MONDAY, TUESDAY, WEDNESDAY, THURSDAY}), frozenset({MONDAY, TUESDAY, THURSDAY, FRIDAY}), MONDAY_A
    )
    assert SchoolCalendar("B", school_weekdays=weeks).day(day).kind is kind


@pytest.mark.parametrize(
    ("day", "holiday", "period"),
    [
        (date(2026, 11, 9), None, SchoolPeriod(date(2026, 11, 2), date(2026, 12, 18))),
        (date(2026, 10, 17), Holiday("Vacances de la Toussaint", date(2026, 10, 17), date(2026, 11, 1)), None),
        (date(2026, 11, 1), Holiday("Vacances de la Toussaint", date(2026, 10, 17), date(2026, 11, 1)), None),
        (
            date(2027, 5, 7),  # a bridge does not part the period
            Holiday("Pont de l'Ascension", date(2027, 5, 6), date(2027, 5, 8)),
            SchoolPeriod(date(2027, 5, 3), date(2027, 7, 2)),
        ),
        (date(2032, 1, 5), None, None),
    ],
)
def test_a_day_is_in_holidays_or_in_the_period_between_them(
    day: date, holiday: Holiday | None, period: SchoolPeriod | None
) -> None:
    assert (ZONE_B.holiday_on(day), ZONE_B.period_on(day)) == (holiday, period)


def test_a_calendar_that_contradicts_itself_is_refused() -> None:
    autumn = Holiday("Toussaint", date(2026, 10, 17), date(2026, 11, 1))
    autumn_closing = Closing(date(2026, 10, 26), date(2026, 10, 30), "Travaux")
    with pytest.raises(RuleError, match="region 'Alsace': write one of Métropole, Alsace-Moselle"):
        SchoolCalendar("B", region="Alsace")  # type: ignore[arg-type]
    with pytest.raises(RuleError, match="« Bis » starts on dimanche 1er novembre 2026, before « Toussaint » ends"):
        SchoolCalendar("B", extra_holidays=(autumn, Holiday("Bis", date(2026, 11, 1), date(2026, 11, 3))))
    with pytest.raises(RuleError, match="SchoolCalendar closings: « Travaux » starts on"):
        SchoolCalendar("B", closings=(autumn_closing, autumn_closing))
    with pytest.raises(RuleError, match="opened mardi 27 octobre 2026: a closing closes it; cut the closing in two"):
        SchoolCalendar("B", closings=(autumn_closing,), opened=frozenset({date(2026, 10, 27)}))
    with pytest.raises(RuleError, match="OwnHolidays: « Toussaint » starts on"):
        OwnHolidays(date(2026, 9, 1), date(2027, 7, 2), (autumn, autumn))
    with pytest.raises(RuleError, match="« Toussaint » is not between mardi 1er septembre 2026 and samedi 31 octobre"):
        OwnHolidays(date(2026, 9, 1), date(2026, 10, 31), (autumn,))
    with pytest.raises(RuleError, match=r"OwnHolidays ends on .* before it starts"):
        OwnHolidays(date(2026, 9, 1), date(2026, 8, 31), ())
    with pytest.raises(RuleError, match="mardi 1er septembre 2026: write the Monday of a week A"):
        AlternatingWeeks(SCHOOL_WEEK, SCHOOL_WEEK, date(2026, 9, 1))
    with pytest.raises(RuleError, match="write days from 1 to 7"):
        AlternatingWeeks(SCHOOL_WEEK, frozenset(), MONDAY_A)


@pytest.mark.parametrize("day", [date(2026, 11, 9), date(2026, 11, 12), date(2026, 11, 15)])
def test_a_week_goes_from_monday_to_sunday(day: date) -> None:
    assert monday_of(day) == date(2026, 11, 9)
