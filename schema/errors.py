"""How a refusal reaches a client: as a ``UserError`` in a payload, or as a top-level error with a code."""

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from typing import Any

import strawberry
from graphql import GraphQLError

from resolvers.errors import Code, Refusals, Refused


def _told(code: Code) -> Any:
    return strawberry.enum_value(code.name, description=code.value)


@strawberry.enum(description="Stable codes of refusals. Front ends may rely on them; new ones may be added.")
class UserErrorCode(Enum):
    """The codes of :class:`resolvers.errors.Code`, as clients see them."""

    INVALID = _told(Code.INVALID)
    BLANK = _told(Code.BLANK)
    NOT_FOUND = _told(Code.NOT_FOUND)
    IDEMPOTENCY_KEY_REUSED = _told(Code.IDEMPOTENCY_KEY_REUSED)
    CREDENTIALS_INVALID = _told(Code.CREDENTIALS_INVALID)
    SECOND_FACTOR_REQUIRED = _told(Code.SECOND_FACTOR_REQUIRED)
    LINK_INVALID = _told(Code.LINK_INVALID)
    KEY_INVALID = _told(Code.KEY_INVALID)
    THROTTLED = _told(Code.THROTTLED)
    PASSWORD_TOO_WEAK = _told(Code.PASSWORD_TOO_WEAK)
    PASSWORD_UNCHANGED = _told(Code.PASSWORD_UNCHANGED)
    TERMS_OUTDATED = _told(Code.TERMS_OUTDATED)
    FEATURE_CLOSED = _told(Code.FEATURE_CLOSED)
    FIELD_NOT_EDITABLE = _told(Code.FIELD_NOT_EDITABLE)
    NOT_ENROLLED = _told(Code.NOT_ENROLLED)
    DOSSIER_NOT_ACCEPTED = _told(Code.DOSSIER_NOT_ACCEPTED)
    DOSSIER_NOT_OPEN = _told(Code.DOSSIER_NOT_OPEN)
    DOSSIER_INCOMPLETE = _told(Code.DOSSIER_INCOMPLETE)
    ENROLMENT_NOT_OPEN = _told(Code.ENROLMENT_NOT_OPEN)
    TOO_LATE = _told(Code.TOO_LATE)
    NOT_YET_OPEN = _told(Code.NOT_YET_OPEN)
    FULL = _told(Code.FULL)
    CLOSED_DAY = _told(Code.CLOSED_DAY)
    PAST_DAY = _told(Code.PAST_DAY)
    UNIT_RULE = _told(Code.UNIT_RULE)
    LATE_QUOTA = _told(Code.LATE_QUOTA)
    LEAST_BOOKING = _told(Code.LEAST_BOOKING)
    OTHER_CUSTODY = _told(Code.OTHER_CUSTODY)
    HORIZON = _told(Code.HORIZON)
    NOTHING_BOOKED = _told(Code.NOTHING_BOOKED)
    ATTENDANCE_LOCKED = _told(Code.ATTENDANCE_LOCKED)
    NOTHING_TO_INVOICE = _told(Code.NOTHING_TO_INVOICE)
    NOTHING_TO_COLLECT = _told(Code.NOTHING_TO_COLLECT)
    NOTHING_TO_DEPOSIT = _told(Code.NOTHING_TO_DEPOSIT)
    ALREADY_PAID = _told(Code.ALREADY_PAID)
    NOTHING_TO_USE = _told(Code.NOTHING_TO_USE)
    PAYMENT_ROUTE_UNAVAILABLE = _told(Code.PAYMENT_ROUTE_UNAVAILABLE)
    TITRE_TAKEN = _told(Code.TITRE_TAKEN)
    AMOUNT_OUT_OF_RANGE = _told(Code.AMOUNT_OUT_OF_RANGE)
    PAYMENT_CLOSED = _told(Code.PAYMENT_CLOSED)
    COLLECTION_PENDING = _told(Code.COLLECTION_PENDING)
    PAYMENT_PENDING = _told(Code.PAYMENT_PENDING)
    BANK_UNAVAILABLE = _told(Code.BANK_UNAVAILABLE)
    BANK_REFUSED = _told(Code.BANK_REFUSED)
    CAF_UNKNOWN = _told(Code.CAF_UNKNOWN)
    CAF_UNAVAILABLE = _told(Code.CAF_UNAVAILABLE)
    RIGHT_NOT_HELD = _told(Code.RIGHT_NOT_HELD)
    STATE_CONFLICT = _told(Code.STATE_CONFLICT)
    CONFLICT = _told(Code.CONFLICT)
    FILE_EMPTY = _told(Code.FILE_EMPTY)
    FILE_TOO_LARGE = _told(Code.FILE_TOO_LARGE)
    FILE_TYPE_REFUSED = _told(Code.FILE_TYPE_REFUSED)
    FILE_EXTENSION_WRONG = _told(Code.FILE_EXTENSION_WRONG)
    FILE_UNREADABLE = _told(Code.FILE_UNREADABLE)
    FILE_ENCRYPTED = _told(Code.FILE_ENCRYPTED)
    FILE_ACTIVE = _told(Code.FILE_ACTIVE)
    FILE_AMBIGUOUS = _told(Code.FILE_AMBIGUOUS)
    FILE_TOO_COMPLEX = _told(Code.FILE_TOO_COMPLEX)
    DOCUMENT_IN_USE = _told(Code.DOCUMENT_IN_USE)
    VAULT_FULL = _told(Code.VAULT_FULL)


