"""Online payments that a bank took back: an order of direct debit that bounced, a card that its holder contested."""

from uuid import UUID

from plugins.rules.french import euros, say_date
from plugins.rules.payment import OnlineRoute
from plugins.rules.wording import Message
from resolvers.billing.credit_notes import require_reason
from resolvers.billing.invoices import routes_of
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.families.correspondents import correspondents
from resolvers.models import AttemptShare, Household, Invoice, Payment, PaymentAttempt
from resolvers.models.tenancy import unit_of_work
from resolvers.outbox import Addressee, enqueue_mail
from resolvers.paying.allocations import hold_account, take_back


@unit_of_work
async def reject_online(ctx: Context, attempt_id: UUID, reason: str) -> PaymentAttempt:
    """Take back an online payment, as the treasury or the bank says it; the family is told why and how to pay now.

    Refused: NOT_FOUND (what was paid at a desk or collected by a remittance included: each has a way of its own),
    BLANK and INVALID (reason), STATE_CONFLICT when it was taken back before.
    """
    require_reason(reason)
    attempt = await PaymentAttempt.get_or_none(id=attempt_id, external_id__not_isnull=True)
    payment = None if attempt is None else await Payment.get_or_none(attempt_id=attempt.id)
    if attempt is None or payment is None:
        raise not_found("Paiement", "id")
    await hold_account(payment.household_id)
    if not await take_back(payment, reason, ctx.now):
        raise Refused(Code.STATE_CONFLICT, "Ce paiement est déjà annulé.", field=("id",))
    await _tell(ctx, payment, reason)
    return attempt


async def _tell(ctx: Context, payment: Payment, reason: str) -> None:
    """Mail who is written to about the household: what was taken back, why, and how to pay now."""
    shares = await AttemptShare.filter(attempt_id=payment.attempt_id).values_list("invoice_id", flat=True)
    invoices = await Invoice.filter(id__in=list(shares)).order_by("number")
    household = await Household.get(id=payment.household_id)
    ways = [route.say() for route in routes_of(ctx, household.services) if isinstance(route, OnlineRoute)]
    for account, person in await correspondents(payment.household_id):
        await enqueue_mail(
            ctx.commune,
            ctx.ports,
            ctx.now,
            Message.PAYMENT_REVERSED,
            Addressee(account.email, person.first_name),
            key=f"payment-reversed:{payment.id}:{account.id}",
            number=", ".join(invoice.number or "" for invoice in invoices),
            amount=euros(payment.amount_cents),
            day=say_date(payment.paid_at.astimezone(ctx.commune.tz).date()),
            reason=reason,
            ways="\n".join(["Pour régler cette somme :", *ways]),
        )
