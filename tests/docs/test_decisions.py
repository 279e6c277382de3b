"""Architecture decisions: short, of one form, numbered without gap, listed, and cited only when they exist."""

import re

import pytest

from tests.docs.markdown import BY_NAME, ROOT, Document, files

ADR = re.compile(r"\bADR[ -]?(\d{4})\b|\badr/(\d{4})\b")
DECISIONS = {name: document for name, document in BY_NAME.items() if name.startswith("docs/adr/")}
LONGEST = 40


@pytest.mark.parametrize("name", DECISIONS)
def test_a_decision_has_its_four_headings_in_order(name: str) -> None:
    assert DECISIONS[name].headings(2) == ["Context", "Decision", "Consequences", "Alternatives"]
    assert all(DECISIONS[name].section(heading).strip() for heading in DECISIONS[name].headings(2))


@pytest.mark.parametrize("name", DECISIONS)
def test_a_decision_fits_on_a_page(name: str) -> None:
    assert len(DECISIONS[name].text.splitlines()) <= LONGEST


def test_decisions_are_numbered_without_gap_and_titled_by_their_number() -> None:
    expected = [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]
    assert [document.path.name[:4] for document in DECISIONS.values()] == expected
    assert [title(document)[:6] for document in DECISIONS.values()] == [f"{number}. " for number in expected]


def test_the_index_lists_every_decision_by_its_title() -> None:
    links = re.findall(r"^- \[([^\]]+)\]\((adr/[^)]+)\)$", BY_NAME["docs/README.md"].text, re.MULTILINE)
    assert links == [(title(document), f"adr/{document.path.name}") for document in DECISIONS.values()]


def test_every_decision_that_is_cited_exists() -> None:
    known = {document.path.name[:4] for document in DECISIONS.values()}
    cited = {
        (path.relative_to(ROOT).as_posix(), first or second)
        for path in (*files(".py", ".md", ".toml"), ROOT / "Makefile")
        for first, second in ADR.findall(path.read_text(encoding="utf-8"))
    }
    assert {(path, number) for path, number in cited if number not in known} == set()
    assert cited


def title(document: Document) -> str:
    (first,) = document.headings(1)
    return first
