"""The simulated Lyra and the portal over the wire: what goes wrong between them never books twice, nor a lie."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from gateway.app import create_app
from gateway.database import Databases
from gateway.sealing import new_key
from gateway.settings import Settings
from gateway.simulators.lyra import lyra_app
from gateway.simulators.lyra_shops import Shop
from plugins.communes import Communes
from resolvers.models.payments import AttemptState
from schema.relay import global_id
from tests.cards import card_village, signed
from tests.doors import cookie_of
from tests.gateway.payments.loopback import serving
from tests.paying import DUE, books, owe
from tests.towns import LYRA_KEYS, Town, add_family

pytestmark = pytest.mark.anyio

(KEY,) = LYRA_KEYS
START = """mutation($input: PaymentStartInput!) { paymentStart(input: $input) {
  payment { id state redirectUrl form { name value } } userErrors { code } } }"""
STATE = "query($id: ID!) { node(id: $id) { ... on Payment { state } } }"


@dataclass(frozen=True, slots=True)
class Street:
    """A village, its portal, Lyra next door, and the browser of a parent who owes an invoice."""

    town: Town
    address: str
    browser: httpx.AsyncClient
    cookie: str
    invoice: Any

    @property
    def lyra(self) -> str:
        return f"{self.address}/simulators/lyra"

    async def ask(self, query: str, **variables: object) -> dict[str, Any]:
        """What the parent's front end asks of the portal."""
        answer = await self.browser.post(
            f"{self.address}/village/graphql",
            json={"query": query, "variables": variables},
            headers={"Cookie": self.cookie},
        )
        body: dict[str, Any] = answer.json()
        assert "errors" not in body, body
        data: dict[str, Any] = body["data"]
        return data

    async def start(self) -> dict[str, Any]:
        """Start to pay the invoice by card."""
        wanted = {"invoiceIds": [global_id("Invoice", self.invoice)], "route": "carte"}
        payload = (await self.ask(START, input=wanted))["paymentStart"]
        assert payload["userErrors"] == []
        payment: dict[str, Any] = payload["payment"]
        return payment

    async def open(self, payment: Mapping[str, Any]) -> httpx.Response:
        """Post the form of a payment to the bank's page, as a browser does."""
        form = {field["name"]: field["value"] for field in payment["form"]}
        return await self.browser.post(payment["redirectUrl"], data=form)

    async def press(self, page: httpx.Response, status: str) -> httpx.Response:
        """Press a button of the bank's page."""
        transaction = re.search(r'name="transaction" value="(\w+)"', page.text)
        assert transaction is not None, page.text
        return await self.browser.post(f"{page.url}end", data={"transaction": transaction[1], "status": status})

    async def come_back(self, page: httpx.Response, **changes: str) -> str:
        """Let the bank's last page bring the browser back; what it reads in the end."""
        action = re.search(r'action="([^"]+)"', page.text)
        assert action is not None, page.text
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page.text))
        sent = {name: unescape(value) for name, value in fields.items()} | changes
        arrived = await self.browser.get(unescape(action[1]), params=sent)
        assert arrived.status_code == 303
        return (await self.browser.get(arrived.headers["location"])).text

    async def state(self, payment: Mapping[str, Any]) -> str:
        """Where the payment stands."""
        state: str = (await self.ask(STATE, id=payment["id"]))["node"]["state"]
        return state

    async def control(self, **faults: object) -> None:
        """Make the bank go wrong."""
        (await self.browser.post(f"{self.lyra}/control", json=faults)).raise_for_status()

    async def delivered(self, count: int) -> list[str]:
        """What the portal answered to the notices, once there were that many."""
        async with asyncio.timeout(10):
            while True:
                told = (await self.browser.get(f"{self.lyra}/control")).json()["notifications"]
                if len(told) >= count:
                    return [each["outcome"] for each in told]
                await asyncio.sleep(0.01)


@pytest.fixture
async def street(databases: Databases, database_url: str) -> AsyncIterator[Street]:
    town = Town(card_village())
    family = await add_family(town)
    invoice = await owe(town, family)
    outer = Starlette()
    async with serving(outer) as address, httpx.AsyncClient(verify=False) as browser:
        settings = Settings.from_environment(
            {
                "DATABASE_URL": database_url,
                "PORTAIL_SECRET_KEYS": new_key(),
                "PORTAIL_PUBLIC_URL": address,
                "PORTAIL_LYRA_KEYS": f"village:{KEY.site_id}:{KEY.mode}:{KEY.key}",
                "PORTAIL_LYRA_PAGE": f"{address}/simulators/lyra/vads-payment/",
            }
        )
        outer.router.routes[:] = [
            Mount("/simulators/lyra", lyra_app(town.clock, [Shop(KEY.site_id, KEY.mode, KEY.key)])),
            Mount("/", create_app(settings, Communes([town.commune]), town.clock)),
        ]
        yield Street(town, address, browser, await cookie_of(town, family.parent), invoice)


async def test_a_card_is_paid_on_the_page_and_the_receipt_is_read_at_the_return(street: Street) -> None:
    payment = await street.start()
    assert (payment["state"], payment["redirectUrl"]) == ("RUNNING", f"{street.lyra}/vads-payment/")
    page = await street.open(payment)
    assert "7,50\u00a0€" in page.text
    back = await street.press(page, "AUTHORISED")
    assert await street.delivered(1) == ["200"]
    assert await street.state(payment) == "PAID"
    assert "Votre paiement a été accepté" in await street.come_back(back)
    assert (await books(street.town))["payments"] == [DUE]
    again = await street.open(payment)
    assert (again.status_code, "identifiant de transaction déjà utilisé" in again.text) == (400, True)


