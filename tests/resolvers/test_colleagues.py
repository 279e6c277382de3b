"""Agents invite and change their colleagues, and give nothing that they have not."""

from typing import Any

import pytest

from resolvers.context import AgentRight
from resolvers.models import Session
from schema.portal import schema
from schema.relay import global_id
from tests.towns import Signed, Town, add_agent, add_family

pytestmark = [pytest.mark.anyio, pytest.mark.database]

CRECHE, SCHOOL = "petite-enfance", "enfance-jeunesse"
CLERK = frozenset({AgentRight.SETTINGS, AgentRight.FAMILIES})
AGENTS = "{ agents { email rights services activatedAt } }"
INVITE = """mutation ($input: AgentInviteInput!) { agentInvite(input: $input) {
  agent { firstName lastName email rights services activatedAt } userErrors { code field message } } }"""
CHANGE = """mutation ($input: AgentChangeInput!) { agentChange(input: $input) {
  agent { rights services } userErrors { code field message } } }"""


async def asked(town: Town, by: Signed, question: str, **asked: Any) -> Any:
    """The one answer to a question."""
    with town.asked_by(by) as ctx:
        result = await schema.execute(question, {"input": asked} if asked else None, context_value=ctx)
    assert result.errors is None, result.errors
    assert result.data is not None
    (answer,) = result.data.values()
    return answer


def newcomer(**more: Any) -> dict[str, Any]:
    """Somebody to invite."""
    who = {"firstName": "Nouvelle", "lastName": "TEST", "email": "nouvelle.test@mairie.example"}
    return {**who, "rights": ["FAMILIES"], **more}


async def test_a_colleague_is_invited_and_again_until_it_activates(epagny: Town) -> None:
    agent = await add_agent(epagny, CLERK, [CRECHE])
    invited = await asked(epagny, agent, INVITE, **newcomer(services=[CRECHE]))
    assert invited == {
        "agent": {
            "firstName": "Nouvelle",
            "lastName": "TEST",
            "email": "nouvelle.test@mairie.example",
            "rights": ["FAMILIES"],
            "services": [CRECHE],
            "activatedAt": None,
        },
        "userErrors": [],
    }
    assert (await asked(epagny, agent, INVITE, **newcomer(services=[CRECHE])))["userErrors"] == []
    assert [each["email"] for each in await asked(epagny, agent, AGENTS)] == [
        agent.viewer.email,
        "nouvelle.test@mairie.example",
    ]


@pytest.mark.parametrize(
    ("more", "field", "message"),
    [
        (
            {"rights": ["FAMILIES", "BILLING"], "services": [CRECHE]},
            ["input", "rights"],
            "Vous ne pouvez donner ou retirer que les droits que vous avez : demandez à un collègue qui les a.",
        ),
        (
            {"services": [CRECHE, SCHOOL]},
            ["input", "services"],
            "Vous ne pouvez inviter que pour vos services : demandez à un collègue qui travaille pour tous.",
        ),
        (
            {"services": None},
            ["input", "services"],
            "Vous ne pouvez inviter que pour vos services : demandez à un collègue qui travaille pour tous.",
        ),
    ],
)
async def test_nobody_gives_more_than_its_own(epagny: Town, more: Any, field: list[str], message: str) -> None:
    agent = await add_agent(epagny, CLERK, [CRECHE])
    refusal = {"code": "RIGHT_NOT_HELD", "field": field, "message": message}
    assert await asked(epagny, agent, INVITE, **newcomer(**more)) == {"agent": None, "userErrors": [refusal]}
    assert len(await asked(epagny, agent, AGENTS)) == 1


async def test_a_colleague_who_leaves_is_out_at_once(epagny: Town) -> None:
    agent, leaving = await add_agent(epagny), await add_agent(epagny, CLERK, [SCHOOL])
    id_ = global_id("Agent", leaving.viewer.account_id or "")
    changed = await asked(epagny, agent, CHANGE, id=id_, rights=[], services=[])
    assert changed == {"agent": {"rights": [], "services": []}, "userErrors": []}
    with epagny.at_work():
        assert await Session.filter(account_id=leaving.viewer.account_id, revoked_at__isnull=True).count() == 0


async def test_nobody_changes_itself_a_more_powerful_one_or_who_is_out_of_its_services(epagny: Town) -> None:
    agent, powerful = await add_agent(epagny, CLERK, [CRECHE]), await add_agent(epagny, services=[CRECHE])
    other, family = await add_agent(epagny, CLERK, [SCHOOL]), await add_family(epagny, "TEST", services=[CRECHE])
    codes = {}
    for who, signed in {"itself": agent, "powerful": powerful, "other": other, "family": family.parent}.items():
        id_ = global_id("Agent", signed.viewer.account_id or "")
        errors = (await asked(epagny, agent, CHANGE, id=id_, rights=[], services=[CRECHE]))["userErrors"]
        codes[who] = [error["code"] for error in errors]
    assert codes == {
        "itself": ["STATE_CONFLICT"],
        "powerful": ["RIGHT_NOT_HELD"],
        "other": ["NOT_FOUND"],
        "family": ["NOT_FOUND"],
    }
