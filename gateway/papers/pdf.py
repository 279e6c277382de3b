"""Drawing documents: accessible PDF (PDF/UA-1), in French, the same bytes for the same document."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

from pypdf import PdfWriter

from gateway.papers.account_pdf import AccountDrawer, AccountPage
from gateway.papers.day_pages import day_page
from gateway.papers.deposit_pages import deposit_page
from gateway.papers.invoice_pages import credit_note_page, invoice_page
from gateway.papers.mandate_pdf import MandateDrawer
from gateway.papers.sheets_pdf import SheetDrawer
from gateway.papers.statement_pages import payment_statement_page, receipt_page, tax_statement_page
from plugins.rules.day_papers import DayPaper
from plugins.rules.deposits import DepositSlip
from plugins.rules.invoice_documents import CreditNoteDocument, InvoiceDocument
from plugins.rules.mandates import MandateDocument
from plugins.rules.sheets import Sheet
from plugins.rules.statements import PaymentStatement, ReceiptDocument, TaxStatement

_TEMPLATES = Path(__file__).parent.parent / "static"


class TypstPrinter:
    """Implements :class:`resolvers.ports.Printer`. Drawing happens in one thread of its own, one document at a time."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="typst")
        self._account = AccountDrawer(_TEMPLATES)
        self._sheets = SheetDrawer(_TEMPLATES)
        self._mandates = MandateDrawer(_TEMPLATES)

    async def invoice(self, document: InvoiceDocument) -> bytes:
        """The PDF of an invoice, dated from its issue. Characters that no font here can draw become « ? »."""
        return await self._draw(invoice_page(document))

    async def invoices(self, documents: Sequence[InvoiceDocument]) -> bytes:
        """The PDFs of some invoices, one after the other in one file. Other documents are drawn meanwhile."""
        drawn = [await self.invoice(document) for document in documents]
        return await asyncio.to_thread(_bound, drawn)

    async def credit_note(self, document: CreditNoteDocument) -> bytes:
        """The PDF of a credit note, dated from its issue. Characters that no font here can draw become « ? »."""
        return await self._draw(credit_note_page(document))

    async def receipt(self, document: ReceiptDocument) -> bytes:
        """The PDF of a receipt, dated from the payment. Characters that no font here can draw become « ? »."""
        return await self._draw(receipt_page(document))

    async def payment_statement(self, document: PaymentStatement) -> bytes:
        """The PDF of a statement of payments. Characters that no font here can draw become « ? »."""
        return await self._draw(payment_statement_page(document))

    async def tax_statement(self, document: TaxStatement) -> bytes:
        """The PDF of a statement for taxes. Characters that no font here can draw become « ? »."""
        return await self._draw(tax_statement_page(document))

    async def sheet(self, sheet: Sheet) -> bytes:
        """The PDF of a sheet to fill. Characters that no font here can draw become « ? » above the boxes."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._sheets.draw, sheet)

    async def mandate(self, document: MandateDocument) -> bytes:
        """The PDF of a mandate to sign. Characters that no font here can draw become « ? »."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._mandates.draw, document)

    async def deposit_slip(self, slip: DepositSlip) -> bytes:
        """The PDF of a deposit slip, dated from the day it was made. What no font here can draw becomes « ? »."""
        return await self._draw(deposit_page(slip))

    async def day_list(self, paper: DayPaper) -> bytes:
        """The PDF of the sheets of a day, dated from it. What no font here can draw becomes « ? »."""
        return await self._draw(day_page(paper))

    async def _draw(self, page: AccountPage) -> bytes:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._account.draw, page)


def _bound(drawn: Sequence[bytes]) -> bytes:
    """Several PDFs in one."""
    with PdfWriter() as writer, BytesIO() as bound:
        for each in drawn:
            writer.append(BytesIO(each))
        writer.write(bound)
        return bound.getvalue()
