"""Sessions open, last, move on and end; guessing gets slower; nothing tells whether an account exists."""

from datetime import datetime, timedelta

import pytest

from resolvers.access.sign_in import (
    OpenedSession,
    close_session,
    open_session,
    refresh_session,
    revoke_session,
    sessions_of,
    viewer_of,
)
from resolvers.access.tokens import fingerprint
from resolvers.context import AccountKind, HouseholdRights
from resolvers.errors import Code
from resolvers.models import Account, Household, Membership, Person, RefreshToken, Session, SignInFailure
from resolvers.models.accounts import SessionKind
from resolvers.models.households import Role
from resolvers.models.scope import Scope
from tests.refusals import refused
from tests.towns import Town, add_account, add_agent, add_family, add_parent, recognise, sign_in, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

PASSWORD = "Soleil-Levant-2026"


async def account_with_password(town: Town, email: str = "elodie@example.org") -> Account:
    """An active family account whose password is known."""
    with town.at_work():
        person = await Person.create(first_name="Élodie", last_name="DURAND", email=email)
        account = await add_account(town, person, AccountKind.FAMILY)
        await Account.filter(id=account.id).update(password_hash=await town.ports.passwords.hash(PASSWORD))
    return account


async def attempt(town: Town, identifier: str, password: str, kind: SessionKind = SessionKind.COOKIE) -> OpenedSession:
    """Try to sign in."""
    with town.at_work() as ctx:
        return await open_session(ctx, identifier, password, kind)


async def test_only_the_hash_of_a_token_is_kept(chavagne: Town) -> None:
    account = await account_with_password(chavagne)
    opened = await attempt(chavagne, "elodie@example.org", PASSWORD)
    with chavagne.at_work():
        session = await Session.get(id=opened.session_id)
    assert (session.account_id, session.token_hash, session.kind, session.expires_at, session.ends_at) == (
        account.id,
        fingerprint(opened.token),
        SessionKind.COOKIE,
        opened.expires_at,
        chavagne.clock.now() + timedelta(hours=10),
    )
    assert opened.token not in session.token_hash
    assert opened.refresh_token is None


@pytest.mark.parametrize(
    "identifier", ["elodie@example.org", "nobody@example.org", "nobody", "", "é" * 121, "é" * 5000 + "@x.fr"]
)
async def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(chavagne: Town, identifier: str) -> None:
    await account_with_password(chavagne)
    with refused(Code.CREDENTIALS_INVALID) as caught:
        await attempt(chavagne, identifier, "not the password")
    assert (caught.value.field, caught.value.facts) == (("identifier",), {})
    assert caught.value.message == (
        "Identifiant ou mot de passe incorrect. Si vous n'avez jamais activé votre compte, ouvrez d'abord le lien "
        "reçu par mail ; sinon, demandez un nouveau mot de passe. Après plusieurs essais, attendez un quart d'heure."
    )


@pytest.mark.parametrize("identifier", ["elodie@example.org", "nobody@example.org"])
async def test_guessing_gets_slower_and_slower_for_known_and_unknown_alike(chavagne: Town, identifier: str) -> None:
    await account_with_password(chavagne)
    for _ in range(4):
        with refused(Code.CREDENTIALS_INVALID):
            await attempt(chavagne, identifier, "guess")
    waits = []
    for _ in range(9):
        with refused(Code.CREDENTIALS_INVALID):
            await attempt(chavagne, identifier, "guess")
        with refused(Code.THROTTLED) as blocked:
            await attempt(chavagne, identifier, PASSWORD)  # the right password waits too
        until = blocked.value.facts["until"]
        assert isinstance(until, datetime)
        waits.append((until - chavagne.clock.now()).total_seconds())
        chavagne.clock.set(until)
    assert waits == [10, 20, 40, 80, 160, 320, 640, 900, 900]
    assert blocked.value.message == (
        "Trop d'essais infructueux. Réessayez dans 15 minutes, ou demandez un nouveau mot de passe."
    )


async def fail(town: Town, times: int, identifier: str = "elodie@example.org") -> None:
    """Type a wrong password that many times."""
    for _ in range(times):
        with refused(Code.CREDENTIALS_INVALID):
            await attempt(town, identifier, "guess")


async def test_signing_in_forgives_the_failures_of_the_account(chavagne: Town) -> None:
    await account_with_password(chavagne)
    await fail(chavagne, 4)
    await attempt(chavagne, "elodie@example.org", PASSWORD)
    await fail(chavagne, 4)
    await attempt(chavagne, "elodie@example.org", PASSWORD)


async def test_a_day_later_failures_are_forgotten(chavagne: Town) -> None:
    await account_with_password(chavagne)
    await fail(chavagne, 4)
    chavagne.later(days=1, seconds=1)
    await fail(chavagne, 4)
    await attempt(chavagne, "elodie@example.org", PASSWORD)


