"""What surrounds a child: who may fetch it, who has custody when, and the particulars that wait for an agent."""

from enum import Enum

from tortoise import fields

from plugins.rules.custody import CustodyPattern
from plugins.rules.entourage import Permission
from resolvers.models.base import Row
from resolvers.models.scope import ScopedManager


class ContactPermission(Row):
    """One permission of one contact about one child, as a household declared it."""

    household_id = fields.UUIDField(db_index=True)
    child_id = fields.UUIDField(db_index=True)
    contact_id = fields.UUIDField()
    permission = fields.CharEnumField(Permission, max_length=10)
    since = fields.DatetimeField()

    class Meta:
        table = "contact_permission"
        manager = ScopedManager()
        unique_together = (("household_id", "child_id", "contact_id", "permission"),)


class Custody(Row):
    """When a child is with a household: who books and pays those days. ``weekdays`` are ISO numbers."""

    household_id = fields.UUIDField(db_index=True)
    child_id = fields.UUIDField(db_index=True)
    pattern = fields.CharEnumField(CustodyPattern, max_length=16)
    anchor = fields.DateField(null=True)
    weekdays = fields.JSONField[list[int]](default=list)
    first_day = fields.DateField()
    last_day = fields.DateField(null=True)
    decided_at = fields.DatetimeField()

    class Meta:
        table = "custody"
        manager = ScopedManager()


class ChangeState(Enum):
    """Where a change of a particular stands."""

    WAITING = "WAITING"
    APPLIED = "APPLIED"
    REFUSED = "REFUSED"
    OVERTAKEN = "OVERTAKEN"  # the old value moved in between: nothing was applied


class FieldChange(Row):
    """One particular that somebody asked to change: old and new values, sealed, and what became of it."""

    household_id = fields.UUIDField(db_index=True)
    person_id = fields.UUIDField()
    request_id = fields.UUIDField(null=True, db_index=True)
    name = fields.CharField(max_length=40)
    old = fields.TextField()
    new = fields.TextField()
    state = fields.CharEnumField(ChangeState, max_length=10)
    asked_by = fields.UUIDField()
    asked_at = fields.DatetimeField()
    decided_by = fields.UUIDField(null=True)
    decided_at = fields.DatetimeField(null=True)

    class Meta:
        table = "field_change"
        manager = ScopedManager()
