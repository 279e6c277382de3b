"""What agents correct: applied at once, written before and after, and read by the family with its reason."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from plugins.rules.tariffs import Residency
from resolvers.errors import Code
from resolvers.models import Account, Household, Membership, Person, Session
from resolvers.models.households import Role
from schema.portal import schema
from schema.relay import global_id
from tests.towns import Family, Signed, Town, add_agent, add_family

pytestmark = [pytest.mark.anyio, pytest.mark.database]

PERSON = """mutation($input: PersonCorrectInput!) { personCorrect(input: $input) {
  changes { name label old new state } userErrors { code field } } }"""
HOUSEHOLD = """mutation($input: HouseholdCorrectInput!) { householdCorrect(input: $input) {
  correctedAt userErrors { code field } } }"""
EMAIL = """mutation($input: AccountEmailReplaceInput!) { accountEmailReplace(input: $input) {
  login userErrors { code field } } }"""
INVITE = "mutation($input: AccountInviteInput!) { accountInvite(input: $input) { userErrors { code } } }"
REQUESTS = """{ viewer { households { requests(first: 5) { nodes {
  title state details { label value } changes { label old new } history { byAgent } } } } } }"""


async def ask(town: Town, signed: Signed, document: str, given: Mapping[str, Any] | None = None) -> Any:
    """What a person is answered."""
    with town.asked_by(signed) as ctx:
        result = await schema.execute(document, {"input": dict(given)} if given else {}, context_value=ctx)
    assert result.errors is None, result.errors
    return result.data


async def requests(town: Town, family: Family) -> Any:
    """What the family reads in « dernières demandes »."""
    (home,) = (await ask(town, family.parent, REQUESTS))["viewer"]["households"]
    return home["requests"]["nodes"]


async def test_a_child_s_file_is_corrected_and_the_family_reads_what_and_why(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    given = {
        "id": global_id("Child", family.child),
        "reason": "Acte de naissance présenté",
        "firstName": "Clara",
        "lastName": "TEST",
        "birthDate": "2018-03-15",
        "school": " École du bourg ",
    }
    answer = (await ask(chavagne, agent, PERSON, given))["personCorrect"]
    twice = (await ask(chavagne, agent, PERSON, given))["personCorrect"]
    changes = [
        {"label": "prénom", "old": "Enfant1", "new": "Clara"},
        {"label": "date de naissance", "old": "2018-03-14", "new": "2018-03-15"},
        {"label": "école", "old": "", "new": "École du bourg"},
    ]
    assert [{key: each[key] for key in ("label", "old", "new")} for each in answer["changes"]] == changes
    assert ({each["state"] for each in answer["changes"]}, twice["changes"]) == ({"APPLIED"}, [])
    with chavagne.at_work():
        child = await Person.get(id=family.child)
    assert (child.first_name, child.birth_date, child.school) == ("Clara", date(2018, 3, 15), "École du bourg")
    (told,) = await requests(chavagne, family)
    assert (told["title"], told["state"], told["details"], told["history"]) == (
        "Correction par le service : informations d'Enfant1",
        "ACCEPTED",
        [{"label": "motif", "value": "Acte de naissance présenté"}],
        [{"byAgent": True}],
    )
    assert sorted(told["changes"], key=str) == sorted(changes, key=str)
    assert len(await chavagne.mails("request:")) == 1


async def test_what_families_are_told_to_write_to_the_service_is_applied(epagny: Town) -> None:
    """« Écrivez à… »: the crèche shows particulars only, and its agents change them; who has no account is invited."""
    family, agent = await add_family(epagny, services=["petite-enfance"]), await add_agent(epagny)
    with epagny.at_work():
        other = await Person.create(first_name="Autre", last_name="TEST")
        await Membership.create(household_id=family.id, person_id=other.id, role=Role.CO_REPRESENTATIVE)
    wanted = {
        "title": "Madame",
        "phone": "0699000000",
        "street": "3 rue du Lac",
        "postcode": "74000",
        "town": "Annecy",
        "country": "FRANCE",
        "email": "autre@example.org",
    }
    given = {"id": global_id("Person", other.id), "reason": "Votre message du 2 octobre", **wanted}
    answer = (await ask(epagny, agent, PERSON, given))["personCorrect"]
    assert {each["name"]: each["new"] for each in answer["changes"]} == wanted
    with epagny.at_work():
        found = await Person.get(id=other.id)
    assert {name: getattr(found, name) for name in wanted} == wanted
    invited = await ask(epagny, agent, INVITE, {"personId": given["id"]})
    assert invited["accountInvite"]["userErrors"] == []


async def test_the_address_that_opens_an_account_is_not_corrected_but_replaced(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    person = family.parent.viewer.person_id
    assert person is not None
    given = {"id": global_id("Person", person), "reason": "Vu", "email": "autre@example.org"}
    child = {"id": global_id("Child", family.child), "reason": "Vu", "email": "sans-arobase"}
    answers = [(await ask(chavagne, agent, PERSON, each))["personCorrect"]["userErrors"] for each in (given, child)]
    field = ["input", "email"]
    assert answers == [[{"code": "STATE_CONFLICT", "field": field}], [{"code": "INVALID", "field": field}]]


async def test_where_a_household_lives_is_corrected_from_now_on(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    given = {
        "id": global_id("Household", family.id),
        "reason": "Déménagement",
        "residency": "OUTSIDE",
        "name": "TESTBIS",
    }
    for _ in range(2):
        assert (await ask(chavagne, agent, HOUSEHOLD, given))["householdCorrect"]["userErrors"] == []
    with chavagne.at_work():
        home = await Household.get(id=family.id)
    assert (home.residency, home.name) == (Residency.OUTSIDE, "TESTBIS")
    (told,) = await requests(chavagne, family)
    assert [(line["label"], line["value"]) for line in told["details"]] == [
        ("domicile jusqu'ici", "dans la commune"),
        ("domicile", "hors de la commune"),
        ("nom de la famille jusqu'ici", "TEST"),
        ("nom de la famille", "TESTBIS"),
        ("motif", "Déménagement"),
    ]


async def test_who_lost_a_mailbox_signs_in_by_another_one(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    viewer = family.parent.viewer
    assert viewer.person_id is not None
    given = {
        "personId": global_id("Person", viewer.person_id),
        "email": "Nouvelle@example.org",
        "reason": "Carte d'identité présentée",
    }
    answer = (await ask(chavagne, agent, EMAIL, given))["accountEmailReplace"]
    with chavagne.at_work():
        account, person = await Account.get(id=viewer.account_id), await Person.get(id=viewer.person_id)
        live = await Session.filter(account_id=account.id, revoked_at__isnull=True).count()
    assert (answer["userErrors"], account.email, person.email, live) == (
        [],
        "nouvelle@example.org",
        "nouvelle@example.org",
        0,
    )
    assert answer["login"] == account.login
    assert {mail.recipient for mail in await chavagne.mails("email-replaced:")} == {viewer.email, account.email}
    (told,) = await requests(chavagne, family)
    assert told["changes"] == [{"label": "adresse e-mail", "old": viewer.email, "new": "nouvelle@example.org"}]


@pytest.mark.parametrize(
    ("email", "reason", "code", "field"),
    [
        ("nouvelle@example.org", " ", Code.BLANK, "reason"),
        ("nouvelle@example.org", "x" * 501, Code.INVALID, "reason"),
        ("sans-arobase", "Vu", Code.INVALID, "email"),
    ],
)
async def test_an_address_is_not_replaced_without_a_reason_nor_by_nonsense(
    chavagne: Town, email: str, reason: str, code: Code, field: str
) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    person = family.parent.viewer.person_id
    assert person is not None
    given = {"personId": global_id("Person", person), "email": email, "reason": reason}
    answer = (await ask(chavagne, agent, EMAIL, given))["accountEmailReplace"]
    assert answer["userErrors"] == [{"code": code.name, "field": ["input", field]}]


async def test_an_agent_takes_over_no_other_account_and_corrects_nobody_out_of_sight(epagny: Town) -> None:
    family, other = await add_family(epagny, services=["petite-enfance"]), await add_family(epagny, "AUTRE")
    victim, agent = await add_agent(epagny), await add_agent(epagny)
    limited = await add_agent(epagny, services=["enfance-jeunesse"])
    assert victim.viewer.person_id is not None
    assert family.parent.viewer.person_id is not None
    email = {"email": other.parent.viewer.email, "reason": "Vu"}
    answers = [
        await ask(epagny, agent, EMAIL, {**email, "personId": global_id("Person", victim.viewer.person_id)}),
        await ask(epagny, limited, EMAIL, {**email, "personId": global_id("Person", family.parent.viewer.person_id)}),
        await ask(epagny, agent, EMAIL, {**email, "personId": global_id("Person", family.parent.viewer.person_id)}),
        await ask(epagny, limited, PERSON, {"id": global_id("Child", family.child), "reason": "Vu"}),
        await ask(epagny, limited, HOUSEHOLD, {"id": global_id("Household", family.id), "reason": "Vu"}),
        await ask(epagny, agent, PERSON, {"id": global_id("Child", uuid4()), "reason": "Vu"}),
        await ask(epagny, agent, PERSON, {"id": global_id("Child", family.child), "reason": "Vu", "firstName": " "}),
        await ask(
            epagny, agent, PERSON, {"id": global_id("Child", family.child), "reason": "Vu", "birthDate": "2030-01-01"}
        ),
        await ask(epagny, agent, HOUSEHOLD, {"id": global_id("Household", family.id), "reason": "Vu", "name": " "}),
    ]
    assert [next(iter(answer.values()))["userErrors"][0]["code"] for answer in answers] == [
        "NOT_FOUND",
        "NOT_FOUND",
        "STATE_CONFLICT",
        "NOT_FOUND",
        "NOT_FOUND",
        "NOT_FOUND",
        "BLANK",
        "INVALID",
        "BLANK",
    ]
