"""Households and the persons in them. A person may belong to several households: rights hang on each link."""

from enum import Enum
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from plugins.rules.tariffs import Residency
from resolvers.models.base import Row
from resolvers.models.scope import ScopedManager


class Household(Row):
    """Adults and children who share a file and a bill. ``services`` lists the codes of the services that follow it."""

    name = fields.CharField(max_length=120)
    residency = fields.CharEnumField(Residency, max_length=8, default=Residency.RESIDENT)
    services = fields.JSONField[list[str]](default=list)
    invoices_online_since = fields.DatetimeField(null=True)  # on paper too until then
    created_at = fields.DatetimeField()

    class Meta:
        table = "household"
        manager = ScopedManager("id", followed="services")


class Person(Row):
    """An adult or a child."""

    first_name = fields.CharField(max_length=80)
    last_name = fields.CharField(max_length=80)
    birth_date = fields.DateField(null=True)
    email = fields.CharField(max_length=254, default="")
    phone = fields.CharField(max_length=20, default="")
    street = fields.CharField(max_length=200, default="")
    postcode = fields.CharField(max_length=10, default="")
    town = fields.CharField(max_length=80, default="")
    country = fields.CharField(max_length=60, default="", db_default="")
    title = fields.CharField(max_length=20, default="", db_default="")
    birth_name = fields.CharField(max_length=80, default="", db_default="")
    school = fields.CharField(max_length=80, default="", db_default="")
    lives_with_id = fields.UUIDField(null=True)  # whose address holds, instead of the one above

    class Meta:
        table = "person"
        manager = ScopedManager("id", persons=True)


class Role(Enum):
    """What a person is in a household."""

    REPRESENTATIVE = "REPRESENTATIVE"
    CO_REPRESENTATIVE = "CO_REPRESENTATIVE"
    CHILD = "CHILD"
    CONTACT = "CONTACT"


class Membership(Row):
    """The link between a person and a household, and what it allows."""

    household: fields.ForeignKeyRelation[Household] = fields.ForeignKeyField(
        "models.Household", related_name=None, db_index=True
    )
    household_id: UUID
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=None, db_index=True
    )
    person_id: UUID
    role = fields.CharEnumField(Role, max_length=20)
    sees = fields.BooleanField(default=False)
    books = fields.BooleanField(default=False)
    pays = fields.BooleanField(default=False)

    class Meta:
        table = "membership"
        manager = ScopedManager()
        unique_together = (("household_id", "person_id"),)


class QuotientSource(Enum):
    """Where a quotient comes from."""

    AGENT = "AGENT"
    DECLARED = "DECLARED"  # by the family, with its notice
    CAF = "CAF"  # fetched with the family's recorded consent


class QuotientState(Enum):
    """Whether a quotient counts: only ACCEPTED ones price anything."""

    WAITING = "WAITING"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"


class QuotientFamilial(Row):
    """A dated « quotient familial » of a household, in whole euros a month: the latest at a date applies."""

    household: fields.ForeignKeyRelation[Household] = fields.ForeignKeyField(
        "models.Household", related_name=None, db_index=False
    )
    household_id: UUID
    euros = fields.IntField()
    valid_from = fields.DateField()
    recorded_at = fields.DatetimeField()
    source = fields.CharEnumField(
        QuotientSource, max_length=10, default=QuotientSource.AGENT, db_default=QuotientSource.AGENT.value
    )
    state = fields.CharEnumField(
        QuotientState, max_length=10, default=QuotientState.ACCEPTED, db_default=QuotientState.ACCEPTED.value
    )
    request_id = fields.UUIDField(null=True)

    class Meta:
        table = "quotient_familial"
        manager = ScopedManager()
        indexes = (Index(fields=("household_id", "valid_from")),)
