"""Documents that the signed-in person downloads."""

from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sessions import Doorman
from resolvers import invoices

DOWNLOAD_HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}


def file_routes(doorman: Doorman) -> list[Route]:
    """``/invoices/{id}.pdf``, relative to a commune. What is not visible to the person does not exist: 404."""

    async def invoice(request: Request) -> Response:
        ctx = await doorman.context(request, Response())
        if ctx.viewer.is_anonymous or ctx.viewer.steps:
            raise HTTPException(401, "Connectez-vous pour télécharger ce document.")
        key: UUID = request.path_params["key"]
        found = await invoices.issued_invoice(ctx, key)
        if found is None:
            raise HTTPException(404, "Ce document n'existe pas.")
        headers = {**DOWNLOAD_HEADERS, "Content-Disposition": f'attachment; filename="facture-{found.number}.pdf"'}
        return Response(await invoices.printed(ctx, found), media_type="application/pdf", headers=headers)

    return [Route("/invoices/{key:uuid}.pdf", invoice, methods=["GET"])]
