"""From the invitation to the first page, and back in after a forgotten password; nothing tells who has an account."""

from uuid import uuid4

import pytest

from resolvers.access.accounts import Activation, accept_terms, activate, invite
from resolvers.access.passwords import change_password
from resolvers.access.recovery import reset_password
from resolvers.context import AccountKind, AgentRight, Step
from resolvers.errors import Code
from resolvers.models import Account, OneTimeLink, TermsAcceptance
from tests.newcomers import PASSWORD, active, invited, link_of, new_person, password_of, signed_in
from tests.refusals import refused
from tests.towns import Town, add_agent

pytestmark = [pytest.mark.anyio, pytest.mark.database]


async def test_an_invitation_mails_the_login_a_password_and_a_link_until_a_said_instant(chavagne: Town) -> None:
    mail = await invited(chavagne, await new_person(chavagne))
    assert (mail.sender, mail.recipient, mail.reply_to, mail.subject) == (
        "portail.familles@chavagne.fr",
        "elodie.durand@example.org",
        "portail.familles@chavagne.fr",
        "Chavagne : activez votre espace famille",
    )
    assert "Bonjour Élodie," in mail.body
    assert "avant le lundi 12 octobre 2026 à 9 h 30" in mail.body
    assert f"https://portail.example/chavagne/activation?token={link_of(mail)}" in mail.body
    assert "Votre identifiant : e.durand" in mail.body
    with chavagne.at_work():
        account = await Account.get(login="e.durand")
        link = await OneTimeLink.get(account_id=account.id)
    assert (account.kind, account.email, account.activated_at, account.password_is_generated, account.rights) == (
        AccountKind.FAMILY,
        "elodie.durand@example.org",
        None,
        True,
        [],
    )
    assert link_of(mail) not in link.token_hash
    assert password_of(mail) not in (account.password_hash or "")


async def test_the_first_sign_in_asks_for_a_password_then_the_terms_then_nothing(chavagne: Town) -> None:
    mail = await invited(chavagne, await new_person(chavagne))
    with chavagne.at_work() as ctx:
        assert await activate(ctx, Activation(link_of(mail))) == "e.durand"
    parent = await signed_in(chavagne, "E.Durand ", password_of(mail))
    assert parent.viewer.steps == (Step.CHANGE_PASSWORD, Step.ACCEPT_TERMS)
    with chavagne.asked_by(parent) as ctx:
        await change_password(ctx, password_of(mail), PASSWORD)
    parent = await signed_in(chavagne, "elodie.durand@example.org", PASSWORD)
    assert parent.viewer.steps == (Step.ACCEPT_TERMS,)
    with chavagne.asked_by(parent) as ctx:
        await accept_terms(ctx, "1")
    parent = await signed_in(chavagne, "e.durand", PASSWORD)
    assert (parent.viewer.steps, parent.viewer.first_name, parent.viewer.kind) == ((), "Élodie", AccountKind.FAMILY)


async def test_agents_change_their_password_and_accept_no_terms(chavagne: Town) -> None:
    person = await new_person(chavagne)
    with chavagne.at_work() as ctx:
        await invite(ctx, person.id, AccountKind.AGENT, frozenset({AgentRight.BILLING, AgentRight.ATTENDANCE}))
        (mail,) = await chavagne.mails("activation")
        await activate(ctx, Activation(link_of(mail)))
    agent = await signed_in(chavagne, "e.durand", password_of(mail))
    assert (agent.viewer.kind, agent.viewer.steps, agent.viewer.rights, agent.scope.everything) == (
        AccountKind.AGENT,
        (Step.CHANGE_PASSWORD,),
        frozenset({AgentRight.BILLING, AgentRight.ATTENDANCE}),
        True,
    )
    assert not agent.viewer.has(AgentRight.BILLING)  # not before the password is changed


async def test_nobody_signs_in_before_the_account_is_activated(chavagne: Town) -> None:
    mail = await invited(chavagne, await new_person(chavagne))
    with refused(Code.CREDENTIALS_INVALID):
        await signed_in(chavagne, "e.durand", password_of(mail))


async def test_a_link_works_once_and_then_is_like_one_that_never_was(chavagne: Town) -> None:
    mail = await invited(chavagne, await new_person(chavagne))
    with chavagne.at_work() as ctx:
        await activate(ctx, Activation(link_of(mail)))
        with refused(Code.LINK_INVALID) as used:
            await activate(ctx, Activation(link_of(mail)))
        with refused(Code.LINK_INVALID) as unknown:
            await activate(ctx, Activation("x" * 43))
    assert used.value.message == unknown.value.message
    assert unknown.value.facts == {"contact": "portail.familles@chavagne.fr"}
    assert "Demandez-en un nouveau avec « Mot de passe oublié »" in unknown.value.message


