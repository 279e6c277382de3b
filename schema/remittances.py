"""Direct debits as agents of billing see them: remittances to the bank, their collections, and rejects."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import strawberry

from plugins.rules.debit_answers import say_reject
from resolvers.context import Context
from resolvers.models import Collection as CollectionRow
from resolvers.models import Invoice
from resolvers.models import Remittance as RemittanceRow
from resolvers.paying import collecting, rejects, remittances
from resolvers.paying.collectable import Collectable
from schema.cost import LIST_SIZE
from schema.money_enums import CollectionState
from schema.payloads import Payload
from schema.relay import Connection, Node, Page, connect, decode_cursor, encode_cursor, global_id, require_uuid
from schema.scalars import Money

SHOWN = 100


@strawberry.type(description="One file of collections for the bank « remise de prélèvements ».")
class Remittance(Node):
    """See ``resolvers.models.direct_debits.Remittance``."""

    reference: str = strawberry.field(description="What the bank names it by (MsgId).")
    version: str = strawberry.field(description="The version of its file, such as `pain.008.001.08`.")
    collect_on: date = strawberry.field(description="The day families are debited.")
    count: int = strawberry.field(description="How many collections it holds.")
    total: Money = strawberry.field(description="What they add up to.")
    made_at: datetime = strawberry.field(description="When it was made.")
    sent_at: datetime | None = strawberry.field(description="When it was sent to the bank.")
    booked_at: datetime | None = strawberry.field(description="When what was not rejected was booked as paid.")
    file_url: str | None = strawberry.field(
        description="Where an agent downloads its file, each time logged; null until `remittanceSend`."
    )

    @classmethod
    def of(cls, ctx: Context, row: RemittanceRow) -> "Remittance":
        """The remittance as clients see it."""
        return cls(
            id=global_id("Remittance", row.id),
            reference=row.message_id,
            version=row.version,
            collect_on=row.collect_on,
            count=row.count,
            total=Money.of(row.total_cents),
            made_at=row.made_at,
            sent_at=row.sent_at,
            booked_at=row.booked_at,
            file_url=ctx.link(f"remittances/{row.id}.xml") if row.sent_at is not None else None,
        )


@strawberry.type(description="One invoice collected by a remittance.")
class Collection(Node):
    """See ``resolvers.models.direct_debits.Collection``."""

    reference: str = strawberry.field(description="What the bank names it by (EndToEndId).")
    invoice_id: strawberry.ID = strawberry.field(description="The invoice.")
    invoice_number: str = strawberry.field(description="The number of the invoice.")
    sequence: str = strawberry.field(description="`FRST` for the first collection of a mandate, `RCUR` afterwards.")
    amount: Money = strawberry.field(description="What is collected.")
    state: CollectionState = strawberry.field(description="What became of it.")
    code: str | None = strawberry.field(description="The bank's code, such as `AM04`; null unless rejected.")
    reason: str | None = strawberry.field(description="The same in French; null unless rejected.")
    rejected_at: datetime | None = strawberry.field(description="When the reject was known.")


async def _shown(rows: Sequence[CollectionRow]) -> list[Collection]:
    """Collections as clients see them: one statement for all."""
    invoices = Invoice.filter(id__in=[row.invoice_id for row in rows])
    numbers = dict(await invoices.values_list("id", "number"))
    return [
        Collection(
            id=global_id("Collection", row.id),
            reference=row.end_to_end_id,
            invoice_id=global_id("Invoice", row.invoice_id),
            invoice_number=numbers.get(row.invoice_id) or "",
            sequence=row.sequence,
            amount=Money.of(row.cents),
            state=CollectionState[row.state.name],
            code=row.code or None,
            reason=say_reject(row.code) if row.code else None,
            rejected_at=row.rejected_at,
        )
        for row in rows
    ]


async def remittances_page(ctx: Context, page: Page) -> Connection[Remittance]:
    """A page of remittances, newest first: two statements."""
    before = decode_cursor(page.after, datetime, UUID) if page.after is not None else None
    rows, total = await remittances.remittances_page(ctx, before, page.size + 1)
    cursors = [encode_cursor(row.made_at, row.id) for row in rows]
    return connect(page, [Remittance.of(ctx, row) for row in rows], cursors, total)


async def collections_page(ctx: Context, remittance_id: str, page: Page) -> Connection[Collection]:
    """A page of a remittance's collections, in its own order: three statements."""
    key = require_uuid(remittance_id, "Remittance", what="Remise", field="remittanceId")
    after = decode_cursor(page.after, str)[0] if page.after is not None else None
    rows, total = await remittances.collections_page(ctx, key, after, page.size + 1)
    return connect(page, await _shown(rows), [encode_cursor(row.end_to_end_id) for row in rows], total)


async def remittances_of(ctx: Context, keys: Sequence[UUID]) -> list[Remittance]:
    """The remittances the viewer may see among these."""
    rows = await RemittanceRow.filter(id__in=list(keys)) if remittances.sees_remittances(ctx) else []
    return [Remittance.of(ctx, row) for row in rows]


async def collections_of(ctx: Context, keys: Sequence[UUID]) -> list[Collection]:
    """The collections the viewer may see among these."""
    return await _shown(await CollectionRow.filter(id__in=list(keys)) if remittances.sees_remittances(ctx) else [])


