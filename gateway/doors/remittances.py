"""The files that agents carry between the portal and the bank: remittances out, the bank's answers in."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.doors.files import attached, signed_in
from gateway.doors.sessions import Doorman
from gateway.doors.uploads import received
from gateway.payments.sepa import write_remittance
from gateway.payments.sepa_answers import AnswerError, read_answer
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.paying import rejects
from resolvers.paying.remittance_files import file_of
from resolvers.paying.remittances import sees_remittances


def remittance_routes(doorman: Doorman) -> list[Route]:
    """``/remittances/{id}.xml``, and ``POST /bank-answers``, a multipart form with one ``file``; for who bills.

    200 tells how many collections were ``rejected``, ``collected``, ``known`` already, the references ``refused``, and
    the remittances ``dropped``.
    """

    async def remittance(request: Request) -> Response:
        ctx = await signed_in(doorman, request)
        found = await file_of(ctx, request.path_params["key"])
        if found is None:
            raise HTTPException(404, "Ce document n'existe pas.")
        written = await asyncio.to_thread(write_remittance, found)
        return Response(written, media_type="application/xml", headers=attached(f"{found.message_id}.xml"))

    async def answers(request: Request) -> Response:
        return await received(request, doorman, _hear, 200)

    return [
        Route("/remittances/{key:uuid}.xml", remittance, methods=["GET"]),
        Route("/bank-answers", answers, methods=["POST"]),
    ]


async def _hear(ctx: Context, form: FormData) -> Mapping[str, Any]:
    """Nothing is opened for who may not."""
    if not sees_remittances(ctx):
        raise not_found("Remise")
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise Refused(Code.BLANK, "Joignez le fichier de la banque.", field=("file",))
    try:
        kind, words = await asyncio.to_thread(read_answer, await file.read())
    except AnswerError as fault:
        raise Refused(Code.FILE_UNREADABLE, str(fault), field=("file",)) from fault
    return asdict(await rejects.hear(ctx, kind, words))
