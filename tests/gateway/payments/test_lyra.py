"""The form and the notices of Lyra: signed as its documentation says, believed only then."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gateway.payments.lyra import OUTCOMES, Lyra, LyraKey, signature
from plugins.rules.payment import LyraPlatform
from resolvers.ports import BankForged, BankUnavailable, PaymentOrder, PaymentOutcome
from tests.gateway.payments.loopback import SteppedClock

pytestmark = pytest.mark.anyio

KEY = "1122334455667788"
DESK = Lyra(
    (LyraKey("village", "12345678", "TEST", KEY), LyraKey("village", "12345678", "PRODUCTION", "8877665544332211")),
    SteppedClock(datetime(2026, 11, 20, 23, 30, 5, tzinfo=UTC)),
)
ORDER = PaymentOrder(
    commune="village",
    client_number="12345678",
    year=2026,
    reference="2026ENF000042A01",
    subject="Facture",
    amount_cents=42_10,
    email="parent.test@example.org",
    mode="TEST",
    notification_url="https://portail.example/village/payments/lyra/notification",
    return_url="https://portail.example/village/payments/lyra/return",
    platform=LyraPlatform.SYSTEMPAY,
)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (  # the example of Lyra's guide
            {
                "vads_action_mode": "INTERACTIVE",
                "vads_amount": "5124",
                "vads_ctx_mode": "TEST",
                "vads_currency": "978",
                "vads_page_action": "PAYMENT",
                "vads_payment_config": "SINGLE",
                "vads_site_id": "12345678",
                "vads_trans_date": "20170129130025",
                "vads_trans_id": "123456",
                "vads_version": "V2",
            },
            "ycA5Do5tNvsnKdc/eP1bj2xa19z9q3iWPy9/rpesfS0=",
        ),
        (  # with accents
            {
                "vads_version": "V2",
                "vads_page_action": "PAYMENT",
                "vads_action_mode": "INTERACTIVE",
                "vads_payment_config": "SINGLE",
                "vads_site_id": "12345678",
                "vads_ctx_mode": "TEST",
                "vads_trans_id": "654321",
                "vads_trans_date": "20090501193530",
                "vads_amount": "1524",
                "vads_currency": "978",
                "vads_cust_first_name": "Jean Michél",
                "vads_cust_last_name": "Mihaï",
            },
            "aHrJ7IzSGFa4pcYA8kh99+M/xBzoQ4Odnu3f4BUrpIA=",
        ),
        (  # a notice
            {
                "vads_amount": "1042",
                "vads_auth_mode": "FULL",
                "vads_auth_number": "3feadf",
                "vads_result": "00",
                "vads_auth_result": "00",
                "vads_capture_delay": "0",
                "vads_card_brand": "CB",
                "vads_card_number": "497010XXXXXX0000",
                "vads_payment_certificate": "582ba2b725057618706d7a06e9e59acdbf69ff53",
                "vads_ctx_mode": "TEST",
                "vads_currency": "978",
                "vads_effective_amount": "1042",
                "vads_site_id": "70168983",
                "vads_trans_date": "20161013101355",
                "vads_trans_id": "226787",
                "vads_trans_uuid": "4b5053b3b1fe4b02a07753e7a",
                "vads_effective_creation_date": "20200330162530",
            },
            "Wbz3bP6R6wDvAwb2HnSiH9/iUUoRVCxK7mdLtCMz8Xw=",
        ),
    ],
)
def test_the_published_vectors_are_signed_alike_whatever_else_is_sent(fields: dict[str, str], expected: str) -> None:
    assert signature(fields, KEY) == expected
    assert signature({"signature": "x", "payer": "Payer", **fields}, KEY) == expected


async def test_the_form_that_opens_the_page_is_signed_and_holds_no_key() -> None:
    started = await DESK.start(ORDER)
    form = dict(started.form or {})
    number = form.pop("vads_trans_id")
    assert len(number) == 6
    assert number[0] != "9"
    assert number.isascii()
    assert number.isalnum()
    assert form.pop("signature") == signature(started.form or {}, KEY)
    assert form == {
        "vads_action_mode": "INTERACTIVE",
        "vads_amount": "4210",
        "vads_ctx_mode": "TEST",
        "vads_currency": "978",
        "vads_cust_email": "parent.test@example.org",
        "vads_language": "fr",
        "vads_order_id": "2026ENF000042A01",
        "vads_page_action": "PAYMENT",
        "vads_payment_config": "SINGLE",
        "vads_return_mode": "GET",
        "vads_site_id": "12345678",
        "vads_trans_date": "20261120233005",
        "vads_url_check": "https://portail.example/village/payments/lyra/notification",
        "vads_url_return": "https://portail.example/village/payments/lyra/return",
        "vads_version": "V2",
    }
    assert started.external_id == f"12345678-20261120-{number}"
    assert started.redirect_url == "https://paiement.systempay.fr/vads-payment/"
    assert KEY not in repr(LyraKey("village", "12345678", "TEST", KEY))


async def test_each_mode_has_its_key_and_without_one_nothing_starts() -> None:
    live = (await DESK.start(replace(ORDER, mode="PRODUCTION"))).form or {}
    assert live["signature"] == signature(live, "8877665544332211")
    for stranger in (replace(ORDER, commune="melle"), replace(ORDER, client_number="87654321")):
        with pytest.raises(BankUnavailable, match="no Lyra key"):
            await DESK.start(stranger)


def told(status: str = "AUTHORISED", **changes: str) -> dict[str, str]:
    """A notice about the order, signed."""
    fields = {
        "vads_amount": "4210",
        "vads_auth_number": "3feadf",
        "vads_ctx_mode": "TEST",
        "vads_currency": "978",
        "vads_effective_creation_date": "20261120233200",
        "vads_operation_type": "DEBIT",
        "vads_order_id": "2026ENF000042A01",
        "vads_site_id": "12345678",
        "vads_trans_status": status,
        "vads_trans_uuid": "4b5053b3b1fe4b02a07753e7a",
        **changes,
    }
    return {**fields, "signature": signature(fields, KEY)}


def test_a_signed_notice_tells_what_was_paid_and_repeats_what_was_asked() -> None:
    received = told()
    notice = DESK.read("village", received)
    assert (notice.event, notice.reference) == ("4b5053b3b1fe4b02a07753e7a:AUTHORISED", "2026ENF000042A01")
    assert notice.echo == {
        "vads_site_id": "12345678",
        "vads_ctx_mode": "TEST",
        "vads_currency": "978",
        "vads_amount": "4210",
        "vads_order_id": "2026ENF000042A01",
    }
    report = notice.report
    assert (report.outcome, report.amount_cents, report.authorization, report.paid_at, report.raw) == (
        PaymentOutcome.PAID,
        42_10,
        "3feadf",
        datetime(2026, 11, 20, 23, 32, tzinfo=UTC),
        received,
    )


@pytest.mark.parametrize("status", OUTCOMES)
def test_each_status_is_mapped_and_only_two_are_paid(status: str) -> None:
    outcome = DESK.read("village", told(status)).report.outcome
    assert (outcome is PaymentOutcome.PAID) is (status in ("AUTHORISED", "CAPTURED"))
    assert outcome is OUTCOMES[status]


@pytest.mark.parametrize(
    "received",
    [
        told("PARTIALLY_WONDERFUL"),
        told(""),
        told(vads_operation_type="CREDIT"),
        told("CAPTURED", vads_operation_type="VERIFICATION"),
    ],
)
def test_a_status_nobody_knows_and_a_refund_are_alerts_and_pay_nothing(
    received: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    assert DESK.read("village", received).report.outcome is PaymentOutcome.PENDING
    assert [record.levelname for record in caplog.records if record.name == "portail.lyra"] == ["ERROR"]


@pytest.mark.parametrize(
    ("commune", "received"),
    [
        ("village", {**told(), "vads_amount": "1"}),
        ("village", {**told("REFUSED"), "vads_trans_status": "AUTHORISED"}),
        ("village", {**told(), "vads_extra": "x"}),
        ("village", {**told(), "vads_ctx_mode": "PRODUCTION"}),  # signed with the key of tests
        ("village", {**told(), "signature": ""}),
        ("village", {**told(), "signature": "é"}),
        ("village", {name: value for name, value in told().items() if name != "signature"}),
        ("village", told(vads_site_id="87654321")),
        ("melle", told()),
        ("village", {}),
    ],
)
def test_what_the_bank_did_not_sign_is_forged(commune: str, received: Mapping[str, str]) -> None:
    with pytest.raises(BankForged):
        DESK.read(commune, received)


@pytest.mark.parametrize("date", ["", "2026", "20269999999999", "x" * 14])
def test_a_date_that_cannot_be_read_is_left_out(date: str) -> None:
    assert DESK.read("village", told(vads_effective_creation_date=date)).report.paid_at is None


async def test_silence_is_pending_for_half_an_hour_then_late() -> None:
    now = datetime(2026, 11, 20, 23, 30, 5, tzinfo=UTC)
    waits = {29: PaymentOutcome.PENDING, 30: PaymentOutcome.LATE}
    for minutes, outcome in waits.items():
        report = await DESK.report("12345678-20261120-abcdef", now - timedelta(minutes=minutes))
        assert report.outcome is outcome
