"""What a guide says a family can do, sentence by sentence: the specification that the journeys replay."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a guide that names a function, and the section it stands in; ``code`` is such as ``melle-12``."""

    code: str
    section: str
    quotation: str


@dataclass(frozen=True, slots=True)
class Guide:
    """The sentences of a commune's guide that name a function: by section, each under its number, in reading order.

    They are quoted as printed; […] stands for what is left out. What only describes a screen is no function.
    """

    slug: str
    commune: str
    title: str
    sections: Mapping[str, Mapping[int, str]]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence, in reading order."""
        return tuple(
            Sentence(f"{self.slug}-{number}", section, quotation)
            for section, quotations in self.sections.items()
            for number, quotation in quotations.items()
        )
