"""Anybody opens an account, where the commune allows it; the answer never tells whether the address is known."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from plugins import hookspecs
from plugins.rules.accounts import Opening
from resolvers.access.accounts import invite_again, new_account, send_activation, well_written
from resolvers.access.recovery import send_recovery, tell_it_is_open
from resolvers.access.tokens import fingerprint
from resolvers.context import Context
from resolvers.errors import Code, Refusals, Refused
from resolvers.models import Account, Person
from resolvers.models.effects import EffectKind
from resolvers.models.tenancy import unit_of_work
from resolvers.outbox import enqueue

ONCE_EVERY = 300  # seconds: asking again meanwhile sends nothing more
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who asks for an account: names and an address to write to, as typed."""

    first_name: str
    last_name: str
    email: str


@unit_of_work
async def create_account(ctx: Context, newcomer: Newcomer) -> None:
    """Ask for an account. What follows goes by mail, and costs as much whether the address is known or not.

    Refused: FEATURE_CLOSED with the commune's own sentence, and BLANK or INVALID for each field at fault, all at once.
    """
    openings = ctx.commune.ask(hookspecs.account_openings)
    if not (openings.allows(Opening.SELF_SIGN_UP) or openings.allows(Opening.SERVICE_KEY)):
        contact = ctx.commune.identity.services[0].mailbox
        raise Refused(Code.FEATURE_CLOSED, openings.contact, contact=contact)
    email = _checked(ctx, newcomer)
    names = {"first_name": newcomer.first_name.strip(), "last_name": newcomer.last_name.strip()}
    key = f"sign-up:{fingerprint(email)}:{int(ctx.now.timestamp()) // ONCE_EVERY}"
    await enqueue(EffectKind.ACCOUNT_RECOVERY, key, {"identifier": email, **names}, ctx.ports, ctx.now)


def _checked(ctx: Context, newcomer: Newcomer) -> str:
    """The address in the form accounts are compared; every field at fault is told."""
    names = (("firstName", "prénom", newcomer.first_name), ("lastName", "nom", newcomer.last_name))
    refusals = [_refused_name(field, label, typed) for field, label, typed in names if not _is_name(typed)]
    try:
        email = well_written(newcomer.email, "email")
    except Refused as refusal:
        refusals.append(refusal)
    if refusals:
        raise Refusals(refusals)
    return ctx.commune.ask(hookspecs.login_identifier).normalise(email)


def _is_name(typed: str) -> bool:
    """True for what may stand in a mail to an address that nobody has proven yet: no link, no sentence."""
    name = unicodedata.normalize("NFC", typed.strip())
    return 1 <= len(name) <= LONGEST_NAME and all(letter.isalnum() or letter in " -'’" for letter in name)


def _refused_name(field: str, label: str, typed: str) -> Refused:
    if not typed.strip():
        return Refused(Code.BLANK, f"Indiquez votre {label}.", field=(field,))
    return Refused(
        Code.INVALID,
        f"Écrivez votre {label} en {LONGEST_NAME} caractères au plus : lettres, chiffres, espaces, traits d'union et "
        "apostrophes.",
        field=(field,),
    )


async def send_way_in(ctx: Context, asked: Mapping[str, str]) -> None:
    """Do by mail what somebody asked for: a way back in, or, with names, a first account."""
    if "first_name" in asked:
        await _open_or_tell(ctx, Newcomer(asked["first_name"], asked["last_name"], asked["identifier"]))
    else:
        await send_recovery(ctx, asked["identifier"])


@unit_of_work
async def _open_or_tell(ctx: Context, newcomer: Newcomer) -> None:
    account = await Account.filter(email=newcomer.email).first()
    if account is None:
        person = await Person.create(first_name=newcomer.first_name, last_name=newcomer.last_name, email=newcomer.email)
        account = await new_account(ctx, person, newcomer.email)
        await send_activation(ctx, account, person, None)
    elif account.activated_at is None:
        await invite_again(ctx, account)
    else:
        await tell_it_is_open(ctx, account)
