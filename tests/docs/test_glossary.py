"""Every word of the glossary leads to something that the code holds."""

import unicodedata
from importlib import import_module
from operator import attrgetter

import pytest

from tests.docs.markdown import BY_NAME, code, rows

WORDS = {word: code(name) for word, name, _ in rows(BY_NAME["docs/glossary.md"].text)}


@pytest.mark.parametrize("word", WORDS)
def test_the_identifier_of_a_word_exists(word: str) -> None:
    module, _, path = WORDS[word].partition(":")
    assert attrgetter(path)(import_module(module)) is not None


def test_the_words_are_in_alphabetical_order() -> None:
    assert list(WORDS) == sorted(WORDS, key=sorting_key)


def sorting_key(word: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))
