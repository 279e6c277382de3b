"""How agents find a family: by what is said at the desk, among those of their services, in a constant cost."""

from collections.abc import Mapping
from typing import Any

import pytest

from resolvers.models import Account, Person
from schema.portal import schema
from schema.relay import global_id
from tests.towns import Family, Signed, Town, add_agent, add_family, add_parent, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

FOUND = """query($search: String!, $first: Int, $after: String) {
  households(search: $search, first: $first, after: $after) {
    totalCount pageInfo { endCursor hasNextPage } nodes { name children { firstName } } } }"""
QUEUE = """query($household: ID, $child: ID, $number: String) {
  requestQueue(householdId: $household, childId: $child, number: $number) { nodes { number } } }"""
CREATE = "mutation($input: RequestCreateInput!) { requestCreate(input: $input) { request { number } } }"


async def ask(town: Town, signed: Signed, document: str, given: Mapping[str, Any]) -> Any:
    """What a person is answered."""
    with town.asked_by(signed) as ctx:
        result = await schema.execute(document, dict(given), context_value=ctx)
    assert result.errors is None, result.errors
    return result.data


async def found(town: Town, agent: Signed, search: str) -> list[str]:
    """The names of the households that a search finds."""
    return [each["name"] for each in (await ask(town, agent, FOUND, {"search": search}))["households"]["nodes"]]


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("", ["AUTRE", "TEST", "TESTBIS"]),
        ("test", ["TEST", "TESTBIS"]),
        (" clara  testbis ", ["TESTBIS"]),
        ("ÉLÉONORE", ["TEST"]),
        ("éléonore test", ["TEST"]),
        ("bis.camille@", ["TESTBIS"]),
        ("ctestbis77", ["TESTBIS"]),
        ("clara autre", []),
        ("100%", []),
    ],
)
async def test_a_family_is_found_by_any_of_its_names_addresses_and_logins(
    chavagne: Town, search: str, names: list[str]
) -> None:
    await add_family(chavagne, "TEST", children=("Éléonore",))
    other = await add_family(chavagne, "TESTBIS", children=("Clara",))
    await add_family(chavagne, "AUTRE", children=("Enfant1",))
    with chavagne.at_work():
        await Account.filter(id=other.parent.viewer.account_id).update(login="CTESTBIS77")
        await Person.filter(id=other.parent.viewer.person_id).update(email="bis.Camille@example.org")
    assert await found(chavagne, await add_agent(chavagne), search) == names


async def test_pages_follow_each_other_and_cost_the_same_whatever_the_number_of_families(chavagne: Town) -> None:
    agent = await add_agent(chavagne)
    counted, read, after = [], [], None
    for name in ("AUTRE", "TEST", "TEST"):
        await add_parent(chavagne, (await add_family(chavagne, name)).id, f"Autre {name}")
        with statements() as sent:
            await found(chavagne, agent, "test")
        counted.append(len(sent))
    for _ in range(3):
        page = (await ask(chavagne, agent, FOUND, {"search": "", "first": 1, "after": after}))["households"]
        read += [(each["name"], page["totalCount"], page["pageInfo"]["hasNextPage"]) for each in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert read == [("AUTRE", 3, True), ("TEST", 3, True), ("TEST", 3, False)]
    assert counted == [4, 4, 4]


async def test_an_agent_finds_the_families_of_its_services_alone(epagny: Town) -> None:
    await add_family(epagny, "CRECHE", services=["petite-enfance"])
    await add_family(epagny, "ECOLE", services=["enfance-jeunesse"])
    agent = await add_agent(epagny, services=["petite-enfance"])
    assert (await found(epagny, agent, ""), await found(epagny, agent, "ecole")) == (["CRECHE"], [])


async def test_a_search_without_end_is_refused(chavagne: Town) -> None:
    with chavagne.asked_by(await add_agent(chavagne)) as ctx:
        result = await schema.execute(FOUND, {"search": "a b c d e f g"}, context_value=ctx)
    assert [(error.extensions or {})["code"] for error in result.errors or ()] == ["BAD_USER_INPUT"]


async def asked(town: Town, family: Family, child: str) -> str:
    """The number of a question about a child."""
    given = {
        "householdId": global_id("Household", family.id),
        "service": "enfance",
        "text": "Une question",
        "childId": global_id("Child", family.children[child]),
    }
    return str((await ask(town, family.parent, CREATE, {"input": given}))["requestCreate"]["request"]["number"])


async def test_a_request_is_found_by_its_number_its_household_and_its_child(chavagne: Town) -> None:
    family, other = await add_family(chavagne), await add_family(chavagne, "AUTRE")
    agent = await add_agent(chavagne)
    first, second, third = [
        await asked(chavagne, *each) for each in ((family, "Enfant1"), (family, "Enfant2"), (other, "Enfant1"))
    ]
    searches: list[dict[str, Any]] = [
        {"number": f" {second.lower()} "},
        {"number": "D-1999-000001"},
        {"household": global_id("Household", family.id)},
        {"child": global_id("Child", other.child)},
        {"household": global_id("Household", family.id), "child": global_id("Child", other.child)},
    ]
    answers = [await ask(chavagne, agent, QUEUE, search) for search in searches]
    numbers = [[each["number"] for each in answer["requestQueue"]["nodes"]] for answer in answers]
    assert numbers == [[second], [], [first, second], [third], []]
