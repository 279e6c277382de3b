"""Receipts and statements as another program reads them."""

import io
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from gateway.papers.pdf import TypstPrinter
from plugins.rules.invoice_documents import Letterhead
from plugins.rules.invoicing import Issuer
from plugins.rules.statements import (
    ORDERED,
    ChildCare,
    PaidActivity,
    PaidInvoice,
    PaymentMade,
    PaymentStatement,
    ReceiptDocument,
    TaxStatement,
)
from resolvers.ports import Printer

pytestmark = pytest.mark.anyio

HEAD = Letterhead(
    Issuer("Commune de Chailles", ("Rue de l'Église", "41120 Chailles"), None, "enfance@chailles.example"),
    "Famille TEST",
    ("Parent TEST", "1 rue des Lilas"),
)
LETTERHEAD = (
    "Commune de Chailles Rue de l'Église 41120 Chailles enfance@chailles.example "
    "Famille TEST Parent TEST 1 rue des Lilas "
)
INVOICE = PaidInvoice("2026-ENF-000007", date(2026, 12, 1), 5444, 5000)
RECEIPT = ReceiptDocument(
    reference="2026ENF000007A01",
    letterhead=HEAD,
    paid_at=datetime(2026, 12, 2, 12, 4, tzinfo=ZoneInfo("Europe/Paris")),
    means="card",
    authorization="A1B2C3",
    amount_cents=5100,
    invoices=(INVOICE,),
)
STATEMENT = PaymentStatement(
    letterhead=HEAD,
    first_day=date(2026, 1, 1),
    last_day=date(2026, 12, 31),
    made_on=date(2027, 1, 4),
    activities=(PaidActivity("Enfant1 TEST", "Garderie", 2000), PaidActivity("Enfant2 TEST", "Garderie", 3000)),
    payments=(PaymentMade(date(2026, 12, 2), "card", "2026ENF000007A01", 5000),),
    invoices=(INVOICE,),
    is_partial=False,
)
TAXES = TaxStatement(
    letterhead=HEAD,
    year=2026,
    made_on=date(2027, 1, 4),
    children=(ChildCare("Enfant2 TEST", date(2021, 3, 14), 3000, 1250, 5000, counts=True),),
    paid_cents=5000,
    is_partial=True,
)


async def printed(drawn: bytes) -> str:
    """All its words, once it is seen to be accessible and in French."""
    reader = PdfReader(io.BytesIO(drawn))
    root: Any = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("fr-FR", True)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    return " ".join(" ".join(page.extract_text() for page in reader.pages).replace("\u200b", "").split())


async def test_a_receipt_tells_when_how_and_what_was_paid() -> None:
    assert await printed(await TypstPrinter().receipt(RECEIPT)) == (
        LETTERHEAD + "Reçu 2026ENF000007A01 "
        "Payé le mercredi 2 décembre 2026 à 12 h 04, par carte bancaire Autorisation : A1B2C3 "
        "Factures réglées Facture Émise le Montant Payé 2026-ENF-000007 1er décembre 2026 54,44 € 50,00 € "
        "Total Montant reçu : 51,00 € Porté au crédit de votre compte : 1,00 € "
        "Reçu 2026ENF000007A01 – page 1 sur 1"
    )


async def test_a_receipt_of_an_order_of_direct_debit_promises_no_money() -> None:
    text = await printed(await TypstPrinter().receipt(replace(RECEIPT, means=ORDERED)))
    assert "Ordre de prélèvement donné le mercredi 2 décembre 2026 à 12 h 04, sous réserve d'encaissement" in text
    assert "Total Montant à prélever : 51,00 €" in text
    assert "Payé le mercredi" not in text


async def test_a_statement_of_payments_certifies_then_details() -> None:
    assert await printed(await TypstPrinter().payment_statement(STATEMENT)) == (
        LETTERHEAD + "Attestation de paiement Du 1er janvier au 31 décembre 2026 Fait le lundi 4 janvier 2027 "
        "Attestation Total payé : 50,00 € "
        "Nous attestons que le foyer Famille TEST a payé 50,00 € du 1er janvier au 31 décembre 2026, "
        "par date de paiement. "
        "Pour qui, pour quoi Enfant Activité Payé Enfant1 TEST Garderie 20,00 € Enfant2 TEST Garderie 30,00 € "
        "Paiements Payé le Moyen Référence Montant 2 décembre 2026 carte bancaire 2026ENF000007A01 50,00 € "
        "Factures de la période Facture Émise le Montant Payé 2026-ENF-000007 1er décembre 2026 54,44 € 50,00 € "
        "Attestation de paiement – page 1 sur 1"
    )


async def test_a_statement_for_taxes_tells_the_care_of_each_child_that_counts() -> None:
    text = await printed(await TypstPrinter().tax_statement(TAXES))
    assert text.startswith(
        LETTERHEAD + "Attestation fiscale 2026 Sommes payées en 2026 Fait le lundi 4 janvier 2027 "
        "Frais de garde Enfant Né(e) le Garde Garde, repas compris Enfant2 TEST 14 mars 2021 30,00 € 12,50 € "
        "À savoir En 2026, vous avez payé 50,00 €, dont 42,50 € pour la garde"
    )
    assert "Ce qui est payé au Trésor public n'est pas connu du portail" in text


async def test_the_same_statement_is_the_same_file() -> None:
    printer: Printer = TypstPrinter()
    assert await printer.tax_statement(TAXES) == await TypstPrinter().tax_statement(TAXES)
