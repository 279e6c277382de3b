"""Mandates to sign, downloaded by who pays in their household."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.doors.files import pdf_answer, signed_in
from gateway.doors.sessions import Doorman
from resolvers.paying import mandates


def mandate_routes(doorman: Doorman) -> list[Route]:
    """``/mandates/{id}.pdf``, relative to a commune; 404 for everybody but who pays in the household."""

    async def mandate(request: Request) -> Response:
        ctx = await signed_in(doorman, request)
        printed = await mandates.printed(ctx, request.path_params["key"])
        if printed is None:
            raise HTTPException(404, "Ce document n'existe pas.")
        found, content = printed
        return pdf_answer(content, f"mandat-{found.rum}")

    return [Route("/mandates/{key:uuid}.pdf", mandate, methods=["GET"])]
