"""What the treasury is told of a period: every movement of the households' accounts, activity by activity.

The entries are those of the accounts (``plugins.rules.ledger``), on the day they were written, and add up to them. A
payment counts on the day it was booked: a day that is over keeps its totals, by route and means, while the activities
that its payments paid follow later corrections.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from string import Formatter

from plugins.rules.errors import RuleError
from plugins.rules.ledger import EntryKind
from plugins.rules.texts import require_code, require_line

MONEY_MOVED = frozenset({EntryKind.PAYMENT, EntryKind.REVERSAL, EntryKind.REFUND})


@dataclass(frozen=True, slots=True, kw_only=True)
class TreasuryEntry:
    """One movement, or the part of it that is of one invoice and one activity.

    ``cents`` are signed as in the account: positive is owed by the household, negative was paid or is owed no more.
    ``reference`` is the number of the invoice, of the credit note or of the receipt; ``invoice`` is empty on what is
    the household's credit, ``service`` (a code) and ``activity`` on what is of none. ``route`` and ``means`` say how
    money moved, ``note`` what was written of it (the number of a cheque, the reason), ``deposit`` the slip it was
    banked with. ``due_on`` is that of an invoice.
    """

    day: date
    kind: EntryKind
    reference: str
    household: str
    cents: int
    invoice: str = ""
    service: str = ""
    activity: str = ""
    route: str = ""
    means: str = ""
    note: str = ""
    deposit: str = ""
    due_on: date | None = None

    def __post_init__(self) -> None:
        if (self.kind in MONEY_MOVED) != bool(self.means):
            raise RuleError(f"Entry {self.reference}: {self.kind.name} and {self.means!r} as its means of payment.")
        if (self.kind is EntryKind.INVOICE) != (self.due_on is not None):
            raise RuleError(f"Entry {self.reference}: an invoice, and nothing else, has a day to be paid by.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TreasuryLedger:
    """Every entry of some days, in order. ``services`` are the codes of those it is limited to, empty for all."""

    commune: str
    first_day: date
    last_day: date
    entries: tuple[TreasuryEntry, ...]
    services: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise RuleError(f"Ledger from {self.first_day} to {self.last_day}: swap them.")
        outside = [entry for entry in self.entries if not self.first_day <= entry.day <= self.last_day]
        if outside:
            raise RuleError(f"Ledger to {self.last_day}: {outside[0].reference} is of {outside[0].day}.")


@dataclass(frozen=True, slots=True)
class StatementLine:
    """What was claimed and collected for an activity of a service; ``route`` and ``means`` where money moved.

    Amounts are cents, all positive but where corrections exceed what they correct; ``cleared_cents`` is what credit
    notes and write-offs took off.
    """

    service: str = ""
    activity: str = ""
    route: str = ""
    means: str = ""
    invoiced_cents: int = 0
    cleared_cents: int = 0
    received_cents: int = 0
    reversed_cents: int = 0
    refunded_cents: int = 0

    @property
    def collected_cents(self) -> int:
        """What was received and stays."""
        return self.received_cents - self.reversed_cents - self.refunded_cents

    @property
    def balance_cents(self) -> int:
        """What is owed more after it than before: the sum of its entries."""
        return self.invoiced_cents - self.cleared_cents - self.collected_cents


def statement_of(entries: Iterable[TreasuryEntry]) -> tuple[StatementLine, ...]:
    """The lines of the statement « état d'encaissement »: one for each service, activity, route and means."""
    sums: defaultdict[tuple[str, str, str, str], defaultdict[EntryKind, int]] = defaultdict(lambda: defaultdict(int))
    for entry in entries:
        sums[entry.service, entry.activity, entry.route, entry.means][entry.kind] += entry.cents
    return tuple(_line(*key, of_kind) for key, of_kind in sorted(sums.items()))


def total_of(lines: Iterable[StatementLine]) -> StatementLine:
    """What the lines add up to, under no name."""
    lines = tuple(lines)
    return StatementLine(
        invoiced_cents=sum(line.invoiced_cents for line in lines),
        cleared_cents=sum(line.cleared_cents for line in lines),
        received_cents=sum(line.received_cents for line in lines),
        reversed_cents=sum(line.reversed_cents for line in lines),
        refunded_cents=sum(line.refunded_cents for line in lines),
    )


def _line(service: str, activity: str, route: str, means: str, of_kind: dict[EntryKind, int]) -> StatementLine:
    return StatementLine(
        service,
        activity,
        route,
        means,
        invoiced_cents=of_kind.get(EntryKind.INVOICE, 0),
        cleared_cents=-of_kind.get(EntryKind.CREDIT_NOTE, 0) - of_kind.get(EntryKind.WRITE_OFF, 0),
        received_cents=-of_kind.get(EntryKind.PAYMENT, 0),
        reversed_cents=of_kind.get(EntryKind.REVERSAL, 0),
        refunded_cents=of_kind.get(EntryKind.REFUND, 0),
    )


@dataclass(frozen=True, slots=True)
class TreasuryExport:
    """A file for the treasury, as an agent asks for it.

    ``file_name`` may hold ``{first}`` and ``{last}``, the days of the period written as 20261130. ``write`` is pure:
    the same ledger always gives the same bytes.
    """

    code: str
    label: str
    file_name: str
    media_type: str
    write: Callable[[TreasuryLedger], bytes]

    def __post_init__(self) -> None:
        require_code(self.code, "Treasury export code")
        require_line(self.label, f"Label of treasury export {self.code}")
        require_line(self.media_type, f"Media type of treasury export {self.code}")
        unknown = {name for _, name, _, _ in Formatter().parse(self.file_name) if name} - {"first", "last"}
        if unknown or not re.fullmatch(r"[A-Za-z0-9._-]+", self.named(date.min, date.max)):
            raise RuleError(f"File name {self.file_name!r}: letters, digits, « - _ . », {{first}} and {{last}} only.")

    def named(self, first: date, last: date) -> str:
        """The name of the file of a period."""
        return self.file_name.format(first=f"{first:%Y%m%d}", last=f"{last:%Y%m%d}")

    def say(self) -> str:
        """What an agent may download, in one French sentence."""
        return f"{self.label} (fichier {self.media_type.partition(';')[0]})."
