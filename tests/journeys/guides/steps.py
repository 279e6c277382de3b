"""The steps of a journey: which sentences of a guide each one covers, and whether it ran."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, ParamSpec, TypeVar

Given = ParamSpec("Given")
Found = TypeVar("Found")


@dataclass(slots=True)
class Step(Generic[Given, Found]):
    """A function of a journey that replays some sentences of a guide; called like that function."""

    play: Callable[Given, Found]
    sentences: tuple[str, ...]
    has_passed: bool = False

    def __call__(self, *given: Given.args, **named: Given.kwargs) -> Found:
        """Play the step; it has passed once it ran to its end."""
        found = self.play(*given, **named)
        self.has_passed = True
        return found

    @property
    def name(self) -> str:
        """The name of the function."""
        return self.play.__name__


def covers(*sentences: str) -> Callable[[Callable[Given, Found]], Step[Given, Found]]:
    """Say which sentences of the guides a function of a journey replays: ``@covers("melle-12")``."""
    return lambda play: Step(play, sentences)


def steps_of(module: str) -> list[Step[..., object]]:
    """The steps that a journey's module holds or imports."""
    return [each for each in vars(sys.modules[module]).values() if isinstance(each, Step)]


@contextmanager
def every_step_of(module: str) -> Iterator[None]:
    """Fails when a step of a journey did not run to its end within the block: what is declared was done."""
    steps = steps_of(module)
    for step in steps:
        step.has_passed = False
    yield
    assert [step.name for step in steps if not step.has_passed] == []
