"""A remittance « remise de prélèvements »: everything its file tells the bank, tested without writing it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from plugins.rules.bank_files import BankFile
from plugins.rules.direct_debits import SepaCreditor
from plugins.rules.errors import RuleError
from plugins.rules.french import euros, say_date

Sequence = Literal["FRST", "RCUR"]  # the first collection of a mandate, or one of the following

_REFERENCE = re.compile(r"(?!/)[A-Za-z0-9/?:().,'+ -]{1,35}(?<!/)")
LARGEST_CENTS = 99_999_999_999  # 999 999 999,99 €, the largest amount of the scheme


@dataclass(frozen=True, slots=True)
class Amendment:
    """What changed in a mandate since the bank last saw it: its reference, the account it debits, or both."""

    former_reference: str | None
    other_account: bool

    def say(self) -> str:
        """« mandat ENF-2025-000007 modifié, nouveau compte »."""
        former = f"mandat {self.former_reference} modifié" if self.former_reference else "mandat modifié"
        return f"{former}, nouveau compte" if self.other_account else former


@dataclass(frozen=True, slots=True)
class Debit:
    """One collection: the amount in cents, the mandate it relies on, and the account it takes it from."""

    end_to_end_id: str
    sequence: Sequence
    cents: int
    mandate: str
    signed_on: date
    holder: str
    iban: str
    bic: str
    label: str
    amendment: Amendment | None = None

    def __post_init__(self) -> None:
        for text in (self.end_to_end_id, self.mandate):
            if not _REFERENCE.fullmatch(text):
                raise RuleError(f"Reference {text!r} of a collection: 1 to 35 letters and digits that banks read.")
        if self.sequence not in get_args(Sequence):
            raise RuleError(f"Collection {self.end_to_end_id}: {self.sequence!r} is neither FRST nor RCUR.")
        if not 1 <= self.cents <= LARGEST_CENTS:
            raise RuleError(f"Collection {self.end_to_end_id} of {self.cents} cents: 1 cent at least.")

    def __repr__(self) -> str:
        """Never the account: what is logged stays unknown."""
        return f"Debit({self.end_to_end_id}, {self.cents})"

    def say(self) -> str:
        """« 12,50 € par le mandat ENF-2026-000123 »."""
        return f"{euros(self.cents)} par le mandat {self.mandate}"


@dataclass(frozen=True, slots=True)
class RemittanceFile:
    """A file to the bank. The same values always make the same file; ``made_at`` is the commune's own time."""

    message_id: str
    made_at: datetime
    collect_on: date
    format: BankFile
    creditor: SepaCreditor
    debits: tuple[Debit, ...]

    def __post_init__(self) -> None:
        if not self.debits:
            raise RuleError(f"Remittance {self.message_id}: it collects nothing.")
        if len({debit.end_to_end_id for debit in self.debits}) != len(self.debits):
            raise RuleError(f"Remittance {self.message_id}: two collections have one reference.")

    @property
    def total_cents(self) -> int:
        """What all its collections add up to."""
        return sum(debit.cents for debit in self.debits)

    def batches(self) -> Iterator[tuple[Sequence, tuple[Debit, ...]]]:
        """Its collections by kind, those of new mandates first; a kind without any is left out."""
        for sequence in get_args(Sequence):
            if debits := tuple(debit for debit in self.debits if debit.sequence == sequence):
                yield sequence, debits

    def say(self) -> str:
        """« Remise SDD-20261205-001 : 2 prélèvements le samedi 5 décembre 2026, 25,00 € »."""
        count = f"{len(self.debits)} prélèvement{'s' if len(self.debits) > 1 else ''}"
        return f"Remise {self.message_id} : {count} le {say_date(self.collect_on)}, {euros(self.total_cents)}"
