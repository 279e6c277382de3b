"""What a household owes and paid, written line after line: the sum of the lines is the balance."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

PAID_BY = {
    "card": "par carte bancaire",
    "cash": "en espèces",
    "cheque": "par chèque",
    "cesu": "en CESU",
    "debit": "par prélèvement",
}
"""How a payment was made, by the code that is kept with it; another code is not said."""


class EntryKind(Enum):
    """What a line of an account is, in the order in which those of one day are read."""

    INVOICE = "INVOICE"
    CREDIT_NOTE = "CREDIT_NOTE"
    WRITE_OFF = "WRITE_OFF"
    PAYMENT = "PAYMENT"
    REVERSAL = "REVERSAL"
    REFUND = "REFUND"

    def say(self) -> str:
        """« facture », « avoir », « encaissement »: as a journal names it."""
        return _WORDS[self]


_WORDS = {
    EntryKind.INVOICE: "facture",
    EntryKind.CREDIT_NOTE: "avoir",
    EntryKind.WRITE_OFF: "remise",
    EntryKind.PAYMENT: "encaissement",
    EntryKind.REVERSAL: "annulation",
    EntryKind.REFUND: "remboursement",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: positive cents are owed by the household, negative ones are not any more or were paid. French label.

    ``day`` is on the clocks of the commune; ``key`` tells two lines of one day and kind apart.
    """

    day: date
    kind: EntryKind
    label: str
    cents: int
    key: str


@dataclass(frozen=True, slots=True)
class Line:
    """An entry and the balance after it: what the household owes, below zero what it is owed."""

    entry: Entry
    balance_cents: int


def statement(entries: Iterable[Entry]) -> tuple[Line, ...]:
    """The lines of an account, oldest first, each with the balance after it."""
    order = {kind: place for place, kind in enumerate(EntryKind)}
    balance, lines = 0, []
    for entry in sorted(entries, key=lambda each: (each.day, order[each.kind], each.key)):
        balance += entry.cents
        lines.append(Line(entry, balance))
    return tuple(lines)
