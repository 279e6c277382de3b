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


class RunState(Enum):
    """Where an invoice run stands."""

    DRAFT = "DRAFT"  # being drawn, or drawn and checked
    ISSUING = "ISSUING"  # numbers are being taken, batch after batch
    ISSUED = "ISSUED"
    DROPPED = "DROPPED"


class InvoiceRun(Row):
    """A run over a period and a population: draft, checked, then issued. Killed anywhere, it goes on where it was.

    ``services`` are the codes of the services whose activities it invoices, ``limited_to`` the keys of the households
    that it draws, with those that share their bills: empty for all of them.
    """

    period_first = fields.DateField()
    period_last = fields.DateField()
    services = fields.JSONField[list[str]](default=list)
    state = fields.CharEnumField(RunState, max_length=8, default=RunState.DRAFT)
    households = fields.IntField(default=0)  # how many there are to draw
    drawn = fields.IntField(default=0)
    issued = fields.IntField(default=0)
    total_cents = fields.BigIntField(default=0)
    started_by = fields.UUIDField()
    started_at = fields.DatetimeField()
    drawn_at = fields.DatetimeField(null=True)
    issued_at = fields.DatetimeField(null=True)
    limited_to = fields.JSONField[list[str]](default=list, db_default="[]")

    class Meta:
        table = "invoice_run"
        indexes = (Index(fields=("period_first", "state")),)


class RunProblem(Row):
    """A unit that a run could not invoice, and why in French."""

    run_id = fields.UUIDField(db_index=True)
    household_id = fields.UUIDField()
    child_id = fields.UUIDField(null=True)
    activity = fields.CharField(max_length=60, default="")
    unit = fields.CharField(max_length=60, default="")
    day = fields.DateField(null=True)
    code = fields.CharField(max_length=40)
    reason = fields.CharField(max_length=300)

    class Meta:
        table = "run_problem"
        manager = ScopedManager()


class InvoiceState(Enum):
    """Where an invoice stands. Payment is told by the amounts, not by the state."""

    DRAFT = "DRAFT"
    ISSUED = "ISSUED"


class Invoice(Row):
    """What a household owes for a period. Once issued it is never edited.

    ``cleared_cents`` is what credit notes and write-offs took off it. It is published on ``issued_on``, payable online
    until ``payable_until``, due on ``due_on`` and collected on ``debit_on`` when the household has a mandate.
    """

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
    run_id = fields.UUIDField(null=True)
    cleared_cents = fields.IntField(default=0, db_default=0)
    payable_until = fields.DateField(null=True)
    debit_on = fields.DateField(null=True)
    reminders = fields.IntField(default=0, db_default=0)
    reminded_on = fields.DateField(null=True)

    class Meta:
        table = "invoice"
        manager = ScopedManager()
        unique_together = (("series", "year", "sequence"),)
        indexes = (
            Index(fields=("household_id", "issued_on")),
            Index(fields=("period_first", "state")),
            Index(fields=("run_id",)),
        )
        constraints = (
            CheckConstraint(check="paid_cents >= 0 AND paid_cents <= total_cents", name="invoice_paid_within_total"),
            CheckConstraint(
                check="cleared_cents >= 0 AND paid_cents + cleared_cents <= total_cents",
                name="invoice_settled_within_total",
            ),
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


class CreditNote(Row):
    """What an issued invoice is corrected by. ``lines`` are the corrected ones, amounts in cents taken off.

    ``credit_cents`` is the part that had been paid already, and became the household's credit.
    """

    household_id = fields.UUIDField(db_index=True)
    invoice_id = fields.UUIDField(db_index=True)
    year = fields.IntField()
    series = fields.CharField(max_length=40)
    sequence = fields.IntField()
    number = fields.CharField(max_length=40, unique=True)
    total_cents = fields.IntField()
    lines = fields.JSONField[list[dict[str, Any]]](default=list)
    reason = fields.CharField(max_length=300)
    issued_on = fields.DateField()
    issued_by = fields.UUIDField()
    credit_cents = fields.IntField(default=0, db_default=0)
    at = fields.DatetimeField()

    class Meta:
        table = "credit_note"
        manager = ScopedManager()
        unique_together = (("series", "year", "sequence"),)


class WriteOff(Row):
    """What the commune gives up claiming of an invoice « admission en non-valeur, remise gracieuse »: never changed."""

    household_id = fields.UUIDField(db_index=True)
    invoice_id = fields.UUIDField(db_index=True)
    cents = fields.IntField()
    reason = fields.CharField(max_length=300)
    decided_by = fields.UUIDField()
    at = fields.DatetimeField()

    class Meta:
        table = "write_off"
        manager = ScopedManager()


class Instalment(Row):
    """The share of one invoice in one part of a payment plan « échéancier ».

    A plan is the rows of one ``plan_id``, and those of one ``position`` are due together. ``reason`` is why it was
    agreed. It stops at ``withdrawn_at``, because an agent said so or because this part was found missed, at
    ``missed_at``. ``withdrawal`` is why.
    """

    household_id = fields.UUIDField(db_index=True)
    invoice_id = fields.UUIDField(db_index=True)
    position = fields.IntField()
    cents = fields.IntField()
    due_on = fields.DateField()
    agreed_by = fields.UUIDField()
    agreed_at = fields.DatetimeField()
    withdrawn_at = fields.DatetimeField(null=True)
    plan_id = fields.UUIDField(null=True)  # always written: the column came later
    missed_at = fields.DatetimeField(null=True)
    reason = fields.CharField(max_length=300, default="", db_default="")
    withdrawal = fields.CharField(max_length=300, default="", db_default="")

    class Meta:
        table = "instalment"
        manager = ScopedManager()
        indexes = (Index(fields=("plan_id",)), Index(fields=("withdrawn_at", "due_on")))


class BillingShare(Row):
    """The part of a child's bill that a household pays, in per cent, whichever household booked."""

    household_id = fields.UUIDField(db_index=True)
    child_id = fields.UUIDField(db_index=True)
    percent = fields.IntField()
    first_day = fields.DateField()
    last_day = fields.DateField(null=True)
    decided_by = fields.UUIDField()
    decided_at = fields.DatetimeField()

    class Meta:
        table = "billing_share"
        manager = ScopedManager()
        constraints = (CheckConstraint(check="percent >= 0 AND percent <= 100", name="billing_share_per_cent"),)


class Titre(Row):
    """The reference, in three parts, under which the treasury collects an invoice « titre ».

    The invoice is never edited: this is told later, and told again when it was typed wrong.
    """

    household_id = fields.UUIDField(db_index=True)
    invoice_id = fields.UUIDField(unique=True)
    exercise = fields.IntField()
    number = fields.IntField()
    line = fields.IntField()
    recorded_by = fields.UUIDField()
    at = fields.DatetimeField()

    class Meta:
        table = "titre"
        manager = ScopedManager()
        unique_together = (("exercise", "number", "line"),)
