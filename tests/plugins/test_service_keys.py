"""A « clé enfance » is dictated, typed any way one likes, and never mistaken."""

from collections.abc import Iterator

import pytest

from plugins.rules.service_keys import LETTERS, draw_key, read_key


def first_of(among: str) -> str:
    """A choice that is no choice."""
    return among[0]


def test_a_key_has_the_shape_that_the_guide_of_melle_shows() -> None:
    turns: Iterator[int] = iter(range(10))
    assert draw_key(first_of) == "0000-HHH-000"
    assert draw_key(lambda among: among[next(turns)]) == "0123-MRT-789"


def test_no_letter_is_taken_for_another_one_or_for_a_digit() -> None:
    assert set(LETTERS) & set("0O1IQUVBDPCGFSN") == set()


@pytest.mark.parametrize("typed", ["4072-KRX-815", "4072krx815", " 4072 KRX 815 ", "4072-krx\u00a0815", "4072–KRX–815"])
def test_a_key_is_read_with_or_without_its_dashes(typed: str) -> None:
    assert read_key(typed) == "4072-KRX-815"


@pytest.mark.parametrize(
    "typed", ["", "4072-KRX-81", "4072-KRX-8155", "4072-KR1-815", "4O72-KRX-815", "4072-KRV-815", "٤072-KRX-815"]
)
def test_what_has_not_the_shape_of_a_key_is_none(typed: str) -> None:
    assert read_key(typed) is None
