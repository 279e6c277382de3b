"""The simulated DGFiP over the wire, without the portal's own client."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from gateway.simulators.bank import bank_app
from gateway.simulators.bank_ledger import BankClient
from gateway.simulators.bank_notifications import BankFaults
from tests.gateway.payments.loopback import SteppedClock, serving

pytestmark = pytest.mark.anyio

SERVICE = (
    "http://securite.service.tpa.cp.finances.gouv.fr/services/mas_securite/contrat_paiement_securise/"
    "PaiementSecuriseService"
)
CLIENTS = [BankClient("090909", ("CHAVAGNE", "ENFANCE", "")), BankClient("101010", ("", "", ""), secured=False)]


@dataclass
class Town:
    """A bank mounted under a path, a portal that writes down what it receives, and a browser."""

    address: str
    clock: SteppedClock
    browser: httpx.AsyncClient
    notified: list[dict[str, str]] = field(default_factory=list)
    returned: list[dict[str, str]] = field(default_factory=list)

    @property
    def bank(self) -> str:
        return f"{self.address}/simulators/bank"

    def order(self, **changes: str) -> dict[str, str]:
        return {
            "exer": "2026",
            "mel": "parent.test@example.org",
            "montant": "4210",
            "numcli": "090909",
            "objet": "Facture",
            "refdet": "2026FAM000042",
            "saisie": "T",
            "urlnotif": f"{self.address}/notified",
            "urlredirect": f"{self.address}/returned?from=%22bank%22&x=1",
            **changes,
        }

    async def call(self, operation: str, fields: Mapping[str, str]) -> httpx.Response:
        children = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
        message = (
            '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header/><e:Body>'
            f'<p:{operation} xmlns:p="{SERVICE}"><arg0>{children}</arg0></p:{operation}></e:Body></e:Envelope>'
        )
        headers = {"Content-Type": "text/xml", "SOAPAction": '""'}
        return await self.browser.post(f"{self.bank}/tpa/services/securite", content=message, headers=headers)

    async def create(self, **changes: str) -> str:
        answer = await self.call("creerPaiementSecurise", self.order(**changes))
        found = re.search(r"<return><idOp>([^<]+)</idOp></return>", answer.text)
        assert found is not None, answer.text
        return found[1]

    def page(self, identifier: str) -> str:
        return f"{self.bank}/tpa/paiementws.web?idop={identifier}"

    async def press(self, identifier: str, letter: str) -> httpx.Response:
        return await self.browser.post(self.page(identifier), data={"idop": identifier, "resultrans": letter})

    async def control(self, **faults: object) -> httpx.Response:
        return await self.browser.post(f"{self.bank}/control", json=faults)

    async def deliveries(self, count: int) -> list[dict[str, str]]:
        """The notifications the bank has sent, once there are that many."""
        async with asyncio.timeout(5):
            while True:
                told = (await self.browser.get(f"{self.bank}/control")).json()["notifications"]
                if len(told) >= count:
                    return list(told)
                await asyncio.sleep(0.01)


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    clock = SteppedClock()

    async def note(request: Request) -> Response:
        async with request.form() as form:
            received = {name: str(value) for name, value in form.items()}
        (there.notified if request.url.path == "/notified" else there.returned).append(received)
        return Response(status_code=204)

    app = Starlette(
        routes=[
            Mount("/simulators/bank", bank_app(clock, CLIENTS)),
            Route("/notified", note, methods=["POST"]),
            Route("/returned", note, methods=["POST"]),
        ]
    )
    async with serving(app) as address, httpx.AsyncClient(verify=False) as browser:
        there = Town(address, clock, browser)
        yield there


class Forms(HTMLParser):
    """What a browser or a screen reader needs of a page: its language, headings, forms and buttons."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def code_of(answer: httpx.Response) -> tuple[int, str, str]:
    """The status, the class and the code of a fault."""
    kind = re.search(r"<faultstring>fr\.gouv\.finances\.cp\.tpa\.webservice\.exceptions\.(\w+)<", answer.text)
    code = re.search(r"<code>(\w+)</code>", answer.text)
    return answer.status_code, kind[1] if kind else "", code[1] if code else ""


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("T1", {"numcli": "9"}),
        ("T1", {"numcli": ""}),
        ("T2", {"numcli": "123456"}),
        ("T4", {"numcli": "101010"}),
        ("R3", {"refdet": "ABCD"}),
        ("R3", {"refdet": "2026-000042"}),
        ("M1", {"montant": "42,10"}),
        ("M1", {"montant": "²²²"}),
        ("M1", {"montant": "9" * 5000}),
        ("M3", {"montant": "99"}),
        ("M5", {"montant": "10000000"}),
        ("A1", {"mel": ""}),
        ("A2", {"mel": "parent"}),
        ("A2", {"mel": "a" * 80 + "@example.org"}),
        ("S1", {"saisie": "A"}),
        ("N1", {"urlnotif": "ftp://portail.example"}),
        ("D1", {"urlredirect": ""}),
        ("D1", {"urlredirect": "https://" + "d" * 250}),
    ],
)
async def test_an_order_that_is_not_right_gets_the_code_of_its_fault(
    town: Town, code: str, change: dict[str, str]
) -> None:
    answer = await town.call("creerPaiementSecurise", town.order(**change))
    assert code_of(answer) == (500, "FonctionnelleErreur", code)


