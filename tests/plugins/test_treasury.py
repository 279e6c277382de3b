"""What the treasury is told: lines that add up to the entries, two tables, and files with a sensible name."""

from datetime import date
from typing import Any

import pytest

from plugins.defaults import TREASURY_EXPORTS
from plugins.rules.errors import RuleError
from plugins.rules.ledger import EntryKind
from plugins.rules.overdue import HEADINGS, OverdueInvoice
from plugins.rules.spreadsheets import CSV, rows_of
from plugins.rules.titres import TitreReference
from plugins.rules.treasury import (
    MONEY_MOVED,
    StatementLine,
    TreasuryEntry,
    TreasuryExport,
    TreasuryLedger,
    statement_of,
    total_of,
)
from plugins.rules.treasury_tables import journal, statement

CANTEEN: dict[str, Any] = {"invoice": "2026-ENF-000001", "service": "enfance", "activity": "Restauration scolaire"}


def entry(kind: EntryKind, cents: int, **more: Any) -> TreasuryEntry:
    """An entry of 2 November 2026."""
    moved = {"means": "cash"} if kind in MONEY_MOVED else {}
    return TreasuryEntry(
        **{
            "day": date(2026, 11, 2),
            "kind": kind,
            "reference": "2026-ENF-000001",
            "household": "TEST",
            "cents": cents,
            "due_on": date(2026, 12, 2) if kind is EntryKind.INVOICE else None,
            **moved,
            **more,
        }
    )


PAID = {"means": "cheque", "route": "guichet", "reference": "2026-Q-000001", "note": "chèque n° 1234567, Banque TEST"}
ENTRIES = (
    entry(EntryKind.INVOICE, 12_50, **CANTEEN),
    entry(EntryKind.CREDIT_NOTE, -2_50, **CANTEEN),
    entry(EntryKind.WRITE_OFF, -1_00, **CANTEEN),
    entry(EntryKind.PAYMENT, -9_00, **CANTEEN, **PAID, deposit="2026-B-000001"),
    entry(EntryKind.PAYMENT, -1_00, **PAID, deposit="2026-B-000001"),
    entry(EntryKind.REVERSAL, 4_00, **CANTEEN, means="cash", route="guichet"),
    entry(EntryKind.REFUND, 50, means="transfer", household="=TESTBIS"),
)
LEDGER = TreasuryLedger(commune="village", first_day=date(2026, 11, 1), last_day=date(2026, 11, 30), entries=ENTRIES)


def test_lines_say_what_each_activity_and_means_of_payment_brought() -> None:
    assert statement_of(ENTRIES) == (
        StatementLine("", "", "", "transfer", refunded_cents=50),
        StatementLine("", "", "guichet", "cheque", received_cents=1_00),
        StatementLine("enfance", "Restauration scolaire", invoiced_cents=12_50, cleared_cents=3_50),
        StatementLine("enfance", "Restauration scolaire", "guichet", "cash", reversed_cents=4_00),
        StatementLine("enfance", "Restauration scolaire", "guichet", "cheque", received_cents=9_00),
    )


def test_the_total_is_what_the_entries_add_up_to() -> None:
    total = total_of(statement_of(ENTRIES))
    assert (total.collected_cents, total.balance_cents) == (5_50, sum(each.cents for each in ENTRIES))


def test_the_journal_has_a_row_for_each_entry_debit_and_credit_apart() -> None:
    rows = journal(LEDGER).decode("utf-8-sig").splitlines()
    assert (len(rows), rows[1], rows[4], rows[7]) == (
        8,
        "02/11/2026;facture;2026-ENF-000001;2026-ENF-000001;02/12/2026;TEST;enfance;Restauration scolaire;;;12,50;;;",
        "02/11/2026;encaissement;2026-Q-000001;2026-ENF-000001;;TEST;enfance;Restauration scolaire;guichet;chèque;;"
        "9,00;2026-B-000001;chèque n° 1234567, Banque TEST",
        "02/11/2026;remboursement;2026-ENF-000001;;;'=TESTBIS;;;;virement;0,50;;;",
    )


