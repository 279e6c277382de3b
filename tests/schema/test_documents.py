"""Documents: every limit at its edge, linear work on hostile ones, and what is remembered."""

from time import process_time

import pytest
from graphql import build_schema, get_introspection_query, parse

from schema.documents import UNCLEAN, DocumentCache, check_document

SCHEMA = build_schema("""
    type Thing { name: String thing: Thing }
    type Query { hello(name: String): String thing: Thing }
    type Mutation { signIn(password: String): String save: String }
""")


def errors(text: str) -> list[tuple[str, str]]:
    """The message and code of each error of a document."""
    found = check_document(SCHEMA, parse(text), single_mutations={"signIn"})
    return [(error.message, (error.extensions or {})["code"]) for error in found]


def beyond(what: str) -> list[tuple[str, str]]:
    """The only error of a document that is beyond a limit."""
    return [(f"The document has more than {what}.", "QUERY_TOO_COMPLEX")]


def nested(levels: int) -> str:
    return "{ thing " * levels + "{ name }" + " }" * levels


def aliased(count: int) -> str:
    return "{ thing {" + " ".join(f"a{number}: name" for number in range(count)) + "} }"


def spread_chain(length: int, order: int = 1) -> str:
    """Fragments that each spread the next one twice: expanding them all takes 2^length steps."""
    fragments = [f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(length)]
    return " ".join(["{ ...F0 }", *fragments[::order], f"fragment F{length} on Query {{ hello }}"])


def repeated(times: int) -> str:
    """One field asked for many times, a few per fragment."""
    fragments = [f"fragment F{n} on Thing {{ {'name ' * 50} }}" for n in range(times // 50)]
    return " ".join(["{ thing {", *(f"...F{n}" for n in range(times // 50)), "} }", *fragments])


@pytest.mark.parametrize(
    ("accepted", "refused", "limit"),
    [
        (nested(12), nested(13), "12 levels"),
        (aliased(30), aliased(31), "30 aliases"),
        ("{ hello" + " @include(if: true)" + " }", "{ hello" + " @include(if: true)" * 21 + " }", "20 directives"),
        ("{" + " hello" * 20 + " }", "{" + " hello" * 21 + " }", "20 root selections"),
        ("{ thing {" + " name" * 100 + " } }", "{ thing {" + " name" * 101 + " } }", "100 selections in one place"),
        (spread_chain(19), spread_chain(20), "20 levels of fragments"),
        (spread_chain(19, -1), spread_chain(20, -1), "20 levels of fragments"),
        (repeated(100), repeated(150), "10000 repetitions of the same field"),
        ("mutation { signIn save }", "mutation { a: signIn b: signIn }", "1 mutation that tries a secret"),
    ],
    ids=[
        "depth",
        "aliases",
        "directives",
        "roots",
        "selections",
        "fragments",
        "fragments reversed",
        "overlaps",
        "secrets",
    ],
)
def test_a_document_is_accepted_up_to_the_limit(accepted: str, refused: str, limit: str) -> None:
    assert (errors(accepted), errors(refused)) == ([], beyond(limit))


def test_secrets_hidden_in_a_fragment_are_counted() -> None:
    assert errors("mutation { signIn ...F } fragment F on Mutation { b: signIn }") == beyond(
        "1 mutation that tries a secret"
    )


def test_introspection_is_deep_by_nature_and_accepted() -> None:
    assert errors(get_introspection_query()) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ __schema { types { a: fields { name } b: fields { name } } } }", None),
        ("{ ...F } fragment F on Query { __schema { types { ...T } } } fragment T on __Type { a: name }", None),
        ('{ a: __typename b: __type(name: "A") { name } c: __type(name: "B") { name } }', []),
        ("{ " + " ".join(f'a{n}: __type(name: "A") {{ name }}' for n in range(4)) + " }", beyond("3 introspections")),
    ],
)
def test_introspection_cannot_be_multiplied(text: str, expected: list[tuple[str, str]] | None) -> None:
    refused = [("Aliases are not accepted inside an introspection.", "QUERY_TOO_COMPLEX")]
    assert errors(text) == (refused if expected is None else expected)


def test_fragments_in_a_circle_or_unknown_are_left_to_the_validation() -> None:
    circle = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"
    assert errors(circle) == [("Cannot spread fragment 'A' within itself via 'B'.", "GRAPHQL_VALIDATION_FAILED")]
    assert errors("{ ...Nope }") == [("Unknown fragment 'Nope'.", "GRAPHQL_VALIDATION_FAILED")]


def test_a_text_that_no_database_stores_is_refused_in_a_literal() -> None:
    assert errors('{ hello(name: "a\\u0000b") }') == [(UNCLEAN, "BAD_USER_INPUT")]


def test_errors_say_where_and_suggest_nothing() -> None:
    found = check_document(SCHEMA, parse("{\n  helo\n}"))
    assert [error.formatted for error in found] == [
        {
            "message": "Cannot query field 'helo' on type 'Query'.",
            "locations": [{"line": 2, "column": 3}],
            "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"},
        }
    ]


def test_at_most_five_errors_are_told() -> None:
    assert len(errors("{ thing {" + " ".join(f"x{n}" for n in range(50)) + "} }")) == 5


BOMBS = {
    "fragments that double": spread_chain(19),
    "fragments that double, reversed": spread_chain(19, -1),
    "a long chain of fragments": spread_chain(150),
    "every fragment spreads all the others": " ".join(
        ["{ ...F0 }", *(f"fragment F{n} on Query {{ {' '.join(f'...F{m}' for m in range(25))} }}" for n in range(25))]
    ),
    "fields to compare": repeated(100),
    "many more fields to compare": repeated(600),
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_a_hostile_document_costs_little(text: str) -> None:
    """Strawberry's limiters need minutes for the first; the bound only tells linear from exponential."""
    document = parse(text, max_tokens=2000)
    start = process_time()
    check_document(SCHEMA, document)
    assert process_time() - start < 1


def test_documents_are_remembered_up_to_a_number() -> None:
    cache = DocumentCache(max_documents=2)
    documents = {text: parse(text) for text in ("{ a }", "{ b }", "{ c }")}
    cache.keep("{ a }", documents["{ a }"])
    cache.keep("{ b }", documents["{ b }"])
    assert cache.find("{ a }") is documents["{ a }"]
    cache.keep("{ c }", documents["{ c }"])
    assert (list(cache), cache.find("{ b }")) == (["{ a }", "{ c }"], None)


def test_documents_are_remembered_up_to_a_total_length() -> None:
    cache = DocumentCache(max_characters=12)
    for text in ("{ a }", "{ a }", "{ b }", "{ c }", "{ " + "d" * 20 + " }", "{ e }"):
        cache.keep(text, parse(text))
    assert (list(cache), len(cache)) == (["{ e }"], 1)
