"""The endpoint over real sockets: the audits, malformed requests, forged requests, cookies and refusals."""

import enum
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import strawberry
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from strawberry.file_uploads import Upload

from gateway.doors.body_limit import BodyLimit
from gateway.doors.graphql_http import JSON, RESPONSE_JSON, PortalGraphQL, negotiate
from resolvers.context import ANONYMOUS, Viewer
from schema.access import PUBLIC, field, mutation
from schema.execution import INTERNAL_MESSAGE, PortalSchema
from tests.gateway.doors.graphql_audits import AUDITS, Audit, served


@dataclass
class Visit:
    """The part of a context that this schema reads."""

    viewer: Viewer
    response: Response


@strawberry.type
class Query:
    @field(access=PUBLIC, description="Says hello.")
    def hello(self, name: str = "toi") -> str:
        return f"Bonjour {name}"

    @field(access=PUBLIC, description="Fails.")
    def broken(self) -> str:
        raise RuntimeError("postgres://portail:secret@base")


@strawberry.type
class Mutation:
    @mutation(access=PUBLIC, description="Sets a cookie.")
    def enter(self, info: strawberry.Info[Any, None]) -> bool:
        info.context.response.set_cookie("session", "jeton", httponly=True)
        return True

    @mutation(access=PUBLIC, description="Counts the bytes of a file.")
    async def weigh(self, file: Upload) -> int:
        return len(await file.read())  # type: ignore[attr-defined]


