"""Tables that a French spreadsheet opens as they are: semicolons, decimal commas, days as jj/mm/aaaa.

A text is never a formula: what a spreadsheet would compute (OWASP, « CSV injection ») begins with an apostrophe.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from plugins.rules.texts import one_line

BOM = "\ufeff"
"""What makes a spreadsheet read accents: the first bytes of a file."""

CSV = "text/csv; charset=utf-8"

Cell = str | int | Decimal | date | datetime | None
"""A text, a count, an amount in euros (see :func:`amount`), a day, an instant on the commune's clocks; or nothing."""

_FORMULAS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # the last four are their wide forms


def amount(cents: int) -> Decimal:
    """Cents as a cell of euros."""
    return Decimal(cents).scaleb(-2)


def rows_of(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Rows in UTF-8, each ended as RFC 4180 ends them; put :data:`BOM` before the first ones of a file."""
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerows(
        [_written(cell) for cell in row] for row in rows
    )
    return written.getvalue().encode()


def table(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A whole file: its headings, then its rows."""
    return BOM.encode() + rows_of([headings, *rows])


def _written(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            text = one_line(cell)
            return f"'{text}" if text.startswith(_FORMULAS) else text
        case Decimal():
            return f"{cell:.2f}".replace(".", ",")
        case datetime():
            return f"{cell:%d/%m/%Y %H:%M:%S}"
        case date():
            return f"{cell:%d/%m/%Y}"
    return str(cell)
