"""Service keys « clés enfance »: an agent gives one to a family, and it links a household to the account that types it.

A key belongs to one representative of one household. It works once, until it expires, and only its mark is kept.
"""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from plugins import hookspecs
from plugins.rules.accounts import Opening
from plugins.rules.service_keys import draw_key, read_key
from resolvers.access.brakes import Brakes
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.models import Account, Membership, OneTimeLink, Person, ServiceKey
from resolvers.models.households import Role
from resolvers.models.scope import everything_in_sight
from resolvers.models.tenancy import unit_of_work

T = TypeVar("T")
REPRESENTATIVES = (Role.REPRESENTATIVE, Role.CO_REPRESENTATIVE)


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A key as it is told, which exists in clear only here, and its last instant."""

    key: str
    expires_at: datetime


@unit_of_work
async def issue_service_key(ctx: Context, household_id: UUID, person_id: UUID) -> IssuedKey:
    """Make a key for a representative who has no account in use yet; the former ones of that person stop working.

    Refused: FEATURE_CLOSED where the commune gives no keys, NOT_FOUND, STATE_CONFLICT when the person signs in already.
    """
    openings = ctx.commune.ask(hookspecs.account_openings)
    if not openings.allows(Opening.SERVICE_KEY):
        raise Refused(Code.FEATURE_CLOSED, "La commune n'ouvre pas de compte par une clé : envoyez une invitation.")
    link = await Membership.get_or_none(household_id=household_id, person_id=person_id, role__in=list(REPRESENTATIVES))
    if link is None:
        raise not_found("Représentant", "personId")
    if await Account.filter(person_id=person_id, activated_at__isnull=False).exists():
        raise Refused(
            Code.STATE_CONFLICT, "Cette personne a déjà un compte : elle n'a pas besoin de clé.", field=("personId",)
        )
    await ServiceKey.filter(person_id=person_id, used_at__isnull=True).update(used_at=ctx.now)
    key = draw_key(secrets.choice)
    row = await ServiceKey.create(
        household_id=household_id,
        person_id=person_id,
        key_hash=ctx.ports.sealer.marks(key)[0],
        created_by=ctx.viewer.account_id,
        created_at=ctx.now,
        expires_at=ctx.now + timedelta(hours=openings.link_valid_hours),
    )
    return IssuedKey(key, row.expires_at)


async def use_service_key(ctx: Context, typed: str) -> UUID:
    """Link the viewer's account to the household of a key; returns the household.

    Refused: KEY_INVALID, the same for an unknown, a used and an expired key; THROTTLED after repeated failures.
    """
    return await braked(ctx, f"key:{ctx.viewer.account_id}", lambda: _use(ctx, typed))


@unit_of_work
async def _use(ctx: Context, typed: str) -> UUID:
    return await spend_key(ctx, typed, await Account.get(id=ctx.viewer.account_id))


async def braked(ctx: Context, name: str, work: Callable[[], Awaitable[T]]) -> T:
    """Do some work that tries a key: a wrong one counts as a failed sign-in under this name and this address."""
    brakes = Brakes.of(ctx, name, None)
    try:
        await brakes.refuse_or_hold(ctx.now, "demandez une nouvelle clé au service")
        return await work()
    except Refused as refusal:
        if refusal.code is Code.KEY_INVALID:
            await brakes.count_failure(ctx.now)
        raise


async def spend_key(ctx: Context, typed: str, account: Account) -> UUID:
    """Spend a key in the current transaction and link its household to an account. Refused: KEY_INVALID."""
    with everything_in_sight():  # the key is the proof: an agent gave it
        key = await _live_key(ctx, typed)
        if key is None or not await ServiceKey.filter(id=key.id, used_at__isnull=True).update(used_at=ctx.now):
            raise _key_invalid(ctx)
        represents = await Membership.get_or_none(household_id=key.household_id, person_id=key.person_id)
        if represents is None or not await _make_room(key.person_id, account):
            raise _key_invalid(ctx)
        await _join(account, represents)
    return key.household_id


async def _live_key(ctx: Context, typed: str) -> ServiceKey | None:
    marks = ctx.ports.sealer.marks(read_key(typed) or "")
    return await ServiceKey.filter(key_hash__in=list(marks), used_at__isnull=True, expires_at__gt=ctx.now).first()


async def _make_room(person_id: UUID, account: Account) -> bool:
    """Drop the invitation that the representative never answered; False when their own account is in use."""
    for other in await Account.filter(person_id=person_id).exclude(id=account.id):
        if other.activated_at is not None:
            return False
        await OneTimeLink.filter(account_id=other.id).delete()
        await other.delete()
    return True


async def _join(account: Account, represents: Membership) -> None:
    """Have an account act for a representative: as that person, or beside them when it has a household already."""
    newcomer = account.person_id
    if newcomer == represents.person_id:
        return
    if await Membership.filter(person_id=newcomer).exists():
        rights = {"sees": represents.sees, "books": represents.books, "pays": represents.pays}
        await Membership.update_or_create(
            {"role": represents.role, **rights}, household_id=represents.household_id, person_id=newcomer
        )
        return
    await Account.filter(id=account.id).update(person_id=represents.person_id)
    await Person.filter(id=represents.person_id).update(email=account.email)
    await Person.filter(id=newcomer).delete()  # what was typed to sign up: the service knew this person already


def _key_invalid(ctx: Context) -> Refused:
    return Refused(
        Code.KEY_INVALID,
        "Cette clé n'est pas valable : elle est mal recopiée, elle a déjà servi ou elle a expiré. Demandez-en une "
        f"autre au service. {ctx.commune.ask(hookspecs.account_openings).contact}",
        field=("serviceKey",),
        contact=ctx.commune.identity.services[0].mailbox,
    )
