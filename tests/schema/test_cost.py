"""What operations cost, and that the cost cannot be hidden in variables, defaults or fragments."""

from dataclasses import dataclass
from typing import Annotated, Any

import pytest
import strawberry
from graphql import OperationDefinitionNode, parse

from resolvers.context import ANONYMOUS, Viewer
from schema.access import PUBLIC, field, mutation
from schema.cost import LIST_SIZE, MAXIMUM_COST, operation_cost
from schema.execution import PortalSchema
from schema.relay import Connection, First, Last, connect, page_arguments


@strawberry.type
class Day:
    date: str = "2026-09-01"


@strawberry.type
class Child:
    name: str = "Zoé"

    @strawberry.field
    def days(self) -> list[Day]:
        return []

    month: list[Day] = strawberry.field(default_factory=list, metadata={LIST_SIZE: 31})

    @strawberry.field
    def friends(self, first: First = None, last: Last = None) -> "Connection[Child]":
        page_arguments(first, None, last)
        return connect(page_arguments(), [], [], 0)


@strawberry.type
class Query:
    @field(access=PUBLIC, description="A child.")
    def child(self) -> Child:
        return Child()

    @field(access=PUBLIC, description="Children by their identifiers.")
    def nodes(self, ids: Annotated[list[strawberry.ID], strawberry.argument(description="Which.")]) -> list[Child]:
        return [Child() for _ in ids]


@strawberry.type
class Mutation:
    @mutation(access=PUBLIC, description="Renames.")
    def rename(self) -> Child:
        return Child()


@dataclass
class Visit:
    """The part of a context that policies read."""

    viewer: Viewer = ANONYMOUS


SCHEMA = PortalSchema(Query, Mutation)


def cost(text: str, **variables: Any) -> int:
    """The cost of the first operation of a document."""
    document = parse(text)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return operation_cost(SCHEMA._schema, document, operation, variables)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ __typename }", 0),
        ("{ child { name } }", 1),
        ("{ child { days { date } } }", 1 + 5),
        ("{ child { month { date } } }", 1 + 31),
        ('{ nodes(ids: ["a", "b", "c"]) { name days { date } } }', 3 * (1 + 5)),
        ('{ nodes(ids: "a") { name } }', 1),
        ("{ child { friends { totalCount } } }", 1 + 1),
        ("{ child { friends { nodes { name } } } }", 1 + 1 + 20),
        ("{ child { friends(first: 1) { nodes { name } } } }", 1 + 1 + 1),
        ("{ child { friends(first: 50) { nodes { name } pageInfo { endCursor } } } }", 1 + 1 + 50 + 1),
        ("{ child { friends(last: 3) { edges { node { name } } } } }", 1 + 1 + 3 * 2),
        ("{ child { friends(first: 2) { nodes { friends(first: 3) { nodes { name } } } } } }", 1 + 1 + 2 * (1 + 1 + 3)),
        ("{ child { ... on Child { days { date } } ... { name } } }", 1 + 5),
        ("{ ...F } fragment F on Query { child { ...G } } fragment G on Child { days { date } }", 1 + 5),
        ("mutation { rename { name } }", 1 + 10),
        ("mutation { a: rename { name } b: rename { name } }", 2 * (1 + 10)),
    ],
)
def test_an_operation_costs_the_objects_it_may_return(text: str, expected: int) -> None:
    assert cost(text) == expected


FRIENDS = "query ($n: Int%s) { child { friends(first: $n) { nodes { name } } } }"


@pytest.mark.parametrize(
    ("default", "variables", "page"),
    [
        ("", {"n": 70}, 70),
        ("", {"n": 70.0}, 70),
        (" = 80", {}, 80),
        (" = 80", {"n": 3}, 3),
        (" = 80", {"n": None}, 20),
        ("", {}, 20),
        ("", {"n": "90"}, 20),
        ("", {"n": -5}, 20),
    ],
)
def test_page_sizes_are_read_wherever_they_are_given(default: str, variables: dict[str, Any], page: int) -> None:
    assert cost(FRIENDS % default, **variables) == 2 + page


def test_identifiers_are_counted_wherever_they_are_given() -> None:
    text = 'query ($ids: [ID!]! = ["a", "b"]) { nodes(ids: $ids) { name } }'
    assert [cost(text), cost(text, ids=["a"] * 100), cost(text, ids="a")] == [2, 100, 1]


def test_fragments_that_double_are_counted_once_each() -> None:
    fragments = [f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(200)]
    text = " ".join(["{ ...F0 }", *fragments, "fragment F200 on Query { child { name } }"])
    assert cost(text) == 2**200


@pytest.mark.anyio
async def test_every_answer_tells_its_cost() -> None:
    result = await SCHEMA.execute("{ child { days { date } } }", context_value=Visit())
    assert (result.errors, result.extensions) == (None, {"cost": {"requestedQueryCost": 6, "maximum": MAXIMUM_COST}})


@pytest.mark.anyio
@pytest.mark.parametrize(("size", "told"), [(100, 10_202), (10**12, 2**31 - 1)])
async def test_an_operation_above_the_maximum_is_not_run(size: int, told: int) -> None:
    query = "query ($n: Int) { child { friends(first: $n) { nodes { friends(first: 100) { nodes { name } } } } } }"
    result = await SCHEMA.execute(query, {"n": size})
    expected = {"requestedQueryCost": told, "maximum": MAXIMUM_COST}
    assert result.data is None
    assert [error.extensions for error in result.errors or []] == [{"code": "MAX_COST_EXCEEDED", **expected}]
    assert result.extensions == {"cost": expected}


@pytest.mark.anyio
async def test_the_cost_is_that_of_the_operation_that_was_chosen() -> None:
    text = "query Small { child { name } } query Big { child { month { date } } }"
    chosen = [await SCHEMA.execute(text, context_value=Visit(), operation_name=name) for name in ("Small", "Big")]
    costs = [result.extensions for result in chosen]
    assert [each and each["cost"]["requestedQueryCost"] for each in costs] == [1, 32]
