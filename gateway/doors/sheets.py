"""Sheets over HTTP: downloaded blank or filled, read again once they are sent back."""

from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.doors.files import DOWNLOAD_HEADERS, pdf_answer, signed_in
from gateway.doors.sessions import Doorman
from gateway.inspection.file_types import PDF, FileChecker
from plugins.rules.sheets import read_again
from resolvers.context import Context
from resolvers.files import documents, sheets
from schema.relay import parse_uuid


def sheet_routes(doorman: Doorman, checker: FileChecker) -> list[Route]:
    """``/sheets/{code}.pdf``, and what a document that was sent answers: ``/documents/{id}/answers``.

    A sheet is blank for anybody, and filled for ``?householdId=…&childId=…`` and who may see them. Answers are told
    for the family to confirm: nothing is changed by them.
    """

    async def sheet(request: Request) -> Response:
        code = request.path_params["code"]
        if request.query_params:
            drawn = await _filled(await signed_in(doorman, request), code, request)
        else:
            drawn = await sheets.blank(await doorman.context(request, Response()), code)
        if drawn is None:
            raise HTTPException(404, "Ce document n'existe pas.")
        return pdf_answer(drawn, code)

    async def answers(request: Request) -> Response:
        ctx = await signed_in(doorman, request)
        opened = await documents.read(ctx, request.path_params["key"])
        if opened is None:
            raise HTTPException(404, "Ce document n'existe pas.")
        document, content = opened
        asked = sheets.questions_on(ctx, document.code)
        written = await checker.fields(content) if asked and document.media_type == PDF else {}
        told = [
            {"code": answer.code, "label": answer.label, "value": answer.value, "fault": answer.fault}
            for answer in read_again(asked, written)
        ]
        return JSONResponse({"answers": told}, headers=DOWNLOAD_HEADERS)

    return [
        Route("/sheets/{code}.pdf", sheet, methods=["GET"]),
        Route("/documents/{key:uuid}/answers", answers, methods=["GET"]),
    ]


async def _filled(ctx: Context, code: str, request: Request) -> bytes | None:
    household: UUID | None = parse_uuid(request.query_params.get("householdId", ""), "Household")
    child: UUID | None = parse_uuid(request.query_params.get("childId", ""), "Child")
    if household is None or child is None:
        return None
    return await sheets.prefilled(ctx, code, household, child)
