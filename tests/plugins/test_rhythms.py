"""Rhythms: days that come back, counted from a date and never by the number of the week."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.rules.calendar import FRIDAY, MONDAY, THURSDAY, TUESDAY, monday_of
from plugins.rules.errors import RuleError
from plugins.rules.rhythms import EVERY_DAY, Rhythm, UnitRhythm, same_day_in

RENTREE = date(2026, 9, 1)  # a Tuesday

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
WEEKDAYS = st.frozensets(st.integers(1, 7), min_size=1)
RHYTHMS = st.builds(Rhythm, first=DAYS, weekdays=WEEKDAYS, every=st.integers(1, 4))


def november(rhythm: Rhythm) -> list[int]:
    return [day.day for day in rhythm.days(date(2026, 11, 1), date(2026, 11, 30))]


@pytest.mark.parametrize(
    ("rhythm", "days"),
    [
        (Rhythm(RENTREE), list(range(1, 31))),
        (Rhythm(date(2026, 11, 28)), [28, 29, 30]),
        (Rhythm(RENTREE, last=date(2026, 11, 3)), [1, 2, 3]),
        (Rhythm(RENTREE, last=date(2026, 10, 3)), []),
        (Rhythm(RENTREE, weekdays=frozenset({MONDAY, THURSDAY})), [2, 5, 9, 12, 16, 19, 23, 26, 30]),
        (Rhythm(RENTREE, weekdays=frozenset({FRIDAY}), every=2), [13, 27]),
        (Rhythm(date(2026, 9, 8), weekdays=frozenset({FRIDAY}), every=2), [6, 20]),
        (Rhythm(RENTREE, weekdays=frozenset({TUESDAY}), every=3), [3, 24]),
        (Rhythm(RENTREE, weekdays=frozenset({TUESDAY}), every=4), [24]),
    ],
)
def test_a_rhythm_comes_back_on_its_days(rhythm: Rhythm, days: list[int]) -> None:
    assert november(rhythm) == days


def test_one_week_in_two_does_not_jump_at_the_new_year_after_week_53() -> None:
    rhythm = Rhythm(date(2026, 12, 14), weekdays=frozenset({MONDAY}), every=2)
    found = rhythm.days(date(2026, 12, 1), date(2027, 1, 31))
    assert found == (date(2026, 12, 14), date(2026, 12, 28), date(2027, 1, 11), date(2027, 1, 25))
    assert [day.isocalendar().week for day in found] == [51, 53, 2, 4]


@given(RHYTHMS, DAYS)
def test_a_rhythm_comes_back_each_cycle_and_in_no_week_between(rhythm: Rhythm, day: date) -> None:
    weeks = [rhythm.holds(day + timedelta(weeks=n)) for n in range(rhythm.every * 3)]
    if day >= rhythm.first:
        assert sum(weeks) == (3 if day.isoweekday() in rhythm.weekdays else 0)
        assert weeks == weeks[: rhythm.every] * 3
    assert not rhythm.holds(rhythm.first - timedelta(days=1))


@given(RHYTHMS)
def test_the_week_of_the_first_day_is_the_first_of_the_cycle(rhythm: Rhythm) -> None:
    week = [monday_of(rhythm.first) + timedelta(days=n) for n in range(7)]
    assert list(rhythm.days(week[0], week[-1])) == [
        day for day in week if day >= rhythm.first and day.isoweekday() in rhythm.weekdays
    ]


@given(RHYTHMS, DAYS, st.integers(0, 400))
def test_the_days_of_two_windows_are_those_of_the_window_they_make(rhythm: Rhythm, first: date, length: int) -> None:
    middle, last = first + timedelta(days=length // 2), first + timedelta(days=length)
    found = rhythm.days(first, last)
    assert found == rhythm.days(first, middle) + rhythm.days(middle + timedelta(days=1), last)
    assert all(rhythm.holds(day) for day in found)


@pytest.mark.parametrize(
    ("rhythm", "said"),
    [
        (Rhythm(RENTREE), "tous les jours, à partir du mardi 1er septembre 2026"),
        (
            Rhythm(RENTREE, date(2027, 7, 2), frozenset({THURSDAY, MONDAY}), 2),
            "le lundi et le jeudi, une semaine sur 2 à partir du mardi 1er septembre 2026, "
            "jusqu'au vendredi 2 juillet 2027",
        ),
    ],
)
def test_a_rhythm_says_itself(rhythm: Rhythm, said: str) -> None:
    assert rhythm.say() == said


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"last": date(2026, 8, 31)}, "from 2026-09-01 to 2026-08-31"),
        ({"weekdays": frozenset()}, "weekdays"),
        ({"weekdays": frozenset({0})}, "weekdays"),
        ({"every": 0}, "one week in 1 to 4"),
        ({"every": 5}, "one week in 1 to 4"),
    ],
)
def test_a_rhythm_that_cannot_be_read_is_refused(given: dict[str, object], told: str) -> None:
    with pytest.raises(RuleError, match=told):
        Rhythm(RENTREE, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("given", [{}, {"units": ("repas",), "preset": "journee"}, {"units": "repas"}])
def test_a_rhythm_brings_units_or_a_preset(given: dict[str, object]) -> None:
    with pytest.raises(RuleError):
        UnitRhythm(Rhythm(RENTREE), **given)  # type: ignore[arg-type]


def test_every_day_is_a_rhythm_without_chosen_weekdays() -> None:
    assert Rhythm(RENTREE).is_daily
    assert not Rhythm(RENTREE, weekdays=EVERY_DAY - {7}).is_daily


@pytest.mark.parametrize(
    ("day", "same"),
    [
        (date(2026, 11, 3), date(2026, 10, 6)),  # the first Tuesday
        (date(2026, 11, 12), date(2026, 10, 8)),  # the second Thursday
        (date(2026, 11, 30), None),  # a fifth Monday, October has four
        (date(2027, 1, 29), date(2026, 10, 30)),  # the fifth Friday of both
    ],
)
def test_a_day_has_its_equal_in_another_month(day: date, same: date | None) -> None:
    assert same_day_in(date(2026, 10, 17), day) == same


@given(DAYS, DAYS)
def test_equal_days_of_two_months_are_each_other_s(day: date, month: date) -> None:
    found = same_day_in(month, day)
    if found is None:
        assert day.day > 28
    else:
        assert (found.year, found.month, found.weekday()) == (month.year, month.month, day.weekday())
        assert same_day_in(day, found) == day
