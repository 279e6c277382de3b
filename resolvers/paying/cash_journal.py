"""The journal of the régie's drawers: what desks received in cash, cheques and CESU, and what was banked of it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from plugins.rules.cash_journal import Drawer, DrawerDay, DrawerMove, Moved, drawer_days
from plugins.rules.counters import CounterMeans
from resolvers.agenda.plans import Window
from resolvers.context import Context
from resolvers.models import Deposit, Payment
from resolvers.paying.deposits import keeps_drawers
from resolvers.paying.treasury_ledger import instants_of

AT_DESKS = [means.value for means in CounterMeans]


@dataclass(frozen=True, slots=True)
class CashJournal:
    """The days of some drawers, and what each held before the first one and holds after the last one."""

    days: tuple[DrawerDay, ...]
    opening: Mapping[Drawer, int]
    closing: Mapping[Drawer, int]


async def journal_of(ctx: Context, window: Window) -> CashJournal | None:
    """The journal of a window; None for who keeps no drawer. Six statements.

    A reversal counts when the drawer still held the payment.
    """
    if not keeps_drawers(ctx):
        return None
    start, end = instants_of(ctx, window)
    opening = await _held_at(start)
    days = drawer_days(opening, await _moves(ctx, start, end))
    return CashJournal(days, opening, await _held_at(end))


async def _held_at(instant: datetime) -> dict[Drawer, int]:
    """What each drawer held then: what was received before, neither banked nor reversed yet. Two statements."""
    later = [row.id for row in await Deposit.filter(made_at__gte=instant).only("id")]
    kept = Q(deposit_id__isnull=True) & (Q(reversed_at__isnull=True) | Q(reversed_at__gte=instant))
    held: defaultdict[Drawer, int] = defaultdict(int)
    for row in await _taken().filter(kept | Q(deposit_id__in=later), booked_at__lt=instant):
        held[Drawer(row.route, row.means)] += row.amount_cents
    return dict(sorted(held.items()))


async def _moves(ctx: Context, start: datetime, end: datetime) -> list[Moved]:
    deposits = {row.id: row.made_at for row in await Deposit.filter(made_at__gte=start, made_at__lt=end)}
    here = Q(booked_at__gte=start, booked_at__lt=end)
    undone = Q(reversed_at__gte=start, reversed_at__lt=end, deposit_id__isnull=True)
    rows = await _taken().filter(here | undone | Q(deposit_id__in=list(deposits)))
    return [
        Moved(_day(ctx, at), Drawer(row.route, row.means), move, row.amount_cents)
        for row in rows
        for move, at in _told(row, deposits)
        if start <= at < end
    ]


def _told(row: Payment, deposits: Mapping[UUID, datetime]) -> Iterator[tuple[DrawerMove, datetime]]:
    """What happened to a payment, and when."""
    yield DrawerMove.RECEIVED, row.booked_at
    if row.deposit_id is None and row.reversed_at is not None:
        yield DrawerMove.REVERSED, row.reversed_at
    if row.deposit_id is not None and row.deposit_id in deposits:
        yield DrawerMove.DEPOSITED, deposits[row.deposit_id]


def _taken() -> QuerySet[Payment]:
    columns = ("id", "route", "means", "amount_cents", "booked_at", "reversed_at", "deposit_id")
    return Payment.filter(means__in=AT_DESKS).only(*columns)


def _day(ctx: Context, at: datetime) -> date:
    return at.astimezone(ctx.commune.tz).date()
