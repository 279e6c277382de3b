"""The enumerations clients see, value by value. Each mirrors one of the house by name; a test holds them together."""

from enum import Enum
from typing import Any

import strawberry


def _means(name: str, description: str) -> Any:
    return strawberry.enum_value(name, description=description)


@strawberry.enum(description="Whose account it is.")
class AccountKind(Enum):
    """See ``resolvers.context.AccountKind``."""

    FAMILY = _means("FAMILY", "A parent or guardian.")
    AGENT = _means("AGENT", "An agent of the commune's service.")


@strawberry.enum(description="What a signed-in person must still do before using the portal.")
class Step(Enum):
    """See ``resolvers.context.Step``."""

    CHANGE_PASSWORD = _means("CHANGE_PASSWORD", "Replace the generated password (`passwordChange`).")
    ACCEPT_TERMS = _means("ACCEPT_TERMS", "Accept the current terms of use (`termsAccept`).")


@strawberry.enum(description="What an agent may do.")
class AgentRight(Enum):
    """See ``resolvers.context.AgentRight``."""

    ATTENDANCE = _means("ATTENDANCE", "See the day's lists and record who came.")
    BILLING = _means("BILLING", "Prepare and issue invoices.")
    FAMILIES = _means("FAMILIES", "Accounts, households and yearly files.")
    SETTINGS = _means("SETTINGS", "News and delayed effects.")


@strawberry.enum(description="How a session is presented.")
class SessionTransport(Enum):
    """See ``resolvers.models.accounts.SessionKind``."""

    COOKIE = _means("COOKIE", "An HttpOnly cookie, for browsers: the token is never shown.")
    BEARER = _means("BEARER", "Tokens in the answer, for mobile applications and integrators.")


@strawberry.enum(description="One rule of the password policy.")
class PasswordRule(Enum):
    """See ``plugins.rules.accounts.PasswordRule``."""

    MIN_LENGTH = _means("MIN_LENGTH", "Long enough.")
    MAX_LENGTH = _means("MAX_LENGTH", "Not too long.")
    LOWERCASE = _means("LOWERCASE", "Enough lower-case letters.")
    UPPERCASE = _means("UPPERCASE", "Enough upper-case letters.")
    DIGIT = _means("DIGIT", "Enough digits.")
    NOT_LOGIN = _means("NOT_LOGIN", "Different from the login.")


@strawberry.enum(description="What an answer of a form is made of.")
class AnswerKind(Enum):
    """See ``plugins.rules.questions.AnswerKind``."""

    TEXT = _means("TEXT", "A text of at most 1000 characters.")
    YES_NO = _means("YES_NO", "`yes` or `no`.")
    DATE = _means("DATE", "A day, `YYYY-MM-DD`.")
    CHOICE = _means("CHOICE", "The code of one of the choices.")


@strawberry.enum(description="What a yearly file is made of.")
class DossierPart(Enum):
    """See ``plugins.rules.completeness.Part``."""

    QUESTION = _means("QUESTION", "A question of the form.")
    CONSENT = _means("CONSENT", "A consent.")
    DOCUMENT = _means("DOCUMENT", "A document.")


@strawberry.enum(description="One thing a family does online, opened or closed service by service.")
class Feature(Enum):
    """See ``plugins.rules.features.Feature``."""

    EDIT_HOUSEHOLD = _means("EDIT_HOUSEHOLD", "Change the household's particulars.")
    BOOK = _means("BOOK", "Book and cancel.")
    REPORT_ABSENCE = _means("REPORT_ABSENCE", "Report an absence.")
    VIEW_INVOICES = _means("VIEW_INVOICES", "Read invoices.")
    PAY_ONLINE = _means("PAY_ONLINE", "Pay online.")
    FILE_DOSSIER = _means("FILE_DOSSIER", "File the yearly « dossier administratif ».")
    ENROL = _means("ENROL", "Enrol a child in an activity.")
    ASK = _means("ASK", "Ask the service a question (`requestCreate`).")


@strawberry.enum(description="What a person is in a household.")
class Role(Enum):
    """See ``resolvers.models.households.Role``."""

    REPRESENTATIVE = _means("REPRESENTATIVE", "A legal representative.")
    CO_REPRESENTATIVE = _means("CO_REPRESENTATIVE", "The other legal representative.")
    CHILD = _means("CHILD", "A child.")
    CONTACT = _means("CONTACT", "Somebody to call, or who may pick the child up.")


