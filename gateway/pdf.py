"""Drawing documents: accessible PDF (PDF/UA-1), in French, the same bytes for the same document."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time
from pathlib import Path
from typing import cast

import typst

from gateway.drawable import printable
from gateway.mandate_pdf import MandateDrawer
from gateway.sheets_pdf import SheetDrawer
from plugins.rules.french import euros, say_date
from plugins.rules.invoicing import InvoiceDocument, InvoiceLineItem, Issuer
from plugins.rules.mandates import MandateDocument
from plugins.rules.sheets import Sheet

_TEMPLATES = Path(__file__).parent / "static"


class TypstPrinter:
    """Implements :class:`resolvers.ports.Printer`. Drawing happens in one thread of its own, one document at a time."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="typst")
        self._invoices = typst.Compiler(_TEMPLATES / "invoice.typ", root=_TEMPLATES, ignore_system_fonts=True)
        self._sheets = SheetDrawer(_TEMPLATES)
        self._mandates = MandateDrawer(_TEMPLATES)

    async def invoice(self, document: InvoiceDocument) -> bytes:
        """The PDF of an invoice, dated from its issue. Characters that no font here can draw become « ? »."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._draw_invoice, document)

    async def sheet(self, sheet: Sheet) -> bytes:
        """The PDF of a sheet to fill. Characters that no font here can draw become « ? » above the boxes."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._sheets.draw, sheet)

    async def mandate(self, document: MandateDocument) -> bytes:
        """The PDF of a mandate to sign. Characters that no font here can draw become « ? »."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._mandates.draw, document)

    def _draw_invoice(self, document: InvoiceDocument) -> bytes:
        pdf = self._invoices.compile(
            format="pdf",
            # Data goes through JSON: the template prints it and never interprets it.
            sys_inputs={"invoice": json.dumps(printable(_invoice(document)))},
            pdf_standards=["ua-1"],
            timestamp=datetime.combine(document.issued_on, time(), UTC),
        )
        return cast(bytes, pdf)  # a PDF is one file: typst's lists are for images


def _invoice(document: InvoiceDocument) -> dict[str, object]:
    """What the template prints, in French and in order."""
    issued = document.issued_on
    return {
        "title": f"Facture {document.number}",
        "issued": {"year": issued.year, "month": issued.month, "day": issued.day},
        "issuer": {"name": document.issuer.name, "lines": _issuer_lines(document.issuer)},
        "household": document.household_name,
        "addressee": document.addressee_lines,
        "facts": [f"Période : {document.period_label}", f"Émise le {say_date(issued)}"],
        "lines": [_line(line) for line in document.lines],
        "totals": _totals(document),
        "due": say_date(document.due_on),
        "notes": document.payment_notes,
        "mentions": document.mentions,
    }


def _issuer_lines(issuer: Issuer) -> list[str]:
    siret = [f"SIRET {issuer.siret}"] if issuer.siret else []
    return [*issuer.address, *siret, issuer.contact]


def _line(line: InvoiceLineItem) -> dict[str, object]:
    return {
        "child": line.child,
        "activity": line.activity,
        "unit": line.unit,
        "detail": line.detail,
        "quantity": str(line.quantity),
        "unit_price": euros(line.unit_cents),
        "total": euros(line.total_cents),
    }


def _totals(document: InvoiceDocument) -> list[tuple[str, str]]:
    total = [("Total", euros(document.total_cents))]
    if not document.paid_cents:
        return total
    return [*total, ("Déjà payé", euros(document.paid_cents)), ("Reste à payer", euros(document.remaining_cents))]
