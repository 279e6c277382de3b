"""The two tables that the portal writes for every treasury: the journal, and the « état d'encaissement »."""

from plugins.rules.spreadsheets import Cell, amount, table
from plugins.rules.statements import say_means
from plugins.rules.treasury import StatementLine, TreasuryEntry, TreasuryLedger, statement_of, total_of

JOURNAL = (
    "Jour",
    "Nature",
    "Référence",
    "Facture",
    "Échéance",
    "Foyer",
    "Service",
    "Prestation",
    "Mode",
    "Moyen",
    "Dû",
    "Réglé",
    "Bordereau",
    "Note",
)
STATEMENT = (
    "Service",
    "Prestation",
    "Mode",
    "Moyen",
    "Facturé",
    "Déduit (avoirs, remises)",
    "Encaissé",
    "Annulé",
    "Remboursé",
    "Encaissement net",
)


def journal(ledger: TreasuryLedger) -> bytes:
    """Every entry, one a row, debit and credit apart."""
    return table(JOURNAL, map(_entry, ledger.entries))


def statement(ledger: TreasuryLedger) -> bytes:
    """What was claimed and collected by service, activity, route and means; the last row adds them up."""
    lines = statement_of(ledger.entries)
    total = total_of(lines)
    return table(STATEMENT, [*map(_line, lines), ("TOTAL", *_line(total)[1:])])


def _entry(entry: TreasuryEntry) -> tuple[Cell, ...]:
    return (
        entry.day,
        entry.kind.say(),
        entry.reference,
        entry.invoice,
        entry.due_on,
        entry.household,
        entry.service,
        entry.activity,
        entry.route,
        say_means(entry.means),
        amount(entry.cents) if entry.cents >= 0 else None,
        amount(-entry.cents) if entry.cents < 0 else None,
        entry.deposit,
        entry.note,
    )


def _line(line: StatementLine) -> tuple[Cell, ...]:
    return (
        line.service,
        line.activity,
        line.route,
        say_means(line.means),
        amount(line.invoiced_cents),
        amount(line.cleared_cents),
        amount(line.received_cents),
        amount(line.reversed_cents),
        amount(line.refunded_cents),
        amount(line.collected_cents),
    )
