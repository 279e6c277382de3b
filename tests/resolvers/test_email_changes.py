"""A new e-mail address is in force once both mailboxes have said so; nothing tells whose it already is."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from gateway.database import Databases
from plugins.defaults import EDITABLE, SHOWN
from plugins.hookspecs import hookimpl
from plugins.rules.features import FieldPolicies
from plugins.rules.identity import Service
from resolvers.access.email_changes import ask_email_change, confirm_email_change
from resolvers.access.recovery import reset_password, send_recovery
from resolvers.errors import Code
from resolvers.models import Account, Person
from resolvers.ports import Mail
from tests.newcomers import PASSWORD, link_of, signed_in
from tests.refusals import refused
from tests.towns import Signed, Town, add_agent, add_family

pytestmark = [pytest.mark.anyio, pytest.mark.database]

NEW = "nouvelle@example.org"


@pytest.fixture
def mesnil(databases: Databases) -> Town:
    """Families change their e-mail online."""
    return Town.called("mesnil")


async def family_with_password(town: Town, name: str = "TEST", *services: str) -> Signed:
    """The parent of a family, whose password is known."""
    parent = (await add_family(town, name, services=services)).parent
    with town.at_work():
        await Account.filter(id=parent.viewer.account_id).update(
            password_hash=await town.ports.passwords.hash(PASSWORD)
        )
    return parent


async def asked(town: Town, parent: Signed, email: str = NEW) -> dict[str, Mail]:
    """Ask for another address; returns the mails by recipient."""
    with town.asked_by(parent) as ctx:
        await ask_email_change(ctx, email, PASSWORD)
    return {mail.recipient: mail for mail in await town.mails("email-change:")}


async def confirmed(town: Town, mail: Mail) -> bool:
    """Follow the link of a mail."""
    with town.at_work() as ctx:
        return await confirm_email_change(ctx, link_of(mail))


@pytest.mark.parametrize("new_first", [True, False])
async def test_an_address_changes_once_both_mailboxes_have_confirmed(mesnil: Town, new_first: bool) -> None:
    parent = await family_with_password(mesnil)
    old = parent.viewer.email
    mails = await asked(mesnil, parent)
    assert set(mails) == {old, NEW}
    first, second = (mails[NEW], mails[old]) if new_first else (mails[old], mails[NEW])
    assert not await confirmed(mesnil, first)
    assert (await signed_in(mesnil, old, PASSWORD)).viewer.email == old
    assert await confirmed(mesnil, second)
    with refused(Code.CREDENTIALS_INVALID):
        await signed_in(mesnil, old, PASSWORD)
    after = await signed_in(mesnil, NEW, PASSWORD)
    assert (after.viewer.email, after.viewer.account_id) == (NEW, parent.viewer.account_id)
    with mesnil.at_work():
        assert (await Person.get(id=parent.viewer.person_id)).email == NEW
    told = {mail.recipient: mail.body for mail in await mesnil.mails("email-changed:")}
    assert set(told) == {old, NEW}
    assert f"est désormais {NEW}." in told[old]


@hookimpl
def edited_addresses(service: Service) -> FieldPolicies:
    """Families change their e-mail online."""
    return FieldPolicies({"person.email": EDITABLE}, default=SHOWN)


async def test_the_login_follows_where_it_is_made_of_the_address_and_collisions_are_numbered(epagny: Town) -> None:
    town = replace(epagny, commune=epagny.commune.trying(SimpleNamespace(field_policies=edited_addresses)))
    simon, other = await family_with_password(town), await family_with_password(town, "AUTRE")
    logins = []
    for parent, address in (
        (simon, "durand.simon@live.fr"),
        (other, "durand.simon@free.fr"),
        (simon, "durand.simon@example.org"),
    ):
        parent = await signed_in(town, (await account_of(town, parent)).email, PASSWORD)
        for mail in (await asked(town, parent, address)).values():
            if mail.recipient in (parent.viewer.email, address) and address in mail.body:
                await confirmed(town, mail)
        logins.append((await account_of(town, parent)).login)
    assert logins == ["durand.simon", "durand.simon2", "durand.simon"]


async def account_of(town: Town, signed: Signed) -> Account:
    """The account of somebody, as it is now."""
    with town.at_work():
        return await Account.get(id=signed.viewer.account_id)


async def test_a_login_given_by_the_service_stays(mesnil: Town) -> None:
    parent = await family_with_password(mesnil)
    for mail in (await asked(mesnil, parent)).values():
        await confirmed(mesnil, mail)
    assert (await account_of(mesnil, parent)).login == parent.viewer.login


async def test_an_address_that_opens_another_account_gets_the_truth_by_mail_and_changes_nothing(mesnil: Town) -> None:
    parent, other = await family_with_password(mesnil), await family_with_password(mesnil, "AUTRE")
    mails = await asked(mesnil, parent, other.viewer.email)
    assert set(mails) == {parent.viewer.email}
    (truth,) = await mesnil.mails("already-open")
    assert (truth.recipient, other.viewer.login in truth.body) == (other.viewer.email, True)
    assert not await confirmed(mesnil, mails[parent.viewer.email])


async def test_a_link_works_once_in_time_and_only_the_last_ones(mesnil: Town) -> None:
    parent = await family_with_password(mesnil)
    former = await asked(mesnil, parent, "autre@example.org")
    latter = await asked(mesnil, parent)
    with refused(Code.LINK_INVALID) as replaced:
        await confirmed(mesnil, former["autre@example.org"])
    await confirmed(mesnil, latter[NEW])
    with refused(Code.LINK_INVALID) as used:
        await confirmed(mesnil, latter[NEW])
    mesnil.later(hours=2)
    with refused(Code.LINK_INVALID) as late:
        await confirmed(mesnil, latter[parent.viewer.email])
    assert {caught.value.message for caught in (replaced, used, late)} == {
        "Ce lien n'est plus valable : il a déjà servi, il a expiré ou il est incomplet. Demandez de nouveau le "
        "changement depuis votre espace, ou écrivez à enfance-education@lemesnilsaintdenis.fr."
    }


async def test_an_address_taken_meanwhile_is_refused_and_the_old_one_stays(mesnil: Town) -> None:
    parent = await family_with_password(mesnil)
    mails = await asked(mesnil, parent)
    await confirmed(mesnil, mails[NEW])
    other = await family_with_password(mesnil, "AUTRE")
    with mesnil.at_work():
        await Account.filter(id=other.viewer.account_id).update(email=NEW)
    with refused(Code.STATE_CONFLICT):
        await confirmed(mesnil, mails[parent.viewer.email])
    assert (await signed_in(mesnil, parent.viewer.email, PASSWORD)).viewer.email == parent.viewer.email


async def test_links_that_wait_in_the_old_mailbox_stop_working(mesnil: Town) -> None:
    parent = await family_with_password(mesnil)
    with mesnil.at_work() as ctx:
        await send_recovery(ctx, parent.viewer.email)
    (reset,) = await mesnil.mails("reset")
    for mail in (await asked(mesnil, parent)).values():
        await confirmed(mesnil, mail)
    with mesnil.at_work() as ctx, refused(Code.LINK_INVALID):
        await reset_password(ctx, link_of(reset), "Retrouve-2026-Soleil")


async def test_what_cannot_be_asked_is_refused_with_what_to_do(mesnil: Town, chavagne: Town, epagny: Town) -> None:
    parent = await family_with_password(mesnil)
    with mesnil.asked_by(parent) as ctx:
        with refused(Code.CREDENTIALS_INVALID):
            await ask_email_change(ctx, NEW, "guess")
        for email in ("sans-arobase", parent.viewer.email.upper()):
            with refused(Code.INVALID):
                await ask_email_change(ctx, email, PASSWORD)
    crib = await family_with_password(epagny, "CRÈCHE", "petite-enfance")
    with epagny.asked_by(crib) as ctx, refused(Code.FEATURE_CLOSED) as closed:
        await ask_email_change(ctx, NEW, PASSWORD)
    assert closed.value.facts == {"contact": "picketplume@epagnymetztesy.fr"}
    shown = await family_with_password(chavagne)
    with chavagne.asked_by(shown) as ctx, refused(Code.FIELD_NOT_EDITABLE) as kept:
        await ask_email_change(ctx, NEW, PASSWORD)
    assert kept.value.facts == {"contact": "portail.familles@chavagne.fr"}


async def test_agents_change_theirs_too(chavagne: Town) -> None:
    agent = await add_agent(chavagne)
    with chavagne.at_work():
        await Account.filter(id=agent.viewer.account_id).update(
            password_hash=await chavagne.ports.passwords.hash(PASSWORD)
        )
    for mail in (await asked(chavagne, agent)).values():
        await confirmed(chavagne, mail)
    assert (await signed_in(chavagne, NEW, PASSWORD)).viewer.account_id == agent.viewer.account_id
