"""Files as families send them, and as attackers do: small, whole, and made here."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, NumberObject, TextStringObject


def pdf(change: Callable[[PdfWriter], object] = lambda writer: None) -> bytes:
    """A PDF of one blank page, changed before it is written."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    change(writer)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def opening(**action: str) -> Callable[[PdfWriter], object]:
    """A change: an action that runs when the PDF opens."""
    entries = {NameObject(f"/{name}"): NameObject(f"/{value}") for name, value in action.items()}
    return lambda writer: writer.root_object.update({NameObject("/OpenAction"): DictionaryObject(entries)})


def opens_at_a_page(writer: PdfWriter) -> None:
    """What office suites write: the page to show first."""
    place = ArrayObject([writer.pages[0].indirect_reference, NameObject("/Fit")])
    writer.root_object[NameObject("/OpenAction")] = place


def script(writer: PdfWriter) -> None:
    """A script of the document, by name."""
    action = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("x()")})
    names = ArrayObject([TextStringObject("x"), writer._add_object(action)])
    named = DictionaryObject({NameObject("/JavaScript"): DictionaryObject({NameObject("/Names"): names})})
    writer.root_object[NameObject("/Names")] = named


def hidden_launch(writer: PdfWriter) -> None:
    """An action on an annotation of the page."""
    action = DictionaryObject({NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("cmd.exe")})
    link = DictionaryObject({NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): action})
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(link)])


def xfa(writer: PdfWriter) -> None:
    """A form that only one program reads."""
    form = DictionaryObject({NameObject("/Fields"): ArrayObject(), NameObject("/XFA"): TextStringObject("<xdp/>")})
    writer.root_object[NameObject("/AcroForm")] = form


def stream(data: bytes, *filters: str, **entries: int) -> Callable[[PdfWriter], object]:
    """A change: one more stream, packed as it is said to be."""

    def add(writer: PdfWriter) -> None:
        added = DecodedStreamObject()
        added.set_data(data)
        added[NameObject("/Filter")] = ArrayObject([NameObject(f"/{name}") for name in filters])
        added.update({NameObject(f"/{name}"): NumberObject(value) for name, value in entries.items()})
        if entries:
            added[NameObject("/Subtype")] = NameObject("/Image")
        writer._add_object(added)

    return add


def zeros(size: int) -> bytes:
    """So many zeros, packed."""
    packer = zlib.compressobj(9)
    slices = [packer.compress(bytes(1 << 20)) for _ in range(size >> 20)]
    return b"".join([*slices, packer.flush()])


def archive(name: str = "virus.exe") -> bytes:
    """A ZIP of one file."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as opened:
        opened.writestr(name, b"MZ")
    return written.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int = 8, height: int = 8, *extra: bytes, rows: bytes | None = None) -> bytes:
    """A black PNG, with more parts before its picture."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    picture = zlib.compress(bytes(height * (width + 1)) if rows is None else rows)
    parts = chunk(b"IHDR", header), *extra, chunk(b"IDAT", picture), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def segment(marker: int, data: bytes) -> bytes:
    """A part of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def exif(turned: int, place: bytes = b"48.0833,-1.7667") -> bytes:
    """The remark of a telephone: how it was held, and where."""
    directory = struct.pack("<HHHIHHI", 1, 0x0112, 3, 1, turned, 0, 0)
    return segment(0xE1, b"Exif\x00\x00II*\x00\x08\x00\x00\x00" + directory + place)


def jpeg(*extra: bytes, width: int = 8, height: int = 8, scan: bytes = b"\x3f", end: bytes = b"\xff\xd9") -> bytes:
    """A grey JPEG of one block, with more parts after its header."""
    parts = [
        b"\xff\xd8",
        segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"),
        *extra,
        segment(0xDB, b"\x00" + b"\x01" * 64),
        segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"),
        segment(0xC4, b"\x00\x01" + bytes(15) + b"\x00"),
        segment(0xC4, b"\x10\x01" + bytes(15) + b"\x00"),
        segment(0xDA, b"\x01\x01\x00\x00\x3f\x00"),
        scan,
        end,
    ]
    return b"".join(parts)
