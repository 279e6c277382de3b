"""Families open an account alone or choose their password behind a link; an address never tells whether it is known."""

import re

import pytest

from gateway.database import Databases
from plugins import hookspecs
from resolvers.access.accounts import Activation, activate
from resolvers.access.recovery import request_password_reset, reset_password
from resolvers.access.sign_up import Newcomer, create_account
from resolvers.context import Step
from resolvers.errors import Code, Refusals
from resolvers.models import Account, Person
from resolvers.models.scope import Scope
from resolvers.ports import Mail
from tests.newcomers import PASSWORD, active, invited, link_of, new_person, password_of, signed_in, ways_in_sent
from tests.refusals import refused
from tests.towns import Town, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

TEST2 = Newcomer("Test2", "TEST2", "Test2.TEST2@example.org")


@pytest.fixture
def chailles(databases: Databases) -> Town:
    """Families receive a link with a code, bound to their e-mail."""
    return Town.called("chailles")


def address_of(mail: Mail) -> tuple[str, str]:
    """The code and the e-mail in the link of a mail."""
    found = re.search(r"/activation\?token=([\w-]+)&email=(\S+)", mail.body)
    assert found is not None, mail.body
    return found[1], found[2].replace("%40", "@")


async def asks(town: Town, newcomer: Newcomer = TEST2) -> None:
    """Ask for an account, and let the worker answer."""
    with town.at_work() as ctx:
        await create_account(ctx, newcomer)
    assert await ways_in_sent(town) == 1


async def test_a_family_nobody_knows_opens_its_account_and_sees_no_household(melle: Town) -> None:
    await asks(melle)
    (mail,) = await melle.mails("activation")
    assert (mail.recipient, mail.subject) == (
        "test2.test2@example.org",
        "Mellois en Poitou : ouvrez votre espace famille",
    )
    assert "Bonjour Test2," in mail.body and "Votre identifiant : t.test" in mail.body
    code, email = address_of(mail)
    with melle.at_work() as ctx:
        assert await activate(ctx, Activation(code, email=email, password="chouette8")) == "t.test"
    parent = await signed_in(melle, "test2.test2@example.org", "chouette8")
    assert (parent.viewer.first_name, parent.viewer.steps, parent.viewer.households) == (
        "Test2",
        (Step.ACCEPT_TERMS,),
        {},
    )
    assert parent.viewer.person_id is not None
    assert parent.scope == Scope(persons=frozenset({parent.viewer.person_id}))


async def test_a_known_address_gets_the_same_answer_and_a_mail_that_tells_the_truth(melle: Town) -> None:
    parent = await active(melle, "test2.test2@example.org")
    await asks(melle)
    (mail,) = await melle.mails("already-open")
    assert (mail.recipient, mail.subject) == (
        "test2.test2@example.org",
        "Mellois en Poitou : vous avez déjà un espace famille",
    )
    assert f"Votre identifiant : {parent.viewer.login}" in mail.body
    with melle.at_work() as ctx:
        assert await Account.all().count() == 1
        assert await reset_password(ctx, link_of(mail), "Retrouve-2026") == parent.viewer.login


async def test_who_was_invited_already_has_one_more_way_in_and_who_asks_twice_too(melle: Town) -> None:
    person = await new_person(melle, email="invited@example.org")
    first = await invited(melle, person)
    await asks(melle, Newcomer("Élodie", "DURAND", "invited@example.org"))
    again = address_of((await melle.mails("activation"))[-1])
    assert again[1] == "invited@example.org"
    with melle.at_work() as ctx:
        await activate(ctx, Activation(link_of(first)))  # whoever typed the address took nothing away
    await signed_in(melle, "invited@example.org", password_of(first))
    await asks(melle)
    melle.later(minutes=5)
    await asks(melle)
    (former, latter) = [address_of(mail) for mail in (await melle.mails("activation"))[-2:]]
    with melle.at_work() as ctx:
        await activate(ctx, Activation(former[0], email=former[1], password="chouette8"))
        with refused(Code.LINK_INVALID):
            await activate(ctx, Activation(latter[0], email=latter[1], password="chouette8"))
        assert await Account.all().count() == 2


async def test_asking_ten_times_in_a_minute_sends_one_mail(melle: Town) -> None:
    with melle.at_work() as ctx:
        for _ in range(10):
            await create_account(ctx, TEST2)
    assert await ways_in_sent(melle) == 1


