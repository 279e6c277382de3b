"""Particulars: what several services make together of their policies, and how values are written."""

from datetime import date

import pytest

from plugins.rules.errors import RuleError
from plugins.rules.features import FieldPolicy, Review, Visibility
from plugins.rules.particulars import combined, read_particular, write_particular

HIDDEN, SHOWN = FieldPolicy(Visibility.HIDDEN), FieldPolicy(Visibility.SHOWN)
EDITABLE, REQUIRED = FieldPolicy(Visibility.EDITABLE), FieldPolicy(Visibility.REQUIRED)
REVIEWED = FieldPolicy(Visibility.EDITABLE, Review.AGENT)


@pytest.mark.parametrize(
    ("policies", "together"),
    [
        ((HIDDEN,), HIDDEN),
        ((HIDDEN, SHOWN), SHOWN),
        ((SHOWN, EDITABLE), EDITABLE),
        ((EDITABLE, REQUIRED), REQUIRED),
        ((EDITABLE, REVIEWED), REVIEWED),
        ((REQUIRED, REVIEWED), FieldPolicy(Visibility.REQUIRED, Review.AGENT)),
        ((FieldPolicy(Visibility.SHOWN, Review.AGENT), EDITABLE), EDITABLE),
    ],
)
def test_a_family_of_several_services_does_what_one_allows_as_carefully_as_any_asks(
    policies: tuple[FieldPolicy, ...], together: FieldPolicy
) -> None:
    assert combined(policies) == together == combined(policies[::-1])


def test_no_policy_makes_none() -> None:
    with pytest.raises(RuleError, match="No policy to combine"):
        combined(())


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        ("phone", "06 12 34 56 78", "06 12 34 56 78"),
        ("phone", "", ""),
        ("birth_date", date(2018, 3, 14), "2018-03-14"),
        ("birth_date", None, ""),
    ],
)
def test_a_value_is_read_back_as_it_was(name: str, value: str | date | None, written: str) -> None:
    assert (write_particular(value), read_particular(name, written)) == (written, value)
