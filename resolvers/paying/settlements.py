"""What banks say of payment attempts, and money booked once however many times, in whatever order they say it.

The browser's return, the bank's notification and our own polling all end in :func:`settle`, which believes only the
bank's answer to our own question, or in :func:`hear`, which believes only what the bank signed.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from plugins.rules.french import euros, say_instant
from plugins.rules.wording import Message
from resolvers.context import Context
from resolvers.families.correspondents import correspondents
from resolvers.models import AttemptShare, BankEvent, Household, Invoice, Payment, PaymentAttempt
from resolvers.models.effects import EffectKind
from resolvers.models.payments import AttemptState
from resolvers.models.tenancy import unit_of_work
from resolvers.outbox import Addressee, enqueue, enqueue_mail
from resolvers.paying.allocations import allocate, hold_account
from resolvers.ports import BY_DEBIT, BankNotice, PaymentOutcome, PaymentReport

_log = logging.getLogger("portail.payments")

PAGE_LIFE = timedelta(minutes=15)
POLLS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=60))
POLLED_FOR = timedelta(hours=24)
OUTCOMES = {
    PaymentOutcome.REFUSED: AttemptState.REFUSED,
    PaymentOutcome.CANCELLED: AttemptState.CANCELLED,
    PaymentOutcome.EXPIRED: AttemptState.EXPIRED,
    PaymentOutcome.LATE: AttemptState.EXPIRED,
}
ANSWERED = (AttemptState.PAID, AttemptState.REFUSED)


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
    return await _believe(ctx, attempt, await _report(ctx, attempt), external_id)


async def _report(ctx: Context, attempt: PaymentAttempt) -> PaymentReport:
    """The bank's answer; of an attempt that never reached it, nothing until its page would be over."""
    if attempt.external_id is None:
        is_over = ctx.now - attempt.started_at >= PAGE_LIFE
        return PaymentReport(PaymentOutcome.EXPIRED if is_over else PaymentOutcome.PENDING, {})
    desk = ctx.ports.payfip if attempt.form is None else ctx.ports.lyra  # only Lyra's page is opened by a form
    return await desk.report(attempt.external_id, attempt.started_at)


async def hear(ctx: Context, bank: str, notice: BankNotice) -> PaymentAttempt | None:
    """Keep a notice that the bank signed, and book what it says, once; None when it is of no attempt of ours.

    A notice that does not repeat what we asked (another site, mode, currency or amount) is refused: it is logged, the
    agents are told, and nothing is booked. An attempt that the bank says it verifies is no longer ended by time.
    """
    attempt = await PaymentAttempt.get_or_none(reference=notice.reference)
    if attempt is None:
        _log.error("a signed notice for no payment of ours")
        return None
    await keep_bank_event(bank, notice.event, notice.report.raw, ctx.now)
    if not notice.echo.items() <= (attempt.form or {}).items():
        await _refuse(ctx, attempt, "ce que la banque annonce n'est pas ce qui lui a été demandé")
        return attempt
    if notice.report.outcome is PaymentOutcome.PENDING:
        await _hold(attempt, ctx.now)
    return await _believe(ctx, attempt, notice.report, notice.event)


@unit_of_work
async def _hold(attempt: PaymentAttempt, now: datetime) -> None:
    await PaymentAttempt.filter(id=attempt.id, state=AttemptState.RUNNING).update(pending_at=now)


async def _believe(ctx: Context, attempt: PaymentAttempt, report: PaymentReport, event: str) -> PaymentAttempt:
    """Do what the bank's word entails; of another reference or another amount, or in doubt, nothing."""
    if report.doubt:
        await _refuse(ctx, attempt, report.doubt)
    elif report.reference not in (None, attempt.reference):
        await _refuse(ctx, attempt, "la banque répond pour une autre référence")
    elif report.amount_cents not in (None, attempt.amount_cents):
        await _refuse(ctx, attempt, "la banque annonce un autre montant")
    elif report.outcome is PaymentOutcome.PAID:
        await book(ctx, attempt, report, event)
    elif report.outcome in OUTCOMES and not (report.outcome is PaymentOutcome.LATE and attempt.pending_at):
        await close(attempt, OUTCOMES[report.outcome], ctx.now)
    return await PaymentAttempt.get(id=attempt.id)


@unit_of_work
async def _refuse(ctx: Context, attempt: PaymentAttempt, why: str) -> None:
    """Book nothing, log it, and tell the agents once for each reason."""
    _log.error("a bank's word is refused", extra={"facts": {"attempt": str(attempt.id), "why": why}})
    await tell_agents(ctx, attempt, f"{why} : rien n'a été enregistré")


