"""Custody: whose day it is, whatever the number of the week."""

from datetime import date, timedelta

import pytest

from plugins.rules.custody import CustodyPattern, Share, given_elsewhere, holder, require_disjoint
from plugins.rules.errors import RuleError

ALTERNATE, WEEKDAYS = CustodyPattern.ALTERNATE_WEEKS, CustodyPattern.WEEKDAYS
FIRST = date(2026, 9, 1)  # a Tuesday
MOTHER = Share(ALTERNATE, FIRST, anchor=date(2026, 9, 2))
FATHER = Share(ALTERNATE, FIRST, anchor=date(2026, 9, 9))
SHARES = {"mother": MOTHER, "father": FATHER}


@pytest.mark.parametrize(
    ("day", "with_whom"),
    [
        (date(2026, 8, 31), None),  # the week of the anchor, but before the calendar
        (date(2026, 9, 1), "mother"),
        (date(2026, 9, 6), "mother"),
        (date(2026, 9, 7), "father"),
        (date(2026, 9, 14), "mother"),
        (date(2026, 12, 31), "father"),
        (date(2027, 1, 3), "father"),
        (date(2027, 1, 4), "mother"),  # after ISO week 53 of 2026: parity would give two weeks in a row to one parent
    ],
)
def test_weeks_alternate_from_a_date_and_never_by_parity(day: date, with_whom: str | None) -> None:
    assert holder(day, SHARES) == with_whom


def test_every_day_of_two_years_has_one_holder() -> None:
    days = [FIRST + timedelta(days=offset) for offset in range(730)]
    assert [day for day in days if MOTHER.holds(day) == FATHER.holds(day)] == []


def test_weekdays_are_those_given_until_the_last_day() -> None:
    share = Share(WEEKDAYS, FIRST, date(2026, 9, 15), weekdays=frozenset({1, 2}))
    assert [day for day in range(1, 30) if share.holds(date(2026, 9, day))] == [1, 7, 8, 14, 15]


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (MOTHER, "une semaine sur deux, dont celle du lundi 31 août 2026"),
        (Share(WEEKDAYS, FIRST, weekdays=frozenset({2, 1})), "le lundi et le mardi"),
    ],
)
def test_a_share_says_itself(share: Share, said: str) -> None:
    assert share.say() == said


def test_a_day_is_given_elsewhere_only_where_a_calendar_speaks_and_none_of_the_household_s_holds_it() -> None:
    before, monday, tuesday = FIRST - timedelta(days=1), FIRST + timedelta(days=6), FIRST
    mondays = Share(WEEKDAYS, FIRST, weekdays=frozenset({1}))
    assert [given_elsewhere(day, (mondays,)) for day in (before, monday, tuesday)] == [None, None, mondays]
    assert given_elsewhere(tuesday, ()) is None


def test_a_day_given_twice_is_refused() -> None:
    require_disjoint(SHARES)
    tuesday = Share(WEEKDAYS, FIRST, weekdays=frozenset({2}))
    with pytest.raises(RuleError, match="Custody on 2026-09-01: two households"):
        require_disjoint({"mother": MOTHER, "father": tuesday})


@pytest.mark.parametrize(
    "given",
    [
        {"pattern": ALTERNATE},
        {"pattern": ALTERNATE, "anchor": FIRST, "weekdays": frozenset({1})},
        {"pattern": WEEKDAYS},
        {"pattern": WEEKDAYS, "weekdays": frozenset({8})},
        {"pattern": WEEKDAYS, "weekdays": frozenset({1}), "anchor": FIRST},
        {"pattern": ALTERNATE, "anchor": FIRST, "last_day": date(2026, 8, 1)},
    ],
)
def test_a_share_that_cannot_be_read_one_way_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(RuleError, match="Custody"):
        Share(**{"first_day": FIRST, **given})  # type: ignore[arg-type]
