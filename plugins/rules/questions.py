"""The questions of a form, written by a commune as data: what is asked, when, and what counts as an answer.

An answer is a text: « yes » or « no », a day such as ``2018-03-14``, the code of a choice, or what the family writes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from plugins.rules.errors import RuleError
from plugins.rules.french import say_date
from plugins.rules.texts import is_printable, require_code, require_line, require_unique

YES, NO = "yes", "no"
LONGEST_ANSWER = 1000  # characters


class AnswerKind(Enum):
    """What an answer is made of."""

    TEXT = "TEXT"
    YES_NO = "YES_NO"
    DATE = "DATE"
    CHOICE = "CHOICE"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers that a question offers."""

    code: str
    label: str

    def __post_init__(self) -> None:
        require_code(self.code, "Choice")
        require_line(self.label, f"Label of choice {self.code}")


@dataclass(frozen=True, slots=True)
class Answered:
    """Holds when a question that is asked was answered so: « yes », « no », or the code of a choice."""

    question: str
    value: str = YES

    def holds(self, answers: Mapping[str, str]) -> bool:
        """True with these answers, by code of question."""
        return answers.get(self.question) == self.value


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form. ``when`` asks it only after another answer.

    ``lasting``: the answer still holds the next school year. ``shared``: it is the same for brothers and sisters.
    Such answers are proposed again, and the family checks them.
    """

    code: str
    label: str
    kind: AnswerKind = AnswerKind.TEXT
    choices: tuple[Choice, ...] = ()
    required: bool = True
    when: Answered | None = None
    lasting: bool = False
    shared: bool = False

    def __post_init__(self) -> None:
        require_code(self.code, "Question code")
        require_line(self.label, f"Label of question {self.code}")
        require_unique(tuple(choice.code for choice in self.choices), f"Choices of question {self.code}")
        if (self.kind is AnswerKind.CHOICE) != (len(self.choices) > 1):
            raise RuleError(f"Question {self.code}: give at least two choices to a CHOICE, and none to other kinds.")

    def fault(self, value: str) -> str | None:
        """What is wrong with an answer, as a French sentence for the family; None when it may be kept."""
        return {
            AnswerKind.TEXT: self._fault_of_text,
            AnswerKind.YES_NO: self._fault_of_yes_no,
            AnswerKind.DATE: self._fault_of_date,
            AnswerKind.CHOICE: self._fault_of_choice,
        }[self.kind](value)

    def say_answer(self, value: str) -> str:
        """An answer that has no :meth:`fault`, as one reads it: « Oui », « mercredi 14 mars 2018 », the choice."""
        if self.kind is AnswerKind.YES_NO:
            return "Oui" if value == YES else "Non"
        if self.kind is AnswerKind.DATE:
            return say_date(date.fromisoformat(value))
        return next((choice.label for choice in self.choices if choice.code == value), value)

    def say(self) -> str:
        """The question in French, with its choices, and whether it may stay without answer."""
        choices = f" ({' / '.join(choice.label for choice in self.choices)})" if self.choices else ""
        return f"{self.label}{choices}{'' if self.required else ' (facultatif)'}"

    def _fault_of_text(self, value: str) -> str | None:
        if len(value) > LONGEST_ANSWER:
            return f"« {self.label} » : écrivez au plus {LONGEST_ANSWER} caractères."
        if not is_printable(value.replace("\n", "")):
            return f"« {self.label} » : ce texte contient des caractères qui ne s'affichent pas."
        return None

    def _fault_of_yes_no(self, value: str) -> str | None:
        return None if value in (YES, NO) else f"« {self.label} » : répondez par oui ou par non."

    def _fault_of_date(self, value: str) -> str | None:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = None
        is_day = day is not None and day.isoformat() == value
        return None if is_day else f"« {self.label} » : écrivez une date du calendrier."

    def _fault_of_choice(self, value: str) -> str | None:
        offered = {choice.code for choice in self.choices}
        return None if value in offered else f"« {self.label} » : choisissez l'une des réponses proposées."


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that are read together. ``health``: only the agents who follow families read the answers."""

    code: str
    label: str
    questions: tuple[Question, ...]
    health: bool = False

    def __post_init__(self) -> None:
        require_code(self.code, "Section code")
        require_line(self.label, f"Label of section {self.code}")
        if not self.questions:
            raise RuleError(f"Section {self.code}: ask at least one question, or leave the section out.")

    def say(self) -> str:
        """« Santé : « Première question ? », « Deuxième question ? » »."""
        return f"{self.label} : {', '.join(f'« {question.say()} »' for question in self.questions)}"


def questions_of(sections: Sequence[Section]) -> dict[str, Question]:
    """The questions of a form by code, in the order they are read."""
    return {question.code: question for section in sections for question in section.questions}


def asked(sections: Sequence[Section], answers: Mapping[str, str]) -> dict[str, Question]:
    """The questions that these answers leave to be asked, by code; one that follows from an unasked one is not."""
    found: dict[str, Question] = {}
    for code, question in questions_of(sections).items():
        if question.when is None or (question.when.question in found and question.when.holds(answers)):
            found[code] = question
    return found


def check_sections(sections: Sequence[Section]) -> None:
    """Refuse a form that asks twice under one code, or asks after an answer that cannot have been given before."""
    require_unique(tuple(section.code for section in sections), "Sections")
    written = [question for section in sections for question in section.questions]
    require_unique(tuple(question.code for question in written), "Questions")
    before: dict[str, Question] = {}
    for question in written:
        if question.when is not None:
            check_condition(question.when, before, f"Question {question.code}")
        before[question.code] = question


def check_condition(when: Answered, known: Mapping[str, Question], what: str) -> None:
    """Refuse a condition on a question that is not among ``known``, or on an answer that it does not take."""
    question = known.get(when.question)
    if question is None:
        raise RuleError(f"{what} is asked after {when.question!r}: write the code of a question that comes before.")
    if question.kind not in (AnswerKind.YES_NO, AnswerKind.CHOICE) or question.fault(when.value) is not None:
        raise RuleError(f"{what} is asked when {when.question} is {when.value!r}: write an answer that it offers.")
