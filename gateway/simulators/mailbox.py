"""A mail server for the demonstration and the tests: it speaks real SMTP and keeps what it receives in memory.

:class:`Mailbox` is the server; :func:`mailbox_app` shows its messages to people (HTML) and to tests (JSON), and makes
it fail on demand. It listens on the loopback interface only.
"""

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from enum import Enum
from html import escape
from itertools import count
from json import JSONDecodeError
from typing import Any
from weakref import WeakSet

from aiosmtpd.smtp import SMTP, Envelope, Session
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from resolvers.ports import Clock

_LINK = re.compile(r"(https?://[^\s<>\"]+)")


class Failure(Enum):
    """What a mail server can do instead of taking a message."""

    DELAY = "delay"  # 451 to the recipient
    REFUSE = "refuse"  # 550 to the recipient
    REFUSE_TEXT = "refuse_text"  # 554 after the text
    STALL = "stall"  # the text is never answered
    DROP = "drop"  # the connection is cut instead of answering the text


@dataclass(frozen=True, slots=True)
class Received:
    """One message in one recipient's box; ``sent_by`` is its « From » header, ``received_at`` the clock's instant."""

    id: int
    sent_by: str
    to: str
    reply_to: str | None
    subject: str
    text: str
    message_id: str
    received_at: datetime

    def as_json(self) -> dict[str, object]:
        """The fields under the names that mail gives them."""
        return {
            "id": self.id,
            "from": self.sent_by,
            "to": self.to,
            "reply_to": self.reply_to,
            "subject": self.subject,
            "text": self.text,
            "message_id": self.message_id,
            "received_at": self.received_at.isoformat(),
        }


class Mailbox:
    """The SMTP server and the last *kept* messages it received; to be used from one event loop."""

    def __init__(self, clock: Clock, kept: int = 1000) -> None:
        self._clock = clock
        self._numbers = count(1)
        self._messages: deque[Received] = deque(maxlen=kept)
        self._failure: Failure | None = None
        self._failures_left = 0
        self._connections: WeakSet[SMTP] = WeakSet()
        self.port = 0  # known while serving

    @asynccontextmanager
    async def serving(self, port: int = 0, **options: Any) -> AsyncIterator[None]:
        """Listen on 127.0.0.1; port 0 takes a free one and writes it in :attr:`port`. Options are aiosmtpd's."""

        def connection() -> SMTP:
            protocol = SMTP(self, hostname="localhost", **options)
            self._connections.add(protocol)
            return protocol

        server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", port)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            server.close()
            for open_connection in list(self._connections):
                _cut(open_connection)
            await server.wait_closed()

    def messages(self, to: str | None = None) -> tuple[Received, ...]:
        """The messages, oldest first; only those of one address (whatever its case) when *to* is given."""
        return tuple(mail for mail in self._messages if to is None or mail.to.casefold() == to.casefold())

    def clear(self) -> None:
        """Forget every message."""
        self._messages.clear()

    def fail(self, failure: Failure | None, times: int = 1) -> None:
        """Fail that way for the next *times* messages; None repairs the server at once."""
        self._failure, self._failures_left = failure, times

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """aiosmtpd's question: is this recipient known here?"""
        failure = self._take_failure(Failure.DELAY, Failure.REFUSE)
        if failure is Failure.DELAY:
            return "451 4.2.1 Mailbox busy, try again later"
        if failure is Failure.REFUSE:
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Recipient ok"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """aiosmtpd's delivery: the text has arrived."""
        failure = self._take_failure(Failure.REFUSE_TEXT, Failure.STALL, Failure.DROP)
        if failure is Failure.REFUSE_TEXT:
            return "554 5.6.0 Message refused"
        if failure is Failure.DROP:
            _cut(server)
        if failure is not None:
            await asyncio.Event().wait()  # cancelled by aiosmtpd when the connection ends
        for recipient in envelope.rcpt_tos:
            self._messages.append(self._read(recipient, envelope.original_content or b""))
        return "250 2.0.0 Message accepted"

    def _take_failure(self, *kinds: Failure) -> Failure | None:
        if self._failure not in kinds or self._failures_left < 1:
            return None
        self._failures_left -= 1
        return self._failure

    def _read(self, recipient: str, content: bytes) -> Received:
        message = message_from_bytes(content, policy=default)
        body = message.get_body(("plain",))
        return Received(
            id=next(self._numbers),
            sent_by=str(message["From"]),
            to=recipient,
            reply_to=str(message["Reply-To"]) if message["Reply-To"] else None,
            subject=str(message["Subject"]),
            text=body.get_content().replace("\r\n", "\n") if body is not None else "",
            message_id=str(message["Message-ID"]),
            received_at=self._clock.now(),
        )


