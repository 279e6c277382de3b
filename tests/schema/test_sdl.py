"""The schema as clients read it: committed, valid, and built by the same few conventions everywhere."""

import re

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    build_schema,
    get_named_type,
    is_specified_scalar_type,
    validate_schema,
)

from schema.nodes import KINDS
from schema.portal import SDL_FILE, printed, schema

SDL = build_schema(SDL_FILE.read_text(encoding="utf-8"))
TYPES = {name: type_ for name, type_ in SDL.type_map.items() if not name.startswith("__")}
OBJECTS = {name: type_ for name, type_ in TYPES.items() if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)}
CONNECTIONS = {name: type_ for name, type_ in OBJECTS.items() if name.endswith("Connection")}
NULLABLE_LISTS = {
    "Query.nodes": "[Node]!",  # Relay: one entry per identifier, null when it is not visible
    "UserError.field": "[String!]",  # null when no field is at fault
}


def root_fields(root: GraphQLObjectType | None) -> dict[str, GraphQLField]:
    """The fields of a root, which must exist."""
    assert root is not None
    return dict(root.fields)


MUTATIONS = root_fields(SDL.mutation_type)


def is_list(type_: GraphQLOutputType) -> bool:
    """True for a list, nullable or not."""
    return isinstance(type_.of_type if isinstance(type_, GraphQLNonNull) else type_, GraphQLList)


def capitalised(name: str) -> str:
    """``nounVerb`` as ``NounVerb``."""
    return name[0].upper() + name[1:]


def test_the_committed_file_is_what_the_schema_prints() -> None:
    assert SDL_FILE.read_text(encoding="utf-8") == printed(), "run: python -m gateway schema > schema/schema.graphql"


def test_the_schema_is_valid_graphql() -> None:
    assert (validate_schema(SDL), validate_schema(schema._schema)) == ([], [])


def test_there_is_no_subscription() -> None:
    assert SDL.subscription_type is None


def test_names_are_spelt_one_way() -> None:
    camel, pascal = re.compile(r"[a-z][a-zA-Z0-9]*"), re.compile(r"[A-Z][a-zA-Z0-9]*")
    shouted = re.compile(r"[A-Z][A-Z0-9_]*")
    wrong = [name for name in TYPES if not pascal.fullmatch(name)]
    for name, type_ in TYPES.items():
        if isinstance(type_, GraphQLEnumType):
            wrong += [f"{name}.{value}" for value in type_.values if not shouted.fullmatch(value)]
        members = getattr(type_, "fields", {})
        wrong += [f"{name}.{field}" for field in members if not camel.fullmatch(field)]
        arguments = [argument for field in members.values() for argument in getattr(field, "args", ())]
        wrong += [f"{name}({argument})" for argument in arguments if not camel.fullmatch(argument)]
    assert wrong == []


def test_a_mutation_is_named_after_a_thing_then_what_is_done_to_it() -> None:
    verbs = {
        "Accept", "Activate", "Agree", "Answer", "Book", "Cancel", "Change", "Check", "Close", "Commit", "Confirm",
        "Continue", "Correct", "Create", "Decide", "Declare", "Decline", "Drop", "Empty", "End", "Fetch", "Invite",
        "Issue", "Join", "Leave", "Lift", "Link", "Open", "Prepare", "Preview", "Prove", "Publish", "Read", "Record",
        "Redraw",
        "Refresh", "Reject", "Remove", "Replace", "Reply", "Report", "Request", "Reset", "Resume", "Retry", "Review",
        "Revoke", "Save", "Send", "Set", "Sign", "Simulate", "Start", "Submit", "Suspend", "Unlink", "Update", "Use",
        "Withdraw",
    }  # fmt: skip
    last_words = {name: re.findall(r"[A-Z][a-z]+", name)[-1:] for name in MUTATIONS}
    assert {name: words for name, words in last_words.items() if not words or words[0] not in verbs} == {}


def test_a_mutation_takes_one_input_of_its_own() -> None:
    taken = {name: [f"{key}: {argument.type}" for key, argument in f.args.items()] for name, f in MUTATIONS.items()}
    expected = {name: [f"input: {capitalised(name)}Input!"] for name in MUTATIONS}
    assert taken == {**expected, "sessionClose": [], "sessionsRevoke": []}


def test_a_mutation_answers_with_a_payload_of_its_own() -> None:
    assert {name: str(f.type) for name, f in MUTATIONS.items()} == {
        name: f"{capitalised(name)}Payload!" for name in MUTATIONS
    }


