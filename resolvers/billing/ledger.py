"""The account of a household: every invoice, correction, payment and refund, and what remains of them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from plugins.rules.ledger import PAID_BY, Entry, EntryKind, Line, statement
from resolvers.context import Context
from resolvers.models import Allocation, CreditNote, Invoice, Payment, Refund, WriteOff
from resolvers.models.billing import InvoiceState
from resolvers.paying.allocations import owed_cents


@dataclass(frozen=True, slots=True)
class Account:
    """The lines, oldest first, what is owed on invoices, and the credit that nothing claims.

    The balance is always the sum of the lines, and what is owed less the credit.
    """

    household_id: UUID
    lines: tuple[Line, ...]
    owed_cents: int
    credit_cents: int

    @property
    def balance_cents(self) -> int:
        """What the household owes; below zero, what it is owed."""
        return self.lines[-1].balance_cents if self.lines else 0


async def account_of(ctx: Context, household_id: UUID) -> Account:
    """The account of a household that the viewer may see, from its rows: six statements."""
    invoices = await Invoice.filter(household_id=household_id, state=InvoiceState.ISSUED)
    payments = await Payment.filter(household_id=household_id)
    refunds = await Refund.filter(household_id=household_id)
    numbers = {row.id: row.number or "" for row in invoices}
    unused = await Allocation.filter(household_id=household_id, invoice_id__isnull=True).only("amount_cents")
    entries = [
        *(_invoice(row) for row in invoices),
        *(_credit_note(row, numbers) for row in await CreditNote.filter(household_id=household_id)),
        *(_write_off(ctx, row, numbers) for row in await WriteOff.filter(household_id=household_id)),
        *(_payment(ctx, row) for row in payments),
        *(_reversal(ctx, row, row.reversed_at) for row in payments if row.reversed_at),
        *(_refund(row) for row in refunds),
    ]
    credit = sum(row.amount_cents for row in unused) - sum(row.amount_cents for row in refunds)
    return Account(household_id, statement(entries), sum(map(owed_cents, invoices)), credit)


def _day(ctx: Context, at: datetime) -> date:
    return at.astimezone(ctx.commune.tz).date()


def _invoice(row: Invoice) -> Entry:
    issued_on = row.issued_on or row.prepared_at.date()
    return Entry(issued_on, EntryKind.INVOICE, f"Facture {row.number}", row.total_cents, str(row.id))


def _credit_note(row: CreditNote, numbers: dict[UUID, str]) -> Entry:
    label = f"Avoir {row.number} sur la facture {numbers.get(row.invoice_id, '')} : {row.reason}"
    return Entry(row.issued_on, EntryKind.CREDIT_NOTE, label, -row.total_cents, str(row.id))


def _write_off(ctx: Context, row: WriteOff, numbers: dict[UUID, str]) -> Entry:
    """Its reason is the commune's: the family reads that it owes no more."""
    label = f"Remise sur la facture {numbers.get(row.invoice_id, '')}"
    return Entry(_day(ctx, row.at), EntryKind.WRITE_OFF, label, -row.cents, str(row.id))


def _payment(ctx: Context, row: Payment) -> Entry:
    label = " ".join(word for word in ("Paiement", PAID_BY.get(row.means, "")) if word)
    return Entry(_day(ctx, row.paid_at), EntryKind.PAYMENT, label, -row.amount_cents, str(row.id))


def _reversal(ctx: Context, row: Payment, reversed_at: datetime) -> Entry:
    label = f"Paiement annulé : {row.reversal}"
    return Entry(_day(ctx, reversed_at), EntryKind.REVERSAL, label, row.amount_cents, str(row.id))


def _refund(row: Refund) -> Entry:
    return Entry(row.paid_on, EntryKind.REFUND, f"Remboursement : {row.reason}", row.amount_cents, str(row.id))
