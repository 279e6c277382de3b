"""Identifiers and cursors: what goes out comes back, and nothing else is accepted."""

import base64
from datetime import UTC, date, datetime
from uuid import UUID

import orjson
import pytest
from asyncpg.pgproto.pgproto import UUID as DriverUUID  # noqa: N811 (a class of the standard one's name)
from hypothesis import given
from hypothesis import strategies as st

from schema.errors import ClientError
from schema.relay import (
    Connection,
    Edge,
    GlobalId,
    Page,
    PageInfo,
    connect,
    decode_cursor,
    encode_cursor,
    global_id,
    page_arguments,
    parse_id,
    parse_uuid,
)

KEY = UUID("01890a5d-ac96-774b-bcce-b302099a8057")


def test_an_identifier_comes_back_to_its_object() -> None:
    child = global_id("Child", KEY)
    assert parse_id(child) == parse_id(child, "Child", "Adult") == GlobalId("Child", str(KEY))
    assert parse_uuid(child, "Child") == KEY
    assert parse_id(global_id("Activity", "cantine")) == GlobalId("Activity", "cantine")


def test_an_identifier_of_another_type_or_without_uuid_is_nobody() -> None:
    assert parse_id(global_id("Child", KEY), "Adult") is None
    assert parse_uuid(global_id("Child", KEY), "Adult") is None
    assert parse_uuid(global_id("Child", "7"), "Child") is None
    assert parse_uuid(global_id("Child", str(KEY).upper()), "Child") is None


@pytest.mark.parametrize(
    "id", ["", "zz", "Child:1", "=", "Q2hpbGQ6MQ==", "Q2hpbGQ6MR", "\0", "é", "_w", "Og", "Q2hpbGQ6AA", "a" * 2000]
)
def test_a_malformed_identifier_is_nobody(id: str) -> None:
    assert (parse_id(id), parse_uuid(id)) == (None, None)


@given(st.text())
def test_no_text_makes_an_identifier_fail(text: str) -> None:
    found = parse_id(text)
    assert found is None or global_id(found.type_name, found.key) == text


def test_a_cursor_comes_back_with_its_types() -> None:
    values = ("Élodie", 3, KEY, date(2026, 9, 1), datetime(2026, 9, 1, tzinfo=UTC))
    assert decode_cursor(encode_cursor(*values), str, int, UUID, date, datetime) == values


def test_the_uuids_of_asyncpg_make_the_same_cursors() -> None:
    assert encode_cursor(DriverUUID(str(KEY))) == encode_cursor(KEY)


def forged(value: object) -> str:
    """A cursor that says anything."""
    return base64.urlsafe_b64encode(orjson.dumps(value)).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "zz",
        "arrayconnection:5",
        forged([2, "2026-09-01"]),
        forged([1]),
        forged([1, "2026-09-01", 2]),
        forged([1, 20260901]),
        forged([1, "hier"]),
        forged([1, None]),
        forged({"a": 1}),
        forged(1),
        forged([]),
    ],
)
def test_a_cursor_of_another_list_is_refused(cursor: str) -> None:
    with pytest.raises(ClientError) as refusal:
        decode_cursor(cursor, date)
    assert refusal.value.extensions == {"code": "BAD_USER_INPUT"}


@pytest.mark.parametrize(
    ("cursor", "kind"),
    [(forged([1, "a\0"]), str), (forged([1, True]), int), (forged([1, "2026-09-01T00:00:00"]), datetime)],
)
def test_a_forged_value_is_refused(cursor: str, kind: type) -> None:
    with pytest.raises(ClientError):
        decode_cursor(cursor, kind)


def test_a_page_is_20_items_forward_unless_asked_otherwise() -> None:
    assert page_arguments() == Page(size=20, after=None, before=None, backward=False)
    assert page_arguments(first=100, after="a") == Page(size=100, after="a", before=None, backward=False)
    assert page_arguments(last=1, before="b") == Page(size=1, after=None, before="b", backward=True)


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        (0, None, "`first` must be from 1 to 100."),
        (-1, None, "`first` must be from 1 to 100."),
        (101, None, "`first` must be from 1 to 100."),
        (None, 101, "`last` must be from 1 to 100."),
        (5, 5, "Give `first` or `last`, not both."),
    ],
)
def test_a_page_that_cannot_be_is_refused(first: int | None, last: int | None, message: str) -> None:
    with pytest.raises(ClientError) as refusal:
        page_arguments(first, None, last, None)
    assert (refusal.value.message, refusal.value.extensions) == (message, {"code": "BAD_USER_INPUT"})


def test_a_forward_page_tells_what_surrounds_it() -> None:
    assert connect(page_arguments(first=2, after="0"), ["a", "b", "c"], ["1", "2", "3"], 9) == Connection(
        edges=[Edge(cursor="1", node="a"), Edge(cursor="2", node="b")],
        nodes=["a", "b"],
        page_info=PageInfo(has_next_page=True, has_previous_page=True, start_cursor="1", end_cursor="2"),
        total_count=9,
    )


def test_a_backward_page_is_given_in_the_order_of_the_list() -> None:
    assert connect(page_arguments(last=2), ["c", "b", "a"], ["3", "2", "1"], 3) == Connection(
        edges=[Edge(cursor="2", node="b"), Edge(cursor="3", node="c")],
        nodes=["b", "c"],
        page_info=PageInfo(has_next_page=False, has_previous_page=True, start_cursor="2", end_cursor="3"),
        total_count=3,
    )


def test_an_empty_page_has_no_cursor() -> None:
    info = PageInfo(has_next_page=False, has_previous_page=False, start_cursor=None, end_cursor=None)
    empty: Connection[str] = Connection(edges=[], nodes=[], page_info=info, total_count=0)
    assert connect(page_arguments(), [], [], 0) == empty
