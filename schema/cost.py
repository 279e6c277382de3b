"""What an operation costs, computed from its text before anything runs.

A scalar is free, an object costs 1, and what is inside a list is counted once per item it may hold: the page size of
a connection, the number of identifiers asked for, or an estimate. What computes days costs each of them, whatever is
selected. Fragments are counted once and remembered.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
)
from graphql.language import OperationType
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema_converter import GraphQLCoreConverter

from schema.errors import ClientError
from schema.relay import DEFAULT_PAGE

MAXIMUM_COST = 5000
MUTATION_COST = 10
DEFAULT_LIST_SIZE = 5
LIST_SIZE = "list_size"
"""The metadata key that tells how many items a list field usually holds: ``metadata={LIST_SIZE: 31}``."""
PER_DAY = "per_day"
"""The metadata key of what a field costs for each day from its ``firstDay`` to its ``lastDay``, whatever is selected:
the days are computed before the selection is looked at."""
LONGEST_WINDOW = 401  # days: a longer window is refused before anything is computed


class _Count:
    """The cost of the selections of one operation, for given variables; a valid document is assumed."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
    ) -> None:
        self.schema = schema
        self.fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self.defaults = {
            definition.variable.name.value: definition.default_value
            for definition in operation.variable_definitions or ()
        }
        self.variables = variables
        self.counted: dict[tuple[str, int], int] = {}

    def selections(self, selection_set: SelectionSetNode, parent: GraphQLNamedType | None, page: int) -> int:
        """The cost of a selection set on a type; ``page`` is the page size of a connection, 0 for other types."""
        total = 0
        for selection in selection_set.selections:
            if isinstance(selection, FieldNode):
                total += self.field(selection, parent, page)
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                narrowed = self.schema.get_type(condition.name.value) if condition else parent
                total += self.selections(selection.selection_set, narrowed, page)
            elif isinstance(selection, FragmentSpreadNode):
                total += self.fragment(selection.name.value, page)
        return total

    def fragment(self, name: str, page: int) -> int:
        if (name, page) not in self.counted:
            definition = self.fragments[name]
            parent = self.schema.get_type(definition.type_condition.name.value)
            self.counted[name, page] = self.selections(definition.selection_set, parent, page)
        return self.counted[name, page]

    def field(self, node: FieldNode, parent: GraphQLNamedType | None, page: int) -> int:
        if node.selection_set is None:
            return 0
        declared: GraphQLField | None = getattr(parent, "fields", {}).get(node.name.value)
        if declared is None:
            return 0
        arguments = {argument.name.value: argument.value for argument in node.arguments or ()}
        returned = get_named_type(declared.type)
        if "first" in declared.args:
            size = self.page_size(arguments)
            return 1 + self.selections(node.selection_set, returned, size)
        items = self.items(declared, node.name.value, arguments, page)
        per_day: int = _metadata(declared).get(PER_DAY, 0)
        work = per_day * self.days(arguments) if per_day else 0
        return work + items * (1 + self.selections(node.selection_set, returned, 0))

    def items(self, declared: GraphQLField, name: str, arguments: Mapping[str, ValueNode], page: int) -> int:
        """How many objects a field stands for."""
        if not is_list_type(get_nullable_type(declared.type)):
            return 1
        if "ids" in arguments:
            return self.length(arguments["ids"])
        if page and name in ("edges", "nodes"):
            return page
        size: int = _metadata(declared).get(LIST_SIZE, DEFAULT_LIST_SIZE)
        return size

    def days(self, arguments: Mapping[str, ValueNode]) -> int:
        """The days of the window of a field, in its arguments or in its ``input``; 0 for one that will be refused."""
        given = self.value(arguments["input"]) if "input" in arguments else None
        window = given if isinstance(given, Mapping) else {name: self.value(node) for name, node in arguments.items()}
        try:
            first, last = (date.fromisoformat(str(window.get(name))) for name in ("firstDay", "lastDay"))
        except ValueError:
            return 0
        days = (last - first).days + 1
        return days if 0 < days <= LONGEST_WINDOW else 0

    def value(self, node: ValueNode) -> Any:
        """What a text or an object stands for, variables included."""
        if isinstance(node, ObjectValueNode):
            return {field.name.value: self.value(field.value) for field in node.fields}
        if isinstance(node, StringValueNode):
            return node.value
        given = self.given(node)
        return self.value(given) if isinstance(given, ValueNode) else given

    def page_size(self, arguments: Mapping[str, ValueNode]) -> int:
        asked = [self.number(arguments[name]) for name in ("first", "last") if name in arguments]
        return max([size for size in asked if size], default=DEFAULT_PAGE)

    def number(self, value: ValueNode | None) -> int:
        """The integer a page size stands for; 0 when there is none (the coercion of variables refuses the rest)."""
        if isinstance(value, IntValueNode):
            return max(int(value.value), 0)
        given = self.given(value)
        if isinstance(given, ValueNode):
            return self.number(given)
        return int(given) if isinstance(given, int | float) and given > 0 else 0

    def length(self, value: ValueNode | None) -> int:
        """How many values a list argument holds (a single value makes a list of one)."""
        if isinstance(value, ListValueNode):
            return max(len(value.values), 1)
        given = self.given(value)
        if isinstance(given, ValueNode):
            return self.length(given)
        return max(len(given), 1) if isinstance(given, list) else 1

    def given(self, value: ValueNode | None) -> Any:
        """What the request gives for a variable: its value, or the node of its default; None for anything else."""
        if not isinstance(value, VariableNode):
            return None
        name = value.name.value
        return self.variables[name] if name in self.variables else self.defaults.get(name)


def _metadata(declared: GraphQLField) -> Mapping[Any, Any]:
    field = declared.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    return getattr(field, "metadata", None) or {}


def operation_cost(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any] | None = None,
) -> int:
    """The cost of one operation of a valid document; mutations cost more, for what they write."""
    root = schema.get_root_type(operation.operation)
    cost = _Count(schema, document, operation, variables or {}).selections(operation.selection_set, root, 0)
    writes = operation.operation is OperationType.MUTATION
    return cost + (MUTATION_COST * len(operation.selection_set.selections) if writes else 0)


class CostLimit(SchemaExtension):
    """Refuses operations above :data:`MAXIMUM_COST`, and tells every client what its operation costs."""

    def on_validate(self) -> Iterator[None]:
        """Count once the document is known to be valid: put this extension after the one that validates."""
        context = self.execution_context
        document = context.graphql_document
        if document is not None and not context.pre_execution_errors:
            operation = _chosen(document, context.operation_name)
            cost = operation_cost(context.schema._schema, document, operation, context.variables)
            # Saturated, because nested pages multiply past what a JSON number can carry.
            told = {"requestedQueryCost": min(cost, 2**31 - 1), "maximum": MAXIMUM_COST}
            context.extensions_results["cost"] = told
            if cost > MAXIMUM_COST:
                message = f"The operation costs {told['requestedQueryCost']}; the maximum is {MAXIMUM_COST}."
                context.pre_execution_errors = [ClientError(message, "MAX_COST_EXCEEDED", **told)]
        yield


def _chosen(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    named = (each for each in operations if each.name is not None and each.name.value == name)
    return next(named, operations[0])
