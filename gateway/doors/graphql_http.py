"""The GraphQL endpoint over HTTP.

It follows the GraphQL-over-HTTP specification (media types, status codes) and answers JSON whatever happens. What a
browser can send to another site without asking first (GET, multipart, cookies) must show that it comes from ours.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import cross_web
import orjson
from cross_web import AsyncHTTPRequestAdapter
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketClose
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData

from resolvers.context import Context
from schema.execution import PortalSchema, internal_error

RESPONSE_JSON = "application/graphql-response+json"
JSON = "application/json"
MULTIPART = "multipart/form-data"

PREFLIGHT_HEADERS = (
    "authorization",
    "graphql-preflight",
    "apollo-require-preflight",
    "x-apollo-operation-name",
    "x-requested-with",
)
"""Headers that no browser adds to a request for another site without a CORS preflight, which we never grant."""

_CODES = {
    401: "UNAUTHENTICATED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    406: "NOT_ACCEPTABLE",
    413: "PAYLOAD_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    429: "THROTTLED",
    503: "SERVICE_UNAVAILABLE",
}
_STATUS_OF_CODE = {"BAD_REQUEST": 400, "METHOD_NOT_ALLOWED": 405}

ContextFactory = Callable[[Request, Response], Awaitable[Context]]


class PortalGraphQL(GraphQL[Context, None]):
    """The ASGI application to mount at ``/{commune}/graphql``.

    ``context_factory`` says who asks; the response it is given carries cookies and headers back. It may refuse the
    request with Starlette's ``HTTPException`` (401, 404…), which is answered in JSON with its headers.
    """

    def __init__(self, schema: PortalSchema, context_factory: ContextFactory) -> None:
        super().__init__(schema, graphql_ide=None, subscription_protocols=(), multipart_uploads_enabled=True)
        self._context_factory = context_factory

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; WebSocket handshakes are refused, for there are no subscriptions."""
        if scope["type"] == "websocket":
            await WebSocketClose(reason="No subscriptions here.")(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except ClientDisconnect:
            return
        finally:
            await request.close()
        response.headers["cache-control"] = "private, no-store"
        response.headers["vary"] = "Accept, Authorization, Cookie, Origin"
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            check_request(request.method, request.headers)
            return await self.run(request)
        except HTTPException as error:
            return _refusal(request, error.status_code, error.detail, error.headers)
        except cross_web.HTTPException as error:
            return _refusal(request, error.status_code, error.reason)
        except ClientDisconnect:
            raise
        except Exception as error:  # noqa: BLE001 (the door never opens on a traceback; logged with its reference)
            masked = internal_error(error)
            return _json({"errors": [masked.formatted]}, 500, media_type(request.headers))

    # --- what Strawberry's view asks for -------------------------------------------------------------------------

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        """Who asks, from the factory of the application."""
        if isinstance(request, WebSocket) or isinstance(response, WebSocket):
            raise HTTPException(400, "There are no WebSockets here.")
        return await self._context_factory(request, response)

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        """The response that resolvers may set cookies on; it remembers the media type to answer in."""
        response = await super().get_sub_response(request)
        response.media_type = media_type(request.headers)
        return response

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        """The result as JSON; a request that ran nothing has no ``data``, and its status may say so."""
        body: dict[str, Any] = dict(response_data) if isinstance(response_data, dict) else {}
        status = 200
        if _ran_nothing(body):
            del body["data"]
            status = _request_error_status(body["errors"], sub_response.media_type)
        response = _json(body, sub_response.status_code or status, sub_response.media_type)
        response.headers.raw.extend(sub_response.headers.raw)
        response.background = sub_response.background
        if status == 405:
            response.headers["allow"] = "POST"
        return response

    def should_render_graphql_ide(self, request: object) -> bool:
        """Never: GraphiQL has a page of its own (:mod:`gateway.doors.graphiql`)."""
        return False

    def decode_json(self, data: str | bytes) -> object:
        """Strict JSON: no NaN, no lone surrogate, no bottomless nesting; ``json.JSONDecodeError`` otherwise."""
        return orjson.loads(data)

    def encode_json(self, data: object) -> bytes:
        """The bytes of a JSON value."""
        return orjson.dumps(data)

    async def parse_multipart(self, request: AsyncHTTPRequestAdapter) -> dict[str, str]:
        """The operation of a multipart request, its files in place; Strawberry trusts the shape of what it is sent."""
        try:
            return await super().parse_multipart(request)
        except (TypeError, ValueError, LookupError, AttributeError, RecursionError) as error:
            raise HTTPException(400, "Malformed multipart request (see graphql-multipart-request-spec).") from error

    def parse_json(self, data: str | bytes) -> Any:
        """A JSON object or array; the specification knows no other body, map or variables."""
        value = super().parse_json(data)
        if not isinstance(value, dict | list):
            raise HTTPException(400, "A JSON object is expected.")
        return value

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData | list[GraphQLRequestData]:
        """The request, each of its parts of the expected type."""
        parsed = await super().parse_http_body(request)
        if isinstance(parsed, GraphQLRequestData) and not isinstance(parsed.operation_name, str | None):
            raise HTTPException(400, "`operationName` must be a string or null.")
        return parsed


def media_type(headers: Mapping[str, str]) -> str:
    """The media type to answer in, even to refuse a request that accepts none of ours."""
    return negotiate(headers.get("accept")) or JSON


def negotiate(accept: str | None) -> str | None:
    """The best media type for an ``Accept`` header; None when it accepts none of ours.

    At equal quality the newer ``application/graphql-response+json`` wins when it is named; a wildcard means
    ``application/json``, as older clients expect.
    """
    if not accept or not accept.strip():
        return JSON
    offers = [offer for offer in map(_offer, accept.split(",")) if offer]
    return max(offers)[2] if offers else None


def _offer(part: str) -> tuple[float, bool, str] | None:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    if name not in (RESPONSE_JSON, JSON, "*/*", "application/*"):
        return None
    quality = _quality(parameters)
    newer = name == RESPONSE_JSON
    return (quality, newer, RESPONSE_JSON if newer else JSON) if quality > 0 else None


def _quality(parameters: list[str]) -> float:
    given = next((parameter[2:] for parameter in parameters if parameter.startswith("q=")), "1")
    try:
        return float(given)
    except ValueError:
        return 0.0


def check_request(method: str, headers: Headers) -> None:
    """Refuse (``HTTPException``) what is not a GraphQL request, or may have been sent by another site's page."""
    if method not in ("GET", "POST"):
        raise HTTPException(405, "Use GET or POST.", {"allow": "GET, POST"})
    if negotiate(headers.get("accept")) is None:
        raise HTTPException(406, f"Accept {RESPONSE_JSON} or {JSON}.")
    content_type = _content_type(headers) if method == "POST" else ""
    _check_origin(headers, asks_first=content_type == JSON)


def _content_type(headers: Headers) -> str:
    name, *parameters = (piece.strip().lower() for piece in headers.get("content-type", "").split(";"))
    if name not in (JSON, MULTIPART):
        raise HTTPException(415, f"Content-Type must be {JSON}, or {MULTIPART} to send files.")
    charsets = [parameter[8:].strip('"') for parameter in parameters if parameter.startswith("charset=")]
    if any(charset not in ("utf-8", "utf8") for charset in charsets):
        raise HTTPException(415, "The charset must be utf-8.")
    return name


def _check_origin(headers: Headers, asks_first: bool) -> None:
    """``asks_first``: a browser would ask us before sending this for another site's page."""
    same_origin = headers.get("sec-fetch-site") == "same-origin"
    if not asks_first and not same_origin and not any(headers.get(name) for name in PREFLIGHT_HEADERS):
        raise HTTPException(403, "Add the header GraphQL-Preflight to a GET or multipart request.")
    if "cookie" in headers and _is_foreign(headers):
        raise HTTPException(403, "A request with cookies must come from the portal's own pages.")


def _is_foreign(headers: Headers) -> bool:
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site") == "cross-site"
    return origin.lower().partition("://")[2] != headers.get("host", "").lower()


def _ran_nothing(body: Mapping[str, Any]) -> bool:
    errors = body.get("errors") or []
    return bool(errors) and body.get("data") is None and all("path" not in error for error in errors)


def _request_error_status(errors: list[dict[str, Any]], media: str | None) -> int:
    """For a document or variables that are refused, 200 under ``application/json``: its clients expect nothing else."""
    known = _STATUS_OF_CODE.get(errors[0]["extensions"]["code"])
    return known or (400 if media == RESPONSE_JSON else 200)


def _refusal(request: Request, status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    body = {"errors": [{"message": message, "extensions": {"code": _CODES.get(status, "BAD_REQUEST")}}]}
    response = _json(body, status, media_type(request.headers))
    response.headers.update(headers or {})
    return response


def _json(body: object, status: int, media: str | None) -> Response:
    response = Response(orjson.dumps(body), status)
    response.headers["content-type"] = f"{media or JSON}; charset=utf-8"
    return response
