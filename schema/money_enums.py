"""The enumerations of money, value by value; as in ``schema.enums``, each mirrors one of the house by name."""

from enum import Enum

import strawberry
from strawberry import enum_value


@strawberry.enum(description="What is known of an invoice's payment.")
class PaymentStatus(Enum):
    """Derived from the amounts, and from whether any route reports back."""

    UNPAID = enum_value("UNPAID", description="Nothing has been paid.")
    PARTLY_PAID = enum_value("PARTLY_PAID", description="Part of it has been paid.")
    PAID = enum_value("PAID", description="Nothing remains to pay.")
    CLEARED = enum_value(
        "CLEARED", description="Nothing was paid and nothing is owed: credit notes or write-offs took it off."
    )
    UNKNOWN_HERE = enum_value(
        "UNKNOWN_HERE",
        description="It is paid elsewhere (« titre » at the Treasury, see `Invoice.titre`): the portal is not told.",
    )


@strawberry.enum(description="What a line of an account is.")
class AccountEntryKind(Enum):
    """See ``plugins.rules.ledger.EntryKind``."""

    INVOICE = enum_value("INVOICE", description="An invoice.")
    CREDIT_NOTE = enum_value("CREDIT_NOTE", description="A correction of an invoice « avoir ».")
    WRITE_OFF = enum_value("WRITE_OFF", description="What the commune gave up claiming.")
    PAYMENT = enum_value("PAYMENT", description="Money received.")
    REVERSAL = enum_value(
        "REVERSAL", description="A payment that did not stand: rejected, left unpaid or entered by mistake."
    )
    REFUND = enum_value("REFUND", description="Credit given back.")


@strawberry.enum(description="How one pays at a desk.")
class CounterMeans(Enum):
    """See ``plugins.rules.counters.CounterMeans``."""

    CASH = enum_value("CASH", description="Coins and notes.")
    CHEQUE = enum_value("CHEQUE", description="A cheque, with its number and bank.")
    CESU = enum_value("CESU", description="« Chèque emploi service universel » titles, each with its number.")


@strawberry.enum(description="How money is given back.")
class RefundMeans(Enum):
    """See ``resolvers.paying.refunds.RefundMeans``."""

    TRANSFER = enum_value("TRANSFER", description="By the treasury, to the family's account.")
    CHEQUE = enum_value("CHEQUE", description="By a cheque of the treasury.")


@strawberry.enum(description="Where a payment stands.")
class PaymentState(Enum):
    """See ``resolvers.paying.payment_states.PaymentState``."""

    RUNNING = enum_value("RUNNING", description="The bank has not answered yet.")
    PAID = enum_value("PAID", description="Paid and booked; `awaitsCollection` tells an order of direct debit.")
    REVERSED = enum_value(
        "REVERSED", description="It did not stand: rejected, left unpaid or entered by mistake; `reversal` says why."
    )
    REFUSED = enum_value("REFUSED", description="The bank refused.")
    CANCELLED = enum_value("CANCELLED", description="The person gave up.")
    EXPIRED = enum_value("EXPIRED", description="Never paid; start another payment.")


@strawberry.enum(description="Where a mandate of direct debit stands.")
class MandateState(Enum):
    """See ``resolvers.models.direct_debits.MandateState``."""

    ASKED = enum_value("ASKED", description="Signed; an agent will accept it.")
    TO_SIGN = enum_value("TO_SIGN", description="Made out; the family signs it, and sends it or brings it.")
    ACTIVE = enum_value("ACTIVE", description="Invoices are collected from `activeFrom` on.")
    SUSPENDED = enum_value("SUSPENDED", description="Nothing is collected until it is resumed; `reason` says why.")
    ENDED = enum_value("ENDED", description="Nothing is collected any more; `reason` says why.")


