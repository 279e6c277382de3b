"""Whether a PDF may be kept: run as a program of its own, with little memory and little time, for hostile files.

It reads a file on its standard input and writes one verdict. It imports nothing of the portal, and holds no secret.
"""

import json
import resource
import sys
import zlib
from collections.abc import Callable, Iterator
from enum import Enum
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.filters import ASCII85Decode, ASCIIHexDecode
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

MEMORY = 1 << 30  # bytes
SECONDS = 15
MAX_OBJECTS = 200_000
MAX_UNFOLDED = 400_000_000  # bytes, of all streams together: thirty pages scanned in colour
MAX_PIXELS = 200_000_000  # of one picture
MAX_FIELDS, LONGEST_VALUE = 500, 2000
_SLICE = 1 << 20

_ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/XFA", "/EmbeddedFiles", "/EF", "/RichMediaContent", "/Rendition"})
_ACTIVE_ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToE",
        "/GoToR",
        "/Rendition",
        "/Movie",
        "/Sound",
        "/RichMediaExecute",
        "/GoTo3DView",
    }
)
_ACTIVE_TYPES = frozenset({"/EmbeddedFile", "/RichMedia", "/Movie", "/Screen", "/3D", "/FileAttachment"})
_PASSIVE_OPENINGS = frozenset({"/GoTo"})
_FLATE = frozenset({"/FlateDecode", "/Fl"})
_ASCII: dict[str, Callable[[bytes], bytes]] = {
    "/ASCII85Decode": ASCII85Decode.decode,
    "/A85": ASCII85Decode.decode,
    "/ASCIIHexDecode": ASCIIHexDecode.decode,
    "/AHx": ASCIIHexDecode.decode,
}
_OTHER_PACKING = frozenset({"/LZWDecode", "/LZW", "/RunLengthDecode", "/RL"})


class Verdict(Enum):
    """What is said of a PDF."""

    SOUND = "SOUND"
    BROKEN = "BROKEN"
    ENCRYPTED = "ENCRYPTED"
    ACTIVE = "ACTIVE"  # it holds a script, an action, another file or a form only one program reads
    HUGE = "HUGE"  # it unfolds into too much, or takes too long


class _TooMuch(Exception):  # noqa: N818 (a verdict, not a fault)
    """A limit was reached."""


def inspect(content: bytes) -> Verdict:
    """What the whole file holds, every object of it, even those that no page shows."""
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted:
            return Verdict.ENCRYPTED
        found = any(_is_active(value) for value in _dictionaries(reader))
        return Verdict.ACTIVE if found or _opens_actively(reader) else _pages(reader)
    except (_TooMuch, MemoryError, RecursionError):
        return Verdict.HUGE
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, zlib.error):
        # A file written to deceive makes any parser stumble anywhere: whatever the error, it is no PDF to keep.
        return Verdict.BROKEN


def _pages(reader: PdfReader) -> Verdict:
    return Verdict.SOUND if len(reader.pages) and all("/Type" in page for page in reader.pages) else Verdict.BROKEN


def _dictionaries(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every dictionary of the file, each stream measured on the way."""
    known = [(number, generation) for generation, table in reader.xref.items() for number in table]
    known += [(number, 0) for number in reader.xref_objStm]
    if len(known) > MAX_OBJECTS:
        raise _TooMuch
    unfolded = 0
    yield reader.trailer
    for number, generation in known:
        value = reader.get_object(IndirectObject(number, generation, reader))
        if isinstance(value, StreamObject):
            unfolded += _unfolded(value)
            if unfolded > MAX_UNFOLDED:
                raise _TooMuch
        yield from _inside(value)


def _inside(value: Any) -> Iterator[DictionaryObject]:
    """The dictionaries of one object; those that it only refers to are objects of their own."""
    pending, seen = [value], 0
    while pending:
        item = pending.pop()
        seen += 1
        if seen > MAX_OBJECTS:
            raise _TooMuch
        if isinstance(item, DictionaryObject):
            yield item
            pending.extend(dict.values(item))
        elif isinstance(item, ArrayObject):
            pending.extend(list.__iter__(item))


def _is_active(value: DictionaryObject) -> bool:
    if not _ACTIVE_KEYS.isdisjoint(value.keys()):
        return True
    kinds = {str(_direct(value, key)) for key in ("/Type", "/Subtype")}
    return str(_direct(value, "/S")) in _ACTIVE_ACTIONS or not _ACTIVE_TYPES.isdisjoint(kinds)


def _opens_actively(reader: PdfReader) -> bool:
    """Office suites write the page to open at, which is harmless; any other action at opening is not."""
    opening = _direct(reader.root_object, "/OpenAction")
    return isinstance(opening, DictionaryObject) and str(_direct(opening, "/S")) not in _PASSIVE_OPENINGS


def _direct(value: DictionaryObject, key: str) -> Any:
    found = value.get(key)
    return found.get_object() if isinstance(found, IndirectObject) else found


def _unfolded(stream: StreamObject) -> int:
    """How many bytes a stream unfolds into, never holding more than a slice of them."""
    if str(_direct(stream, "/Subtype")) == "/Image":
        sides = [_direct(stream, side) for side in ("/Width", "/Height")]
        if int(sides[0] or 0) * int(sides[1] or 0) > MAX_PIXELS:
            raise _TooMuch
    filters = _direct(stream, "/Filter")
    names = [str(name) for name in (filters if isinstance(filters, ArrayObject) else [filters] if filters else [])]
    if sum(name in _FLATE or name in _OTHER_PACKING for name in names) > 1:
        raise _TooMuch  # packed twice: only a bomb is
    data: bytes = stream._data
    for name in names:
        if name in _ASCII:
            data = _ASCII[name](data)
        elif name in _FLATE:
            return _inflated(data)
        elif name in _OTHER_PACKING:
            return len(stream.get_data())
    return len(data)


def _inflated(packed: bytes) -> int:
    unfolding, seen = zlib.decompressobj(), 0
    while packed and not unfolding.eof:
        unfolded = unfolding.decompress(packed, _SLICE)
        packed, seen = unfolding.unconsumed_tail, seen + len(unfolded)
        if seen > MAX_UNFOLDED:
            raise _TooMuch
    return seen


def fields(content: bytes) -> dict[str, str]:
    """What is written in the fields of a form, by name; nothing when there is none, or when it cannot be read."""
    try:
        found = PdfReader(BytesIO(content)).get_fields() or {}
        written = {str(name): str(field.value) for name, field in found.items() if field.value is not None}
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        return {}
    return {name: value[:LONGEST_VALUE] for name, value in list(written.items())[:MAX_FIELDS]}


def main() -> None:
    """Inspect the standard input, under limits that the system itself enforces; ``fields`` reads its form instead."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    content = sys.stdin.buffer.read()
    sys.stdout.write(json.dumps(fields(content)) if sys.argv[1:] == ["fields"] else inspect(content).value)


if __name__ == "__main__":
    main()
