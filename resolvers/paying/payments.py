"""Paying online: what a family may pay, and the attempts that send it to the bank."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from plugins import hookspecs
from plugins.rules.features import Feature
from plugins.rules.french import euros
from plugins.rules.payment import LyraCard, LyraPlatform, OnlineRoute, PayfipRegie
from resolvers.billing.invoices import routes_of
from resolvers.billing.payment_plans import plans_of
from resolvers.context import Context
from resolvers.errors import Code, Refused
from resolvers.features import require_feature
from resolvers.idempotency import recall, remember
from resolvers.models import AttemptShare, Household, Invoice, PaymentAttempt
from resolvers.models.payments import AttemptState
from resolvers.models.tenancy import unit_of_work
from resolvers.paying.allocations import owed_cents
from resolvers.paying.payable import payable
from resolvers.paying.payment_states import Followed, followed
from resolvers.paying.settlements import PAGE_LIFE, close, mailbox_of, poll_later, settle, tell_agents
from resolvers.ports import BankRefused, BankUnavailable, PaymentOrder, StartedPayment

_log = logging.getLogger("portail.payments")

START = "paymentStart"


async def start(
    ctx: Context, invoice_ids: Sequence[UUID], route: str, return_to: str, key: str | None, *, whole: bool = False
) -> PaymentAttempt:
    """Open a payment of one or several invoices of one household, for what remains due; returns where to go.

    Of an invoice spread over a payment plan, the part that is due, or else the next, unless the ``whole`` is wanted.

    An attempt of the same invoices that is still open is returned again: nobody pays twice by clicking twice.
    Refused: as :func:`resolvers.paying.payable.payable`, FEATURE_CLOSED, PAYMENT_ROUTE_UNAVAILABLE,
    AMOUNT_OUT_OF_RANGE, PAYMENT_PENDING, BANK_UNAVAILABLE, BANK_REFUSED.
    """
    asked = {"invoices": sorted(map(str, invoice_ids)), "route": route, "returnTo": return_to, "whole": whole}
    answered = await recall(ctx, START, key, asked)
    if answered is not None:
        return await PaymentAttempt.get(id=UUID(answered["attempt"]))
    await _refresh_running(ctx, invoice_ids)
    try:
        attempt = await _open_attempt(ctx, _Wanted(tuple(invoice_ids), route, return_to, whole))
    except Refused as refusal:
        _log_refused(ctx, invoice_ids, refusal)
        raise
    if attempt.external_id is None:
        attempt = await _send_to_bank(ctx, attempt)
    await _remember_started(ctx, key, asked, attempt)
    return attempt


def _log_refused(ctx: Context, invoice_ids: Sequence[UUID], refusal: Refused) -> None:
    """Who wanted to pay what is not theirs, is paid or is cancelled leaves a trace, of identifiers alone."""
    facts = {"account": str(ctx.viewer.account_id), "invoices": list(map(str, invoice_ids)), "code": refusal.code.name}
    _log.warning("a payment is refused", extra={"facts": facts})


@dataclass(frozen=True, slots=True)
class _Wanted:
    invoice_ids: tuple[UUID, ...]
    route: str
    return_to: str
    whole: bool


@unit_of_work
async def _remember_started(ctx: Context, key: str | None, asked: Mapping[str, Any], attempt: PaymentAttempt) -> None:
    """Only what the bank accepted is an answer: after a refusal the same key may be tried again."""
    await remember(ctx, START, key, asked, {"attempt": str(attempt.id)})


async def _refresh_running(ctx: Context, invoice_ids: Sequence[UUID]) -> None:
    """Ask the bank about open attempts first: a payment just made must not be asked for again."""
    for attempt in await _running_attempts(invoice_ids):
        if attempt.external_id is not None:
            try:
                await settle(ctx, attempt.external_id)
            except BankUnavailable as error:
                raise _bank_unavailable() from error


async def _running_attempts(invoice_ids: Sequence[UUID]) -> list[PaymentAttempt]:
    shares = await AttemptShare.filter(invoice_id__in=list(invoice_ids)).values_list("attempt_id", flat=True)
    return await PaymentAttempt.filter(id__in=list(set(shares)), state=AttemptState.RUNNING).order_by("-started_at")


@unit_of_work
async def _open_attempt(ctx: Context, wanted: _Wanted) -> PaymentAttempt:
    invoices = await payable(ctx, wanted.invoice_ids)
    household = await Household.get(id=invoices[0].household_id)
    await require_feature(ctx, Feature.PAY_ONLINE, household.services, household.id)
    route = _route(ctx, household, wanted.route)
    shares = {row.id: owed_cents(row) for row in invoices}
    if not wanted.whole:
        shares |= await _parts_asked(ctx, invoices)
    amount = sum(shares.values())
    if not route.accepts(amount):
        raise Refused(
            Code.AMOUNT_OUT_OF_RANGE,
            f"{euros(amount)} : ce moyen de paiement accepte de {euros(route.minimum_cents)} à "
            f"{euros(route.maximum_cents)}.",
            field=("invoiceIds",),
        )
    running = await _running_attempts(wanted.invoice_ids)
    if running:
        return _reopened(ctx, running[0], route.code, amount)
    attempt = await PaymentAttempt.create(
        household_id=household.id,
        account_id=ctx.viewer.account_id,
        route=route.code,
        amount_cents=amount,
        reference=await _reference(ctx, invoices[0]),
        return_to=wanted.return_to,
        started_at=ctx.now,
    )
    await AttemptShare.bulk_create(
        [
            AttemptShare(
                attempt_id=attempt.id,
                invoice_id=invoice.id,
                household_id=household.id,
                amount_cents=shares[invoice.id],
            )
            for invoice in invoices
        ]
    )
    await poll_later(ctx, attempt.id, 0)
    return attempt


async def _parts_asked(ctx: Context, invoices: Sequence[Invoice]) -> dict[UUID, int]:
    """What is asked now of the invoices that are spread over a payment plan: one statement."""
    return {key: plan.asked_cents(ctx.local_now.date()) for key, plan in (await plans_of(invoices)).items()}


def _route(ctx: Context, household: Household, code: str) -> OnlineRoute:
    offered = routes_of(ctx, household.services)
    route = next((route for route in offered if route.code == code), None)
    if not isinstance(route, OnlineRoute):
        ways = " ".join(route.say() for route in offered)
        raise Refused(
            Code.PAYMENT_ROUTE_UNAVAILABLE, f"Ce moyen de paiement n'est pas proposé ici. {ways}", field=("route",)
        )
    return route


def _reopened(ctx: Context, attempt: PaymentAttempt, route: str, amount: int) -> PaymentAttempt:
    until = attempt.started_at + PAGE_LIFE
    is_same = (attempt.route, attempt.amount_cents) == (route, amount)
    if is_same and attempt.external_id is not None and ctx.now < until:
        return attempt
    raise Refused(
        Code.PAYMENT_PENDING,
        "Un paiement de cette facture est en cours de vérification auprès de la banque : réessayez dans quelques "
        "minutes. S'il a été accepté, la facture sera marquée payée d'elle-même.",
        field=("invoiceIds",),
        until=until if ctx.now < until else None,
    )


async def _reference(ctx: Context, invoice: Invoice) -> str:
    earlier = await AttemptShare.filter(invoice_id=invoice.id).count()
    policy = ctx.commune.ask(hookspecs.invoicing)
    return policy.payfip_reference(invoice.year, invoice.sequence or 0, earlier + 1)


async def _send_to_bank(ctx: Context, attempt: PaymentAttempt) -> PaymentAttempt:
    """Open the payment at the bank, outside any transaction, and keep what it answered."""
    household = await Household.get(id=attempt.household_id)
    route = _route(ctx, household, attempt.route)
    desk = ctx.ports.lyra if isinstance(route, LyraCard) else ctx.ports.payfip
    try:
        started = await desk.start(_order(ctx, attempt, route))
    except BankUnavailable as error:
        await close(attempt, AttemptState.CANCELLED, ctx.now)
        raise _bank_unavailable() from error
    except BankRefused as error:
        await close(attempt, AttemptState.REFUSED, ctx.now)
        if not error.remedy:
            await tell_agents(ctx, attempt, f"la banque a refusé de l'ouvrir : {error.reason} ({error.code})")
        raise _bank_refused(ctx, household, error) from error
    await _keep_started(attempt, started)
    return attempt


def _order(ctx: Context, attempt: PaymentAttempt, route: OnlineRoute) -> PaymentOrder:
    """What the bank is asked to collect: who collects, what for, and where to tell it and to come back."""
    bank, number, mode, platform = _collector(route)
    return PaymentOrder(
        commune=ctx.commune.slug,
        client_number=number,
        year=attempt.started_at.astimezone(ctx.commune.tz).year,
        reference=attempt.reference,
        subject=f"Facture {attempt.reference} {ctx.commune.identity.name}",
        amount_cents=attempt.amount_cents,
        email=ctx.viewer.email,
        mode=mode,
        notification_url=ctx.link(f"payments/{bank}/notification"),
        return_url=ctx.link(f"payments/{bank}/return"),
        platform=platform,
    )


def _collector(route: OnlineRoute) -> tuple[str, str, str, LyraPlatform | None]:
    """The bank of a route, as its addresses name it, and how that bank knows the commune."""
    if isinstance(route, LyraCard):
        return "lyra", route.site_id, route.mode, route.platform
    if isinstance(route, PayfipRegie):
        return "payfip", route.client_number, route.mode, None
    raise TypeError(f"no bank is known for {type(route).__name__}")


def _bank_refused(ctx: Context, household: Household, error: BankRefused) -> Refused:
    """What the family reads: what it can do itself, or that the service was told."""
    contact = mailbox_of(ctx, household)
    remedy = error.remedy or f"Le service en est averti ; pour régler autrement, écrivez à {contact}."
    return Refused(
        Code.BANK_REFUSED,
        f"La banque a refusé d'ouvrir ce paiement : {error.reason} ({error.code}). Rien n'a été débité. {remedy}",
        contact=contact,
    )


def _bank_unavailable() -> Refused:
    return Refused(
        Code.BANK_UNAVAILABLE,
        "Le service de paiement ne répond pas : rien n'a été débité. Réessayez plus tard.",
    )


@unit_of_work
async def _keep_started(attempt: PaymentAttempt, started: StartedPayment) -> None:
    attempt.external_id = started.external_id
    attempt.redirect_url = started.redirect_url
    if started.form is not None:
        attempt.form = dict(started.form)
    await attempt.save(update_fields=["external_id", "redirect_url", "form"])


async def attempts_of(invoice_ids: Sequence[UUID]) -> list[list[Followed]]:
    """The attempts to pay each invoice, newest first: three statements for all invoices."""
    shares = await AttemptShare.filter(invoice_id__in=list(invoice_ids)).values_list("invoice_id", "attempt_id")
    rows = await followed(await PaymentAttempt.filter(id__in=[key for _, key in shares]).order_by("-started_at"))
    wanted = set(shares)
    return [[row for row in rows if (invoice, row.attempt.id) in wanted] for invoice in invoice_ids]
