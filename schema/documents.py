"""Documents are parsed, measured and validated once, then remembered.

The measures are linear in the size of the document. Strawberry's own limiters expand every fragment spread again, so
a 900-byte document keeps them busy for seconds; here a fragment is measured once, whatever the number of its spreads.
"""

from collections import Counter, OrderedDict
from collections.abc import Collection, Iterator
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    ValidationRule,
    specified_rules,
    validate,
)
from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from schema.errors import ClientError
from schema.scalars import is_clean

MAX_TOKENS = 2000
MAX_DEPTH = 12
MAX_FRAGMENT_NESTING = 20
MAX_ALIASES = 30
MAX_DIRECTIVES = 20
MAX_ROOT_FIELDS = 20
MAX_SELECTIONS = 100
MAX_INTROSPECTIONS = 3
MAX_OVERLAPS = 10_000
"""Pairs of fields with the same response name: the validation compares them all."""
MAX_ERRORS = 5

_INTROSPECTION = ("__schema", "__type")


class CleanStrings(ValidationRule):
    """Refuses the texts that no database stores (:func:`schema.scalars.is_clean`)."""

    def enter_string_value(self, node: StringValueNode, *_: object) -> None:
        """Check one literal."""
        if not is_clean(node.value):
            self.report_error(StrawberryInputCoercionError(UNCLEAN, node))


UNCLEAN = "A text must not contain NUL characters or lone surrogates."
_RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule, CleanStrings)


def too_complex(message: str) -> ClientError:
    """The error for a document that asks too much whatever it means."""
    return ClientError(message, "QUERY_TOO_COMPLEX")


