"""What must happen outside, decided inside: effects are rows of the business transaction, done later by a worker.

An effect has a key: writing it twice is harmless. It is leased while a worker does it, tried again with growing delays,
and set aside (« dead ») after the last attempt, where an agent sees it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tortoise.expressions import Q

from plugins import hookspecs
from plugins.communes import Commune
from plugins.rules.wording import Message
from resolvers.models import Effect
from resolvers.models.effects import EffectKind
from resolvers.models.tenancy import unit_of_work
from resolvers.ports import Mail, Ports

LEASE = timedelta(minutes=2)
DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who a message goes to."""

    email: str
    first_name: str
    full_name: str = ""  # with the « civilité », where the commune greets so


async def enqueue(kind: EffectKind, key: str, payload: Mapping[str, Any], ports: Ports, run_at: datetime) -> None:
    """Write an effect in the current transaction; a second one with the same key changes nothing."""
    await enqueue_all([_effect(kind, key, payload, ports, run_at)])


async def enqueue_all(effects: Sequence[Effect]) -> None:
    """Write effects in one statement of the current transaction; those whose key is known change nothing."""
    if effects:
        await Effect.bulk_create(effects, ignore_conflicts=True)


def _effect(kind: EffectKind, key: str, payload: Mapping[str, Any], ports: Ports, run_at: datetime) -> Effect:
    sealed = ports.sealer.seal(json.dumps(dict(payload), ensure_ascii=False))
    return Effect(kind=kind, key=key, payload=sealed, run_at=run_at, created_at=run_at)


async def enqueue_mail(
    commune: Commune,
    ports: Ports,
    now: datetime,
    message: Message,
    to: Addressee,
    *,
    key: str,
    service: str | None = None,
    **values: str,
) -> None:
    """Write a mail in the commune's words. ``service`` names the service that signs it (the first one by default)."""
    await enqueue_all([mail_effect(commune, ports, now, message, to, key=key, service=service, **values)])


def mail_key(key: str) -> str:
    """The key of the effect that sends the mail of this key."""
    return f"mail:{key}"


def mail_effect(
    commune: Commune,
    ports: Ports,
    now: datetime,
    message: Message,
    to: Addressee,
    *,
    key: str,
    service: str | None = None,
    **values: str,
) -> Effect:
    """A mail in the commune's words, to be written with :func:`enqueue_all`."""
    identity = commune.identity
    signed_by = identity.service(service) if service else identity.services[0]
    subject, body = commune.ask(hookspecs.wording, message=message).fill(
        commune=identity.name,
        first_name=to.first_name,
        addressee=to.full_name or to.first_name,
        service=signed_by.label,
        mailbox=signed_by.mailbox,
        **values,
    )
    mail = {
        "sender": identity.author,
        "recipient": to.email,
        "subject": subject,
        "body": body,
        "reply_to": signed_by.mailbox,
    }
    return _effect(EffectKind.MAIL, mail_key(key), mail, ports, now)


@unit_of_work
async def claim(now: datetime, limit: int = 20) -> list[Effect]:
    """Lease the effects that are due; nobody else gets them until the lease ends."""
    due = (
        await Effect.filter(Q(leased_until__isnull=True) | Q(leased_until__lt=now), done_at__isnull=True)
        .filter(dead_at__isnull=True, run_at__lte=now)
        .order_by("run_at")
        .limit(limit)
        .select_for_update(skip_locked=True)
    )
    for effect in due:
        effect.leased_until = now + LEASE
    if due:
        await Effect.filter(id__in=[effect.id for effect in due]).update(leased_until=now + LEASE)
    return due


@unit_of_work
async def renew(effect: Effect, now: datetime) -> bool:
    """Take the lease again just before doing the effect; False when it was lost to another worker meanwhile."""
    held = Effect.filter(id=effect.id, leased_until=effect.leased_until, done_at__isnull=True)
    return bool(await held.update(leased_until=now + LEASE))


def opened(effect: Effect, ports: Ports) -> dict[str, Any]:
    """The payload of an effect, in clear."""
    return dict(json.loads(ports.sealer.unseal(effect.payload)))


def mail_of(effect: Effect, ports: Ports) -> Mail:
    """The mail an effect asks to send."""
    return Mail(key=str(effect.id), **opened(effect, ports))


@unit_of_work
async def done(effect_id: UUID, now: datetime) -> None:
    """The effect happened: forget its contents."""
    await Effect.filter(id=effect_id).update(done_at=now, payload="", leased_until=None, error="")


@unit_of_work
async def failed(effect: Effect, now: datetime, error: str, *, final: bool = False) -> None:
    """The effect did not happen: try again later, or set it aside when it never will."""
    attempts = effect.attempts + 1
    if final or attempts > len(DELAYS):
        await Effect.filter(id=effect.id).update(dead_at=now, attempts=attempts, error=error[:300], leased_until=None)
        return
    await Effect.filter(id=effect.id).update(
        run_at=now + DELAYS[attempts - 1], attempts=attempts, error=error[:300], leased_until=None
    )


async def stuck(limit: int = 100) -> list[Effect]:
    """The effects that were set aside or keep failing, oldest first: what an agent has to look at."""
    return (
        await Effect.filter(Q(dead_at__not_isnull=True) | Q(attempts__gt=0), done_at__isnull=True)
        .order_by("created_at", "id")
        .limit(limit)
    )


@unit_of_work
async def retry(effect_id: UUID, now: datetime) -> bool:
    """Have an effect that was set aside done again now; False when there is no such effect."""
    return bool(
        await Effect.filter(id=effect_id, done_at__isnull=True).update(
            dead_at=None, attempts=0, run_at=now, leased_until=None
        )
    )
