"""The household's documents: stored once, used in every procedure, sealed at rest, and their reading logged."""

from enum import Enum
from uuid import UUID

from tortoise import fields

from resolvers.models.base import Row
from resolvers.models.scope import ScopedManager


class DocumentState(Enum):
    """What the service thinks of a document."""

    RECEIVED = "RECEIVED"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"


class Document(Row):
    """A file of a household, for one child or for all. ``code`` is the required document it answers."""

    household_id = fields.UUIDField(db_index=True)
    child_id = fields.UUIDField(null=True)
    code = fields.CharField(max_length=60)
    file_name = fields.CharField(max_length=120)
    media_type = fields.CharField(max_length=40)
    size = fields.IntField()
    digest = fields.CharField(max_length=64)
    state = fields.CharEnumField(DocumentState, max_length=8, default=DocumentState.RECEIVED)
    reason = fields.CharField(max_length=500, default="")
    valid_until = fields.DateField(null=True)
    added_by = fields.UUIDField()
    added_at = fields.DatetimeField()
    decided_by = fields.UUIDField(null=True)
    decided_at = fields.DatetimeField(null=True)
    withdrawn_at = fields.DatetimeField(null=True)
    reminded_at = fields.DatetimeField(null=True)

    class Meta:
        table = "document"
        manager = ScopedManager()


class DocumentContent(Row):
    """The sealed bytes of a document, apart so that lists stay light."""

    document: fields.ForeignKeyRelation[Document] = fields.ForeignKeyField(
        "models.Document", related_name=None, unique=True
    )
    document_id: UUID
    household_id = fields.UUIDField()
    sealed = fields.BinaryField()

    class Meta:
        table = "document_content"
        manager = ScopedManager()


class DocumentReading(Row):
    """Proof of who opened a document and when: never changed, never deleted."""

    document: fields.ForeignKeyRelation[Document] = fields.ForeignKeyField(
        "models.Document", related_name=None, db_index=True
    )
    document_id: UUID
    household_id = fields.UUIDField()
    account_id = fields.UUIDField()
    at = fields.DatetimeField()

    class Meta:
        table = "document_reading"
        manager = ScopedManager()
