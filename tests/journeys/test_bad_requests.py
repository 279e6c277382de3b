"""What is not a request of ours, or not allowed to be: a status, a code, and not one row changed."""

import json

import httpx
import pytest

from tests.journeys.conftest import Start, Target
from tests.journeys.portal import UNKNOWN, identifier, mutation
from tests.journeys.questions import codes
from tests.journeys.tables import unchanged

GRAPHQL = "/chavagne/graphql"
JSON = {"content-type": "application/json"}


def asked(query: str, **variables: object) -> bytes:
    """The body of a GraphQL request."""
    return json.dumps({"query": query, "variables": variables}).encode()


BODIES: dict[str, tuple[bytes, int, str]] = {
    "nothing": (b"", 400, "BAD_REQUEST"),
    "half an object": (b'{"query": "{ commune { slug } }"', 400, "BAD_REQUEST"),
    "a number": (b"5", 400, "BAD_REQUEST"),
    "a list": (b"[]", 400, "BAD_REQUEST"),
    "a batch": (b'[{"query": "{ commune { slug } }"}]', 400, "BAD_REQUEST"),
    "NaN": (b'{"query": "{ commune { slug } }", "variables": {"a": NaN}}', 400, "BAD_REQUEST"),
    "not UTF-8": (b'{"query": "{ commune \xff }"}', 400, "BAD_REQUEST"),
    "no query": (b'{"variables": {}}', 400, "BAD_REQUEST"),
    "a query that is a number": (b'{"query": 5}', 400, "BAD_REQUEST"),
    "variables that are a list": (b'{"query": "{ commune { slug } }", "variables": [1]}', 400, "BAD_REQUEST"),
    "a lone surrogate": (b'{"query": "{ commune { slug } }", "variables": {"a": "\\ud800"}}', 400, "BAD_REQUEST"),
    "a bottomless value": (b'{"query": "{ commune { slug } }", "variables": ' + b"[" * 9999, 400, "BAD_REQUEST"),
    "more than a megabyte": (b'{"query": "' + b" " * 1_000_000 + b'"}', 413, "PAYLOAD_TOO_LARGE"),
    "a NUL in the document": (asked("{ commune { slug } } \0"), 200, "GRAPHQL_PARSE_FAILED"),
    "a NUL in a variable": (asked("{ commune { slug } }", a="\0"), 200, "BAD_USER_INPUT"),
    "a bottomless document": (asked("{ a " * 5000), 200, "GRAPHQL_PARSE_FAILED"),
    "an unknown field": (asked("{ commune { mayor } }"), 200, "GRAPHQL_VALIDATION_FAILED"),
    "an unknown operation": (
        b'{"query": "{ commune { slug } }", "operationName": "x"}',
        200,
        "OPERATION_RESOLUTION_FAILURE",
    ),
    "a subscription": (asked("subscription { commune { slug } }"), 200, "OPERATION_RESOLUTION_FAILURE"),
}


def code_of(answer: httpx.Response) -> str:
    """The code of the only error of an answer, which has no data."""
    body = answer.json()
    assert "data" not in body or body["data"] is None
    (error,) = body["errors"]
    code: str = error["extensions"]["code"]
    assert error["message"] != ""
    return code


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_no_request_is_refused(target: Target, name: str) -> None:
    body, status, code = BODIES[name]
    with unchanged(target.directory):
        answer = target.parent.http.post(GRAPHQL, content=body, headers=JSON)
    assert (answer.status_code, code_of(answer)) == (status, code)


@pytest.mark.parametrize("path", ["/atlantide/graphql", "/graphql", "/", "/%00/graphql", "/é/graphql"])
def test_an_unknown_commune_is_said(target: Target, path: str) -> None:
    with unchanged(target.directory):
        answer = target.portal.http.post(path, content=BODIES["a batch"][0], headers=JSON)
    assert (answer.status_code, code_of(answer)) == (404, "COMMUNE_NOT_FOUND")


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "application/graphql", "application/json; charset=latin-1", ""],
)
def test_another_content_type_is_refused(target: Target, content_type: str) -> None:
    with unchanged(target.directory):
        answer = target.parent.http.post(
            GRAPHQL, content=asked("{ viewer { id } }"), headers={"content-type": content_type}
        )
    assert (answer.status_code, code_of(answer)) == (415, "UNSUPPORTED_MEDIA_TYPE")


