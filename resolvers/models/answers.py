"""Answers kept so that a repeated request gets the same one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from resolvers.models.base import Row


class IdempotentAnswer(Row):
    """The answer given to a mutation under a key, so that a repeated request gets the same one."""

    account_id: UUID = fields.UUIDField()
    mutation: str = fields.CharField(max_length=60)
    key: str = fields.CharField(max_length=100)
    input_hash: str = fields.CharField(max_length=64)
    answer: dict[str, Any] = fields.JSONField[dict[str, Any]](default=dict)
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "idempotent_answer"
        unique_together = (("account_id", "mutation", "key"),)
        indexes = (Index(fields=("created_at",)),)
