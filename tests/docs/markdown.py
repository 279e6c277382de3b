"""What the tests of the written house read in Markdown: blocks of code, links, headings, tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
IGNORED = frozenset({"node_modules", "var", "__pycache__"})

_FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of code, and the line of its file where its text starts."""

    language: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Document:
    """A Markdown file of the repository."""

    path: Path

    @property
    def name(self) -> str:
        """Its path from the root of the repository."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def text(self) -> str:
        """Its whole text."""
        return self.path.read_text(encoding="utf-8")

    @property
    def prose(self) -> str:
        """Its text without the blocks of code."""
        return _FENCE.sub("", self.text)

    def blocks(self, language: str) -> list[Block]:
        """Its blocks of code in one language."""
        text = self.text
        return [
            Block(found[1], found[2], text.count("\n", 0, found.start(2)) + 1)
            for found in _FENCE.finditer(text)
            if found[1] == language
        ]

    @property
    def links(self) -> list[str]:
        """Where its links lead, anchors included."""
        return _LINK.findall(self.prose)

    def headings(self, level: int | None = None) -> list[str]:
        """Its headings, of one level or of all."""
        return [found[2] for found in _HEADING.finditer(self.prose) if level in (None, len(found[1]))]

    @property
    def anchors(self) -> frozenset[str]:
        """What a link may name after the ``#``: the headings, as forges write them in addresses."""
        return frozenset(
            re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in self.headings()
        )

    def section(self, heading: str) -> str:
        """The text under a heading, up to the next heading of any level."""
        _, found, after = f"\n{self.prose}".partition(f"# {heading}\n")
        if not found:
            raise LookupError(f"{self.name} has no heading {heading!r}")
        return re.split(r"^#{1,6} ", after, maxsplit=1, flags=re.MULTILINE)[0]


def rows(text: str) -> list[tuple[str, ...]]:
    """The rows of the tables in a text, without their headers; ``\\|`` is a bar inside a cell."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    bodies = [
        line
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
        if not _is_ruler(line) and not _is_ruler(following)
    ]
    return [tuple(cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]) for line in bodies]


def _is_ruler(line: str) -> bool:
    return re.fullmatch(r"\|[ :|-]+\|", line) is not None


def code(cell: str) -> str:
    """What a cell holds between backquotes."""
    found = re.fullmatch(r"`([^`]+)`", cell)
    if found is None:
        raise ValueError(f"{cell!r} is not one piece of code")
    return found[1]


def files(*suffixes: str) -> Iterator[Path]:
    """The files of the repository that end so, caches and environments left out."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = any(part in IGNORED or part.startswith(".") for part in parts)
        if not hidden and path.suffix in suffixes and path.is_file():
            yield path


DOCUMENTS = tuple(Document(path) for path in files(".md"))
BY_NAME = {document.name: document for document in DOCUMENTS}
