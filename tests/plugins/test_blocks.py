"""Minimum blocks: which sets of days may be booked together."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from plugins.rules.blocks import Block, DaysAPeriod, DaysAWeek, WholeWeeks
from plugins.rules.calendar import Closing, SchoolCalendar
from plugins.rules.errors import RuleError

ZONE_B = SchoolCalendar("B")
MONDAY = date(2026, 10, 19)  # the first week of the autumn holidays
TWO_WEEKS = [MONDAY + timedelta(days=n) for n in range(12) if n % 7 < 5]
ARMISTICE = [date(2026, 11, 9) + timedelta(days=n) for n in (0, 1, 3, 4)]  # the Wednesday is a public holiday


def test_a_whole_week_is_booked_to_its_last_open_day() -> None:
    assert WholeWeeks().broken_by(TWO_WEEKS[:5], TWO_WEEKS, ZONE_B) is None
    assert WholeWeeks().broken_by(ARMISTICE, ARMISTICE, ZONE_B) is None
    assert WholeWeeks().broken_by(TWO_WEEKS[:8], TWO_WEEKS, ZONE_B) == (
        "La semaine du lundi 26 octobre 2026 se réserve entière : il manque le jeudi 29 octobre 2026 et le vendredi "
        "30 octobre 2026."
    )


@pytest.mark.parametrize(
    ("booked", "open_days", "said"),
    [
        ([], TWO_WEEKS, None),
        (TWO_WEEKS[:3], TWO_WEEKS, None),
        (TWO_WEEKS[:2], TWO_WEEKS, "Semaine du lundi 19 octobre 2026 : 3 jours au moins, 2 réservés."),
        (TWO_WEEKS[2:6], TWO_WEEKS, "Semaine du lundi 26 octobre 2026 : 3 jours au moins, 1 réservé."),
        (ARMISTICE[:2], ARMISTICE, None),  # a week with a public holiday
        (ARMISTICE[:1], ARMISTICE, "Semaine du lundi 9 novembre 2026 : 2 jours au moins, 1 réservé."),
        (TWO_WEEKS[:1], TWO_WEEKS[:1], None),  # all that opens that week
    ],
)
def test_so_many_days_a_week_and_fewer_with_a_public_holiday(
    booked: list[date], open_days: list[date], said: str | None
) -> None:
    assert DaysAWeek(3, with_public_holiday=2).broken_by(booked, open_days, ZONE_B) == said


def test_a_public_holiday_that_a_closing_covers_is_one_all_the_same() -> None:
    bridge = Closing(date(2026, 11, 11), date(2026, 11, 11), "Fermeture")
    closed = SchoolCalendar("B", closings=(bridge,))
    assert DaysAWeek(3, with_public_holiday=2).broken_by(ARMISTICE[:2], ARMISTICE, closed) is None


@pytest.mark.parametrize(
    ("booked", "said"),
    [
        ([], None),
        (TWO_WEEKS[3:6], None),
        (TWO_WEEKS[4:6], "Période : 3 jours au moins, 2 réservés."),
    ],
)
def test_so_many_days_of_the_period_wherever_they_are(booked: list[date], said: str | None) -> None:
    assert DaysAPeriod(3).broken_by(booked, TWO_WEEKS, ZONE_B) == said


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (WholeWeeks(), "la semaine entière"),
        (DaysAWeek(3, with_public_holiday=2), "3 jours par semaine (2 s'il y a un jour férié)"),
        (DaysAWeek(1, with_public_holiday=1), "1 jour par semaine"),
        (DaysAPeriod(5), "5 jours par période"),
    ],
)
def test_blocks_are_said_in_french(block: Block, said: str) -> None:
    assert block.say() == said


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: DaysAWeek(2, with_public_holiday=3), r"DaysAWeek\(2, with_public_holiday=3\): write 1 to 5 days"),
        (lambda: DaysAWeek(6, with_public_holiday=5), r"DaysAWeek\(6"),
        (lambda: DaysAPeriod(0), r"DaysAPeriod\(0\): write 1 to 60 days"),
    ],
)
def test_a_block_that_cannot_be_booked_is_refused(build: Callable[[], object], said: str) -> None:
    with pytest.raises(RuleError, match=said):
        build()


@pytest.mark.parametrize(
    ("block", "first", "last"),
    [
        (WholeWeeks(), date(2026, 10, 26), date(2026, 11, 1)),
        (DaysAWeek(3, with_public_holiday=2), date(2026, 10, 26), date(2026, 11, 1)),
        (DaysAPeriod(3), date(2026, 10, 17), date(2026, 11, 1)),
    ],
)
def test_days_count_together_by_the_week_or_by_the_holidays(block: Block, first: date, last: date) -> None:
    assert block.span(date(2026, 10, 28), ZONE_B) == (first, last)
