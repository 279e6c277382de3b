"""The schema class of the portal: it refuses to be built unsafe, and lets nothing internal reach a client."""

import logging
import secrets
import traceback
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import strawberry
from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLSyntaxError,
    Node,
    OperationDefinitionNode,
    ValueNode,
    VariableDefinitionNode,
)
from strawberry.exceptions import MissingQueryError, StrawberryInputCoercionError
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.execution import ExecutionContext
from strawberry.types.field import StrawberryField
from strawberry.types.graphql import OperationType

from resolvers.errors import Refusals, Refused
from schema.access import SINGLE, require_access
from schema.cost import CostLimit
from schema.documents import MAX_ERRORS, UNCLEAN, DocumentCache, PreparedDocuments, located
from schema.errors import ClientError, refusal_error
from schema.scalars import SCALARS, is_clean

_log = logging.getLogger("portail.graphql")

INTERNAL_MESSAGE = "Une erreur interne est survenue. Réessayez ; si elle persiste, donnez sa référence au service."
_MAX_MESSAGE = 500


class OneOperation(SchemaExtension):
    """Refuses to guess which of several operations to run (Strawberry would run the first)."""

    def on_validate(self) -> Iterator[None]:
        """Check after the document, before the cost."""
        context = self.execution_context
        document = context.graphql_document
        if document is not None and not context.pre_execution_errors and context._provided_operation_name is None:
            operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
            if len(operations) > 1:
                error = ClientError("Give `operationName`: the document has several.", "OPERATION_RESOLUTION_FAILURE")
                context.pre_execution_errors = [error]
        yield


