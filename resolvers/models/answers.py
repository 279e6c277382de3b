"""Answers kept so that a repeated request gets the same one."""

from typing import Any

from tortoise import fields
from tortoise.indexes import Index

from resolvers.models.base import Row


class IdempotentAnswer(Row):
    """The answer given to a mutation under a key, so that a repeated request gets the same one."""

    account_id = fields.UUIDField()
    mutation = fields.CharField(max_length=60)
    key = fields.CharField(max_length=100)
    input_hash = fields.CharField(max_length=64)
    answer = fields.JSONField[dict[str, Any]](default=dict)
    created_at = fields.DatetimeField()

    class Meta:
        table = "idempotent_answer"
        unique_together = (("account_id", "mutation", "key"),)
        indexes = (Index(fields=("created_at",)),)
