"""Sheets to download, fill and send back (« fiche famille », « fiche sanitaire »): printed, and read again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from plugins.rules.questions import NO, YES, AnswerKind, Question, Section, check_sections, questions_of
from plugins.rules.texts import require_line

_WRITTEN_DAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})", re.ASCII)
_YES_NO = ((YES, "Oui"), (NO, "Non"))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form on paper: ``values`` are what the portal already knows, by code of question; a blank one has none."""

    commune: str
    title: str
    sections: tuple[Section, ...]
    values: Mapping[str, str]

    def __post_init__(self) -> None:
        require_line(self.title, "Title of a sheet")
        check_sections(self.sections)

    def written(self, question: Question) -> str:
        """The value of a question as people write it on paper: days as 14/03/2018; empty when nothing is known."""
        value = self.values.get(question.code, "")
        if value and question.kind is AnswerKind.DATE:
            return date.fromisoformat(value).strftime("%d/%m/%Y")
        return value


@dataclass(frozen=True, slots=True)
class SheetAnswer:
    """What a sheet says to one question, for the family to confirm; ``fault`` says in French what is wrong with it."""

    code: str
    label: str
    value: str
    fault: str | None


def options(question: Question) -> tuple[tuple[str, str], ...]:
    """The codes and the labels that a question offers on paper; none when one writes freely."""
    if question.kind is AnswerKind.YES_NO:
        return _YES_NO
    return tuple((choice.code, choice.label) for choice in question.choices)


def read_again(sections: tuple[Section, ...], fields: Mapping[str, str]) -> tuple[SheetAnswer, ...]:
    """What the fields of a sheet say, in the order of its questions; blank and unknown fields are left out."""
    found = []
    for code, question in questions_of(sections).items():
        value = _as_answer(question, fields.get(code, "").strip())
        if value:
            found.append(SheetAnswer(code, question.label, value, question.fault(value)))
    return tuple(found)


def _as_answer(question: Question, written: str) -> str:
    """The answer that a text stands for; the text itself when it stands for none."""
    if question.kind is AnswerKind.DATE and (day := _WRITTEN_DAY.fullmatch(written)):
        return f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}"
    return next((code for code, label in options(question) if written.casefold() == label.casefold()), written)


PREFILLED: Mapping[str, str] = MappingProxyType(
    {
        "enfant-nom": "le nom de l'enfant",
        "enfant-prenom": "le prénom de l'enfant",
        "enfant-naissance": "sa date de naissance",
        **{
            f"responsable-{rank}-{particular}": f"{words} {whose}"
            for rank, whose in (("1", "du premier responsable légal"), ("2", "du second responsable légal"))
            for particular, words in (
                ("nom", "le nom"),
                ("prenom", "le prénom"),
                ("adresse", "l'adresse"),
                ("telephone", "le téléphone"),
                ("courriel", "l'adresse e-mail"),
            )
        },
    }
)
"""The codes of questions that the portal answers by itself when it knows, and what it writes there."""
