"""What could not be done outside yet (mails, bank polls), for agents."""

from datetime import datetime

import strawberry

from resolvers import outbox
from resolvers.context import Context
from resolvers.errors import not_found
from resolvers.models import Effect
from schema.payloads import Payload
from schema.relay import Node, global_id, parse_uuid


@strawberry.type(description="A mail, a bank poll or other work of the portal that has failed at least once.")
class StuckEffect(Node):
    """See ``resolvers.models.effects.Effect``; its contents are never shown."""

    kind: str = strawberry.field(
        description="What had to be done: MAIL, PAYMENT_POLL, ACCOUNT_RECOVERY, PLACES or INVOICE_RUN."
    )
    attempts: int = strawberry.field(description="How many times it was tried.")
    error: str = strawberry.field(description="What went wrong the last time.")
    next_attempt_at: datetime | None = strawberry.field(description="Null when it was set aside.")
    created_at: datetime = strawberry.field(description="When it was decided.")

    @classmethod
    def of(cls, row: Effect) -> "StuckEffect":
        """The effect as agents see it."""
        return cls(
            id=global_id("StuckEffect", row.id),
            kind=row.kind.value,
            attempts=row.attempts,
            error=row.error,
            next_attempt_at=None if row.dead_at else row.run_at,
            created_at=row.created_at,
        )


async def stuck() -> list[StuckEffect]:
    """The hundred oldest."""
    return [StuckEffect.of(row) for row in await outbox.stuck()]


@strawberry.input(description="Input of `effectRetry`.")
class EffectRetryInput:
    """An effect to do again."""

    id: strawberry.ID = strawberry.field(description="The effect.")


@strawberry.type(description="Answer of `effectRetry`.")
class EffectRetryPayload(Payload):
    """It will be tried again at once."""

    id: strawberry.ID | None = strawberry.field(description="The effect; null when refused.", default=None)


async def retry(ctx: Context, input: EffectRetryInput) -> EffectRetryPayload:
    """Try an effect again."""
    key = parse_uuid(input.id, "StuckEffect")
    if key is None or not await outbox.retry(key, ctx.now):
        raise not_found("Envoi", "id")
    return EffectRetryPayload(id=input.id)
