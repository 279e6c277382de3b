"""Fields to fill (AcroForm) on the boxes of a printed sheet: plain text and lists of choices, and not one script."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

MULTILINE = 1 << 12
COMBO = 1 << 17
PRINTED = 4
APPEARANCE = "/Helv 10 Tf 0 g"


@dataclass(frozen=True, slots=True)
class Box:
    """Where a question is answered: ``x`` and ``y`` are its top left corner in points, from that of the page.

    ``options`` are codes and labels; a box without them is written in freely.
    """

    code: str
    label: str
    page: int
    x: float
    y: float
    width: float
    height: float
    options: tuple[tuple[str, str], ...] = ()
    value: str = ""


def with_fields(printed: bytes, boxes: Sequence[Box]) -> bytes:
    """The same PDF with a field on each box, filled where its value is known; screen readers say its label."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(printed)))
    fields = ArrayObject()
    for box in boxes:
        page = writer.pages[box.page - 1]
        field = writer._add_object(_field(box, page))
        page.setdefault(NameObject("/Annots"), ArrayObject()).append(field)
        fields.append(field)
    writer.root_object[NameObject("/AcroForm")] = _form(fields)
    for page in writer.pages:
        values = {box.code: box.value for box in boxes if box.value and writer.pages[box.page - 1] == page}
        if values:
            writer.update_page_form_field_values(page, dict(values), auto_regenerate=True)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def _form(fields: ArrayObject) -> DictionaryObject:
    """The form: its fields, and the font that every reader has. Readers draw again what they fill."""
    helvetica = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}
    font = DictionaryObject({NameObject(key): NameObject(value) for key, value in helvetica.items()})
    fonts = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/Helv"): font})})
    return DictionaryObject(
        {
            NameObject("/Fields"): fields,
            NameObject("/DR"): fonts,
            NameObject("/DA"): TextStringObject(APPEARANCE),
            NameObject("/NeedAppearances"): BooleanObject(True),
        }
    )


def _field(box: Box, page: PageObject) -> DictionaryObject:
    bottom = float(page.mediabox.height) - box.y - box.height
    corners = (box.x, bottom, box.x + box.width, bottom + box.height)
    field = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Ch" if box.options else "/Tx"),
            NameObject("/Ff"): NumberObject(COMBO if box.options else MULTILINE),
            NameObject("/F"): NumberObject(PRINTED),
            NameObject("/T"): TextStringObject(box.code),
            NameObject("/TU"): TextStringObject(box.label),
            NameObject("/DA"): TextStringObject(APPEARANCE),
            NameObject("/Rect"): ArrayObject([FloatObject(round(corner, 2)) for corner in corners]),
        }
    )
    if page.indirect_reference is not None:
        field[NameObject("/P")] = page.indirect_reference
    if box.options:
        pairs = [ArrayObject([TextStringObject(code), TextStringObject(label)]) for code, label in box.options]
        field[NameObject("/Opt")] = ArrayObject(pairs)
    return field
