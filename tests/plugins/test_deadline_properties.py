"""What is true of every deadline, whatever its rule and its day."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.rules.anchors import (
    first_class_day,
    holidays_end,
    holidays_first_open_day,
    holidays_start,
    last_class_day,
)
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.dates import day_of_civil_year, day_of_school_year, on
from plugins.rules.days import (
    BUSINESS_DAYS,
    CALENDAR_DAYS,
    MONDAY_TO_FRIDAY,
    OPEN_DAYS,
    SAME_DAY,
    SCHOOL_DAYS,
    WORKING_DAYS,
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
from plugins.rules.deadlines import (
    END_OF_DAY,
    EXCLUSIVE,
    INCLUSIVE,
    Deadline,
    at,
    before,
    earliest,
    hours_before,
    latest,
    until,
    wall_hours_before,
)
from plugins.rules.moved_days import or_after, or_before
from plugins.rules.service_days import between, in_holidays, in_months, on_weekdays, when_it_is, when_public_holiday
from plugins.rules.tables import by_case, by_holidays, by_period, by_weekday, dated

PARIS = ZoneInfo("Europe/Paris")
ZONE_B = SchoolCalendar("B")
WEEKDAYS = st.integers(1, 7)
COUNTS = st.sampled_from(
    [
        CALENDAR_DAYS,
        WORKING_DAYS,
        OPEN_DAYS,
        BUSINESS_DAYS,
        MONDAY_TO_FRIDAY,
        SCHOOL_DAYS,
        opening_days("de la mairie", 1, 2, 4, on_public_holidays=False),
    ]
)
MOMENTS = st.one_of(
    st.just(END_OF_DAY),
    st.builds(before, st.integers(1, 23), st.integers(0, 59)),
    st.builds(until, st.integers(0, 22), st.integers(0, 59)),
)
SHIFTS = st.one_of(
    st.builds(days_before, st.integers(1, 30), COUNTS),
    st.builds(clear_days_before, st.integers(1, 30), COUNTS),
    st.builds(weeks_before, st.integers(1, 8)),
    st.builds(months_before, st.integers(1, 6)),
    st.builds(weekday_of_week_before, WEEKDAYS, st.integers(1, 4)),
    st.builds(previous_weekday, WEEKDAYS),
    st.builds(day_of_month_before, st.integers(1, 31), st.integers(1, 3)),
)
"""Days before the service, which move forward with it: a later service never has an earlier one."""

OF_SHIFTS = st.one_of(
    st.builds(days_before, st.integers(1, 30), COUNTS, of=SHIFTS),
    st.builds(clear_days_before, st.integers(1, 30), COUNTS, of=SHIFTS),
    st.builds(weeks_before, st.integers(1, 8), of=SHIFTS),
    st.builds(months_before, st.integers(1, 6), of=SHIFTS),
    st.builds(previous_weekday, WEEKDAYS, of=SHIFTS),
    st.builds(or_before, SHIFTS, st.sampled_from([WORKING_DAYS, BUSINESS_DAYS, MONDAY_TO_FRIDAY])),
)
ANCHORS = st.sampled_from(
    [
        SAME_DAY,
        holidays_start(),
        holidays_first_open_day(),
        holidays_end(),
        first_class_day(),
        last_class_day(),
        weekday_of_week(5),
        day_of_month(25),
        day_of_school_year(month=6, day=15),
        day_of_civil_year(month=4, day=30),
        on(date(2026, 12, 1)),
        or_after(day_of_month(25), WORKING_DAYS),
        by_period((date(2026, 10, 1), date(2026, 12, 31), on(date(2026, 9, 15)))),
        by_holidays({"Vacances de Noël": day_of_school_year(month=12, day=2)}),
    ]
)
"""Days that the rule itself may put after the service, or that some services do not have."""

HOURS = st.sampled_from([hours_before, wall_hours_before]).flatmap(
    lambda build: st.builds(
        build, st.integers(1, 400), start=st.just(time(0)), boundary=st.sampled_from([INCLUSIVE, EXCLUSIVE])
    )
)
MONOTONE = st.one_of(st.builds(at, SHIFTS, MOMENTS), st.builds(at, OF_SHIFTS, MOMENTS), HOURS)
PAIRS = st.tuples(MONOTONE, MONOTONE).flatmap(lambda pair: st.sampled_from([earliest(*pair), latest(*pair)]))
BACKWARDS = st.one_of(MONOTONE, PAIRS)
CONDITIONS = st.sampled_from(
    [
        on_weekdays(1, 2),
        in_months(7, 8),
        between(date(2026, 9, 1), date(2027, 1, 1)),
        in_holidays("Vacances de Noël"),
        when_public_holiday(weekday_of_week(1)),
        when_it_is(first_class_day()),
    ]
)
TABLES = st.one_of(
    st.builds(lambda when, one, other: by_case((when, one), otherwise=other), CONDITIONS, BACKWARDS, BACKWARDS),
    st.dictionaries(WEEKDAYS, BACKWARDS, min_size=1).map(by_weekday),
    st.builds(lambda old, new: dated(old, (date(2026, 11, 9), new)), BACKWARDS, BACKWARDS),
)
ANY = st.one_of(BACKWARDS, TABLES, st.builds(at, ANCHORS, MOMENTS))
# Asking the horizon here reads the open data once, outside of hypothesis' own 200 ms for an example.
SERVICE_DAYS = st.dates(date(2025, 9, 1), ZONE_B.horizon)
CLOCK_CHANGES = (date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31))


@given(st.one_of(BACKWARDS, TABLES), SERVICE_DAYS)
def test_a_deadline_counted_backwards_is_never_after_the_day_of_the_service_begins(
    deadline: Deadline, day: date
) -> None:
    instant = deadline.instant(day, ZONE_B, PARIS).at
    assert instant is None or instant.astimezone(UTC) <= datetime.combine(day, time(), PARIS).astimezone(UTC)


@given(BACKWARDS, SERVICE_DAYS, st.integers(0, 60))
def test_a_later_day_never_has_an_earlier_deadline(deadline: Deadline, day: date, later: int) -> None:
    answers = [deadline.instant(day + timedelta(days=n), ZONE_B, PARIS).at for n in (0, later)]
    first, second = (answer.astimezone(UTC) for answer in answers if answer is not None)
    assert first <= second


@given(ANY, SERVICE_DAYS)
def test_a_deadline_is_open_at_its_last_second_and_closed_at_the_next(deadline: Deadline, day: date) -> None:
    answer = deadline.instant(day, ZONE_B, PARIS)
    last_second = answer.at.astimezone(UTC) if answer.at else datetime.combine(day, time(), UTC)
    assert [answer.is_open(last_second + timedelta(seconds=n)) for n in (0, 1)] == [answer.at is not None, False]


@given(ANY, SERVICE_DAYS)
def test_an_answer_always_carries_the_rule_it_comes_from(deadline: Deadline, day: date) -> None:
    answer = deadline.instant(day, ZONE_B, PARIS)
    assert answer.rule
    assert answer.at is None or answer.steps


@given(ANY, SERVICE_DAYS)
def test_a_deadline_says_itself_without_an_english_word(deadline: Deadline, day: date) -> None:
    answer = deadline.instant(day, ZONE_B, PARIS)
    words = " ".join((deadline.say(), answer.rule, *answer.steps)).casefold()
    english = {"before", "day", "days", "until", "holiday", "week", "month", "none", "the", "of", "at", "never"}
    assert not english & set(words.replace("'", " ").split())


@given(st.sampled_from(CLOCK_CHANGES), st.integers(0, 23), st.integers(25, 47))
def test_elapsed_and_wall_hours_differ_by_one_hour_across_a_clock_change(changed: date, hour: int, hours: int) -> None:
    day = changed + timedelta(days=1)
    elapsed, wall = (
        build(hours, start=time(hour)).instant(day, ZONE_B, PARIS).at for build in (hours_before, wall_hours_before)
    )
    assert elapsed is not None
    assert wall is not None
    start = datetime.combine(day, time(hour), PARIS)
    crossed = len({instant.utcoffset() for instant in (start, wall, elapsed)}) > 1
    assert abs(elapsed.astimezone(UTC) - wall.astimezone(UTC)) == timedelta(hours=1 if crossed else 0)


@pytest.mark.parametrize("changed", CLOCK_CHANGES)
def test_forty_eight_hours_across_a_clock_change_are_one_wall_hour_away_from_two_days(changed: date) -> None:
    day = changed + timedelta(days=1)
    elapsed = hours_before(48, start=time(12)).instant(day, ZONE_B, PARIS).at
    wall = wall_hours_before(48, start=time(12)).instant(day, ZONE_B, PARIS).at
    two_days = at(days_before(2, CALENDAR_DAYS), until(12)).instant(day, ZONE_B, PARIS).at
    assert elapsed is not None
    assert wall is not None
    assert wall == two_days
    assert {wall - elapsed, elapsed - wall} == {timedelta(hours=1), timedelta(hours=-1)}
