"""Refusals as clients see them."""

from datetime import UTC, datetime

from resolvers.errors import Code, Refusals, Refused
from schema.errors import UserError, UserErrorCode, refusal_error, user_errors

UNTIL = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)
LATE = Refused(Code.TOO_LATE, "La date limite est passée.", field=("days",), until=UNTIL)
CLOSED = Refused(Code.FEATURE_CLOSED, "Écrivez au service.", contact="creche@commune.example")


def test_clients_see_every_code_of_the_resolvers_with_its_meaning() -> None:
    seen = [(value.name, value.description) for value in UserErrorCode.__strawberry_definition__.values]  # type: ignore[attr-defined]
    assert seen == [(code.name, code.value) for code in Code]


def test_a_refusal_carries_its_field_and_its_deadline() -> None:
    told = UserError(
        code=UserErrorCode.TOO_LATE,
        field=["input", "days"],
        message="La date limite est passée.",
        until=UNTIL,
        contact=None,
    )
    assert user_errors(LATE) == [told]


def test_refusals_are_told_together_in_order() -> None:
    told = UserError(
        code=UserErrorCode.FEATURE_CLOSED,
        field=None,
        message="Écrivez au service.",
        until=None,
        contact="creche@commune.example",
    )
    assert user_errors(Refusals([CLOSED, LATE])) == [told, *user_errors(LATE)]


def test_a_query_tells_a_refusal_as_bad_input_with_its_reasons() -> None:
    error = refusal_error(Refusals([LATE, CLOSED]))
    assert error.message == "La date limite est passée. Écrivez au service."
    assert error.extensions == {"code": "BAD_USER_INPUT", "reasons": ["TOO_LATE", "FEATURE_CLOSED"]}


def test_a_query_tells_throttled_by_its_name() -> None:
    extensions = refusal_error(Refused(Code.THROTTLED, "Non.")).extensions
    assert extensions == {"code": "THROTTLED", "reasons": ["THROTTLED"]}
