"""From the invitation to the first page, and back in after a forgotten password; nothing tells who has an account."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from plugins import hookspecs
from plugins.rules.accounts import PasswordRule
from resolvers.accounts import (
    accept_terms,
    activate,
    change_password,
    generate_password,
    invite,
    password_checks,
    request_password_reset,
    reset_password,
    send_recovery,
)
from resolvers.context import AccountKind, AgentRight, Step
from resolvers.errors import Code
from resolvers.models import Account, Effect, OneTimeLink, Person, TermsAcceptance
from resolvers.models.accounts import SessionKind
from resolvers.models.effects import EffectKind
from resolvers.outbox import opened
from resolvers.ports import Mail
from resolvers.sign_in import open_session, sessions_of
from tests.refusals import refused
from tests.towns import Signed, Town, add_agent, communes, recognise

pytestmark = [pytest.mark.anyio, pytest.mark.database]

PASSWORD = "Soleil-Levant-2026"


def link_of(mail: Mail) -> str:
    """The token of the link a mail carries."""
    found = re.search(r"\?token=([\w-]+)", mail.body)
    assert found is not None
    return found[1]


def password_of(mail: Mail) -> str:
    """The provisional password a mail carries."""
    found = re.search(r"provisoire : (\S+)", mail.body)
    assert found is not None
    return found[1]


async def new_person(town: Town, first_name: str = "Élodie", email: str = "Elodie.Durand@Example.org") -> Person:
    """An adult the service knows, without an account."""
    with town.at_work():
        return await Person.create(first_name=first_name, last_name="DURAND", email=email)


async def invited(town: Town, person: Person) -> Mail:
    """Have the service open the account; returns the mail."""
    with town.at_work() as ctx:
        await invite(ctx, person.id)
    return (await town.mails("activation"))[-1]


async def signed_in(town: Town, identifier: str, password: str) -> Signed:
    """Sign in for real, and be recognised by the token."""
    with town.at_work() as ctx:
        opened = await open_session(ctx, identifier, password, SessionKind.COOKIE)
    return await recognise(town, opened.token)


async def active(town: Town, email: str = "Elodie.Durand@Example.org", password: str = PASSWORD) -> Signed:
    """A family account in daily use: activated, with a password of its own, terms accepted, signed in."""
    mail = await invited(town, await new_person(town, email=email))
    with town.at_work() as ctx:
        login = await activate(ctx, link_of(mail))
    first = await signed_in(town, login, password_of(mail))
    with town.asked_by(first) as ctx:
        await change_password(ctx, password_of(mail), password)
        await accept_terms(ctx, town.commune.ask(hookspecs.terms).version)
    return await signed_in(town, login, password)


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
        assert await activate(ctx, link_of(mail)) == "e.durand"
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
        await activate(ctx, link_of(mail))
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
        await activate(ctx, link_of(mail))
        with refused(Code.LINK_INVALID) as used:
            await activate(ctx, link_of(mail))
        with refused(Code.LINK_INVALID) as unknown:
            await activate(ctx, "x" * 43)
    assert used.value.message == unknown.value.message
    assert unknown.value.facts == {"contact": "portail.familles@chavagne.fr"}
    assert "Demandez-en un nouveau avec « Mot de passe oublié »" in unknown.value.message


async def test_a_link_works_until_its_last_second(chavagne: Town) -> None:
    late = await invited(chavagne, await new_person(chavagne, email="late@example.org"))
    just_in_time = await invited(chavagne, await new_person(chavagne, email="in.time@example.org"))
    chavagne.later(hours=168, seconds=-1)
    with chavagne.at_work() as ctx:
        await activate(ctx, link_of(just_in_time))
    chavagne.later(seconds=1)
    with chavagne.at_work() as ctx, refused(Code.LINK_INVALID):
        await activate(ctx, link_of(late))


async def test_an_activation_link_does_not_reset_a_password(chavagne: Town) -> None:
    mail = await invited(chavagne, await new_person(chavagne))
    with chavagne.at_work() as ctx:
        with refused(Code.LINK_INVALID):
            await reset_password(ctx, link_of(mail), PASSWORD)
        await activate(ctx, link_of(mail))


async def test_a_second_invitation_makes_the_first_useless(chavagne: Town) -> None:
    person = await new_person(chavagne)
    first, second = await invited(chavagne, person), await invited(chavagne, person)
    with chavagne.at_work() as ctx:
        with refused(Code.LINK_INVALID):
            await activate(ctx, link_of(first))
        await activate(ctx, link_of(second))
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
    for email in ("marie.roux@a.org", "marie.roux@b.org", "marie.roux2@c.org", "marie.rouxel@d.org", "marie@e.org"):
        await invited(epagny, await new_person(epagny, email=email))
        with epagny.at_work():
            logins.append((await Account.get(email=email)).login)
    assert logins == ["marie.roux", "marie.roux2", "marie.roux22", "marie.rouxel", "marie"]


@pytest.mark.parametrize("slug", sorted(communes()))
def test_a_generated_password_always_meets_the_commune_s_own_policy(slug: str) -> None:
    policy = communes()[slug].ask(hookspecs.password_policy)
    drawn = {generate_password(policy) for _ in range(20)}
    assert len(drawn) == 20
    assert all(policy.accepts(password) and not set(password) & set("0O1lI") for password in drawn)


async def test_a_new_password_must_be_known_strong_and_new(epagny: Town) -> None:
    parent = await active(epagny)
    with epagny.asked_by(parent) as ctx:
        with refused(Code.CREDENTIALS_INVALID) as wrong:
            await change_password(ctx, "not this one", "Autre-Soleil-2027")
        with refused(Code.PASSWORD_TOO_WEAK) as weak:
            await change_password(ctx, PASSWORD, "short")
        with refused(Code.PASSWORD_UNCHANGED) as same:
            await change_password(ctx, PASSWORD, PASSWORD)
        missing = [check.rule for check in password_checks(ctx, "short") if not check.satisfied]
    assert missing == [PasswordRule.MIN_LENGTH, PasswordRule.UPPERCASE, PasswordRule.DIGIT]
    assert all(check.label in weak.value.message for check in password_checks(ctx, "short") if not check.satisfied)
    assert [caught.value.field for caught in (wrong, weak, same)] == [
        ("currentPassword",),
        ("newPassword",),
        ("newPassword",),
    ]
    assert (await signed_in(epagny, parent.viewer.login, PASSWORD)).viewer.login == "elodie.durand"


async def test_each_rule_of_the_policy_is_ticked_while_the_password_is_typed(melle: Town) -> None:
    def ticked(candidate: str) -> dict[str, bool]:
        return {check.label: check.satisfied for check in password_checks(melle.context(), candidate, "c.temp2021 ")}

    rules = ("au moins 8 caractères", "au moins 1 minuscule", "au moins 1 chiffre")
    rest = ("au plus 200 caractères", "différent de votre identifiant")
    assert {typed: tuple(ticked(typed).values()) for typed in ("", "C", "c.temp", "C.Temp2021", "c.temp20212")} == {
        "": (False, False, False, True, True),
        "C": (False, False, False, True, True),
        "c.temp": (False, True, False, True, True),
        "C.Temp2021": (True, True, True, True, False),
        "c.temp20212": (True, True, True, True, True),
    }
    assert tuple(ticked("")) == (*rules, *rest)


async def test_changing_the_password_signs_out_every_other_device_and_says_so_by_mail(chavagne: Town) -> None:
    parent = await active(chavagne)
    other = await signed_in(chavagne, "e.durand", PASSWORD)
    chavagne.later(minutes=1)
    with chavagne.asked_by(parent) as ctx:
        await change_password(ctx, PASSWORD, "Autre-Soleil-2027")
        assert [session.id for session in await sessions_of(ctx)] == [parent.viewer.session_id]
    assert other.viewer.session_id != parent.viewer.session_id
    mail = (await chavagne.mails("password:"))[-1]
    assert (mail.recipient, mail.subject) == (
        "elodie.durand@example.org",
        "Chavagne : votre mot de passe a été changé",
    )


async def test_terms_are_accepted_by_version_and_the_proof_is_kept(chavagne: Town) -> None:
    parent = await active(chavagne)
    with chavagne.asked_by(parent) as ctx:
        with refused(Code.TERMS_OUTDATED):
            await accept_terms(ctx, "0")
        proofs = await TermsAcceptance.filter(account_id=parent.viewer.account_id)
    assert [(proof.version, proof.accepted_at) for proof in proofs] == [("1", chavagne.clock.now())]


async def asked_for_a_way_back(town: Town, identifier: str) -> int:
    """Ask, then have the worker do what was asked; returns how many requests were waiting."""
    with town.at_work() as ctx:
        await request_password_reset(ctx, identifier)
        waiting = await Effect.filter(kind=EffectKind.ACCOUNT_RECOVERY)
        for effect in waiting:
            await send_recovery(ctx, opened(effect, town.ports)["identifier"])
        await Effect.filter(kind=EffectKind.ACCOUNT_RECOVERY).delete()
    return len(waiting)


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


async def test_before_the_first_sign_in_the_way_back_is_the_activation(chavagne: Town) -> None:
    first = await invited(chavagne, await new_person(chavagne))
    assert await asked_for_a_way_back(chavagne, "e.durand") == 1
    second = (await chavagne.mails("activation"))[-1]
    assert await chavagne.mails("reset") == []
    with chavagne.at_work() as ctx:
        with refused(Code.LINK_INVALID):
            await activate(ctx, link_of(first))
        assert await activate(ctx, link_of(second)) == "e.durand"


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


async def test_an_agent_s_own_scope_does_not_need_a_household(chavagne: Town) -> None:
    agent = await add_agent(chavagne)
    assert (agent.scope.everything, agent.viewer.households) == (True, {})
