"""Bodies that are too large, announced or not, against a real server."""

import socket
from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from gateway.doors.body_limit import BodyLimit
from tests.gateway.doors.graphql_audits import served

TOO_LARGE = {
    "errors": [{"message": "The request body is larger than 1000 bytes.", "extensions": {"code": "PAYLOAD_TOO_LARGE"}}]
}


async def length(request: Request) -> PlainTextResponse:
    """How many bytes arrived."""
    return PlainTextResponse(str(len(await request.body())))


async def bare(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that lets the exception of ``receive`` through."""
    request = Request(scope, receive)
    await PlainTextResponse(str(len(await request.body())))(scope, receive, send)


async def answers_first(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that starts its answer before it reads."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await Request(scope, receive).body()


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """An application that accepts 1,000 bytes, and 3,000 in a multipart request."""
    with served(BodyLimit(bare, max_body=1000, max_upload=3000)) as address:
        yield address


def post(url: str, content: bytes | Iterator[bytes], content_type: str = "application/json") -> httpx.Response:
    return httpx.post(url, content=content, headers={"content-type": content_type}, trust_env=False)


def pieces(size: int) -> Iterator[bytes]:
    """A body sent in chunks, so without an announced length."""
    for _ in range(size // 100):
        yield b"x" * 100


def test_a_body_up_to_the_limit_passes(url: str) -> None:
    assert [post(url, b"x" * 1000).text, post(url, pieces(1000)).text] == ["1000", "1000"]


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "in chunks"])
def test_a_body_above_the_limit_is_413_in_json(announced: bool, url: str) -> None:
    response = post(url, b"x" * 1100 if announced else pieces(1100))
    assert (response.status_code, response.json()) == (413, TOO_LARGE)
    assert response.headers["content-type"] == "application/json"
    assert response.headers["connection"] == "close"


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "in chunks"])
def test_a_client_that_is_still_sending_megabytes_gets_the_answer(announced: bool, url: str) -> None:
    size = 8_000_000
    response = post(url, b"x" * size if announced else iter([b"x" * 65_536] * (size // 65_536)))
    assert (response.status_code, response.json()) == (413, TOO_LARGE)


def test_files_have_a_limit_of_their_own(url: str) -> None:
    multipart = "multipart/form-data; boundary=x"
    assert post(url, b"x" * 3000, multipart).text == "3000"
    assert post(url, b"x" * 3100, multipart).status_code == 413
    assert post(url, b"x" * 1100, "text/plain; a=multipart/form-data").status_code == 413


def test_a_body_announced_too_large_is_refused_before_it_is_sent(url: str) -> None:
    address = httpx.URL(url)
    with socket.create_connection((address.host, address.port or 0), timeout=5) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_framework_that_handles_http_errors_answers_413_too() -> None:
    application = Starlette(routes=[Route("/", length, methods=["POST"])])
    with served(BodyLimit(application, max_body=1000)) as address:
        assert post(address, pieces(1100)).status_code == 413


@pytest.mark.anyio
async def test_an_answer_that_has_started_is_cut_not_corrupted() -> None:
    messages = iter([{"type": "http.request", "body": b"x" * 20, "more_body": False}])
    sent: list[object] = []

    async def receive() -> dict[str, object]:
        return next(messages)

    async def send(message: object) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "headers": []}
    with pytest.raises(Exception, match="413"):
        await BodyLimit(answers_first, max_body=10)(scope, receive, send)
    assert sent == [{"type": "http.response.start", "status": 200, "headers": []}]
