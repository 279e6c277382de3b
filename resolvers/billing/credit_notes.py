"""Correcting issued invoices: credit notes « avoirs », and what the commune gives up claiming « non-valeurs ».

What an invoice still claims is cleared first; what its household had paid above it becomes credit.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from plugins import hookspecs
from plugins.rules.credit_notes import ChargedLine, Correction, whole_of
from plugins.rules.french import euros
from plugins.rules.texts import is_printable
from plugins.rules.wording import Message
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.families.correspondents import correspondents
from resolvers.idempotency import recall, remember
from resolvers.models import CreditNote, Invoice, InvoiceLine, WriteOff
from resolvers.models.billing import InvoiceState
from resolvers.models.tenancy import unit_of_work
from resolvers.numbers import take_numbers
from resolvers.outbox import Addressee, enqueue_mail
from resolvers.paying.allocations import clear, hold_account, owed_cents

ISSUE = "creditNoteIssue"
WRITE_OFF = "writeOffRecord"
LONGEST_REASON = 300
LINE = ("child", "activity", "unit")


@unit_of_work
async def issue(
    ctx: Context, invoice_id: UUID, corrections: Sequence[Correction] | None, reason: str, key: str | None
) -> CreditNote:
    """Correct an issued invoice: a number without gap, a mail to those who pay; None corrects all that is left of it.

    Refused: NOT_FOUND, BLANK and INVALID (reason), INVALID (a line that does not exist or still charges less, more than
    the invoice still is), and as ``idempotency.recall``.
    """
    asked = {
        "invoice": str(invoice_id),
        "lines": None if corrections is None else [asdict(correction) for correction in corrections],
        "reason": reason,
    }
    answered = await recall(ctx, ISSUE, key, asked)
    if answered is not None:
        return await CreditNote.get(id=UUID(answered["note"]))
    require_reason(reason)
    invoice = await held_invoice(invoice_id)
    lines = await _kept_lines(invoice, corrections)
    total = sum(line["total_cents"] for line in lines)
    left = invoice.total_cents - invoice.cleared_cents
    if not 0 < total <= left:
        raise Refused(
            Code.INVALID,
            f"La facture {invoice.number} porte encore {euros(left)} : un avoir de {euros(total)} n'est pas possible.",
            field=("lines",),
        )
    freed = await clear(invoice, total, ctx.now)
    note = await _number(ctx, invoice, lines, reason, freed)
    await _announce(ctx, note, invoice)
    await remember(ctx, ISSUE, key, asked, {"note": str(note.id)})
    return note


@unit_of_work
async def write_off(ctx: Context, invoice_id: UUID, cents: int | None, reason: str, key: str | None) -> Invoice:
    """Give up claiming what an invoice still owes, or part of it; the family is not written to.

    Refused: NOT_FOUND, BLANK and INVALID (reason), ALREADY_PAID when nothing is owed, INVALID (more than is owed), and
    as ``idempotency.recall``.
    """
    asked = {"invoice": str(invoice_id), "cents": cents, "reason": reason}
    answered = await recall(ctx, WRITE_OFF, key, asked)
    if answered is not None:
        return await Invoice.get(id=invoice_id)
    require_reason(reason)
    invoice = await held_invoice(invoice_id)
    owed = owed_cents(invoice)
    if not owed:
        raise Refused(Code.ALREADY_PAID, f"Rien n'est dû sur la facture {invoice.number}.", field=("invoiceId",))
    given_up = owed if cents is None else cents
    if not 0 < given_up <= owed:
        raise Refused(
            Code.INVALID,
            f"Il reste {euros(owed)} à payer sur la facture {invoice.number} : {euros(given_up)} ne conviennent pas.",
            field=("amount",),
        )
    await WriteOff.create(
        household_id=invoice.household_id,
        invoice_id=invoice.id,
        cents=given_up,
        reason=reason,
        decided_by=ctx.viewer.account_id,
        at=ctx.now,
    )
    await clear(invoice, given_up, ctx.now)
    await remember(ctx, WRITE_OFF, key, asked, {})
    return invoice


def require_reason(reason: str) -> None:
    """Refuse a reason that says nothing (BLANK), or that is not one line of at most 300 letters (INVALID)."""
    if not reason.strip():
        raise Refused(Code.BLANK, "Écrivez le motif : la famille et le comptable le lisent.", field=("reason",))
    if len(reason) > LONGEST_REASON or not is_printable(reason):
        raise Refused(Code.INVALID, f"Le motif tient sur une ligne de {LONGEST_REASON} lettres.", field=("reason",))


async def held_invoice(invoice_id: UUID) -> Invoice:
    """An issued invoice that the viewer may see, locked after its household's account. Refused: NOT_FOUND."""
    issued = Invoice.filter(id=invoice_id, state=InvoiceState.ISSUED)
    found = await issued.first()
    if found is None:
        raise not_found("Facture", "invoiceId")
    await hold_account(found.household_id)
    return await issued.select_for_update().get()


