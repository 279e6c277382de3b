"""Sheets to fill: what is written on them, and what they are read as."""

import pytest

from plugins.rules.errors import RuleError
from plugins.rules.questions import AnswerKind, Choice, Question, Section
from plugins.rules.sheets import PREFILLED, Sheet, SheetAnswer, options, read_again

BORN = Question("naissance", "Date de naissance", AnswerKind.DATE)
GLASSES = Question("lunettes", "Lunettes", AnswerKind.YES_NO)
DIET = Question("regime", "Régime", AnswerKind.CHOICE, (Choice("aucun", "Aucun"), Choice("sans-porc", "Sans porc")))
SECTIONS = (Section("enfant", "L'enfant", (Question("nom", "Nom"), BORN)), Section("sante", "Santé", (GLASSES, DIET)))


def test_a_day_is_written_as_on_paper_and_what_is_unknown_stays_blank() -> None:
    sheet = Sheet("Village", "Fiche", SECTIONS, {"naissance": "2018-03-14", "lunettes": "yes"})
    questions = [question for section in SECTIONS for question in section.questions]
    assert [sheet.written(question) for question in questions] == ["", "14/03/2018", "yes", ""]


def test_what_a_question_offers_on_paper() -> None:
    assert [options(question) for question in (BORN, GLASSES, DIET)] == [
        (),
        (("yes", "Oui"), ("no", "Non")),
        (("aucun", "Aucun"), ("sans-porc", "Sans porc")),
    ]


@pytest.mark.parametrize(
    ("code", "written", "value", "fault"),
    [
        ("nom", "  Test ", "Test", None),
        ("naissance", "14/03/2018", "2018-03-14", None),
        ("naissance", "4.3.2018", "2018-03-04", None),
        ("naissance", "2018-03-14", "2018-03-14", None),
        ("naissance", "31/02/2018", "2018-02-31", "« Date de naissance » : écrivez une date du calendrier."),
        ("naissance", "hier", "hier", "« Date de naissance » : écrivez une date du calendrier."),
        ("lunettes", "OUI", "yes", None),
        ("lunettes", "no", "no", None),
        ("lunettes", "parfois", "parfois", "« Lunettes » : répondez par oui ou par non."),
        ("regime", "sans porc", "sans-porc", None),
        ("regime", "sans-porc", "sans-porc", None),
    ],
)
def test_what_is_written_is_read_as_an_answer_with_what_is_wrong_with_it(
    code: str, written: str, value: str, fault: str | None
) -> None:
    (answer,) = read_again(SECTIONS, {code: written, "inconnu": "x"})
    assert (answer.code, answer.value, answer.fault) == (code, value, fault)


def test_blank_and_unknown_fields_are_left_out_and_the_order_is_that_of_the_sheet() -> None:
    fields = {"regime": "Aucun", "autre": "x", "naissance": " ", "nom": "Test"}
    assert read_again(SECTIONS, fields) == (
        SheetAnswer("nom", "Nom", "Test", None),
        SheetAnswer("regime", "Régime", "aucun", None),
    )


def test_a_sheet_that_asks_twice_under_one_code_is_refused() -> None:
    with pytest.raises(RuleError, match="Questions: naissance appears more than once"):
        Sheet("Village", "Fiche", (Section("a", "A", (BORN,)), Section("b", "B", (BORN,))), {})


def test_what_the_portal_fills_says_so_in_french() -> None:
    assert PREFILLED["responsable-2-courriel"] == "l'adresse e-mail du second responsable légal"
    assert len(PREFILLED) == 13
