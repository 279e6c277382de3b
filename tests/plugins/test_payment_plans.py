"""Payment plans: equal parts that add up, money that goes to the first part first, and what is asked on a day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.rules.errors import RuleError
from plugins.rules.french import euros
from plugins.rules.payment_plans import Part, PaymentPlan, say_parts

JANUARY_31, FEBRUARY_28, MARCH_31 = date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)
THREE = PaymentPlan.equal(100_00, 3, JANUARY_31)


def test_parts_are_equal_a_month_apart_and_the_last_carries_the_rest() -> None:
    assert THREE.parts == (
        Part(JANUARY_31, 33_33, 33_33),
        Part(FEBRUARY_28, 33_33, 33_33),
        Part(MARCH_31, 33_34, 33_34),
    )
    assert THREE.last_due_on == MARCH_31


@pytest.mark.parametrize(
    ("owed", "left"),
    [
        (100_00, [33_33, 33_33, 33_34]),
        (90_00, [23_33, 33_33, 33_34]),
        (66_67, [0, 33_33, 33_34]),
        (10_00, [0, 0, 10_00]),
        (0, [0, 0, 0]),
        (120_00, [53_33, 33_33, 33_34]),
    ],
)
def test_money_goes_to_the_first_part_first(owed: int, left: list[int]) -> None:
    assert [part.left_cents for part in THREE.when_owed(owed).parts] == left


@pytest.mark.parametrize(
    ("owed", "today", "asked"),
    [
        (100_00, date(2027, 1, 5), 33_33),
        (66_67, date(2027, 1, 5), 33_33),
        (100_00, FEBRUARY_28, 66_66),
        (10_00, FEBRUARY_28, 10_00),
        (0, FEBRUARY_28, 0),
    ],
)
def test_what_is_asked_is_what_is_due_or_else_the_next_part(owed: int, today: date, asked: int) -> None:
    assert THREE.when_owed(owed).asked_cents(today) == asked


@pytest.mark.parametrize(
    ("owed", "today", "missed"),
    [
        (100_00, date(2027, 2, 7), False),
        (100_00, date(2027, 2, 8), True),
        (66_67, date(2027, 2, 8), False),
        (66_66, date(2027, 3, 8), True),
    ],
)
def test_a_part_is_missed_once_a_week_has_passed(owed: int, today: date, missed: bool) -> None:
    assert THREE.when_owed(owed).is_missed(today) is missed


def test_a_plan_says_its_parts_and_those_that_are_paid() -> None:
    assert PaymentPlan.equal(20_01, 2, JANUARY_31).when_owed(10_01).say() == (
        f"À régler en 2 fois : {euros(10_00)} avant le dimanche 31 janvier 2027 (réglée), "
        f"{euros(10_01)} avant le dimanche 28 février 2027."
    )


def test_the_parts_of_several_invoices_are_told_by_day() -> None:
    assert say_parts([PaymentPlan.equal(20_01, 2, JANUARY_31), PaymentPlan.equal(5_00, 2, JANUARY_31)]) == (
        f"- {euros(12_50)} avant le dimanche 31 janvier 2027\n- {euros(12_51)} avant le dimanche 28 février 2027"
    )


@pytest.mark.parametrize(("cents", "count"), [(100_00, 1), (100_00, 13), (2_99, 3)])
def test_too_many_parts_or_too_small_ones_are_refused(cents: int, count: int) -> None:
    with pytest.raises(RuleError):
        PaymentPlan.equal(cents, count, JANUARY_31)


@pytest.mark.parametrize("days", [(), (MARCH_31, FEBRUARY_28), (MARCH_31, MARCH_31)])
def test_parts_are_due_one_after_the_other(days: tuple[date, ...]) -> None:
    with pytest.raises(RuleError):
        PaymentPlan(tuple(Part(day, 1_00, 0) for day in days))


@given(st.integers(12_00, 10**7), st.integers(2, 12), st.data())
def test_parts_add_up_to_what_is_owed_whatever_was_paid(cents: int, count: int, data: st.DataObject) -> None:
    owed = data.draw(st.integers(0, cents))
    plan = PaymentPlan.equal(cents, count, JANUARY_31)
    assert sum(part.cents for part in plan.parts) == cents
    assert sum(part.left_cents for part in plan.when_owed(owed).parts) == owed
