"""A règlement as one HTML page: readable by everybody, without style, script, or anything from elsewhere."""

from collections.abc import Iterator
from html import escape

from plugins.explanation import Document, Paragraph, Section, Sentences, Source, Table

_STYLE = """
:root { color-scheme: light dark; }
body { font: 1.0625rem/1.6 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 3rem; border-bottom: 2px solid; }
h3 { margin-top: 2rem; }
.table { overflow-x: auto; margin: 1.5rem 0; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: bold; padding: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border: 1px solid; }
.source { font-size: .9375rem; font-style: italic; }
@media print {
  body { max-width: none; margin: 0; font-size: 10pt; }
  .table { overflow: visible; }
  h2, h3, caption { break-after: avoid; }
  tr { break-inside: avoid; }
}
"""


def as_page(document: Document) -> str:
    """The whole document; every text is escaped, titles are linked from the contents, tables have scoped headers."""
    return "\n".join((*_page(document), ""))


def _page(document: Document) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(document.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<header>"
    yield f"<h1>{escape(document.title)}</h1>"
    yield from _paragraph(document.introduction, "introduction")
    yield '</header>\n<nav aria-labelledby="sommaire">\n<h2 id="sommaire">Sommaire</h2>'
    yield from _contents(document.sections, "s")
    yield "</nav>\n<main>"
    yield from _sections(document.sections, "s", 2)
    yield "</main>\n</body>\n</html>"


def _contents(sections: tuple[Section, ...], prefix: str) -> Iterator[str]:
    yield "<ol>"
    for number, section in enumerate(sections, 1):
        name = f"{prefix}{number}"
        yield f'<li><a href="#{name}">{escape(section.title)}</a>'
        if section.sections:
            yield from _contents(section.sections, f"{name}-")
        yield "</li>"
    yield "</ol>"


def _sections(sections: tuple[Section, ...], prefix: str, level: int) -> Iterator[str]:
    for number, section in enumerate(sections, 1):
        name = f"{prefix}{number}"
        yield f'<section aria-labelledby="{name}">'
        yield f'<h{level} id="{name}">{escape(section.title)}</h{level}>'
        for rank, paragraph in enumerate(section.paragraphs, 1):
            yield from _paragraph(paragraph, f"{name}-t{rank}")
        yield from _sections(section.sections, f"{name}-", level + 1)
        yield "</section>"


def _paragraph(paragraph: Paragraph, name: str) -> Iterator[str]:
    match paragraph:
        case Sentences(lines):
            yield from (f"<p>{escape(line)}</p>" for line in lines)
        case Source(text):
            yield f'<p class="source">{escape(text)}</p>'
        case Table():
            # A wide table scrolls by itself: the keyboard must reach it, and it must have a name.
            yield f'<div class="table" role="region" tabindex="0" aria-labelledby="{name}">\n<table>'
            yield f'<caption id="{name}">{escape(paragraph.caption)}</caption>\n<thead>'
            yield f"<tr>{''.join(_header(text, 'col') for text in paragraph.headers)}</tr>\n</thead>\n<tbody>"
            yield from (f"<tr>{_header(first, 'row')}{_cells(cells)}</tr>" for first, *cells in paragraph.rows)
            yield "</tbody>\n</table>\n</div>"


def _header(text: str, scope: str) -> str:
    return f'<th scope="{scope}">{escape(text)}</th>'


def _cells(texts: list[str]) -> str:
    return "".join(f"<td>{escape(text)}</td>" for text in texts)
