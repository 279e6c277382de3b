"""Structured logs: one JSON object per line on standard error, without personal data.

A line never holds a body, a query string, an address, a name, an IP, nor the words of an exception (a database quotes
the row it refused): an exception is told by its type and by where it happened.
Our loggers are named ``portail.*`` and carry their facts in ``extra={"facts": {...}}``.
"""

import logging
import re
import sys
import time
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.doors.request_id import current_request_id
from resolvers.models.tenancy import current_commune

_ROOT = Path(__file__).parent.parent
_LONGEST_PATH = 200
_SECRET = re.compile(r"(/calendar/)[^/]+")  # an address that is its own password
_access = logging.getLogger("portail.access")


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON: time, level, logger, message, request_id, commune, then its facts."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end of line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": current_request_id.get(),
            "commune": current_commune.get(None),
        }
        facts = getattr(record, "facts", None)
        if isinstance(facts, Mapping):
            line |= facts
        if record.exc_info and record.exc_info[1]:
            line["errors"] = _describe(record.exc_info[1])
        return orjson.dumps(_encodable(line), default=str).decode()


def configure_logging(level: str) -> None:
    """Send every log of the process to standard error as JSON lines.

    *level* (DEBUG, INFO, WARNING, ERROR) is that of our own loggers; libraries only speak from WARNING up, because
    their chatter quotes SQL parameters and addresses. uvicorn must be started with ``log_config=None`` and
    ``access_log=False``: :class:`AccessLog` writes that line.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("portail").setLevel(level)
    logging.captureWarnings(True)


class AccessLog:
    """ASGI middleware: one line per HTTP request with its method, path, status, duration and commune."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, then write its line, whatever happened."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500
        commune: str | None = None

        async def send_noting(message: Message) -> None:
            nonlocal status, commune
            if message["type"] == "http.response.start":
                status, commune = message["status"], current_commune.get(None)
            await send(message)

        try:
            await self._app(scope, receive, send_noting)
        finally:
            facts = {
                "method": scope["method"],
                "path": _SECRET.sub(r"\1…", scope["path"])[:_LONGEST_PATH],
                "status": status,
                "duration_ms": round((time.perf_counter() - started) * 1000, 1),
                "commune": commune,
            }
            _access.log(logging.ERROR if status >= 500 else logging.INFO, "request", extra={"facts": facts})


def _describe(error: BaseException) -> list[dict[str, object]]:
    """The error and what caused it, innermost last: types and places, never words."""
    told: list[dict[str, object]] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = traceback.extract_tb(current.__traceback__)
        places = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
        told.append({"type": type(current).__qualname__, "at": places})
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return told


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else "/".join(path.parts[-2:])


def _encodable(value: object) -> object:
    """The same value with lone surrogates, which JSON cannot carry, made visible."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, Mapping):
        return {str(_encodable(str(key))): _encodable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_encodable(inner) for inner in value]
    return value
