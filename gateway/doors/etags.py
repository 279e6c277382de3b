"""Answers that a client need not download again: strong entity tags (RFC 9110, sections 8.8.3 and 13.1.2)."""

import hashlib
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response


def tagged(request: Request, content: bytes, media_type: str, headers: Mapping[str, str]) -> Response:
    """The contents under a tag made from them, or 304 without them when the client says that it holds them."""
    tag = f'"{hashlib.sha256(content).hexdigest()}"'
    told = {**headers, "ETag": tag}
    held = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if held & {tag, "*"}:
        return Response(status_code=304, headers=told)
    return Response(content, media_type=media_type, headers=told)
