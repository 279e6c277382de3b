"""The entourage over GraphQL: a contact, its permissions, and what each reader sees of them."""

from collections.abc import Mapping
from typing import Any

import pytest

from gateway.database import Databases
from schema.portal import schema
from schema.relay import global_id
from tests.towns import Signed, Town, add_agent, add_family

pytestmark = pytest.mark.anyio

CONTACTS = """query($id: ID!) { node(id: $id) { ... on Child {
  contacts { firstName lastName permission sentence } } } }"""


async def ask(town: Town, signed: Signed, document: str, variables: Mapping[str, Any]) -> Any:
    """What a person is answered."""
    with town.asked_by(signed) as ctx:
        result = await schema.execute(document, dict(variables), context_value=ctx)
    assert result.errors is None, result.errors
    return result.data


async def do(town: Town, signed: Signed, mutation: str, **given: Any) -> Any:
    """Do something that answers a request."""
    named = mutation[0].upper() + mutation[1:]
    document = f"""mutation($input: {named}Input!) {{ {mutation}(input: $input) {{
        request {{ id title state }} userErrors {{ code field }} }} }}"""
    return (await ask(town, signed, document, {"input": given}))[mutation]


async def test_a_contact_is_added_with_what_it_may_do(databases: Databases) -> None:
    town = Town.called("chavagne")
    family, agent = await add_family(town), await add_agent(town)
    home, child = {"householdId": global_id("Household", family.id)}, global_id("Child", family.child)
    permissions = [{"childId": child, "permission": each} for each in ("FETCH", "CALL")]
    added = await do(
        town, family.parent, "contactCreate", **home, firstName=" Papi ", lastName="TEST", permissions=permissions
    )
    seen = (await ask(town, agent, CONTACTS, {"id": child}))["node"]["contacts"]
    assert (added["request"]["title"], added["request"]["state"]) == ("Ajout d'un contact : Papi TEST", "ACCEPTED")
    assert sorted((each["firstName"], each["permission"], each["sentence"]) for each in seen) == [
        ("Papi", "CALL", "est à prévenir en cas de besoin"),
        ("Papi", "FETCH", "peut venir chercher l'enfant"),
    ]


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"lastName": ""}, "BLANK", ["input", "lastName"]),
        ({"phone": "0" * 21}, "INVALID", ["input", "phone"]),
        ({"householdId": "nothing"}, "NOT_FOUND", ["input", "householdId"]),
        ({"addressOfPersonId": "nobody"}, "NOT_FOUND", ["input", "addressOfPersonId"]),
        ({"permissions": [{"childId": "nobody", "permission": "CALL"}]}, "NOT_FOUND", ["input", "permissions"]),
    ],
)
async def test_a_contact_that_cannot_be_is_refused_on_its_field(
    databases: Databases, given: dict[str, Any], code: str, field: list[str]
) -> None:
    town = Town.called("chavagne")
    family = await add_family(town)
    right = {
        "householdId": global_id("Household", family.id),
        "firstName": "Papi",
        "lastName": "TEST",
        "permissions": [],
    }
    answer = await do(town, family.parent, "contactCreate", **{**right, **given})
    assert answer == {"request": None, "userErrors": [{"code": code, "field": field}]}


async def test_another_child_is_asked_of_the_service(databases: Databases) -> None:
    town = Town.called("chavagne")
    family = await add_family(town)
    home = {"householdId": global_id("Household", family.id)}
    asked = await do(
        town, family.parent, "childCreate", **home, firstName="Zoé", lastName="TEST", birthDate="2023-02-01"
    )
    assert (asked["request"]["title"], asked["request"]["state"]) == ("Ajout d'un enfant : Zoé", "SENT")