class _Measure:
    """One visit of every definition of a document; raises :func:`too_complex` as soon as a limit is passed."""

    def __init__(self, document: DocumentNode, single_mutations: Collection[str]) -> None:
        self.fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self.single_mutations = single_mutations
        self.aliases = self.directives = self.introspections = self.single = 0
        self.response_names: Counter[str] = Counter()
        self.measured: dict[str, tuple[int, int]] = {}
        for definition in document.definitions:
            if isinstance(definition, FragmentDefinitionNode):
                self.fragment(definition.name.value)
            elif isinstance(definition, OperationDefinitionNode):
                self.operation(definition)
        pairs = sum(count * (count - 1) // 2 for count in self.response_names.values())
        self.at_most(MAX_OVERLAPS, pairs, "repetitions of the same field")

    def at_most(self, maximum: int, count: int, what: str) -> None:
        if count > maximum:
            raise too_complex(f"The document has more than {maximum} {what}.")

    def operation(self, definition: OperationDefinitionNode) -> None:
        self.count_directives(definition)
        self.at_most(MAX_ROOT_FIELDS, len(definition.selection_set.selections), "root selections")
        self.selections(definition.selection_set, introspecting=False)

    def fragment(self, name: str) -> tuple[int, int]:
        """The depth of a fragment, and how deep fragments are nested in it; (0, 0) for what validation will refuse."""
        definition = self.fragments.get(name)
        if definition is None:
            return 0, 0
        if name not in self.measured:
            self.measured[name] = (0, 0)  # a cycle stops here; validation reports it
            self.count_directives(definition)
            introspecting = definition.type_condition.name.value.startswith("__")
            self.measured[name] = self.selections(definition.selection_set, introspecting)
        depth, nesting = self.measured[name]
        self.at_most(MAX_FRAGMENT_NESTING, nesting + 1, "levels of fragments")
        return depth, nesting + 1

    def selections(self, selection_set: SelectionSetNode, introspecting: bool) -> tuple[int, int]:
        """The depth of a selection set and its fragment nesting, like :meth:`fragment`."""
        self.at_most(MAX_SELECTIONS, len(selection_set.selections), "selections in one place")
        depth = nesting = 0
        for selection in selection_set.selections:
            self.count_directives(selection)
            if isinstance(selection, FieldNode):
                below = self.field(selection, introspecting)
            elif isinstance(selection, InlineFragmentNode):
                below = self.selections(selection.selection_set, introspecting)
            elif isinstance(selection, FragmentSpreadNode):
                below = self.fragment(selection.name.value)
            depth, nesting = max(depth, below[0]), max(nesting, below[1])
        self.at_most(MAX_DEPTH, depth, "levels")
        return depth, nesting

    def field(self, node: FieldNode, introspecting: bool) -> tuple[int, int]:
        name = node.name.value
        self.response_names[node.alias.value if node.alias else name] += 1
        self.count_alias(node, introspecting)
        self.single += name in self.single_mutations
        self.at_most(1, self.single, "mutation that tries a secret")
        if name in _INTROSPECTION:
            self.introspections += 1
            self.at_most(MAX_INTROSPECTIONS, self.introspections, "introspections")
        if node.selection_set is None:
            return 0, 0
        depth, nesting = self.selections(node.selection_set, introspecting or name in _INTROSPECTION)
        # Introspection nests deeply by nature; graphql-core bounds it (MaxIntrospectionDepthRule).
        return (0 if introspecting or name in _INTROSPECTION else depth + 1), nesting

    def count_alias(self, node: FieldNode, introspecting: bool) -> None:
        if node.alias is None:
            return
        if introspecting:
            raise too_complex("Aliases are not accepted inside an introspection.")
        self.aliases += 1
        self.at_most(MAX_ALIASES, self.aliases, "aliases")

    def count_directives(self, node: Any) -> None:
        self.directives += len(node.directives or ())
        self.at_most(MAX_DIRECTIVES, self.directives, "directives")


def check_document(
    schema: GraphQLSchema, document: DocumentNode, single_mutations: Collection[str] = ()
) -> list[GraphQLError]:
    """What is wrong with a document, limits first, then its validity; nothing when it may be executed.

    Every error is a :class:`ClientError`. ``single_mutations`` are the field names a document may hold once.
    """
    try:
        _Measure(document, single_mutations)
        found = validate(schema, document, _RULES, max_errors=MAX_ERRORS, hide_suggestions=True)
    except ClientError as error:
        return [error]
    except RecursionError:
        return [too_complex("The document is nested too deeply.")]
    return [_validation_error(error) for error in found[:MAX_ERRORS]]


def _validation_error(error: GraphQLError) -> ClientError:
    """A malformed value is the client's input; anything else is a fault of the document."""
    refused_value = isinstance(error, StrawberryInputCoercionError)
    code = "BAD_USER_INPUT" if refused_value else "GRAPHQL_VALIDATION_FAILED"
    return located(ClientError(error.message, code), error)


def located(error: ClientError, like: GraphQLError) -> ClientError:
    """The error, placed where another one is in the document and in the response."""
    error.nodes, error.source, error.positions = like.nodes, like.source, like.positions
    error.locations, error.path = like.locations, like.path
    return error


class DocumentCache:
    """The valid documents of one schema, most recent last, bounded in number and in total length.

    Only valid documents are kept: refused ones cost their sender, not our memory.
    """

    def __init__(self, max_documents: int = 1000, max_characters: int = 300_000) -> None:
        self.max_documents = max_documents
        self.max_characters = max_characters
        self._documents: OrderedDict[str, DocumentNode] = OrderedDict()
        self._characters = 0

    def __len__(self) -> int:
        """How many documents are remembered."""
        return len(self._documents)

    def __iter__(self) -> Iterator[str]:
        """The texts, the one that will be forgotten first in front."""
        return iter(self._documents)

    def find(self, text: str) -> DocumentNode | None:
        """The document with this exact text, if it was kept."""
        document = self._documents.get(text)
        if document is not None:
            self._documents.move_to_end(text)
        return document

    def keep(self, text: str, document: DocumentNode) -> None:
        """Remember a valid document, forgetting the least recently used ones when there is no room."""
        if text in self._documents:
            return
        self._documents[text] = document
        self._characters += len(text)
        while len(self._documents) > self.max_documents or self._characters > self.max_characters:
            forgotten, _ = self._documents.popitem(last=False)
            self._characters -= len(forgotten)


class PreparedDocuments(SchemaExtension):
    """Parses, measures and validates the document of a request, unless it is already known.

    It never raises: Strawberry would lose the error, or show it unmasked.
    """

    def __init__(self, cache: DocumentCache, single_mutations: Collection[str]) -> None:
        self._cache = cache
        self._single_mutations = single_mutations
        self._known: DocumentNode | None = None

    def on_parse(self) -> Iterator[None]:
        """Take a known document instead of parsing."""
        context = self.execution_context
        context.parse_options["max_tokens"] = MAX_TOKENS
        self._known = self._cache.find(context.query or "")
        context.graphql_document = self._known
        yield

    def on_validate(self) -> Iterator[None]:
        """Check an unknown document; an empty list of errors tells Strawberry that validation is done."""
        context = self.execution_context
        document = context.graphql_document
        errors: list[GraphQLError] = []
        if document is not None and self._known is None:
            errors = check_document(context.schema._schema, document, self._single_mutations)
            if not errors:
                self._cache.keep(context.query or "", document)
        context.pre_execution_errors = errors
        yield
