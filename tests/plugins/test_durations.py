"""Prices by time: how minutes are counted, what the explanation and the price list say."""

from typing import Any

import pytest

from plugins.rules.durations import ByTime, StartedStep, by_time, say_duration
from plugins.rules.errors import RuleError
from plugins.rules.french import NBSP
from plugins.rules.tariffs import Rounding, brackets, constant, effort
from tests.plugins.pricing import labels_of, price_of, said

HALF_HOUR_DUE = by_time(constant(115), per=30, step=30)
QUARTERS = by_time(constant(124), per=60, step=15)
GRACE = by_time(constant(110), per=60, step=60, grace=15)
WHOLE_STEPS = by_time(constant(200), per=60, step=15, started=StartedStep.FREE)


@pytest.mark.parametrize(
    ("base", "minutes", "cents"),
    [
        (HALF_HOUR_DUE, 0, 0),
        (HALF_HOUR_DUE, 1, 115),
        (HALF_HOUR_DUE, 30, 115),
        (HALF_HOUR_DUE, 65, 345),
        (QUARTERS, 45, 93),
        (QUARTERS, 46, 124),
        (GRACE, 60, 110),
        (GRACE, 75, 110),
        (GRACE, 76, 220),
        (WHOLE_STEPS, 14, 0),
        (WHOLE_STEPS, 15, 50),
        (WHOLE_STEPS, 29, 50),
    ],
)
def test_minutes_are_counted_by_steps(base: ByTime, minutes: int, cents: int) -> None:
    assert price_of(base, minutes=minutes).cents == cents


def test_a_price_by_time_shows_the_minutes_that_count() -> None:
    grid = by_time(brackets((0, 500, 90), (501, None, 124), without_qf=200), per=60, step=15, planned=90)
    assert [labels_of(price_of(grid, 600, minutes=minutes))[0] for minutes in (60, 50, None)] == [
        "Quotient familial 600 : tranche 501 et plus, 1 h, à 1,24 € l'heure",
        "Quotient familial 600 : tranche 501 et plus, 50 min comptées 1 h, à 1,24 € l'heure",
        "Quotient familial 600 : tranche 501 et plus, 1 h 30 prévues, à 1,24 € l'heure",
    ]


@pytest.mark.parametrize(
    ("base", "printed"),
    [
        (HALF_HOUR_DUE, "1,15 € la demi-heure ; décompte : par tranche de 30 min, toute tranche commencée est due"),
        (
            GRACE,
            "1,10 € l'heure ; décompte : par tranche de 1 h, toute tranche commencée est due au-delà de 15 min",
        ),
        (WHOLE_STEPS, "2,00 € l'heure ; décompte : par tranche entière de 15 min"),
        (
            by_time(effort("0.0027", floor=0, cap=675, without_qf=675), per=20, step=20),
            "0,27 % du QF, de 0,00 € à 6,75 € les 20 min ; sans QF : 6,75 € les 20 min ; "
            "décompte : par tranche de 20 min, toute tranche commencée est due",
        ),
    ],
)
def test_the_price_list_says_how_time_is_counted(base: ByTime, printed: str) -> None:
    assert said(base) == printed


def test_a_fraction_of_a_cent_is_rounded_as_the_commune_says() -> None:
    bases = [by_time(constant(101), per=60, step=30, rounding=rounding) for rounding in (Rounding.UP, Rounding.DOWN)]
    assert [price_of(base, minutes=30).cents for base in bases] == [51, 50]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"per": 0}, "by_time per 0, step 15: write minutes, 1 or more"),
        ({"step": 0}, "by_time per 60, step 0: write minutes, 1 or more"),
        ({"planned": -1}, "by_time planned -1: write minutes, 0 or more"),
        ({"grace": 15}, "by_time grace 15: write minutes from 0 to 14, less than the step"),
        ({"grace": 5, "started": StartedStep.FREE}, "a started step is free already, remove the grace"),
    ],
)
def test_a_count_that_cannot_be_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(RuleError, match=message):
        by_time(constant(100), **{"per": 60, "step": 15, **changes})


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 min"), (45, "45 min"), (60, "1 h"), (65, "1 h 05"), (600, "10 h")]
)
def test_a_duration_is_said_in_hours_and_minutes(minutes: int, words: str) -> None:
    assert say_duration(minutes).replace(NBSP, " ") == words
