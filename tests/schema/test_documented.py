"""Whoever introspects the schema understands it: everything is described, in English, with who may call it."""

import re
from collections.abc import Iterator

from graphql import GraphQLEnumType, GraphQLInputObjectType, is_introspection_type, is_specified_scalar_type
from strawberry.types import get_object_definition

from schema.access import access_of
from schema.mutation import Mutation
from schema.portal import schema
from schema.query import Query

FRENCH = re.compile(r"\b(le|les|du|des|une|pour|avec|qui|est|sont|dans|sur|être|ou)\b", re.IGNORECASE)
QUOTED = re.compile(r"«[^»]*»|`[^`]*`", re.DOTALL)


def descriptions() -> Iterator[tuple[str, str | None]]:
    """The path and the description of every type, field, argument, input field and enum value of ours."""
    for name, type_ in schema._schema.type_map.items():
        if is_introspection_type(type_) or is_specified_scalar_type(type_):
            continue
        yield name, type_.description
        if isinstance(type_, GraphQLEnumType):
            yield from ((f"{name}.{value}", given.description) for value, given in type_.values.items())
            continue
        for key, field in getattr(type_, "fields", {}).items():
            yield f"{name}.{key}", field.description
            if not isinstance(type_, GraphQLInputObjectType):
                yield from ((f"{name}.{key}({argument})", given.description) for argument, given in field.args.items())


DESCRIPTIONS = dict(descriptions())


def test_everything_is_described() -> None:
    assert {"Query", "Query.node(id)", "SessionOpenInput.password", "Verdict.TOO_LATE", "Date"} <= DESCRIPTIONS.keys()
    assert [path for path, text in DESCRIPTIONS.items() if not text] == []


def test_descriptions_are_english_sentences() -> None:
    """French is welcome between « »: those are the words families and agents use."""
    plain = {path: QUOTED.sub("", text or "") for path, text in DESCRIPTIONS.items()}
    assert {path: text for path, text in plain.items() if FRENCH.search(text)} == {}
    assert {path: text for path, text in DESCRIPTIONS.items() if not (text or "").endswith((".", "»"))} == {}


def test_a_root_field_says_last_who_may_call_it() -> None:
    told = {}
    for root in (Query, Mutation):
        definition = get_object_definition(root, strict=True)
        for field in definition.fields:
            name = schema.config.name_converter.get_graphql_name(field)
            told[f"{definition.name}.{name}"] = f"\n\n{access_of(field)}"
    assert len(told) > 30
    assert {path: text for path, text in told.items() if not (DESCRIPTIONS[path] or "").endswith(text)} == {}