def mailbox_app(mailbox: Mailbox) -> Starlette:
    """The mailbox in a browser and for tests, to be mounted.

    ``/`` and ``/message/{id}`` are pages; ``GET /messages?to=`` answers JSON and ``DELETE /messages`` empties the box;
    ``POST /control`` takes ``{"failure": null | a Failure's value, "times": 1}``.
    """

    async def index(request: Request) -> Response:
        rows = "".join(_row(mail, request.scope["root_path"]) for mail in reversed(mailbox.messages()))
        head = "<tr><th scope=col>Reçu</th><th scope=col>Pour</th><th scope=col>Objet</th></tr>"
        table = f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>" if rows else "<p>Aucun message reçu.</p>"
        return _page("Boîte aux lettres de démonstration", table)

    async def message(request: Request) -> Response:
        wanted = request.path_params["id"]
        found = next((mail for mail in mailbox.messages() if mail.id == wanted), None)
        if found is None:
            return _page("Message introuvable", _back(request), status=404)
        return _page(found.subject, _letter(found) + _back(request))

    async def messages(request: Request) -> Response:
        if request.method == "DELETE":
            mailbox.clear()
            return Response(status_code=204)
        return JSONResponse([mail.as_json() for mail in mailbox.messages(request.query_params.get("to"))])

    async def control(request: Request) -> Response:
        try:
            wanted = await request.json()
            failure = None if wanted["failure"] is None else Failure(wanted["failure"])
            times = int(wanted.get("times", 1))
        except (JSONDecodeError, UnicodeDecodeError, AttributeError, KeyError, TypeError, ValueError):
            accepted = [kind.value for kind in Failure]
            return JSONResponse({"error": f"Expected a failure (null or one of {accepted}) and times."}, 400)
        mailbox.fail(failure, times)
        return Response(status_code=204)

    return Starlette(
        routes=[
            Route("/", index),
            Route("/message/{id:int}", message),
            Route("/messages", messages, methods=["GET", "DELETE"]),
            Route("/control", control, methods=["POST"]),
        ]
    )


def _cut(connection: SMTP) -> None:
    if connection.transport is not None:
        connection.transport.close()


def _row(mail: Received, root: str) -> str:
    link = f'<a href="{escape(root)}/message/{mail.id}">{escape(mail.subject)}</a>'
    return f"<tr><td>{_time(mail)}</td><td>{escape(mail.to)}</td><td>{link}</td></tr>"


def _letter(mail: Received) -> str:
    facts = {"De": mail.sent_by, "Pour": mail.to, "Répondre à": mail.reply_to, "Reçu": _time(mail)}
    terms = "".join(f"<dt>{term}</dt><dd>{escape(fact)}</dd>" for term, fact in facts.items() if fact)
    return f"<dl>{terms}</dl><pre>{_linked(mail.text)}</pre>"


def _linked(text: str) -> str:
    """The text with its addresses clickable; odd pieces of the split are the addresses."""
    pieces = (escape(piece) for piece in _LINK.split(text))
    return "".join(f'<a href="{piece}">{piece}</a>' if rank % 2 else piece for rank, piece in enumerate(pieces))


def _back(request: Request) -> str:
    return f'<p><a href="{escape(request.scope["root_path"])}/">Tous les messages</a></p>'


def _time(mail: Received) -> str:
    return mail.received_at.strftime("%d/%m/%Y %H:%M UTC")


def _page(title: str, content: str, status: int = 200) -> HTMLResponse:
    html = f"""<!doctype html>
<html lang="fr">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title></head>
<body><main><h1>{escape(title)}</h1>{content}</main></body>
</html>"""
    return HTMLResponse(html, status, {"Content-Security-Policy": "default-src 'none'", "Cache-Control": "no-store"})
