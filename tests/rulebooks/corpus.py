"""The corpus: rules and tariffs found on the public pages of communes, each with worked examples, and how they count.

``deadlines.json`` and ``tariffs.json`` say what communes ask; ``deadlines/dNNN.py`` and ``tariffs/tNNN.py`` say each
entry in the vocabulary of ``plugins.rules`` and nothing else, as a commune would.
"""

import ast
import json
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

FOLDER = Path(__file__).parent
VOCABULARY = ("plugins.rules", "datetime", "decimal", "zoneinfo")
LOGIC = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.If,
    ast.For,
    ast.While,
    ast.Try,
    ast.Import,
)


def entries(kind: str) -> list[dict[str, Any]]:
    """What was found: ``kind`` is « deadlines » or « tariffs »."""
    found: list[dict[str, Any]] = json.loads((FOLDER / f"{kind}.json").read_text())
    return found


def commune_module(kind: str, entry_id: str) -> ModuleType:
    """The module of an entry; a missing one is a failure, and so is one that is more than values."""
    path = FOLDER / kind / f"{entry_id.lower()}.py"
    assert path.is_file(), f"write {path.relative_to(FOLDER)}: {entry_id} is not expressed yet"
    foreign = beyond_vocabulary(path.read_text())
    assert not foreign, f"{path.relative_to(FOLDER)} is more than values of plugins.rules: {foreign}"
    return import_module(f"tests.rulebooks.{kind}.{path.stem}")


def beyond_vocabulary(source: str) -> list[str]:
    """What a commune's module must not hold: a missing docstring, logic of its own, a foreign import."""
    tree = ast.parse(source)
    found = [] if ast.get_docstring(tree) else ["no docstring"]
    for node in ast.walk(tree):
        if isinstance(node, LOGIC):
            found.append(f"line {node.lineno}: {type(node).__name__}")
        elif isinstance(node, ast.ImportFrom) and not _is_vocabulary(node.module or ""):
            found.append(f"line {node.lineno}: from {node.module}")
    return found


def _is_vocabulary(module: str) -> bool:
    return any(module == known or module.startswith(f"{known}.") for known in VOCABULARY)
