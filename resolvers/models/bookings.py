"""Enrolments, bookings, the places they take, who came, and the log of every change."""

from enum import Enum
from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

from resolvers.models.base import Row
from resolvers.models.scope import ScopedManager


class EnrolmentState(Enum):
    """Whether a child is in an activity: the family books inside the dates of an enrolment that is ACTIVE or ENDED."""

    ACTIVE = "ACTIVE"
    ASKED = "ASKED"  # an agent decides
    REFUSED = "REFUSED"
    ENDED = "ENDED"  # before its time: its last day is the end


ENROLLED = frozenset({EnrolmentState.ACTIVE, EnrolmentState.ENDED})


class Enrolment(Row):
    """A child's place in an activity for a period: bookings are made inside it, once it is ACTIVE."""

    household_id = fields.UUIDField(db_index=True)
    child_id = fields.UUIDField()
    activity = fields.CharField(max_length=60)
    school_year = fields.IntField()
    first_day = fields.DateField()
    last_day = fields.DateField()
    created_at = fields.DatetimeField()
    state = fields.CharEnumField(
        EnrolmentState, max_length=8, default=EnrolmentState.ACTIVE, db_default=EnrolmentState.ACTIVE.value
    )
    request_id = fields.UUIDField(null=True)

    class Meta:
        table = "enrolment"
        manager = ScopedManager()
        unique_together = (("household_id", "child_id", "activity", "school_year"),)


class Booking(Row):
    """A unit booked for a child on a day. One row per child, unit and day: cancelling sets ``live`` to false."""

    household_id = fields.UUIDField()
    child_id = fields.UUIDField()
    activity = fields.CharField(max_length=60)
    unit = fields.CharField(max_length=60)
    day = fields.DateField()
    live = fields.BooleanField(default=True)
    late = fields.BooleanField(default=False)
    changed_at = fields.DatetimeField()

    class Meta:
        table = "booking"
        manager = ScopedManager()
        unique_together = (("child_id", "day", "activity", "unit"),)
        indexes = (Index(fields=("household_id", "day")), Index(fields=("day", "activity")))


class ChangeKind(Enum):
    """What happened to a booking."""

    BOOKED = "BOOKED"
    CANCELLED = "CANCELLED"


class BookingChange(Row):
    """One line of the append-only log: who changed what, when, and by which rule. The family can read its own.

    ``late`` is true after the ordinary deadline, ``occasion`` says in French what brought the change about when the
    family did not ask for it there and then: a closing, an offered place, an agent.
    """

    household_id = fields.UUIDField()
    child_id = fields.UUIDField()
    activity = fields.CharField(max_length=60)
    unit = fields.CharField(max_length=60)
    day = fields.DateField()
    kind = fields.CharEnumField(ChangeKind, max_length=10)
    account_id = fields.UUIDField()
    batch = fields.UUIDField(db_index=True)
    at = fields.DatetimeField()
    rule = fields.CharField(max_length=300, default="")
    price_cents = fields.IntField(null=True)
    late = fields.BooleanField(default=False, db_default=False)
    occasion = fields.CharField(max_length=160, default="", db_default="")

    class Meta:
        table = "booking_change"
        manager = ScopedManager()
        indexes = (Index(fields=("household_id", "at")),)


class PlaceCount(Row):
    """How many places of a pool are taken on a day: the database itself refuses one too many."""

    pool = fields.CharField(max_length=60)
    day = fields.DateField()
    capacity = fields.IntField()
    taken = fields.IntField(default=0)

    class Meta:
        table = "place_count"
        unique_together = (("day", "pool"),)
        constraints = (
            CheckConstraint(check="taken >= 0 AND taken <= capacity", name="place_count_never_one_too_many"),
        )


class CapacityChange(Row):
    """What an agent decided of the places of a pool over some days: never changed, never deleted."""

    pool = fields.CharField(max_length=60)
    first_day = fields.DateField()
    last_day = fields.DateField()
    capacity = fields.IntField()
    reason = fields.CharField(max_length=200, default="")
    decided_by = fields.UUIDField()
    decided_at = fields.DatetimeField()

    class Meta:
        table = "capacity_change"


class Presence(Enum):
    """What an agent saw."""

    PRESENT = "PRESENT"
    ABSENT_JUSTIFIED = "ABSENT_JUSTIFIED"
    ABSENT_UNJUSTIFIED = "ABSENT_UNJUSTIFIED"
    UNEXPECTED = "UNEXPECTED"  # came without a booking


class Attendance(Row):
    """Who came, as checked by an agent. ``invoice_id`` is set when the day is put on an invoice.

    ``seen_at`` is when the agent saw it, on a device that may have been offline since: the latest sight holds.
    """

    household_id = fields.UUIDField()
    child_id = fields.UUIDField()
    activity = fields.CharField(max_length=60)
    unit = fields.CharField(max_length=60)
    day = fields.DateField()
    presence = fields.CharEnumField(Presence, max_length=20)
    recorded_by = fields.UUIDField()
    recorded_at = fields.DatetimeField()
    invoice_id = fields.UUIDField(null=True, db_index=True)
    arrived_at = fields.DatetimeField(null=True)
    left_at = fields.DatetimeField(null=True)
    seen_at = fields.DatetimeField(null=True)

    class Meta:
        table = "attendance"
        manager = ScopedManager()
        unique_together = (("child_id", "day", "activity", "unit"),)
        indexes = (Index(fields=("day",)), Index(fields=("household_id", "day")))


class BookingReceipt(Row):
    """What one commit changed, as it was confirmed to the family."""

    household_id = fields.UUIDField(db_index=True)
    account_id = fields.UUIDField()
    at = fields.DatetimeField()
    summary = fields.JSONField[dict[str, Any]](default=dict)

    class Meta:
        table = "booking_receipt"
        manager = ScopedManager()
