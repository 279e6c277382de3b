"""The documents of a family's account, drawn: accessible PDF (PDF/UA-1), the same bytes for the same page."""

import io
import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import cast

import segno
import typst

from gateway.papers.drawable import printable
from plugins.rules.invoice_documents import Letterhead
from plugins.rules.invoicing import Issuer

Cell = str | tuple[str, ...]
"""A text, or a text and the smaller ones under it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading and how wide it is beside the others; 0 for figures, as narrow as they are."""

    label: str
    wide: float = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page: a heading, then what it holds of a table, sums (label and amount) and sentences.

    ``qr`` is said to who does not see the QR code of the page, which stands at the end of the section; empty: none.
    """

    title: str
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    sums: tuple[tuple[str, str], ...] = ()
    sentences: tuple[str, ...] = ()
    small: bool = False
    qr: str = ""


@dataclass(frozen=True, slots=True)
class AccountPage:
    """A document in French, in reading order. ``qr`` is the address behind its QR code, empty without one."""

    title: str
    letterhead: Letterhead
    made_on: date
    facts: tuple[str, ...]
    sections: tuple[Section, ...]
    qr: str = ""


class AccountDrawer:
    """Draws one page at a time, in the thread of its caller."""

    def __init__(self, templates: Path) -> None:
        self._compiler = typst.Compiler(templates / "account.typ", root=templates, ignore_system_fonts=True)

    def draw(self, page: AccountPage) -> bytes:
        """The PDF of a page, dated from the day it was made. Characters that no font here can draw become « ? »."""
        pdf = self._compiler.compile(
            format="pdf",
            # Data goes through JSON: the template prints it and never interprets it.
            sys_inputs={"page": json.dumps(printable(_content(page))), "qr": _qr(page.qr) if page.qr else ""},
            pdf_standards=["ua-1"],
            timestamp=datetime.combine(page.made_on, time(), UTC),
        )
        return cast(bytes, pdf)  # a PDF is one file: typst's lists are for images


def _content(page: AccountPage) -> dict[str, object]:
    head, made = page.letterhead, page.made_on
    return {
        "title": page.title,
        "date": {"year": made.year, "month": made.month, "day": made.day},
        "author": head.issuer.name,
        "from": _issuer_lines(head.issuer),
        "household": head.household_name,
        "addressee": head.addressee_lines,
        "facts": page.facts,
        "sections": [asdict(section) for section in page.sections],
    }


def _issuer_lines(issuer: Issuer) -> list[str]:
    siret = [f"SIRET {issuer.siret}"] if issuer.siret else []
    return [*issuer.address, *siret, issuer.contact]


def _qr(address: str) -> str:
    """The QR code of an address, as SVG, with the quiet zone that readers need (ISO/IEC 18004: four modules)."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=4, xmldecl=False)
    return drawn.getvalue().decode()
