"""A household that the service fills in: followed at once, its adults invited by the mail that opens accounts."""

from collections.abc import Mapping
from typing import Any

import pytest

from resolvers.models import Household
from schema.portal import schema
from tests.towns import Signed, Town, add_agent

pytestmark = [pytest.mark.anyio, pytest.mark.database]

CREATE = """mutation($input: HouseholdCreateInput!) { householdCreate(input: $input) {
  household { id name residency services { service { code } } children { firstName birthDate }
    adults { id firstName role email street town rights { sees books pays } } requests(first: 3) { nodes { title } } }
  userErrors { code field } } }"""
INVITE = "mutation($input: AccountInviteInput!) { accountInvite(input: $input) { login userErrors { code } } }"
GIVEN: dict[str, Any] = {
    "familyName": "TEST",
    "address": {"street": "2 rue des Fusains", "postcode": "74330", "town": "Épagny Metz-Tessy", "country": "FRANCE"},
    "adults": [
        {
            "firstName": "Camille",
            "lastName": "TEST",
            "title": "Madame",
            "phone": "0612345678",
            "email": "c@example.org",
        },
        {"firstName": "Paul", "lastName": "TESTBIS", "title": "Monsieur", "phone": "0612345679"},
    ],
    "children": [{"firstName": "Clara", "lastName": "TEST", "birthDate": "2020-03-14"}],
    "residency": "OUTSIDE",
}


async def ask(town: Town, signed: Signed, document: str, given: Mapping[str, Any]) -> Any:
    """What a person is answered."""
    with town.asked_by(signed) as ctx:
        result = await schema.execute(document, {"input": dict(given)}, context_value=ctx)
    assert result.errors is None, result.errors
    (payload,) = (result.data or {}).values()
    return payload


@pytest.mark.parametrize("slug", ["epagny", "mesnil", "chavagne", "chailles", "melle"])
async def test_a_household_is_recorded_and_its_first_adult_is_invited(slug: str, databases: object) -> None:
    town = Town.called(slug)
    agent = await add_agent(town)
    made = (await ask(town, agent, CREATE, GIVEN))["household"]
    every = {"sees": True, "books": True, "pays": True}
    home = {"street": "2 rue des Fusains", "town": "Épagny Metz-Tessy", "rights": every}
    adults = [
        {"firstName": "Camille", "role": "REPRESENTATIVE", "email": "c@example.org", **home},
        {"firstName": "Paul", "role": "CO_REPRESENTATIVE", "email": "", **home},
    ]
    first = made["adults"][0]["id"]
    assert [{key: value for key, value in adult.items() if key != "id"} for adult in made["adults"]] == adults
    assert (made["name"], made["residency"], made["children"], made["requests"]["nodes"], made["services"]) == (
        "TEST",
        "OUTSIDE",
        [{"firstName": "Clara", "birthDate": "2020-03-14"}],
        [{"title": "Foyer enregistré par le service"}],
        [{"service": {"code": town.commune.identity.services[0].code}}],
    )
    assert await town.mails() == []
    assert (await ask(town, agent, INVITE, {"personId": first}))["userErrors"] == []
    assert [mail.recipient for mail in await town.mails("activation:")] == ["c@example.org"]


async def test_the_same_key_records_one_household(chavagne: Town) -> None:
    agent = await add_agent(chavagne)
    answers = [await ask(chavagne, agent, CREATE, {**GIVEN, "idempotencyKey": "une-cle"}) for _ in range(2)]
    other = await ask(chavagne, agent, CREATE, {**GIVEN, "familyName": "AUTRE", "idempotencyKey": "une-cle"})
    assert answers[0] == answers[1]
    assert other["userErrors"] == [{"code": "IDEMPOTENCY_KEY_REUSED", "field": ["input", "idempotencyKey"]}]
    with chavagne.at_work():
        assert await Household.all().count() == 1


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"adults": []}, [("BLANK", ["input", "adults"])]),
        ({"children": []}, [("INVALID", ["input", "children"])]),
        ({"familyName": " "}, [("BLANK", ["input", "familyName"])]),
        ({"service": "petite-enfance"}, [("NOT_FOUND", ["input", "service"])]),
    ],
)
async def test_what_is_missing_or_another_service_s_is_refused_and_nothing_is_kept(
    epagny: Town, wrong: dict[str, Any], expected: list[tuple[str, list[str]]]
) -> None:
    agent = await add_agent(epagny, services=["enfance-jeunesse"])
    answer = await ask(epagny, agent, CREATE, {**GIVEN, **wrong})
    assert [(each["code"], each["field"]) for each in answer["userErrors"]] == expected
    with epagny.at_work():
        assert await Household.all().count() == 0


async def test_an_agent_of_one_service_records_for_it(epagny: Town) -> None:
    agent = await add_agent(epagny, services=["enfance-jeunesse"])
    made = (await ask(epagny, agent, CREATE, GIVEN))["household"]
    assert made["services"] == [{"service": {"code": "enfance-jeunesse"}}]
