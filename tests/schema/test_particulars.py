"""Particulars over GraphQL: what is hidden is null, what waits is said, and an agent decides it."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from gateway.database import Databases
from plugins.hookspecs import hookimpl
from plugins.rules.features import FieldPolicies, FieldPolicy, Review, Visibility
from plugins.rules.identity import Service
from schema.portal import schema
from schema.relay import global_id
from tests.towns import Signed, Town, add_agent, add_family
from tests.village import village

pytestmark = pytest.mark.anyio

UPDATE = """mutation($input: PersonUpdateInput!) { personUpdate(input: $input) {
  changes { id label old new state } userErrors { code field } } }"""
DECIDE = """mutation($input: FieldChangeDecideInput!) { fieldChangeDecide(input: $input) {
  change { state } userErrors { code } } }"""
HOUSEHOLD = """query($id: ID!) { node(id: $id) { ... on Household {
  adults { phone street town } particulars { name label visibility isReviewed }
  requests { nodes { title stateLabel changes { name label old new state } } } } } }"""


@hookimpl
def field_policies(service: Service) -> FieldPolicies:
    """The telephone is hidden, the town is changed at once, the street after an agent's agreement."""
    return FieldPolicies(
        {
            "person.phone": FieldPolicy(Visibility.HIDDEN),
            "person.town": FieldPolicy(Visibility.EDITABLE),
            "person.street": FieldPolicy(Visibility.REQUIRED, Review.AGENT),
        },
        default=FieldPolicy(Visibility.SHOWN),
    )


@pytest.fixture
def town(databases: Databases) -> Town:
    """The village of the tests, with the policies above."""
    return Town(village().trying(SimpleNamespace(field_policies=field_policies)))


async def ask(town: Town, signed: Signed, document: str, variables: Mapping[str, Any]) -> Any:
    """What a person is answered."""
    with town.asked_by(signed) as ctx:
        result = await schema.execute(document, dict(variables), context_value=ctx)
    assert result.errors is None, result.errors
    return result.data


async def test_a_hidden_particular_is_null_for_families_and_shown_to_agents(town: Town) -> None:
    family, agent = await add_family(town), await add_agent(town)
    household = {"id": global_id("Household", family.id)}
    seen = [(await ask(town, signed, HOUSEHOLD, household))["node"] for signed in (family.parent, agent)]
    assert [home["adults"] for home in seen] == [
        [{"phone": None, "street": "1 rue du Pont", "town": "Chavagne"}],
        [{"phone": "", "street": "1 rue du Pont", "town": "Chavagne"}],
    ]
    told = {each["name"]: (each["label"], each["visibility"], each["isReviewed"]) for each in seen[0]["particulars"]}
    assert {name: told[name] for name in ("phone", "town", "street", "birthName")} == {
        "phone": ("téléphone", "HIDDEN", False),
        "town": ("ville", "EDITABLE", False),
        "street": ("numéro et rue", "REQUIRED", True),
        "birthName": ("nom de naissance", "SHOWN", False),
    }


async def test_part_of_an_edit_holds_at_once_and_the_rest_waits_for_an_agent(town: Town) -> None:
    family, agent = await add_family(town), await add_agent(town)
    person = {"id": global_id("Person", family.parent.viewer.person_id or "")}
    edited = await ask(
        town, family.parent, UPDATE, {"input": {**person, "town": " Melle ", "street": "2 rue des Fusains"}}
    )
    street, place = sorted(edited["personUpdate"]["changes"], key=lambda change: change["label"])
    key = street.pop("id")
    assert (street, place["state"]) == (
        {"label": "numéro et rue", "old": "1 rue du Pont", "new": "2 rue des Fusains", "state": "WAITING"},
        "APPLIED",
    )
    decided = await ask(town, agent, DECIDE, {"input": {"id": key, "accept": True}})
    assert decided["fieldChangeDecide"] == {"change": {"state": "APPLIED"}, "userErrors": []}
    home = (await ask(town, family.parent, HOUSEHOLD, {"id": global_id("Household", family.id)}))["node"]
    assert home["adults"] == [{"phone": None, "street": "2 rue des Fusains", "town": "Melle"}]
    assert home["requests"]["nodes"] == [
        {
            "title": "Informations de Parent",
            "stateLabel": "Traitée positivement",
            "changes": [{"name": "street", **street, "state": "APPLIED"}],
        }
    ]


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"phone": "06 00 00 00 00"}, "FIELD_NOT_EDITABLE", ["input", "phone"]),
        ({"birthName": "TESTBIS"}, "FIELD_NOT_EDITABLE", ["input", "birthName"]),
        ({"street": " "}, "BLANK", ["input", "street"]),
        ({"town": "x" * 81}, "INVALID", ["input", "town"]),
        ({}, "BLANK", None),
    ],
)
async def test_an_edit_that_cannot_be_is_refused_on_its_field(
    town: Town, given: dict[str, str], code: str, field: list[str] | None
) -> None:
    family = await add_family(town)
    person = {"id": global_id("Person", family.parent.viewer.person_id or "")}
    edited = await ask(town, family.parent, UPDATE, {"input": {**person, **given}})
    assert edited["personUpdate"] == {"changes": [], "userErrors": [{"code": code, "field": field}]}
