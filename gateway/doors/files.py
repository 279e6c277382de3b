"""Documents that the signed-in person downloads."""

from datetime import date
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.doors.sessions import Doorman
from gateway.inspection.file_types import PDF
from resolvers.agenda.plans import Window
from resolvers.billing import credit_note_documents, invoices, paper_invoices
from resolvers.context import Context
from resolvers.files import documents

DOWNLOAD_HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}


def file_routes(doorman: Doorman) -> list[Route]:
    """``/invoices/{id}.pdf``, ``/credit-notes/{id}.pdf``, ``/documents/{id}`` and
    ``/invoice-runs/{id}/to-print.pdf?part=1``, relative to a commune.

    What is not visible to the person does not exist: 404.
    """

    async def invoice(request: Request) -> Response:
        ctx = await signed_in(doorman, request)
        key: UUID = request.path_params["key"]
        found = await invoices.issued_invoice(ctx, key)
        if found is None:
            raise HTTPException(404, "Ce document n'existe pas.")
        return pdf_answer(await invoices.printed(ctx, found), f"facture-{found.number}")

    async def credit_note(request: Request) -> Response:
        ctx = await signed_in(doorman, request)
        printed = await credit_note_documents.printed(ctx, request.path_params["key"])
        if printed is None:
            raise HTTPException(404, "Ce document n'existe pas.")
        note, drawn = printed
        return pdf_answer(drawn, f"avoir-{note.number}")

    async def to_print(request: Request) -> Response:
        ctx = await signed_in(doorman, request)
        part = request.query_params.get("part", "1")
        number = int(part) if part.isascii() and part.isdigit() and len(part) < 6 else 0
        bound = await paper_invoices.printed_part(ctx, request.path_params["key"], number)
        if bound is None:
            raise HTTPException(404, "Aucune facture n'est à imprimer ici.")
        return pdf_answer(bound, f"factures-a-imprimer-{number}")

    async def document(request: Request) -> Response:
        ctx = await signed_in(doorman, request)
        opened = await documents.read(ctx, request.path_params["key"])
        if opened is None:
            raise HTTPException(404, "Ce document n'existe pas.")
        found, content = opened
        return Response(content, media_type=found.media_type, headers=attached(found.file_name))

    return [
        Route("/invoices/{key:uuid}.pdf", invoice, methods=["GET"]),
        Route("/credit-notes/{key:uuid}.pdf", credit_note, methods=["GET"]),
        Route("/invoice-runs/{key:uuid}/to-print.pdf", to_print, methods=["GET"]),
        Route("/documents/{key:uuid}", document, methods=["GET"]),
    ]


def pdf_answer(drawn: bytes, name: str) -> Response:
    """A PDF to download under this name."""
    return Response(drawn, media_type=PDF, headers=attached(f"{name}.pdf"))


async def signed_in(doorman: Doorman, request: Request) -> Context:
    """Who asks for a document. Raises 401 for a visitor, and for who has steps left before using the portal."""
    ctx = await doorman.context(request, Response())
    if ctx.viewer.is_anonymous or ctx.viewer.steps:
        raise HTTPException(401, "Connectez-vous pour télécharger ce document.")
    return ctx


def attached(name: str) -> dict[str, str]:
    """The headers of a download under this name."""
    return {**DOWNLOAD_HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}


def window_of(request: Request) -> Window:
    """The days that ``firstDay`` and ``lastDay`` of an address name: 400 unless both are days; refused as a window."""
    try:
        first, last = (date.fromisoformat(request.query_params.get(name, "")) for name in ("firstDay", "lastDay"))
    except ValueError as error:
        raise HTTPException(400, "Écrivez le premier et le dernier jour, comme 2026-09-01.") from error
    return Window(first, last)
