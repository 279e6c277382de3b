"""A règlement as plain text, for a terminal or a mail: numbered titles, sentences, tables."""

from collections.abc import Iterator
from textwrap import wrap

from plugins.explanation import Document, Paragraph, Section, Sentences, Source, Table
from plugins.rules.french import NBSP

WIDTH = 110
GAP = "  "


def as_text(document: Document) -> str:
    """The whole document; lines hold 110 characters, a table that is wider is written row by row."""
    lines = [document.title, "=" * len(document.title), "", *_paragraph(document.introduction)]
    for number, section in enumerate(document.sections, 1):
        lines += _section(section, str(number), "-")
    return "\n".join(line for before, line in zip(["", *lines], lines, strict=False) if before or line) + "\n"


def _section(section: Section, number: str, underline: str) -> Iterator[str]:
    title = f"{number}. {section.title}"
    yield from ("", title, underline * len(title), "")
    for paragraph in section.paragraphs:
        yield from _paragraph(paragraph)
    for rank, inner in enumerate(section.sections, 1):
        yield from _section(inner, f"{number}.{rank}", "·")


def _paragraph(paragraph: Paragraph) -> Iterator[str]:
    match paragraph:
        case Sentences(lines):
            for line in lines:
                yield from _wrap(line)
        case Source(text):
            yield from _wrap(f"({text})")
        case Table():
            yield from ("", *_wrap(f"{paragraph.caption} :"), "")
            yield from (
                _columns(paragraph)
                if sum(_widths(paragraph)) + len(GAP) * len(paragraph.headers) <= WIDTH
                else _cards(paragraph)
            )
            yield ""


def _wrap(text: str, *, initial_indent: str = "", subsequent_indent: str = "") -> list[str]:
    """A text in lines; French punctuation stays with its word, and an address is not cut at its hyphen."""
    bound = text.replace(" :", f"{NBSP}:").replace(" ;", f"{NBSP};").replace("« ", f"«{NBSP}").replace(" »", f"{NBSP}»")
    return wrap(
        bound, WIDTH, initial_indent=initial_indent, subsequent_indent=subsequent_indent, break_on_hyphens=False
    )


def _widths(table: Table) -> list[int]:
    return [max(map(len, column)) for column in zip(table.headers, *table.rows, strict=True)]


def _columns(table: Table) -> Iterator[str]:
    widths = _widths(table)
    for row in (table.headers, tuple("-" * width for width in widths), *table.rows):
        yield GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _cards(table: Table) -> Iterator[str]:
    """A row after the other: its own header, then each cell under the name of its column."""
    for name, *cells in table.rows:
        yield from _wrap(f"* {name}")
        for header, cell in zip(table.headers[1:], cells, strict=True):
            if cell:
                yield from _wrap(f"{header} : {cell}", initial_indent="  ", subsequent_indent="    ")
