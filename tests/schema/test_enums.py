"""The enumerations of the schema and those of the house stay the same, name by name."""

import importlib
import inspect
import re
from enum import Enum

import pytest

from resolvers.errors import Code
from schema import enums, money_enums
from schema.errors import UserErrorCode

CITED = re.compile(r"See ``(?P<module>[a-z_.]+)\.(?P<name>[A-Z]\w+)``\.")
SHOWN: dict[str, type[Enum]] = {
    name: each
    for name, each in {**vars(enums), **vars(money_enums)}.items()
    if inspect.isclass(each) and issubclass(each, Enum) and each is not Enum
}
DERIVED = {"PaymentStatus", "PayfipMode"}  # no enumeration of the house says it: computed, or letters of the DGFiP


def cited_by(shown: type[Enum]) -> type[Enum]:
    """The enumeration that the docstring names."""
    cited = CITED.fullmatch(shown.__doc__ or "")
    assert cited is not None, f"{shown.__name__} does not say which enumeration it mirrors"
    found: type[Enum] = getattr(importlib.import_module(cited["module"]), cited["name"])
    return found


@pytest.mark.parametrize("name", sorted(SHOWN.keys() - DERIVED))
def test_an_enumeration_has_the_names_of_the_one_it_cites(name: str) -> None:
    assert list(SHOWN[name].__members__) == list(cited_by(SHOWN[name]).__members__)


def test_what_is_derived_cites_nothing() -> None:
    assert {name for name, shown in SHOWN.items() if not CITED.fullmatch(shown.__doc__ or "")} == DERIVED


def test_every_refusal_has_its_code_with_its_meaning() -> None:
    told = {code.name: code.value for code in Code}
    described = {value.name: value.description for value in UserErrorCode.__strawberry_definition__.values}  # type: ignore[attr-defined]
    assert described == told
