"""Collections that went well: booked as payments, each once, when an agent, the bank or enough days say so."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from plugins import hookspecs
from plugins.rules.french import say_date
from plugins.rules.payment import DirectDebitRoute
from resolvers.context import Context
from resolvers.errors import Code, Refused
from resolvers.models import AttemptShare, Collection, Mandate, Payment, PaymentAttempt, Remittance
from resolvers.models.direct_debits import CollectionState
from resolvers.models.payments import AttemptState
from resolvers.models.tenancy import unit_of_work
from resolvers.paying.allocations import allocate, hold_account
from resolvers.paying.remittances import required
from resolvers.ports import BY_DEBIT

ROUTE = "prelevement"


async def book(ctx: Context, remittance_id: UUID) -> Remittance:
    """Book every collection of a remittance that the bank did not reject. Stopped anywhere, it is to be asked again.

    Refused: NOT_FOUND, STATE_CONFLICT before its day or when it was not sent.
    """
    remittance = await _bookable(ctx, remittance_id)
    await _book_waiting(ctx, remittance)
    return await Remittance.get(id=remittance.id)


async def book_due(ctx: Context) -> None:
    """Book the remittances whose day is past by as many days as the commune waits for rejects, if it says so."""
    days = ctx.commune.ask(hookspecs.direct_debit).booked_after_days
    if days is None:
        return
    until = ctx.local_now.date() - timedelta(days=days)
    for remittance in await Remittance.filter(
        sent_at__not_isnull=True, booked_at__isnull=True, collect_on__lte=until
    ).order_by("made_at"):
        await _book_waiting(ctx, remittance)


@unit_of_work
async def _bookable(ctx: Context, remittance_id: UUID) -> Remittance:
    remittance = await required(ctx, remittance_id)
    if remittance.sent_at is None:
        raise Refused(Code.STATE_CONFLICT, "Cette remise n'est pas partie à la banque : envoyez-la d'abord.")
    if remittance.collect_on > ctx.local_now.date():
        raise Refused(
            Code.STATE_CONFLICT, f"Elle est prélevée le {say_date(remittance.collect_on)} : enregistrez-la ensuite."
        )
    return remittance


async def _book_waiting(ctx: Context, remittance: Remittance) -> None:
    """Each collection in a transaction of its own: a remittance of thousands locks one household at a time."""
    waiting = Collection.filter(remittance_id=remittance.id, state=CollectionState.WAITING).order_by("end_to_end_id")
    for collection in await waiting:
        await book_one(ctx, collection, remittance)
    await _close(ctx, remittance)


@unit_of_work
async def _close(ctx: Context, remittance: Remittance) -> None:
    await Remittance.filter(id=remittance.id, booked_at__isnull=True).update(booked_at=ctx.now)


@unit_of_work
async def book_one(ctx: Context, collection: Collection, remittance: Remittance) -> bool:
    """Book one collection as a payment of its invoice; what the invoice no longer owes becomes credit.

    The conditional update decides who does it: False when it was booked or rejected before.
    """
    await hold_account(collection.household_id)
    waiting = Collection.filter(id=collection.id, state=CollectionState.WAITING)
    if not await waiting.update(state=CollectionState.COLLECTED):
        return False
    attempt = await _attempt(ctx, collection)
    payment = await Payment.create(
        household_id=collection.household_id,
        attempt_id=attempt.id,
        route=attempt.route,
        amount_cents=collection.cents,
        authorization=collection.end_to_end_id,
        paid_at=datetime.combine(remittance.collect_on, time(12), ctx.commune.tz).astimezone(UTC),
        booked_at=ctx.now,
        means=BY_DEBIT,
    )
    await Collection.filter(id=collection.id).update(payment_id=payment.id)
    await allocate(payment, {collection.invoice_id: collection.cents}, ctx.now)
    return True


async def _attempt(ctx: Context, collection: Collection) -> PaymentAttempt:
    """The attempt that every payment has, paid at once."""
    mandate = await Mandate.get(id=collection.mandate_id)
    attempt = await PaymentAttempt.create(
        household_id=collection.household_id,
        account_id=mandate.account_id,
        route=_route(ctx),
        state=AttemptState.PAID,
        amount_cents=collection.cents,
        reference=collection.end_to_end_id,
        started_at=ctx.now,
        settled_at=ctx.now,
    )
    await AttemptShare.create(
        attempt_id=attempt.id,
        invoice_id=collection.invoice_id,
        household_id=collection.household_id,
        amount_cents=collection.cents,
    )
    return attempt


def _route(ctx: Context) -> str:
    """The code of the commune's direct debit, among its ways to pay."""
    for service in ctx.commune.identity.services:
        for route in ctx.commune.gather(hookspecs.payment_routes, service=service):
            if isinstance(route, DirectDebitRoute):
                return route.code
    return ROUTE