def test_another_sites_page_cannot_use_the_cookie(target: Target) -> None:
    closing = asked("mutation { sessionClose { closed } }")
    with unchanged(target.directory):
        elsewhere = target.parent.http.post(
            GRAPHQL, content=closing, headers={**JSON, "origin": "https://evil.example"}
        )
        link = target.parent.http.get(GRAPHQL, params={"query": "mutation { sessionClose { closed } }"})
        forced = target.parent.http.get(
            GRAPHQL, params={"query": "mutation { sessionClose { closed } }"}, headers={"graphql-preflight": "1"}
        )
    assert (elsewhere.status_code, code_of(elsewhere)) == (403, "FORBIDDEN")
    assert (link.status_code, code_of(link)) == (403, "FORBIDDEN")
    assert (forced.status_code, code_of(forced)) == (405, "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize("token", ["x", "é", "a" * 5000, "\t.", UNKNOWN])
def test_a_forged_bearer_is_refused_at_every_door(target: Target, token: str) -> None:
    bearer = {"authorization": f"Bearer {token}".encode()}
    visitor = target.portal.client()
    with unchanged(target.directory):
        answer = visitor.post(
            GRAPHQL,
            content=asked("{ commune { slug } }"),
            headers={b"content-type": b"application/json", **{k.encode(): v for k, v in bearer.items()}},
        )
        pdf = visitor.get(target.invoice["pdfUrl"], headers={k.encode(): v for k, v in bearer.items()})
    assert (answer.status_code, code_of(answer)) == (401, "UNAUTHENTICATED")
    assert (pdf.status_code, code_of(pdf)) == (401, "UNAUTHENTICATED")


def test_a_dead_cookie_is_an_anonymous_visitor(target: Target) -> None:
    visitor = target.portal.client()
    visitor.cookies.set("portail-chavagne", "forged")
    with unchanged(target.directory):
        answer = visitor.post(GRAPHQL, content=asked("{ viewer { id } }"), headers=JSON)
    assert answer.json()["data"] == {"viewer": None}


def test_a_refresh_token_used_twice_closes_the_session_it_was_stolen_from(start: Start) -> None:
    portal = start("2026-10-05T09:00:00+02:00")
    phone, thief = portal.visitor("chavagne"), portal.visitor("chavagne")
    tokens = phone.use_bearer("monsieur.test@example.org", "Demonstration2026")
    selection = "tokens { accessToken refreshToken }"
    stolen = thief.do("sessionRefresh", selection, refreshToken=tokens["refreshToken"])["tokens"]
    # A telephone that lost the answer may ask again within ten seconds; later, the token was stolen.
    portal.move_clock("2026-10-05T09:05:00+02:00")
    del phone.headers["authorization"]
    assert codes(phone.refusals("sessionRefresh", refreshToken=tokens["refreshToken"])) == {"CREDENTIALS_INVALID"}
    for access in (tokens["accessToken"], stolen["accessToken"]):
        phone.headers["authorization"] = f"Bearer {access}"
        assert phone.post("{ viewer { id } }").status_code == 401
    del phone.headers["authorization"]
    assert codes(phone.refusals("sessionRefresh", refreshToken=stolen["refreshToken"])) == {"CREDENTIALS_INVALID"}


@pytest.mark.parametrize("idop", [UNKNOWN, "zzzzzzzz"])
@pytest.mark.parametrize("door", ["notification", "return"])
def test_a_forged_notification_or_return_changes_nothing(target: Target, door: str, idop: str) -> None:
    lie = {"idop": idop, "resultrans": "P", "montant": "1", "numauto": "000000"}
    address = f"/chavagne/payments/payfip/{door}"
    with unchanged(target.directory):
        got, posted = target.portal.http.get(address, params=lie), target.portal.http.post(address, data=lie)
    expected = 200 if door == "notification" else 303
    assert (got.status_code, posted.status_code) == (expected, expected)


@pytest.mark.parametrize("idop", ["", "x", "é" * 20, "' OR 1=1 --", "\0" * 10, "a" * 65])
def test_a_malformed_notification_is_refused(target: Target, idop: str) -> None:
    address = "/chavagne/payments/payfip/notification"
    with unchanged(target.directory):
        got, posted = (
            target.portal.http.get(address, params={"idop": idop}),
            target.portal.http.post(address, data={"idop": idop}),
        )
        files = target.portal.http.post(address, files={"idop": ("idop.txt", b"x")})
    assert (got.status_code, posted.status_code, files.status_code) == (400, 400, 400)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/chavagne/activation?token=", 400),
        ("/chavagne/activation?token=%3Cscript%3E", 400),
        ("/chavagne/mot-de-passe", 400),
        ("/chavagne/paiement?payment=zz", 404),
        ("/chavagne/paiement?payment=%00", 404),
        (f"/chavagne/paiement?payment={identifier('Payment')}", 404),
        (f"/chavagne/invoices/{UNKNOWN}.pdf", 404),
        ("/chavagne/invoices/1.pdf", 404),
        ("/chavagne/invoices/..%2f..%2fsecret.key", 404),
        ("/static/..%2f..%2fpyproject.toml", 404),
        ("/chavagne/nothing", 404),
    ],
)
def test_pages_and_files_that_do_not_exist_are_not_found(target: Target, path: str, status: int) -> None:
    with unchanged(target.directory):
        answer = target.parent.http.get(path)
    assert answer.status_code == status
    assert "Traceback" not in answer.text and "<script>" not in answer.text


def test_wrong_passwords_and_unknown_accounts_get_the_same_answer(target: Target) -> None:
    visitor = target.portal.visitor("chavagne")
    opening = mutation("sessionOpen")
    with unchanged(target.directory, "sign_in_failure"):
        known = visitor.post(opening, {"input": {"identifier": "monsieur.test@example.org", "password": "wrong"}})
        unknown = visitor.post(opening, {"input": {"identifier": "nobody@example.org", "password": "wrong"}})
        waiting = visitor.post(opening, {"input": {"identifier": "madame.test@example.org", "password": "wrong"}})
    assert known.content == unknown.content == waiting.content
    assert codes(known.json()["data"]["sessionOpen"]["userErrors"]) == {"CREDENTIALS_INVALID"}


def test_guessing_is_slowed_down_and_says_until_when(target: Target) -> None:
    visitor = target.portal.visitor("melle")
    guesses = [visitor.refusals("sessionOpen", identifier="nobody", password="wrong") for _ in range(8)]
    assert codes(guesses[0]) == {"CREDENTIALS_INVALID"}
    assert codes(guesses[-1]) == {"THROTTLED"} and guesses[-1][0]["until"] is not None
