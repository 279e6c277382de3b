"""The five communes keep the contract, and the questions it is made of say what they ask."""

import doctest
import inspect
import re

import pytest

from plugins import hookspecs
from plugins.communes import IN_TREE, Commune, Communes
from plugins.contract.promises import *  # noqa: F403 (the promises are collected here, for each commune below)
from plugins.signatures import QUESTIONS


@pytest.fixture(params=IN_TREE)
def commune(communes: Communes, request: pytest.FixtureRequest) -> Commune:
    """Each commune of the tree in turn."""
    return communes[request.param]


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_says_its_purpose_its_silence_and_an_example(name: str) -> None:
    said = inspect.getdoc(getattr(hookspecs, name)) or ""
    assert re.match(r"[A-Z].+\.\n\nSilence: .+\n\n>>> ", said, re.DOTALL)


def test_the_examples_of_the_questions_are_true(communes: Communes) -> None:
    result = doctest.testmod(hookspecs, extraglobs={"communes": communes})
    assert result.failed == 0
    assert result.attempted >= len(QUESTIONS)
