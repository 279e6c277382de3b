"""What agents of billing take to the treasury: exports of a period, and the invoices that are overdue."""

import asyncio
from collections.abc import AsyncIterator

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from gateway.doors.files import attached, signed_in, window_of
from gateway.doors.sessions import Doorman
from plugins.rules.overdue import HEADINGS
from plugins.rules.spreadsheets import BOM, CSV, Cell, rows_of
from resolvers.context import AgentRight, Context
from resolvers.errors import Code, Refused
from resolvers.paying.overdue import all_overdue
from resolvers.paying.treasury_exports import export_called
from resolvers.paying.treasury_ledger import ledger_of

ROWS_AT_A_TIME = 200


def export_routes(doorman: Doorman) -> list[Route]:
    """``/treasury/{code}?firstDay=…&lastDay=…`` (``&service=…`` for one service) and ``/overdue.csv``.

    404 for who may not; 400 for days that make no sense. Each download is logged.
    """

    async def export(request: Request) -> Response:
        ctx = await signed_in(doorman, request)
        wanted = export_called(ctx, request.path_params["code"])
        if wanted is None:
            raise HTTPException(404, "Ce document n'existe pas.")
        try:
            window = window_of(request)
            ledger = await ledger_of(ctx, window, request.query_params.get("service") or None)
        except Refused as refusal:
            raise HTTPException(404 if refusal.code is Code.NOT_FOUND else 400, refusal.message) from refusal
        written = await asyncio.to_thread(wanted.write, ledger)
        name = wanted.named(window.first, window.last)
        return Response(written, headers=attached(name), media_type=wanted.media_type)

    async def overdue(request: Request) -> Response:
        ctx = await signed_in(doorman, request)
        if not ctx.viewer.has(AgentRight.BILLING):
            raise HTTPException(404, "Ce document n'existe pas.")
        name = f"retards-de-paiement-{ctx.local_now:%Y%m%d}.csv"
        return StreamingResponse(_overdue(ctx), headers=attached(name), media_type=CSV)

    return [
        Route("/treasury/{code}", export, methods=["GET"]),
        Route("/overdue.csv", overdue, methods=["GET"]),
    ]


async def _overdue(ctx: Context) -> AsyncIterator[bytes]:
    """The file, a few hundred rows at a time."""
    yield BOM.encode() + rows_of([HEADINGS])
    rows: list[tuple[Cell, ...]] = []
    async for invoice in all_overdue(ctx):
        rows.append(invoice.cells())
        if len(rows) == ROWS_AT_A_TIME:
            yield rows_of(rows)
            rows.clear()
    yield rows_of(rows)
