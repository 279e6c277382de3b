"""The PayFiP desk against a bank that works (the simulated one) and against servers that do not."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from gateway.payments.payfip import Payfip, transaction_instant
from gateway.simulators.bank import PAGE_PATH, SERVICE_PATH, bank_app
from gateway.simulators.bank_ledger import BankClient
from resolvers.ports import BankRefused, BankUnavailable, PaymentOrder, PaymentOutcome, PaymentReport
from tests.gateway.payments.loopback import SteppedClock, serving
from tests.gateway.payments.test_payfip_messages import answered, faulted

pytestmark = pytest.mark.anyio

CHAVAGNE = BankClient("090909", ("COMMUNE DE CHAVAGNE", "REGIE ENFANCE", ""))
CLOSED = BankClient("101010", ("COMMUNE SANS ACCES", "", ""), secured=False)
UNKNOWN_ID = "cc0cb210-1cd4-11ea-8cca-0213ad91a103"
STARTED_AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def an_order(**changes: object) -> PaymentOrder:
    order = PaymentOrder(
        commune="chavagne",
        client_number="090909",
        year=2026,
        reference="2026FAM000042",
        subject="Facture d'octobre",
        amount_cents=4210,
        email="parent.test@example.org",
        mode="T",
        notification_url="http://127.0.0.1:9/nobody/is/here",
        return_url="http://127.0.0.1:9/nobody/is/there",
    )
    return replace(order, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Street:
    """A portal's desk, a working bank, and the clock they share."""

    bank: str
    desk: Payfip
    clock: SteppedClock
    browser: httpx.AsyncClient

    async def settle(self, page: str, letter: str) -> httpx.Response:
        """Do as a browser does: open the page, press the button."""
        shown = await self.browser.get(page)
        identifier = re.search(r'name="idop" value="([^"]+)"', shown.text)
        assert identifier is not None, shown.text
        return await self.browser.post(page, data={"idop": identifier[1], "resultrans": letter})

    async def settled(self, letter: str) -> PaymentReport:
        started = await self.desk.start(an_order())
        assert (await self.settle(started.redirect_url, letter)).status_code == 200
        return await self.desk.report(started.external_id, self.clock.now())


@asynccontextmanager
async def desk_at(address: str, clock: SteppedClock, patience: float = 10.0) -> AsyncIterator[Payfip]:
    desk = Payfip(address + SERVICE_PATH, address + PAGE_PATH, clock, patience=patience)
    try:
        yield desk
    finally:
        await desk.aclose()


@pytest.fixture
async def street() -> AsyncIterator[Street]:
    clock = SteppedClock(STARTED_AT)
    async with (
        serving(bank_app(clock, [CHAVAGNE, CLOSED])) as bank,
        desk_at(bank, clock) as desk,
        httpx.AsyncClient(verify=False) as browser,
    ):
        yield Street(bank, desk, clock, browser)