async def test_the_login_and_the_e_mail_are_braked_as_one_account_and_nothing_tells_it(epagny: Town) -> None:
    account = await account_with_password(epagny)
    with epagny.at_work():
        await Account.filter(id=account.id).update(login="elodie")
    await fail(epagny, 5, "elodie")
    answers = set()
    for identifier in ("elodie@example.org", "nobody@example.org"):
        with refused(Code.CREDENTIALS_INVALID) as caught:
            await attempt(epagny, identifier, PASSWORD)  # the right one, under the other name: the account is braked
        answers.add((caught.value.message, caught.value.field))
    assert len(answers) == 1
    epagny.later(seconds=20)  # that try was the sixth failure of the account
    await attempt(epagny, "elodie@example.org", PASSWORD)
    await fail(epagny, 4, "elodie")  # signing in forgave both names
    await attempt(epagny, "elodie", PASSWORD)


@pytest.mark.parametrize("wrong", ["elodie@example.org", "nobody@example.org"])
async def test_a_known_account_and_an_unknown_one_cost_the_same_statements(chavagne: Town, wrong: str) -> None:
    await account_with_password(chavagne)
    with statements() as sent:
        await fail(chavagne, 1, wrong)
    assert len(sent) == 7


async def test_one_blocked_account_does_not_block_the_neighbour_on_the_same_network(chavagne: Town) -> None:
    await account_with_password(chavagne, "neighbour@example.org")
    await fail(chavagne, 5)
    await attempt(chavagne, "neighbour@example.org", PASSWORD)


async def test_fifty_failures_from_one_address_block_it_whatever_the_accounts(chavagne: Town) -> None:
    await account_with_password(chavagne)
    with chavagne.at_work() as ctx:
        await SignInFailure.create(key=fingerprint("client:a-client"), failures=49, last_failure_at=ctx.now)
    await fail(chavagne, 1, "somebody@example.org")
    with refused(Code.THROTTLED):
        await attempt(chavagne, "elodie@example.org", PASSWORD)
    with chavagne.at_work() as ctx:
        ctx.client = "another address"
        await open_session(ctx, "elodie@example.org", PASSWORD, SessionKind.COOKIE)


async def test_the_brake_holds_no_identifier_in_clear(chavagne: Town) -> None:
    await fail(chavagne, 1)
    with chavagne.at_work():
        keys = {row.key: row.failures for row in await SignInFailure.all()}
    names = ("name:elodie@example.org", "nobody:elodie@example.org", "client:a-client")
    assert keys == {fingerprint(name): 1 for name in names}


async def test_a_cookie_session_ends_ten_hours_after_it_was_opened(chavagne: Town) -> None:
    account = await account_with_password(chavagne)
    opened = await attempt(chavagne, "elodie@example.org", PASSWORD)
    chavagne.later(hours=10, seconds=-1)
    assert (await recognise(chavagne, opened.token)).viewer.account_id == account.id
    chavagne.later(seconds=1)
    with pytest.raises(LookupError):
        await recognise(chavagne, opened.token)


async def test_a_session_ends_on_demand_and_only_that_one(chavagne: Town) -> None:
    await account_with_password(chavagne)
    phone = await attempt(chavagne, "elodie@example.org", PASSWORD, SessionKind.BEARER)
    laptop = await attempt(chavagne, "elodie@example.org", PASSWORD)
    with chavagne.asked_by(await recognise(chavagne, laptop.token)) as ctx:
        await close_session(ctx)
    with pytest.raises(LookupError):
        await recognise(chavagne, laptop.token)
    assert (await recognise(chavagne, phone.token)).viewer.session_id == phone.session_id


async def test_one_signs_out_one_s_own_devices_and_nobody_else_s(chavagne: Town) -> None:
    await account_with_password(chavagne)
    mine, lost = [await attempt(chavagne, "elodie@example.org", PASSWORD) for _ in range(2)]
    others = (await add_family(chavagne, "AUTRE")).parent
    with chavagne.asked_by(await recognise(chavagne, mine.token)) as ctx:
        assert {session.id for session in await sessions_of(ctx)} == {mine.session_id, lost.session_id}
        await revoke_session(ctx, lost.session_id)
        with refused(Code.NOT_FOUND):
            await revoke_session(ctx, lost.session_id)
        assert others.viewer.session_id is not None
        with refused(Code.NOT_FOUND) as foreign:
            await revoke_session(ctx, others.viewer.session_id)
        assert [session.id for session in await sessions_of(ctx)] == [mine.session_id]
    assert foreign.value.field == ("id",)
    with chavagne.asked_by(others) as ctx:
        assert [session.id for session in await sessions_of(ctx)] == [others.viewer.session_id]


async def refreshed(town: Town, refresh_token: str | None) -> OpenedSession:
    """Exchange a refresh token."""
    assert refresh_token is not None
    with town.at_work() as ctx:
        return await refresh_session(ctx, refresh_token)


