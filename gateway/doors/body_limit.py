"""Refuses request bodies that are too large, before anything buffers them."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import orjson
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 1_000_000
MAX_UPLOAD = 12_000_000
LINGER = 5.0  # seconds during which the end of a refused body is read and dropped


class BodyTooLarge(HTTPException):
    """Raised by ``receive`` when a body that did not announce its length passes the limit."""

    def __init__(self, limit: int) -> None:
        super().__init__(413, f"The request body is larger than {limit} bytes.", {"connection": "close"})


class BodyLimit:
    """ASGI middleware: at most ``max_upload`` bytes in a multipart request, ``max_body`` in any other.

    Starlette's own limit knows a single size and answers in plain text; clients of the portal read JSON.
    """

    def __init__(self, app: ASGIApp, max_body: int = MAX_BODY, max_upload: int = MAX_UPLOAD) -> None:
        self.app = app
        self.max_body = max_body
        self.max_upload = max_upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413 in JSON at once when the announced length is too large; otherwise count what arrives."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        limit = self._limit(headers)
        announced = headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > limit:
            await _refuse(limit, scope, receive, send)
            return
        await self._counted(limit, scope, receive, send)

    def _limit(self, headers: Mapping[str, str]) -> int:
        multipart = headers.get("content-type", "").lower().startswith("multipart/form-data")
        return self.max_upload if multipart else self.max_body

    async def _counted(self, limit: int, scope: Scope, receive: Receive, send: Send) -> None:
        seen = 0
        started = False
        arrived = False

        async def counting_receive() -> Message:
            nonlocal seen, arrived
            message = await receive()
            seen += len(message.get("body", b""))
            arrived = not message.get("more_body", False)
            if seen > limit:
                raise BodyTooLarge(limit)
            return message

        async def watching_send(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, counting_receive, watching_send)
        except BodyTooLarge:
            if started:
                raise
            await _refuse(limit, scope, _nothing_more if arrived else receive, send)


async def _refuse(limit: int, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer at once, then read on for a moment: a connection closed on a client that still sends loses the answer."""

    async def send_all_but_the_end(message: Message) -> None:
        await send({**message, "more_body": True} if message["type"] == "http.response.body" else message)

    await _too_large(limit)(scope, receive, send_all_but_the_end)
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER):
            while (await receive()).get("more_body", False):
                pass
    await send({"type": "http.response.body", "body": b""})


async def _nothing_more() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def _too_large(limit: int) -> Response:
    """The connection closes in the end: what is left of the body is not taken for another request."""
    message = BodyTooLarge(limit).detail
    body = orjson.dumps({"errors": [{"message": message, "extensions": {"code": "PAYLOAD_TOO_LARGE"}}]})
    return Response(body, 413, {"connection": "close"}, "application/json")
