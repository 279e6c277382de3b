"""Payment attempts, what banks said, what was booked, and where it went."""

from enum import Enum
from typing import Any

from tortoise import fields
from tortoise.indexes import Index

from resolvers.models.base import Row
from resolvers.models.scope import ScopedManager


class AttemptState(Enum):
    """Where an attempt stands. PAID is terminal."""

    RUNNING = "RUNNING"
    PAID = "PAID"
    REFUSED = "REFUSED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


class PaymentAttempt(Row):
    """One try to pay one or several invoices by one route.

    ``pending_at`` is when a bank that cannot be asked signed that it was verifying: time does not end such an attempt.
    """

    household_id = fields.UUIDField()
    account_id = fields.UUIDField()
    route = fields.CharField(max_length=40)
    state = fields.CharEnumField(AttemptState, max_length=10, default=AttemptState.RUNNING)
    amount_cents = fields.IntField()
    reference = fields.CharField(max_length=40, unique=True)
    external_id = fields.CharField(max_length=64, null=True, unique=True)
    redirect_url = fields.CharField(max_length=300, default="")
    return_to = fields.CharField(max_length=300, default="")
    started_at = fields.DatetimeField()
    settled_at = fields.DatetimeField(null=True)
    pending_at = fields.DatetimeField(null=True)
    form = fields.JSONField[dict[str, str]](null=True)  # what the browser posts, where a page is opened by a form

    class Meta:
        table = "payment_attempt"
        manager = ScopedManager()
        indexes = (Index(fields=("household_id", "started_at")), Index(fields=("state", "started_at")))


class AttemptShare(Row):
    """The part of an attempt meant for one invoice."""

    attempt_id = fields.UUIDField(db_index=True)
    invoice_id = fields.UUIDField(db_index=True)
    household_id = fields.UUIDField()
    amount_cents = fields.IntField()

    class Meta:
        table = "attempt_share"
        manager = ScopedManager()
        unique_together = (("attempt_id", "invoice_id"),)


class BankEvent(Row):
    """What a bank sent, kept raw, once per source and identifier: it is handled once."""

    source = fields.CharField(max_length=40)
    external_id = fields.CharField(max_length=80)
    received = fields.JSONField[dict[str, Any]](default=dict)
    received_at = fields.DatetimeField()
    handled_at = fields.DatetimeField(null=True)

    class Meta:
        table = "bank_event"
        unique_together = (("source", "external_id"),)


class Payment(Row):
    """Money booked, once per attempt: what is paid at a desk or collected has an attempt that is paid at once.

    ``means`` is how (``card``, ``cash``, ``cheque``, ``cesu``, ``debit``…), ``deposit_id`` the slip it was banked with.
    A direct debit that bounces is reversed: ``reversed_at`` is set and its allocations are taken back.
    """

    household_id = fields.UUIDField()
    attempt_id = fields.UUIDField(unique=True)
    route = fields.CharField(max_length=40)
    amount_cents = fields.IntField()
    authorization = fields.CharField(max_length=40, default="")
    paid_at = fields.DatetimeField()
    booked_at = fields.DatetimeField()
    means = fields.CharField(max_length=20, default="card", db_default="card")
    note = fields.CharField(max_length=120, default="", db_default="")
    entered_by = fields.UUIDField(null=True)
    deposit_id = fields.UUIDField(null=True)
    reversed_at = fields.DatetimeField(null=True)
    reversal = fields.CharField(max_length=120, default="", db_default="")

    class Meta:
        table = "payment"
        manager = ScopedManager()
        indexes = (Index(fields=("household_id", "booked_at")), Index(fields=("deposit_id",)))


class Allocation(Row):
    """The part of a payment that settles an invoice: without an invoice it is the household's credit."""

    payment_id = fields.UUIDField(db_index=True)
    household_id = fields.UUIDField(db_index=True)
    invoice_id = fields.UUIDField(null=True, db_index=True)
    amount_cents = fields.IntField()

    class Meta:
        table = "allocation"
        manager = ScopedManager()


class Refund(Row):
    """Money given back to a household, out of its credit: never changed."""

    household_id = fields.UUIDField(db_index=True)
    payment_id = fields.UUIDField(null=True)
    amount_cents = fields.IntField()
    means = fields.CharField(max_length=20)
    reason = fields.CharField(max_length=300)
    entered_by = fields.UUIDField()
    paid_on = fields.DateField()
    at = fields.DatetimeField()

    class Meta:
        table = "refund"
        manager = ScopedManager()


class Deposit(Row):
    """What the régie banked in one go « bordereau de remise »: its payments are closed to changes."""

    number = fields.CharField(max_length=40, unique=True)
    means = fields.CharField(max_length=20)
    count = fields.IntField()
    total_cents = fields.BigIntField()
    made_by = fields.UUIDField()
    made_at = fields.DatetimeField()

    class Meta:
        table = "deposit"
