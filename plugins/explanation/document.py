"""What a printed règlement is made of, whatever prints it. Every text is French."""

from dataclasses import dataclass

from plugins.rules.errors import RuleError


@dataclass(frozen=True, slots=True)
class Sentences:
    """Sentences to be read one under the other."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Who gave the answer that stands above."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headers, all of one width; the first cell of a row is the row's own header."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.headers) for row in self.rows):
            raise RuleError(f"Table « {self.caption} »: a row is not as wide as its {len(self.headers)} headers")


Paragraph = Sentences | Source | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A title, what stands under it, and the sections inside."""

    title: str
    paragraphs: tuple[Paragraph, ...]
    sections: tuple["Section", ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A title, an introduction and sections."""

    title: str
    introduction: Sentences
    sections: tuple[Section, ...]
