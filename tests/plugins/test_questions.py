"""The form of a yearly file as data: what is asked after what, and which answers may be kept."""

from datetime import date

import pytest

from plugins.rules.dossiers import DossierPolicy, RequiredDocument, check_documents
from plugins.rules.errors import RuleError
from plugins.rules.questions import Answered, AnswerKind, Choice, Question, Section, asked, questions_of

PAI = Question("pai", "Un PAI ?", AnswerKind.YES_NO)
PLAN = Question("pai-genre", "Lequel ?", AnswerKind.CHOICE, (Choice("repas", "Repas"), Choice("soin", "Soin")))
BORN = Question("ne-le", "Né le", AnswerKind.DATE)
NOTE = Question("note", "Note")


@pytest.mark.parametrize(
    ("question", "value", "fault", "said"),
    [
        (PAI, "yes", None, "Oui"),
        (PAI, "no", None, "Non"),
        (PAI, "oui", "« Un PAI ? » : répondez par oui ou par non.", ""),
        (PLAN, "soin", None, "Soin"),
        (PLAN, "Soin", "« Lequel ? » : choisissez l'une des réponses proposées.", ""),
        (BORN, "2018-03-14", None, "mercredi 14 mars 2018"),
        (BORN, "20180314", "« Né le » : écrivez une date du calendrier.", ""),
        (BORN, "2018-02-30", "« Né le » : écrivez une date du calendrier.", ""),
        (NOTE, "Une ligne\net une autre", None, "Une ligne\net une autre"),
        (NOTE, "é" * 1001, "« Note » : écrivez au plus 1000 caractères.", ""),
        (NOTE, "\x07", "« Note » : ce texte contient des caractères qui ne s'affichent pas.", ""),
    ],
)
def test_an_answer_is_kept_when_the_question_takes_it(
    question: Question, value: str, fault: str | None, said: str
) -> None:
    assert question.fault(value) == fault
    if fault is None:
        assert question.say_answer(value) == said


CHAIN = (
    Section("sante", "Santé", (PAI, Question("a", "A ?", AnswerKind.YES_NO, when=Answered("pai")))),
    Section("suite", "Suite", (Question("b", "B ?", when=Answered("a", "no")), NOTE)),
)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, ["pai", "note"]),
        ({"pai": "no", "a": "no"}, ["pai", "note"]),
        ({"pai": "yes"}, ["pai", "a", "note"]),
        ({"pai": "yes", "a": "no"}, ["pai", "a", "b", "note"]),
    ],
)
def test_a_question_is_asked_when_those_it_follows_from_are(answers: dict[str, str], expected: list[str]) -> None:
    assert list(asked(CHAIN, answers)) == expected
    assert list(questions_of(CHAIN)) == ["pai", "a", "b", "note"]


@pytest.mark.parametrize(
    ("questions", "message"),
    [
        ((NOTE, NOTE), "Questions: note appears more than once"),
        ((Question("a", "A", when=Answered("pai")), PAI), "write the code of a question that comes before"),
        ((PAI, Question("a", "A", when=Answered("pai", "oui"))), "write an answer that it offers"),
        ((NOTE, Question("a", "A", when=Answered("note", "x"))), "write an answer that it offers"),
    ],
)
def test_a_form_that_contradicts_itself_is_refused(questions: tuple[Question, ...], message: str) -> None:
    with pytest.raises(RuleError, match=message):
        DossierPolicy(True, None, (), "Un dossier.", (Section("s", "S", questions),))


@pytest.mark.parametrize(
    "values",
    [
        {"code": "Une Note"},
        {"label": ""},
        {"kind": AnswerKind.CHOICE},
        {"kind": AnswerKind.CHOICE, "choices": (Choice("a", "A"),)},
        {"choices": (Choice("a", "A"), Choice("b", "B"))},
        {"kind": AnswerKind.CHOICE, "choices": (Choice("a", "A"), Choice("a", "B"))},
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(RuleError):
        Question(**({"code": "note", "label": "Note"} | values))  # type: ignore[arg-type]


def test_a_section_without_question_is_refused() -> None:
    with pytest.raises(RuleError, match="ask at least one question"):
        Section("s", "S", ())


def test_a_document_depends_only_on_what_the_form_asks() -> None:
    policy = DossierPolicy(True, date(2026, 6, 1), (), "Un dossier.", (Section("s", "S", (PAI,)),))
    certificate = RequiredDocument("pai", "PAI", condition="si l'enfant a un PAI", when=Answered("pai"))
    check_documents((certificate,), policy)
    for wrong, message in [
        ((certificate, certificate), "Documents: pai appears more than once"),
        ((RequiredDocument("x", "X", condition="si", when=Answered("rib")),), "after 'rib'"),
    ]:
        with pytest.raises(RuleError, match=message):
            check_documents(wrong, policy)
    with pytest.raises(RuleError, match="say the condition in French too"):
        RequiredDocument("x", "X", when=Answered("pai"))
