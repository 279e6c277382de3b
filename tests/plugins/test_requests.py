"""Requests: their numbers, the words families read, and who may move them."""

from itertools import product

import pytest

from plugins.rules.errors import RuleError
from plugins.rules.requests import Party, RequestKind, RequestState, may_move, request_number

DRAFT, SENT, IN_REVIEW = RequestState.DRAFT, RequestState.SENT, RequestState.IN_REVIEW
AWAITING, ACCEPTED = RequestState.AWAITING_FAMILY, RequestState.ACCEPTED
REFUSED, CANCELLED = RequestState.REFUSED, RequestState.CANCELLED


def test_each_side_moves_a_request_where_it_may_and_nowhere_else() -> None:
    moves = {
        party: {(now, to) for now, to in product(RequestState, RequestState) if may_move(now, to, party)}
        for party in Party
    }
    assert moves == {
        Party.FAMILY: {
            (DRAFT, SENT),
            (AWAITING, IN_REVIEW),
            *((now, CANCELLED) for now in (DRAFT, SENT, IN_REVIEW, AWAITING)),
        },
        Party.SERVICE: {
            (SENT, IN_REVIEW),
            (SENT, AWAITING),
            (IN_REVIEW, AWAITING),
            *product((SENT, IN_REVIEW, AWAITING), (ACCEPTED, REFUSED)),
        },
    }


def test_a_decided_or_cancelled_request_is_final() -> None:
    assert {state for state in RequestState if state.is_final} == {ACCEPTED, REFUSED, CANCELLED}


def test_families_read_where_a_request_stands_in_the_words_of_the_guides() -> None:
    assert [state.say() for state in RequestState] == [
        "Brouillon",
        "Envoyée",
        "En cours d'instruction",
        "En attente de votre réponse",
        "Traitée positivement",
        "Traitée négativement",
        "Annulée",
    ]
    assert len({kind.say() for kind in RequestKind}) == len(RequestKind)


@pytest.mark.parametrize(("year", "sequence", "number"), [(2026, 1, "D-2026-000001"), (2030, 999_999, "D-2030-999999")])
def test_a_number_says_its_year_and_its_place(year: int, sequence: int, number: str) -> None:
    assert request_number(year, sequence) == number


@pytest.mark.parametrize(("year", "sequence"), [(2026, 0), (2026, 1_000_000), (26, 1)])
def test_a_number_that_cannot_be_is_refused(year: int, sequence: int) -> None:
    with pytest.raises(RuleError, match=f"Request number {sequence} of {year}"):
        request_number(year, sequence)
