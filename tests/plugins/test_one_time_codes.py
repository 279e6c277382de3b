"""One-time codes are those of the RFCs, digit by digit."""

from datetime import UTC, datetime

import pytest

from plugins.rules.one_time_codes import code_at, enrolment_uri, matching_step, step_of, written

SECRET = b"12345678901234567890"
NOW = datetime(2026, 10, 5, 7, 30, 15, tzinfo=UTC)
LONGER = {"sha1": SECRET, "sha256": SECRET + SECRET[:12], "sha512": SECRET * 3 + SECRET[:4]}


@pytest.mark.parametrize(
    ("counter", "code"),
    list(
        enumerate(["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"])
    ),
)
def test_codes_are_those_of_rfc_4226_appendix_d(counter: int, code: str) -> None:
    assert code_at(SECRET, counter) == code


@pytest.mark.parametrize(
    ("seconds", "digest", "code"),
    [
        (59, "sha1", "94287082"),
        (59, "sha256", "46119246"),
        (59, "sha512", "90693936"),
        (1111111109, "sha1", "07081804"),
        (1111111109, "sha256", "68084774"),
        (1111111109, "sha512", "25091201"),
        (1111111111, "sha1", "14050471"),
        (1111111111, "sha256", "67062674"),
        (1111111111, "sha512", "99943326"),
        (1234567890, "sha1", "89005924"),
        (1234567890, "sha256", "91819424"),
        (1234567890, "sha512", "93441116"),
        (2000000000, "sha1", "69279037"),
        (2000000000, "sha256", "90698825"),
        (2000000000, "sha512", "38618901"),
        (20000000000, "sha1", "65353130"),
        (20000000000, "sha256", "77737706"),
        (20000000000, "sha512", "47863826"),
    ],
)
def test_codes_are_those_of_rfc_6238_appendix_b(seconds: int, digest: str, code: str) -> None:
    step = step_of(datetime.fromtimestamp(seconds, UTC))
    assert code_at(LONGER[digest], step, digits=8, digest=digest) == code


@pytest.mark.parametrize(("drift", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_telephone_may_be_half_a_minute_off(drift: int, accepted: bool) -> None:
    step = step_of(NOW) + drift
    assert matching_step(SECRET, code_at(SECRET, step), NOW) == (step if accepted else None)


def test_a_code_that_was_spent_and_those_before_it_match_no_more() -> None:
    step = step_of(NOW)
    assert matching_step(SECRET, code_at(SECRET, step), NOW, after=step - 1) == step
    assert matching_step(SECRET, code_at(SECRET, step), NOW, after=step) is None
    assert matching_step(SECRET, code_at(SECRET, step - 1), NOW, after=step) is None


def test_a_code_may_be_typed_in_two_halves() -> None:
    code = code_at(SECRET, step_of(NOW))
    assert matching_step(SECRET, f" {code[:3]} {code[3:]} ", NOW) == step_of(NOW)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "é" * 6, "٤" * 6, "x" * 5000])
def test_anything_else_is_no_code(typed: str) -> None:
    assert matching_step(SECRET, typed, NOW) is None


def test_the_address_of_the_qr_code_names_the_portal_and_the_account() -> None:
    assert enrolment_uri(SECRET, "Portail famille Épagny", "a.test@mairie.example") == (
        "otpauth://totp/Portail%20famille%20%C3%89pagny:a.test%40mairie.example"
        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Portail%20famille%20%C3%89pagny"
    )
    assert written(b"x") == "PA"
