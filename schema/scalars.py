"""Strict scalars: one accepted spelling per value, refused with a reason otherwise; and money.

The wire formats are RFC 3339 §5.6 for dates and times, and plain decimal strings for amounts. Strawberry's own
scalars accept ``NaN``, ``20200101`` or an instant without offset, which two clients may read differently.
"""

import datetime as dt
import re
from decimal import Decimal
from enum import Enum
from typing import Any, Protocol, Self, runtime_checkable

import strawberry
from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.file_uploads import Upload
from strawberry.types.scalar import ScalarDefinition

_RFC3339 = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6"
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_LOCAL_TIME = re.compile(r"\d\d:\d\d(:\d\d)?", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,9}(\.\d{1,2})?", re.ASCII)
_CENT = Decimal("0.01")


def _text(value: object, pattern: re.Pattern[str], expected: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise StrawberryInputCoercionError(expected)
    return value


def parse_date(value: object) -> dt.date:
    """A calendar day from ``YYYY-MM-DD``."""
    text = _text(value, _DATE, "Date must be a string such as 2026-09-01.")
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise StrawberryInputCoercionError("Date is not a day of the calendar.") from error


def parse_date_time(value: object) -> dt.datetime:
    """An instant, in UTC, from an RFC 3339 date-time with its offset."""
    text = _text(value, _DATE_TIME, "DateTime must be RFC 3339 with an offset, such as 2026-09-01T08:30:00+02:00.")
    try:
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise StrawberryInputCoercionError("DateTime is not an instant of the calendar.") from error


def parse_local_time(value: object) -> dt.time:
    """A wall-clock time from ``HH:MM`` or ``HH:MM:SS``."""
    text = _text(value, _LOCAL_TIME, "LocalTime must be a string such as 08:30 or 08:30:00.")
    try:
        return dt.time.fromisoformat(text)
    except ValueError as error:
        raise StrawberryInputCoercionError("LocalTime is not a time of the day.") from error


def parse_decimal(value: object) -> Decimal:
    """An exact number from a string of at most nine digits and two decimals."""
    return Decimal(_text(value, _DECIMAL, 'Decimal must be a string with at most two decimals, such as "12.50".')) + 0


def print_date_time(value: dt.datetime) -> str:
    """An instant in UTC, written with ``Z``; a naive value is a fault of ours (``ValueError``)."""
    if value.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return value.astimezone(dt.UTC).isoformat().removesuffix("+00:00") + "Z"


def print_date(value: dt.date) -> str:
    """A calendar day; an instant is not one (``TypeError``): its day depends on the time zone."""
    if isinstance(value, dt.datetime):
        raise TypeError("a Date cannot be printed from an instant")
    return value.isoformat()


def print_decimal(value: Decimal) -> str:
    """A number with exactly two decimals; more is a fault of ours (``ValueError``): rounding is never silent."""
    cents = value.quantize(_CENT)
    if cents != value:
        raise ValueError("an amount has at most two decimals")
    return str(cents)


@runtime_checkable
class _UploadedFile(Protocol):
    filename: str | None

    async def read(self, size: int = -1) -> bytes: ...


def _parse_upload(value: object) -> _UploadedFile:
    """Only what a multipart body delivered: a JSON value in a file's place is refused."""
    if not isinstance(value, _UploadedFile):
        raise StrawberryInputCoercionError("Upload must be a file sent in a multipart request.")
    return value


def _print_upload(value: object) -> None:
    raise TypeError("an Upload is never returned")


SCALARS: dict[object, ScalarDefinition] = {
    dt.date: strawberry.scalar(
        name="Date",
        description="A calendar day in the commune, `YYYY-MM-DD`.",
        specified_by_url=_RFC3339,
        serialize=print_date,
        parse_value=parse_date,
    ),
    dt.datetime: strawberry.scalar(
        name="DateTime",
        description="An instant: RFC 3339 with an offset on the way in, in UTC with `Z` on the way out.",
        specified_by_url=_RFC3339,
        serialize=print_date_time,
        parse_value=parse_date_time,
    ),
    dt.time: strawberry.scalar(
        name="LocalTime",
        description="A time on the commune's wall clock, `HH:MM` or `HH:MM:SS`.",
        specified_by_url=_RFC3339,
        serialize=dt.time.isoformat,
        parse_value=parse_local_time,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description='An exact number as a string with two decimals, such as `"12.50"`.',
        specified_by_url="https://www.w3.org/TR/xmlschema-2/#decimal",
        serialize=print_decimal,
        parse_value=parse_decimal,
    ),
    Upload: strawberry.scalar(
        name="Upload",
        description="A file sent in a multipart request; only ever the value of a variable.",
        specified_by_url="https://github.com/jaydenseric/graphql-multipart-request-spec",
        serialize=_print_upload,
        parse_value=_parse_upload,
    ),
}
"""What ``StrawberryConfig(scalar_map=…)`` takes."""


def is_clean(value: object) -> bool:
    """False when a text anywhere in a JSON value holds a NUL or a lone surrogate: databases and JSON refuse those.

    Walks without recursion, so the depth of a hostile value does not matter.
    """
    pending: list[Any] = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            if not item.isascii() and any("\ud800" <= character <= "\udfff" for character in item):
                return False
            if "\0" in item:
                return False
        elif isinstance(item, dict):
            pending.extend(item)
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)
    return True


@strawberry.enum(description="An ISO 4217 currency. Other currencies may be added.")
class CurrencyCode(Enum):
    """The currencies the portal counts in."""

    EUR = strawberry.enum_value("EUR", description="Euro.")


@strawberry.type(description="An amount of money.")
class Money:
    """An amount as clients see it; inside, the portal counts in integer cents."""

    amount: Decimal = strawberry.field(description='The exact amount, such as `"12.50"`; negative for a credit.')
    currency: CurrencyCode = strawberry.field(description="The currency of the amount.")

    @classmethod
    def of(cls, cents: int) -> Self:
        """The amount that is worth so many euro cents."""
        return cls(amount=Decimal(cents).scaleb(-2), currency=CurrencyCode.EUR)


def cents_of(amount: Decimal) -> int:
    """The integer cents of an amount that a client wrote in euros."""
    return int(amount.scaleb(2))
