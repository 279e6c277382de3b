"""What a client is told when something goes wrong, wherever it goes wrong."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

import pytest
import strawberry
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from resolvers.context import ANONYMOUS, Viewer
from resolvers.errors import Code, Refused
from schema.access import PUBLIC, field, mutation
from schema.errors import ClientError
from schema.execution import INTERNAL_MESSAGE, PortalSchema

SECRET = "postgres://portail:hunter2@base famille.testbis@example.org"


@strawberry.enum
class Colour(Enum):
    RED = "red"


@strawberry.input
class Patch:
    day: date
    name: strawberry.Maybe[str]


@strawberry.type
class Query:
    @field(access=PUBLIC, description="Says hello.")
    def hello(self, name: str = "toi", times: int = 1) -> str:
        return f"Bonjour {name}" * times

    @field(access=PUBLIC, description="Fails.")
    def broken(self) -> str | None:
        raise RuntimeError(SECRET)

    @field(access=PUBLIC, description="Fails later.")
    async def broken_later(self) -> str | None:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise RuntimeError(SECRET) from error

    @field(access=PUBLIC, description="Returns what is not a colour.")
    def colour(self) -> Colour | None:
        return SECRET  # type: ignore[return-value]

    @field(access=PUBLIC, description="A library's own error.")
    def library(self) -> str | None:
        raise GraphQLError(SECRET)

    @field(access=PUBLIC, description="Returns nothing.")
    def nothing(self) -> str:
        return None  # type: ignore[return-value]

    @field(access=PUBLIC, description="Refuses.")
    def refused(self) -> str | None:
        raise Refused(Code.TOO_LATE, "C'est trop tard.")

    @field(access=PUBLIC, description="Refuses, for clients.")
    def told(self) -> str | None:
        raise ClientError("Non.", "FORBIDDEN", steps=["ACCEPT_TERMS"])

    @field(access=PUBLIC, description="Reads a patch.")
    def patched(self, input: Patch) -> str:
        return input.day.isoformat()


@strawberry.type
class Mutation:
    @mutation(access=PUBLIC, description="Signs in.", single=True)
    def sign_in(self, password: str) -> bool:
        return False


@dataclass
class Visit:
    """The part of a context that policies read."""

    viewer: Viewer = ANONYMOUS


SCHEMA = PortalSchema(Query, Mutation)


async def run(
    query: str | None, variables: dict[str, Any] | None = None, schema: PortalSchema = SCHEMA, **options: Any
) -> ExecutionResult:
    """The result of a request of an anonymous visitor."""
    return await schema.execute(query, variables, context_value=Visit(), **options)


async def failures(query: str | None, variables: dict[str, Any] | None = None, **options: Any) -> list[Any]:
    """The message and the code of each error of a request."""
    result = await run(query, variables, **options)
    return [(error.message, (error.extensions or {})["code"]) for error in result.errors or []]


@pytest.mark.anyio
@pytest.mark.parametrize("name", ["broken", "brokenLater", "colour", "library", "nothing"])
async def test_an_unexpected_error_is_a_reference_and_one_line_of_log(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        result = await run(f"{{ alias: {name} }}")
    (error,) = result.errors or []
    (record,) = caplog.records
    assert error.extensions is not None
    assert error.formatted == {
        "message": INTERNAL_MESSAGE,
        "locations": [{"line": 1, "column": 3}],
        "path": ["alias"],
        "extensions": {"code": "INTERNAL_SERVER_ERROR", "reference": error.extensions["reference"]},
    }
    assert (record.name, record.levelname, record.exc_info) == ("portail.graphql", "ERROR", None)
    assert record.getMessage().startswith(f"internal error {error.extensions['reference']} in {name}: ")
    assert ("hunter2" in caplog.text, "alias" in caplog.text) == (False, False)


@pytest.mark.anyio
async def test_the_log_tells_the_chain_of_exceptions_and_the_lines(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        await run("{ brokenLater }")
    assert "builtins.RuntimeError at " in caplog.text
    assert " caused by builtins.KeyError at " in caplog.text
    assert f"{__file__}:" in caplog.text


def fail(error: type[Exception] = RuntimeError) -> None:
    """What a hook with a fault does."""
    raise error(SECRET)


class OnOperation(SchemaExtension):
    def on_operation(self) -> Iterator[None]:
        fail()
        yield


class AfterOperation(SchemaExtension):
    def on_operation(self) -> Iterator[None]:
        yield
        fail()


class OnParse(SchemaExtension):
    def on_parse(self) -> Iterator[None]:
        fail()
        yield


class OnValidate(SchemaExtension):
    def on_validate(self) -> Iterator[None]:
        fail()
        yield


class OnExecute(SchemaExtension):
    def on_execute(self) -> Iterator[None]:
        fail(GraphQLError)
        yield


class AfterExecute(SchemaExtension):
    def on_execute(self) -> Iterator[None]:
        yield
        fail()


class Results(SchemaExtension):
    def get_results(self) -> dict[str, Any]:
        fail()
        return {}


HOOKS = [OnOperation, AfterOperation, OnParse, OnValidate, OnExecute, AfterExecute, Results]


@pytest.mark.anyio
@pytest.mark.parametrize("hook", HOOKS)
async def test_an_error_in_an_extension_is_masked_too(
    hook: type[SchemaExtension], caplog: pytest.LogCaptureFixture
) -> None:
    result = await run("{ hello }", schema=PortalSchema(Query, extensions=[hook]))
    assert result.data is None
    assert [error.message for error in result.errors or []] == [INTERNAL_MESSAGE]
    assert len(caplog.records) == 1
    assert "hunter2" not in str(result) + caplog.text


@pytest.mark.anyio
async def test_what_was_written_for_the_client_is_shown_with_its_place(caplog: pytest.LogCaptureFixture) -> None:
    result = await run("{ told refused }")
    assert [error.formatted for error in result.errors or []] == [
        {
            "message": "Non.",
            "locations": [{"line": 1, "column": 3}],
            "path": ["told"],
            "extensions": {"code": "FORBIDDEN", "steps": ["ACCEPT_TERMS"]},
        },
        {
            "message": "C'est trop tard.",
            "locations": [{"line": 1, "column": 8}],
            "path": ["refused"],
            "extensions": {"code": "BAD_USER_INPUT", "reasons": ["TOO_LATE"]},
        },
    ]
    assert caplog.records == []


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("query", "variables", "expected"),
    [
        ("{", None, ("Syntax Error: Expected Name, found <EOF>.", "GRAPHQL_PARSE_FAILED")),
        ("{ helo }", None, ("Cannot query field 'helo' on type 'Query'.", "GRAPHQL_VALIDATION_FAILED")),
        (
            '{ patched(input: {day: "hier"}) }',
            None,
            ("Date must be a string such as 2026-09-01.", "BAD_USER_INPUT"),
        ),
        (
            '{ patched(input: {day: "2026-09-01", name: null}) }',
            None,
            ("Expected value of type 'str', found null.", "BAD_USER_INPUT"),
        ),
        (
            "query ($i: Patch!) { patched(input: $i) }",
            {"i": {"day": "2026-02-30"}},
            ("Variable '$i' has invalid value at .day: Date is not a day of the calendar.", "BAD_USER_INPUT"),
        ),
        (
            "query ($i: Patch!) { patched(input: $i) }",
            {"i": {"day": "2026-02-01", "name": None}},
            ("Expected value of type 'str', found null.", "BAD_USER_INPUT"),
        ),
        (
            "query ($t: Int = 1) { hello(times: $t) }",
            {"t": None},
            (
                "Argument 'times' has invalid value: "
                "Expected variable '$t' provided to non-null type 'Int!' not to be None.",
                "BAD_USER_INPUT",
            ),
        ),
        (
            "query ($n: String!) { hello(name: $n) }",
            {"n": "\ud800"},
            ("Variable '$n': A text must not contain NUL characters or lone surrogates.", "BAD_USER_INPUT"),
        ),
        (
            "{ hello }",
            {"\0": 1},
            ("A text must not contain NUL characters or lone surrogates.", "BAD_USER_INPUT"),
        ),
        (
            "query A { hello } query B { hello }",
            None,
            ("Give `operationName`: the document has several.", "OPERATION_RESOLUTION_FAILURE"),
        ),
        (
            "fragment F on Query { hello }",
            None,
            ("The document has no such operation.", "OPERATION_RESOLUTION_FAILURE"),
        ),
        ("subscription { hello }", None, ("There are no subscriptions here.", "OPERATION_RESOLUTION_FAILURE")),
        ("", None, ("The request has no `query`.", "BAD_REQUEST")),
        (None, None, ("The request has no `query`.", "BAD_REQUEST")),
        (
            'mutation { a: signIn(password: "1") b: signIn(password: "2") }',
            None,
            ("The document has more than 1 mutation that tries a secret.", "QUERY_TOO_COMPLEX"),
        ),
    ],
)
async def test_a_faulty_request_is_told_what_is_wrong(
    query: str | None, variables: dict[str, Any] | None, expected: tuple[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    assert (await failures(query, variables), caplog.records) == ([expected], [])


@pytest.mark.anyio
async def test_an_unclean_operation_name_is_refused() -> None:
    expected = ("A text must not contain NUL characters or lone surrogates.", "BAD_USER_INPUT")
    assert await failures("query A { hello }", operation_name="\ud800") == [expected]


@pytest.mark.anyio
async def test_a_mutation_where_only_queries_are_allowed_is_refused() -> None:
    expected = ("A mutation must be sent by POST.", "METHOD_NOT_ALLOWED")
    query = 'mutation { signIn(password: "1") }'
    assert await failures(query, allowed_operation_types=[OperationType.QUERY]) == [expected]


@pytest.mark.anyio
async def test_a_long_text_is_not_sent_back_whole() -> None:
    ((message, code),) = await failures("{ " + "x" * 100_000 + " }")
    assert (len(message), message[-1], code) == (500, "…", "GRAPHQL_VALIDATION_FAILED")


@pytest.mark.anyio
async def test_one_of_several_operations_runs_when_it_is_named() -> None:
    result = await run('query A { hello } query B { hello(name: "B") }', operation_name="B")
    assert (result.data, result.errors) == ({"hello": "Bonjour B"}, None)


@pytest.mark.anyio
async def test_a_valid_document_is_checked_once_and_a_refused_one_is_not_kept() -> None:
    schema = PortalSchema(Query)
    for query in ("{ hello }", "{ hello }", "{ helo }", "{"):
        await run(query, schema=schema)
    assert list(schema.documents) == ["{ hello }"]
    kept = schema.documents.find("{ hello }")
    result = await run("{ hello }", schema=schema)
    assert (result.data, schema.documents.find("{ hello }") is kept) == ({"hello": "Bonjour toi"}, True)
