"""Mandates, the files of collections sent to the bank, and what became of each collection."""

from enum import Enum

from tortoise import fields
from tortoise.indexes import Index

from resolvers.models.base import Row
from resolvers.models.scope import ScopedManager


class MandateState(Enum):
    """Where a mandate stands; only ACTIVE ones are collected."""

    ASKED = "ASKED"  # signed by the family; an agent will accept it
    TO_SIGN = "TO_SIGN"  # the mandate was made out and waits for its signature
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    ENDED = "ENDED"


class Mandate(Row):
    """A household's leave to collect its invoices. ``iban`` is sealed and shown masked, ``rum`` never changes.

    ``used_at`` is the first collection (FRST before it, RCUR after), ``amends`` the earlier mandate it replaces.
    """

    household_id = fields.UUIDField(db_index=True)
    account_id = fields.UUIDField()
    rum = fields.CharField(max_length=35, unique=True)
    holder = fields.CharField(max_length=70)
    iban = fields.TextField()
    iban_end = fields.CharField(max_length=4)
    bic = fields.CharField(max_length=11)
    state = fields.CharEnumField(MandateState, max_length=10, default=MandateState.ASKED)
    request_id = fields.UUIDField(null=True)
    document_id = fields.UUIDField(null=True)
    conditions = fields.CharField(max_length=40)
    asked_at = fields.DatetimeField()
    signed_on = fields.DateField(null=True)
    active_from = fields.DateField(null=True)
    used_at = fields.DatetimeField(null=True)
    rejects = fields.IntField(default=0)
    suspended_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    reason = fields.CharField(max_length=200, default="")
    amends = fields.UUIDField(null=True)

    class Meta:
        table = "mandate"
        manager = ScopedManager()
        indexes = (Index(fields=("state",)),)


class Remittance(Row):
    """One file of collections for the bank: the same rows always give the same file."""

    message_id = fields.CharField(max_length=35, unique=True)
    version = fields.CharField(max_length=20)
    collect_on = fields.DateField()
    count = fields.IntField()
    total_cents = fields.BigIntField()
    made_by = fields.UUIDField()
    made_at = fields.DatetimeField()
    sent_at = fields.DatetimeField(null=True)
    booked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "remittance"


class CollectionState(Enum):
    """What became of a collection."""

    WAITING = "WAITING"
    COLLECTED = "COLLECTED"
    REJECTED = "REJECTED"


class Collection(Row):
    """One invoice collected by one remittance. ``sequence`` is FRST or RCUR, ``code`` the bank's reason of a reject."""

    household_id = fields.UUIDField(db_index=True)
    remittance_id = fields.UUIDField(db_index=True)
    mandate_id = fields.UUIDField(db_index=True)
    invoice_id = fields.UUIDField(db_index=True)
    end_to_end_id = fields.CharField(max_length=35, unique=True)
    sequence = fields.CharField(max_length=4)
    cents = fields.IntField()
    state = fields.CharEnumField(CollectionState, max_length=10, default=CollectionState.WAITING)
    payment_id = fields.UUIDField(null=True)
    code = fields.CharField(max_length=8, default="")
    rejected_at = fields.DatetimeField(null=True)

    class Meta:
        table = "collection"
        manager = ScopedManager()
