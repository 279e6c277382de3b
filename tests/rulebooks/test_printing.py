"""Every commune of the corpus is consistent, and its règlement is printed in French from end to end."""

import re
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from plugins.commune import Commune
from plugins.consistency import check_commune
from plugins.explanation import Document, Section, Sentences, Table, explain
from plugins.hookspecs import hookimpl
from plugins.rules.calendar import DayKind, SchoolYear
from plugins.rules.catalogue import Activity, Catalogue, Unit
from plugins.rules.french import NBSP
from plugins.rules.identity import Identity, Service
from plugins.rules.tariffs import Tariff
from tests.rulebooks.corpus import commune_module, entries
from tests.rulebooks.test_deadlines import commune_of, worked_out

MAILS = "Courriels"
REPR = re.compile(r"[A-Za-z]\w*\(|<\w|\w>|\{|\}|\[|\]|[a-z]_[a-z]|\b[a-z]+\.[a-z]+\.[a-z]|frozenset|Decimal")
ENGLISH = re.compile(
    r"\b(the|of|and|with|before|after|until|from|week|month|day|days|year|meal|price|late|booked|write|none|true|false)\b",
    re.IGNORECASE,
)
CLUMSY = re.compile(rf"  |\.\.| [.,)]|\( |[,;:]\.|’|\d [€%]|^([^:]+) : \1|^[a-z]|{NBSP}$")
"""Two spaces or stops, a stray mark, a curly apostrophe, an amount cut from its unit, a title said twice."""

ENTRIES = [pytest.param(kind, entry, id=entry["id"]) for kind in ("deadlines", "tariffs") for entry in entries(kind)]


@pytest.mark.parametrize(("kind", "entry"), ENTRIES)
def test_a_commune_of_the_corpus_is_consistent_and_printed_in_french(kind: str, entry: dict[str, Any]) -> None:
    for commune, on in communes(kind, entry):
        check_commune(commune)
        document = explain(commune, on)
        assert [text for text in texts(document) if REPR.search(text) or ENGLISH.search(text)] == []
        assert [line for line in sentences(document) if CLUMSY.search(line) or line[-1] not in ".!?:»"] == []


def communes(kind: str, entry: dict[str, Any]) -> Iterator[tuple[Commune, date]]:
    """The commune of an entry, once for each reading of its tariff, and a day of the year it is about."""
    if kind == "deadlines":
        days = [date.fromisoformat(known["service_date"]) for known in worked_out(entry)]
        yield commune_of(entry), SchoolYear.of(min(days, default=date(2025, 9, 1))).first_day
        return
    module = commune_module(kind, entry["id"])
    readings = {"": module.TARIFF} | getattr(module, "READINGS", {})
    for reading in readings.values():
        if isinstance(reading, Tariff):
            yield priced(entry["id"].lower(), reading), date(2025, 9, 1)


def priced(slug: str, prices: Tariff) -> Commune:
    """A commune with an activity of the units of a tariff."""
    kinds = frozenset({DayKind.SCHOOL, DayKind.WEDNESDAY, DayKind.HOLIDAY})

    @hookimpl
    def identity() -> Identity:
        service = Service("enfance", "service Enfance", f"enfance@{slug}.fr")
        return Identity(slug, slug.upper(), "A", f"portail@{slug}.fr", (service,))

    @hookimpl
    def catalogue(year: SchoolYear) -> Catalogue:
        units = tuple(Unit(code, code.capitalize(), frozenset(range(1, 6)), kinds) for code in sorted(prices.units))
        return Catalogue(
            year, (Activity("accueil", "Accueil", "enfance", "École", year.first_day, year.last_day, units),)
        )

    @hookimpl
    def tariff(activity: Activity, year: SchoolYear) -> Tariff:
        return prices

    answers = (identity, catalogue, tariff)
    return Commune(slug, SimpleNamespace(**{answer.__name__: answer for answer in answers}))


def sections(document: Document) -> Iterator[Section]:
    """The sections of the règlement and those inside; mails have words of their own, with what they mention."""
    for section in document.sections:
        if section.title != MAILS:
            yield from (section, *section.sections)


def sentences(document: Document) -> Iterator[str]:
    """What is printed as sentences."""
    yield from document.introduction.lines
    for section in sections(document):
        for paragraph in section.paragraphs:
            if isinstance(paragraph, Sentences):
                yield from paragraph.lines


def texts(document: Document) -> Iterator[str]:
    """What is printed as sentences, titles and tables; who gave an answer names a file."""
    yield from sentences(document)
    for section in sections(document):
        yield section.title
        for paragraph in section.paragraphs:
            if isinstance(paragraph, Table):
                yield from (paragraph.caption, *paragraph.headers, *(cell for row in paragraph.rows for cell in row))
