"""Payment plans « échéanciers », for agents: agreed, and withdrawn. Families read theirs on each invoice."""

from datetime import date

import strawberry

from resolvers.context import Context
from resolvers.errors import not_found
from resolvers.paying import plan_agreements
from schema.billing import Invoice, invoices_of
from schema.payloads import Payload
from schema.relay import parse_uuid, require_uuid


@strawberry.input(description="Input of `paymentPlanAgree`.")
class PaymentPlanAgreeInput:
    """What a family may pay in parts."""

    invoice_ids: list[strawberry.ID] = strawberry.field(description="Invoices of one household: 1 to 20.")
    part_count: int = strawberry.field(description="In how many equal monthly parts: 2 to 12; the last has the rest.")
    first_due_on: date = strawberry.field(description="The day of the first part, today or later.")
    reason: str = strawberry.field(description="Why, in French, at most 300 letters.")
    idempotency_key: str | None = strawberry.field(
        description="The same key with the same input gets the same answer, once done.", default=None
    )


@strawberry.type(description="Answer of `paymentPlanAgree`.")
class PaymentPlanAgreePayload(Payload):
    """The plan stands, and the family is mailed its dates."""

    invoices: list[Invoice] = strawberry.field(description="The invoices, with their `plan`.", default_factory=list)


async def agree(ctx: Context, input: PaymentPlanAgreeInput) -> PaymentPlanAgreePayload:
    """Have a family pay in parts."""
    keys = [key for each in input.invoice_ids if (key := parse_uuid(each, "Invoice")) is not None]
    if not 1 <= len(keys) <= 20 or len(keys) < len(input.invoice_ids):
        raise not_found("Facture", "invoiceIds")
    wanted = plan_agreements.Wanted(tuple(keys), input.part_count, input.first_due_on, input.reason.strip())
    await plan_agreements.agree(ctx, wanted, input.idempotency_key)
    return PaymentPlanAgreePayload(invoices=await invoices_of(ctx, keys))


@strawberry.input(description="Input of `paymentPlanWithdraw`.")
class PaymentPlanWithdrawInput:
    """A plan that stands no more."""

    invoice_id: strawberry.ID = strawberry.field(description="An invoice of the plan.")
    reason: str = strawberry.field(description="Why, in French, at most 300 letters; the family reads it.")


@strawberry.type(description="Answer of `paymentPlanWithdraw`.")
class PaymentPlanWithdrawPayload(Payload):
    """All that the plan left is due, and the family is told."""

    invoices: list[Invoice] = strawberry.field(description="The invoices of the plan.", default_factory=list)


async def withdraw(ctx: Context, input: PaymentPlanWithdrawInput) -> PaymentPlanWithdrawPayload:
    """End a plan."""
    key = require_uuid(input.invoice_id, "Invoice", what="Facture", field="invoiceId")
    return PaymentPlanWithdrawPayload(
        invoices=await invoices_of(ctx, await plan_agreements.withdraw(ctx, key, input.reason.strip()))
    )
