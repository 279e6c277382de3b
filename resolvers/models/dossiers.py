"""The yearly file (« dossier administratif ») of a child."""

from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from tortoise import fields

from resolvers.models.base import Row
from resolvers.models.scope import ScopedManager


class DossierState(Enum):
    """Where a yearly file stands."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"


class Dossier(Row):
    """One child's file for one school year, kept by one household."""

    household_id: UUID = fields.UUIDField()
    child_id: UUID = fields.UUIDField(db_index=True)
    school_year: int = fields.IntField()
    state: DossierState = fields.CharEnumField(DossierState, max_length=10, default=DossierState.DRAFT)
    consents: dict[str, Any] = fields.JSONField[dict[str, Any]](default=dict)
    submitted_at: datetime | None = fields.DatetimeField(null=True)
    decided_at: datetime | None = fields.DatetimeField(null=True)
    decided_by: UUID | None = fields.UUIDField(null=True)
    reason: str = fields.TextField(default="")
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "dossier"
        manager = ScopedManager()
        unique_together = (("household_id", "child_id", "school_year"),)