@pytest.mark.parametrize("change", [{"exer": "26"}, {"objet": "été"}, {"objet": "x" * 101}])
async def test_an_order_out_of_contract_without_a_code_of_its_own_is_a_protocol_fault(
    town: Town, change: dict[str, str]
) -> None:
    answer = await town.call("creerPaiementSecurise", town.order(**change))
    assert code_of(answer) == (500, "TechProtocolaireErreur", "999")


async def test_an_operation_without_a_result_is_p5_and_an_unknown_one_p1(town: Town) -> None:
    identifier = await town.create()
    known = await town.call("recupererDetailPaiementSecurise", {"idOp": identifier})
    small = await town.call("recupererDetailPaiementSecurise", {"idop": identifier})
    unknown = await town.call("recupererDetailPaiementSecurise", {"idOp": "x"})
    codes = [code_of(answer)[2] for answer in (known, small, unknown)]
    assert codes == ["P5", "P1", "P1"]


async def test_the_client_is_described_without_empty_lines(town: Town) -> None:
    answer = await town.call("recupererDetailClient", {"numCli": "090909"})
    assert answer.status_code == 200
    returned = "<return><libelleN1>CHAVAGNE</libelleN1><libelleN2>ENFANCE</libelleN2><numcli>090909</numcli></return>"
    assert returned in answer.text


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"<a>",
        b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><a>&e;</a>',
        b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><a/></e:Body></e:Envelope>',
    ],
)
async def test_what_is_not_a_call_is_a_client_fault(town: Town, message: bytes) -> None:
    answer = await town.browser.post(f"{town.bank}/tpa/services/securite", content=message)
    assert answer.status_code == 500
    assert "<faultcode>S:Client</faultcode>" in answer.text
    assert "ENTITY" not in answer.text


async def test_an_operation_that_does_not_exist_is_a_client_fault(town: Town) -> None:
    answer = await town.call("rembourserPaiement", {"idOp": "x"})
    assert (answer.status_code, "no such operation" in answer.text) == (500, True)


async def test_a_request_larger_than_any_call_is_refused(town: Town) -> None:
    answer = await town.browser.post(f"{town.bank}/tpa/services/securite", content=b" " * 100_000)
    assert answer.status_code == 413


async def test_the_service_answers_to_post_only(town: Town) -> None:
    assert (await town.browser.get(f"{town.bank}/tpa/services/securite")).status_code == 405


async def test_the_payment_page_says_what_is_paid_and_offers_five_ends(town: Town) -> None:
    identifier = await town.create(objet="Facture octobre", montant="123456")
    shown = await town.browser.get(town.page(identifier))
    page = Forms(shown.text)
    assert shown.status_code == 200
    assert page.all("html") == [{"lang": "fr"}]
    assert len(page.all("h1")) == len(page.all("title")) == len(page.all("legend")) == 1
    assert page.all("input") == [{"type": "hidden", "name": "idop", "value": identifier}]
    assert [button["value"] for button in page.all("button")] == ["P", "V", "R", "Z", "A"]
    for text in ("1\u00a0234,56\u00a0€", "2026FAM000042", "Facture octobre", "Payer par carte bancaire", "Abandonner"):
        assert text in shown.text


async def test_the_payment_page_runs_nothing_it_was_given(town: Town) -> None:
    identifier = await town.create(mel="<script>x@example.org")
    shown = await town.browser.get(town.page(identifier))
    assert Forms(shown.text).all("script") == []
    assert "default-src 'none'" in shown.headers["content-security-policy"]


