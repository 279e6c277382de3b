"""Absences that families report, what is due of each day, and what the commune closes for everybody."""

from enum import Enum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

from resolvers.models.base import Row
from resolvers.models.scope import ScopedManager


class AbsenceState(Enum):
    """Where a reported absence stands."""

    REPORTED = "REPORTED"  # the rules have spoken; a proof or an agent may still change what is due
    DECIDED = "DECIDED"  # by an agent
    WITHDRAWN = "WITHDRAWN"  # by the family


class AbsenceReport(Row):
    """A child's absence as its family told it. ``cause`` is the label of a cause of the rules, ``reason`` is sealed."""

    household_id = fields.UUIDField(db_index=True)
    child_id = fields.UUIDField()
    first_day = fields.DateField()
    last_day = fields.DateField()
    cause = fields.CharField(max_length=80)
    reason = fields.TextField(default="")
    state = fields.CharEnumField(AbsenceState, max_length=10, default=AbsenceState.REPORTED)
    document_id = fields.UUIDField(null=True)
    document_code = fields.CharField(max_length=60, default="")
    proved_at = fields.DatetimeField(null=True)
    request_id = fields.UUIDField(null=True)
    account_id = fields.UUIDField()
    told_at = fields.DatetimeField()
    decided_by = fields.UUIDField(null=True)
    decided_at = fields.DatetimeField(null=True)

    class Meta:
        table = "absence_report"
        manager = ScopedManager()
        indexes = (Index(fields=("child_id", "first_day")),)


class AbsentDay(Row):
    """What stays due of one booked unit of an absence, in per cent of its price, and why in French."""

    household_id = fields.UUIDField()
    report_id = fields.UUIDField(db_index=True)
    child_id = fields.UUIDField()
    activity = fields.CharField(max_length=60)
    unit = fields.CharField(max_length=60)
    day = fields.DateField()
    percent_due = fields.IntField()
    reason = fields.CharField(max_length=500)
    by_agent = fields.BooleanField(default=False)
    decided_at = fields.DatetimeField()

    class Meta:
        table = "absent_day"
        manager = ScopedManager()
        unique_together = (("child_id", "day", "activity", "unit"),)
        indexes = (Index(fields=("day",)),)
        constraints = (CheckConstraint(check="percent_due >= 0 AND percent_due <= 100", name="absent_day_per_cent"),)


class Closure(Row):
    """Units that do not take place on some days, for everybody: a strike, snow, an outing.

    An empty ``activity`` or ``site`` means all of them, and so does an empty list of ``units``.
    """

    activity = fields.CharField(max_length=60, default="")
    site = fields.CharField(max_length=120, default="")
    units = fields.JSONField[list[str]](default=list)
    first_day = fields.DateField(db_index=True)
    last_day = fields.DateField()
    cause = fields.CharField(max_length=80)
    label = fields.CharField(max_length=120)
    decided_by = fields.UUIDField()
    decided_at = fields.DatetimeField()
    withdrawn_at = fields.DatetimeField(null=True)

    class Meta:
        table = "closure"
