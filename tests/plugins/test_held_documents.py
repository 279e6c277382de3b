"""Which documents of the vault serve in a child's file: by validity, by child, and the newest."""

from datetime import date
from uuid import UUID

import pytest

from plugins.rules.calendar import SchoolYear
from plugins.rules.dossiers import DossierPolicy, RequiredDocument, Validity
from plugins.rules.held_documents import HeldDocument, Holder, asked_since, chosen, serves

SINCE, TODAY = date(2026, 6, 1), date(2026, 9, 15)
YEARLY = RequiredDocument("fiche", "Fiche")
LASTING = RequiredDocument("fiche", "Fiche", validity=Validity.LASTING)
SHARED = RequiredDocument("fiche", "Fiche", shared=True)


def held(
    given_on: date = SINCE,
    holder: Holder = Holder.CHILD,
    valid_until: date | None = None,
    *,
    refused: bool = False,
    key: int = 1,
) -> HeldDocument:
    """A document of the vault."""
    return HeldDocument(UUID(int=key), "fiche", holder, given_on, valid_until, refused)


@pytest.mark.parametrize(
    ("asked", "document", "expected"),
    [
        (YEARLY, held(SINCE), True),
        (YEARLY, held(date(2026, 5, 31)), False),  # last year's
        (LASTING, held(date(2019, 1, 1)), True),
        (LASTING, held(valid_until=TODAY), True),
        (LASTING, held(valid_until=date(2026, 9, 14)), False),
        (LASTING, held(refused=True), False),
        (YEARLY, held(holder=Holder.HOUSEHOLD), True),
        (YEARLY, held(holder=Holder.SIBLING), False),
        (SHARED, held(holder=Holder.SIBLING), True),
        (RequiredDocument("rib", "RIB"), held(), False),
    ],
)
def test_a_document_serves_while_it_is_valid_and_for_whom_it_may(
    asked: RequiredDocument, document: HeldDocument, expected: bool
) -> None:
    assert serves(asked, document, SINCE, TODAY) is expected


def test_the_child_s_own_document_comes_first_then_the_newest() -> None:
    first, second, for_all = held(key=1), held(key=2), held(holder=Holder.HOUSEHOLD, key=3)
    assert chosen((SHARED,), [first, second, for_all], SINCE, TODAY) == {"fiche": second}
    assert chosen((SHARED,), [for_all], SINCE, TODAY) == {"fiche": for_all}
    assert chosen((SHARED,), [held(refused=True)], SINCE, TODAY) == {}


@pytest.mark.parametrize(("opens_on", "since"), [(SINCE, SINCE), (None, date(2026, 1, 1))])
def test_a_yearly_document_counts_from_the_opening_of_the_files(opens_on: date | None, since: date) -> None:
    assert asked_since(DossierPolicy(True, opens_on, (), "Un dossier."), SchoolYear(2026)) == since
