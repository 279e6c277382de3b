"""Which documents of a household's vault serve in a child's file: those of last year and of siblings, while valid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from uuid import UUID

from plugins.rules.calendar import SchoolYear
from plugins.rules.dossiers import DossierPolicy, RequiredDocument, Validity


class Holder(Enum):
    """Whom a document of the vault is about, seen from one child."""

    CHILD = "CHILD"
    HOUSEHOLD = "HOUSEHOLD"
    SIBLING = "SIBLING"


@dataclass(frozen=True, slots=True)
class HeldDocument:
    """A document that the household keeps: its kind, whom it is about, and since and until when it stands."""

    key: UUID
    code: str
    holder: Holder
    given_on: date
    valid_until: date | None = None
    refused: bool = False


def asked_since(policy: DossierPolicy, year: SchoolYear) -> date:
    """From which day a document counts as handed in for a school year.

    The day its files open; where they are always open, 1 January of the year in which school starts.
    """
    return policy.opens_on or date(year.start, 1, 1)


def serves(asked: RequiredDocument, held: HeldDocument, since: date, today: date) -> bool:
    """True when a kept document answers what a file asks.

    A sibling's serves when one document is enough for all; one that is asked every year was handed in ``since``.
    """
    for_this_child = asked.shared or held.holder is not Holder.SIBLING
    in_time = asked.validity is not Validity.SCHOOL_YEAR or held.given_on >= since
    stands = not held.refused and (held.valid_until is None or held.valid_until >= today)
    return asked.code == held.code and for_this_child and in_time and stands


def chosen(
    documents: Sequence[RequiredDocument], vault: Sequence[HeldDocument], since: date, today: date
) -> Mapping[str, HeldDocument]:
    """The document of the vault that serves for each code asked: the child's own first, then the newest.

    ``vault`` is in the order in which documents came.
    """
    found: dict[str, HeldDocument] = {}
    for asked in documents:
        serving = [held for held in vault if serves(asked, held, since, today)]
        if serving:
            found[asked.code] = sorted(serving, key=lambda held: held.holder is Holder.CHILD)[-1]
    return found