@strawberry.type(description="An invoice that a day would collect, or leaves out.")
class CollectableInvoice:
    """See ``resolvers.paying.collectable``."""

    invoice_id: strawberry.ID = strawberry.field(description="The invoice.")
    invoice_number: str = strawberry.field(description="Its number.")
    amount: Money | None = strawberry.field(description="What would be collected; null when it is left out.")
    reason: str | None = strawberry.field(description="Why it is left out, in French; null when it is collected.")

    @classmethod
    def of(cls, row: Invoice, cents: int | None, reason: str | None) -> "CollectableInvoice":
        """The invoice as clients see it."""
        amount = None if cents is None else Money.of(cents)
        return cls(
            invoice_id=global_id("Invoice", row.id), invoice_number=row.number or "", amount=amount, reason=reason
        )


@strawberry.input(description="Input of `remittancePreview`.")
class RemittancePreviewInput:
    """A day to collect on."""

    collect_on: date = strawberry.field(description="The day families are debited: tomorrow at the earliest.")


@strawberry.type(description="Answer of `remittancePreview`.")
class RemittancePreviewPayload(Payload):
    """What a remittance of the day would hold."""

    count: int = strawberry.field(description="How many invoices would be collected.", default=0)
    total: Money | None = strawberry.field(description="What they add up to; null when refused.", default=None)
    collected: list[CollectableInvoice] = strawberry.field(
        description="The first hundred of them.", default_factory=list, metadata={LIST_SIZE: SHOWN}
    )
    left_out_count: int = strawberry.field(description="How many invoices are left out.", default=0)
    left_out: list[CollectableInvoice] = strawberry.field(
        description="The first hundred of them, with the reason.", default_factory=list, metadata={LIST_SIZE: SHOWN}
    )


async def preview(ctx: Context, input: RemittancePreviewInput) -> RemittancePreviewPayload:
    """Tell what a remittance would hold."""
    found: Collectable = await remittances.preview(ctx, input.collect_on)
    return RemittancePreviewPayload(
        count=len(found.collected),
        total=Money.of(found.total_cents),
        collected=[CollectableInvoice.of(each.invoice, each.cents, None) for each in found.collected[:SHOWN]],
        left_out_count=len(found.left_out),
        left_out=[CollectableInvoice.of(each.invoice, None, each.reason) for each in found.left_out[:SHOWN]],
    )


@strawberry.input(description="Input of `remittanceCreate`.")
class RemittanceCreateInput(RemittancePreviewInput):
    """A day to collect on."""

    idempotency_key: str | None = strawberry.field(
        description="The same key with the same input gets the same answer, once done.", default=None
    )


@strawberry.type(description="Answer of `remittanceCreate`.")
class RemittanceCreatePayload(Payload):
    """Its invoices wait for the bank."""

    remittance: Remittance | None = strawberry.field(description="The remittance; null when refused.", default=None)


async def make(ctx: Context, input: RemittanceCreateInput) -> RemittanceCreatePayload:
    """Write the remittance of a day."""
    row = await remittances.make(ctx, input.collect_on, input.idempotency_key)
    return RemittanceCreatePayload(remittance=Remittance.of(ctx, row))


@strawberry.input(description="Input of `remittanceSend`.")
class RemittanceSendInput:
    """A remittance whose file the bank was given."""

    id: strawberry.ID = strawberry.field(description="The remittance.")


@strawberry.type(description="Answer of `remittanceSend`.")
class RemittanceSendPayload(Payload):
    """It is noted."""

    remittance: Remittance | None = strawberry.field(description="The remittance; null when refused.", default=None)


async def send(ctx: Context, input: RemittanceSendInput) -> RemittanceSendPayload:
    """Send it."""
    return RemittanceSendPayload(remittance=Remittance.of(ctx, await remittances.mark_sent(ctx, _key(input.id))))


@strawberry.input(description="Input of `remittanceBook`.")
class RemittanceBookInput:
    """A remittance whose day has come."""

    id: strawberry.ID = strawberry.field(description="The remittance.")


@strawberry.type(description="Answer of `remittanceBook`.")
class RemittanceBookPayload(Payload):
    """What the bank did not reject is paid."""

    remittance: Remittance | None = strawberry.field(description="The remittance; null when refused.", default=None)


async def book(ctx: Context, input: RemittanceBookInput) -> RemittanceBookPayload:
    """Book what was not rejected."""
    return RemittanceBookPayload(remittance=Remittance.of(ctx, await collecting.book(ctx, _key(input.id))))


@strawberry.input(description="Input of `remittanceDrop`.")
class RemittanceDropInput:
    """A remittance that was not sent."""

    id: strawberry.ID = strawberry.field(description="The remittance.")


@strawberry.type(description="Answer of `remittanceDrop`.")
class RemittanceDropPayload(Payload):
    """Its invoices may be collected by another one."""


async def drop(ctx: Context, input: RemittanceDropInput) -> RemittanceDropPayload:
    """Give up a remittance that was not sent."""
    await remittances.drop(ctx, _key(input.id))
    return RemittanceDropPayload()


def _key(remittance_id: str) -> UUID:
    return require_uuid(remittance_id, "Remittance", what="Remise", field="id")


@strawberry.input(description="Input of `collectionReject`.")
class CollectionRejectInput:
    """What a letter of the bank says."""

    id: strawberry.ID = strawberry.field(description="The collection.")
    code: str = strawberry.field(description="The bank's code, such as `AM04`.")


@strawberry.type(description="Answer of `collectionReject`.")
class CollectionRejectPayload(Payload):
    """The collection is rejected, and the family told."""

    collection: Collection | None = strawberry.field(description="The collection; null when refused.", default=None)


async def reject(ctx: Context, input: CollectionRejectInput) -> CollectionRejectPayload:
    """Enter a reject by hand."""
    key = require_uuid(input.id, "Collection", what="Prélèvement", field="id")
    (shown,) = await _shown([await rejects.reject(ctx, key, input.code)])
    return CollectionRejectPayload(collection=shown)
