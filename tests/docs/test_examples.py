"""What the documents show is true of the code: examples, links, paths and commands."""

import re

import pytest
from graphql import build_schema, parse, validate

from tests.docs.markdown import BY_NAME, DOCUMENTS, ROOT, Block, Document

OURS = re.compile(r"`((?:gateway|schema|resolvers|plugins|tests|docs)/[\w./-]+)`")


def examples(language: str) -> list[object]:
    return [
        pytest.param(block, id=f"{document.name}:{block.line}")
        for document in DOCUMENTS
        for block in document.blocks(language)
    ]


@pytest.mark.parametrize("block", examples("python"))
def test_every_python_example_compiles(block: Block) -> None:
    compile(block.text, f"line {block.line}", "exec")


@pytest.mark.parametrize("block", examples("graphql"))
def test_every_graphql_example_can_be_asked_of_the_schema(block: Block) -> None:
    schema = build_schema((ROOT / "schema/schema.graphql").read_text(encoding="utf-8"))
    assert [error.message for error in validate(schema, parse(block.text))] == []


@pytest.mark.parametrize("name", BY_NAME)
def test_every_relative_link_leads_somewhere(name: str) -> None:
    document = BY_NAME[name]
    inside = [link for link in document.links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in inside if not leads_somewhere(document, link)] == []


def leads_somewhere(document: Document, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (document.path.parent / path).resolve() if path else document.path
    if not target.is_relative_to(ROOT) or not target.exists():
        return False
    return not anchor or anchor in Document(target).anchors


@pytest.mark.parametrize("name", BY_NAME)
def test_every_file_of_ours_that_is_named_exists(name: str) -> None:
    named = OURS.findall(BY_NAME[name].prose)
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("name", BY_NAME)
def test_every_make_command_that_is_named_exists(name: str) -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make (\w+)", BY_NAME[name].text)) | set(
        re.findall(r"^make (\w+)", BY_NAME[name].text, re.MULTILINE)
    )
    assert named - targets == set()
