"""The entourage as agents keep it for families, at once and with a reason; a co-representative always waits for one."""

from collections.abc import Mapping
from typing import Any

import pytest

from schema.portal import schema
from schema.relay import global_id
from tests.towns import Family, Signed, Town, add_agent, add_family, sign_in_again

pytestmark = [pytest.mark.anyio, pytest.mark.database]

READ = """{ viewer { households { adults { id firstName role email } children { firstName contacts { permission } }
  requests(first: 10) { nodes { kind title state details { label value } } } } } }"""
RIGHTS = "query($id: ID!) { node(id: $id) { ... on Household { adults { firstName rights { sees books pays } } } } }"
DECIDE = "mutation($input: RequestDecideInput!) { requestDecide(input: $input) { userErrors { code } } }"
PAPI: dict[str, Any] = {"firstName": "Papi", "lastName": "TEST", "reason": "Votre message du 2 octobre"}


async def ask(town: Town, signed: Signed, document: str, given: Mapping[str, Any] | None = None) -> Any:
    """What a person is answered."""
    with town.asked_by(signed) as ctx:
        result = await schema.execute(document, dict(given or {}), context_value=ctx)
    assert result.errors is None, result.errors
    return result.data


async def do(town: Town, signed: Signed, name: str, **given: Any) -> Any:
    """The payload of a mutation about the entourage."""
    typed = f"{name[0].upper()}{name[1:]}Input"
    answered = "request { id state } userErrors { code field }"
    document = f"mutation($input: {typed}!) {{ {name}(input: $input) {{ {answered} }} }}"
    return (await ask(town, signed, document, {"input": given}))[name]


async def home_of(town: Town, family: Family) -> Any:
    """What the parent reads of the household."""
    (home,) = (await ask(town, await sign_in_again(town, family), READ))["viewer"]["households"]
    return home


async def test_an_agent_keeps_the_entourage_of_a_crèche_family_and_the_family_reads_why(epagny: Town) -> None:
    family, agent = await add_family(epagny, services=["petite-enfance"]), await add_agent(epagny)
    home, child = {"householdId": global_id("Household", family.id)}, global_id("Child", family.child)
    fetch = [{"childId": child, "permission": "FETCH"}]
    refused = await do(epagny, family.parent, "contactCreate", **home, **PAPI, permissions=fetch)
    assert [each["code"] for each in refused["userErrors"]] == ["FEATURE_CLOSED"]
    made = await do(epagny, agent, "contactCreate", **home, **PAPI, permissions=fetch)
    assert (made["request"]["state"], made["userErrors"]) == ("ACCEPTED", [])
    read = await home_of(epagny, family)
    papi = {"personId": next(each["id"] for each in read["adults"] if each["firstName"] == "Papi")}
    assert read["children"][0]["contacts"] == [{"permission": "FETCH"}]
    why = {"reason": "Votre message du 3 octobre"}
    call = [{"childId": child, "permission": "CALL"}]
    assert (await do(epagny, agent, "contactUpdate", **home, **papi, **why, permissions=call))["userErrors"] == []
    assert (await home_of(epagny, family))["children"][0]["contacts"] == [{"permission": "CALL"}]
    assert (await do(epagny, agent, "contactRemove", **home, **papi, **why))["userErrors"] == []
    born = {"firstName": "Zoé", "lastName": "TEST", "birthDate": "2025-03-14"}
    assert (await do(epagny, agent, "childCreate", **home, **born, **why))["request"]["state"] == "ACCEPTED"
    read = await home_of(epagny, family)
    assert [each["firstName"] for each in read["adults"]] == ["Parent"]
    assert [each["firstName"] for each in read["children"]] == ["Enfant1", "Enfant2", "Zoé"]
    told = [(each["kind"], each["title"], each["details"][-1]) for each in read["requests"]["nodes"]]
    third = {"label": "motif", "value": "Votre message du 3 octobre"}
    assert told == [
        ("CHILD", "Ajout d'un enfant : Zoé", third),
        ("PARTICULARS", "Retrait d'un contact : Papi TEST", third),
        ("PARTICULARS", "Autorisations : Papi TEST", third),
        ("PARTICULARS", "Ajout d'un contact : Papi TEST", {"label": "motif", "value": "Votre message du 2 octobre"}),
    ]
    assert len(await epagny.mails("request:")) == 4


async def test_an_agent_says_why_and_acts_for_families_of_its_services_alone(epagny: Town) -> None:
    family = await add_family(epagny, services=["petite-enfance"])
    agent, other = await add_agent(epagny), await add_agent(epagny, services=["enfance-jeunesse"])
    given = {**PAPI, "householdId": global_id("Household", family.id), "permissions": []}
    answers = [
        await do(epagny, agent, "contactCreate", **{**given, "reason": " "}),
        await do(epagny, other, "contactCreate", **given),
        await do(epagny, await add_agent(epagny, frozenset()), "contactCreate", **given),
    ]
    assert [(each["code"], each["field"][-1]) for answer in answers for each in answer["userErrors"]] == [
        ("BLANK", "reason"),
        ("NOT_FOUND", "householdId"),
        ("NOT_FOUND", "householdId"),
    ]


async def test_whom_an_agent_keeps_away_is_not_told_to_the_family(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    kept = [{"childId": global_id("Child", family.child), "permission": "FORBIDDEN"}]
    home = {"householdId": global_id("Household", family.id)}
    made = await do(chavagne, agent, "contactCreate", **home, **PAPI, permissions=kept)
    assert made["request"]["state"] == "ACCEPTED"
    read = await home_of(chavagne, family)
    assert (read["requests"]["nodes"], [each["firstName"] for each in read["adults"]]) == ([], ["Parent"])
    assert await chavagne.mails() == []


async def test_a_co_representative_waits_for_an_agent_then_sees_books_and_pays(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    home = {"householdId": global_id("Household", family.id), "isCoRepresentative": True, "permissions": []}
    paul = {"firstName": "Paul", "lastName": "TESTBIS", "email": "paul@example.org"}
    asked = (await do(chavagne, family.parent, "contactCreate", **home, **paul))["request"]
    assert (asked["state"], len((await home_of(chavagne, family))["adults"])) == ("SENT", 1)
    decided = {"input": {"id": asked["id"], "accept": True}}
    assert (await ask(chavagne, agent, DECIDE, decided))["requestDecide"]["userErrors"] == []
    added = (await home_of(chavagne, family))["adults"][-1]
    assert (added["firstName"], added["role"], added["email"]) == ("Paul", "CO_REPRESENTATIVE", "paul@example.org")
    read = (await ask(chavagne, agent, RIGHTS, {"id": home["householdId"]}))["node"]["adults"]
    assert {each["firstName"]: each["rights"] for each in read}["Paul"] == dict.fromkeys(
        ("sees", "books", "pays"), True
    )


async def test_a_co_representative_is_neither_kept_away_nor_written_to_nowhere(chavagne: Town) -> None:
    family = await add_family(chavagne)
    home = {"householdId": global_id("Household", family.id), "isCoRepresentative": True}
    kept = [{"childId": global_id("Child", family.child), "permission": "FORBIDDEN"}]
    answers = [
        await do(chavagne, family.parent, "contactCreate", **home, **PAPI, permissions=kept),
        await do(chavagne, family.parent, "contactCreate", **home, **PAPI, permissions=[], email="paul"),
    ]
    assert [(each["code"], each["field"][-1]) for answer in answers for each in answer["userErrors"]] == [
        ("INVALID", "permissions"),
        ("INVALID", "email"),
    ]
