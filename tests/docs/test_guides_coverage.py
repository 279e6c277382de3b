"""Every sentence of the five guides that names a function is replayed by a step."""

import pytest

from tests.journeys.guides.sentences import Guide
from tests.journeys.guides.table import GUIDES, PAGE, journey, page, steps

SENTENCES = [sentence.code for guide in GUIDES for sentence in guide.sentences]
COVERED = {code for step in steps() for code in step.sentences}


def test_the_page_says_what_the_journeys_declare() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.journeys.guides.table"


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.slug)
def test_the_sentences_of_a_guide_are_numbered_without_gap(guide: Guide) -> None:
    numbers = range(1, len(guide.sentences) + 1)
    assert [sentence.code for sentence in guide.sentences] == [f"{guide.slug}-{number}" for number in numbers]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.slug)
def test_the_journey_of_a_guide_is_a_test_of_its_own(guide: Guide) -> None:
    assert [name for name in vars(journey(guide)) if name.startswith("test_the_guide_of_")] == [
        name for name in vars(journey(guide)) if name.startswith("test_")
    ]


def test_steps_cover_sentences_that_exist() -> None:
    assert COVERED - set(SENTENCES) == set()


def test_every_sentence_has_its_step() -> None:
    assert [code for code in SENTENCES if code not in COVERED] == []
