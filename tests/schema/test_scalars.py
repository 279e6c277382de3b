"""One spelling per value: what each scalar accepts, refuses and prints."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
import strawberry
from hypothesis import given
from hypothesis import strategies as st
from strawberry.exceptions import StrawberryInputCoercionError

from schema.scalars import (
    SCALARS,
    CurrencyCode,
    Money,
    is_clean,
    parse_date,
    parse_date_time,
    parse_decimal,
    parse_local_time,
    print_date,
    print_date_time,
    print_decimal,
)


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (parse_date, "2028-02-29", dt.date(2028, 2, 29)),
        (parse_date_time, "2026-09-01T08:30:00+02:00", dt.datetime(2026, 9, 1, 6, 30, tzinfo=dt.UTC)),
        (parse_date_time, "2026-09-01T08:30:00.5Z", dt.datetime(2026, 9, 1, 8, 30, 0, 500_000, tzinfo=dt.UTC)),
        (parse_local_time, "08:30", dt.time(8, 30)),
        (parse_local_time, "23:59:59", dt.time(23, 59, 59)),
        (parse_decimal, "12.5", Decimal("12.50")),
        (parse_decimal, "-0", Decimal(0)),
        (parse_decimal, "999999999.99", Decimal("999999999.99")),
    ],
)
def test_a_strict_value_is_read(parse: Callable[[object], object], text: str, value: object) -> None:
    assert parse(text) == value


BAD = [
    *(
        (parse_date, value)
        for value in ("20260901", "2026-W36-1", "2026-02-30", "2026-9-1", "２０２６-09-01", "", 20260901)
    ),
    *((parse_date, value) for value in (None, True, "2026-09-01\n", "0000-01-01")),
    *((parse_date_time, value) for value in ("2026", "2026-09-01", "2026-09-01T08:30:00", "2026-09-01 08:30:00Z", 0)),
    *((parse_date_time, value) for value in ("2026-09-01T24:00:00Z", "2026-09-01T08:30:60Z", "2026-09-01T08:30Z")),
    *((parse_date_time, value) for value in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-10:00")),
    *((parse_date_time, value) for value in ("2026-09-01T08:30:00+25:00", "2026-09-01T08:30:00.1234567Z")),
    *((parse_local_time, value) for value in ("8:30", "24:00", "08:60", "08:30:00.5", "08:30Z", 830)),
    *((parse_decimal, value) for value in ("NaN", "Infinity", "1e9", "1_000", "１２", "1.234", ".5", "1.", "+1", "")),
    *((parse_decimal, value) for value in (12.5, 12, True, None, "1234567890", "1,50", " 1")),
]


@pytest.mark.parametrize(("parse", "value"), BAD)
def test_any_other_spelling_is_refused(parse: Callable[[object], object], value: object) -> None:
    with pytest.raises(StrawberryInputCoercionError):
        parse(value)


OFFSETS = st.integers(min_value=-1439, max_value=1439).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))


@given(st.datetimes(dt.datetime(1, 1, 2), dt.datetime(9999, 12, 30), timezones=OFFSETS))  # noqa: DTZ001
def test_an_instant_comes_back_as_the_same_instant(instant: dt.datetime) -> None:
    printed = print_date_time(instant)
    assert (printed[-1], parse_date_time(printed)) == ("Z", instant)


@given(st.integers(min_value=-99_999_999_999, max_value=99_999_999_999))
def test_an_amount_comes_back_to_the_cent(cents: int) -> None:
    money = Money.of(cents)
    assert money == Money(amount=Decimal(cents) / 100, currency=CurrencyCode.EUR)
    assert parse_decimal(print_decimal(money.amount)) * 100 == cents


def test_values_are_printed_in_one_way() -> None:
    paris = dt.timezone(dt.timedelta(hours=2))
    assert print_date(dt.date(2026, 9, 1)) == "2026-09-01"
    assert print_date_time(dt.datetime(2026, 9, 1, 8, 30, tzinfo=paris)) == "2026-09-01T06:30:00Z"
    assert [print_decimal(Decimal(text)) for text in ("0", "1.5", "1E+2")] == ["0.00", "1.50", "100.00"]


def test_what_would_have_to_be_guessed_is_not_printed() -> None:
    with pytest.raises(ValueError, match="time zone"):
        print_date_time(dt.datetime(2026, 9, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="two decimals"):
        print_decimal(Decimal("0.125"))
    with pytest.raises(TypeError, match="instant"):
        print_date(dt.datetime(2026, 9, 1, tzinfo=dt.UTC))


def test_every_scalar_is_described_and_specified() -> None:
    told = {scalar.name: bool(scalar.description and scalar.specified_by_url) for scalar in SCALARS.values()}
    assert told == {"Date": True, "DateTime": True, "LocalTime": True, "Decimal": True, "Upload": True}


@pytest.mark.parametrize(
    ("value", "clean"),
    [
        ("Zoé 👧", True),
        ("a\0b", False),
        ("\ud800", False),
        ("a\udfffb", False),
        ({"a": [1, None, True, 2.5, {"b": "c"}]}, True),
        ({"a": [{"b": ["\0"]}]}, False),
        ({"\0": 1}, False),
        (None, True),
    ],
)
def test_texts_that_no_database_stores_are_found_anywhere(value: object, clean: bool) -> None:
    assert is_clean(value) is clean


def test_a_bottomless_value_is_searched_without_recursion() -> None:
    value: object = "\0"
    for _ in range(100_000):
        value = [value]
    assert is_clean(value) is False


def test_money_is_the_type_that_clients_see() -> None:
    @strawberry.type
    class Query:
        price: Money

    printed = strawberry.Schema(Query, config=strawberry.schema.config.StrawberryConfig(scalar_map=SCALARS)).as_str()
    assert "type Money {" in printed
    assert "  currency: CurrencyCode!" in printed
