"""What the house promises about its own code, checked on the code: small, well named, scoped, without a clock."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from tortoise.models import Model

from resolvers import models

ROOT = Path(__file__).parents[1]
LAYERS = ("gateway", "schema", "resolvers", "plugins")
LONG_FUNCTIONS: set[str] = set()  # between 60 and 80 lines, each with a reason
LONG_MODULES = {"tests/gateway/simulators/test_bank.py"}  # one simulator, one table of what it must do
WORN_OUT_NAMES = {"service", "services", "manager", "managers", "utils", "util", "helpers", "helper", "common", "misc"}
TABLES: list[type[Model]] = [getattr(models, name) for name in models.__all__]
RELATIONS = {name for table in TABLES for name in table._meta.fk_fields | table._meta.m2m_fields}


def sources(*folders: str) -> list[Path]:
    """The Python files of these folders, migrations excepted: those are written by Tortoise."""
    return [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.relative_to(ROOT).parts
    ]


def found(folders: Iterable[str], look: Callable[[ast.AST], str | None]) -> set[tuple[str, str]]:
    """What *look* sees in the syntax of these folders, as (file, what)."""
    return {
        (path.relative_to(ROOT).as_posix(), seen)
        for path in sources(*folders)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (seen := look(node)) is not None
    }


def lengths(*folders: str) -> Iterator[tuple[str, int]]:
    """Every function as « file:name », with its number of lines."""
    for path in sources(*folders):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
                yield f"{path.relative_to(ROOT).as_posix()}:{node.name}", node.end_lineno - node.lineno + 1


def test_no_function_is_longer_than_a_screen() -> None:
    long = {name: lines for name, lines in lengths(*LAYERS, "tests") if lines > 60}
    assert set(long) == LONG_FUNCTIONS
    assert max(long.values(), default=0) <= 80


def test_no_module_is_longer_than_one_reads_at_once() -> None:
    long = {
        path.relative_to(ROOT).as_posix()
        for path in sources(*LAYERS, "tests")
        if len(path.read_text(encoding="utf-8").splitlines()) > 400
    }
    assert long == LONG_MODULES


def test_modules_are_named_for_what_they_hold() -> None:
    names = {path.stem for path in sources(*LAYERS, "tests")} | {path.parent.name for path in sources(*LAYERS)}
    assert names & WORN_OUT_NAMES == set()


def test_no_installed_distribution_claims_the_name_of_a_layer() -> None:
    assert packages_distributions().keys() & {*LAYERS, "tests", "bench"} == set()


def joins(node: ast.AST) -> str | None:
    """A lookup or a path that crosses a relation: ``person__name=…``, ``"account__person"``."""
    if isinstance(node, ast.keyword):
        written = node.arg
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        written = node.value
    else:
        return None
    crossed = re.match(r"-?([a-z_]+?)__", written or "")
    return written if crossed and crossed[1] in RELATIONS else None


def test_no_query_of_resolvers_crosses_a_relation_but_two_that_say_why() -> None:
    assert found(["resolvers", "schema", "gateway"], joins) == {
        ("resolvers/families/households.py", "person__"),  # memberships are already those of the viewer's households
        ("resolvers/access/sign_in.py", "account__person"),  # the token is the proof, before any scope is known
    }


def raw_sql(node: ast.AST) -> str | None:
    """A way around the managers of the tables."""
    ways = {"raw", "execute_query", "execute_query_dict", "execute_script", "execute_insert", "RawSQL"}
    called = node.func if isinstance(node, ast.Call) else None
    return called.attr if isinstance(called, ast.Attribute) and called.attr in ways else None


def test_no_table_is_read_behind_its_manager_s_back() -> None:
    assert found(["resolvers", "schema"], raw_sql) == {("resolvers/models/operations.py", "execute_script")}
    assert {name for name, _ in found(["gateway"], raw_sql)} == {"gateway/database.py"}  # « does it answer? »


def clocks(node: ast.AST) -> str | None:
    """A reading of the present instant."""
    readings = {
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "date.today",
        "time.time",
        "time.time_ns",
        "time.localtime",
        "time.gmtime",
    }
    name = ast.unparse(node) if isinstance(node, ast.Attribute) else ""
    return next((reading for reading in readings if name == reading or name.endswith(f".{reading}")), None)


def test_only_the_clock_reads_the_clock() -> None:
    assert found(LAYERS, clocks) == {
        ("gateway/clock.py", "datetime.now"),
        ("resolvers/models/keys.py", "time.time_ns"),  # orders rows on disk; no rule reads it
    }


def test_no_module_imports_the_clock_s_functions_by_name() -> None:
    def by_name(node: ast.AST) -> str | None:
        taken = node.module == "time" if isinstance(node, ast.ImportFrom) else False
        return "time" if taken else None

    assert found(LAYERS, by_name) == set()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_a_table_is_described_without_a_semicolon(table: type[Model]) -> None:
    # Tortoise writes the description in a comment of the SQL, and its SQLite editor cuts statements at semicolons.
    described = [table.__doc__, *(described.description for described in table._meta.fields_map.values())]
    assert [text for text in described if text and ";" in text] == []


WRITTEN = (".py", ".md", ".toml", ".lock", ".graphql", ".typ", ".html", ".css", ".json", ".mjs", ".yml", ".txt", "")


def written_files() -> list[Path]:
    """Every text of the project."""
    inside = [path for folder in (*LAYERS, "tests", "docs", "bench", ".ci") for path in (ROOT / folder).rglob("*")]
    paths = [path for path in [*ROOT.iterdir(), *inside] if path.is_file() and path.suffix in WRITTEN]
    return [path for path in paths if not {"__pycache__", "node_modules"} & set(path.parts)]


def test_no_file_names_a_path_or_a_registry_of_a_machine() -> None:
    machine = re.compile(
        r"(?<![\w.])/(?:home|root|Users|work)/\w|https?://[\w.]*(?:pypi|registry|nexus|artifactory)[\w.]*/simple"
    )
    named = {
        path.relative_to(ROOT).as_posix()
        for path in written_files()
        if machine.search(path.read_text(encoding="utf-8", errors="replace"))
    }
    assert named == set()
    assert len(written_files()) > 150