@unit_of_work
async def book(ctx: Context, attempt: PaymentAttempt, report: PaymentReport, event: str) -> None:
    """Book a payment: the conditional update decides who does it; PAID is terminal.

    What is no longer due (paid otherwise, or cancelled by a credit note) is the household's credit, and agents know.
    """
    await hold_account(attempt.household_id)
    unpaid = PaymentAttempt.filter(id=attempt.id).exclude(state=AttemptState.PAID)
    if not await unpaid.update(state=AttemptState.PAID, settled_at=ctx.now):
        return
    payment = await Payment.create(
        household_id=attempt.household_id,
        attempt_id=attempt.id,
        route=attempt.route,
        amount_cents=attempt.amount_cents,
        authorization=(report.authorization or "")[:40],
        paid_at=report.paid_at or ctx.now,
        booked_at=ctx.now,
        means=report.means,
    )
    shares = await AttemptShare.filter(attempt_id=attempt.id)
    credit = await allocate(payment, {share.invoice_id: share.amount_cents for share in shares}, ctx.now)
    await BankEvent.filter(external_id=event[:80], handled_at__isnull=True).update(handled_at=ctx.now)
    await send_receipts(ctx, payment, attempt)
    if credit:
        await tell_agents(ctx, attempt, f"{euros(credit)} n'étaient plus dus et sont devenus un avoir de la famille")


def mailbox_of(ctx: Context, household: Household) -> str:
    """Where the service of a household reads: the commune's first one for a household of none."""
    service = next(iter(household.services), ctx.commune.identity.services[0].code)
    return ctx.commune.identity.service(service).mailbox


@unit_of_work
async def tell_agents(ctx: Context, attempt: PaymentAttempt, why: str) -> None:
    """Write to the service of the household, once for each reason."""
    household = await Household.get(id=attempt.household_id)
    await enqueue_mail(
        ctx.commune,
        ctx.ports,
        ctx.now,
        Message.PAYMENT_TO_CHECK,
        Addressee(mailbox_of(ctx, household), ""),
        key=f"to-check:{attempt.id}:{sha256(why.encode()).hexdigest()[:8]}",
        service=next(iter(household.services), None),
        reference=attempt.reference,
        amount=euros(attempt.amount_cents),
        reason=why,
    )


async def send_receipts(ctx: Context, payment: Payment, attempt: PaymentAttempt) -> None:
    """Tell those who see a household's file that money was received, or will be, in the current transaction, once."""
    message = Message.PAYMENT_ORDERED if payment.means == BY_DEBIT else Message.PAYMENT_RECEIPT
    shares = await AttemptShare.filter(attempt_id=attempt.id).values_list("invoice_id", flat=True)
    invoices = await Invoice.filter(id__in=list(shares)).order_by("number")
    for account, person in await correspondents(payment.household_id):
        await enqueue_mail(
            ctx.commune,
            ctx.ports,
            ctx.now,
            message,
            Addressee(account.email, person.first_name),
            key=f"receipt:{payment.id}:{account.id}",
            number=", ".join(invoice.number or "" for invoice in invoices),
            amount=euros(payment.amount_cents),
            paid_at=say_instant(payment.paid_at, ctx.commune.tz),
            reference=payment.authorization or attempt.reference,
        )


async def poll_later(ctx: Context, attempt_id: UUID, polls: int, delay: timedelta | None = None) -> None:
    """Write, in the current transaction, that the bank is to be asked about an attempt, for the ``polls``-th time."""
    await enqueue(
        EffectKind.PAYMENT_POLL,
        f"poll:{attempt_id}:{polls}",
        {"attempt": str(attempt_id), "polls": polls},
        ctx.ports,
        ctx.now + (delay or POLLS[min(polls, len(POLLS) - 1)]),
    )


async def poll(ctx: Context, attempt_id: UUID, polls: int) -> None:
    """One turn of our own polling: the notification may never come. Asks again later until the bank has answered.

    An attempt that was left, or of which nothing is known for too long, is over for the family, and asked about to the
    end of its day: the bank may tell of money late. A day later what is verified, or said and not to be believed, is
    not over: it is asked about every day, and an agent decides (:mod:`resolvers.paying.payment_decisions`).
    """
    attempt = await PaymentAttempt.get_or_none(id=attempt_id, state__not_in=ANSWERED)
    if attempt is None:
        return
    report = await _report(ctx, attempt)
    attempt = await _believe(ctx, attempt, report, attempt.external_id or "")
    if attempt.state in ANSWERED or report.outcome is PaymentOutcome.EXPIRED:
        return
    if ctx.now - attempt.started_at < POLLED_FOR:
        await _poll_again(ctx, attempt_id, polls + 1, None)
    elif attempt.pending_at is None and report.outcome is PaymentOutcome.PENDING and not report.doubt:
        await close(attempt, AttemptState.EXPIRED, ctx.now)
    elif attempt.state is AttemptState.RUNNING:
        if attempt.pending_at is not None:
            await tell_agents(
                ctx, attempt, "la banque le vérifie depuis plus d'un jour : lisez chez elle ce qu'il en est"
            )
        await _poll_again(ctx, attempt_id, polls + 1, POLLED_FOR)


@unit_of_work
async def _poll_again(ctx: Context, attempt_id: UUID, polls: int, delay: timedelta | None) -> None:
    await poll_later(ctx, attempt_id, polls, delay)
