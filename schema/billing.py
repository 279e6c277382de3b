"""Invoices as families and agents see them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import strawberry

from plugins.rules.payment import PaymentRoute as PaymentRouteRule
from plugins.rules.payment_plans import PaymentPlan as PaymentPlanRule
from resolvers.billing import invoices, paper_invoices
from resolvers.context import Context
from resolvers.models import Invoice as InvoiceRow
from resolvers.paying.allocations import owed_cents
from resolvers.paying.ways_to_pay import InvoiceDebit as InvoiceDebitRule
from resolvers.paying.ways_to_pay import ways_to_pay
from schema.cost import LIST_SIZE
from schema.credit_notes import CreditNote, credit_notes_of
from schema.loading import load
from schema.money_enums import InvoiceDebitState, PaymentStatus
from schema.payloads import Info
from schema.payments import Payment, payments_of
from schema.relay import Connection, Node, Page, connect, decode_cursor, encode_cursor, global_id, parse_uuid
from schema.scalars import Money
from schema.titres import InvoiceTitre


@strawberry.type(description="A way to pay here.")
class PaymentRoute:
    """See ``plugins.rules.payment.PaymentRoute``."""

    code: str = strawberry.field(description="Its code, for `paymentStart`.")
    label: str = strawberry.field(description="Its name, in French.")
    sentence: str = strawberry.field(description="What to do to pay that way, in French.")
    is_online: bool = strawberry.field(description="True when `paymentStart` drives it.")

    @classmethod
    def of(cls, route: PaymentRouteRule) -> "PaymentRoute":
        """The route as clients see it."""
        return cls(
            code=route.code,
            label=route.label,
            sentence=route.say(),
            is_online=route.drives_payment,
        )


@strawberry.type(description="One line of an invoice.")
class InvoiceLine:
    """See ``resolvers.models.billing.InvoiceLine``."""

    position: int = strawberry.field(description="Its place, from 0: `creditNoteIssue` names it by this.")
    child: str = strawberry.field(description="The child's name; empty on a line of the whole household.")
    activity: str = strawberry.field(description="The activity, in French.")
    unit: str = strawberry.field(description="The unit, in French; empty on a line that several days make together.")
    quantity: int = strawberry.field(description="How many.")
    unit_price: Money = strawberry.field(description="The price of one.")
    total: Money = strawberry.field(description="Quantity × price.")
    detail: list[str] = strawberry.field(description="Why this price, and for which days, in French.")


async def lines_of(_ctx: Context, ids: Sequence[UUID]) -> list[list[InvoiceLine]]:
    """The lines of each invoice, issued or in draft."""
    return [
        [
            InvoiceLine(
                position=row.position,
                child=row.child,
                activity=row.activity,
                unit=row.unit,
                quantity=row.quantity,
                unit_price=Money.of(row.unit_cents),
                total=Money.of(row.total_cents),
                detail=list(row.detail),
            )
            for row in rows
        ]
        for rows in await invoices.lines_of_invoices(ids)
    ]


@strawberry.type(
    description="The collection of an invoice by direct debit: a family has nothing else to do while it stands."
)
class InvoiceDebit:
    """See ``resolvers.paying.ways_to_pay.InvoiceDebit``."""

    on: date = strawberry.field(description="The day it is collected.")
    rum: str = strawberry.field(description="The reference of the mandate « RUM ».")
    state: InvoiceDebitState = strawberry.field(description="Where it stands.")

    @classmethod
    def of(cls, debit: InvoiceDebitRule) -> "InvoiceDebit":
        """The debit as clients see it."""
        return cls(on=debit.on, rum=debit.rum, state=InvoiceDebitState[debit.state.name])


@strawberry.type(description="A part of an invoice that is paid in several.")
class PaymentPlanPart:
    """See ``plugins.rules.payment_plans.Part``."""

    due_on: date = strawberry.field(description="The day it must be paid by.")
    amount: Money = strawberry.field(description="How much it is.")
    remaining: Money = strawberry.field(description="What remains of it: money goes to the first part first.")
    is_paid: bool = strawberry.field(description="True when nothing remains of it.")


@strawberry.type(
    description="How an invoice is paid in several parts « échéancier »; `paymentStart` asks for the next."
)
class PaymentPlan:
    """See ``plugins.rules.payment_plans.PaymentPlan``."""

    sentence: str = strawberry.field(description="Its parts and their dates, in French.")
    parts: list[PaymentPlanPart] = strawberry.field(description="At most twelve, the first due first.")

    @classmethod
    def of(cls, plan: PaymentPlanRule) -> "PaymentPlan":
        """The plan as clients see it."""
        return cls(
            sentence=plan.say(),
            parts=[
                PaymentPlanPart(
                    due_on=part.due_on,
                    amount=Money.of(part.cents),
                    remaining=Money.of(part.left_cents),
                    is_paid=part.is_paid,
                )
                for part in plan.parts
            ],
        )


@strawberry.type(description="What a household owes for a period; never edited once issued.")
class Invoice(Node):
    """See ``resolvers.models.billing.Invoice``."""

    key: strawberry.Private[UUID]
    number: str = strawberry.field(description="Its number.")
    period_first_day: date = strawberry.field(description="The first day it covers.")
    period_last_day: date = strawberry.field(description="The last day it covers.")
    issued_on: date = strawberry.field(description="The day it was issued.")
    due_on: date = strawberry.field(description="The day it must be paid by.")
    payable_until: date | None = strawberry.field(description="The last day to pay it online; null without any.")
    total: Money = strawberry.field(description="What is owed.")
    paid: Money = strawberry.field(description="What was paid.")
    cleared: Money = strawberry.field(description="What credit notes and write-offs took off it.")
    remaining: Money = strawberry.field(description="What remains to pay.")
    status: PaymentStatus = strawberry.field(description="What is known of its payment.")
    paid_at: datetime | None = strawberry.field(description="When it was paid in full.")
    pdf_url: str = strawberry.field(description="Where the signed-in person downloads it.")

    @strawberry.field(description="Its lines.")
    async def lines(self, info: Info) -> list[InvoiceLine]:
        """Loaded for all the invoices of the answer at once."""
        return await load(info.context, lines_of, self.key)

    @strawberry.field(description="How it is paid now, sentence by sentence, in French: the words of its PDF.")
    async def how_to_pay(self, info: Info) -> list[str]:
        """Loaded for all the invoices of the answer at once."""
        return list((await load(info.context, ways_to_pay, self.key)).sentences)

    @strawberry.field(
        description="The direct debit that pays it, to be shown in place of a way to pay; null when it has none. Once "
        "`REJECTED`, it is paid as `howToPay` says."
    )
    async def debit(self, info: Info) -> InvoiceDebit | None:
        """Loaded for all the invoices of the answer at once."""
        found = (await load(info.context, ways_to_pay, self.key)).debit
        return None if found is None else InvoiceDebit.of(found)

    @strawberry.field(
        description="The « titre » to pay at the Treasury, for who pays so; null on the other ways, once nothing "
        "remains to pay, and while a direct debit pays it."
    )
    async def titre(self, info: Info) -> InvoiceTitre | None:
        """Loaded for all the invoices of the answer at once."""
        found = (await load(info.context, ways_to_pay, self.key)).titre
        return None if found is None else InvoiceTitre.of(found)

    @strawberry.field(description="The plan it is paid by, while it stands; null when it is paid at once.")
    async def plan(self, info: Info) -> PaymentPlan | None:
        """Loaded for all the invoices of the answer at once."""
        found = (await load(info.context, ways_to_pay, self.key)).plan
        return None if found is None else PaymentPlan.of(found)

    @strawberry.field(description="What corrected it, oldest first.", metadata={LIST_SIZE: 1})
    async def credit_notes(self, info: Info) -> list[CreditNote]:
        """Loaded for all the invoices of the answer at once."""
        return await load(info.context, credit_notes_of, self.key)

    @strawberry.field(description="The attempts to pay it online, newest first.")
    async def payments(self, info: Info) -> list[Payment]:
        """Loaded for all the invoices of the answer at once."""
        return await load(info.context, payments_of, self.key)

    @classmethod
    def of(cls, ctx: Context, row: InvoiceRow, *, reported: bool) -> "Invoice":
        """The invoice as clients see it; ``reported``: some route tells the portal what was paid."""
        return cls(
            id=global_id("Invoice", row.id),
            key=row.id,
            number=row.number or "",
            period_first_day=row.period_first,
            period_last_day=row.period_last,
            issued_on=row.issued_on or row.prepared_at.date(),
            due_on=row.due_on or row.prepared_at.date(),
            payable_until=row.payable_until,
            total=Money.of(row.total_cents),
            paid=Money.of(row.paid_cents),
            cleared=Money.of(row.cleared_cents),
            remaining=Money.of(owed_cents(row)),
            status=_status(row, reported=reported),
            paid_at=row.paid_at,
            pdf_url=ctx.link(f"invoices/{row.id}.pdf"),
        )


def _status(row: InvoiceRow, *, reported: bool) -> PaymentStatus:
    if not owed_cents(row):
        return PaymentStatus.PAID if row.paid_cents else PaymentStatus.CLEARED
    if row.paid_cents > 0:
        return PaymentStatus.PARTLY_PAID
    return PaymentStatus.UNPAID if reported else PaymentStatus.UNKNOWN_HERE


async def invoices_page(ctx: Context, households: Mapping[UUID, Sequence[str]], page: Page) -> Connection[Invoice]:
    """A page of the issued invoices of these households (with the services that follow each), newest first."""
    after = decode_cursor(page.after, date, UUID) if page.after is not None else None
    rows, total = await invoices.invoices_page(list(households), after, page.size + 1)
    nodes = [Invoice.of(ctx, row, reported=invoices.is_reported(ctx, households[row.household_id])) for row in rows]
    cursors = [encode_cursor(row.issued_on or row.prepared_at.date(), row.id) for row in rows]
    return connect(page, nodes, cursors, total)


async def invoices_to_print_page(ctx: Context, run_id: str, page: Page) -> Connection[Invoice]:
    """A page of the invoices of a run that are on paper, by number; empty for a run that does not exist."""
    key = parse_uuid(run_id, "InvoiceRun")
    after = decode_cursor(page.after, int, int) if page.after is not None else None
    rows, total = ([], 0) if key is None else await paper_invoices.to_print_page(ctx, key, after, page.size + 1)
    cursors = [encode_cursor(row.year, row.sequence or 0) for row, _ in rows]
    nodes = [Invoice.of(ctx, row, reported=invoices.is_reported(ctx, household.services)) for row, household in rows]
    return connect(page, nodes, cursors, total)


async def invoices_of(ctx: Context, keys: Sequence[UUID]) -> list[Invoice]:
    """The issued invoices the viewer may read among these: two statements."""
    return [
        Invoice.of(ctx, row, reported=invoices.is_reported(ctx, household.services))
        for row, household in await invoices.issued_invoices(ctx, keys)
    ]
