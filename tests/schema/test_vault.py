"""The vault over GraphQL: pages of documents, an agent's decision, a withdrawal."""

from typing import Any

import pytest

from gateway.database import Databases
from resolvers.files import documents
from resolvers.files.documents import Deposit, Place
from schema.portal import schema
from schema.relay import global_id
from tests.towns import Family, Signed, Town, add_agent, add_family, statements

VAULT = """query($first: Int, $after: String) { viewer { households { documents(first: $first, after: $after) {
  totalCount pageInfo { endCursor hasNextPage }
  nodes { id kind { code label sheetUrl }
    childId state reason validUntil isExpired fileName mediaType size downloadUrl }
} } } }"""
TO_DECIDE = "{ documentsToDecide { totalCount nodes { id kind { label } } } }"
DECIDE = """mutation($input: DocumentDecideInput!) { documentDecide(input: $input) {
  userErrors { code field message } document { state reason validUntil isExpired } } }"""
WITHDRAW = """mutation($input: DocumentWithdrawInput!) { documentWithdraw(input: $input) {
  userErrors { code field } withdrawnId } }"""

pytestmark = pytest.mark.anyio


@pytest.fixture
async def town(databases: Databases) -> Town:
    """Chavagne."""
    return Town.called("chavagne")


async def keep(town: Town, family: Family, count: int) -> list[str]:
    """Add documents an hour apart, and return their identifiers, oldest first."""
    kept: list[str] = []
    for number in range(count):
        with town.asked_by(family.parent) as ctx:
            place = Place(family.id, family.child, "fiche-sanitaire")
            row = await documents.add(ctx, place, Deposit("application/pdf", "pdf", b"%PDF-" + bytes([number])))
        kept.append(global_id("Document", row.id))
        town.later(hours=1)
    return kept


async def ask(town: Town, signed: Signed, document: str, **variables: Any) -> Any:
    """What a person is answered."""
    with town.asked_by(signed) as ctx:
        result = await schema.execute(document, variables, context_value=ctx)
    assert result.errors is None
    return result.data


async def vault(town: Town, family: Family, **page: Any) -> Any:
    """The vault as its household reads it."""
    return (await ask(town, family.parent, VAULT, **page))["viewer"]["households"][0]["documents"]


async def test_a_household_reads_its_vault_newest_first_page_after_page(town: Town) -> None:
    family = await add_family(town)
    oldest, middle, newest = await keep(town, family, 3)
    first = await vault(town, family, first=2)
    then = await vault(town, family, first=2, after=first["pageInfo"]["endCursor"])
    assert [[node["id"] for node in page["nodes"]] for page in (first, then)] == [[newest, middle], [oldest]]
    assert [(page["totalCount"], page["pageInfo"]["hasNextPage"]) for page in (first, then)] == [(3, True), (3, False)]
    shown = first["nodes"][0]
    assert shown.pop("downloadUrl").startswith("https://portail.example/chavagne/documents/")
    assert shown == {
        "id": newest,
        "kind": {
            "code": "fiche-sanitaire",
            "label": "Fiche sanitaire",
            "sheetUrl": "https://portail.example/chavagne/sheets/fiche-sanitaire.pdf",
        },
        "childId": global_id("Child", family.child),
        "state": "RECEIVED",
        "reason": "",
        "validUntil": None,
        "isExpired": False,
        "fileName": "fiche-sanitaire-2026-10-05.pdf",
        "mediaType": "application/pdf",
        "size": 6,
    }


async def test_a_vault_takes_the_same_statements_for_ten_documents_as_for_one(town: Town) -> None:
    taken = []
    for count in (1, 10):
        family = await add_family(town)
        await keep(town, family, count)
        with statements() as sent:
            assert (await vault(town, family))["totalCount"] == count
        taken.append(len(sent))
    assert taken == [4, 4]


async def test_an_agent_finds_what_waits_oldest_first_and_decides(town: Town) -> None:
    family, agent = await add_family(town), await add_agent(town)
    first, second = await keep(town, family, 2)
    waiting = (await ask(town, agent, TO_DECIDE))["documentsToDecide"]
    assert waiting["nodes"] == [{"id": key, "kind": {"label": "Fiche sanitaire"}} for key in (first, second)]
    accepted = await ask(town, agent, DECIDE, input={"id": first, "accept": True, "validUntil": "2026-10-06"})
    assert accepted["documentDecide"] == {
        "userErrors": [],
        "document": {"state": "ACCEPTED", "reason": "", "validUntil": "2026-10-06", "isExpired": False},
    }
    town.later(days=2)
    expired = [(node["validUntil"], node["isExpired"]) for node in (await vault(town, family))["nodes"]]
    assert expired == [(None, False), ("2026-10-06", True)]
    assert (await ask(town, agent, TO_DECIDE))["documentsToDecide"]["totalCount"] == 1


async def test_a_refusal_without_a_reason_is_refused(town: Town) -> None:
    family, agent = await add_family(town), await add_agent(town)
    (kept,) = await keep(town, family, 1)
    answered = await ask(town, agent, DECIDE, input={"id": kept, "accept": False})
    assert answered["documentDecide"] == {
        "userErrors": [
            {
                "code": "BLANK",
                "field": ["input", "reason"],
                "message": "Dites à la famille pourquoi le document est refusé.",
            }
        ],
        "document": None,
    }


async def test_a_family_withdraws_its_own_and_nobody_else_s(town: Town) -> None:
    family, other = await add_family(town), await add_family(town)
    (kept,) = await keep(town, family, 1)
    refusal = {"userErrors": [{"code": "NOT_FOUND", "field": ["input", "id"]}], "withdrawnId": None}
    for signed, key in ((other.parent, kept), (family.parent, global_id("Household", family.id))):
        assert (await ask(town, signed, WITHDRAW, input={"id": key}))["documentWithdraw"] == refusal
    done = await ask(town, family.parent, WITHDRAW, input={"id": kept})
    assert done["documentWithdraw"] == {"userErrors": [], "withdrawnId": kept}
    assert (await vault(town, family))["totalCount"] == 0
