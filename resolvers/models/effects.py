"""The outbox: what must happen outside, written in the transaction that decided it."""

from enum import Enum

from tortoise import fields
from tortoise.indexes import Index

from resolvers.models.base import Row


class EffectKind(Enum):
    """What has to be done."""

    MAIL = "MAIL"
    PAYMENT_POLL = "PAYMENT_POLL"  # ask the bank what became of an attempt
    ACCOUNT_RECOVERY = "ACCOUNT_RECOVERY"  # mail a way back in, if the account exists
    PLACES = "PLACES"  # give back what was held too long, and offer it to who waits
    INVOICE_RUN = "INVOICE_RUN"  # draw, or issue, the next batch of an invoice run


class Effect(Row):
    """One thing to do outside, once. ``payload`` is sealed and emptied when done."""

    kind = fields.CharEnumField(EffectKind, max_length=20)
    key = fields.CharField(max_length=120, unique=True)
    payload = fields.TextField(default="")
    run_at = fields.DatetimeField()
    attempts = fields.IntField(default=0)
    leased_until = fields.DatetimeField(null=True)
    done_at = fields.DatetimeField(null=True)
    dead_at = fields.DatetimeField(null=True)
    error = fields.CharField(max_length=300, default="")
    created_at = fields.DatetimeField()

    class Meta:
        table = "effect"
        indexes = (Index(fields=("done_at", "dead_at", "run_at")),)
