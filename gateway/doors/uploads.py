"""Files that people send, one at a time: families into their vault, agents onto the pages that everybody reads."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.doors.body_limit import MAX_UPLOAD
from gateway.doors.graphql_http import MULTIPART, check_request
from gateway.doors.sessions import Doorman
from gateway.inspection.file_types import FileChecker
from resolvers.context import AgentRight, Context
from resolvers.errors import Code, Refused, not_found
from resolvers.families.households import acts_for
from resolvers.files import documents
from resolvers.publishing import public_pages
from schema.relay import global_id, parse_uuid

MAX_FIELDS = 4
NO_STORE = {"Cache-Control": "private, no-store"}


Keep = Callable[[Context, FormData, FileChecker], Awaitable[str]]
Act = Callable[[Context, FormData], Awaitable[Mapping[str, Any]]]


class _InMemory(MultiPartParser):
    """Reads a form without ever writing it in clear on a disk: :class:`BodyLimit` bounds what it holds."""

    spool_max_size = MAX_UPLOAD + 1


def upload_routes(doorman: Doorman, checker: FileChecker) -> list[Route]:
    """Two multipart forms, relative to a commune.

    ``POST /documents``: ``householdId``, ``childId`` (optional), ``code`` and ``file``. ``POST /public-files``, for
    agents of the settings: ``pageId`` and ``file``.
    201 and ``{"id"}`` when the file is kept: the document, or the page. 422 and ``{"code", "field", "message"}``, with
    the codes of the schema, when it is refused: then nothing is kept.
    """

    def door(path: str, keep: Keep) -> Route:
        async def upload(request: Request) -> Response:
            async def act(ctx: Context, form: FormData) -> Mapping[str, Any]:
                return {"id": await keep(ctx, form, checker)}

            return await received(request, doorman, act, 201)

        return Route(path, upload, methods=["POST"])

    return [door("/documents", _keep_document), door("/public-files", _keep_public_file)]


async def received(request: Request, doorman: Doorman, act: Act, status: int) -> Response:
    """What a signed-in person's form does: ``status`` and what ``act`` tells, or 422 and its refusal."""
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
        done = await act(ctx, form)
    except Refused as refused:
        told = {"code": refused.code.name, "field": refused.field, "message": refused.message}
        return JSONResponse(told, 422, NO_STORE)
    finally:
        await form.close()
    return JSONResponse(dict(done), status, NO_STORE)


async def _form(request: Request) -> FormData:
    """The form, or 400 when it is none, or holds more than is asked."""
    try:
        return await _InMemory(request.headers, request.stream(), max_files=1, max_fields=MAX_FIELDS).parse()
    except (MultiPartException, ValueError, LookupError) as error:
        raise HTTPException(400, "Malformed multipart form: one file, and a few short fields.") from error


async def _keep_document(ctx: Context, form: FormData, checker: FileChecker) -> str:
    """Whether the place may receive a document is asked before the file is opened: strangers open nothing."""
    place = _place(form)
    if not acts_for(ctx, place.household_id):
        raise not_found("Foyer", "householdId")
    return global_id("Document", (await documents.add(ctx, place, await _deposit(form, checker))).id)


async def _keep_public_file(ctx: Context, form: FormData, checker: FileChecker) -> str:
    """The file of a public page. Nothing is opened for who may not publish."""
    page_id = parse_uuid(_text(form, "pageId"), "PublicPage")
    if page_id is None or not ctx.viewer.has(AgentRight.SETTINGS):
        raise not_found("Page", "pageId")
    return global_id("PublicPage", (await public_pages.attach_file(ctx, page_id, await _deposit(form, checker))).id)


async def _deposit(form: FormData, checker: FileChecker) -> documents.Deposit:
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise Refused(Code.BLANK, "Joignez un fichier.", field=("file",))
    return await checker.checked(file.filename or "", await file.read())


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
