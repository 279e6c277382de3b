"""The sheets that families fill: typst draws the page and says where its boxes stand, pypdf makes them fields."""

import json
from pathlib import Path
from typing import cast

import typst

from gateway.papers.drawable import printable
from gateway.papers.form_fields import Box, with_fields
from plugins.rules.questions import AnswerKind, Question, Section
from plugins.rules.sheets import Sheet, options

LINE, PARAGRAPH = 22, 50  # points


class SheetDrawer:
    """Draws one sheet at a time, in the thread of its caller."""

    def __init__(self, templates: Path) -> None:
        self._templates = templates

    def draw(self, sheet: Sheet) -> bytes:
        """The PDF of a sheet, with fields to fill; what is known is already written in them."""
        inputs = {"sheet": json.dumps(printable(_content(sheet)))}
        compiler = typst.Compiler(
            self._templates / "sheet.typ", root=self._templates, ignore_system_fonts=True, sys_inputs=inputs
        )
        pdf = cast(bytes, compiler.compile(format="pdf"))
        places = json.loads(compiler.query("<field>", field="value"))  # in the order of the questions
        asked = [(section, question) for section in sheet.sections for question in section.questions]
        boxes = [
            Box(
                code=question.code,
                label=question.label,
                height=_height(section, question),
                options=options(question),
                value=sheet.written(question),
                **place,
            )
            for (section, question), place in zip(asked, places, strict=True)
        ]
        return with_fields(pdf, boxes)


def _content(sheet: Sheet) -> dict[str, object]:
    return {
        "commune": sheet.commune,
        "title": sheet.title,
        "sections": [
            {
                "label": section.label,
                "questions": [
                    {"label": _asked(question), "height": _height(section, question)} for question in section.questions
                ],
            }
            for section in sheet.sections
        ],
    }


def _asked(question: Question) -> str:
    """The question as it stands above its box; who fills it with a pen reads what may be answered."""
    hints = {AnswerKind.DATE: " (jj/mm/aaaa)", AnswerKind.YES_NO: " (oui / non)"}
    return f"{question.say()}{hints.get(question.kind, '')}"


def _height(section: Section, question: Question) -> int:
    """Health is told in sentences."""
    return PARAGRAPH if section.health and question.kind is AnswerKind.TEXT else LINE
