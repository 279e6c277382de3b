"""The enumerations of money, as those of ``schema.enums``."""

from enum import Enum

import strawberry
from strawberry import enum_value


@strawberry.enum(description="Where a mandate of direct debit stands.")
class MandateState(Enum):
    """See ``resolvers.models.direct_debits.MandateState``."""

    ASKED = enum_value("ASKED", description="Signed; an agent will accept it.")
    TO_SIGN = enum_value("TO_SIGN", description="Made out; the family signs it, and sends it or brings it.")
    ACTIVE = enum_value("ACTIVE", description="Invoices are collected from `activeFrom` on.")
    SUSPENDED = enum_value("SUSPENDED", description="Nothing is collected until it is resumed; `reason` says why.")
    ENDED = enum_value("ENDED", description="Nothing is collected any more; `reason` says why.")
