"""Invoices that are past their due date, the oldest first: what the commune answers for « retards de paiement »."""

import logging
from collections.abc import AsyncIterator, Sequence
from datetime import date
from uuid import UUID

from tortoise.expressions import F, Q
from tortoise.functions import Sum
from tortoise.queryset import QuerySet

from plugins.rules.overdue import OverdueInvoice
from resolvers.billing.invoices import is_reported, references_of
from resolvers.context import Context
from resolvers.models import Household, Invoice
from resolvers.models.billing import InvoiceState
from resolvers.paying.allocations import owed_cents

AT_A_TIME = 500

Place = tuple[date, UUID]  # the due date and the key of an invoice

_log = logging.getLogger("portail.treasury")


async def overdue_page(ctx: Context, after: Place | None, limit: int) -> list[OverdueInvoice]:
    """The overdue invoices that follow one, among the households that the agent may see: three statements."""
    rows = _late(ctx)
    if after is not None:
        due_on, key = after
        rows = rows.filter(Q(due_on__gt=due_on) | Q(due_on=due_on, id__gt=key))
    return await _told(ctx, await rows.order_by("due_on", "id").limit(limit))


async def overdue_total(ctx: Context) -> tuple[int, int]:
    """How many invoices are overdue, and the cents that are left of them: one statement each."""
    rows = _late(ctx)
    left = rows.annotate(left=Sum(F("total_cents") - F("paid_cents") - F("cleared_cents")))
    (cents,) = await left.values_list("left", flat=True)
    return await rows.count(), int(str(cents or 0))


async def all_overdue(ctx: Context) -> AsyncIterator[OverdueInvoice]:
    """Every overdue invoice, read by hundreds; the reading is logged."""
    _log.info("the overdue invoices were read", extra={"facts": {"account": str(ctx.viewer.account_id)}})
    after: Place | None = None
    while found := await overdue_page(ctx, after, AT_A_TIME):
        for invoice in found:
            yield invoice
        after = (found[-1].due_on, UUID(found[-1].key))


def _late(ctx: Context) -> QuerySet[Invoice]:
    return Invoice.filter(
        state=InvoiceState.ISSUED,
        due_on__lt=ctx.local_now.date(),
        total_cents__gt=F("paid_cents") + F("cleared_cents"),
    )


async def _told(ctx: Context, rows: Sequence[Invoice]) -> list[OverdueInvoice]:
    homes = {row.id: row for row in await Household.filter(id__in=list({row.household_id for row in rows}))}
    titres = await references_of([row.id for row in rows])
    today = ctx.local_now.date()
    return [
        OverdueInvoice(
            key=str(row.id),
            number=row.number or "",
            household_key=str(row.household_id),
            household=homes[row.household_id].name,
            due_on=row.due_on,
            days_late=(today - row.due_on).days,
            owed_cents=owed_cents(row),
            reminders=row.reminders,
            reminded_on=row.reminded_on,
            is_paid_elsewhere=not is_reported(ctx, homes[row.household_id].services),
            titre=titres.get(row.id),
        )
        for row in rows
        if row.due_on is not None
    ]