@strawberry.enum(description="Where a « quotient familial » comes from.")
class QuotientSource(Enum):
    """See ``resolvers.models.households.QuotientSource``."""

    AGENT = _means("AGENT", "The service recorded it.")
    DECLARED = _means("DECLARED", "The family declared it.")
    CAF = _means("CAF", "The family allowance fund answered it, with the family's consent.")


@strawberry.enum(description="The sex of the civil status.")
class Sex(Enum):
    """See ``resolvers.ports.Sex``."""

    FEMALE = _means("FEMALE", "Female.")
    MALE = _means("MALE", "Male.")


@strawberry.enum(description="Whether a « quotient familial » counts.")
class QuotientState(Enum):
    """See ``resolvers.models.households.QuotientState``."""

    WAITING = _means("WAITING", "An agent will check it; it prices nothing yet.")
    ACCEPTED = _means("ACCEPTED", "It prices, from when the rule of the commune says.")
    REFUSED = _means("REFUSED", "It never prices.")


@strawberry.enum(description="Whether the household lives in the commune.")
class Residency(Enum):
    """See ``plugins.rules.tariffs.Residency``."""

    RESIDENT = _means("RESIDENT", "It does.")
    OUTSIDE = _means("OUTSIDE", "It does not.")


@strawberry.enum(description="What a day is for children.")
class DayKind(Enum):
    """See ``plugins.rules.calendar.DayKind``."""

    SCHOOL = _means("SCHOOL", "There is class.")
    WEDNESDAY = _means("WEDNESDAY", "In term, a weekday without class.")
    HOLIDAY = _means("HOLIDAY", "School holidays.")
    WEEKEND = _means("WEEKEND", "Saturday or Sunday.")
    PUBLIC_HOLIDAY = _means("PUBLIC_HOLIDAY", "A public holiday.")
    CLOSED = _means("CLOSED", "The commune closes its services.")
    UNKNOWN = _means("UNKNOWN", "Past the official calendar.")


@strawberry.enum(description="Where a wait for a place stands.")
class WaitingState(Enum):
    """See ``resolvers.models.waiting.WaitingState``."""

    WAITING = _means("WAITING", "No place is free yet.")
    OFFERED = _means("OFFERED", "A place is kept for the child: see `offeredUntil`, `offerAccept`, `offerDecline`.")
    BOOKED = _means("BOOKED", "The child has its place.")
    LEFT = _means("LEFT", "The family gave up, or refused the place.")
    EXPIRED = _means("EXPIRED", "The family did not answer the offer in time.")
    CLOSED = _means("CLOSED", "No place was freed before the last instant to book.")


@strawberry.enum(description="The answer for one unit on one day.")
class Verdict(Enum):
    """See ``plugins.rules.verdicts.Verdict``."""

    BOOKABLE = _means("BOOKABLE", "Not booked, and can be.")
    BOOKED = _means("BOOKED", "Booked, and stays so.")
    CANCELLABLE = _means("CANCELLABLE", "Booked, and the wanted cancellation is possible.")
    FREE = _means("FREE", "Not booked and not wanted.")
    CLOSED_DAY = _means("CLOSED_DAY", "The unit is not open on this day.")
    PAST_DAY = _means("PAST_DAY", "The day is in the past.")
    HORIZON = _means("HORIZON", "The day is past the official calendar.")
    NOT_YET_OPEN = _means("NOT_YET_OPEN", "Booking has not opened yet; see `until`.")
    TOO_LATE = _means("TOO_LATE", "The deadline has passed; see `until`.")
    FULL = _means("FULL", "No place is left.")
    NOT_ENROLLED = _means("NOT_ENROLLED", "The child is not enrolled in the activity.")
    DOSSIER_NOT_ACCEPTED = _means("DOSSIER_NOT_ACCEPTED", "The child's yearly file must be accepted first.")
    FEATURE_CLOSED = _means("FEATURE_CLOSED", "Not offered online for this service; see `contact`.")
    UNIT_RULE = _means("UNIT_RULE", "Units of the activity require or exclude each other.")
    LATE_QUOTA = _means("LATE_QUOTA", "As many late bookings as the commune tolerates were made already.")
    LEAST_BOOKING = _means("LEAST_BOOKING", "Fewer days would be booked than the least of a week or of a period.")
    OTHER_CUSTODY = _means("OTHER_CUSTODY", "A custody calendar gives this day to another household of the child.")