async def context_of(request: Request, response: Response) -> Any:
    """As the application does: a wrong bearer is refused, and an unexpected failure stays one."""
    bearer = request.headers.get("authorization")
    if bearer == "Bearer expired":
        raise HTTPException(401, "Session expirée.", {"www-authenticate": 'Bearer error="invalid_token"'})
    if bearer == "Bearer crash":
        raise RuntimeError("postgres://portail:secret@base")
    return Visit(ANONYMOUS, response)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of an endpoint that really runs."""
    endpoint = PortalGraphQL(PortalSchema(Query, Mutation), context_of)
    with served(BodyLimit(Starlette(routes=[Mount("/graphql", endpoint)]))) as address:
        yield f"{address}/graphql/"


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    """A client that keeps no cookie of its own."""
    with httpx.Client(trust_env=False) as http:
        yield http


def answer(response: httpx.Response) -> tuple[int, Any]:
    """The status and the JSON of an answer."""
    return response.status_code, response.json()


def refused(response: httpx.Response) -> tuple[int, str]:
    """The status and the code of a refusal, which carries nothing else than errors."""
    body = response.json()
    assert list(body) == ["errors"]
    return response.status_code, body["errors"][0]["extensions"]["code"]


def test_the_audits_are_the_61_of_the_specification() -> None:
    assert len({audit.id for audit in AUDITS}) == len(AUDITS) == 61


@pytest.mark.parametrize("audit", AUDITS, ids=lambda audit: f"{audit.id}: {audit.expectation}")
def test_audit(audit: Audit, client: httpx.Client, url: str) -> None:
    assert audit.failures(audit.run(client, url)) == []


def test_an_audit_fails_on_a_wrong_answer() -> None:
    audit = Audit("22EB", "", media_type=RESPONSE_JSON, without=("data",))
    wrong = httpx.Response(500, json={"data": {}})
    assert audit.failures(wrong) == ["status 500", "content-type application/json", "data is present"]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        (" ", JSON),
        ("*/*", JSON),
        ("application/*;q=0.1", JSON),
        ("application/graphql-response+json, application/json;q=0.9", RESPONSE_JSON),
        ("application/graphql-response+json;q=0.1, application/json", JSON),
        ("application/json, application/graphql-response+json", RESPONSE_JSON),
        ("text/html, application/xhtml+xml, */*;q=0.8", JSON),
        ("application/json;q=0", None),
        ("application/json;q=beaucoup", None),
        ("text/html", None),
        (";;,;q", None),
    ],
)
def test_the_media_type_follows_the_accept_header(accept: str | None, expected: str | None) -> None:
    assert negotiate(accept) == expected


def test_a_query_is_answered_and_never_stored_by_caches(client: httpx.Client, url: str) -> None:
    response = client.post(url, json={"query": '{ hello(name: "Zoé") }'})
    cost = {"requestedQueryCost": 0, "maximum": 5000}
    assert answer(response) == (200, {"data": {"hello": "Bonjour Zoé"}, "extensions": {"cost": cost}})
    assert response.headers["cache-control"] == "private, no-store"
    assert response.headers["vary"] == "Accept, Authorization, Cookie, Origin"


def test_a_mutation_sets_cookies(client: httpx.Client, url: str) -> None:
    response = httpx.post(url, json={"query": "mutation { enter }"}, trust_env=False)
    assert response.json()["data"] == {"enter": True}
    assert response.headers["set-cookie"] == "session=jeton; HttpOnly; Path=/; SameSite=lax"


def test_a_mutation_by_get_is_told_to_use_post(client: httpx.Client, url: str) -> None:
    response = client.get(url, params={"query": "mutation { enter }"}, headers={"graphql-preflight": "1"})
    assert refused(response) == (405, "METHOD_NOT_ALLOWED")
    assert response.headers["allow"] == "POST"
    assert "set-cookie" not in response.headers


def test_an_expired_bearer_is_401_in_json_with_its_header(client: httpx.Client, url: str) -> None:
    response = client.post(url, json={"query": "{ hello }"}, headers={"authorization": "Bearer expired"})
    error = {"message": "Session expirée.", "extensions": {"code": "UNAUTHENTICATED"}}
    assert answer(response) == (401, {"errors": [error]})
    assert response.headers["www-authenticate"] == 'Bearer error="invalid_token"'


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [("{ broken }", {}, 200), ("{ hello }", {"authorization": "Bearer crash"}, 500)],
    ids=["in a resolver", "in the context"],
)
def test_a_failure_shows_a_reference_that_the_log_has_and_nothing_else(
    query: str, headers: dict[str, str], status: int, client: httpx.Client, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="portail.graphql"):
        response = client.post(url, json={"query": query}, headers=headers)
    error = response.json()["errors"][0]
    assert (response.status_code, error["message"]) == (status, INTERNAL_MESSAGE)
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert [error["extensions"]["reference"] in record.getMessage() for record in caplog.records] == [True]
    assert "secret" not in response.text + caplog.text


@pytest.mark.parametrize(
    ("method", "headers", "expected"),
    [
        ("PUT", {}, (405, "METHOD_NOT_ALLOWED")),
        ("DELETE", {}, (405, "METHOD_NOT_ALLOWED")),
        ("OPTIONS", {"origin": "https://ailleurs.example"}, (405, "METHOD_NOT_ALLOWED")),
        ("POST", {"content-type": "text/plain"}, (415, "UNSUPPORTED_MEDIA_TYPE")),
        ("POST", {"content-type": "application/jsonp"}, (415, "UNSUPPORTED_MEDIA_TYPE")),
        ("POST", {"content-type": "application/x-www-form-urlencoded"}, (415, "UNSUPPORTED_MEDIA_TYPE")),
        ("POST", {"content-type": "application/json; charset=utf-16"}, (415, "UNSUPPORTED_MEDIA_TYPE")),
        ("POST", {"content-type": "application/json", "accept": "text/plain"}, (406, "NOT_ACCEPTABLE")),
        ("GET", {"accept": "text/event-stream"}, (406, "NOT_ACCEPTABLE")),
        ("GET", {"graphql-preflight": "1"}, (400, "BAD_REQUEST")),
    ],
)
def test_what_is_not_a_graphql_request_is_refused_in_json(
    method: str, headers: dict[str, str], expected: tuple[int, str], client: httpx.Client, url: str
) -> None:
    response = client.request(method, url, headers=headers, content=b"{}")
    assert refused(response) == expected
    assert "access-control-allow-origin" not in response.headers
    if expected[0] == 405:
        assert response.headers["allow"] == "GET, POST"


MALFORMED = {
    "a JSON text": b'"abc"',
    "a JSON number": b"1",
    "a JSON null": b"null",
    "a JSON true": b"true",
    "an empty batch": b"[]",
    "a batch": b'[{"query": "{ hello }"}]',
    "a batch of texts": b'["a"]',
    "not a number": b'{"query": "{ hello }", "variables": {"a": NaN}}',
    "an infinite number": b'{"query": "{ hello }", "variables": {"a": 1e400}}',
    "an integer of 5000 digits": b'{"query": "{ hello }", "variables": {"a": ' + b"9" * 5000 + b"}}",
    "a lone surrogate in a variable": b'{"query": "{ hello }", "variables": {"a": "\\ud800"}}',
    "a lone surrogate in the query": b'{"query": "{ hello(name: \\"\\ud800\\") }"}',
    "invalid UTF-8": b'{"query": "{ hello(name: \\"\xff\\") }"}',
    "UTF-16": '{"query": "{ hello }"}'.encode("utf-16"),
    "100,000 nested lists": b"[" * 100_000,
    "100,000 nested objects": b'{"a":' * 100_000,
    "nothing": b"",
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_body_is_refused(body: bytes, client: httpx.Client, url: str) -> None:
    response = client.post(url, content=body, headers={"content-type": "application/json"})
    assert refused(response) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("request_body", "code"),
    [
        ({"query": "{a" * 3000 + "}" * 3000}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ hello(name: " + "[" * 3000 + "]" * 3000 + ") }"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ hello(name: " + "9" * 5000 + ") }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "fragment F on Query { hello }"}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "{ hello }", "operationName": "Nope"}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "query A { hello } query B { hello }"}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "subscription { hello }"}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "query ($n: String!) { hello(name: $n) }", "variables": {"n": "a\0"}}, "BAD_USER_INPUT"),
        ({"query": 'mutation { weigh(file: "texte") }'}, "BAD_USER_INPUT"),
        ({"query": "mutation ($f: Upload!) { weigh(file: $f) }", "variables": {"f": "texte"}}, "BAD_USER_INPUT"),
        ({"query": "{" + "hello " * 20_000 + "}"}, "GRAPHQL_PARSE_FAILED"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_refused_request_has_a_code_and_no_data(
    request_body: dict[str, Any], code: str, client: httpx.Client, url: str
) -> None:
    response = client.post(url, json=request_body, headers={"accept": RESPONSE_JSON})
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (400, code)
    assert "data" not in response.json()


WEIGH = json.dumps({"query": "mutation ($f: Upload!) { weigh(file: $f) }", "variables": {"f": None}})


def upload(client: httpx.Client, url: str, operations: str, map: str, **headers: str) -> httpx.Response:
    """A multipart request with one file of seven bytes."""
    fields = {"operations": operations, "map": map}
    return client.post(url, data=fields, files={"0": ("a.txt", b"bonjour", "text/plain")}, headers=headers)


def test_a_file_is_sent_in_a_multipart_request(client: httpx.Client, url: str) -> None:
    response = upload(client, url, WEIGH, '{"0": ["variables.f"]}', **{"graphql-preflight": "1"})
    assert (response.status_code, response.json()["data"]) == (200, {"weigh": 7})


@pytest.mark.parametrize(
    ("operations", "map"),
    [
        (WEIGH, '{"0": ["variables.x.y"]}'),
        (WEIGH, '{"0": ["query.x.y"]}'),
        (WEIGH, '{"0": ["query"]}'),
        (WEIGH, '{"0": [5]}'),
        (WEIGH, '{"0": 5}'),
        (WEIGH, '{"absent": ["variables.f"]}'),
        (WEIGH, "[1]"),
        (WEIGH, "{"),
        (WEIGH, '"x"'),
        ("[1]", "{}"),
        ('"x"', "{}"),
        ("{", "{}"),
        ("[" * 5000, "{}"),
    ],
)
def test_a_malformed_multipart_request_is_refused(operations: str, map: str, client: httpx.Client, url: str) -> None:
    response = upload(client, url, operations, map, **{"graphql-preflight": "1"})
    assert refused(response) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=x"])
def test_a_multipart_request_that_cannot_be_read_is_refused(content_type: str, client: httpx.Client, url: str) -> None:
    headers = {"content-type": content_type, "graphql-preflight": "1"}
    assert refused(client.post(url, content=b"abc", headers=headers)) == (400, "BAD_REQUEST")


class Sent(enum.Enum):
    """The ways a page of another site could make a browser send a request without asking us."""

    GET = "GET"
    MULTIPART = "multipart"


def send(sent: Sent, client: httpx.Client, url: str, headers: dict[str, str]) -> int:
    if sent is Sent.GET:
        return client.get(url, params={"query": "{ hello }"}, headers=headers).status_code
    return upload(client, url, WEIGH, '{"0": ["variables.f"]}', **headers).status_code


@pytest.mark.parametrize("sent", Sent)
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"graphql-preflight": ""}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"graphql-preflight": "1"}, 200),
        ({"apollo-require-preflight": "true"}, 200),
        ({"x-requested-with": "XMLHttpRequest"}, 200),
        ({"authorization": "Bearer jeton"}, 200),
    ],
)
def test_what_a_browser_sends_without_asking_must_show_where_it_comes_from(
    sent: Sent, headers: dict[str, str], status: int, client: httpx.Client, url: str
) -> None:
    assert send(sent, client, url, headers) == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"cookie": "session=a", "origin": "https://ailleurs.example"}, 403),
        ({"cookie": "session=a", "origin": "null"}, 403),
        ({"cookie": "session=a", "origin": "http://["}, 403),
        ({"cookie": "session=a", "sec-fetch-site": "cross-site"}, 403),
        ({"cookie": "session=a"}, 200),
        ({"cookie": "session=a", "origin": "same"}, 200),
        ({"origin": "https://ailleurs.example"}, 200),
    ],
)
def test_cookies_are_only_taken_from_our_own_pages(
    headers: dict[str, str], status: int, client: httpx.Client, url: str
) -> None:
    own = str(httpx.URL(url).copy_with(path="")).rstrip("/")
    sent = {name: own if value == "same" else value for name, value in headers.items()}
    assert client.post(url, json={"query": "{ hello }"}, headers=sent).status_code == status


@pytest.mark.anyio
async def test_a_websocket_is_refused_before_anything_is_read() -> None:
    sent: list[Any] = []

    async def nothing_arrives() -> Any:
        raise AssertionError("the handshake must not be read further")

    async def record(message: Any) -> None:
        sent.append(message)

    endpoint = PortalGraphQL(PortalSchema(Query, Mutation), context_of)
    await endpoint({"type": "websocket"}, nothing_arrives, record)
    assert sent == [{"type": "websocket.close", "code": 1000, "reason": "No subscriptions here."}]
