"""The page that says which step of which journey covers each sentence: ``docs/guides-coverage.md``.

``python -m tests.journeys.guides.table`` writes it again. The journeys check that their steps ran to their end.
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from tests.journeys.guides import chailles, chavagne, epagny, melle, mesnil
from tests.journeys.guides.sentences import Guide, Sentence
from tests.journeys.guides.steps import Step, steps_of

PAGE = Path(__file__).parents[3] / "docs" / "guides-coverage.md"
GUIDES = (epagny.GUIDE, mesnil.GUIDE, chavagne.GUIDE, melle.GUIDE, chailles.GUIDE)

HEAD = """# The five guides, sentence by sentence

Each commune's guide says what a family does on its portal. Every sentence of theirs that names a function is quoted
here, as printed, with the step that replays it over HTTP in the journey of that commune. A step counts once it ran to
its end: a journey fails when one of its steps was left out.

Written by `python -m tests.journeys.guides.table`; a test compares.
"""


def steps() -> list[Step[..., object]]:
    """The steps of the journeys of all the guides."""
    return [step for guide in GUIDES for step in steps_of(journey(guide).__name__)]


def journey(guide: Guide) -> ModuleType:
    """The module whose only test replays a guide."""
    return import_module(f"tests.journeys.test_guide_{guide.slug}")


def page() -> str:
    """The whole page: what covers each sentence."""
    return "\n".join([HEAD, *(line for guide in GUIDES for line in _of_guide(guide))])


def _of_guide(guide: Guide) -> Iterator[str]:
    done = steps()
    yield from (
        f"## {guide.commune}",
        "",
        f"« {guide.title} », replayed by `{journey(guide).__name__.replace('.', '/')}.py`.",
        "",
    )
    yield from ("| Sentence | Section | In the guide | Step |", "| --- | --- | --- | --- |")
    for sentence in guide.sentences:
        names = [f"`{step.name}`" for step in done if sentence.code in step.sentences]
        yield _row(sentence, ", ".join(names))
    yield ""


def _row(sentence: Sentence, covered: str) -> str:
    cells = (f"`{sentence.code}`", sentence.section, f"« {sentence.quotation} »", covered)
    return f"| {' | '.join(cell.replace('|', '·') for cell in cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