@strawberry.enum(description="What to do when part of a request cannot be done.")
class CommitMode(Enum):
    """See ``resolvers.agenda.bookings.CommitMode``."""

    ATOMIC = _means("ATOMIC", "All or nothing.")
    BEST_EFFORT = _means("BEST_EFFORT", "Do what can be done, tell the rest.")


@strawberry.enum(description="Which days of rhythms and copies are left out instead of being refused.")
class Skip(Enum):
    """See ``resolvers.agenda.plans.Skip``."""

    CLOSED = _means("CLOSED", "When the unit does not take place, or the child is with its other household.")
    REFUSED = _means("REFUSED", "Whatever cannot be booked: those, too late, full, not open yet.")


@strawberry.enum(description="What happened to a booking.")
class ChangeKind(Enum):
    """See ``resolvers.models.bookings.ChangeKind``."""

    BOOKED = _means("BOOKED", "It was booked.")
    CANCELLED = _means("CANCELLED", "It was cancelled.")


@strawberry.enum(description="Where a yearly file stands.")
class DossierState(Enum):
    """See ``resolvers.models.dossiers.DossierState``."""

    DRAFT = _means("DRAFT", "Being filled in by the family.")
    SUBMITTED = _means("SUBMITTED", "Sent; an agent will decide.")
    ACCEPTED = _means("ACCEPTED", "Accepted.")
    REFUSED = _means("REFUSED", "Refused, with a reason; it can be corrected and sent again.")


@strawberry.enum(description="What the service thinks of a document.")
class DocumentState(Enum):
    """See ``resolvers.models.documents.DocumentState``."""

    RECEIVED = _means("RECEIVED", "Received; an agent will look at it.")
    ACCEPTED = _means("ACCEPTED", "Accepted, until `validUntil` if it is given.")
    REFUSED = _means("REFUSED", "Refused, with a reason; send another one.")


@strawberry.enum(description="Who enrols children in an activity.")
class EnrolmentMode(Enum):
    """See ``plugins.rules.catalogue.EnrolmentMode``."""

    BY_SERVICE = _means("BY_SERVICE", "The service does.")
    ONLINE = _means("ONLINE", "Families do, with `enrolmentCreate`.")
    REVIEWED = _means("REVIEWED", "Families ask with `enrolmentCreate`, and an agent decides.")


@strawberry.enum(description="Whether a child is in an activity.")
class EnrolmentState(Enum):
    """See ``resolvers.models.bookings.EnrolmentState``."""

    ACTIVE = _means("ACTIVE", "Enrolled from its first to its last day.")
    ASKED = _means("ASKED", "An agent will decide.")
    REFUSED = _means("REFUSED", "The service refused it; the request says why.")
    ENDED = _means("ENDED", "Ended before its time: `lastDay` is the end, before `firstDay` when it never began.")


@strawberry.enum(description="What an agent saw.")
class Presence(Enum):
    """See ``resolvers.models.bookings.Presence``."""

    PRESENT = _means("PRESENT", "Booked and came.")
    ABSENT_JUSTIFIED = _means("ABSENT_JUSTIFIED", "Booked, did not come, and it is not due.")
    ABSENT_UNJUSTIFIED = _means("ABSENT_UNJUSTIFIED", "Booked, did not come, and it is due.")
    UNEXPECTED = _means("UNEXPECTED", "Came without a booking.")


@strawberry.enum(description="Where a reported absence stands.")
class AbsenceState(Enum):
    """See ``resolvers.models.absences.AbsenceState``."""

    REPORTED = _means("REPORTED", "The rules have spoken; a document or an agent may still take more off.")
    DECIDED = _means("DECIDED", "An agent decided all of it.")
    WITHDRAWN = _means("WITHDRAWN", "The family gave it up, or reported these days again.")


@strawberry.enum(description="What a family asks.")
class RequestKind(Enum):
    """See ``plugins.rules.requests.RequestKind``."""

    HOUSEHOLD = _means("HOUSEHOLD", "A household declared by a new family.")
    PARTICULARS = _means("PARTICULARS", "A change of somebody's particulars.")
    ENTOURAGE = _means("ENTOURAGE", "Somebody added to the entourage, changed or taken out of it.")
    CHILD = _means("CHILD", "Another child in the household.")
    DOSSIER = _means("DOSSIER", "A child's yearly file.")
    ENROLMENT = _means("ENROLMENT", "A child in an activity.")
    BOOKING = _means("BOOKING", "Days booked or cancelled.")
    ABSENCE = _means("ABSENCE", "An absence to justify.")
    QUOTIENT = _means("QUOTIENT", "A « quotient familial » declared.")
    DOCUMENT = _means("DOCUMENT", "A document handed in apart from any other request.")
    E_INVOICE = _means("E_INVOICE", "Invoices online instead of paper.")
    DIRECT_DEBIT = _means("DIRECT_DEBIT", "Paying by direct debit « prélèvement ».")
    OTHER = _means("OTHER", "A question to the service.")