class PortalSchema(strawberry.Schema):
    """A schema with the portal's rules built in.

    Root fields without access policy stop it from being built. Documents are limited, validated once and costed.
    There are no subscriptions. Whatever goes wrong, the client gets an error that was written for it, or a French
    sentence with a ``reference`` that is also in the log.
    """

    def __init__(
        self,
        query: type,
        mutation: type | None = None,
        types: Iterable[type] = (),
        extensions: Iterable[type[SchemaExtension]] = (),
    ) -> None:
        """``types``: those that only an interface leads to; ``extensions``: more of them, run after our own."""
        self.documents = DocumentCache()
        super().__init__(
            query,
            mutation,
            types=types,
            extensions=[self._prepared_documents, OneOperation, CostLimit, *extensions],
            config=StrawberryConfig(scalar_map=SCALARS),
        )
        self._single_mutations = self._find_single_mutations()

    def _prepared_documents(self) -> PreparedDocuments:
        return PreparedDocuments(self.documents, self._single_mutations)

    def _find_single_mutations(self) -> frozenset[str]:
        if self.mutation is None:
            return frozenset()
        definition: StrawberryObjectDefinition = self.mutation.__strawberry_definition__  # type: ignore[attr-defined]
        name_of = self.config.name_converter.get_graphql_name
        return frozenset(name_of(field) for field in definition.fields if field.metadata.get(SINGLE))

    def get_fields(self, type_definition: StrawberryObjectDefinition) -> list[StrawberryField]:
        """The fields of a type; ``TypeError`` when it is a root and one of them has no access policy."""
        fields = super().get_fields(type_definition)
        if type_definition.origin in (self.query, self.mutation):
            require_access(type_definition.name, fields)
        return fields

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Log nothing here: :func:`told` logs what is ours, once, with its reference."""

    async def execute(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        """Run one operation. It never raises, and every error of the result is fit for the client."""
        allowed = set(allowed_operation_types or (OperationType.QUERY, OperationType.MUTATION))
        try:
            _check_texts(variable_values or {}, operation_name)
            result = await super().execute(
                query,
                variable_values,
                context_value,
                root_value,
                operation_name,
                allowed - {OperationType.SUBSCRIPTION},
                operation_extensions,
            )
        except Exception as error:  # noqa: BLE001 (hooks may raise anything; `told` logs and masks it)
            result = ExecutionResult(data=None, errors=[_as_graphql_error(error)])
        if result.errors:
            result.errors = [told(error) for error in result.errors[:MAX_ERRORS]]
        return result


def _check_texts(variables: Mapping[str, Any], operation_name: str | None) -> None:
    if not is_clean(operation_name):
        raise ClientError(UNCLEAN, "BAD_USER_INPUT")
    for name, value in variables.items():
        if not (is_clean(name) and is_clean(value)):
            where = f"Variable '${name}': " if is_clean(name) else ""
            raise ClientError(where + UNCLEAN, "BAD_USER_INPUT")


def _as_graphql_error(error: Exception) -> GraphQLError:
    if isinstance(error, GraphQLError):
        return error
    if isinstance(error, MissingQueryError):
        return ClientError("The request has no `query`.", "BAD_REQUEST")
    if isinstance(error, CannotGetOperationTypeError):
        return ClientError("The document has no such operation.", "OPERATION_RESOLUTION_FAILURE")
    if isinstance(error, InvalidOperationTypeError):
        if error.operation_type is OperationType.MUTATION:
            return ClientError("A mutation must be sent by POST.", "METHOD_NOT_ALLOWED")
        return ClientError("There are no subscriptions here.", "OPERATION_RESOLUTION_FAILURE")
    return GraphQLError(str(error), original_error=error)


def told(error: GraphQLError) -> ClientError:
    """What the client is told of an error: itself when it was written for a client, otherwise a reference.

    This is a list of what may be shown; everything else is taken to be internal.
    """
    return located(_translated(error, error.original_error or error), error)


def _translated(error: GraphQLError, cause: Exception) -> ClientError:
    if isinstance(cause, ClientError):
        return ClientError(_short(cause.message), **(cause.extensions or {}))
    if isinstance(cause, Refused | Refusals):
        return refusal_error(cause)
    if isinstance(cause, GraphQLSyntaxError):
        return ClientError(_short(cause.message), "GRAPHQL_PARSE_FAILED")
    if isinstance(cause, StrawberryInputCoercionError) or _points_at_input(error):
        return ClientError(_short(error.message), "BAD_USER_INPUT")
    return internal_error(cause, _field_name(error))


def _points_at_input(error: GraphQLError) -> bool:
    """True for what graphql-core says of a variable or an argument; errors of resolvers point at their field."""
    return isinstance(_first_node(error), ValueNode | VariableDefinitionNode)


def _first_node(error: GraphQLError) -> Node | None:
    return error.nodes[0] if error.nodes else None


def _field_name(error: GraphQLError) -> str:
    """The field of the schema where it happened; never the alias, which is the client's own text."""
    node = _first_node(error)
    return node.name.value if isinstance(node, FieldNode) else "-"


def _short(message: str) -> str:
    """Bounded, because values are quoted; and without the Python that Strawberry adds about ``Maybe``."""
    if "Maybe[" in message:
        message = message.split(". ")[0] + "."
    return message if len(message) <= _MAX_MESSAGE else message[: _MAX_MESSAGE - 1] + "…"


def internal_error(error: BaseException, where: str = "-") -> ClientError:
    """Log an unexpected error under a new reference, and return the French sentence that carries this reference.

    The log names the types of the exceptions and the lines of code, not their messages: those quote values, which
    may be personal data, or the text of the request.
    """
    reference = secrets.token_hex(6)
    chain: BaseException | None = error
    seen: list[str] = []
    while chain is not None and len(seen) < 5:
        frames = traceback.extract_tb(chain.__traceback__)[-6:]
        lines = " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))
        seen.append(f"{type(chain).__module__}.{type(chain).__qualname__} at {lines or '-'}")
        chain = chain.__cause__ or chain.__context__
    _log.error("internal error %s in %s: %s", reference, where, " caused by ".join(seen))
    return ClientError(INTERNAL_MESSAGE, "INTERNAL_SERVER_ERROR", reference=reference)
