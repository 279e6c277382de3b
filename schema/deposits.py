"""What desks hold and bank: drawers, their journal day after day, and deposit slips."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from plugins.rules import cash_journal as cash_journal_rules
from plugins.rules.counters import CounterMeans as CounterMeansValue
from plugins.rules.deposits import Banked
from resolvers.agenda.plans import Window
from resolvers.context import Context
from resolvers.errors import not_found
from resolvers.models import Deposit as DepositRow
from resolvers.models import Payment as PaymentRow
from resolvers.paying import cash_journal, deposits
from schema.money_enums import CounterMeans
from schema.payloads import Payload
from schema.relay import (
    After,
    Connection,
    First,
    Node,
    Page,
    connect,
    decode_cursor,
    encode_cursor,
    global_id,
    page_arguments,
    parse_uuid,
)
from schema.scalars import Money

DeskCode = Annotated[str, strawberry.argument(description="The code of a desk, among the ways to pay.")]
MeansWanted = Annotated[CounterMeans, strawberry.argument(description="What it received.")]


def _means(kept: str) -> CounterMeans:
    return CounterMeans[CounterMeansValue(kept).name]


@strawberry.type(description="What a desk received by one means, from a first day to a last one.")
class CashDrawer:
    """See ``plugins.rules.cash_journal.Drawer``."""

    route: str = strawberry.field(description="The code of the desk.")
    means: CounterMeans = strawberry.field(description="What it received.")
    opening: Money = strawberry.field(description="What it held before the first day.")
    closing: Money = strawberry.field(description="What it holds after the last one.")


@strawberry.type(description="A day of a drawer on which something moved.")
class CashDay:
    """See ``plugins.rules.cash_journal.DrawerDay``."""

    day: date = strawberry.field(description="The day.")
    route: str = strawberry.field(description="The code of the desk.")
    means: CounterMeans = strawberry.field(description="What it received.")
    opening: Money = strawberry.field(description="What it held in the morning.")
    received: Money = strawberry.field(description="What families handed over.")
    reversed: Money = strawberry.field(description="What was taken back before it was banked.")
    deposited: Money = strawberry.field(description="What was banked.")
    closing: Money = strawberry.field(description="What it held in the evening.")

    @classmethod
    def of(cls, day: cash_journal_rules.DrawerDay) -> "CashDay":
        """The day as clients see it."""
        return cls(
            day=day.day,
            route=day.drawer.route,
            means=_means(day.drawer.means),
            opening=Money.of(day.opening_cents),
            received=Money.of(day.received_cents),
            reversed=Money.of(day.reversed_cents),
            deposited=Money.of(day.deposited_cents),
            closing=Money.of(day.closing_cents),
        )


@strawberry.type(description="« Journal de caisse »: what desks received, took back and banked, day after day.")
class CashJournal:
    """See ``resolvers.paying.cash_journal``. Each day begins with what the one before left."""

    value: strawberry.Private[cash_journal.CashJournal]
    drawers: list[CashDrawer] = strawberry.field(description="What each drawer held before, and holds after.")
    file_url: str = strawberry.field(description="Where an agent downloads it.")

    @strawberry.field(description="The days on which something moved, oldest first.")
    def days(self, first: First = None, after: After = None) -> Connection[CashDay]:
        """A page of what was read already."""
        page = page_arguments(first, after)
        start = max(0, decode_cursor(page.after, int)[0] + 1) if page.after is not None else 0
        shown = self.value.days[start:][: page.size + 1]
        cursors = [encode_cursor(start + place) for place in range(len(shown))]
        return connect(page, [CashDay.of(day) for day in shown], cursors, len(self.value.days))


async def journal(ctx: Context, first_day: date, last_day: date) -> CashJournal | None:
    """The journal of these days, six statements; None for agents of some services only."""
    found = await cash_journal.journal_of(ctx, Window(first_day, last_day))
    if found is None:
        return None
    return CashJournal(
        value=found,
        drawers=[
            CashDrawer(
                route=drawer.route,
                means=_means(drawer.means),
                opening=Money.of(found.opening.get(drawer, 0)),
                closing=Money.of(found.closing.get(drawer, 0)),
            )
            for drawer in sorted({*found.opening, *found.closing})
        ],
        file_url=ctx.link(f"cash-journal.csv?firstDay={first_day.isoformat()}&lastDay={last_day.isoformat()}"),
    )


@strawberry.type(description="A payment that waits in a drawer.")
class DrawerPayment:
    """See ``plugins.rules.deposits.Banked``."""

    payment_id: strawberry.ID = strawberry.field(description="The payment.")
    reference: str = strawberry.field(description="The number of its receipt « quittance ».")
    booked_on: date = strawberry.field(description="The day it was received.")
    household: str = strawberry.field(description="The name of the household.")
    note: str = strawberry.field(description="What was written of it, in French: the numbers of a cheque, of titles.")
    amount: Money = strawberry.field(description="How much.")

    @classmethod
    def of(cls, row: PaymentRow, banked: Banked) -> "DrawerPayment":
        """The payment as clients see it."""
        return cls(
            payment_id=global_id("Payment", row.attempt_id),
            reference=banked.reference,
            booked_on=banked.booked_on,
            household=banked.household,
            note=banked.note,
            amount=Money.of(banked.cents),
        )


async def drawer_page(ctx: Context, route: str, means: CounterMeans, page: Page) -> Connection[DrawerPayment]:
    """A page of what a drawer holds, the oldest first: four statements."""
    after = decode_cursor(page.after, UUID)[0] if page.after is not None else None
    found, total = await deposits.drawer_page(ctx, route, CounterMeansValue[means.name], after, page.size + 1)
    nodes = [DrawerPayment.of(row, banked) for row, banked in found]
    return connect(page, nodes, [encode_cursor(row.id) for row, _ in found], total)


@strawberry.type(description="A deposit slip « bordereau de remise »: what a desk banked in one go, closed to changes.")
class Deposit(Node):
    """See ``resolvers.models.payments.Deposit``."""

    number: str = strawberry.field(description="Its number, without gap.")
    means: CounterMeans = strawberry.field(description="What was banked.")
    count: int = strawberry.field(description="How many payments.")
    total: Money = strawberry.field(description="What they add up to.")
    made_at: datetime = strawberry.field(description="When it was made.")
    pdf_url: str = strawberry.field(description="Where an agent downloads it; each download is logged.")

    @classmethod
    def of(cls, ctx: Context, row: DepositRow) -> "Deposit":
        """The slip as clients see it."""
        return cls(
            id=global_id("Deposit", row.id),
            number=row.number,
            means=_means(row.means),
            count=row.count,
            total=Money.of(row.total_cents),
            made_at=row.made_at,
            pdf_url=ctx.link(f"deposits/{row.id}.pdf"),
        )


async def deposits_page(ctx: Context, page: Page) -> Connection[Deposit]:
    """A page of slips, newest first: two statements."""
    before = decode_cursor(page.after, datetime, UUID) if page.after is not None else None
    rows, total = await deposits.deposits_page(ctx, before, page.size + 1)
    cursors = [encode_cursor(row.made_at, row.id) for row in rows]
    return connect(page, [Deposit.of(ctx, row) for row in rows], cursors, total)


async def deposits_of(ctx: Context, keys: Sequence[UUID]) -> list[Deposit]:
    """The slips the viewer may see among these."""
    rows = await DepositRow.filter(id__in=list(keys)) if deposits.keeps_drawers(ctx) else []
    return [Deposit.of(ctx, row) for row in rows]


@strawberry.input(description="Input of `depositCreate`.")
class DepositCreateInput:
    """What to bank of a drawer."""

    route: str = strawberry.field(description="The code of the desk.")
    means: CounterMeans = strawberry.field(description="What it received.")
    payment_ids: list[strawberry.ID] = strawberry.field(
        description="The payments to bank, at most 500; all that the drawer holds by default.", default_factory=list
    )
    idempotency_key: str | None = strawberry.field(
        description="The same key with the same input gets the same answer, once done.", default=None
    )


@strawberry.type(description="Answer of `depositCreate`.")
class DepositCreatePayload(Payload):
    """Its payments are closed to changes: of them, only an unpaid cheque is reversed."""

    deposit: Deposit | None = strawberry.field(description="The slip; null when refused.", default=None)


async def make(ctx: Context, input: DepositCreateInput) -> DepositCreatePayload:
    """Bank payments of a drawer."""
    keys = [key for each in input.payment_ids if (key := parse_uuid(each, "Payment")) is not None]
    if len(keys) < len(input.payment_ids):
        raise not_found("Encaissement", "paymentIds")
    means = CounterMeansValue[input.means.name]
    return DepositCreatePayload(
        deposit=Deposit.of(ctx, await deposits.make(ctx, input.route, means, keys, input.idempotency_key))
    )
