"""What banks say of payment attempts, and money booked once however many times, in whatever order they say it.

The browser's return, the bank's notification and our own polling all end in :func:`settle`, which believes only the
bank's answer to our own question, or in :func:`hear`, which believes only what the bank signed.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from plugins.rules.french import euros, say_instant
from plugins.rules.wording import Message
from resolvers.allocations import allocate
from resolvers.context import Context
from resolvers.correspondents import correspondents
from resolvers.models import AttemptShare, BankEvent, Invoice, Payment, PaymentAttempt
from resolvers.models.effects import EffectKind
from resolvers.models.payments import AttemptState
from resolvers.models.tenancy import unit_of_work
from resolvers.outbox import Addressee, enqueue, enqueue_mail
from resolvers.ports import PaymentOutcome, PaymentReport

_log = logging.getLogger("portail.payments")

PAGE_LIFE = timedelta(minutes=15)
POLLS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=60))
POLLED_FOR = timedelta(hours=24)
OUTCOMES = {
    PaymentOutcome.REFUSED: AttemptState.REFUSED,
    PaymentOutcome.CANCELLED: AttemptState.CANCELLED,
    PaymentOutcome.EXPIRED: AttemptState.EXPIRED,
}


@unit_of_work
async def close(attempt: PaymentAttempt, state: AttemptState, now: datetime) -> None:
    """End an attempt that is running, unpaid; an attempt that has ended otherwise stays as it is."""
    await PaymentAttempt.filter(id=attempt.id, state=AttemptState.RUNNING).update(state=state, settled_at=now)


@unit_of_work
async def keep_bank_event(source: str, external_id: str, raw: Mapping[str, str], now: datetime) -> bool:
    """Keep what a bank sent, raw, once; True the first time. It is never believed as such."""
    event = BankEvent(source=source, external_id=external_id[:80], received=dict(raw), received_at=now)
    before = await BankEvent.filter(source=source, external_id=event.external_id).exists()
    await BankEvent.bulk_create([event], ignore_conflicts=True)
    return not before


async def settle(ctx: Context, external_id: str) -> PaymentAttempt | None:
    """Ask the bank about an attempt and book what it answers, once; None when no attempt has this identifier.

    Raises :class:`BankUnavailable` when nothing could be learnt.
    """
    attempt = await PaymentAttempt.get_or_none(external_id=external_id)
    if attempt is None or attempt.state is AttemptState.PAID:
        return attempt
    report = await ctx.ports.payfip.report(external_id, attempt.started_at)
    if report.reference is not None and report.reference != attempt.reference:
        facts = {"attempt": str(attempt.id)}
        _log.error("the bank answers for another reference", extra={"facts": facts})
        return attempt
    if report.outcome is PaymentOutcome.PAID:
        await _book(ctx, attempt, report)
    elif report.outcome in OUTCOMES:
        await close(attempt, OUTCOMES[report.outcome], ctx.now)
    return await PaymentAttempt.get(id=attempt.id)


@unit_of_work
async def _book(ctx: Context, attempt: PaymentAttempt, report: PaymentReport) -> None:
    """Book a payment: the conditional update decides who does it; PAID is terminal."""
    unpaid = PaymentAttempt.filter(id=attempt.id).exclude(state=AttemptState.PAID)
    if not await unpaid.update(state=AttemptState.PAID, settled_at=ctx.now):
        return
    amount = attempt.amount_cents if report.amount_cents is None else report.amount_cents
    payment = await Payment.create(
        household_id=attempt.household_id,
        attempt_id=attempt.id,
        route=attempt.route,
        amount_cents=amount,
        authorization=(report.authorization or "")[:40],
        paid_at=report.paid_at or ctx.now,
        booked_at=ctx.now,
    )
    shares = await AttemptShare.filter(attempt_id=attempt.id)
    await allocate(payment, {share.invoice_id: share.amount_cents for share in shares}, ctx.now)
    await BankEvent.filter(external_id=attempt.external_id, handled_at__isnull=True).update(handled_at=ctx.now)
    await _send_receipts(ctx, payment, attempt)


async def _send_receipts(ctx: Context, payment: Payment, attempt: PaymentAttempt) -> None:
    shares = await AttemptShare.filter(attempt_id=attempt.id).values_list("invoice_id", flat=True)
    invoices = await Invoice.filter(id__in=list(shares)).order_by("number")
    for account, person in await correspondents(payment.household_id):
        await enqueue_mail(
            ctx.commune,
            ctx.ports,
            ctx.now,
            Message.PAYMENT_RECEIPT,
            Addressee(account.email, person.first_name),
            key=f"receipt:{payment.id}:{account.id}",
            number=", ".join(invoice.number or "" for invoice in invoices),
            amount=euros(payment.amount_cents),
            paid_at=say_instant(payment.paid_at, ctx.commune.tz),
            reference=payment.authorization or attempt.reference,
        )


async def poll_later(ctx: Context, attempt_id: UUID, polls: int) -> None:
    """Write, in the current transaction, that the bank is to be asked about an attempt, for the ``polls``-th time."""
    delay = POLLS[min(polls, len(POLLS) - 1)]
    await enqueue(
        EffectKind.PAYMENT_POLL,
        f"poll:{attempt_id}:{polls}",
        {"attempt": str(attempt_id), "polls": polls},
        ctx.ports,
        ctx.now + delay,
    )


async def poll(ctx: Context, attempt_id: UUID, polls: int) -> None:
    """One turn of our own polling: the notification may never come. Asks again later while nothing is known."""
    attempt = await PaymentAttempt.get_or_none(id=attempt_id, state=AttemptState.RUNNING)
    if attempt is None:
        return
    if attempt.external_id is not None:
        settled = await settle(ctx, attempt.external_id)
        if settled is not None and settled.state is not AttemptState.RUNNING:
            return
    if ctx.now - attempt.started_at >= (POLLED_FOR if attempt.external_id else PAGE_LIFE):
        await close(attempt, AttemptState.EXPIRED, ctx.now)
        return
    await _poll_again(ctx, attempt_id, polls + 1)


@unit_of_work
async def _poll_again(ctx: Context, attempt_id: UUID, polls: int) -> None:
    await poll_later(ctx, attempt_id, polls)
