"""Unpaid invoices are reminded by mail « relance », as often as the commune's policy says."""

from collections.abc import Sequence
from datetime import date, timedelta

from plugins import hookspecs
from plugins.rules.french import euros, say_date
from plugins.rules.wording import Message
from resolvers.billing.invoices import is_reported
from resolvers.context import Context
from resolvers.families.correspondents import correspondents_of
from resolvers.models import Household, Instalment, Invoice
from resolvers.models.billing import InvoiceState
from resolvers.models.tenancy import unit_of_work
from resolvers.outbox import Addressee, enqueue_all, mail_effect
from resolvers.paying.allocations import owed_cents
from resolvers.paying.collectable import announced

AT_A_TIME = 100


@unit_of_work
async def remind(ctx: Context) -> int:
    """Remind of what is owed past its due date; returns how many invoices. Done again the same day, it does nothing.

    A reminder whose day was missed is sent with the next one, as one mail. Nothing is sent of an invoice that is spread
    over instalments or collected, as its family was told, nor where families pay at the treasury: the portal does not
    know who did.
    """
    days, today = ctx.commune.ask(hookspecs.invoicing).reminder_days, ctx.local_now.date()
    if not days:
        return 0
    rows = Invoice.filter(state=InvoiceState.ISSUED, paid_at__isnull=True, reminders__lt=len(days))
    late = rows.filter(due_on__lte=today - timedelta(days=days[0])).order_by("id")
    found = [row for row in await late.select_for_update() if row.reminders < _due(row, days, today)]
    silent = await _not_to_remind(ctx, found)
    told = [row for row in found if row.id not in silent and owed_cents(row)][:AT_A_TIME]
    for row in told:
        row.reminders, row.reminded_on = _due(row, days, today), today
        await row.save(update_fields=["reminders", "reminded_on"])
    await _tell(ctx, told)
    return len(told)


def _due(invoice: Invoice, days: Sequence[int], today: date) -> int:
    """How many reminders should have been sent by now."""
    due_on = invoice.due_on or today
    return sum(1 for each in days if due_on + timedelta(days=each) <= today)


async def _not_to_remind(ctx: Context, invoices: Sequence[Invoice]) -> set[object]:
    """Those spread over instalments, collected, or paid where the portal is not told."""
    ids = [row.id for row in invoices]
    spread = await Instalment.filter(invoice_id__in=ids, withdrawn_at__isnull=True).only("invoice_id")
    collected = await announced(ctx.commune.ask(hookspecs.direct_debit), invoices)
    homes = await Household.filter(id__in=[row.household_id for row in invoices])
    unknown = {home.id for home in homes if not is_reported(ctx, home.services)}
    return {
        *(row.invoice_id for row in spread),
        *collected,
        *(row.id for row in invoices if row.household_id in unknown),
    }


async def _tell(ctx: Context, invoices: Sequence[Invoice]) -> None:
    people = await correspondents_of({row.household_id for row in invoices})
    await enqueue_all(
        [
            mail_effect(
                ctx.commune,
                ctx.ports,
                ctx.now,
                Message.INVOICE_REMINDER,
                Addressee(account.email, person.first_name),
                key=f"invoice-reminder:{row.id}:{row.reminders}:{account.id}",
                number=row.number or "",
                total=euros(owed_cents(row)),
                due=say_date(row.due_on or ctx.local_now.date()),
            )
            for row in invoices
            for account, person in people[row.household_id]
        ]
    )
