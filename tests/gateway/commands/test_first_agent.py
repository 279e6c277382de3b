"""The command « invite-agent » lets the first agent of a commune in."""

import re
from pathlib import Path

import pytest

from gateway.database import Databases
from gateway.sealing import new_key
from resolvers.access.accounts import Activation, activate
from resolvers.context import Step
from resolvers.models import Account, Effect
from resolvers.models.effects import EffectKind
from tests.journeys.portal import environment, free_port, run_command
from tests.newcomers import signed_in
from tests.towns import ALL_RIGHTS, Town

WHO = ("--email", "Agent.Test@mairie.example", "--first-name", "Agent", "--last-name", "TEST")

pytestmark = [pytest.mark.anyio, pytest.mark.database]


@pytest.fixture
def chavagne(databases: Databases) -> Town:
    """The commune, with an empty database open for the test."""
    return Town.called("chavagne")


async def test_the_first_agent_enters_by_what_the_command_prints(
    database_url: str, chavagne: Town, tmp_path: Path
) -> None:
    settings = {**environment(free_port(), database_url), "PORTAIL_SECRET_KEYS": new_key()}
    former = run_command(tmp_path, "invite-agent", "chavagne", *WHO, "--right", "BILLING", **settings)
    latter = run_command(tmp_path, "invite-agent", "chavagne", *WHO, **settings)
    assert [(each.returncode, each.stderr) for each in (former, latter)] == [(0, ""), (0, "")]
    assert former.stdout != latter.stdout
    printed = dict(re.findall(r"^  (\w+) +(\S+)", latter.stdout, re.MULTILINE))
    with chavagne.at_work() as ctx:
        ctx.now = (await Account.get(login=printed["login"])).created_at
        await activate(ctx, Activation(printed["link"].partition("token=")[2]))
        assert await Effect.filter(kind=EffectKind.MAIL).count() == 2
    chavagne.clock.set(ctx.now)
    agent = await signed_in(chavagne, "agent.test@mairie.example", printed["password"])
    assert (agent.viewer.rights, agent.viewer.steps) == (ALL_RIGHTS, (Step.CHANGE_PASSWORD,))
    again = run_command(tmp_path, "invite-agent", "chavagne", *WHO, **settings)
    assert (again.returncode, again.stdout, again.stderr) == (
        1,
        "",
        "invite-agent: L'adresse agent.test@mairie.example ouvre déjà un compte.\n",
    )


@pytest.mark.parametrize(
    ("commune", "options", "sentence"),
    [
        ("nulle-part", WHO, "No commune is called 'nulle-part'"),
        ("chavagne", (*WHO, "--email", "sans-arobase"), "Cette adresse e-mail est mal écrite : corrigez-la."),
        ("chavagne", (*WHO, "--first-name", " "), "Donnez le prénom et le nom de l'agent."),
    ],
)
async def test_what_cannot_be_is_said_in_one_sentence(
    database_url: str, chavagne: Town, tmp_path: Path, commune: str, options: tuple[str, ...], sentence: str
) -> None:
    settings = {**environment(free_port(), database_url), "PORTAIL_SECRET_KEYS": new_key()}
    ended = run_command(tmp_path, "invite-agent", commune, *options, **settings)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"invite-agent: {sentence}")
    with chavagne.at_work():
        assert await Account.all().count() == 0
