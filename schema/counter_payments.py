"""Money that agents receive at a desk, and credit that is used or given back."""

from datetime import date
from decimal import Decimal

import strawberry

from plugins.rules.counters import CounterMeans as CounterMeansValue
from plugins.rules.counters import HandedOver
from resolvers.context import Context
from resolvers.errors import not_found
from resolvers.models import Refund as RefundRow
from resolvers.paying import counter_payments, refunds
from schema.billing import Invoice, invoices_of
from schema.money_enums import CounterMeans, RefundMeans
from schema.payloads import Payload
from schema.payments import Payment, shown
from schema.relay import global_id, parse_uuid, require_uuid
from schema.scalars import Money, cents_of


@strawberry.type(description="Money given back to a household, out of its credit.")
class Refund:
    """See ``resolvers.models.payments.Refund``."""

    household_id: strawberry.ID = strawberry.field(description="The household.")
    amount: Money = strawberry.field(description="How much.")
    means: RefundMeans = strawberry.field(description="How it was given back.")
    reason: str = strawberry.field(description="Why, in French.")
    paid_on: date = strawberry.field(description="The day it was written down.")

    @classmethod
    def of(cls, row: RefundRow) -> "Refund":
        """The refund as clients see it."""
        return cls(
            household_id=global_id("Household", row.household_id),
            amount=Money.of(row.amount_cents),
            means=RefundMeans[refunds.RefundMeans(row.means).name],
            reason=row.reason,
            paid_on=row.paid_on,
        )


@strawberry.input(description="Input of `counterPaymentRecord`.")
class CounterPaymentRecordInput:
    """What a family hands over at a desk that its services have."""

    household_id: strawberry.ID = strawberry.field(description="The household.")
    means: CounterMeans = strawberry.field(description="Cash, a cheque or CESU titles.")
    amount: Decimal = strawberry.field(description="How much, in euros.")
    invoice_ids: list[strawberry.ID] = strawberry.field(
        description="The invoices to settle, the oldest due first; all that it owes by default.", default_factory=list
    )
    cheque_number: str = strawberry.field(description="Of a cheque, its number.", default="")
    bank: str = strawberry.field(description="Of a cheque, its bank.", default="")
    titles: list[str] = strawberry.field(description="Of CESU, the number of each title.", default_factory=list)
    even_if_collected: bool = strawberry.field(
        description="True, once the family confirmed it, to settle what a remittance collects (`COLLECTION_PENDING`): "
        "what the bank brings then is its credit.",
        default=False,
    )
    idempotency_key: str | None = strawberry.field(
        description="The same key with the same input gets the same answer, once done.", default=None
    )


@strawberry.type(description="Answer of `counterPaymentRecord`.")
class CounterPaymentRecordPayload(Payload):
    """It is booked, and a receipt « quittance » mailed."""

    payment: Payment | None = strawberry.field(
        description="The payment; its reference is the number of the receipt; null when refused.", default=None
    )


async def record(ctx: Context, input: CounterPaymentRecordInput) -> CounterPaymentRecordPayload:
    """Book what a family handed over."""
    household = require_uuid(input.household_id, "Household", what="Foyer", field="householdId")
    keys = [parse_uuid(invoice, "Invoice") for invoice in input.invoice_ids]
    if None in keys:
        raise not_found("Facture", "invoiceIds")
    handed = HandedOver(
        CounterMeansValue[input.means.name],
        cents_of(input.amount),
        input.cheque_number.strip(),
        input.bank.strip(),
        tuple(title.strip() for title in input.titles),
    )
    wanted = [key for key in keys if key is not None]
    key, even_if_collected = input.idempotency_key, input.even_if_collected
    attempt = await counter_payments.record(ctx, household, wanted, handed, key, even_if_collected=even_if_collected)
    return CounterPaymentRecordPayload(payment=await shown(attempt))


@strawberry.input(description="Input of `counterPaymentCancel`.")
class CounterPaymentCancelInput:
    """A payment made at a desk that does not stand."""

    id: strawberry.ID = strawberry.field(description="The payment.")
    reason: str = strawberry.field(description="Why, in French, at most 300 letters.")
    is_unpaid_cheque: bool = strawberry.field(
        description="True for a cheque that its bank did not pay: also once it is on a deposit slip.", default=False
    )


@strawberry.type(description="Answer of `counterPaymentCancel`.")
class CounterPaymentCancelPayload(Payload):
    """What it settled is owed again; both stay written."""

    payment: Payment | None = strawberry.field(description="The payment; null when refused.", default=None)


async def cancel(ctx: Context, input: CounterPaymentCancelInput) -> CounterPaymentCancelPayload:
    """Reverse a payment made at a desk."""
    key = require_uuid(input.id, "Payment", what="Encaissement", field="id")
    attempt = await counter_payments.reverse(ctx, key, input.reason.strip(), unpaid=input.is_unpaid_cheque)
    return CounterPaymentCancelPayload(payment=await shown(attempt))


@strawberry.input(description="Input of `refundRecord`.")
class RefundRecordInput:
    """Credit that the commune gave back."""

    household_id: strawberry.ID = strawberry.field(description="The household.")
    amount: Decimal = strawberry.field(description="How much, at most its credit.")
    means: RefundMeans = strawberry.field(description="How.")
    reason: str = strawberry.field(description="Why, in French, at most 300 letters.")
    idempotency_key: str | None = strawberry.field(
        description="The same key with the same input gets the same answer, once done.", default=None
    )


@strawberry.type(description="Answer of `refundRecord`.")
class RefundRecordPayload(Payload):
    """It is not the household's credit any more."""

    refund: Refund | None = strawberry.field(description="The refund; null when refused.", default=None)


async def refund(ctx: Context, input: RefundRecordInput) -> RefundRecordPayload:
    """Write down a refund."""
    household = require_uuid(input.household_id, "Household", what="Foyer", field="householdId")
    means, cents = refunds.RefundMeans[input.means.name], cents_of(input.amount)
    row = await refunds.refund(ctx, household, cents, means, input.reason.strip(), input.idempotency_key)
    return RefundRecordPayload(refund=Refund.of(row))


@strawberry.input(description="Input of `creditUse`.")
class CreditUseInput:
    """Invoices to pay out of the credit."""

    invoice_ids: list[strawberry.ID] = strawberry.field(
        description="Invoices of one household: 1 to 20. What titles (CESU) left pays only what services charge that "
        "take them."
    )
    idempotency_key: str | None = strawberry.field(
        description="The same key with the same input gets the same answer, once done.", default=None
    )


@strawberry.type(description="Answer of `creditUse`.")
class CreditUsePayload(Payload):
    """The credit is used, the oldest due first."""

    invoices: list[Invoice] = strawberry.field(description="Those that received something.", default_factory=list)


async def use(ctx: Context, input: CreditUseInput) -> CreditUsePayload:
    """Pay out of the credit."""
    keys = [key for each in input.invoice_ids if (key := parse_uuid(each, "Invoice")) is not None]
    if not 1 <= len(keys) <= 20 or len(keys) < len(input.invoice_ids):
        raise not_found("Facture", "invoiceIds")
    return CreditUsePayload(invoices=await invoices_of(ctx, await refunds.spend(ctx, keys, input.idempotency_key)))