@strawberry.enum(description="Where a request stands.")
class RequestState(Enum):
    """See ``plugins.rules.requests.RequestState``."""

    DRAFT = _means("DRAFT", "Not sent yet.")
    SENT = _means("SENT", "Sent; nobody has looked at it yet.")
    IN_REVIEW = _means("IN_REVIEW", "An agent works on it.")
    AWAITING_FAMILY = _means("AWAITING_FAMILY", "The service asked the family for something.")
    ACCEPTED = _means("ACCEPTED", "Done as asked; final.")
    REFUSED = _means("REFUSED", "Refused, with a reason; final.")
    CANCELLED = _means("CANCELLED", "The family gave it up; final.")


@strawberry.enum(description="What a family can do with a particular.")
class Visibility(Enum):
    """See ``plugins.rules.features.Visibility``."""

    HIDDEN = _means("HIDDEN", "It does not see it: the value is null.")
    SHOWN = _means("SHOWN", "It sees it; the service keeps it.")
    EDITABLE = _means("EDITABLE", "It sees it and changes it (`personUpdate`).")
    REQUIRED = _means("REQUIRED", "It changes it, and never leaves it empty.")


@strawberry.enum(description="Where a change of a particular stands.")
class ChangeState(Enum):
    """See ``resolvers.models.families.ChangeState``."""

    WAITING = _means("WAITING", "An agent will decide.")
    APPLIED = _means("APPLIED", "The new value holds.")
    REFUSED = _means("REFUSED", "Refused, or given up by the family.")
    OVERTAKEN = _means("OVERTAKEN", "Accepted too late: the old value had moved, and nothing was applied.")


@strawberry.enum(description="What a contact may do about a child.")
class Permission(Enum):
    """See ``plugins.rules.entourage.Permission``."""

    FETCH = _means("FETCH", "May pick the child up.")
    CALL = _means("CALL", "Is called when something happens.")
    FORBIDDEN = _means("FORBIDDEN", "Kept away by a court decision; an agent always checks it.")


@strawberry.enum(description="How the days of a household with a shared child are told.")
class CustodyPattern(Enum):
    """See ``plugins.rules.custody.CustodyPattern``."""

    ALTERNATE_WEEKS = _means("ALTERNATE_WEEKS", "One week in two, counted from a date.")
    WEEKDAYS = _means("WEEKDAYS", "Some days of the week.")


@strawberry.enum(description="What happened to a request.")
class RequestEventKind(Enum):
    """See ``resolvers.models.requests.RequestEventKind``."""

    STATE = _means("STATE", "It moved to another state, perhaps with a message.")
    MESSAGE = _means("MESSAGE", "Somebody wrote; it stayed where it was.")


@strawberry.enum(description="What a public page is.")
class PageKind(Enum):
    """See ``resolvers.models.public.PageKind``."""

    DOCUMENT = _means("DOCUMENT", "A document to read or download: rules, a form.")
    PRACTICAL = _means("PRACTICAL", "Practical information: opening hours, who to call.")


@strawberry.enum(description="An allergen of Annex II of Regulation (EU) 1169/2011.")
class Allergen(Enum):
    """See ``plugins.rules.menus.Allergen``."""

    GLUTEN = _means("GLUTEN", "Cereals with gluten.")
    CRUSTACEANS = _means("CRUSTACEANS", "Crustaceans.")
    EGGS = _means("EGGS", "Eggs.")
    FISH = _means("FISH", "Fish.")
    PEANUTS = _means("PEANUTS", "Peanuts.")
    SOYBEANS = _means("SOYBEANS", "Soybeans.")
    MILK = _means("MILK", "Milk, lactose included.")
    NUTS = _means("NUTS", "Nuts.")
    CELERY = _means("CELERY", "Celery.")
    MUSTARD = _means("MUSTARD", "Mustard.")
    SESAME = _means("SESAME", "Sesame seeds.")
    SULPHITES = _means("SULPHITES", "Sulphur dioxide and sulphites.")
    LUPIN = _means("LUPIN", "Lupin.")
    MOLLUSCS = _means("MOLLUSCS", "Molluscs.")
