"""Requests « démarches »: everything a family asks of the service, with its state, its history and its messages."""

from enum import Enum
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from plugins.rules.requests import RequestKind, RequestState
from resolvers.models.base import Row
from resolvers.models.scope import ScopedManager


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
        manager = ScopedManager(service="service")
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
