"""Places that are held for a while, and the families that wait for one."""

from enum import Enum

from tortoise import fields
from tortoise.indexes import Index

from resolvers.models.base import Row
from resolvers.models.scope import ScopedManager


class HoldPurpose(Enum):
    """Why a place is kept for a child that has not booked it."""

    BASKET = "BASKET"  # a change being prepared
    OFFER = "OFFER"  # a freed place, for who waits


class PlaceHold(Row):
    """A place of a pool kept for a child on a day until an instant: it counts as taken as long as the row exists.

    ``source_id`` is the basket or the waiting entry it serves. A freed place that is to be offered to whoever is next
    serves none yet, and is no child's.
    """

    household_id = fields.UUIDField(db_index=True)
    child_id = fields.UUIDField()
    day = fields.DateField()
    pool = fields.CharField(max_length=60)
    purpose = fields.CharEnumField(HoldPurpose, max_length=8)
    source_id = fields.UUIDField(db_index=True)
    until = fields.DatetimeField(db_index=True)

    class Meta:
        table = "place_hold"
        manager = ScopedManager()
        unique_together = (("child_id", "day", "pool"),)


class WaitingState(Enum):
    """Where a wait stands; only WAITING and OFFERED are alive."""

    WAITING = "WAITING"
    OFFERED = "OFFERED"  # a place is held, until ``offered_until``
    BOOKED = "BOOKED"
    LEFT = "LEFT"  # the family gave up
    EXPIRED = "EXPIRED"  # the offer was not taken in time
    CLOSED = "CLOSED"  # nothing was freed before the deadline


class WaitingEntry(Row):
    """A child that waits for a unit of a day. The highest ``priority`` comes first, then the first that asked."""

    household_id = fields.UUIDField(db_index=True)
    child_id = fields.UUIDField()
    activity = fields.CharField(max_length=60)
    unit = fields.CharField(max_length=60)
    day = fields.DateField()
    state = fields.CharEnumField(WaitingState, max_length=8, default=WaitingState.WAITING)
    priority = fields.IntField(default=0)
    priority_reason = fields.CharField(max_length=200, default="")
    account_id = fields.UUIDField()
    asked_at = fields.DatetimeField()
    offered_until = fields.DatetimeField(null=True)
    changed_at = fields.DatetimeField()

    class Meta:
        table = "waiting_entry"
        manager = ScopedManager()
        unique_together = (("child_id", "day", "activity", "unit"),)
        indexes = (Index(fields=("state", "day")),)
