"""A household's credit: used on its invoices, or given back by the commune."""

from collections.abc import Sequence
from enum import Enum
from uuid import UUID

from plugins.rules.counters import CounterMeans
from plugins.rules.french import euros
from resolvers.billing.credit_notes import require_reason
from resolvers.billing.payers import pays_for
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.idempotency import recall, remember
from resolvers.models import Household, Invoice, Refund
from resolvers.models.billing import InvoiceState
from resolvers.models.tenancy import unit_of_work
from resolvers.paying.allocations import credit_cents, hold_account, use_credit
from resolvers.paying.counter_payments import most_paid_by
from resolvers.paying.payable import refuse_collected

REFUND = "refundRecord"
SPEND = "creditUse"


class RefundMeans(Enum):
    """How money is given back: never out of the drawer of the régie, whose receipts are banked whole."""

    TRANSFER = "transfer"
    CHEQUE = "cheque"


@unit_of_work
async def refund(
    ctx: Context, household_id: UUID, cents: int, means: RefundMeans, reason: str, key: str | None
) -> Refund:
    """Write down that the commune gave back part of a household's credit.

    Refused: NOT_FOUND, BLANK and INVALID (reason), INVALID (more than the credit), and as ``idempotency.recall``.
    """
    asked = {"household": str(household_id), "cents": cents, "means": means.name, "reason": reason}
    answered = await recall(ctx, REFUND, key, asked)
    if answered is not None:
        return await Refund.get(id=UUID(answered["refund"]))
    require_reason(reason)
    if not await Household.filter(id=household_id).exists():
        raise not_found("Foyer", "householdId")
    await hold_account(household_id)
    credit = await credit_cents(household_id)
    if not 0 < cents <= credit:
        raise Refused(
            Code.INVALID,
            f"Ce foyer a {euros(max(0, credit))} à son crédit : {euros(cents)} ne peuvent pas être remboursés.",
            field=("amount",),
        )
    done = await Refund.create(
        household_id=household_id,
        amount_cents=cents,
        means=means.value,
        reason=reason,
        entered_by=ctx.viewer.account_id,
        paid_on=ctx.local_now.date(),
        at=ctx.now,
    )
    await remember(ctx, REFUND, key, asked, {"refund": str(done.id)})
    return done


@unit_of_work
async def spend(ctx: Context, invoice_ids: Sequence[UUID], key: str | None) -> list[UUID]:
    """Pay invoices of one household out of its credit, the oldest due first; returns those that received something.

    What is left of titles (CESU) pays what titles pay, and is used first. Refused: NOT_FOUND (of several households or
    not the viewer's to pay included), COLLECTION_PENDING while a remittance collects one, NOTHING_TO_USE when there is
    no credit or nothing is owed, and as ``idempotency.recall``.
    """
    asked = {"invoices": sorted(map(str, invoice_ids))}
    answered = await recall(ctx, SPEND, key, asked)
    if answered is not None:
        return [UUID(each) for each in answered["invoices"]]
    rows = await Invoice.filter(id__in=list(invoice_ids), state=InvoiceState.ISSUED)
    households = {row.household_id for row in rows}
    if not rows or len(rows) < len(set(invoice_ids)) or len(households) > 1:
        raise not_found("Facture", "invoiceIds")
    (household_id,) = households
    if not pays_for(ctx, household_id):
        raise not_found("Facture", "invoiceIds")
    await hold_account(household_id)
    locked = await Invoice.filter(id__in=[row.id for row in rows]).order_by("id").select_for_update()
    await refuse_collected(ctx, locked)
    keys = [row.id for row in locked]
    parts = await use_credit(household_id, keys, ctx.now, await most_paid_by(ctx, CounterMeans.CESU, keys))
    if not parts:
        raise Refused(
            Code.NOTHING_TO_USE,
            "Ce foyer n'a pas de crédit à utiliser, ou rien n'est dû sur ces factures. Des CESU ne règlent que ce que "
            "facturent les services qui les prennent.",
            field=("invoiceIds",),
        )
    settled = [place for place in parts if place is not None]
    await remember(ctx, SPEND, key, asked, {"invoices": list(map(str, settled))})
    return settled
