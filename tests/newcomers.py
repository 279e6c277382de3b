"""People who open an account: what their mails carry, and how they get in."""

import re

from plugins import hookspecs
from resolvers.access.accounts import Activation, accept_terms, activate, invite
from resolvers.access.passwords import change_password
from resolvers.access.sign_in import open_session
from resolvers.access.sign_up import send_way_in
from resolvers.models import Effect, Person
from resolvers.models.accounts import SessionKind
from resolvers.models.effects import EffectKind
from resolvers.outbox import opened
from resolvers.ports import Mail
from tests.towns import Signed, Town, recognise

PASSWORD = "Soleil-Levant-2026"


def link_of(mail: Mail) -> str:
    """The token of the link a mail carries."""
    found = re.search(r"\?token=([\w-]+)", mail.body)
    assert found is not None
    return found[1]


def password_of(mail: Mail) -> str:
    """The provisional password a mail carries."""
    found = re.search(r"[Mm]ot de passe(?: provisoire| temporaire)? : (\S+)", mail.body)
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
        login = await activate(ctx, Activation(link_of(mail)))
    first = await signed_in(town, login, password_of(mail))
    with town.asked_by(first) as ctx:
        await change_password(ctx, password_of(mail), password)
        await accept_terms(ctx, town.commune.ask(hookspecs.terms).version)
    return await signed_in(town, login, password)


async def ways_in_sent(town: Town) -> int:
    """Have the worker answer those who asked for a way in or back in; returns how many were waiting."""
    with town.at_work() as ctx:
        waiting = await Effect.filter(kind=EffectKind.ACCOUNT_RECOVERY)
        for effect in waiting:
            await send_way_in(ctx, opened(effect, town.ports))
        await Effect.filter(kind=EffectKind.ACCOUNT_RECOVERY).delete()
    return len(waiting)
