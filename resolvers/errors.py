"""The ways a request can be refused: a stable code, a French sentence, and the facts behind it."""

from collections.abc import Iterable, Mapping
from enum import Enum


class Code(Enum):
    """Stable codes of refusals; front ends may rely on them. The text of each value is its meaning."""

    INVALID = "The value has the wrong form."
    BLANK = "A required value is missing."
    NOT_FOUND = "The object does not exist or is not visible to the viewer."
    IDEMPOTENCY_KEY_REUSED = "The idempotency key was already used with another input."
    CREDENTIALS_INVALID = "The identifier or the password is wrong."
    SECOND_FACTOR_REQUIRED = "The password is right; the one-time code is missing."
    LINK_INVALID = "The link is unknown, expired or already used."
    KEY_INVALID = "The service key is unknown, expired or already used."
    THROTTLED = "Too many attempts; try again later."
    PASSWORD_TOO_WEAK = "The password does not meet the commune's policy."  # noqa: S105
    PASSWORD_UNCHANGED = "The new password equals the old one."  # noqa: S105
    TERMS_OUTDATED = "The accepted version is not the current one."
    FEATURE_CLOSED = "The commune does not offer this online for this service; write to the contact."
    FIELD_NOT_EDITABLE = "This field cannot be changed online."
    NOT_ENROLLED = "The child is not enrolled in this activity."
    DOSSIER_NOT_ACCEPTED = "The child's yearly file must be accepted first."
    DOSSIER_NOT_OPEN = "The yearly file cannot be filed now."
    DOSSIER_INCOMPLETE = "The yearly file lacks what its `missing` lists."
    ENROLMENT_NOT_OPEN = "Enrolment in this activity is not open."
    TOO_LATE = "The deadline has passed."
    NOT_YET_OPEN = "Booking has not opened yet."
    FULL = "No place is left."
    CLOSED_DAY = "The unit is not open on this day."
    PAST_DAY = "The day is in the past."
    UNIT_RULE = "Units of this activity require or exclude each other."
    LATE_QUOTA = "As many late bookings as the commune tolerates were made already."
    LEAST_BOOKING = "Fewer days would be booked than the least of a week or of a period."
    OTHER_CUSTODY = "A custody calendar gives this day to another household of the child."
    HORIZON = "The day is past the official calendar."
    NOTHING_BOOKED = "Nothing is booked on these days."
    ATTENDANCE_LOCKED = "The attendance has been invoiced and can no longer change."
    NOTHING_TO_INVOICE = "There is nothing to invoice."
    NOTHING_TO_COLLECT = "No invoice can be collected on this day."
    NOTHING_TO_DEPOSIT = "The drawer is empty."
    ALREADY_PAID = "Nothing is owed on the invoice: it is paid, or was cancelled."
    NOTHING_TO_USE = "The household has no credit, or nothing is owed on these invoices."
    PAYMENT_ROUTE_UNAVAILABLE = "This way of paying is not offered here."
    TITRE_TAKEN = "Another invoice bears this reference of « titre »."
    AMOUNT_OUT_OF_RANGE = "The amount is outside what this way of paying accepts."
    PAYMENT_CLOSED = "The last day to pay the invoice online has passed; the message says whom to pay."
    COLLECTION_PENDING = "The invoice is being collected by direct debit."
    PAYMENT_PENDING = "A payment of this invoice is under way."
    BANK_UNAVAILABLE = "The bank does not answer; try again later."
    BANK_REFUSED = "The bank refused the payment order."
    CAF_UNKNOWN = "The family allowance fund has no file of this person with a child of the household."
    CAF_UNAVAILABLE = "The family allowance fund does not answer; try again later, or declare the quotient."
    RIGHT_NOT_HELD = "Nobody gives or takes back a right or a service that is not their own."
    STATE_CONFLICT = "The object has changed since; reload it and try again."
    CONFLICT = "Another device saved since this version was read; `latest` is the object as it is now."
    FILE_EMPTY = "The file is empty."
    FILE_TOO_LARGE = "The file is larger than 10 MB."
    FILE_TYPE_REFUSED = "The file is neither a PDF, nor a JPEG, nor a PNG picture."
    FILE_EXTENSION_WRONG = "The end of the file's name does not agree with its contents."
    FILE_UNREADABLE = "The file is broken or cut."
    FILE_ENCRYPTED = "The PDF is encrypted or protected."
    FILE_ACTIVE = "The PDF holds a script, an action, another file or an XFA form."
    FILE_AMBIGUOUS = "The file is also something else: an archive or a web page."
    FILE_TOO_COMPLEX = "The file unfolds into more than the portal accepts."
    DOCUMENT_IN_USE = "A yearly file that was sent, or a mandate of direct debit, relies on the document."
    VAULT_FULL = "The household keeps as many documents as the portal accepts."


class Refused(Exception):  # noqa: N818 (a refusal is not an error of the program)
    """An expected refusal. ``message`` is French and says what, why and what to do.

    ``facts`` carries what the sentence is about (an instant, a contact). ``field`` is the path of the faulty input,
    from the ``input`` argument down.
    """

    def __init__(self, code: Code, message: str, *, field: Iterable[str] | None = None, **facts: object) -> None:
        super().__init__(f"{code.name}: {message}")
        self.code = code
        self.message = message
        self.field: tuple[str, ...] | None = tuple(field) if field is not None else None
        self.facts: Mapping[str, object] = facts


class Refusals(Exception):  # noqa: N818
    """Several refusals at once: all of them are told, so nobody corrects a form one error at a time."""

    def __init__(self, refusals: Iterable[Refused]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("; ".join(str(refusal) for refusal in self.refusals))


def not_found(what: str, *field: str) -> Refused:
    """The refusal for an object that does not exist or belongs to others: the two are never told apart."""
    return Refused(Code.NOT_FOUND, f"{what} : introuvable.", field=field or None)
