"""Who a court keeps away from a child: recorded and lifted by agents, read by the service, never by the other party."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest

from plugins.rules.entourage import Permission
from resolvers.models import ContactPermission, Membership, Person
from resolvers.models.households import Role
from schema.portal import schema
from schema.relay import global_id
from tests.files import add_document
from tests.towns import Family, Signed, Town, add_agent, add_family, sign_in_again

pytestmark = [pytest.mark.anyio, pytest.mark.database]

RECORD = """mutation($input: CourtDecisionRecordInput!) { courtDecisionRecord(input: $input) {
  recordedAt userErrors { code field } } }"""
LIFT = """mutation($input: CourtDecisionLiftInput!) { courtDecisionLift(input: $input) {
  liftedAt userErrors { code field } } }"""
CONTACTS = "query($id: ID!) { node(id: $id) { ... on Child { contacts { firstName permission } } } }"
READ = """{ viewer { households { adults { firstName } requests(first: 5) { totalCount }
  children { contacts { permission } } } } }"""
QUEUE = "{ requestQueue(kind: ENTOURAGE) { nodes { title details { value } history { documentIds } } } }"


async def ask(town: Town, signed: Signed, document: str, given: Mapping[str, Any] | None = None) -> Any:
    """What a person is answered."""
    with town.asked_by(signed) as ctx:
        result = await schema.execute(document, dict(given or {}), context_value=ctx)
    assert result.errors is None, result.errors
    return result.data


async def done(town: Town, agent: Signed, document: str, given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Why a mutation was refused: the codes and the last word of the fields; nothing when it was done."""
    (payload,) = (await ask(town, agent, document, {"input": dict(given)})).values()
    return [(each["code"], each["field"][-1]) for each in payload["userErrors"]]


async def contact_of(town: Town, family: Family, name: str = "Papi") -> UUID:
    """A contact of the family who may fetch its first child."""
    with town.at_work() as ctx:
        person = await Person.create(first_name=name, last_name="TEST")
        await Membership.create(household_id=family.id, person_id=person.id, role=Role.CONTACT)
        about: dict[str, Any] = {"household_id": family.id, "child_id": family.child, "contact_id": person.id}
        await ContactPermission.create(**about, permission=Permission.FETCH, since=ctx.now)
    return person.id


def about(person: UUID, child: UUID, reason: str = "Ordonnance du 2 octobre, vue au guichet") -> dict[str, str]:
    """The input about a person and a child."""
    return {"personId": global_id("Person", person), "childId": global_id("Child", child), "reason": reason}


async def permissions(town: Town, agent: Signed, child: UUID) -> list[tuple[str, str]]:
    """What the staff reads of a child."""
    found = (await ask(town, agent, CONTACTS, {"id": global_id("Child", child)}))["node"]["contacts"]
    return [(each["firstName"], each["permission"]) for each in found]


async def test_a_contact_is_kept_away_then_not_any_more_and_the_family_reads_nothing_of_it(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    given = about(await contact_of(chavagne, family), family.child)
    assert await done(chavagne, agent, RECORD, given) == []
    assert await permissions(chavagne, agent, family.child) == [("Papi", "FORBIDDEN")]
    assert await done(chavagne, agent, RECORD, given) == [("STATE_CONFLICT", "personId")]
    (home,) = (await ask(chavagne, await sign_in_again(chavagne, family), READ))["viewer"]["households"]
    assert home == {
        "adults": [{"firstName": "Parent"}],
        "requests": {"totalCount": 0},
        "children": [{"contacts": []}, {"contacts": []}],
    }
    assert await done(chavagne, agent, LIFT, given) == []
    assert await permissions(chavagne, agent, family.child) == []
    assert await done(chavagne, agent, LIFT, given) == [("NOT_FOUND", "personId")]
    told = [
        ["Papi", "TEST", what, "Ordonnance du 2 octobre, vue au guichet"]
        for what in ("ne doit pas approcher l'enfant (décision de justice)", "n'est plus tenu à l'écart de l'enfant")
    ]
    queue = (await ask(chavagne, agent, QUEUE))["requestQueue"]["nodes"]
    assert [[line["value"] for line in each["details"]] for each in queue] == told
    assert {each["title"] for each in queue} == {"Contact de la famille"}
    assert await chavagne.mails() == []


async def test_the_other_parent_is_kept_away_once_the_child_left_that_household(chavagne: Town) -> None:
    mother, father = await add_family(chavagne, children=("Clara",)), await add_family(chavagne, "TESTBIS")
    agent, person = await add_agent(chavagne), father.parent.viewer.person_id
    assert person is not None
    given = about(person, mother.child)
    with chavagne.at_work():
        link = await Membership.create(household_id=father.id, person_id=mother.child, role=Role.CHILD)
    assert await done(chavagne, agent, RECORD, given) == [("STATE_CONFLICT", "personId")]
    with chavagne.at_work():
        await link.delete()
    assert await done(chavagne, agent, RECORD, given) == []
    assert await permissions(chavagne, agent, mother.child) == [("Parent", "FORBIDDEN")]
    (home,) = (await ask(chavagne, await sign_in_again(chavagne, father), READ))["viewer"]["households"]
    assert (home["adults"], home["requests"]) == ([{"firstName": "Parent"}], {"totalCount": 0})


@pytest.mark.parametrize("mutation", [RECORD, LIFT])
async def test_nothing_is_recorded_of_nobody_nor_without_a_reason(chavagne: Town, mutation: str) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    person = await contact_of(chavagne, family)
    asked = [about(uuid4(), family.child), about(person, uuid4()), about(person, family.child, " ")]
    assert [await done(chavagne, agent, mutation, given) for given in asked] == [
        [("NOT_FOUND", "personId")],
        [("NOT_FOUND", "childId")],
        [("BLANK", "reason")],
    ]


async def test_the_decision_comes_from_the_vault_of_the_child_s_household(chavagne: Town) -> None:
    family, other, agent = await add_family(chavagne), await add_family(chavagne, "AUTRE"), await add_agent(chavagne)
    given = about(await contact_of(chavagne, family), family.child)
    theirs, ours = [
        global_id("Document", (await add_document(chavagne, home, "jugement")).id) for home in (other, family)
    ]
    assert await done(chavagne, agent, RECORD, {**given, "documentId": theirs}) == [("NOT_FOUND", "documentId")]
    assert await permissions(chavagne, agent, family.child) == [("Papi", "FETCH")]
    assert await done(chavagne, agent, RECORD, {**given, "documentId": ours}) == []
    (note,) = (await ask(chavagne, agent, QUEUE))["requestQueue"]["nodes"]
    assert [each["documentIds"] for each in note["history"]] == [[ours]]
