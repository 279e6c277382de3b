"""Invoices and credit notes as pages, in French."""

from collections.abc import Iterable

from gateway.papers.account_pdf import AccountPage, Cell, Column, Section
from plugins.rules.french import euros, say_date
from plugins.rules.invoice_documents import CreditNoteDocument, InvoiceDocument
from plugins.rules.invoicing import InvoiceLineItem

_COLUMNS = (
    Column("Enfant", 1.1),
    Column("Activité", 1.2),
    Column("Prestation", 1.9),
    Column("Quantité"),
    Column("Prix unitaire"),
    Column("Montant"),
)


def invoice_page(document: InvoiceDocument) -> AccountPage:
    """The page of an invoice: each price explained, what remains to pay, how and until when."""
    reminder = (document.reminder.say(),) if document.reminder is not None else ()
    return AccountPage(
        title=document.title,
        letterhead=document.letterhead,
        made_on=document.issued_on,
        facts=(f"Période : {document.period_label}", f"Émise le {say_date(document.issued_on)}", *reminder),
        sections=(
            Section("Détail", _COLUMNS, _rows(document.lines)),
            Section("À payer", sums=_sums(document)),
            *_how_to_pay(document),
            *_mentions(document.mentions),
        ),
        qr=_address(document),
    )


def credit_note_page(document: CreditNoteDocument) -> AccountPage:
    """The page of a credit note: what it takes off, from which invoice, and where the money is."""
    sums = [("Total de l'avoir", euros(document.total_cents))]
    cleared = document.total_cents - document.credit_cents
    if cleared:
        sums.append(("Déduit de ce qui restait à payer", euros(cleared)))
    if document.credit_cents:
        sums.append(("Porté au crédit de votre compte", euros(document.credit_cents)))
    return AccountPage(
        title=document.title,
        letterhead=document.letterhead,
        made_on=document.issued_on,
        facts=(
            f"Corrige la facture {document.invoice_number} du {say_date(document.invoice_issued_on)}",
            f"Émis le {say_date(document.issued_on)}",
            f"Motif : {document.reason}",
        ),
        sections=(
            Section("Ce qui est déduit", _COLUMNS, _rows(document.lines)),
            Section("Total", sums=tuple(sums)),
            *_mentions(document.mentions),
        ),
    )


def _rows(lines: Iterable[InvoiceLineItem]) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        (
            line.child,
            line.activity,
            (line.unit, *line.detail),
            str(line.quantity),
            euros(line.unit_cents),
            euros(line.total_cents),
        )
        for line in lines
    )


def _sums(document: InvoiceDocument) -> tuple[tuple[str, str], ...]:
    settled = [("Déjà payé", document.paid_cents), ("Déduit (avoirs, remises)", document.cleared_cents)]
    sums = [("Total", document.total_cents), *((label, cents) for label, cents in settled if cents)]
    if len(sums) > 1:
        sums.append(("Reste à payer", document.remaining_cents))
    has_own_dates = document.debit is not None or document.plan is not None
    due = [] if has_own_dates else [("Date limite de paiement", say_date(document.due_on))]
    return (*((label, euros(cents)) for label, cents in sums), *(due if document.remaining_cents else ()))


def _how_to_pay(document: InvoiceDocument) -> tuple[Section, ...]:
    sentences, address = document.say_payment(), _address(document)
    if not sentences:
        return ()
    return (Section("Comment payer", sentences=sentences, qr=f"Code QR : {address}" if address else ""),)


def _address(document: InvoiceDocument) -> str:
    """Where the QR code leads: nowhere once nothing is left for the family to do."""
    return document.pay_online_at if document.remaining_cents and document.debit is None else ""


def _mentions(mentions: tuple[str, ...]) -> tuple[Section, ...]:
    return (Section("Mentions", sentences=mentions, small=True),) if mentions else ()