@pytest.mark.parametrize("email", ["known@example.org", "nobody@example.org"])
async def test_a_known_address_costs_the_same_statements_as_an_unknown_one(melle: Town, email: str) -> None:
    await active(melle, "known@example.org")
    with melle.at_work() as ctx, statements() as sent:
        await create_account(ctx, Newcomer("Test2", "TEST2", email))
    assert len(sent) == 1


async def test_every_field_at_fault_is_told_at_once(melle: Town) -> None:
    with melle.at_work() as ctx, pytest.raises(Refusals) as caught:
        await create_account(ctx, Newcomer(" ", "Gagnez sur http://x.org", "sans-arobase"))
    assert [(each.code, each.field) for each in caught.value.refusals] == [
        (Code.BLANK, ("firstName",)),
        (Code.INVALID, ("lastName",)),
        (Code.INVALID, ("email",)),
    ]


@pytest.mark.parametrize("name", ["N'Guyen", "Jean-Élie", "De la Tour", "D’Arc", "O" * 80])
async def test_the_names_of_people_are_accepted(melle: Town, name: str) -> None:
    await asks(melle, Newcomer(name, name, "somebody@example.org"))


@pytest.mark.parametrize("slug", ["chavagne", "chailles", "epagny"])
async def test_elsewhere_the_commune_says_in_its_own_words_whom_to_ask(databases: Databases, slug: str) -> None:
    town = Town.called(slug)
    with town.at_work() as ctx, refused(Code.FEATURE_CLOSED) as closed:
        await create_account(ctx, TEST2)
    assert closed.value.message == town.commune.ask(hookspecs.account_openings).contact
    assert closed.value.facts == {"contact": town.commune.identity.services[0].mailbox}


async def test_in_chailles_the_code_opens_with_its_own_e_mail_and_a_chosen_password(chailles: Town) -> None:
    mail = await invited(chailles, await new_person(chailles, "Marc", "mpersonnazjob@example.org"))
    assert mail.subject == "Adhésion à un service de Chailles"
    code, email = address_of(mail)
    assert email == "mpersonnazjob@example.org"
    with chailles.at_work() as ctx:
        for other in ("", "another@example.org"):
            with refused(Code.LINK_INVALID):
                await activate(ctx, Activation(code, email=other, password=PASSWORD))
        with refused(Code.BLANK) as blank:
            await activate(ctx, Activation(code, email=email))
        with refused(Code.PASSWORD_TOO_WEAK):
            await activate(ctx, Activation(code, email=email, password="Mpersonnazjob@example.org"))
        assert await activate(ctx, Activation(code, email=" MPersonnazJob@example.org", password=PASSWORD)) == email
        with refused(Code.LINK_INVALID):
            await activate(ctx, Activation(code, email=email, password=PASSWORD))
    assert blank.value.field == ("newPassword",)
    (created,) = await chailles.mails("created:")
    assert (created.recipient, created.subject) == (email, "Votre compte espace famille a bien été créé")
    assert (await signed_in(chailles, email, PASSWORD)).viewer.steps == (Step.ACCEPT_TERMS,)


async def test_a_code_that_was_lost_is_sent_again_to_the_address_of_now(chailles: Town) -> None:
    person = await new_person(chailles, email="mistyped@example.org")
    await invited(chailles, person)
    with chailles.at_work() as ctx:
        await Person.filter(id=person.id).update(email="marc@example.org")
        await request_password_reset(ctx, "mistyped@example.org")
    assert await ways_in_sent(chailles) == 1
    mail = (await chailles.mails("activation"))[-1]
    assert (mail.recipient, address_of(mail)[1]) == ("marc@example.org", "marc@example.org")


async def test_a_password_chosen_with_the_link_replaces_the_one_in_the_mail(melle: Town) -> None:
    mail = await invited(melle, await new_person(melle, "Clémence", "c.temp@example.org"))
    with melle.at_work() as ctx:
        login = await activate(ctx, Activation(link_of(mail), password="chouette8"))
    with refused(Code.CREDENTIALS_INVALID):
        await signed_in(melle, login, password_of(mail))
    assert (await signed_in(melle, login, "chouette8")).viewer.steps == (Step.ACCEPT_TERMS,)
    assert await melle.mails("created:") == []
