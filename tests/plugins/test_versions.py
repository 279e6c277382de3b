from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.rules.errors import RuleError
from plugins.rules.versions import versions

CAPS = versions(6000, (date(2024, 9, 1), 7000), (date(2025, 9, 1), 8500))


@pytest.mark.parametrize(
    ("day", "cap"),
    [
        (date(2000, 1, 1), 6000),
        (date(2024, 8, 31), 6000),
        (date(2024, 9, 1), 7000),
        (date(2025, 8, 31), 7000),
        (date(2025, 9, 1), 8500),
        (date(2090, 1, 1), 8500),
    ],
)
def test_a_version_holds_from_its_first_day_until_the_next_one(day: date, cap: int) -> None:
    assert CAPS.on(day) == cap


def test_versions_say_until_when_and_from_when() -> None:
    assert CAPS.say(str) == (
        "jusqu'au samedi 31 août 2024 : 6000 ; à partir du dimanche 1er septembre 2024 : 7000 ; "
        "à partir du lundi 1er septembre 2025 : 8500"
    )
    assert versions("toujours").say(str) == "toujours"


@pytest.mark.parametrize("second", [date(2024, 9, 1), date(2024, 8, 31)])
def test_versions_out_of_order_are_refused(second: date) -> None:
    with pytest.raises(RuleError, match="does not come after dimanche 1er septembre 2024"):
        versions(1, (date(2024, 9, 1), 2), (second, 3))


@given(st.lists(st.dates(), unique=True, max_size=6).map(sorted), st.dates())
def test_every_day_has_the_value_of_the_last_version_begun(starts: list[date], day: date) -> None:
    begun = [start for start in starts if start <= day]
    assert versions(None, *((start, start) for start in starts)).on(day) == (begun[-1] if begun else None)
