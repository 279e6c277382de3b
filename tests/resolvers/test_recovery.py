"""Back in after a forgotten password; nothing tells who has an account."""

from datetime import timedelta

import pytest

from resolvers.access.accounts import Activation, activate
from resolvers.access.recovery import request_password_reset, reset_password
from resolvers.access.sign_in import sessions_of
from resolvers.errors import Code
from resolvers.models import Effect
from resolvers.models.effects import EffectKind
from tests.newcomers import PASSWORD, active, invited, link_of, new_person, password_of, signed_in, ways_in_sent
from tests.refusals import refused
from tests.towns import Town

pytestmark = [pytest.mark.anyio, pytest.mark.database]


async def asked_for_a_way_back(town: Town, identifier: str) -> int:
    """Ask, then have the worker do what was asked; returns how many requests were waiting."""
    with town.at_work() as ctx:
        await request_password_reset(ctx, identifier)
    return await ways_in_sent(town)


@pytest.mark.parametrize("identifier", ["e.durand", " E.DURAND", "Elodie.Durand@example.ORG"])
async def test_a_forgotten_password_is_replaced_by_a_mailed_link(chavagne: Town, identifier: str) -> None:
    parent = await active(chavagne)
    assert await asked_for_a_way_back(chavagne, identifier) == 1
    (mail,) = await chavagne.mails("reset")
    assert "avant le lundi 5 octobre 2026 à 11 h 30" in mail.body
    chavagne.later(minutes=30)
    with chavagne.at_work() as ctx:
        with refused(Code.PASSWORD_TOO_WEAK):
            await reset_password(ctx, link_of(mail), "weak")
        assert await reset_password(ctx, link_of(mail), "Retrouve-2026-Soleil") == "e.durand"
        with refused(Code.LINK_INVALID):
            await reset_password(ctx, link_of(mail), "Encore-2026-Soleil")
    with refused(Code.CREDENTIALS_INVALID):
        await signed_in(chavagne, "e.durand", PASSWORD)
    back = await signed_in(chavagne, "e.durand", "Retrouve-2026-Soleil")
    with chavagne.asked_by(back) as ctx:
        assert [session.id for session in await sessions_of(ctx)] == [back.viewer.session_id]  # no other device
    assert parent.viewer.account_id == back.viewer.account_id


@pytest.mark.parametrize("identifier", ["nobody@example.org", "nobody", "", "x" * 500])
async def test_an_unknown_identifier_asks_for_the_same_work_and_gets_no_mail(chavagne: Town, identifier: str) -> None:
    assert await asked_for_a_way_back(chavagne, identifier) == 1
    assert await chavagne.mails() == []


@pytest.mark.parametrize("opened_by", ["first", "second"])
async def test_before_the_first_sign_in_the_way_back_is_one_more_activation(chavagne: Town, opened_by: str) -> None:
    first = await invited(chavagne, await new_person(chavagne))
    assert await asked_for_a_way_back(chavagne, "e.durand") == 1  # a stranger may be the one who asks
    second = (await chavagne.mails("activation"))[-1]
    assert await chavagne.mails("reset") == []
    by_first = Activation(link_of(first))
    by_second = Activation(link_of(second), email="elodie.durand@example.org", password=PASSWORD)
    with chavagne.at_work() as ctx:
        assert await activate(ctx, by_first if opened_by == "first" else by_second) == "e.durand"
        with refused(Code.LINK_INVALID):
            await activate(ctx, by_second if opened_by == "first" else by_first)
    await signed_in(chavagne, "e.durand", password_of(first) if opened_by == "first" else PASSWORD)


async def test_an_activation_that_expired_is_sent_again_whole(chavagne: Town) -> None:
    first = await invited(chavagne, await new_person(chavagne))
    chavagne.later(days=365)
    await asked_for_a_way_back(chavagne, "e.durand")
    second = (await chavagne.mails("activation"))[-1]
    with chavagne.at_work() as ctx:
        with refused(Code.LINK_INVALID):
            await activate(ctx, Activation(link_of(first)))
        assert await activate(ctx, Activation(link_of(second))) == "e.durand"
    await signed_in(chavagne, "e.durand", password_of(second))


async def test_asking_again_within_five_minutes_sends_nothing_more(chavagne: Town) -> None:
    await active(chavagne)
    with chavagne.at_work() as ctx:
        await request_password_reset(ctx, "e.durand")
        await request_password_reset(ctx, " E.Durand")
        assert await Effect.filter(kind=EffectKind.ACCOUNT_RECOVERY).count() == 1
    chavagne.later(minutes=5)
    with chavagne.at_work() as ctx:
        await request_password_reset(ctx, "e.durand")
        assert await Effect.filter(kind=EffectKind.ACCOUNT_RECOVERY).count() == 2


async def test_two_links_are_never_valid_at_once(chavagne: Town) -> None:
    await active(chavagne)
    await asked_for_a_way_back(chavagne, "e.durand")
    chavagne.clock.advance(timedelta(minutes=6))
    await asked_for_a_way_back(chavagne, "e.durand")
    first, second = await chavagne.mails("reset")
    with chavagne.at_work() as ctx:
        with refused(Code.LINK_INVALID):
            await reset_password(ctx, link_of(first), "Retrouve-2026-Soleil")
        await reset_password(ctx, link_of(second), "Retrouve-2026-Soleil")
