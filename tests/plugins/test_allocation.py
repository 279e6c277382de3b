"""Money goes to what was asked, then to the oldest debt, never above what is owed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.rules.allocation import Claim, spread
from plugins.rules.errors import RuleError

OCTOBER, NOVEMBER = date(2026, 10, 31), date(2026, 11, 30)


@pytest.mark.parametrize(
    ("cents", "claims", "parts"),
    [
        (0, (Claim("a", OCTOBER, 500),), {}),
        (300, (Claim("a", OCTOBER, 500),), {"a": 300}),
        (900, (Claim("a", OCTOBER, 500),), {"a": 500}),
        (600, (Claim("new", NOVEMBER, 500), Claim("old", OCTOBER, 400)), {"old": 400, "new": 200}),
        (600, (Claim("b", OCTOBER, 500), Claim("a", OCTOBER, 400)), {"a": 400, "b": 200}),
        (500, (Claim("new", NOVEMBER, 500, asked_cents=500), Claim("old", OCTOBER, 400)), {"new": 500}),
        (700, (Claim("new", NOVEMBER, 500, asked_cents=500), Claim("old", OCTOBER, 400)), {"old": 200, "new": 500}),
        (700, (Claim("cleared", OCTOBER, 100, asked_cents=700), Claim("b", NOVEMBER, 0)), {"cleared": 100}),
        (400, (Claim("a", OCTOBER, 500, asked_cents=100), Claim("b", NOVEMBER, 500)), {"a": 400}),
    ],
)
def test_what_was_asked_comes_first_then_the_oldest(
    cents: int, claims: tuple[Claim, ...], parts: dict[str, int]
) -> None:
    assert spread(cents, claims) == parts


@given(
    cents=st.integers(0, 2000),
    owed=st.lists(st.tuples(st.integers(0, 500), st.integers(0, 700), st.dates()), max_size=6),
)
def test_no_cent_is_lost_and_none_is_given_above_what_is_owed(cents: int, owed: list[tuple[int, int, date]]) -> None:
    claims = [Claim(str(place), due, debt, asked) for place, (debt, asked, due) in enumerate(owed)]
    parts = spread(cents, claims)
    assert sum(parts.values()) == min(cents, sum(claim.owed_cents for claim in claims))
    assert all(0 < parts[claim.key] <= claim.owed_cents for claim in claims if claim.key in parts)


@pytest.mark.parametrize(
    ("cents", "claims", "why"),
    [
        (-1, (), "-1 cents to spread: write 0 or more"),
        (1, (Claim("a", OCTOBER, 1), Claim("a", OCTOBER, 1)), "An invoice claims twice"),
    ],
)
def test_what_cannot_be_spread_is_said(cents: int, claims: tuple[Claim, ...], why: str) -> None:
    with pytest.raises(RuleError, match=why):
        spread(cents, claims)


def test_a_claim_is_never_negative() -> None:
    with pytest.raises(RuleError, match="Claim a: -1 cents owed, 0 asked"):
        Claim("a", OCTOBER, -1)
