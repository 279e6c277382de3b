"""The list of a day on paper."""

from datetime import date

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.doors.files import pdf_answer, signed_in
from gateway.doors.sessions import Doorman
from resolvers.days.day_papers import Asked, paper_of
from resolvers.errors import Refused


def day_paper_routes(doorman: Doorman) -> list[Route]:
    """``/day-lists/{day}.pdf?site=…&activity=…&unit=…``, relative to a commune.

    404 for who does not check attendance; 400 for what is no day, and for more children than one reads on paper.
    """

    async def day_list(request: Request) -> Response:
        ctx = await signed_in(doorman, request)
        asked = Asked(*(request.query_params.get(name) or None for name in ("site", "activity", "unit")))
        try:
            paper = await paper_of(ctx, _day(request), asked)
        except Refused as refusal:
            raise HTTPException(400, refusal.message) from refusal
        if paper is None:
            raise HTTPException(404, "Ce document n'existe pas.")
        return pdf_answer(await ctx.ports.printer.day_list(paper), f"feuille-de-pointage-{paper.day:%Y%m%d}")

    return [Route("/day-lists/{day}.pdf", day_list, methods=["GET"])]


def _day(request: Request) -> date:
    try:
        return date.fromisoformat(request.path_params["day"])
    except ValueError as wrong:
        raise HTTPException(400, "Écrivez le jour comme 2026-11-02.") from wrong