async def charged_lines(invoice: Invoice) -> list[tuple[ChargedLine, InvoiceLine]]:
    """The lines of an invoice with what its credit notes took off each: two statements."""
    credited: defaultdict[int, int] = defaultdict(int)
    for note in await CreditNote.filter(invoice_id=invoice.id):
        for line in note.lines:
            credited[line["position"]] += line["total_cents"]
    rows = await InvoiceLine.filter(invoice_id=invoice.id).order_by("position")
    return [(ChargedLine(row.position, row.quantity, row.unit_cents, credited[row.position]), row) for row in rows]


async def _kept_lines(invoice: Invoice, corrections: Sequence[Correction] | None) -> list[dict[str, Any]]:
    """What the credit note says, line by line; each line is corrected once."""
    lines = {charged.position: (charged, row) for charged, row in await charged_lines(invoice)}
    if corrections is None:
        left = invoice.total_cents - invoice.cleared_cents
        corrections = whole_of([charged for charged, _ in lines.values()], left)
    if len({correction.position for correction in corrections}) < len(corrections):
        raise Refused(Code.INVALID, "Corrigez chaque ligne une seule fois.", field=("lines",))
    kept = []
    for place, correction in enumerate(corrections):
        path = ("lines", str(place))
        if correction.position not in lines:
            raise Refused(Code.INVALID, f"La facture {invoice.number} n'a pas cette ligne.", field=path)
        charged, row = lines[correction.position]
        if (fault := correction.fault(charged)) is not None:
            raise Refused(Code.INVALID, fault, field=path)
        said = {name: getattr(row, name) for name in LINE}
        kept.append({**said, **asdict(correction), "total_cents": correction.total_cents})
    return kept


async def _number(
    ctx: Context, invoice: Invoice, lines: Sequence[Mapping[str, Any]], reason: str, freed: int
) -> CreditNote:
    policy = ctx.commune.ask(hookspecs.invoicing)
    year = ctx.local_now.year
    number = await take_numbers(f"{policy.credit_note_series}-{year}", 1)
    return await CreditNote.create(
        household_id=invoice.household_id,
        invoice_id=invoice.id,
        year=year,
        series=policy.credit_note_series,
        sequence=number,
        number=policy.credit_note_number(year, number),
        total_cents=sum(line["total_cents"] for line in lines),
        credit_cents=freed,
        lines=list(lines),
        reason=reason,
        issued_on=ctx.local_now.date(),
        issued_by=ctx.viewer.account_id,
        at=ctx.now,
    )


async def _announce(ctx: Context, note: CreditNote, invoice: Invoice) -> None:
    owed = owed_cents(invoice)
    consequence = f"Il reste {euros(owed)} à payer." if owed else "Cette facture est réglée."
    if note.credit_cents:
        consequence = f"Vous l'aviez payée : {euros(note.credit_cents)} sont à votre crédit."
    for account, person in await correspondents(note.household_id):
        await enqueue_mail(
            ctx.commune,
            ctx.ports,
            ctx.now,
            Message.CREDIT_NOTE_ISSUED,
            Addressee(account.email, person.first_name),
            key=f"credit-note:{note.id}:{account.id}",
            number=note.number,
            invoice=invoice.number or "",
            total=euros(note.total_cents),
            reason=note.reason,
            consequence=consequence,
        )


async def credit_notes_of(invoice_ids: Collection[UUID]) -> list[list[CreditNote]]:
    """The credit notes of each invoice, oldest first: one statement for all."""
    rows = await CreditNote.filter(invoice_id__in=list(invoice_ids)).order_by("at", "id")
    return [[row for row in rows if row.invoice_id == invoice] for invoice in invoice_ids]