async def test_an_attempt_sends_the_person_to_the_bank_page(street: Street) -> None:
    started = await street.desk.start(an_order())
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-1[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", started.external_id)
    assert started.redirect_url == f"{street.bank}/tpa/paiementws.web?idop={started.external_id}"


async def test_a_card_payment_is_paid_with_all_its_facts(street: Street) -> None:
    started = await street.desk.start(an_order())
    street.clock.advance(minutes=4, seconds=30)
    await street.settle(started.redirect_url, "P")
    report = await street.desk.report(started.external_id, STARTED_AT)
    assert report.authorization is not None
    assert re.fullmatch(r"[0-9]{6}", report.authorization)
    raw = {
        "dattrans": "20112026",
        "exer": "20",
        "heurtrans": "1034",
        "idOp": started.external_id,
        "mel": "parent.test@example.org",
        "montant": "4210",
        "numauto": report.authorization,
        "numcli": "090909",
        "objet": "Facture d octobre",
        "refdet": "2026FAM000042",
        "resultrans": "P",
        "saisie": "T",
    }
    paid_at = datetime(2026, 11, 20, 9, 34, tzinfo=UTC)
    assert report == PaymentReport(PaymentOutcome.PAID, raw, 4210, "2026FAM000042", report.authorization, paid_at)
    assert await street.desk.report(started.external_id, STARTED_AT) == report


async def test_a_direct_debit_is_paid_with_a_longer_authorization(street: Street) -> None:
    report = await street.settled("V")
    assert (report.outcome, report.means, report.raw["resultrans"]) == (PaymentOutcome.PAID, "debit", "V")
    assert report.authorization is not None
    assert re.fullmatch(r"[0-9]{12}-tip", report.authorization)


@pytest.mark.parametrize("letter", ["R", "Z"])
async def test_a_refused_card_or_debit_is_refused(street: Street, letter: str) -> None:
    report = await street.settled(letter)
    assert (report.outcome, report.authorization, report.paid_at) == (PaymentOutcome.REFUSED, None, None)


async def test_an_abandoned_payment_is_held_until_the_end_of_its_second_minute(street: Street) -> None:
    started = await street.desk.start(an_order())
    await street.settle(started.redirect_url, "A")
    outcomes = []
    for _ in range(4):
        outcomes.append((await street.desk.report(started.external_id, STARTED_AT)).outcome)
        street.clock.advance(minutes=1)
    assert outcomes == [PaymentOutcome.PENDING] * 3 + [PaymentOutcome.CANCELLED]


async def test_a_person_who_abandoned_may_pay_after_all(street: Street) -> None:
    started = await street.desk.start(an_order())
    await street.settle(started.redirect_url, "A")
    street.clock.advance(minutes=1)
    await street.settle(started.redirect_url, "P")
    assert (await street.desk.report(started.external_id, STARTED_AT)).outcome is PaymentOutcome.PAID


async def test_without_a_result_an_attempt_is_pending_for_two_hours_then_late(street: Street) -> None:
    started = await street.desk.start(an_order())
    street.clock.advance(hours=2, seconds=-1)
    report = await street.desk.report(started.external_id, STARTED_AT)
    assert (report.outcome, report.raw["code"], report.amount_cents) == (PaymentOutcome.PENDING, "P5", None)
    street.clock.advance(seconds=1)
    assert (await street.desk.report(started.external_id, STARTED_AT)).outcome is PaymentOutcome.LATE


async def test_an_operation_purged_in_the_night_is_expired(street: Street) -> None:
    started = await street.desk.start(an_order())
    street.clock.advance(days=1)
    report = await street.desk.report(started.external_id, STARTED_AT)
    assert (report.outcome, report.raw["code"]) == (PaymentOutcome.EXPIRED, "P1")


async def test_a_result_survives_the_night(street: Street) -> None:
    started = await street.desk.start(an_order())
    await street.settle(started.redirect_url, "P")
    street.clock.advance(days=300)
    assert (await street.desk.report(started.external_id, STARTED_AT)).outcome is PaymentOutcome.PAID


async def test_the_bank_refuses_a_client_it_does_not_know_or_has_not_opened(street: Street) -> None:
    with pytest.raises(BankRefused) as unknown:
        await street.desk.start(an_order(client_number="123456"))
    with pytest.raises(BankRefused) as closed:
        await street.desk.start(an_order(client_number="101010"))
    assert (unknown.value.code, unknown.value.reason) == ("T2", "PayFiP ne connaît pas ce numéro de client")
    assert (closed.value.code, closed.value.reason) == ("T4", "la régie n'a pas accès au service sécurisé de PayFiP")


async def test_a_client_is_described_by_its_labels(street: Street) -> None:
    assert await street.desk.describe("090909") == ("COMMUNE DE CHAVAGNE", "REGIE ENFANCE")


@pytest.mark.parametrize(("number", "code"), [("123456", "T2"), ("101010", "T4"), ("12345", "T1"), ("\x00", "T1")])
async def test_a_client_that_cannot_be_described_is_refused(street: Street, number: str, code: str) -> None:
    with pytest.raises(BankRefused) as refusal:
        await street.desk.describe(number)
    assert refusal.value.code == code


async def test_a_hundred_attempts_at_once_are_a_hundred_operations(street: Street) -> None:
    orders = [an_order(reference=f"2026FAM{number:06d}") for number in range(100)]
    started = await asyncio.gather(*(street.desk.start(order) for order in orders))
    assert len({attempt.external_id for attempt in started}) == 100
    await asyncio.gather(*(street.settle(attempt.redirect_url, "P") for attempt in started))
    reports = await asyncio.gather(*(street.desk.report(attempt.external_id, STARTED_AT) for attempt in started))
    assert [report.reference for report in reports] == [order.reference for order in orders]


@pytest.mark.parametrize("identifier", ["", "a b", "<x/>", "\x00", "x" * 65, "é"])
async def test_an_identifier_the_bank_cannot_have_given_is_never_asked(street: Street, identifier: str) -> None:
    with pytest.raises(ValueError, match="not an identifier"):
        await street.desk.report(identifier, STARTED_AT)


async def test_a_bank_that_is_down_is_unavailable(street: Street) -> None:
    await street.browser.post(f"{street.bank}/control", json={"down": True})
    with pytest.raises(BankUnavailable):
        await street.desk.start(an_order())
    with pytest.raises(BankUnavailable):
        await street.desk.report(UNKNOWN_ID, STARTED_AT)


async def test_a_bank_slower_than_our_patience_is_unavailable(street: Street) -> None:
    await street.browser.post(f"{street.bank}/control", json={"slow": 0.5})
    async with desk_at(street.bank, street.clock, patience=0.1) as hurried:
        with pytest.raises(BankUnavailable):
            await hurried.start(an_order())


async def test_a_bank_nobody_listens_for_is_unavailable() -> None:
    async with desk_at("http://127.0.0.1:9", SteppedClock()) as desk:
        with pytest.raises(BankUnavailable):
            await desk.describe("090909")


def paid(**changes: str) -> bytes:
    """What the bank says of a payment, with some of it changed or (empty) left out."""
    fields = {
        "dattrans": "20112026",
        "exer": "20",
        "heurtrans": "1030",
        "idOp": UNKNOWN_ID,
        "montant": "4210",
        "numauto": "123456",
        "refdet": "2026FAM000042",
        "resultrans": "P",
        **changes,
    }
    return answered(
        "recupererDetailPaiementSecurise",
        "".join(f"<{name}>{value}</{name}>" for name, value in fields.items() if value),
    )


async def reported_by(response: Response, clock: SteppedClock | None = None) -> PaymentReport:
    """What the desk makes of a server that gives this response to everybody."""

    async def answer(request: Request) -> Response:
        await request.body()
        return response

    app = Starlette(routes=[Route(SERVICE_PATH, answer, methods=["POST"])])
    clock = clock or SteppedClock(STARTED_AT)
    async with serving(app) as address, desk_at(address, clock, patience=1) as desk:
        return await desk.report(UNKNOWN_ID, STARTED_AT)


async def slices(count: int, size: int, pause: float) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b" " * size
        await asyncio.sleep(pause)


HOSTILE = {
    "an empty answer": Response(b"", 200),
    "a page of maintenance": Response("<html>Maintenance</html>", 503),
    "malformed XML": Response(b"<S:Envelope", 200),
    "a truncated answer": Response(paid()[:-20], 200),
    "an external entity": Response(
        paid(refdet="&e;").replace(b"<S:Env", b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><S:Env', 1), 200
    ),
    "a compressed answer nobody asked for": Response(b"\x1f\x8b\x08\x00", 200, {"Content-Encoding": "gzip"}),
    "a huge answer": Response(b" " * 1_000_000, 200),
    "an endless answer": StreamingResponse(slices(count=1000, size=4096, pause=0)),
    "an answer drop by drop": StreamingResponse(slices(count=70, size=1, pause=0.02)),
    "a redirection": RedirectResponse("http://127.0.0.1:9/", 307),
    "a result with the status of an error": Response(paid(), 500),
    "a result about another operation": Response(paid(idOp="another"), 200),
    "a result about no operation": Response(paid(idOp=""), 200),
    "a payment without an amount": Response(paid(montant=""), 200),
    "a payment of a strange amount": Response(paid(montant="-4210"), 200),
    "a technical fault": Response(faulted("TechDysfonctionnementErreur", "<code>999</code>"), 500),
}


@pytest.mark.parametrize("response", HOSTILE.values(), ids=HOSTILE.keys())
async def test_an_answer_that_tells_nothing_is_unavailability(response: Response) -> None:
    with pytest.raises(BankUnavailable):
        await reported_by(response)


async def test_a_payment_told_plainly_is_paid() -> None:
    report = await reported_by(Response(paid(), 200))
    assert (report.outcome, report.paid_at) == (PaymentOutcome.PAID, STARTED_AT)


async def test_a_payment_of_unreadable_date_is_paid_all_the_same() -> None:
    report = await reported_by(Response(paid(dattrans="31022026"), 200))
    assert (report.outcome, report.paid_at) == (PaymentOutcome.PAID, None)


async def test_an_abandon_of_unreadable_date_is_held_from_the_start() -> None:
    abandon = paid(resultrans="A", dattrans="")
    early = await reported_by(Response(abandon, 200))
    late = await reported_by(Response(abandon, 200), SteppedClock(STARTED_AT + timedelta(minutes=3)))
    assert (early.outcome, late.outcome) == (PaymentOutcome.PENDING, PaymentOutcome.CANCELLED)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Response(paid(resultrans="W", mel="parent.test@example.org"), 200), "W"),
        (Response(paid(resultrans=""), 200), ""),
        (Response(faulted("FonctionnelleErreur", "<code>Q9</code>"), 500), "Q9"),
        (Response(faulted("FonctionnelleErreur", "<code>P3</code>"), 500), "P3"),
    ],
)
async def test_an_answer_nobody_knows_is_pending_however_late_and_alerts(
    caplog: pytest.LogCaptureFixture, answer: Response, code: str
) -> None:
    with caplog.at_level(logging.ERROR, logger="portail.payfip"):
        report = await reported_by(answer, SteppedClock(STARTED_AT + timedelta(days=3)))
    assert (report.outcome, report.doubt) == (
        PaymentOutcome.PENDING,
        f"PayFiP répond « {code} », que le portail ne connaît pas",
    )
    alerts = [record.getMessage() for record in caplog.records if record.name == "portail.payfip"]
    assert alerts == [f"PayFiP gave the unknown answer {code!r} to operation {UNKNOWN_ID}"]


