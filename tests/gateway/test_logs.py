"""Logs: one JSON object per line, a request identifier, and no personal data."""

import io
import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from gateway.doors.request_id import RequestId, current_request_id
from gateway.logs import AccessLog, JsonLines
from resolvers.models.tenancy import in_commune

ROOT = Path(__file__).parents[2]


@contextmanager
def listening(name: str) -> Iterator[list[dict[str, object]]]:
    """What a logger writes during the block, parsed, known at its end."""
    stream, lines = io.StringIO(), list[dict[str, object]]()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger(name)
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
        lines += [json.loads(line) for line in stream.getvalue().splitlines()]


async def tell_the_request_id(_request: Request) -> Response:
    return PlainTextResponse(str(current_request_id.get()))


async def crash(_request: Request) -> Response:
    raise RuntimeError("Key (email)=(jean.testbis@example.org) already exists")


def client() -> httpx.AsyncClient:
    routes = [Route("/crash", crash), Route("/{path:path}", tell_the_request_id, methods=["GET", "POST"])]
    inner = Starlette(routes=routes)

    async def in_chavagne(scope: Scope, receive: Receive, send: Send) -> None:
        with in_commune("chavagne"):
            await inner(scope, receive, send)

    transport = httpx.ASGITransport(RequestId(AccessLog(in_chavagne)), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://portail")


@pytest.mark.anyio
async def test_a_request_leaves_one_line_with_its_facts_and_nothing_personal() -> None:
    with listening("portail.access") as lines:
        async with client() as http:
            answer = await http.post(
                "/chavagne/graphql?email=jean.testbis@example.org",
                json={"query": "mutation { x }", "name": "TESTBIS"},
                headers={"X-Request-ID": "proxy-12345678", "User-Agent": "Navigateur de Jean"},
            )

    (line,) = lines
    told = line.pop("time"), line.pop("duration_ms")
    assert answer.status_code == 200
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", str(told[0]))
    assert isinstance(told[1], float)
    assert line == {
        "level": "INFO",
        "logger": "portail.access",
        "message": "request",
        "request_id": "proxy-12345678",
        "commune": "chavagne",
        "method": "POST",
        "path": "/chavagne/graphql",
        "status": 200,
    }


@pytest.mark.anyio
async def test_a_crash_is_an_error_line() -> None:
    with listening("portail.access") as lines:
        async with client() as http:
            answer = await http.get("/crash")

    assert answer.status_code == 500
    assert [(line["level"], line["status"]) for line in lines] == [("ERROR", 500)]


@pytest.mark.anyio
async def test_a_well_formed_request_id_is_kept_and_any_other_replaced() -> None:
    hostile = ["short", "a" * 65, "with space 123", "<script>alert(1)</script>", "é" * 10]

    async with client() as http:
        kept = await http.get("/", headers={"X-Request-ID": "0123abcd-ef.G_h"})
        made = [await http.get("/", headers=[(b"X-Request-ID", given.encode())]) for given in hostile]

    assert (kept.headers["X-Request-ID"], kept.text) == ("0123abcd-ef.G_h", "0123abcd-ef.G_h")
    assert [re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"]) is not None for answer in made] == [True] * 5
    assert [answer.text for answer in made] == [answer.headers["X-Request-ID"] for answer in made]
    assert len({answer.text for answer in made}) == 5
    assert current_request_id.get() is None


@pytest.mark.anyio
async def test_a_hostile_path_cannot_break_a_line_nor_fill_the_disk() -> None:
    with listening("portail.access") as lines:
        async with client() as http:
            await http.get("/a%0A%7B%22level%22:%22FORGED%22%7D%00")
            await http.get("/" + "x" * 5000)

    assert [line["path"] for line in lines] == ['/a\n{"level":"FORGED"}\x00', "/" + "x" * 199]


def test_an_exception_is_told_by_its_types_and_places_without_its_words() -> None:
    logger = logging.getLogger("portail.test")

    with listening("portail.test") as lines:
        try:
            try:
                raise KeyError("jean.testbis@example.org")
            except KeyError as cause:
                raise ValueError("le compte de Jean Testbis") from cause
        except ValueError:
            logger.exception("use case failed")

    (line,) = lines
    errors = line["errors"]
    assert isinstance(errors, list)
    assert [error["type"] for error in errors] == ["ValueError", "KeyError"]
    here = "test_an_exception_is_told_by_its_types_and_places_without_its_words"
    assert [
        re.fullmatch(rf"tests/gateway/test_logs\.py:\d+ {here}", error["at"][0]) is not None for error in errors
    ] == [
        True,
        True,
    ]
    assert not re.search("testbis", json.dumps(line), re.IGNORECASE)


def test_facts_that_json_cannot_carry_do_not_lose_the_line() -> None:
    with listening("portail.test") as lines:
        logging.getLogger("portail.test").info("odd", extra={"facts": {"name": "\ud800", "key": {1: Path("x")}}})

    assert (lines[0]["name"], lines[0]["key"]) == ("\\ud800", {"1": "x"})


def test_a_configured_process_speaks_json_and_libraries_keep_their_chatter() -> None:
    program = """
import logging, warnings
from gateway.logs import configure_logging
configure_logging("DEBUG")
logging.getLogger("portail.worker").debug("woke up", extra={"facts": {"jobs": 3}})
logging.getLogger("tortoise.db_client").debug("SELECT ... ['jean.testbis@example.org']")
logging.getLogger("httpx").info("GET https://bank/?mel=jean.testbis@example.org")
logging.getLogger("uvicorn.error").error("port taken")
warnings.warn("careful")
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(line["logger"], line["level"], line.get("jobs")) for line in lines] == [
        ("portail.worker", "DEBUG", 3),
        ("uvicorn.error", "ERROR", None),
        ("py.warnings", "WARNING", None),
    ]
    assert done.stdout == ""