async def test_a_link_works_until_its_last_second(chavagne: Town) -> None:
    late = await invited(chavagne, await new_person(chavagne, email="late@example.org"))
    just_in_time = await invited(chavagne, await new_person(chavagne, email="in.time@example.org"))
    chavagne.later(hours=168, seconds=-1)
    with chavagne.at_work() as ctx:
        await activate(ctx, Activation(link_of(just_in_time)))
    chavagne.later(seconds=1)
    with chavagne.at_work() as ctx, refused(Code.LINK_INVALID):
        await activate(ctx, Activation(link_of(late)))


async def test_an_activation_link_does_not_reset_a_password(chavagne: Town) -> None:
    mail = await invited(chavagne, await new_person(chavagne))
    with chavagne.at_work() as ctx:
        with refused(Code.LINK_INVALID):
            await reset_password(ctx, link_of(mail), PASSWORD)
        await activate(ctx, Activation(link_of(mail)))


async def test_a_second_invitation_makes_the_first_useless(chavagne: Town) -> None:
    person = await new_person(chavagne)
    first, second = await invited(chavagne, person), await invited(chavagne, person)
    with chavagne.at_work() as ctx:
        with refused(Code.LINK_INVALID):
            await activate(ctx, Activation(link_of(first)))
        await activate(ctx, Activation(link_of(second)))
        assert await Account.all().count() == 1
    with refused(Code.CREDENTIALS_INVALID):
        await signed_in(chavagne, "e.durand", password_of(first))
    assert (await signed_in(chavagne, "e.durand", password_of(second))).viewer.login == "e.durand"


async def test_invitations_that_cannot_be_are_refused_with_what_to_do(chavagne: Town) -> None:
    parent = await active(chavagne)
    silent = await new_person(chavagne, email="")
    with chavagne.at_work() as ctx:
        with refused(Code.STATE_CONFLICT):
            await invite(ctx, parent.viewer.person_id or uuid4())
        with refused(Code.BLANK) as blank:
            await invite(ctx, silent.id)
        with refused(Code.NOT_FOUND):
            await invite(ctx, uuid4())
    assert blank.value.field == ("personId",)


@pytest.mark.parametrize("email", ["durand", "durand@", "@example.org", "a b@example.org", "x@y", "élodie@example.org"])
async def test_an_address_that_no_mail_can_reach_is_refused_before_any_account(chavagne: Town, email: str) -> None:
    person = await new_person(chavagne, email=email)
    with chavagne.at_work() as ctx:
        with refused(Code.INVALID) as malformed:
            await invite(ctx, person.id)
        assert await Account.all().count() == 0
    assert malformed.value.field == ("personId",)


async def test_a_couple_who_share_an_address_is_told_that_each_needs_one(chavagne: Town) -> None:
    await invited(chavagne, await new_person(chavagne, "Paul", "durand@example.org"))
    other = await new_person(chavagne, "Anne", "Durand@example.org")
    with chavagne.at_work() as ctx:
        with refused(Code.STATE_CONFLICT) as shared:
            await invite(ctx, other.id)
        assert await Account.all().count() == 1
    assert shared.value.field == ("personId",)


async def test_families_of_epagny_with_one_local_part_get_a_number(epagny: Town) -> None:
    logins = []
    for email in ("marie.test@a.org", "marie.test@b.org", "marie.test2@c.org", "marie.testel@d.org", "marie@e.org"):
        await invited(epagny, await new_person(epagny, email=email))
        with epagny.at_work():
            logins.append((await Account.get(email=email)).login)
    assert logins == ["marie.test", "marie.test2", "marie.test22", "marie.testel", "marie"]


async def test_terms_are_accepted_by_version_and_the_proof_is_kept(chavagne: Town) -> None:
    parent = await active(chavagne)
    with chavagne.asked_by(parent) as ctx:
        with refused(Code.TERMS_OUTDATED):
            await accept_terms(ctx, "0")
        proofs = await TermsAcceptance.filter(account_id=parent.viewer.account_id)
    assert [(proof.version, proof.accepted_at) for proof in proofs] == [("1", chavagne.clock.now())]


async def test_an_agent_s_own_scope_does_not_need_a_household(chavagne: Town) -> None:
    agent = await add_agent(chavagne)
    assert (agent.scope.everything, agent.viewer.households) == (True, {})
