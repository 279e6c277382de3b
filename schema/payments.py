"""Online payments as clients see them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry

from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.models import PaymentAttempt
from resolvers.paying import payment_decisions, payments, settlements
from resolvers.paying.payment_states import Followed, followed
from resolvers.paying.reversals import reject_online
from resolvers.ports import BankUnavailable
from schema.money_enums import PaymentState
from schema.payloads import Info, Payload
from schema.relay import Node, global_id, parse_uuid, require_uuid
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
    sentence: str = strawberry.field(description="What that means for the family, in French.")
    awaits_collection: bool = strawberry.field(
        description="True for an order of direct debit given on the bank's page: booked, « en attente d'encaissement »."
    )
    amount: Money = strawberry.field(description="What it pays.")
    reference: str = strawberry.field(description="The reference given to the bank.")
    redirect_url: str | None = strawberry.field(description="The bank's page, while the payment is running.")
    form: list[PaymentFormField] = strawberry.field(
        description="When not empty, the browser opens the page by posting these hidden fields to `redirectUrl`, as "
        "they are; when empty, it follows `redirectUrl`."
    )
    started_at: datetime = strawberry.field(description="When it started.")
    settled_at: datetime | None = strawberry.field(description="When the bank's answer was known.")
    reversed_at: datetime | None = strawberry.field(description="When it was taken back, if it was.")
    reversal: str | None = strawberry.field(description="Why it was taken back, in French; null when it stands.")

    @strawberry.field(
        description="Where its receipt is downloaded, once it is paid; nothing there if it is taken back."
    )
    def receipt_url(self, info: Info) -> str | None:
        """Null until it is paid."""
        key = parse_uuid(self.id, "Payment")
        return info.context.link(f"payments/{key}/receipt.pdf") if self.state is PaymentState.PAID else None

    @classmethod
    def of(cls, found: Followed) -> "Payment":
        """The payment as clients see it."""
        row, booked = found.attempt, found.booked
        state = PaymentState[found.state.name]
        form = row.form or {} if state is PaymentState.RUNNING else {}
        return cls(
            id=global_id("Payment", row.id),
            route=row.route,
            state=state,
            sentence=found.say(),
            awaits_collection=found.awaits_collection,
            amount=Money.of(row.amount_cents),
            reference=row.reference,
            redirect_url=row.redirect_url or None if state is PaymentState.RUNNING else None,
            form=[PaymentFormField(name=name, value=value) for name, value in sorted(form.items())],
            started_at=row.started_at,
            settled_at=row.settled_at,
            reversed_at=booked.reversed_at if booked else None,
            reversal=booked.reversal or None if booked else None,
        )


async def shown(attempt: PaymentAttempt) -> Payment:
    """One payment, with what was booked of it: one statement."""
    (found,) = await followed([attempt])
    return Payment.of(found)


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
    whole_debt: bool = strawberry.field(
        description="True to pay all that invoices with a `plan` owe, not only what is due or the next part.",
        default=False,
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
    key, whole = input.idempotency_key, input.whole_debt
    attempt = await payments.start(ctx, wanted, input.route, path, key, whole=whole)
    return PaymentStartPayload(payment=await shown(attempt))


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
    key = parse_uuid(input.id, "Payment")
    row = await PaymentAttempt.get_or_none(id=key) if key is not None else None
    if row is None:
        raise not_found("Paiement", "id")
    if row.external_id is not None:
        try:
            row = await settlements.settle(ctx, row.external_id) or row
        except BankUnavailable as error:
            raise Refused(
                Code.BANK_UNAVAILABLE, "Le service de paiement ne répond pas : réessayez dans quelques minutes."
            ) from error
    return PaymentRefreshPayload(payment=await shown(row))


@strawberry.input(description="Input of `paymentReject`.")
class PaymentRejectInput:
    """An online payment that does not stand."""

    id: strawberry.ID = strawberry.field(description="The payment, made on a bank's page.")
    reason: str = strawberry.field(description="Why, in French, at most 300 letters; the family reads it.")


@strawberry.type(description="Answer of `paymentReject`.")
class PaymentRejectPayload(Payload):
    """What it settled is owed again; both stay written."""

    payment: Payment | None = strawberry.field(description="The payment; null when refused.", default=None)


async def reject(ctx: Context, input: PaymentRejectInput) -> PaymentRejectPayload:
    """Take back an online payment that a bank took back."""
    key = require_uuid(input.id, "Payment", what="Paiement", field="id")
    return PaymentRejectPayload(payment=await shown(await reject_online(ctx, key, input.reason.strip())))


@strawberry.input(description="Input of `paymentDecide`.")
class PaymentDecideInput:
    """What the bank or the treasury says of a payment that stays `RUNNING`."""

    id: strawberry.ID = strawberry.field(description="The payment.")
    is_paid: bool = strawberry.field(description="True to book it, false to end it unpaid.")
    reason: str = strawberry.field(description="Where it was read, in French, at most 300 letters.")


@strawberry.type(description="Answer of `paymentDecide`.")
class PaymentDecidePayload(Payload):
    """It is under way no more."""

    payment: Payment | None = strawberry.field(description="The payment; null when refused.", default=None)


async def decide(ctx: Context, input: PaymentDecideInput) -> PaymentDecidePayload:
    """Decide a payment that the bank does not tell clearly."""
    key = require_uuid(input.id, "Payment", what="Paiement", field="id")
    attempt = await payment_decisions.decide(ctx, key, input.reason.strip(), is_paid=input.is_paid)
    return PaymentDecidePayload(payment=await shown(attempt))
