"""The tables that resolvers resolve from, one file per aggregate. Tortoise finds every table through this package."""

from resolvers.models.accounts import (
    Account,
    OneTimeLink,
    RefreshToken,
    Session,
    SignInFailure,
    TermsAcceptance,
)
from resolvers.models.answers import IdempotentAnswer
from resolvers.models.billing import Invoice, InvoiceLine, NumberCounter
from resolvers.models.bookings import (
    Attendance,
    Booking,
    BookingChange,
    BookingReceipt,
    Enrolment,
    PlaceCount,
)
from resolvers.models.dossiers import Dossier
from resolvers.models.effects import Effect
from resolvers.models.households import Household, Membership, Person, QuotientFamilial
from resolvers.models.news import Article
from resolvers.models.payments import Allocation, AttemptShare, BankEvent, Payment, PaymentAttempt

__all__ = [
    "Account",
    "Allocation",
    "Article",
    "AttemptShare",
    "Attendance",
    "BankEvent",
    "Booking",
    "BookingChange",
    "BookingReceipt",
    "Dossier",
    "Effect",
    "Enrolment",
    "Household",
    "IdempotentAnswer",
    "Invoice",
    "InvoiceLine",
    "Membership",
    "NumberCounter",
    "OneTimeLink",
    "Payment",
    "PaymentAttempt",
    "Person",
    "PlaceCount",
    "QuotientFamilial",
    "RefreshToken",
    "Session",
    "SignInFailure",
    "TermsAcceptance",
]