async def test_paying_posts_the_identifier_back_to_the_portal(town: Town) -> None:
    identifier = await town.create()
    back = Forms((await town.press(identifier, "P")).text)
    [form], [hidden] = back.all("form"), back.all("input")
    assert form == {"id": "retour", "method": "post", "action": f"{town.address}/returned?from=%22bank%22&x=1"}
    await town.browser.post(str(form["action"]), data={str(hidden["name"]): str(hidden["value"])})
    assert town.returned == [{"idop": identifier}]


async def test_paying_notifies_the_identifier_and_nothing_else(town: Town) -> None:
    identifier = await town.create()
    await town.press(identifier, "P")
    assert await town.deliveries(1) == [{"about": identifier, "outcome": "204"}]
    assert town.notified == [{"idop": identifier}]


async def test_a_result_is_told_in_the_order_of_the_contract(town: Town) -> None:
    identifier = await town.create()
    await town.press(identifier, "R")
    answer = await town.call("recupererDetailPaiementSecurise", {"idOp": identifier})
    assert re.findall(r"<(\w+)>[^<]*</\1>", answer.text) == [
        "dattrans", "exer", "heurtrans", "idOp", "mel", "montant", "numcli", "objet", "refdet", "resultrans", "saisie",
    ]  # fmt: skip


async def test_an_operation_serves_one_attempt(town: Town) -> None:
    identifier = await town.create()
    await town.press(identifier, "R")
    again = await town.press(identifier, "P")
    shown = await town.browser.get(town.page(identifier))
    assert [(answer.status_code, "P3" in answer.text) for answer in (again, shown)] == [(410, True)] * 2
    told = await town.call("recupererDetailPaiementSecurise", {"idOp": identifier})
    assert "<resultrans>R</resultrans>" in told.text


async def test_a_person_who_abandoned_has_two_minutes_to_try_again(town: Town) -> None:
    quick, slow = await town.create(), await town.create()
    await town.press(quick, "A")
    await town.press(slow, "A")
    town.clock.advance(seconds=119)
    assert (await town.press(quick, "P")).status_code == 200
    town.clock.advance(seconds=1)
    assert (await town.press(slow, "P")).status_code == 410


async def test_the_page_opens_for_fifteen_minutes(town: Town) -> None:
    identifier = await town.create()
    town.clock.advance(minutes=15, seconds=1)
    shown = await town.browser.get(town.page(identifier))
    assert (shown.status_code, "P4" in shown.text) == (410, True)


async def test_a_page_once_open_may_be_used_for_fifteen_minutes_more(town: Town) -> None:
    quick, slow = await town.create(), await town.create()
    for identifier in (quick, slow):
        await town.browser.get(town.page(identifier))
    town.clock.advance(minutes=15)
    assert (await town.press(quick, "P")).status_code == 200
    town.clock.advance(seconds=1)
    assert (await town.press(slow, "P")).status_code == 410


async def test_the_page_of_an_unknown_operation_is_not_found(town: Town) -> None:
    shown = await town.browser.get(town.page("x"))
    assert (shown.status_code, "P1" in shown.text) == (404, True)


@pytest.mark.parametrize("letter", ["", "Q", "PP"])
async def test_a_result_that_no_button_offers_is_refused(town: Town, letter: str) -> None:
    identifier = await town.create()
    assert (await town.press(identifier, letter)).status_code == 400
    told = await town.call("recupererDetailPaiementSecurise", {"idOp": identifier})
    assert code_of(told)[2] == "P5"


async def test_an_unused_operation_is_purged_in_the_next_night_of_paris(town: Town) -> None:
    identifier = await town.create()  # at 10:30 in Paris
    town.clock.advance(hours=16, minutes=29)
    before = await town.call("recupererDetailPaiementSecurise", {"idOp": identifier})
    town.clock.advance(minutes=1)
    after = await town.call("recupererDetailPaiementSecurise", {"idOp": identifier})
    assert [code_of(answer)[2] for answer in (before, after)] == ["P5", "P1"]


async def test_a_result_is_kept_for_a_year(town: Town) -> None:
    identifier = await town.create()
    await town.press(identifier, "P")
    town.clock.advance(days=364)
    before = await town.call("recupererDetailPaiementSecurise", {"idOp": identifier})
    town.clock.advance(days=1)
    after = await town.call("recupererDetailPaiementSecurise", {"idOp": identifier})
    assert (before.status_code, code_of(after)[2]) == (200, "P1")


