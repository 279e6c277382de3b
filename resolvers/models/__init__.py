"""The tables that resolvers resolve from, one file per aggregate. Tortoise finds every table through this package."""

from resolvers.models.absences import AbsenceReport, AbsentDay, Closure
from resolvers.models.accounts import (
    Account,
    EmailChange,
    OneTimeLink,
    RefreshToken,
    SecondFactor,
    ServiceKey,
    Session,
    SignInFailure,
    TermsAcceptance,
)
from resolvers.models.answers import IdempotentAnswer
from resolvers.models.baskets import Basket
from resolvers.models.billing import Invoice, InvoiceLine, NumberCounter
from resolvers.models.bookings import (
    Attendance,
    Booking,
    BookingChange,
    BookingReceipt,
    CapacityChange,
    Enrolment,
    PlaceCount,
)
from resolvers.models.documents import Document, DocumentContent, DocumentReading
from resolvers.models.dossiers import ConsentGiven, Dossier, DossierPiece, DossierReading
from resolvers.models.effects import Effect
from resolvers.models.families import ContactPermission, Custody, FieldChange
from resolvers.models.households import Household, Membership, Person, QuotientFamilial
from resolvers.models.news import Article
from resolvers.models.payments import Allocation, AttemptShare, BankEvent, Payment, PaymentAttempt
from resolvers.models.public import Menu, PublicFile, PublicPage
from resolvers.models.reminders import CalendarFeed, ReminderWish
from resolvers.models.requests import Request, RequestEvent
from resolvers.models.waiting import PlaceHold, WaitingEntry

__all__ = [
    "AbsenceReport",
    "AbsentDay",
    "Account",
    "Allocation",
    "Article",
    "AttemptShare",
    "Attendance",
    "BankEvent",
    "Basket",
    "Booking",
    "BookingChange",
    "BookingReceipt",
    "CalendarFeed",
    "CapacityChange",
    "Closure",
    "ConsentGiven",
    "ContactPermission",
    "Custody",
    "Document",
    "DocumentContent",
    "DocumentReading",
    "Dossier",
    "DossierPiece",
    "DossierReading",
    "Effect",
    "EmailChange",
    "Enrolment",
    "FieldChange",
    "Household",
    "IdempotentAnswer",
    "Invoice",
    "InvoiceLine",
    "Membership",
    "Menu",
    "NumberCounter",
    "OneTimeLink",
    "Payment",
    "PaymentAttempt",
    "Person",
    "PlaceCount",
    "PlaceHold",
    "PublicFile",
    "PublicPage",
    "QuotientFamilial",
    "RefreshToken",
    "ReminderWish",
    "Request",
    "RequestEvent",
    "SecondFactor",
    "ServiceKey",
    "Session",
    "SignInFailure",
    "TermsAcceptance",
    "WaitingEntry",
]
