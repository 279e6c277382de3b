"""Credit notes and write-offs, for the agents who issue them and the families who read them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

import strawberry

from plugins.rules.credit_notes import Correction
from resolvers.billing import credit_notes, credit_proposals
from resolvers.context import Context
from resolvers.errors import Code, Refused
from resolvers.models import CreditNote as CreditNoteRow
from schema.cost import LIST_SIZE
from schema.payloads import Payload
from schema.relay import Node, global_id, parse_uuid, require_uuid
from schema.scalars import Money, cents_of


@strawberry.type(description="What is taken off one line of an invoice.")
class CreditNoteLine:
    """See ``resolvers.models.billing.CreditNote``."""

    position: int = strawberry.field(description="The place of the line on the invoice, from 0.")
    child: str = strawberry.field(description="The child's name; empty on a line of the whole household.")
    activity: str = strawberry.field(description="The activity, in French.")
    unit: str = strawberry.field(description="The unit, in French; empty on a line that several days make together.")
    quantity: int = strawberry.field(description="How many units are taken off.")
    unit_amount: Money = strawberry.field(description="What is taken off for each; negative for a discount.")
    total: Money = strawberry.field(description="Quantity × amount.")


@strawberry.type(description="What an issued invoice is corrected by « avoir »; never edited.")
class CreditNote(Node):
    """See ``resolvers.models.billing.CreditNote``."""

    number: str = strawberry.field(description="Its number, in a series of its own.")
    invoice_id: strawberry.ID = strawberry.field(description="The invoice.")
    issued_on: date = strawberry.field(description="The day it was issued.")
    total: Money = strawberry.field(description="What it takes off the invoice.")
    reason: str = strawberry.field(description="Why, in French.")
    credit: Money = strawberry.field(description="What had been paid of it: the household's credit now.")
    pdf_url: str = strawberry.field(description="Where the signed-in person downloads it.")
    lines: list[CreditNoteLine] = strawberry.field(
        description="What it takes off, line by line.", metadata={LIST_SIZE: 3}
    )

    @classmethod
    def of(cls, ctx: Context, row: CreditNoteRow) -> "CreditNote":
        """The credit note as clients see it."""
        return cls(
            id=global_id("CreditNote", row.id),
            number=row.number,
            invoice_id=global_id("Invoice", row.invoice_id),
            issued_on=row.issued_on,
            total=Money.of(row.total_cents),
            reason=row.reason,
            credit=Money.of(row.credit_cents),
            pdf_url=ctx.link(f"credit-notes/{row.id}.pdf"),
            lines=[
                CreditNoteLine(
                    position=line["position"],
                    child=line["child"],
                    activity=line["activity"],
                    unit=line["unit"],
                    quantity=line["quantity"],
                    unit_amount=Money.of(line["unit_cents"]),
                    total=Money.of(line["total_cents"]),
                )
                for line in row.lines
            ],
        )


@strawberry.type(description="What may be taken off a line of an invoice, because it is not due any more.")
class CreditNoteProposal:
    """See ``resolvers.billing.credit_proposals.Proposed``."""

    position: int = strawberry.field(description="The place of the line on the invoice, from 0.")
    quantity: int = strawberry.field(description="How many units.")
    unit_amount: Money = strawberry.field(description="What to take off for each.")
    days: list[date] = strawberry.field(description="The days concerned.")
    reason: str = strawberry.field(description="Why, in French.")
    sentence: str = strawberry.field(description="The child, the unit, the days and the reason, in French.")

    @classmethod
    def of(cls, found: credit_proposals.Proposed) -> "CreditNoteProposal":
        """The proposal as clients see it."""
        return cls(
            position=found.correction.position,
            quantity=found.correction.quantity,
            unit_amount=Money.of(found.correction.unit_cents),
            days=list(found.days),
            reason=found.reason,
            sentence=found.say(),
        )


async def proposals(ctx: Context, invoice_id: str) -> list[CreditNoteProposal]:
    """What a credit note of this invoice should take off; nothing when the viewer sees no such invoice."""
    key = parse_uuid(invoice_id, "Invoice")
    found = () if key is None else await credit_proposals.propose(ctx, key)
    return [CreditNoteProposal.of(each) for each in found]


async def credit_notes_of(ctx: Context, invoice_ids: Sequence[UUID]) -> list[list[CreditNote]]:
    """The credit notes of each invoice."""
    return [[CreditNote.of(ctx, row) for row in rows] for rows in await credit_notes.credit_notes_of(invoice_ids)]


@strawberry.input(description="What to take off a line.")
class CreditNoteLineInput:
    """See ``plugins.rules.credit_notes.Correction``."""

    position: int = strawberry.field(description="The place of the line on the invoice, from 0.")
    quantity: int = strawberry.field(description="How many units.")
    unit_amount: Decimal = strawberry.field(
        description="What to take off for each: the line's price, or part of it; negative for a discount."
    )


@strawberry.input(description="Input of `creditNoteIssue`.")
class CreditNoteIssueInput:
    """An issued invoice, and what is not due on it."""

    invoice_id: strawberry.ID = strawberry.field(description="The invoice.")
    reason: str = strawberry.field(description="Why: the family reads it, in French, at most 300 letters.")
    lines: list[CreditNoteLineInput] | None = strawberry.field(
        description="What to take off; all that the invoice still is when left out.", default=None
    )
    idempotency_key: str | None = strawberry.field(
        description="The same key with the same input gets the same answer, once done.", default=None
    )


@strawberry.type(description="Answer of `creditNoteIssue`.")
class CreditNoteIssuePayload(Payload):
    """The credit note is issued, and the family told."""

    credit_note: CreditNote | None = strawberry.field(description="The credit note; null when refused.", default=None)


async def issue(ctx: Context, input: CreditNoteIssueInput) -> CreditNoteIssuePayload:
    """Correct an issued invoice."""
    key = require_uuid(input.invoice_id, "Invoice", what="Facture", field="invoiceId")
    lines = None if input.lines is None else [_correction(place, line) for place, line in enumerate(input.lines)]
    note = await credit_notes.issue(ctx, key, lines, input.reason.strip(), input.idempotency_key)
    return CreditNoteIssuePayload(credit_note=CreditNote.of(ctx, note))


def _correction(place: int, line: CreditNoteLineInput) -> Correction:
    if line.quantity < 1 or not line.unit_amount:
        raise Refused(Code.INVALID, "Retirez au moins une unité, d'un montant.", field=("lines", str(place)))
    return Correction(line.position, line.quantity, cents_of(line.unit_amount))