@strawberry.enum(description="Where an invoice run stands.")
class InvoiceRunState(Enum):
    """See ``resolvers.models.billing.RunState``."""

    DRAFT = enum_value("DRAFT", description="Being drawn, or drawn and being checked.")
    ISSUING = enum_value("ISSUING", description="Being issued, batch after batch.")
    ISSUED = enum_value("ISSUED", description="Every draft is issued.")
    DROPPED = enum_value("DROPPED", description="Given up: nobody is invoiced by it.")


@strawberry.enum(description="Why a unit, or a household, is on no invoice of a run.")
class InvoiceTrouble(Enum):
    """See ``resolvers.billing.bills.Trouble``."""

    NOT_DRAWN = enum_value("NOT_DRAWN", description="The household remains to be drawn: continue the run.")
    UNCHECKED = enum_value("UNCHECKED", description="Nobody checked the unit: it stops its household.")
    UNKNOWN_UNIT = enum_value("UNKNOWN_UNIT", description="The catalogue of that year does not know the unit.")
    NO_PRICE = enum_value("NO_PRICE", description="The tariff cannot price the unit.")
    BELOW_MINIMUM = enum_value(
        "BELOW_MINIMUM", description="The household owes less than the minimum: its next invoice will say it."
    )
    NOT_CARRIED = enum_value(
        "NOT_CARRIED", description="The unit waits below the minimum and is too old: no run will invoice it any more."
    )
    MOVED = enum_value(
        "MOVED", description="Attendance changed while the run was issued: another run will invoice the household."
    )
    ELSEWHERE = enum_value(
        "ELSEWHERE",
        description="A run limited to some households took it: redraw it here if that one is dropped.",
    )


@strawberry.enum(description="What became of a collection by direct debit.")
class CollectionState(Enum):
    """See ``resolvers.models.direct_debits.CollectionState``."""

    WAITING = enum_value("WAITING", description="The bank has not said, or its day has not come.")
    COLLECTED = enum_value("COLLECTED", description="Booked as a payment of its invoice.")
    REJECTED = enum_value("REJECTED", description="The bank rejected it: the invoice is paid otherwise.")


@strawberry.enum(description="Where the direct debit of an invoice stands.")
class InvoiceDebitState(Enum):
    """See ``resolvers.paying.ways_to_pay.DebitState``."""

    ANNOUNCED = enum_value("ANNOUNCED", description="Told with the invoice; the bank is not asked yet.")
    WAITING = enum_value("WAITING", description="In a remittance: the bank has not said, or its day has not come.")
    COLLECTED = enum_value("COLLECTED", description="Booked as a payment of the invoice.")
    REJECTED = enum_value("REJECTED", description="The bank rejected it: the invoice is paid otherwise.")


@strawberry.enum(description="How payments are sent to PayFiP.")
class PayfipMode(Enum):
    """DGFiP's own letters."""

    TEST = enum_value("T", description="For a trial: nobody is debited.")
    PRODUCTION = enum_value("W", description="For good.")


@strawberry.enum(description="Whether PayFiP serves a régie.")
class PayfipStanding(Enum):
    """See ``resolvers.paying.payfip_regies.Standing``."""

    KNOWN = enum_value("KNOWN", description="It knows it and serves it.")
    REFUSED = enum_value("REFUSED", description="It does not know it, or has not opened it; `sentence` says which.")
    UNREACHABLE = enum_value("UNREACHABLE", description="It does not answer now.")


@strawberry.enum(description="What became of an activation payment.")
class PayfipActivationState(Enum):
    """See ``resolvers.paying.payfip_regies.ActivationState``."""

    WAITING = enum_value("WAITING", description="To be made, or not known yet.")
    CARD_ACCEPTED = enum_value("CARD_ACCEPTED", description="Cards open on the next working day.")
    DEBIT_ACCEPTED = enum_value("DEBIT_ACCEPTED", description="Orders of direct debit open on the next working day.")
    REFUSED = enum_value("REFUSED", description="PayFiP refused it: start another one.")
    ABANDONED = enum_value("ABANDONED", description="Whoever paid gave up: start another one.")
    EXPIRED = enum_value("EXPIRED", description="Nobody paid in time: start another one.")
