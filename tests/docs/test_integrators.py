"""The integrators' tables of codes and limits are those of the code."""

from gateway.doors.body_limit import MAX_BODY, MAX_UPLOAD
from gateway.doors.graphql_http import PREFLIGHT_HEADERS
from resolvers.access.sign_in import ACCESS_LIFE, BEARER_LIFE, COOKIE_LIFE
from resolvers.errors import Code
from schema import cost, documents, relay
from schema.scalars import SCALARS
from tests.docs.markdown import BY_NAME, code, rows

GUIDE = BY_NAME["docs/integrators.md"]


def test_every_refusal_code_is_listed_with_its_meaning() -> None:
    listed = {code(name): meaning for name, meaning in rows(GUIDE.section("Refusals"))}
    assert listed == {refusal.name: refusal.value for refusal in Code}


def test_the_limits_are_those_in_force() -> None:
    limits = {what: int(limit.replace(",", "")) for what, limit in rows(GUIDE.section("Limits"))}
    assert limits == {
        "bytes in a JSON body": MAX_BODY,
        "bytes in a multipart body": MAX_UPLOAD,
        "tokens in a document": documents.MAX_TOKENS,
        "levels of fields": documents.MAX_DEPTH,
        "root fields": documents.MAX_ROOT_FIELDS,
        "selections in one place": documents.MAX_SELECTIONS,
        "aliases": documents.MAX_ALIASES,
        "directives": documents.MAX_DIRECTIVES,
        "levels of fragments": documents.MAX_FRAGMENT_NESTING,
        "introspections": documents.MAX_INTROSPECTIONS,
        "cost of an operation": cost.MAXIMUM_COST,
        "items of a page": relay.MAX_PAGE,
    }


def test_the_scalars_are_those_of_the_schema() -> None:
    listed = [code(name) for name, _, _ in rows(GUIDE.section("Values"))]
    assert listed == [definition.name for definition in SCALARS.values() if definition.name != "Upload"]


def test_the_headers_that_prove_a_preflight_are_listed() -> None:
    listed = [code(name).lower() for (name,) in rows(GUIDE.section("Requests from browsers"))]
    assert listed == list(PREFLIGHT_HEADERS)


def test_the_lives_of_sessions_are_those_in_force() -> None:
    lives = [(what, life) for what, life in rows(GUIDE.section("Sessions"))]
    assert lives == [
        ("cookie", f"{COOKIE_LIFE.total_seconds() / 3600:.0f} hours"),
        ("access token", f"{ACCESS_LIFE.total_seconds() / 60:.0f} minutes"),
        ("bearer session, however often it is refreshed", f"{BEARER_LIFE.days} days"),
    ]
