"""The guide of communes documents every question of the code as it is."""

import re
from types import SimpleNamespace
from typing import Any

import pytest

from plugins import chavagne, hookspecs
from plugins.communes import IN_TREE, Commune, plugin_of
from plugins.rules.calendar import SchoolYear
from plugins.signatures import QUESTIONS
from tests.docs.markdown import BY_NAME

GUIDE = BY_NAME["docs/communes.md"]


def test_the_headings_are_the_questions_with_their_signatures_in_order() -> None:
    documented = [re.sub("^`|`$", "", heading) for heading in GUIDE.headings(3) if "->" in heading]
    assert documented == [question.say().removeprefix("def ") for question in QUESTIONS.values()]


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_question_says_how_it_is_asked_what_silence_means_and_who_answers(name: str) -> None:
    question = QUESTIONS[name]
    section = GUIDE.section(f"`{question.say().removeprefix('def ')}`")
    assert section.count("\nGathered." if question.gathers else "\nAsked.") == 1
    assert section.count("\nSilence: ") == 1
    assert f"\nAnswered by: {', '.join(who_answers(name)) or 'nobody'}.\n" in section


def who_answers(name: str) -> list[str]:
    """The communes whose plugin holds an answer, in the order of the tree."""
    return [f"`{slug}`" for slug in IN_TREE if hasattr(plugin_of(slug), name)]


def test_the_example_is_a_plugin_that_the_portal_accepts() -> None:
    (block,) = GUIDE.blocks("python")
    written: dict[str, Any] = {}
    exec(block.text, written)  # what a commune would write in its file
    village = Commune("villeneuve", SimpleNamespace(**{name: written[name] for name in QUESTIONS if name in written}))
    canteen = chavagne.catalogue(SchoolYear(2026)).activity("restauration")
    assert canteen is not None
    rules = village.ask(hookspecs.booking_rules, activity=canteen)
    assert village.who_answers(hookspecs.booking_rules, activity=canteen) == ("villeneuve",)
    assert rules.book.say() == "jusqu'au jeudi 23 h 59 de la semaine précédente"