@strawberry.type(description="An expected refusal, to be shown to the person.")
class UserError:
    """One refusal of a mutation; a payload without any is a success."""

    code: UserErrorCode = strawberry.field(description="The stable code.")
    field: list[str] | None = strawberry.field(
        description='The path of the faulty input, such as `["input", "firstName"]`; null when no field is at fault.'
    )
    message: str = strawberry.field(description="What was refused, why, and what to do, in French.")
    until: datetime | None = strawberry.field(description="The deadline concerned, if any.", default=None)
    contact: str | None = strawberry.field(description="The mailbox to write to, if any.", default=None)


def user_errors(error: Refused | Refusals) -> list[UserError]:
    """What the ``userErrors`` of a payload say of a refusal: one entry per refusal, in the same order."""
    return [_user_error(refusal) for refusal in _each(error)]


def _each(error: Refused | Refusals) -> Iterable[Refused]:
    return error.refusals if isinstance(error, Refusals) else (error,)


def _user_error(refusal: Refused) -> UserError:
    until, contact = refusal.facts.get("until"), refusal.facts.get("contact")
    return UserError(
        code=UserErrorCode[refusal.code.name],
        field=["input", *refusal.field] if refusal.field is not None else None,
        message=refusal.message,
        until=until if isinstance(until, datetime) else None,
        contact=str(contact) if contact is not None else None,
    )


class ClientError(GraphQLError):
    """A top-level error that was written for the client: its message and extensions are shown as they are.

    ``code`` is one of Apollo's vocabulary (``BAD_USER_INPUT``, ``UNAUTHENTICATED``, ``FORBIDDEN``…).
    """

    def __init__(self, message: str, code: str, **extensions: object) -> None:
        super().__init__(message, extensions={"code": code, **extensions})


_TOP_LEVEL_CODES = {Code.THROTTLED: "THROTTLED"}


def refusal_error(error: Refused | Refusals) -> ClientError:
    """What a query says of a refusal (it has no ``userErrors``): ``BAD_USER_INPUT`` unless the code has a better name.

    ``extensions.reasons`` lists the codes of :class:`UserErrorCode`.
    """
    refusals = list(_each(error))
    code = _TOP_LEVEL_CODES.get(refusals[0].code, "BAD_USER_INPUT") if refusals else "BAD_USER_INPUT"
    message = " ".join(refusal.message for refusal in refusals)
    return ClientError(message, code, reasons=[refusal.code.name for refusal in refusals])
