"""What an agent decides of a payment that the bank does not tell clearly, once read at the bank or the treasury."""

from uuid import UUID

from resolvers.billing.credit_notes import require_reason
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.models import Payment, PaymentAttempt
from resolvers.models.payments import AttemptState
from resolvers.models.tenancy import unit_of_work
from resolvers.paying.allocations import hold_account
from resolvers.paying.settlements import PAGE_LIFE, book, close
from resolvers.ports import PaymentOutcome, PaymentReport

LONGEST_NOTE = 120


@unit_of_work
async def decide(ctx: Context, attempt_id: UUID, reason: str, *, is_paid: bool) -> PaymentAttempt:
    """Book a payment that is under way as paid, or end it unpaid; the agent and the reason are kept with the booking.

    The bank is still believed afterwards: what it says it took is booked, once. Refused: NOT_FOUND, BLANK and INVALID
    (reason), STATE_CONFLICT when it is not under way any more, or its page may still be open.
    """
    require_reason(reason)
    found = await PaymentAttempt.get_or_none(id=attempt_id)
    if found is None:
        raise not_found("Paiement", "id")
    await hold_account(found.household_id)  # before anything else is locked, as whoever books does
    attempt = await PaymentAttempt.get(id=attempt_id)
    if attempt.state is not AttemptState.RUNNING:
        raise Refused(Code.STATE_CONFLICT, "Ce paiement n'est plus en cours : rechargez-le.", field=("id",))
    until = attempt.started_at + PAGE_LIFE
    if ctx.now < until:
        told = "La famille est peut-être encore sur la page de la banque : attendez quelques minutes."
        raise Refused(Code.STATE_CONFLICT, told, field=("id",), until=until)
    if is_paid:
        report = PaymentReport(PaymentOutcome.PAID, {}, attempt.amount_cents)
        await book(ctx, attempt, report, attempt.external_id or "")
        booked = Payment.filter(attempt_id=attempt.id)
        await booked.update(entered_by=ctx.viewer.account_id, note=reason[:LONGEST_NOTE])
    else:
        await close(attempt, AttemptState.EXPIRED, ctx.now)
    return await PaymentAttempt.get(id=attempt.id)
