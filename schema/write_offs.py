"""What the commune gives up claiming, for agents."""

from decimal import Decimal

import strawberry

from resolvers.billing import credit_notes
from resolvers.context import Context
from schema.billing import Invoice, invoices_of
from schema.payloads import Payload
from schema.relay import require_uuid
from schema.scalars import cents_of


@strawberry.input(description="Input of `writeOffRecord`.")
class WriteOffRecordInput:
    """An invoice that will not be paid."""

    invoice_id: strawberry.ID = strawberry.field(description="The invoice.")
    reason: str = strawberry.field(description="Why, in French, at most 300 letters.")
    amount: Decimal | None = strawberry.field(description="How much; all that remains by default.", default=None)
    idempotency_key: str | None = strawberry.field(
        description="The same key with the same input gets the same answer, once done.", default=None
    )


@strawberry.type(description="Answer of `writeOffRecord`.")
class WriteOffRecordPayload(Payload):
    """It is not claimed any more."""

    invoice: Invoice | None = strawberry.field(description="The invoice; null when refused.", default=None)


async def record(ctx: Context, input: WriteOffRecordInput) -> WriteOffRecordPayload:
    """Give up claiming what an invoice owes."""
    key = require_uuid(input.invoice_id, "Invoice", what="Facture", field="invoiceId")
    cents = None if input.amount is None else cents_of(input.amount)
    await credit_notes.write_off(ctx, key, cents, input.reason.strip(), input.idempotency_key)
    (invoice,) = await invoices_of(ctx, [key])
    return WriteOffRecordPayload(invoice=invoice)