def test_a_payload_tells_why_it_refuses_and_leaves_the_rest_empty() -> None:
    payloads = {name: type_ for name, type_ in OBJECTS.items() if name.endswith("Payload")}
    assert {name: str(type_.fields["userErrors"].type) for name, type_ in payloads.items()} == dict.fromkeys(
        payloads, "[UserError!]!"
    )
    objects_that_must_be_there = [
        f"{name}.{key}"
        for name, type_ in payloads.items()
        for key, field in type_.fields.items()
        if isinstance(field.type, GraphQLNonNull) and isinstance(field.type.of_type, GraphQLObjectType)
    ]
    assert objects_that_must_be_there == []


def test_what_creates_or_pays_takes_an_idempotency_key() -> None:
    keyed = {
        name
        for name in MUTATIONS
        if isinstance(given := TYPES.get(f"{capitalised(name)}Input"), GraphQLInputObjectType)
        and "idempotencyKey" in given.fields
    }
    assert keyed == {
        "absenceRecord",
        "absenceReport",
        "articlePublish",
        "basketCommit",
        "attendanceRecord",
        "bookingsCommit",
        "bookingsRecord",
        "calendarFeedCreate",
        "capacityChange",
        "closureRecord",
        "childCreate",
        "contactCreate",
        "counterPaymentRecord",
        "creditNoteIssue",
        "creditUse",
        "depositCreate",
        "directDebitJoin",
        "householdCreate",
        "householdDeclare",
        "invoiceRunStart",
        "offerAccept",
        "onlineInvoicesJoin",
        "onlineInvoicesLeave",
        "payfipActivationStart",
        "paymentPlanAgree",
        "paymentStart",
        "publicPagePublish",
        "quotientDeclare",
        "quotientRecord",
        "refundRecord",
        "remittanceCreate",
        "requestAnswer",
        "requestCreate",
        "requestReply",
        "waitingListJoin",
        "writeOffRecord",
    }


def test_lists_are_never_null_nor_hold_null() -> None:
    lists = {
        f"{name}.{key}": str(field.type)
        for name, type_ in TYPES.items()
        for key, field in getattr(type_, "fields", {}).items()
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) and is_list(field.type)
    }
    assert {key: text for key, text in lists.items() if not re.fullmatch(r"\[\w+!\]!", text)} == NULLABLE_LISTS


def test_a_connection_has_the_four_fields_of_relay() -> None:
    assert CONNECTIONS != {}
    for name, type_ in CONNECTIONS.items():
        item = name.removesuffix("Connection")
        assert {key: str(field.type) for key, field in type_.fields.items()} == {
            "edges": f"[{item}Edge!]!",
            "nodes": f"[{item}!]!",
            "pageInfo": "PageInfo!",
            "totalCount": "Int!",
        }
        edge = OBJECTS[f"{item}Edge"]
        assert {key: str(field.type) for key, field in edge.fields.items()} == {"cursor": "String!", "node": f"{item}!"}


def test_a_connection_is_read_by_pages_and_nothing_else_is() -> None:
    forward, backward = {"first": "Int", "after": "String"}, {"last": "Int", "before": "String"}
    for name, type_ in OBJECTS.items():
        for key, field in type_.fields.items():
            pages = {
                argument: str(given.type) for argument, given in field.args.items() if argument in (*forward, *backward)
            }
            allowed = [forward, forward | backward] if get_named_type(field.type).name in CONNECTIONS else [{}]
            assert pages in allowed, f"{name}.{key}"


def test_our_scalars_say_where_they_are_specified() -> None:
    ours = {n: t for n, t in TYPES.items() if isinstance(t, GraphQLScalarType) and not is_specified_scalar_type(t)}
    assert sorted(ours) == ["Date", "DateTime", "Decimal", "LocalTime"]
    assert [name for name, type_ in ours.items() if not (type_.specified_by_url or "").startswith("https://")] == []


def test_identifiers_are_opaque_and_never_null_on_what_they_identify() -> None:
    nodes = {name for name, type_ in OBJECTS.items() if "Node" in {each.name for each in type_.interfaces}}
    assert {name: str(OBJECTS[name].fields["id"].type) for name in nodes} == dict.fromkeys(nodes, "ID!")
    not_ids = [
        f"{name}.{key}: {field.type}"
        for name, type_ in TYPES.items()
        for key, field in getattr(type_, "fields", {}).items()
        if (key == "id" or key.endswith(("Id", "Ids"))) and get_named_type(field.type).name != "ID"
    ]
    assert not_ids == []


def test_whatever_is_a_node_is_found_again_by_its_identifier() -> None:
    node = SDL.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    assert sorted(KINDS) == sorted(type_.name for type_ in SDL.get_possible_types(node))
