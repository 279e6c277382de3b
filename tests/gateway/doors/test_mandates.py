"""The mandate to sign, downloaded by who pays in its household and by nobody else."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from gateway.database import Databases
from resolvers.context import AgentRight
from tests.debits import POST, account
from tests.doors import ask, cookie_of, portal_of
from tests.towns import Town, add_agent, add_family, add_parent, sign_in

pytestmark = pytest.mark.anyio

JOIN = """mutation($input: DirectDebitJoinInput!) { directDebitJoin(input: $input) {
  mandate { id rum pdfUrl } userErrors { message } } }"""


@pytest.fixture
async def town(databases: Databases) -> Town:
    """Chavagne, where direct debit is joined online."""
    return Town.called("chavagne")


async def test_only_who_pays_in_the_household_downloads_its_mandate(town: Town, database_url: str) -> None:
    family, other = await add_family(town), await add_family(town, "TESTBIS")
    guest = await sign_in(town, await add_parent(town, family.id, "Invité TEST", pays=False))
    agent = await add_agent(town, frozenset({AgentRight.BILLING}))
    portal = portal_of(town, database_url)
    cookie = await cookie_of(town, family.parent)
    body = {"query": JOIN, "variables": {"input": account(family)}}
    made: Any = (await ask(portal, "POST", "chavagne/graphql", cookie, json=body)).json()["data"]["directDebitJoin"]
    assert made["userErrors"] == []
    path = made["mandate"]["pdfUrl"].removeprefix("http://localhost:8000/")

    answer = await ask(portal, "GET", path, cookie)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == 'attachment; filename="mandat-ENF-2026-000001.pdf"'
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).split())
    for told in ("ENF-2026-000001", "FR10ZZZ535076", POST, "PSSTFRPP", "Parent TEST", "1 rue du Pont, 35310 Chavagne"):
        assert told in text
    for reader in (other.parent, guest, agent):
        assert (await ask(portal, "GET", path, await cookie_of(town, reader))).status_code == 404
    assert (await ask(portal, "GET", path)).status_code == 401
