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
from resolvers.models.billing import (
    BillingShare,
    CreditNote,
    Instalment,
    Invoice,
    InvoiceLine,
    InvoiceRun,
    NumberCounter,
    RunProblem,
    Titre,
    WriteOff,
)
from resolvers.models.bookings import (
    Attendance,
    Booking,
    BookingChange,
    BookingReceipt,
    CapacityChange,
    Enrolment,
    PlaceCount,
)
from resolvers.models.direct_debits import Collection, Mandate, Remittance
from resolvers.models.documents import Document, DocumentContent, DocumentReading
from resolvers.models.dossiers import ConsentGiven, Dossier, DossierPiece, DossierReading
from resolvers.models.effects import Effect
from resolvers.models.families import ContactPermission, Custody, FieldChange
from resolvers.models.households import Household, Membership, Person, QuotientFamilial
from resolvers.models.news import Article
from resolvers.models.payments import (
    Allocation,
    AttemptShare,
    BankEvent,
    Deposit,
    Payment,
    PaymentAttempt,
    Refund,
)
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
    "BillingShare",
    "Booking",
    "BookingChange",
    "BookingReceipt",
    "CalendarFeed",
    "CapacityChange",
    "Closure",
    "Collection",
    "ConsentGiven",
    "ContactPermission",
    "CreditNote",
    "Custody",
    "Deposit",
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
    "Instalment",
    "Invoice",
    "InvoiceLine",
    "InvoiceRun",
    "Mandate",
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
    "Refund",
    "ReminderWish",
    "Remittance",
    "Request",
    "RequestEvent",
    "RunProblem",
    "SecondFactor",
    "ServiceKey",
    "Session",
    "SignInFailure",
    "TermsAcceptance",
    "Titre",
    "WaitingEntry",
    "WriteOff",
]
