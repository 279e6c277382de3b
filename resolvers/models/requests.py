"""Requests « démarches »: everything a family asks of the service, with its state, its history and its messages."""

from enum import Enum
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from resolvers.models.base import Row
from resolvers.models.scope import ScopedManager


class RequestKind(Enum):
    """What a family asks."""

    HOUSEHOLD = "HOUSEHOLD"  # a household declared by a new family
    PARTICULARS = "PARTICULARS"  # a change of somebody's particulars
    ENTOURAGE = "ENTOURAGE"  # somebody added to the entourage
    CHILD = "CHILD"  # another child in the household
    DOSSIER = "DOSSIER"  # a child's yearly file
    ENROLMENT = "ENROLMENT"  # a child in an activity
    QUOTIENT = "QUOTIENT"  # a quotient familial declared
    DOCUMENT = "DOCUMENT"  # a document handed in apart from any other request
    E_INVOICE = "E_INVOICE"  # invoices online instead of paper
    DIRECT_DEBIT = "DIRECT_DEBIT"
    OTHER = "OTHER"  # a question to the service


class RequestState(Enum):
    """Where a request stands; ACCEPTED, REFUSED and CANCELLED are final."""

    DRAFT = "DRAFT"
    SENT = "SENT"
    IN_REVIEW = "IN_REVIEW"
    AWAITING_FAMILY = "AWAITING_FAMILY"  # the service asked for a piece or an answer
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    CANCELLED = "CANCELLED"


class Request(Row):
    """One request. ``number`` is what people quote, ``subject_id`` the row it is about, ``details`` is sealed."""

    number = fields.CharField(max_length=24, unique=True)
    kind = fields.CharEnumField(RequestKind, max_length=16)
    state = fields.CharEnumField(RequestState, max_length=16)
    household_id = fields.UUIDField(db_index=True)
    child_id = fields.UUIDField(null=True)
    subject_id = fields.UUIDField(null=True, db_index=True)
    service = fields.CharField(max_length=40)
    title = fields.CharField(max_length=200)
    details = fields.TextField(default="")
    created_by = fields.UUIDField()
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "request"
        manager = ScopedManager()
        indexes = (Index(fields=("state", "updated_at")),)


class RequestEventKind(Enum):
    """What happened to a request."""

    STATE = "STATE"
    MESSAGE = "MESSAGE"


class RequestEvent(Row):
    """One line of a request's history, never changed. ``text`` is sealed: families write what they want there."""

    request: fields.ForeignKeyRelation[Request] = fields.ForeignKeyField(
        "models.Request", related_name=None, db_index=True
    )
    request_id: UUID
    household_id = fields.UUIDField()
    kind = fields.CharEnumField(RequestEventKind, max_length=8)
    state = fields.CharEnumField(RequestState, max_length=16)
    by_agent = fields.BooleanField()
    account_id = fields.UUIDField(null=True)
    text = fields.TextField(default="")
    documents = fields.JSONField[list[str]](default=list)
    at = fields.DatetimeField()

    class Meta:
        table = "request_event"
        manager = ScopedManager()
