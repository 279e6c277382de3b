"""GraphiQL works without network and without weakening the browser."""

import re
from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from gateway.doors.graphiql import FILES, graphiql_page, graphiql_routes
from tests.gateway.doors.graphql_audits import served


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Where the page of a commune is served."""
    with served(Starlette(routes=[Route("/chavagne/graphiql", graphiql_page), *graphiql_routes()])) as address:
        yield f"{address}/chavagne/graphiql"


def test_the_page_runs_only_our_own_scripts(url: str) -> None:
    response = httpx.get(url, trust_env=False)
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert re.findall(r"<script(?! src=)|\son\w+=", response.text) == []


def test_every_file_of_the_page_is_served_from_here(url: str) -> None:
    page = httpx.get(url, trust_env=False).text
    files = re.findall(r'(?:src|href)="(?!data:)([^"]+)"', page)
    assert len(files) == 8
    answers = [httpx.get(httpx.URL(url).join(file), trust_env=False) for file in files]
    kinds = {answer.headers["content-type"].partition(";")[0] for answer in answers}
    assert {answer.status_code for answer in answers} == {200}
    assert kinds == {"text/css", "text/javascript"}


def test_the_page_asks_the_endpoint_beside_it_and_keeps_no_token() -> None:
    script = (FILES / "page.js").read_text()
    assert 'url: "graphql"' in script
    assert '"GraphQL-Preflight": "1"' in script
    assert "shouldPersistHeaders: false" in script


def test_the_files_are_light_and_come_with_their_licences() -> None:
    assert sum(file.stat().st_size for file in FILES.iterdir()) < 4_500_000
    licences = (FILES / "LICENCES.txt").read_text()
    named = {name for name in ("graphiql", "react", "react-dom", "codemirror") if f"\n{name} " in licences}
    assert named == {"graphiql", "react", "react-dom", "codemirror"}
