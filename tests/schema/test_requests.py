"""Requests over GraphQL: a conversation from the question to its decision, and the lists that show it."""

from collections.abc import Mapping
from typing import Any

import pytest

from gateway.database import Databases
from schema.portal import schema
from schema.relay import global_id
from tests.towns import Signed, Town, add_agent, add_family, statements

pytestmark = pytest.mark.anyio

FIELDS = "number kind kindLabel state stateLabel title details { label value } history { stateLabel byAgent text }"
LIST = """query($state: RequestState, $child: ID) { viewer { households {
  requests(first: 2, state: $state, childId: $child) {
    totalCount nodes { number stateLabel history { text } } } } } }"""
QUEUE = """query($after: String) { requestQueue(first: 1, after: $after, service: "enfance", kind: OTHER) {
  totalCount pageInfo { hasNextPage endCursor } nodes { number } } }"""


async def ask(town: Town, signed: Signed, document: str, variables: Mapping[str, Any]) -> Any:
    """What a person is answered."""
    with town.asked_by(signed) as ctx:
        result = await schema.execute(document, dict(variables), context_value=ctx)
    assert result.errors is None, result.errors
    return result.data


async def do(town: Town, signed: Signed, mutation: str, **given: Any) -> Any:
    """Do something to a request, a minute later."""
    town.later(minutes=1)
    named = mutation[0].upper() + mutation[1:]
    document = f"""mutation($input: {named}Input!) {{ {mutation}(input: $input) {{
        request {{ id {FIELDS} }} userErrors {{ code field message }} }} }}"""
    return (await ask(town, signed, document, {"input": given}))[mutation]


@pytest.fixture
def town(databases: Databases) -> Town:
    """Chavagne."""
    return Town.called("chavagne")


async def test_a_question_goes_from_the_family_to_its_decision(town: Town) -> None:
    family, agent = await add_family(town), await add_agent(town)
    household, child = global_id("Household", family.id), global_id("Child", family.child)
    made = await do(
        town,
        family.parent,
        "requestCreate",
        householdId=household,
        service="enfance",
        childId=child,
        text="Peut-on apporter un doudou ?",
    )
    key = made["request"]["id"]
    await do(town, agent, "requestReview", id=key)
    await do(town, agent, "requestReply", id=key, text="Lequel ?", awaitsFamily=True)
    await do(town, family.parent, "requestAnswer", id=key, text="Un lapin.")
    unexplained = await do(town, agent, "requestDecide", id=key, accept=False)
    decided = await do(town, agent, "requestDecide", id=key, accept=True, text="Oui.")
    late = await do(town, family.parent, "requestCancel", id=key)
    assert unexplained == {
        "request": None,
        "userErrors": [
            {
                "code": "BLANK",
                "field": ["input", "text"],
                "message": "Dites à la famille pourquoi : elle lira votre message.",
            }
        ],
    }
    assert [error["code"] for error in late["userErrors"]] == ["STATE_CONFLICT"]
    assert decided["request"] == {
        "id": key,
        "number": "D-2026-000001",
        "kind": "OTHER",
        "kindLabel": "Question au service",
        "state": "ACCEPTED",
        "stateLabel": "Traitée positivement",
        "title": "Question au service Enfance (Enfant1)",
        "details": [{"label": "message", "value": "Peut-on apporter un doudou ?"}],
        "history": [
            {"stateLabel": "Envoyée", "byAgent": False, "text": ""},
            {"stateLabel": "En cours d'instruction", "byAgent": True, "text": ""},
            {"stateLabel": "En attente de votre réponse", "byAgent": True, "text": "Lequel ?"},
            {"stateLabel": "En cours d'instruction", "byAgent": False, "text": "Un lapin."},
            {"stateLabel": "Traitée positivement", "byAgent": True, "text": "Oui."},
        ],
    }


async def test_lists_are_filtered_and_read_in_a_constant_number_of_statements(town: Town) -> None:
    family, agent = await add_family(town), await add_agent(town)
    household = global_id("Household", family.id)
    for child in [*family.children.values(), None]:
        child_id = global_id("Child", child) if child else None
        await do(
            town, family.parent, "requestCreate", householdId=household, service="enfance", text="?", childId=child_id
        )
    with statements() as sent:
        shown = await ask(town, family.parent, LIST, {"state": "SENT"})
    about = await ask(town, family.parent, LIST, {"child": global_id("Child", family.child)})
    refused = await ask(town, family.parent, LIST, {"state": "REFUSED"})
    pages = [data["viewer"]["households"][0]["requests"] for data in (shown, about, refused)]
    assert [(page["totalCount"], [node["number"] for node in page["nodes"]]) for page in pages] == [
        (3, ["D-2026-000003", "D-2026-000002"]),
        (1, ["D-2026-000001"]),
        (0, []),
    ]
    assert len(sent) == 5  # households, members, count, page, history
    first = (await ask(town, agent, QUEUE, {}))["requestQueue"]
    second = (await ask(town, agent, QUEUE, {"after": first["pageInfo"]["endCursor"]}))["requestQueue"]
    assert [(page["totalCount"], page["nodes"][0]["number"]) for page in (first, second)] == [
        (3, "D-2026-000001"),
        (3, "D-2026-000002"),
    ]


@pytest.mark.parametrize("wrong", ["householdId", "childId", "documentIds"])
async def test_an_identifier_of_something_else_is_not_found(town: Town, wrong: str) -> None:
    family = await add_family(town)
    other = global_id("Article", family.id)
    given = {
        "householdId": global_id("Household", family.id),
        "service": "enfance",
        "text": "?",
        wrong: [other] if wrong.endswith("s") else other,
    }
    answer = await do(town, family.parent, "requestCreate", **given)
    assert [(error["code"], error["field"]) for error in answer["userErrors"]] == [("NOT_FOUND", ["input", wrong])]
