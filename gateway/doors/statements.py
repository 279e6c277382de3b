"""Receipts and statements of what was paid, downloaded by the signed-in person."""

from typing import TypeVar
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.doors.files import pdf_answer, signed_in, window_of
from gateway.doors.sessions import Doorman
from resolvers.billing import attestations
from resolvers.errors import Refused

T = TypeVar("T")


def statement_routes(doorman: Doorman) -> list[Route]:
    """``/payments/{id}/receipt.pdf``, ``/households/{id}/payments.pdf?firstDay=…&lastDay=…`` and
    ``/households/{id}/taxes/{year}.pdf``, relative to a commune.

    What is not visible to the person does not exist: 404. 400 for days and years that make no sense.
    """

    async def receipt(request: Request) -> Response:
        ctx = await signed_in(doorman, request)
        found = _existing(await attestations.receipt(ctx, _key(request)))
        return pdf_answer(await ctx.ports.printer.receipt(found), "recu-de-paiement")

    async def payments(request: Request) -> Response:
        ctx = await signed_in(doorman, request)
        try:
            found = _existing(await attestations.payment_statement(ctx, _key(request), window_of(request)))
        except Refused as refusal:
            raise HTTPException(400, refusal.message) from refusal
        return pdf_answer(await ctx.ports.printer.payment_statement(found), "attestation-de-paiement")

    async def taxes(request: Request) -> Response:
        ctx = await signed_in(doorman, request)
        year: int = request.path_params["year"]
        try:
            found = _existing(await attestations.tax_statement(ctx, _key(request), year))
        except Refused as refusal:
            raise HTTPException(400, refusal.message) from refusal
        return pdf_answer(await ctx.ports.printer.tax_statement(found), f"attestation-fiscale-{year}")

    return [
        Route("/payments/{key:uuid}/receipt.pdf", receipt, methods=["GET"]),
        Route("/households/{key:uuid}/payments.pdf", payments, methods=["GET"]),
        Route("/households/{key:uuid}/taxes/{year:int}.pdf", taxes, methods=["GET"]),
    ]


def _key(request: Request) -> UUID:
    key: UUID = request.path_params["key"]
    return key


def _existing(found: T | None) -> T:
    if found is None:
        raise HTTPException(404, "Ce document n'existe pas.")
    return found
