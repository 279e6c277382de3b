"""Sheets as PDF forms: fields that a reader fills, and that the portal reads again."""

from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter

from gateway.inspection.file_types import FileChecker
from gateway.papers.pdf import TypstPrinter
from plugins.rules.questions import AnswerKind, Choice, Question, Section
from plugins.rules.sheets import Sheet
from resolvers.ports import Printer

pytestmark = pytest.mark.anyio
CHOICES = (Choice("aucun", "Aucun"), Choice("sans-porc", "Sans porc"))
SECTIONS = (
    Section("enfant", "L'enfant", (Question("nom", "Nom"), Question("ne-le", "Né le", AnswerKind.DATE))),
    Section(
        "sante",
        "Santé",
        (
            Question("allergies", "Allergies"),
            Question("lunettes", "Lunettes", AnswerKind.YES_NO),
            Question("regime", "Régime", AnswerKind.CHOICE, CHOICES),
        ),
        health=True,
    ),
)
LONG = Section("longue", "Longue", tuple(Question(f"question-{n}", f"Question n° {n}") for n in range(60)))
KNOWN = {"nom": "Œuvrard d'Été", "ne-le": "2018-03-14", "regime": "sans-porc"}


async def drawn(values: dict[str, str], *sections: Section) -> PdfReader:
    """The sheet as another program opens it."""
    printer: Printer = TypstPrinter()
    return PdfReader(BytesIO(await printer.sheet(Sheet("Village", "Fiche sanitaire", sections or SECTIONS, values))))


def written(reader: PdfReader) -> dict[str, str]:
    """The values of its fields."""
    return {name: str(field.value or "") for name, field in (reader.get_fields() or {}).items()}


async def test_a_blank_sheet_has_a_field_for_each_question_with_its_label_and_its_choices() -> None:
    fields = (await drawn({})).get_fields() or {}
    assert {name: (field.field_type, field.alternate_name) for name, field in fields.items()} == {
        "nom": ("/Tx", "Nom"),
        "ne-le": ("/Tx", "Né le"),
        "allergies": ("/Tx", "Allergies"),
        "lunettes": ("/Ch", "Lunettes"),
        "regime": ("/Ch", "Régime"),
    }
    assert fields["lunettes"]["/_States_"] == [["yes", "Oui"], ["no", "Non"]]
    assert set(written(await drawn({})).values()) == {""}


async def test_what_is_known_is_already_filled() -> None:
    values = written(await drawn(KNOWN))
    assert values == {
        "nom": "Œuvrard d'Été",
        "ne-le": "14/03/2018",
        "allergies": "",
        "lunettes": "",
        "regime": "sans-porc",
    }


async def test_the_boxes_stand_inside_the_page_one_below_the_other() -> None:
    reader = await drawn({}, LONG)
    assert len(reader.pages) > 1
    annotated: list[Any] = [page["/Annots"] for page in reader.pages]
    boxes = [[annotation.get_object()["/Rect"] for annotation in page] for page in annotated]
    assert sum(map(len, boxes)) == 60
    for page in boxes:
        assert all(0 < box[0] < box[2] < 596 and 0 < box[1] < box[3] < 842 for box in page)
        assert all(above[1] > below[3] for above, below in pairwise(page))


async def test_the_texts_of_a_commune_are_printed_and_never_run() -> None:
    hostile = Section("x", '#panic("x")', (Question("q", "<script> $1$ #sys.inputs *gras*"),))
    text = (await drawn({}, hostile)).pages[0].extract_text()
    assert '#panic("x")' in text
    assert "<script> $1$ #sys.inputs *gras*" in text


async def test_a_sheet_that_a_reader_filled_is_let_in_and_read_again() -> None:
    writer = PdfWriter(clone_from=await drawn(KNOWN))
    writer.update_page_form_field_values(writer.pages[0], {"allergies": "Arachide\nÉpinéphrine", "lunettes": "yes"})
    saved = BytesIO()
    writer.write(saved)
    checker = FileChecker()
    deposit = await checker.checked("fiche.pdf", saved.getvalue())
    assert await checker.fields(deposit.content) == {
        "nom": "Œuvrard d'Été",
        "ne-le": "14/03/2018",
        "allergies": "Arachide\nÉpinéphrine",
        "lunettes": "yes",
        "regime": "sans-porc",
    }


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n%%EOF", b"\xff\xd8\xff"])
async def test_nothing_is_read_of_what_is_no_form(content: bytes) -> None:
    assert await FileChecker().fields(content) == {}


async def test_nothing_is_read_once_patience_has_ended() -> None:
    assert await FileChecker(patience=0.001).fields(b"%PDF-1.7") == {}
