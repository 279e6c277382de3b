"""Online payments as clients see them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry

from resolvers import payments, settlements
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.models import PaymentAttempt
from resolvers.ports import BankUnavailable
from schema.money_enums import PaymentState
from schema.payloads import Info, Payload
from schema.relay import Node, global_id, parse_uuid
from schema.scalars import Money

MOST_INVOICES = 20


@strawberry.type(description="A hidden field of the form that opens a bank's page.")
class PaymentFormField:
    """See ``resolvers.ports.StartedPayment``."""

    name: str = strawberry.field(description="Its name.")
    value: str = strawberry.field(description="Its value, to be posted as it is: the whole form is signed.")


@strawberry.type(description="One try to pay one or several invoices online.")
class Payment(Node):
    """See ``resolvers.models.payments.PaymentAttempt``."""

    route: str = strawberry.field(description="The code of the way to pay.")
    state: PaymentState = strawberry.field(description="Where it stands.")
    amount: Money = strawberry.field(description="What it pays.")
    reference: str = strawberry.field(description="The reference given to the bank.")
    redirect_url: str | None = strawberry.field(description="The bank's page, while the payment is running.")
    form: list[PaymentFormField] = strawberry.field(
        description="When not empty, the browser opens the page by posting these hidden fields to `redirectUrl`, as "
        "they are; when empty, it follows `redirectUrl`."
    )
    started_at: datetime = strawberry.field(description="When it started.")
    settled_at: datetime | None = strawberry.field(description="When the bank's answer was known.")

    @strawberry.field(
        description="Where its receipt is downloaded, once it is paid; nothing there if it is taken back."
    )
    def receipt_url(self, info: Info) -> str | None:
        """Null until it is paid."""
        key = parse_uuid(self.id, "Payment")
        return info.context.link(f"payments/{key}/receipt.pdf") if self.state is PaymentState.PAID else None

    @classmethod
    def of(cls, row: PaymentAttempt) -> "Payment":
        """The payment as clients see it."""
        state = PaymentState[row.state.name]
        form = row.form or {} if state is PaymentState.RUNNING else {}
        return cls(
            id=global_id("Payment", row.id),
            route=row.route,
            state=state,
            amount=Money.of(row.amount_cents),
            reference=row.reference,
            redirect_url=row.redirect_url or None if state is PaymentState.RUNNING else None,
            form=[PaymentFormField(name=name, value=value) for name, value in sorted(form.items())],
            started_at=row.started_at,
            settled_at=row.settled_at,
        )


async def payments_of(_ctx: Context, invoice_ids: Sequence[UUID]) -> list[list[Payment]]:
    """The attempts to pay each invoice."""
    return [[Payment.of(row) for row in rows] for rows in await payments.attempts_of(invoice_ids)]


@strawberry.input(description="Input of `paymentStart`.")
class PaymentStartInput:
    """What to pay, and how."""

    invoice_ids: list[strawberry.ID] = strawberry.field(description="Invoices of one household: 1 to 20.")
    route: str = strawberry.field(description="The code of a `PaymentRoute` that is online.")
    return_to: str = strawberry.field(
        description="The path of the front end to come back to, such as `/factures`.", default="/"
    )
    idempotency_key: str | None = strawberry.field(
        description="The same key with the same input gets the same answer, once done.", default=None
    )


@strawberry.type(description="Answer of `paymentStart`.")
class PaymentStartPayload(Payload):
    """The payment is open at the bank."""

    payment: Payment | None = strawberry.field(
        description="The payment: send the person to its `redirectUrl`, posting its `form` if any; null when refused.",
        default=None,
    )


async def start(ctx: Context, input: PaymentStartInput) -> PaymentStartPayload:
    """Open a payment at the bank."""
    keys = [parse_uuid(invoice, "Invoice") for invoice in input.invoice_ids]
    if not 1 <= len(keys) <= MOST_INVOICES or None in keys:
        raise not_found("Facture", "invoiceIds")
    path = input.return_to
    if not path.startswith("/") or path.startswith(("//", "/\\")) or len(path) > 300 or not path.isprintable():
        raise Refused(Code.INVALID, "L'adresse de retour est un chemin, comme /factures.", field=("returnTo",))
    wanted = [key for key in keys if key is not None]
    return PaymentStartPayload(
        payment=Payment.of(await payments.start(ctx, wanted, input.route, path, input.idempotency_key))
    )


@strawberry.input(description="Input of `paymentRefresh`.")
class PaymentRefreshInput:
    """A payment that is running."""

    id: strawberry.ID = strawberry.field(description="The payment.")


@strawberry.type(description="Answer of `paymentRefresh`.")
class PaymentRefreshPayload(Payload):
    """The bank has been asked."""

    payment: Payment | None = strawberry.field(description="The payment now; null when refused.", default=None)


async def refresh(ctx: Context, input: PaymentRefreshInput) -> PaymentRefreshPayload:
    """Ask the bank now what became of a payment."""
    row = await payment_row(ctx, input.id)
    if row is None:
        raise not_found("Paiement", "id")
    if row.external_id is not None:
        try:
            row = await settlements.settle(ctx, row.external_id) or row
        except BankUnavailable as error:
            raise Refused(
                Code.BANK_UNAVAILABLE, "Le service de paiement ne répond pas : réessayez dans quelques minutes."
            ) from error
    return PaymentRefreshPayload(payment=Payment.of(row))


async def payment_row(_ctx: Context, id: str) -> PaymentAttempt | None:
    """A payment that the viewer may see."""
    key = parse_uuid(id, "Payment")
    return await PaymentAttempt.get_or_none(id=key) if key is not None else None