@pytest.mark.parametrize(
    ("status", "state", "words"),
    [
        ("REFUSED", "REFUSED", "a été refusé par la banque"),
        ("ABANDONED", "CANCELLED", "Vous avez abandonné ce paiement"),
        ("UNDER_VERIFICATION", "RUNNING", "ne payez pas une seconde fois"),
    ],
)
async def test_what_is_not_paid_is_said_and_books_nothing(street: Street, status: str, state: str, words: str) -> None:
    payment = await street.start()
    back = await street.press(await street.open(payment), status)
    await street.delivered(1)
    assert await street.state(payment) == state
    assert words in await street.come_back(back)
    assert (await books(street.town))["payments"] == []


async def test_a_payment_put_under_verification_is_booked_when_it_ends(street: Street) -> None:
    payment = await street.start()
    page = await street.open(payment)
    await street.press(page, "UNDER_VERIFICATION")
    await street.delivered(1)
    await street.press(page, "AUTHORISED")
    await street.delivered(2)
    assert await street.state(payment) == "PAID"


async def test_when_the_notice_is_lost_the_signed_return_books(street: Street) -> None:
    await street.control(notifications=0)
    payment = await street.start()
    back = await street.press(await street.open(payment), "AUTHORISED")
    assert await street.state(payment) == "RUNNING"
    assert "Votre paiement a été accepté" in await street.come_back(back)
    assert (await books(street.town))["payments"] == [DUE]


async def test_a_return_that_is_not_signed_proves_nothing(street: Street) -> None:
    await street.control(notifications=0)
    payment = await street.start()
    back = await street.press(await street.open(payment), "REFUSED")
    for forged in ({"vads_trans_status": "AUTHORISED"}, {"signature": "x"}, {"vads_amount": "1"}):
        assert "Ce paiement est inconnu ici." in await street.come_back(back, **forged)
    assert await street.state(payment) == "RUNNING"
    assert (await books(street.town))["payments"] == []


async def test_repeated_late_and_reordered_notices_book_once(street: Street) -> None:
    await street.control(notifications=3, delay=0.1, reordered=True)
    payment = await street.start()
    page = await street.open(payment)
    await street.press(page, "UNDER_VERIFICATION")
    await street.press(page, "AUTHORISED")
    assert await street.delivered(6) == ["200"] * 6  # paid first, under verification afterwards
    assert await street.state(payment) == "PAID"
    assert (await books(street.town))["payments"] == [DUE]


async def test_forged_notices_are_answered_400_and_book_nothing(street: Street) -> None:
    await street.control(forged=True)
    payment = await street.start()
    await street.press(await street.open(payment), "REFUSED")
    assert await street.delivered(4) == ["400", "400", "400", "200"]
    assert await street.state(payment) == "REFUSED"
    assert (await books(street.town))["payments"] == []


async def test_a_field_sent_twice_makes_a_notice_unreadable(street: Street) -> None:
    await street.control(notifications=0)
    payment = await street.start()
    form = {field["name"]: field["value"] for field in payment["form"]}
    notice = signed({**form, "vads_trans_status": "AUTHORISED", "vads_trans_uuid": "u"})
    body = httpx.QueryParams([*notice.items(), ("vads_amount", "1")])
    door = f"{street.address}/village/payments/lyra/notification"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await street.browser.post(door, content=str(body), headers=headers)).status_code == 400
    assert (await street.browser.post(door, data=notice)).status_code == 200
    assert await street.state(payment) == AttemptState.PAID.value


async def test_a_bank_that_is_down_or_slow_leaves_the_payment_to_be_opened_again(street: Street) -> None:
    payment = await street.start()
    await street.control(down=True)
    assert (await street.open(payment)).status_code == 503
    await street.control(down=False, slow=0.2)
    assert await street.start() == payment
    await street.press(await street.open(payment), "AUTHORISED")
    await street.delivered(1)
    assert await street.state(payment) == "PAID"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"vads_amount": "1"}, "signature"),
        ({"vads_site_id": "87654321"}, "vads_site_id"),
        ({"vads_ctx_mode": "PRODUCTION"}, "vads_site_id"),
    ],
)
async def test_a_form_that_was_changed_on_the_way_opens_no_page(
    street: Street, changes: dict[str, str], said: str
) -> None:
    payment = await street.start()
    form = {field["name"]: field["value"] for field in payment["form"]} | changes
    refused = await street.browser.post(payment["redirectUrl"], data=form)
    assert (refused.status_code, said in refused.text) == (400, True)


@pytest.mark.parametrize(
    "changes",
    [{"vads_trans_id": "912345"}, {"vads_trans_id": "12345"}, {"vads_amount": "0"}, {"vads_trans_date": "2026"}],
)
async def test_a_form_out_of_the_protocol_opens_no_page_even_signed(street: Street, changes: dict[str, str]) -> None:
    payment = await street.start()
    form = {field["name"]: field["value"] for field in payment["form"]} | changes
    refused = await street.browser.post(payment["redirectUrl"], data=signed(form))
    assert (refused.status_code, next(iter(changes)) in refused.text) == (400, True)
