"""The yearly file (« dossier administratif ») of a child."""

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
    answers = fields.TextField(default="", db_default="")  # sealed: health is in it
    version = fields.IntField(default=0, db_default=0)  # grows at each save: two devices lose nothing silently
    saved_at = fields.DatetimeField(null=True)
    saved_by = fields.UUIDField(null=True)
    request_id = fields.UUIDField(null=True)

    class Meta:
        table = "dossier"
        manager = ScopedManager()
        unique_together = (("household_id", "child_id", "school_year"),)


class PieceState(Enum):
    """What the service thinks of a piece of a file."""

    GIVEN = "GIVEN"
    ACCEPTED = "ACCEPTED"
    ASKED = "ASKED"  # missing, unreadable or out of date: the reason says which


class DossierPiece(Row):
    """A document of the vault used in a file, or one that the service asked for."""

    dossier: fields.ForeignKeyRelation[Dossier] = fields.ForeignKeyField(
        "models.Dossier", related_name=None, db_index=True
    )
    dossier_id: UUID
    household_id = fields.UUIDField()
    code = fields.CharField(max_length=60)
    document_id = fields.UUIDField(null=True)
    state = fields.CharEnumField(PieceState, max_length=8, default=PieceState.GIVEN)
    reason = fields.CharField(max_length=500, default="")

    class Meta:
        table = "dossier_piece"
        manager = ScopedManager()
        unique_together = (("dossier_id", "code"),)


class ConsentGiven(Row):
    """Proof that a person said yes or no to one version of a text about a child: never changed, never deleted."""

    household_id = fields.UUIDField(db_index=True)
    child_id = fields.UUIDField(null=True)
    person_id = fields.UUIDField(null=True)  # whom it is about, for what is asked of each person
    account_id = fields.UUIDField()
    code = fields.CharField(max_length=40)
    version = fields.CharField(max_length=40)
    granted = fields.BooleanField()
    at = fields.DatetimeField()

    class Meta:
        table = "consent_given"
        manager = ScopedManager()


class DossierReading(Row):
    """Proof of which agent read the answers of a file and when, health included: never changed, never deleted."""

    dossier: fields.ForeignKeyRelation[Dossier] = fields.ForeignKeyField(
        "models.Dossier", related_name=None, db_index=True
    )
    dossier_id: UUID
    household_id = fields.UUIDField()
    account_id = fields.UUIDField()
    at = fields.DatetimeField()

    class Meta:
        table = "dossier_reading"
        manager = ScopedManager()
