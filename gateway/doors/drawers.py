"""The papers of a régie's drawers: the journal of some days as a table, and deposit slips."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.doors.files import attached, pdf_answer, signed_in, window_of
from gateway.doors.sessions import Doorman
from plugins.rules.cash_journal import HEADINGS
from plugins.rules.spreadsheets import CSV, table
from resolvers.errors import Refused
from resolvers.paying.cash_journal import journal_of
from resolvers.paying.deposits import slip_of


def drawer_routes(doorman: Doorman) -> list[Route]:
    """``/cash-journal.csv?firstDay=…&lastDay=…`` and ``/deposits/{id}.pdf``, relative to a commune.

    404 for who keeps no drawer; 400 for days that make no sense.
    """

    async def cash_journal(request: Request) -> Response:
        ctx = await signed_in(doorman, request)
        try:
            window = window_of(request)
        except Refused as refusal:
            raise HTTPException(400, refusal.message) from refusal
        journal = await journal_of(ctx, window)
        if journal is None:
            raise HTTPException(404, "Ce document n'existe pas.")
        name = f"journal-de-caisse-{window.first:%Y%m%d}-{window.last:%Y%m%d}.csv"
        return Response(table(HEADINGS, [day.cells() for day in journal.days]), headers=attached(name), media_type=CSV)

    async def deposit(request: Request) -> Response:
        ctx = await signed_in(doorman, request)
        slip = await slip_of(ctx, request.path_params["key"])
        if slip is None:
            raise HTTPException(404, "Ce document n'existe pas.")
        drawn = await ctx.ports.printer.deposit_slip(slip)
        return pdf_answer(drawn, f"bordereau-{slip.number}")

    return [
        Route("/cash-journal.csv", cash_journal, methods=["GET"]),
        Route("/deposits/{key:uuid}.pdf", deposit, methods=["GET"]),
    ]
