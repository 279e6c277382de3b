"""The yearly file (« dossier administratif ») of a child."""

from enum import Enum
from typing import Any

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

    household_id = fields.UUIDField()
    child_id = fields.UUIDField(db_index=True)
    school_year = fields.IntField()
    state = fields.CharEnumField(DossierState, max_length=10, default=DossierState.DRAFT)
    consents = fields.JSONField[dict[str, Any]](default=dict)
    submitted_at = fields.DatetimeField(null=True)
    decided_at = fields.DatetimeField(null=True)
    decided_by = fields.UUIDField(null=True)
    reason = fields.TextField(default="")
    created_at = fields.DatetimeField()

    class Meta:
        table = "dossier"
        manager = ScopedManager()
        unique_together = (("household_id", "child_id", "school_year"),)