async def test_a_refresh_token_gives_new_tokens_and_the_old_access_ends(chavagne: Town) -> None:
    await account_with_password(chavagne)
    first = await attempt(chavagne, "elodie@example.org", PASSWORD, SessionKind.BEARER)
    assert first.expires_at == chavagne.clock.now() + timedelta(minutes=15)
    chavagne.later(minutes=20)
    with pytest.raises(LookupError):
        await recognise(chavagne, first.token)
    second = await refreshed(chavagne, first.refresh_token)
    assert (await recognise(chavagne, second.token)).viewer.session_id == first.session_id
    assert (second.session_id, second.expires_at) == (first.session_id, chavagne.clock.now() + timedelta(minutes=15))
    third = await refreshed(chavagne, second.refresh_token)
    with pytest.raises(LookupError):
        await recognise(chavagne, second.token)
    assert (await recognise(chavagne, third.token)).viewer.session_id == first.session_id


async def test_a_refresh_token_that_comes_back_later_revokes_the_whole_session(chavagne: Town) -> None:
    await account_with_password(chavagne)
    first = await attempt(chavagne, "elodie@example.org", PASSWORD, SessionKind.BEARER)
    second = await refreshed(chavagne, first.refresh_token)
    chavagne.later(seconds=11)
    with refused(Code.CREDENTIALS_INVALID):
        await refreshed(chavagne, first.refresh_token)
    with refused(Code.CREDENTIALS_INVALID):
        await refreshed(chavagne, second.refresh_token)
    with pytest.raises(LookupError):
        await recognise(chavagne, second.token)


async def test_a_phone_that_lost_our_answer_may_ask_again_within_ten_seconds(chavagne: Town) -> None:
    await account_with_password(chavagne)
    first = await attempt(chavagne, "elodie@example.org", PASSWORD, SessionKind.BEARER)
    await refreshed(chavagne, first.refresh_token)
    chavagne.later(seconds=10)
    again = await refreshed(chavagne, first.refresh_token)
    assert (await recognise(chavagne, again.token)).viewer.session_id == first.session_id


async def test_no_refresh_outlives_sixty_days(chavagne: Town) -> None:
    await account_with_password(chavagne)
    opened = await attempt(chavagne, "elodie@example.org", PASSWORD, SessionKind.BEARER)
    end = chavagne.clock.now() + timedelta(days=60)
    chavagne.later(days=60, minutes=-5)
    last = await refreshed(chavagne, opened.refresh_token)
    assert last.expires_at == end
    chavagne.later(minutes=5)
    with refused(Code.CREDENTIALS_INVALID):
        await refreshed(chavagne, last.refresh_token)


async def test_an_unknown_refresh_token_is_refused_and_none_is_kept_in_clear(chavagne: Town) -> None:
    await account_with_password(chavagne)
    opened = await attempt(chavagne, "elodie@example.org", PASSWORD, SessionKind.BEARER)
    with refused(Code.CREDENTIALS_INVALID) as caught:
        await refreshed(chavagne, "x" * 43)
    assert caught.value.field == ("refreshToken",)
    with chavagne.at_work():
        kept = [row.token_hash for row in await RefreshToken.all()]
    assert kept == [fingerprint(opened.refresh_token or "")]


async def test_a_parent_sees_the_households_that_let_them_see_and_every_person_in_them(chavagne: Town) -> None:
    family = await add_family(chavagne, "TEST")
    other = await add_family(chavagne, "AUTRE", children=("Enfant3",))
    with chavagne.at_work() as ctx:
        hidden = await Household.create(name="HIDDEN", created_at=ctx.now)
        parent = await add_parent(chavagne, family.id, "Anne TESTBIS", books=False)
        person = parent.person_id
        await Membership.create(household_id=hidden.id, person_id=person, role=Role.CONTACT, sees=False, pays=True)
        await Membership.create(household_id=other.id, person_id=person, role=Role.CO_REPRESENTATIVE, sees=True)
    signed = await sign_in(chavagne, parent)
    adults = [id_ for each in (family, other) if (id_ := each.parent.viewer.person_id) is not None]
    assert signed.viewer.households == {
        family.id: HouseholdRights(family.id, sees=True, books=False, pays=True),
        other.id: HouseholdRights(other.id, sees=True, books=False, pays=False),
    }
    assert signed.scope == Scope(
        frozenset({family.id, other.id}),
        frozenset(
            {
                person,
                *family.children.values(),
                *other.children.values(),
                *adults,
            }
        ),
    )


async def test_recognising_a_token_takes_three_statements_for_a_family_and_two_for_an_agent(chavagne: Town) -> None:
    family, agent = (await add_family(chavagne)).parent, await add_agent(chavagne)
    counts = []
    for signed in (family, agent):
        with chavagne.at_work() as ctx:
            await Session.filter(id=signed.viewer.session_id).update(token_hash=fingerprint("known"))
            with statements() as sent:
                assert await viewer_of("known", ctx.now, "1") == (signed.viewer, signed.scope)
            await Session.filter(id=signed.viewer.session_id).delete()
        counts.append(len(sent))
    assert counts == [3, 2]
