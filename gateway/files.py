"""Documents that the signed-in person downloads."""

from datetime import date
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sessions import Doorman
from resolvers import documents, invoices
from resolvers.context import Context
from resolvers.plans import Window

DOWNLOAD_HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}


def file_routes(doorman: Doorman) -> list[Route]:
    """``/invoices/{id}.pdf`` and ``/documents/{id}``, relative to a commune.

    What is not visible to the person does not exist: 404.
    """

    async def invoice(request: Request) -> Response:
        ctx = await doorman.context(request, Response())
        require_sign_in(ctx)
        key: UUID = request.path_params["key"]
        found = await invoices.issued_invoice(ctx, key)
        if found is None:
            raise HTTPException(404, "Ce document n'existe pas.")
        headers = {**DOWNLOAD_HEADERS, "Content-Disposition": f'attachment; filename="facture-{found.number}.pdf"'}
        return Response(await invoices.printed(ctx, found), media_type="application/pdf", headers=headers)

    async def document(request: Request) -> Response:
        ctx = await doorman.context(request, Response())
        require_sign_in(ctx)
        opened = await documents.read(ctx, request.path_params["key"])
        if opened is None:
            raise HTTPException(404, "Ce document n'existe pas.")
        found, content = opened
        headers = {**DOWNLOAD_HEADERS, "Content-Disposition": f'attachment; filename="{found.file_name}"'}
        return Response(content, media_type=found.media_type, headers=headers)

    return [
        Route("/invoices/{key:uuid}.pdf", invoice, methods=["GET"]),
        Route("/documents/{key:uuid}", document, methods=["GET"]),
    ]


def require_sign_in(ctx: Context) -> None:
    """Raise 401 for a visitor, and for who has steps left before using the portal."""
    if ctx.viewer.is_anonymous or ctx.viewer.steps:
        raise HTTPException(401, "Connectez-vous pour télécharger ce document.")


def window_of(request: Request) -> Window:
    """The days that ``firstDay`` and ``lastDay`` of an address name: 400 unless both are days; refused as a window."""
    try:
        first, last = (date.fromisoformat(request.query_params.get(name, "")) for name in ("firstDay", "lastDay"))
    except ValueError as error:
        raise HTTPException(400, "Écrivez le premier et le dernier jour, comme 2026-09-01.") from error
    return Window(first, last)
