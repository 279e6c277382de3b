"""The page of the vocabulary: each row says what its value says, names who needs it, and no constructor is left out."""

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib import import_module
from types import ModuleType, NoneType
from typing import Any, get_origin, get_type_hints

import pytest

from plugins.communes import IN_TREE
from plugins.explanation.days_off import say_calendar
from plugins.rules.calendar import SchoolCalendar, SchoolYear
from plugins.rules.conditions import When
from plugins.rules.french import NBSP
from tests.docs.markdown import BY_NAME, ROOT, code, rows

PAGE = BY_NAME["docs/vocabulary.md"]
MODULES = re.compile(r"`plugins\.rules\.(\w+)`")
NOBODY = "—"
NO_RULES = frozenset({str, int, Decimal, date, tuple, NoneType})
COMPUTED = frozenset({"AbsenceDay", "AbsenceDecision", "Bracket", "HeldQuotient", "PriceRow", "Settlement"})
"""What answers are made of: they say themselves, and no commune writes them."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A heading of the page, the modules its words come from, and its rows."""

    title: str
    modules: tuple[ModuleType, ...]
    rows: tuple[tuple[str, str, str], ...]

    @property
    def words(self) -> frozenset[str]:
        """Every name that its constructors use; those of conditions are « When.LATE »."""
        nodes = [node for written, _, _ in self.rows for node in ast.walk(ast.parse(written))]
        names = {node.id for node in nodes if isinstance(node, ast.Name)}
        return frozenset(names | {ast.unparse(node) for node in nodes if isinstance(node, ast.Attribute)})


def themes() -> Iterator[Theme]:
    """The headings that have a table of constructors."""
    for title in PAGE.headings(2):
        section = PAGE.section(title)
        found = [import_module(f"plugins.rules.{name}") for name in MODULES.findall(section.partition("\n|")[0])]
        if found:
            yield Theme(title, tuple(found), tuple((code(a), b, c) for a, b, c in rows(section)))


THEMES = tuple(themes())
ROWS = [(theme, *row) for theme in THEMES for row in theme.rows]
IDS = [f"{theme.title}: {written}" for theme, written, _, _ in ROWS]


def names_in_sight(theme: Theme) -> dict[str, Any]:
    """Every name of the vocabulary; two modules that use one name for two things are told apart by the theme."""
    everywhere = [module for other in THEMES for module in other.modules]
    return {name: value for module in (*everywhere, *theme.modules) for name, value in vars(module).items()}


def evaluated(theme: Theme, written: str) -> Any:
    """The value of a constructor, as a plugin would write it."""
    return eval(written, names_in_sight(theme))


def said(value: Any) -> str:
    """What a value says, on one line of a table; a calendar is said as ``explain`` prints it."""
    text = say_calendar(value, SchoolYear(2026)) if isinstance(value, SchoolCalendar) else value.say()
    return str(text).replace("\n", "<br>").replace(NBSP, " ")


@pytest.mark.parametrize(("theme", "written", "french", "_"), ROWS, ids=IDS)
def test_a_constructor_says_what_its_row_says(theme: Theme, written: str, french: str, _: str) -> None:
    assert said(evaluated(theme, written)) == french


@pytest.mark.parametrize(("theme", "written", "_", "need"), ROWS, ids=IDS)
def test_who_is_said_to_need_a_constructor_writes_it(theme: Theme, written: str, _: str, need: str) -> None:
    if need == NOBODY:
        return
    word = re.match(r"When\.\w+|\w+", written)
    assert word is not None
    assert any(re.search(rf"\b{re.escape(word[0])}\b", source) for source in sources(code(need)))


def sources(need: str) -> list[str]:
    """The files of a commune of the tree, or of an entry of the corpus."""
    if need in IN_TREE:
        return [path.read_text() for path in sorted((ROOT / "plugins" / need).glob("*.py"))]
    kind = {"D": "deadlines", "T": "tariffs"}[need[0]]
    return [(ROOT / "tests" / "rulebooks" / kind / f"{need.lower()}.py").read_text()]


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.title)
def test_no_constructor_of_the_theme_is_left_out(theme: Theme) -> None:
    built = {type(evaluated(theme, written)).__name__ for written, _, _ in theme.rows}
    wanted = {word for module in theme.modules for word in constructors(module)}
    assert sorted(wanted - theme.words - built) == []


def constructors(module: ModuleType) -> Iterator[str]:
    """What an author writes: the functions that make a value, the values that have no function, the constants."""
    own = {name: value for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__}
    makers = {name: returned(value) for name, value in own.items() if inspect.isfunction(value) and name[0] != "_"}
    yield from (name for name, made in makers.items() if made not in NO_RULES)
    for name, value in own.items():
        if inspect.isclass(value) and value not in makers.values() and is_written(value):
            yield name
    yield from (name for name in getattr(module, "__all__", ()) if name.isupper())
    if module.__name__ == When.__module__:
        yield from (f"When.{name}" for name in vars(When) if name[0] != "_" and name not in ("holds", "say"))


def returned(function: Any) -> Any:
    """What a function makes, without its parameters."""
    made = get_type_hints(function)["return"]
    return get_origin(made) or made


def is_written(value: type) -> bool:
    """True for a public class whose instances say themselves and are written by communes; conditions come from When."""
    say = getattr(value, "say", None)
    if say is None or inspect.isabstract(value) or value.__name__.startswith("_") or value.__name__ in COMPUTED:
        return False
    asks_more = [parameter for parameter in list(inspect.signature(say).parameters.values())[1:] if is_asked(parameter)]
    return not asks_more and not issubclass(value, When) and not getattr(value, "_is_protocol", False)


def is_asked(parameter: inspect.Parameter) -> bool:
    """True for a parameter without default."""
    return parameter.default is inspect.Parameter.empty


def test_every_module_that_the_corpus_is_written_with_has_its_theme() -> None:
    named = {module.__name__ for theme in THEMES for module in theme.modules}
    corpus = (path.read_text() for path in (ROOT / "tests" / "rulebooks").glob("*/*.py"))
    written_with = {name for source in corpus for name in re.findall(r"^from (plugins\.rules\.\w+)", source, re.M)}
    assert written_with - named == set()