def test_the_statement_ends_with_what_its_rows_add_up_to() -> None:
    rows = [row.split(";") for row in statement(LEDGER).decode("utf-8-sig").splitlines()]
    assert rows[-1] == ["TOTAL", "", "", "", "12,50", "3,50", "10,00", "4,00", "0,50", "5,50"]
    for column in range(4, 10):
        *parts, total = [float(row[column].replace(",", ".")) for row in rows[1:]]
        assert sum(parts) == pytest.approx(total)


def test_the_portal_s_own_files_are_named_after_their_days() -> None:
    named = [each.named(date(2026, 11, 1), date(2026, 11, 30)) for each in TREASURY_EXPORTS]
    assert named == ["journal-20261101-20261130.csv", "etat-d-encaissement-20261101-20261130.csv"]
    assert TREASURY_EXPORTS[1].say() == "État d'encaissement (fichier text/csv)."


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": EntryKind.PAYMENT, "means": ""},
        {"kind": EntryKind.CREDIT_NOTE, "means": "cash"},
        {"kind": EntryKind.INVOICE, "due_on": None},
        {"kind": EntryKind.REFUND, "due_on": date(2026, 12, 2)},
    ],
)
def test_an_entry_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(RuleError, match="2026-ENF-000001"):
        entry(cents=1, **wrong)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [(date(2026, 11, 30), date(2026, 11, 1), "swap"), (date(2026, 11, 3), date(2026, 11, 30), "is of 2026-11-02")],
)
def test_a_ledger_holds_the_entries_of_its_days(first: date, last: date, said: str) -> None:
    with pytest.raises(RuleError, match=said):
        TreasuryLedger(commune="village", first_day=first, last_day=last, entries=ENTRIES)


@pytest.mark.parametrize(
    ("code", "label", "file_name", "said"),
    [
        ("Pes", "PES", "pes.xml", "code"),
        ("pes", "", "pes.xml", "Label"),
        ("pes", "PES", "pes-{today}.xml", "File name"),
        ("pes", "PES", "../pes.xml", "File name"),
        ("pes", "PES", "pes {first}.xml", "File name"),
    ],
)
def test_a_file_has_a_code_a_label_and_a_plain_name(code: str, label: str, file_name: str, said: str) -> None:
    with pytest.raises(RuleError, match=said):
        TreasuryExport(code, label, file_name, CSV, journal)


def test_an_overdue_invoice_is_a_row() -> None:
    late = OverdueInvoice(
        key="1", number="2026-ENF-000001", household_key="2", household="TEST", due_on=date(2026, 12, 2), days_late=30,
        owed_cents=12_50, reminders=1, reminded_on=date(2026, 12, 17), is_paid_elsewhere=True,
        titre=TitreReference(2026, 1234, 1),
    )  # fmt: skip
    assert rows_of([HEADINGS, late.cells()]).decode().splitlines() == [
        "Facture;Foyer;Échéance;Jours de retard;Reste dû;Rappels;Dernier rappel;Titre;À savoir",
        "2026-ENF-000001;TEST;02/12/2026;30;12,50;1;17/12/2026;2026-1234-1;"
        "Payable au Trésor public : le portail ne sait pas si cette facture est réglée.",
    ]


@pytest.mark.parametrize(("days_late", "owed_cents"), [(0, 100), (3, 0)])
def test_what_is_not_late_or_not_owed_is_not_overdue(days_late: int, owed_cents: int) -> None:
    with pytest.raises(RuleError, match="days late"):
        OverdueInvoice(
            key="1", number="1", household_key="2", household="TEST", due_on=date(2026, 12, 2), days_late=days_late,
            owed_cents=owed_cents,
        )  # fmt: skip
