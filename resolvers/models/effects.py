"""The outbox: what must happen outside, written in the transaction that decided it."""

from datetime import datetime
from enum import Enum

from tortoise import fields
from tortoise.indexes import Index

from resolvers.models.base import Row


class EffectKind(Enum):
    """What has to be done."""

    MAIL = "MAIL"
    PAYMENT_POLL = "PAYMENT_POLL"  # ask the bank what became of an attempt
    ACCOUNT_RECOVERY = "ACCOUNT_RECOVERY"  # mail a way back in, if the account exists


class Effect(Row):
    """One thing to do outside, once. ``payload`` is sealed and emptied when done."""

    kind: EffectKind = fields.CharEnumField(EffectKind, max_length=20)
    key: str = fields.CharField(max_length=120, unique=True)
    payload: str = fields.TextField(default="")
    run_at: datetime = fields.DatetimeField()
    attempts: int = fields.IntField(default=0)
    leased_until: datetime | None = fields.DatetimeField(null=True)
    done_at: datetime | None = fields.DatetimeField(null=True)
    dead_at: datetime | None = fields.DatetimeField(null=True)
    error: str = fields.CharField(max_length=300, default="")
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "effect"
        indexes = (Index(fields=("done_at", "dead_at", "run_at")),)
