"""Credit notes as they are printed: nothing changes once they are issued."""

from collections.abc import Collection
from uuid import UUID

from plugins import hookspecs
from plugins.rules.invoice_documents import CreditNoteDocument
from plugins.rules.invoicing import InvoiceLineItem
from resolvers.billing.invoices import issued_invoices
from resolvers.billing.letterheads import letterhead_of
from resolvers.context import Context
from resolvers.families.households import households_of
from resolvers.models import CreditNote, Invoice


async def visible_credit_notes(ctx: Context, ids: Collection[UUID]) -> list[tuple[CreditNote, Invoice]]:
    """The credit notes among these whose invoice the viewer may read, each with that invoice: three statements."""
    notes = await CreditNote.filter(id__in=list(ids))
    invoices = {row.id: row for row, _ in await issued_invoices(ctx, [note.invoice_id for note in notes])}
    return [(note, invoices[note.invoice_id]) for note in notes if note.invoice_id in invoices]


async def printed(ctx: Context, note_id: UUID) -> tuple[CreditNote, bytes] | None:
    """A credit note and its accessible PDF, for who may read its invoice; None for everybody else."""
    found = await visible_credit_notes(ctx, [note_id])
    if not found:
        return None
    note, invoice = found[0]
    return note, await ctx.ports.printer.credit_note(await _document(ctx, note, invoice))


async def _document(ctx: Context, note: CreditNote, invoice: Invoice) -> CreditNoteDocument:
    (household,) = await households_of(ctx, frozenset({note.household_id}))
    return CreditNoteDocument(
        number=note.number,
        letterhead=letterhead_of(ctx, household),
        invoice_number=invoice.number or "",
        invoice_issued_on=invoice.issued_on or note.issued_on,
        issued_on=note.issued_on,
        reason=note.reason,
        lines=tuple(
            InvoiceLineItem(
                child=line["child"],
                activity=line["activity"],
                unit=line["unit"],
                quantity=line["quantity"],
                unit_cents=line["unit_cents"],
                total_cents=line["total_cents"],
                detail=(),
            )
            for line in note.lines
        ),
        total_cents=note.total_cents,
        credit_cents=note.credit_cents,
        mentions=ctx.commune.ask(hookspecs.invoicing).mentions,
    )
