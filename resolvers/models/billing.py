"""Invoice runs, invoices and their lines, and the counters their numbers come from."""

from enum import Enum
from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

from resolvers.models.base import Row
from resolvers.models.scope import ScopedManager


class NumberCounter(Row):
    """The last number taken in a series: locked while one is taken, so numbers have no gap."""

    series = fields.CharField(max_length=40, unique=True)
    taken = fields.IntField(default=0)

    class Meta:
        table = "number_counter"


class InvoiceState(Enum):
    """Where an invoice stands. Payment is told by the amounts, not by the state."""

    DRAFT = "DRAFT"
    ISSUED = "ISSUED"


class Invoice(Row):
    """What a household owes for a period. Once issued it is never edited."""

    household_id = fields.UUIDField()
    state = fields.CharEnumField(InvoiceState, max_length=10, default=InvoiceState.DRAFT)
    period_first = fields.DateField()
    period_last = fields.DateField()
    year = fields.IntField()
    series = fields.CharField(max_length=40)
    sequence = fields.IntField(null=True)
    number = fields.CharField(max_length=40, null=True, unique=True)
    total_cents = fields.IntField()
    paid_cents = fields.IntField(default=0)
    prepared_at = fields.DatetimeField()
    issued_on = fields.DateField(null=True)
    due_on = fields.DateField(null=True)
    paid_at = fields.DatetimeField(null=True)

    class Meta:
        table = "invoice"
        manager = ScopedManager()
        unique_together = (("series", "year", "sequence"),)
        indexes = (Index(fields=("household_id", "issued_on")), Index(fields=("period_first", "state")))
        constraints = (
            CheckConstraint(check="paid_cents >= 0 AND paid_cents <= total_cents", name="invoice_paid_within_total"),
        )


class InvoiceLine(Row):
    """One line: a child, a unit, a quantity at one price, and the explanation of that price.

    ``origin`` holds the codes, days and price it charges, for the aggregates of later invoices.
    """

    invoice_id = fields.UUIDField(db_index=True)
    household_id = fields.UUIDField()
    position = fields.IntField()
    child = fields.CharField(max_length=170)
    activity = fields.CharField(max_length=200)
    unit = fields.CharField(max_length=200)
    quantity = fields.IntField()
    unit_cents = fields.IntField()
    total_cents = fields.IntField()
    detail = fields.JSONField[list[str]](default=list)
    origin = fields.JSONField[dict[str, Any]](default=dict)

    class Meta:
        table = "invoice_line"
        manager = ScopedManager()
