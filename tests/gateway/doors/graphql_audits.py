"""The 61 audits of GraphQL over HTTP as a table, and a real server to run them against.

The identifiers are those of npm's ``graphql-http`` (``tests/third_party`` runs the original); the wording is ours.
"""

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import uvicorn
from starlette.types import ASGIApp

NEW = "application/graphql-response+json"
OLD = "application/json"
TYPENAME = "{ __typename }"
BY_NAME = "query Type($name: String!) { __type(name: $name) { name } }"
NO_SUCH_FIELD = "{ noSuchField8f31403d }"
COERCE = {"query": "query CoerceFailure($id: ID!) { __typename }", "variables": {"id": None}}


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """A real uvicorn on a free port of the loopback; yields its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()


@dataclass(frozen=True, slots=True)
class Audit:
    """One request, and what its answer must be; ``body`` is JSON unless it is a text."""

    id: str
    expectation: str
    status: tuple[int, int] = (200, 200)
    body: object = None
    query: Mapping[str, str] | None = None
    accept: str | None = None
    content_type: str | None = OLD
    media_type: str | None = None
    without: tuple[str, ...] = field(default=())

    def run(self, client: httpx.Client, url: str) -> httpx.Response:
        """Send the request."""
        headers = {"graphql-preflight": "1"}
        if self.accept:
            headers["accept"] = self.accept
        if self.query is not None:
            return client.get(url, params=dict(self.query), headers=headers)
        if self.content_type:
            headers["content-type"] = self.content_type
        text = self.body if isinstance(self.body, str) else json.dumps(self.body)
        return client.post(url, content=b"" if self.body is None else text.encode(), headers=headers)

    def failures(self, response: httpx.Response) -> list[str]:
        """What is wrong with the answer; nothing when the audit passes."""
        wrong = []
        if not self.status[0] <= response.status_code <= self.status[1]:
            wrong.append(f"status {response.status_code}")
        if self.media_type and response.headers["content-type"] != f"{self.media_type}; charset=utf-8":
            wrong.append(f"content-type {response.headers['content-type']}")
        present = [name for name in self.without if name in response.json()]
        return wrong + [f"{name} is present" for name in present]


BAD = (400, 400)
CLIENT_ERROR = (400, 499)
ANY_ERROR = (400, 599)

_MEDIA_TYPES = (
    Audit(
        "22EB",
        "answers in the new media type when it is asked for",
        body={"query": TYPENAME},
        accept=NEW,
        media_type=NEW,
    ),
    Audit("4655", "answers in JSON when it is asked for", body={"query": TYPENAME}, accept=OLD, media_type=OLD),
    Audit("47DE", "answers in JSON when anything is accepted", body={"query": TYPENAME}, accept="*/*", media_type=OLD),
    Audit("80D8", "answers in JSON when nothing is said", body={"query": TYPENAME}, media_type=OLD),
    Audit("82A3", "answers in UTF-8", body={"query": TYPENAME}, media_type=OLD),
    Audit(
        "BF61",
        "reads UTF-8",
        body={"query": '{ __type(name: "Run🏃Swim🏊") { name } }'},
        content_type=f"{OLD}; charset=utf-8",
    ),
    Audit("78D5", "takes UTF-8 for granted", body={"query": TYPENAME}),
)
_REQUESTS = (
    Audit("2C94", "accepts POST", body={"query": TYPENAME}),
    Audit("5A70", "accepts GET", query={"query": TYPENAME}),
    Audit("9C48", "refuses a mutation by GET", CLIENT_ERROR, query={"query": "mutation { __typename }"}, accept=NEW),
    Audit("9ABE", "refuses a body without media type", CLIENT_ERROR, body={"query": TYPENAME}, content_type=None),
    Audit("03D4", "accepts a JSON body", body={"query": TYPENAME}),
    Audit("A5BF", "refuses an absent body", BAD),
    Audit("423L", "refuses a body without query", BAD, body={"notquery": TYPENAME}, accept=NEW),
    Audit("B6DC", "answers something to malformed JSON", (200, 599), body='{ "not a JSON', accept=OLD),
    Audit("BCF8", "refuses malformed JSON, old media type", BAD, body='{ "not a JSON', accept=OLD),
    Audit("B7N8", "refuses malformed JSON, new media type", BAD, body='{ "not a JSON', accept=NEW),
    Audit("8764", "refuses misspelt parameters", ANY_ERROR, body={"qeury": TYPENAME}),
    Audit("3E3A", "refuses misspelt parameters with 400", BAD, body={"qeury": TYPENAME}),
)


def _wrong_types(prefix: str, parameter: str, values: tuple[object, ...]) -> tuple[Audit, ...]:
    """Audits numbered from 0: the parameter must not be of these types."""
    return tuple(
        Audit(f"{prefix}{number}", f"refuses {value!r} as {parameter}", BAD, body={"query": TYPENAME, parameter: value})
        for number, value in enumerate(values)
    )


def _nulls() -> Iterator[Audit]:
    for number, parameter in enumerate(("variables", "operationName", "extensions")):
        body = {"query": TYPENAME, parameter: None}
        yield Audit(
            f"94B{number}", f"accepts null {parameter}, new media type", body=body, accept=NEW, without=("errors",)
        )
        yield Audit(
            f"022{number}", f"accepts null {parameter}, old media type", body=body, accept=OLD, without=("errors",)
        )


_NAMED = {"query": "query Query { __typename }", "operationName": "Query"}
_WITH_VARIABLES = {"query": BY_NAME, "variables": {"name": "sometype"}}
_IN_ADDRESS = {"query": BY_NAME, "variables": '{"name": "sometype"}'}
_WITH_EXTENSIONS = {"query": TYPENAME, "extensions": {"some": "value"}}

_PARAMETERS = (
    *_wrong_types("LKJ", "query", ({"obj": "ect"}, 0, False, ["array"])),
    Audit("34A2", "accepts a text as query, new media type", body={"query": TYPENAME}, accept=NEW),
    Audit("13EE", "accepts a text as query, old media type", body={"query": TYPENAME}, accept=OLD, without=("errors",)),
    *_wrong_types("6C0", "operationName", ({"obj": "ect"}, 0, False, ["array"])),
    Audit("8161", "accepts a text as operationName, new media type", body=_NAMED, accept=NEW),
    Audit("B8B3", "accepts a text as operationName, old media type", body=_NAMED, accept=OLD, without=("errors",)),
    *_nulls(),
    *_wrong_types("476", "variables", ("string", 0, False, ["array"])),
    Audit("2EA1", "accepts a map of variables, new media type", body=_WITH_VARIABLES, accept=NEW),
    Audit("28B9", "accepts a map of variables, old media type", body=_WITH_VARIABLES, accept=OLD, without=("errors",)),
    Audit(
        "D6D5", "reads variables from the address, new media type", query=_IN_ADDRESS, accept=NEW, without=("errors",)
    ),
    Audit(
        "6A70", "reads variables from the address, old media type", query=_IN_ADDRESS, accept=OLD, without=("errors",)
    ),
    *_wrong_types("58B", "extensions", ("string", 0, False, ["array"])),
    Audit("428F", "accepts a map of extensions, new media type", body=_WITH_EXTENSIONS, accept=NEW),
    Audit(
        "1B7A", "accepts a map of extensions, old media type", body=_WITH_EXTENSIONS, accept=OLD, without=("errors",)
    ),
)
_ANSWERS = (
    Audit("572B", "answers 200 to a syntax error, old media type", body={"query": "{"}, accept=OLD),
    Audit("FDE2", "answers 200 to an invalid document, old media type", body={"query": NO_SUCH_FIELD}, accept=OLD),
    Audit("7B9B", "answers 200 to invalid variables, old media type", body=COERCE, accept=OLD),
    Audit("865D", "refuses a syntax error, new media type", ANY_ERROR, body={"query": "{"}, accept=NEW),
    Audit("556A", "refuses a syntax error with 400", BAD, body={"query": "{"}, accept=NEW),
    Audit("D586", "gives no data after a syntax error", BAD, body={"query": "{"}, accept=NEW, without=("data",)),
    Audit("51FE", "refuses an invalid document, new media type", ANY_ERROR, body={"query": NO_SUCH_FIELD}, accept=NEW),
    Audit("74FF", "refuses an invalid document with 400", BAD, body={"query": NO_SUCH_FIELD}, accept=NEW),
    Audit(
        "5E5B",
        "gives no data for an invalid document",
        BAD,
        body={"query": NO_SUCH_FIELD},
        accept=NEW,
        without=("data",),
    ),
    Audit("86EE", "refuses invalid variables with 400", BAD, body=COERCE, accept=NEW),
)

AUDITS = (*_MEDIA_TYPES, *_REQUESTS, *_PARAMETERS, *_ANSWERS)
