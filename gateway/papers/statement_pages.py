"""Receipts and statements of what was paid, as pages, in French."""

from datetime import date

from gateway.papers.account_pdf import AccountPage, Column, Section
from plugins.rules.french import euros, say_date, say_day_month, say_short_span
from plugins.rules.statements import PaidInvoice, PaymentStatement, ReceiptDocument, TaxStatement, say_means

_INVOICES = (Column("Facture", 2), Column("Émise le", 2), Column("Montant"), Column("Payé"))
_PAYMENTS = (Column("Payé le", 2), Column("Moyen", 1.5), Column("Référence", 2), Column("Montant"))


def receipt_page(document: ReceiptDocument) -> AccountPage:
    """The page of a receipt: when and how it was paid, and the invoices it settled."""
    authorization = (f"Autorisation : {document.authorization}",) if document.authorization else ()
    credit = (("Porté au crédit de votre compte", euros(document.credit_cents)),) if document.credit_cents else ()
    invoices = (Section("Factures réglées", _INVOICES, _invoice_rows(document.invoices)),) if document.invoices else ()
    return AccountPage(
        title=f"Reçu {document.reference}",
        letterhead=document.letterhead,
        made_on=document.paid_at.date(),
        facts=(document.say(), *authorization),
        sections=(
            *invoices,
            Section(
                "Total",
                sums=(
                    ("Montant à prélever" if document.is_ordered else "Montant reçu", euros(document.amount_cents)),
                    *credit,
                ),
            ),
        ),
    )


def payment_statement_page(document: PaymentStatement) -> AccountPage:
    """The page of an « attestation de paiement »: what is certified, then for whom, by what means, on what invoices."""
    activities = tuple((line.child, line.activity, euros(line.cents)) for line in document.activities)
    payments = tuple(
        (_day(made.on), say_means(made.means), made.reference, euros(made.cents)) for made in document.payments
    )
    tables = (
        Section("Pour qui, pour quoi", (Column("Enfant", 2), Column("Activité", 3), Column("Payé")), activities),
        Section("Paiements", _PAYMENTS, payments),
        Section("Factures de la période", _INVOICES, _invoice_rows(document.invoices)),
    )
    return AccountPage(
        title="Attestation de paiement",
        letterhead=document.letterhead,
        made_on=document.made_on,
        facts=(say_short_span(document.first_day, document.last_day).capitalize(), _made(document.made_on)),
        sections=(
            Section("Attestation", sums=(("Total payé", euros(document.paid_cents)),), sentences=document.say()),
            *(table for table in tables if table.rows),
        ),
    )


def tax_statement_page(document: TaxStatement) -> AccountPage:
    """The page of a statement for taxes: what was paid for the care of each child that counts."""
    columns = (Column("Enfant", 2), Column("Né(e) le", 2), Column("Garde"), Column("Garde, repas compris"))
    rows = tuple(
        (child.name, _day(child.birth_date), euros(child.care_cents), euros(child.with_meal_cents))
        for child in document.counting
    )
    return AccountPage(
        title=f"Attestation fiscale {document.year}",
        letterhead=document.letterhead,
        made_on=document.made_on,
        facts=(f"Sommes payées en {document.year}", _made(document.made_on)),
        sections=(
            *((Section("Frais de garde", columns, rows),) if rows else ()),
            Section("À savoir", sentences=document.say()),
        ),
    )


def _invoice_rows(invoices: tuple[PaidInvoice, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple((one.number, _day(one.issued_on), euros(one.total_cents), euros(one.paid_cents)) for one in invoices)


def _day(day: date | None) -> str:
    return f"{say_day_month(day)} {day.year}" if day else ""


def _made(on: date) -> str:
    return f"Fait le {say_date(on)}"
