"""Files that families send into their vault, one at a time: ``POST /documents``, relative to a commune."""

from uuid import UUID

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.body_limit import MAX_UPLOAD
from gateway.file_types import FileChecker
from gateway.graphql_http import MULTIPART, check_request
from gateway.sessions import Doorman
from resolvers import documents
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.households import acts_for
from schema.relay import global_id, parse_uuid

MAX_FIELDS = 4
NO_STORE = {"Cache-Control": "private, no-store"}


class _InMemory(MultiPartParser):
    """Reads a form without ever writing it in clear on a disk: :class:`BodyLimit` bounds what it holds."""

    spool_max_size = MAX_UPLOAD + 1


def upload_routes(doorman: Doorman, checker: FileChecker) -> list[Route]:
    """``POST /documents``, a multipart form: ``householdId``, ``childId`` (optional), ``code`` and ``file``.

    201 and ``{"id"}`` when the document is kept. 422 and ``{"code", "field", "message"}``, with the codes of the
    schema, when it is refused: then nothing is kept.
    """

    async def upload(request: Request) -> Response:
        check_request(request.method, request.headers)
        if not request.headers.get("content-type", "").lower().startswith(MULTIPART):
            raise HTTPException(415, f"Content-Type must be {MULTIPART}.")
        ctx = await doorman.context(request, Response())
        if ctx.viewer.is_anonymous or ctx.viewer.steps:
            raise HTTPException(401, "Connectez-vous pour envoyer un document.", NO_STORE)
        try:
            form = await _form(request)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody reads it
        try:
            kept = await _keep(ctx, form, checker)
        except Refused as refused:
            told = {"code": refused.code.name, "field": refused.field, "message": refused.message}
            return JSONResponse(told, 422, NO_STORE)
        finally:
            await form.close()
        return JSONResponse({"id": kept}, 201, NO_STORE)

    return [Route("/documents", upload, methods=["POST"])]


async def _form(request: Request) -> FormData:
    """The form, or 400 when it is none, or holds more than is asked."""
    try:
        return await _InMemory(request.headers, request.stream(), max_files=1, max_fields=MAX_FIELDS).parse()
    except (MultiPartException, ValueError, LookupError) as error:
        raise HTTPException(400, "Malformed multipart form: one file, and a few short fields.") from error


async def _keep(ctx: Context, form: FormData, checker: FileChecker) -> str:
    """Whether the place may receive a document is asked before the file is opened: strangers open nothing."""
    place = _place(form)
    if not acts_for(ctx, place.household_id):
        raise not_found("Foyer", "householdId")
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise Refused(Code.BLANK, "Joignez un fichier.", field=("file",))
    deposit = await checker.checked(file.filename or "", await file.read())
    return global_id("Document", (await documents.add(ctx, place, deposit)).id)


def _place(form: FormData) -> documents.Place:
    household, child, code = (_text(form, name) for name in ("householdId", "childId", "code"))
    household_id = parse_uuid(household, "Household")
    if household_id is None:
        raise not_found("Foyer", "householdId")
    child_id: UUID | None = parse_uuid(child, "Child") if child else None
    if child and child_id is None:
        raise not_found("Enfant", "childId")
    return documents.Place(household_id, child_id, code)


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""