async def test_notifications_are_repeated_on_demand(town: Town) -> None:
    await town.control(notifications=3)
    identifier = await town.create()
    await town.press(identifier, "P")
    await town.deliveries(3)
    assert town.notified == [{"idop": identifier}] * 3


async def test_notifications_are_lost_on_demand(town: Town) -> None:
    await town.control(notifications=0)
    lost = await town.create()
    await town.press(lost, "P")
    await town.control(notifications=1)
    kept = await town.create()
    await town.press(kept, "P")
    await town.deliveries(1)
    assert town.notified == [{"idop": kept}]


async def test_notifications_are_late_on_demand(town: Town) -> None:
    await town.control(delay=0.3)
    identifier = await town.create()
    await town.press(identifier, "P")
    assert town.notified == []
    await town.deliveries(1)
    assert town.notified == [{"idop": identifier}]


async def test_notifications_are_forged_on_demand(town: Town) -> None:
    await town.control(forged=True)
    identifier = await town.create()
    await town.press(identifier, "A")
    await town.deliveries(3)
    lie, stranger, honest = town.notified
    assert lie == {"idop": identifier, "resultrans": "P", "numauto": "000000", "montant": "1"}
    assert (stranger["idop"] != identifier, stranger["resultrans"]) == (True, "P")
    assert honest == {"idop": identifier}


async def test_notifications_are_reordered_on_demand(town: Town) -> None:
    await town.control(reordered=True)
    first, second = await town.create(), await town.create()
    await town.press(first, "P")
    await town.press(second, "P")
    await town.deliveries(2)
    assert town.notified == [{"idop": second}, {"idop": first}]


async def test_a_notification_nobody_takes_is_remembered_as_failed(town: Town) -> None:
    identifier = await town.create(urlnotif="http://127.0.0.1:9/")
    assert (await town.press(identifier, "P")).status_code == 200
    assert await town.deliveries(1) == [{"about": identifier, "outcome": "ConnectError"}]


async def test_a_bank_down_refuses_calls_and_pages_until_it_is_reset(town: Town) -> None:
    identifier = await town.create()
    await town.control(down=True)
    refused = await town.call("recupererDetailPaiementSecurise", {"idOp": identifier})
    assert code_of(refused) == (500, "TechIndisponibiliteErreur", "999")
    assert (await town.browser.get(town.page(identifier))).status_code == 503
    assert (await town.browser.delete(f"{town.bank}/control")).json()["faults"]["down"] is False
    assert (await town.browser.get(town.page(identifier))).status_code == 200


async def test_faults_change_one_by_one_and_are_told(town: Town) -> None:
    await town.control(slow=0.01)
    answer = await town.control(notifications=2)
    faults = {"notifications": 2, "delay": 0.0, "forged": False, "slow": 0.01, "down": False, "reordered": False}
    assert answer.json() == {"faults": faults, "notifications": []}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff",
        b'{"unknown": 1}',
        b'{"notifications": 21}',
        b'{"notifications": -1}',
        b'{"notifications": 1.5}',
        b'{"notifications": true}',
        b'{"slow": NaN}',
        b'{"slow": "1"}',
        b'{"down": 1, "forged": true}',
        b'{"forged": true, "down": null}',
        b"[" * 50_000,
        b'{"slow": ' + b"9" * 5000 + b"}",
    ],
)
async def test_a_wish_that_makes_no_sense_changes_no_fault(town: Town, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await town.browser.post(f"{town.bank}/control", content=body, headers=headers)
    told = (await town.browser.get(f"{town.bank}/control")).json()
    assert (answer.status_code, BankFaults(**told["faults"])) == (400, BankFaults())


async def test_a_web_page_cannot_change_faults_with_a_form(town: Town) -> None:
    assert (await town.browser.post(f"{town.bank}/control", data={"down": "1"})).status_code == 415


async def test_a_bank_may_be_born_with_faults() -> None:
    async with (
        serving(bank_app(SteppedClock(), CLIENTS, BankFaults(down=True))) as bank,
        httpx.AsyncClient(verify=False) as client,
    ):
        assert (await client.get(f"{bank}/tpa/paiementws.web?idop=x")).status_code == 503
