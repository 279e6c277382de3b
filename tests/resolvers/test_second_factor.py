"""Agents sign in with a code of their telephone: enrolled, confirmed, spent once, removed by a colleague alone."""

from base64 import b32decode, b64decode

import pytest

from plugins.rules.one_time_codes import code_at, step_of
from resolvers.access.second_factor import (
    Enrolment,
    confirm_second_factor,
    has_second_factor,
    remove_second_factor,
    start_second_factor,
)
from resolvers.access.sign_in import OpenedSession, open_session
from resolvers.errors import Code
from resolvers.models import Account, SecondFactor
from resolvers.models.accounts import SessionKind
from tests.newcomers import PASSWORD
from tests.refusals import refused
from tests.towns import Signed, Town, add_agent, add_family

pytestmark = [pytest.mark.anyio, pytest.mark.database]


async def agent_with_password(town: Town) -> Signed:
    """An agent whose password is known."""
    agent = await add_agent(town)
    with town.at_work():
        await Account.filter(id=agent.viewer.account_id).update(password_hash=await town.ports.passwords.hash(PASSWORD))
    return agent


def code_of(town: Town, enrolment: Enrolment, drift: int = 0) -> str:
    """What the telephone shows at the town's instant."""
    return code_at(b32decode(enrolment.secret), step_of(town.clock.now()) + drift)


async def enrolled(town: Town, agent: Signed) -> Enrolment:
    """Enrol an agent, confirm, and wait for the next code."""
    with town.asked_by(agent) as ctx:
        enrolment = await start_second_factor(ctx, PASSWORD)
        await confirm_second_factor(ctx, code_of(town, enrolment))
    town.later(minutes=1)
    return enrolment


async def enter(town: Town, agent: Signed, code: str = "", password: str = PASSWORD) -> OpenedSession:
    """Sign in."""
    with town.at_work() as ctx:
        return await open_session(ctx, agent.viewer.login, password, SessionKind.COOKIE, code)


async def test_an_agent_enrols_a_telephone_and_signs_in_with_its_codes(chavagne: Town) -> None:
    agent = await agent_with_password(chavagne)
    enrolment = await enrolled(chavagne, agent)
    assert enrolment.uri.startswith("otpauth://totp/Portail%20famille%20Chavagne:agent.")
    with refused(Code.SECOND_FACTOR_REQUIRED) as missing:
        await enter(chavagne, agent)
    assert missing.value.field == ("code",)
    await enter(chavagne, agent, code_of(chavagne, enrolment))
    with chavagne.asked_by(agent) as ctx:
        assert await has_second_factor(ctx)


async def test_a_code_is_spent_once_and_those_before_it_too(chavagne: Town) -> None:
    agent = await agent_with_password(chavagne)
    enrolment = await enrolled(chavagne, agent)
    await enter(chavagne, agent, code_of(chavagne, enrolment))
    for drift in (0, -1):
        with refused(Code.CREDENTIALS_INVALID) as spent:
            await enter(chavagne, agent, code_of(chavagne, enrolment, drift))
        assert spent.value.field == ("code",)
    await enter(chavagne, agent, code_of(chavagne, enrolment, 1))


async def test_a_wrong_password_says_nothing_of_the_code(chavagne: Town) -> None:
    agent = await agent_with_password(chavagne)
    await enrolled(chavagne, agent)
    with refused(Code.CREDENTIALS_INVALID) as wrong:
        await enter(chavagne, agent, password="guess")
    assert wrong.value.field == ("identifier",)


async def test_guessing_codes_gets_slower_like_guessing_passwords(chavagne: Town) -> None:
    agent = await agent_with_password(chavagne)
    enrolment = await enrolled(chavagne, agent)
    for _ in range(5):
        with refused(Code.CREDENTIALS_INVALID):
            await enter(chavagne, agent, "000000x")
    with refused(Code.THROTTLED):
        await enter(chavagne, agent, code_of(chavagne, enrolment))


async def test_nothing_is_asked_before_a_first_code_confirms(chavagne: Town) -> None:
    agent = await agent_with_password(chavagne)
    with chavagne.asked_by(agent) as ctx:
        with refused(Code.STATE_CONFLICT):
            await confirm_second_factor(ctx, "000000")
        with refused(Code.CREDENTIALS_INVALID):
            await start_second_factor(ctx, "guess")
        former = await start_second_factor(ctx, PASSWORD)
        latter = await start_second_factor(ctx, PASSWORD)
        assert not await has_second_factor(ctx)
        await enter(chavagne, agent)
        with refused(Code.CREDENTIALS_INVALID):
            await confirm_second_factor(ctx, code_of(chavagne, former))
        await confirm_second_factor(ctx, code_of(chavagne, latter))
        with refused(Code.STATE_CONFLICT):
            await start_second_factor(ctx, PASSWORD)


async def test_the_secret_is_sealed(chavagne: Town) -> None:
    enrolment = await enrolled(chavagne, await agent_with_password(chavagne))
    with chavagne.at_work():
        (factor,) = await SecondFactor.all()
    assert b64decode(chavagne.ports.sealer.unseal(factor.sealed_secret)) == b32decode(enrolment.secret)


async def test_a_colleague_removes_it_and_the_agent_is_told(chavagne: Town) -> None:
    agent, colleague = await agent_with_password(chavagne), await add_agent(chavagne)
    family = await add_family(chavagne)
    await enrolled(chavagne, agent)
    with chavagne.asked_by(agent) as ctx, refused(Code.STATE_CONFLICT):
        await remove_second_factor(ctx, agent.viewer.login)
    with chavagne.asked_by(colleague) as ctx:
        for nobody in ("nobody", family.parent.viewer.login, ""):
            with refused(Code.NOT_FOUND):
                await remove_second_factor(ctx, nobody)
        await remove_second_factor(ctx, f" {agent.viewer.email.upper()}")
    (mail,) = await chavagne.mails("second-factor")
    assert (mail.recipient, mail.subject) == (agent.viewer.email, "Chavagne : double authentification retirée")
    await enter(chavagne, agent)
