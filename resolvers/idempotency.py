"""The same request twice gets the same answer once: keys that clients put on what creates or pays."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from resolvers.context import Context
from resolvers.errors import Code, Refused
from resolvers.models import IdempotentAnswer
from resolvers.models.tenancy import current_commune


def _digest(value: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


async def recall(ctx: Context, mutation: str, key: str | None, asked: Mapping[str, Any]) -> dict[str, Any] | None:
    """The answer already given to this key, if any.

    Refused: IDEMPOTENCY_KEY_REUSED when the key was used with another input, INVALID when it is too long.
    """
    if key is None:
        return None
    if not 1 <= len(key) <= 100:
        raise Refused(Code.INVALID, "La clé d'idempotence fait de 1 à 100 caractères.", field=("idempotencyKey",))
    row = await IdempotentAnswer.get_or_none(account_id=ctx.viewer.account_id, mutation=mutation, key=key)
    if row is None:
        return None
    if row.input_hash != _digest(asked):
        raise Refused(
            Code.IDEMPOTENCY_KEY_REUSED,
            "Cette clé a déjà servi pour une autre demande : utilisez une nouvelle clé.",
            field=("idempotencyKey",),
        )
    return row.answer


async def remember(
    ctx: Context, mutation: str, key: str | None, asked: Mapping[str, Any], answer: Mapping[str, Any]
) -> None:
    """Keep the answer in the transaction that produced it.

    Of two requests with one key that run together the second one gets the first one's answer where :func:`recall` is
    called behind a lock that both take. Elsewhere it is refused (STATE_CONFLICT) and changes nothing: asked again, it
    gets that answer.
    """
    if key is None:
        return
    try:
        async with in_transaction(current_commune.get()):  # a savepoint: the caller may still refuse in good order
            await IdempotentAnswer.create(
                account_id=ctx.viewer.account_id,
                mutation=mutation,
                key=key,
                input_hash=_digest(asked),
                answer=dict(answer),
                created_at=ctx.now,
            )
    except IntegrityError as error:
        raise Refused(
            Code.STATE_CONFLICT, "La même demande est en cours de traitement : réessayez dans un instant."
        ) from error