async def test_an_operation_created_without_a_usable_identifier_is_unavailability() -> None:
    async def answer(request: Request) -> Response:
        return Response(answered("creerPaiementSecurise", "<idOp>a b</idOp>"))

    app = Starlette(routes=[Route(SERVICE_PATH, answer, methods=["POST"])])
    async with serving(app) as address, desk_at(address, SteppedClock()) as desk:
        with pytest.raises(BankUnavailable):
            await desk.start(an_order())


async def test_a_call_is_posted_as_soap_1_1_with_an_empty_action() -> None:
    received = []

    async def answer(request: Request) -> Response:
        received.append((request.headers["soapaction"], request.headers["content-type"]))
        return Response(paid(), 200)

    app = Starlette(routes=[Route(SERVICE_PATH, answer, methods=["POST"])])
    async with serving(app) as address, desk_at(address, SteppedClock()) as desk:
        await desk.report(UNKNOWN_ID, STARTED_AT)
    assert received == [('""', "text/xml; charset=utf-8")]


@pytest.mark.parametrize(
    ("day", "hour", "started_at", "instant"),
    [
        ("20112026", "1030", STARTED_AT, datetime(2026, 11, 20, 9, 30, tzinfo=UTC)),
        ("14072026", "1030", STARTED_AT, datetime(2026, 7, 14, 8, 30, tzinfo=UTC)),
        ("25102026", "0230", datetime(2026, 10, 25, 0, 30, 40, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("25102026", "0230", datetime(2026, 10, 25, 1, 20, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("2026-11-20", "1030", STARTED_AT, None),
        ("20112026", "2460", STARTED_AT, None),
        ("٢٠١١٢٠٢٦", "1030", STARTED_AT, None),
        ("", "", STARTED_AT, None),
    ],
)
def test_the_instant_of_a_transaction_is_read_on_the_clocks_of_paris(
    day: str, hour: str, started_at: datetime, instant: datetime | None
) -> None:
    assert transaction_instant(day, hour, started_at) == instant
