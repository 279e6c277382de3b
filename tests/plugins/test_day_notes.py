"""The yearly file tells staff what they need of a child, topic by topic, and says when nobody was asked."""

import pytest

from plugins.chavagne import sheets
from plugins.rules.day_notes import READ_BY_STAFF, DayNotes, Topic, day_notes, joined
from plugins.rules.questions import NO, YES, Answered, AnswerKind, Question, Section, questions_of
from plugins.standard_sections import HEALTH, INSURANCE, MEALS, SCHOOL, TO_CALL

ASKED = frozenset({Topic.CARE_PLAN, Topic.ALLERGY, Topic.DIET})


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({}, {}),
        ({"pai": NO, "allergies": NO, "regime": NO}, {}),
        ({"pai": YES}, {Topic.CARE_PLAN: ("PAI",)}),
        ({"allergies": YES}, {Topic.ALLERGY: ("Allergies",)}),
        ({"allergies": YES, "allergies-precisions": "Arachides"}, {Topic.ALLERGY: ("Arachides",)}),
        ({"allergies": NO, "allergies-precisions": "Arachides"}, {}),
        ({"regime": YES, "regime-precisions": "sans-porc"}, {Topic.DIET: ("Sans porc",)}),
        ({"regime": YES, "regime-precisions": "bonbons"}, {Topic.DIET: ("Régime particulier",)}),
        ({"medecin": "Dr TEST"}, {}),
    ],
)
def test_only_what_the_family_answers_is_told(answers: dict[str, str], told: dict[Topic, tuple[str, ...]]) -> None:
    assert day_notes((HEALTH, MEALS), answers) == DayNotes(told, ASKED)


def test_class_and_whom_to_call_are_told_in_the_words_of_the_family() -> None:
    answers = {"ecole": "École du bourg", "classe": "CP", "urgence-nom": "Mamie TEST", "urgence-telephone": "06"}
    notes = day_notes((SCHOOL, INSURANCE, TO_CALL), answers)
    assert notes.told == {
        Topic.SCHOOL: ("École du bourg",),
        Topic.CLASS: ("CP",),
        Topic.EMERGENCY: ("Mamie TEST", "06"),
    }
    assert not notes.knows_health


def test_a_file_that_asks_nothing_of_health_leaves_it_unknown() -> None:
    assert not day_notes((), {}).knows_health
    assert day_notes((HEALTH,), {}).knows_health


def test_the_files_of_two_households_are_read_together() -> None:
    one = day_notes((HEALTH,), {"allergies": YES, "allergies-precisions": "Arachides"})
    other = day_notes((HEALTH,), {"pai": YES, "allergies": YES, "allergies-precisions": "Œufs"})
    notes = {Topic.ALLERGY: ("Arachides", "Œufs"), Topic.CARE_PLAN: ("PAI",)}
    assert joined([one, other, other]) == DayNotes(notes, frozenset({Topic.CARE_PLAN, Topic.ALLERGY}))
    assert joined([]) == DayNotes({}, frozenset())


def test_an_answer_to_a_question_no_longer_asked_counts_for_nothing() -> None:
    hidden = Section(
        "sante",
        "Santé",
        (
            Question("suivi", "Un suivi ?", AnswerKind.YES_NO),
            Question("pai", "Un PAI ?", AnswerKind.YES_NO, when=Answered("suivi")),
        ),
    )
    assert day_notes((hidden,), {"suivi": NO, "pai": YES}).told == {}


def test_every_code_that_staff_read_is_asked_by_a_section_of_the_portal_or_a_sheet() -> None:
    known = questions_of((SCHOOL, HEALTH, MEALS, TO_CALL)).keys() | questions_of(sheets.HEALTH).keys()
    assert READ_BY_STAFF.keys() <= known
