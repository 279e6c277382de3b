"""Where the money of payments goes: the invoices that it settles, never above what each owes, and credit.

The rows of a payment always add up to it; ``Invoice.paid_cents`` is the sum of the rows of an invoice.
"""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from plugins.rules.allocation import Claim, spread
from resolvers.models import Allocation, Invoice, Payment


def owed_cents(invoice: Invoice) -> int:
    """What remains to pay of an invoice, in cents: neither paid nor cleared by a credit note or a write-off."""
    return invoice.total_cents - invoice.paid_cents - invoice.cleared_cents


async def allocate(payment: Payment, asked: Mapping[UUID, int], now: datetime) -> int:
    """Spread a payment over invoices of its household, by the cents asked for each; returns what became credit.

    To call once per payment, in the transaction that books it: it locks the invoices, in the order of their ids.
    """
    rows = Invoice.filter(id__in=list(asked), household_id=payment.household_id)
    invoices = {str(row.id): row for row in await rows.order_by("id").select_for_update()}
    claims = [
        Claim(key, row.due_on or date.max, owed_cents(row), asked_cents=asked[row.id]) for key, row in invoices.items()
    ]
    parts = spread(payment.amount_cents, claims)
    for key, part in parts.items():
        await receive(invoices[key], part, now)
        await _allot(payment, invoices[key].id, part)
    credit = payment.amount_cents - sum(parts.values())
    if credit:
        await _allot(payment, None, credit)
    return credit


async def receive(invoice: Invoice, cents: int, now: datetime) -> None:
    """Add to what an invoice, locked, has received; it is paid at ``now`` when nothing remains."""
    invoice.paid_cents += cents
    invoice.paid_at = None if owed_cents(invoice) else now
    await invoice.save(update_fields=["paid_cents", "paid_at"])


async def _allot(payment: Payment, invoice_id: UUID | None, cents: int) -> None:
    await Allocation.create(
        payment_id=payment.id, household_id=payment.household_id, invoice_id=invoice_id, amount_cents=cents
    )
