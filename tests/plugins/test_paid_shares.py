"""For whom and for what a payment was: in proportion, and never a cent more or less than was paid."""

from datetime import time
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.rules.calendar import DayKind
from plugins.rules.catalogue import Unit
from plugins.rules.errors import RuleError
from plugins.rules.paid_shares import Care, ChargedShare, Share, paid_for, paid_with_titles, shares_of

EVENING = Share("1", "Enfant1", "Garderie", Care.CARE)
MEALS = Share("1", "Enfant1", "Restauration", Care.NONE)
OTHER_MEALS = Share("2", "Enfant2", "Restauration", Care.NONE)
EVERYBODY = Share("", "", "Restauration", Care.NONE)
MONDAYS = (frozenset({1}), frozenset({DayKind.SCHOOL}))


@pytest.mark.parametrize(
    ("unit", "care"),
    [
        (Unit("soir", "Soir", *MONDAYS, starts_at=time(16)), Care.CARE),
        (Unit("journee", "Journée avec repas", *MONDAYS, has_meal=True), Care.WITH_MEAL),
        (Unit("repas", "Repas", *MONDAYS, has_meal=True, is_care=False), Care.NONE),
        (None, Care.NONE),
    ],
)
def test_a_meal_alone_is_no_care_and_an_unknown_unit_promises_nothing(unit: Unit | None, care: Care) -> None:
    assert Care.of(unit) is care


def test_what_days_make_together_goes_to_the_days_of_its_activity() -> None:
    lines = [
        ChargedShare(MEALS, 300),
        ChargedShare(EVENING, 500),
        ChargedShare(OTHER_MEALS, 600),
        ChargedShare(EVERYBODY, -90, is_common=True),
        ChargedShare(MEALS, -30, is_common=True),
        ChargedShare(MEALS, 100),
    ]
    assert shares_of(lines) == {MEALS: 300 + 100 - 36 - 30, EVENING: 500, OTHER_MEALS: 600 - 54}


def test_a_minimum_without_any_day_is_a_share_of_its_own() -> None:
    assert shares_of([ChargedShare(EVERYBODY, 700, is_common=True)]) == {EVERYBODY: 700}


def test_a_part_of_an_invoice_pays_a_part_of_each_share_to_the_cent() -> None:
    charged = {MEALS: 333, EVENING: 333, OTHER_MEALS: 334}
    first, second = paid_for(charged, [100, 900])
    assert first == {MEALS: 33, EVENING: 33, OTHER_MEALS: 34}
    assert {share: first[share] + second[share] for share in charged} == charged


@pytest.mark.parametrize(("charged", "payments"), [({MEALS: 100}, [60, 50]), ({MEALS: 100}, [-1]), ({}, [1])])
def test_more_than_an_invoice_charges_is_refused(charged: dict[Share, int], payments: list[int]) -> None:
    with pytest.raises(RuleError, match="cents for an invoice of"):
        paid_for(charged, payments)


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=6), st.lists(st.integers(0, 2000), max_size=8))
def test_payments_add_up_by_payment_and_by_share(weights: list[int], tried: list[int]) -> None:
    charged = {Share(str(n), f"Enfant{n}", "Garderie", Care.CARE): cents for n, cents in enumerate(weights)}
    reached = [0, *(min(sum(weights), cents) for cents in accumulate(tried)), sum(weights)]
    payments = [after - before for before, after in pairwise(reached)]
    parts = paid_for(charged, payments)
    assert [sum(part.values()) for part in parts] == payments
    assert {share: sum(part.get(share, 0) for part in parts) for share in charged} == charged
    assert all(cents > 0 for part in parts for cents in part.values())


def test_titles_pay_first_what_takes_them_and_money_the_rest_in_proportion() -> None:
    nursery = Share("1", "Enfant1", "Multi-accueil", Care.CARE, "petite-enfance")
    charged = {MEALS: 4000, nursery: 6000}
    handed = [(False, 1000), (True, 5000), (True, 2000)]  # what titles bring above the nursery pays the rest
    assert paid_with_titles(charged, {"petite-enfance"}, handed) == [
        {MEALS: 1000},
        {nursery: 5000},
        {nursery: 1000, MEALS: 1000},
    ]


@given(
    st.lists(st.tuples(st.integers(1, 5000), st.booleans()), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 2000), st.booleans()), max_size=8),
)
def test_money_and_titles_add_up_too(weights: list[tuple[int, bool]], tried: list[tuple[int, bool]]) -> None:
    charged = {
        Share(str(n), f"Enfant{n}", "Garderie", Care.CARE, "takes" if takes else ""): cents
        for n, (cents, takes) in enumerate(weights)
    }
    total = sum(charged.values())
    reached = [0, *(min(total, cents) for cents in accumulate(cents for cents, _ in tried))]
    amounts = [after - before for before, after in pairwise(reached)]
    payments = [(is_title, cents) for (_, is_title), cents in zip(tried, amounts, strict=True)]
    parts = paid_with_titles(charged, {"takes"}, payments)
    assert [sum(part.values()) for part in parts] == amounts
    assert all(0 <= sum(part.get(share, 0) for part in parts) <= cents for share, cents in charged.items())
    by_titles = sum(cents for is_title, cents in payments if is_title)
    room = sum(cents for share, cents in charged.items() if share.service)
    elsewhere = sum(
        part.get(share, 0)
        for (is_title, _), part in zip(payments, parts, strict=True)
        for share in charged
        if is_title and not share.service
    )
    assert elsewhere <= max(0, by_titles - room)
