"""Deposit slips « bordereaux de remise »: what a desk received by one means, banked in one go and closed to changes."""

import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from plugins import hookspecs
from plugins.rules.counters import CounterMeans
from plugins.rules.deposits import Banked, DepositSlip
from plugins.rules.payment import Counter
from resolvers.billing.invoices import routes_of
from resolvers.context import AgentRight, Context
from resolvers.errors import Code, Refused, not_found
from resolvers.idempotency import recall, remember
from resolvers.models import Deposit, Household, Payment, PaymentAttempt
from resolvers.models.tenancy import unit_of_work
from resolvers.numbers import take_numbers

MAKE = "depositCreate"
SERIES = "B"  # « bordereau »
MOST = 500  # payments on one slip

_log = logging.getLogger("portail.treasury")


def keeps_drawers(ctx: Context) -> bool:
    """True for agents of billing who work for every service: a desk receives for all of them."""
    return ctx.viewer.has(AgentRight.BILLING) and ctx.viewer.services is None


def desks_of(ctx: Context) -> dict[str, Counter]:
    """The desks of the commune, by code."""
    routes = routes_of(ctx, [service.code for service in ctx.commune.identity.services])
    return {route.code: route for route in routes if isinstance(route, Counter)}


def in_drawer(route: str, means: CounterMeans) -> QuerySet[Payment]:
    """What a desk received by one means, and neither banked nor reversed, the oldest first."""
    kept = Payment.filter(route=route, means=means.value, deposit_id__isnull=True, reversed_at__isnull=True)
    return kept.order_by("id")


@unit_of_work
async def make(ctx: Context, route: str, means: CounterMeans, attempts: Sequence[UUID], key: str | None) -> Deposit:
    """Bank these payments, or all that a drawer holds when none is named; each is on one slip at most.

    Refused: NOT_FOUND for who keeps no drawer, PAYMENT_ROUTE_UNAVAILABLE (no such desk), STATE_CONFLICT when one of
    them is not in that drawer (any more), NOTHING_TO_DEPOSIT, INVALID above 500 payments, as ``idempotency.recall``.
    """
    if not keeps_drawers(ctx):
        raise not_found("Caisse")
    asked = {"route": route, "means": means.name, "payments": sorted(map(str, attempts))}
    answered = await recall(ctx, MAKE, key, asked)
    if answered is not None:
        return await Deposit.get(id=UUID(answered["deposit"]))
    if route not in desks_of(ctx):
        raise Refused(
            Code.PAYMENT_ROUTE_UNAVAILABLE,
            "Aucun guichet de la commune ne porte ce code : choisissez-en un dans la liste.",
            field=("route",),
        )
    payments = await _chosen(in_drawer(route, means), attempts)
    deposit = await _write(ctx, means, payments)
    await remember(ctx, MAKE, key, asked, {"deposit": str(deposit.id)})
    return deposit


async def _chosen(drawer: QuerySet[Payment], attempts: Sequence[UUID]) -> list[Payment]:
    """The payments to bank, locked: who reverses one, or makes another slip, waits for this one."""
    rows = drawer.filter(attempt_id__in=list(attempts)) if attempts else drawer
    payments = await rows.limit(MOST + 1).select_for_update()
    if len(payments) < len(set(attempts)):
        raise Refused(
            Code.STATE_CONFLICT,
            "L'un de ces encaissements n'est pas, ou n'est plus, dans cette caisse : il a été annulé ou remis en "
            "banque. Rechargez la liste.",
            field=("paymentIds",),
        )
    if not payments:
        raise Refused(Code.NOTHING_TO_DEPOSIT, "Cette caisse est vide : il n'y a rien à remettre en banque.")
    if len(payments) > MOST:
        raise Refused(
            Code.INVALID,
            f"Un bordereau compte au plus {MOST} encaissements : choisissez-les, et faites-en plusieurs.",
            field=("paymentIds",),
        )
    return payments


async def _write(ctx: Context, means: CounterMeans, payments: Sequence[Payment]) -> Deposit:
    year = ctx.local_now.year
    number = await take_numbers(f"{SERIES}-{year}", 1)
    deposit = await Deposit.create(
        number=f"{year}-{SERIES}-{number:06d}",
        means=means.value,
        count=len(payments),
        total_cents=sum(payment.amount_cents for payment in payments),
        made_by=ctx.viewer.account_id,
        made_at=ctx.now,
    )
    await Payment.filter(id__in=[payment.id for payment in payments]).update(deposit_id=deposit.id)
    return deposit


async def deposits_page(ctx: Context, before: tuple[datetime, UUID] | None, limit: int) -> tuple[list[Deposit], int]:
    """A page of slips, newest first, after the one at ``before``, and how many there are; none for others."""
    if not keeps_drawers(ctx):
        return [], 0
    rows = Deposit.all()
    total = await rows.count()
    if before is not None:
        at, key = before
        rows = rows.filter(Q(made_at__lt=at) | Q(made_at=at, id__lt=key))
    return await rows.order_by("-made_at", "-id").limit(limit), total


async def drawer_page(
    ctx: Context, route: str, means: CounterMeans, after: UUID | None, limit: int
) -> tuple[list[tuple[Payment, Banked]], int]:
    """A page of what a drawer holds, the oldest first, after a payment, and how many there are; none for others."""
    if not keeps_drawers(ctx):
        return [], 0
    drawer = in_drawer(route, means)
    rows = await (drawer if after is None else drawer.filter(id__gt=after)).limit(limit)
    return list(zip(rows, await _banked(ctx, rows), strict=True)), await drawer.count()


async def slip_of(ctx: Context, deposit_id: UUID) -> DepositSlip | None:
    """Everything printed on a slip; the reading is logged. None for who keeps no drawer. Four statements."""
    deposit = await Deposit.get_or_none(id=deposit_id) if keeps_drawers(ctx) else None
    if deposit is None:
        return None
    facts = {"account": str(ctx.viewer.account_id), "deposit": deposit.number}
    _log.info("a deposit slip was read", extra={"facts": facts})
    payments = await Payment.filter(deposit_id=deposit.id).order_by("id")
    desk = desks_of(ctx).get(payments[0].route)
    return DepositSlip(
        number=deposit.number,
        issuer=ctx.commune.ask(hookspecs.invoicing).issuer,
        desk=f"{desk.label} ({desk.desk})" if desk is not None else payments[0].route,
        means=deposit.means,
        made_at=deposit.made_at.astimezone(ctx.commune.tz),
        payments=tuple(await _banked(ctx, payments)),
        total_cents=deposit.total_cents,
    )


async def _banked(ctx: Context, rows: Sequence[Payment]) -> list[Banked]:
    """Payments as a slip lists them: two statements."""
    attempts = PaymentAttempt.filter(id__in=[row.attempt_id for row in rows])
    references = {row.id: row.reference for row in await attempts.only("id", "reference")}
    homes = Household.filter(id__in=list({row.household_id for row in rows}))
    names = {row.id: row.name for row in await homes.only("id", "name")}
    return [
        Banked(
            references[row.attempt_id],
            row.booked_at.astimezone(ctx.commune.tz).date(),
            names[row.household_id],
            row.note,
            row.amount_cents,
        )
        for row in rows
    ]
