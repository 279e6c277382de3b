"""Remittances go out and the bank's answers come in over HTTP: for agents who bill for every service, and no other."""

from dataclasses import replace
from uuid import UUID

import httpx
import pytest
from starlette.applications import Starlette

from gateway.app import create_app
from gateway.database import Databases
from gateway.sealing import FernetSealer, new_key
from gateway.settings import Settings
from gateway.simulators.debit_bank import DebitBank, DebitFaults
from resolvers.context import AgentRight
from schema.relay import global_id, parse_uuid
from tests.asking import data_of
from tests.debiting import DEBIT_DAY, mandate, owe_debit, paid_cents
from tests.doors import ask, cookie_of
from tests.towns import Family, Signed, Town, add_agent, add_family, communes

pytestmark = pytest.mark.anyio


@pytest.fixture
def key() -> str:
    """The key that seals accounts, for the tests and the application alike."""
    return new_key()


@pytest.fixture
async def town(databases: Databases, key: str) -> Town:
    """Chavagne, when the remittance of the 21st is made."""
    town = Town.called("chavagne")
    town.ports = replace(town.ports, sealer=FernetSealer([key]))
    town.on(DEBIT_DAY.replace(day=4))
    return town


@pytest.fixture
def portal(town: Town, database_url: str, key: str) -> Starlette:
    """The application itself, on the town's database, which is already open."""
    environment = {"DATABASE_URL": database_url, "PORTAIL_SECRET_KEYS": key}
    return create_app(Settings.from_environment(environment), communes(), town.clock)


PREVIEW = """mutation ($on: Date!) { remittancePreview(input: {collectOn: $on}) {
  count total { amount } collected { invoiceNumber amount { amount } } leftOutCount leftOut { reason }
  userErrors { code } } }"""
MAKE = """mutation ($on: Date!) { remittanceCreate(input: {collectOn: $on, idempotencyKey: "k"}) {
  remittance { id reference count total { amount } fileUrl sentAt } userErrors { code message } } }"""
SEND = (
    """mutation ($id: ID!) { remittanceSend(input: {id: $id}) { remittance { sentAt fileUrl } userErrors { code } } }"""
)
BOOK = """mutation ($id: ID!) { remittanceBook(input: {id: $id}) { remittance { bookedAt } userErrors { code } } }"""
DROP = """mutation ($id: ID!) { remittanceDrop(input: {id: $id}) { userErrors { code } } }"""
REJECT = """mutation ($id: ID!) { collectionReject(input: {id: $id, code: "MD06"}) {
  collection { state reason } userErrors { code } } }"""
READ = """query ($id: ID!) { remittances(first: 1) { totalCount nodes { id reference bookedAt } }
  collections(remittanceId: $id, first: 10) { totalCount nodes { id reference state code reason } } }"""


async def two_families(town: Town) -> tuple[list[Family], list[UUID]]:
    families = [await add_family(town, name) for name in ("TEST", "TESTBIS")]
    for family in families:
        await mandate(town, family)
    return families, [await owe_debit(town, family, 7_50) for family in families]


async def given(portal: Starlette, cookie: str | None, file: bytes) -> httpx.Response:
    """A bank's answer, sent by somebody."""
    return await ask(portal, "POST", "chavagne/bank-answers", cookie, files={"file": ("answer.xml", file)})


async def test_a_month_goes_to_the_bank_and_its_answers_come_back(town: Town, portal: Starlette) -> None:
    agent = await add_agent(town)
    cookie = await cookie_of(town, agent)
    _, invoices = await two_families(town)
    preview = (await data_of(town, agent, PREVIEW, on=str(DEBIT_DAY)))["remittancePreview"]
    assert (preview["count"], preview["leftOutCount"], preview["userErrors"]) == (2, 0, [])
    made = (await data_of(town, agent, MAKE, on=str(DEBIT_DAY)))["remittanceCreate"]["remittance"]
    assert (made["reference"], made["count"], made["sentAt"], made["fileUrl"]) == ("SDD-20261204-001", 2, None, None)
    assert (await ask(portal, "GET", file_path(made["id"]), cookie)).status_code == 404
    file_url = await given_to_the_bank(town, agent, made["id"])
    assert path_of(file_url) == file_path(made["id"])
    assert (await data_of(town, agent, DROP, id=made["id"]))["remittanceDrop"]["userErrors"] == [
        {"code": "STATE_CONFLICT"}
    ]
    bank = DebitBank(DebitFaults({1: "AM04"}, {2: "MD06"}, twice=True, unknown=True))
    bank.take(await downloaded(portal, cookie, file_url))
    town.on(DEBIT_DAY)
    agent = await add_agent(town)
    cookie = await cookie_of(town, agent)
    heard = [(await given(portal, cookie, file)).json() for file in bank.answers(made["reference"])]
    nobodys = ["SDD-19990101-001-00001"]
    assert heard == [
        {"rejected": 1, "collected": 0, "known": 0, "refused": nobodys, "dropped": []},
        {"rejected": 0, "collected": 0, "known": 1, "refused": nobodys, "dropped": []},
        {"rejected": 0, "collected": 1, "known": 0, "refused": [], "dropped": []},
        {"rejected": 0, "collected": 0, "known": 1, "refused": [], "dropped": []},
        {"rejected": 1, "collected": 0, "known": 0, "refused": [], "dropped": []},
        {"rejected": 0, "collected": 0, "known": 1, "refused": [], "dropped": []},
    ]
    assert await paid_cents(town, *invoices) == [0, 0]
    assert (await data_of(town, agent, BOOK, id=made["id"]))["remittanceBook"]["userErrors"] == []
    found = await data_of(town, agent, READ, id=made["id"])
    assert found["remittances"]["nodes"][0]["bookedAt"] is not None
    assert [(row["state"], row["reason"]) for row in found["collections"]["nodes"]] == [
        ("REJECTED", "provision insuffisante (AM04)"),
        ("REJECTED", "remboursement demandé par le titulaire du compte (MD06)"),
    ]


async def given_to_the_bank(town: Town, agent: Signed, remittance: str) -> str:
    """Send a remittance; the address of its file."""
    sent = (await data_of(town, agent, SEND, id=remittance))["remittanceSend"]["remittance"]
    assert sent["sentAt"] is not None
    return str(sent["fileUrl"])


def file_path(remittance: str) -> str:
    """Where the file of a remittance is, from the commune on."""
    return f"chavagne/remittances/{parse_uuid(remittance, 'Remittance')}.xml"


def path_of(url: str) -> str:
    """The page of an absolute address, from the commune on."""
    return f"chavagne/{url.split('/chavagne/')[1]}"


async def downloaded(portal: Starlette, cookie: str, url: str) -> bytes:
    """The file that an agent downloads."""
    answer = await ask(portal, "GET", path_of(url), cookie)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml")
    assert answer.headers["content-disposition"] == 'attachment; filename="SDD-20261204-001.xml"'
    return answer.content


async def test_a_reject_is_entered_by_hand(town: Town) -> None:
    agent = await add_agent(town)
    await two_families(town)
    made = (await data_of(town, agent, MAKE, on=str(DEBIT_DAY)))["remittanceCreate"]["remittance"]
    await given_to_the_bank(town, agent, made["id"])
    rows = (await data_of(town, agent, READ, id=made["id"]))["collections"]["nodes"]
    first, again = [(await data_of(town, agent, REJECT, id=rows[0]["id"]))["collectionReject"] for _ in range(2)]
    assert first["collection"]["state"] == "REJECTED"
    assert again == {"collection": None, "userErrors": [{"code": "STATE_CONFLICT"}]}


async def test_only_who_bills_for_every_service_carries_files(town: Town, portal: Starlette) -> None:
    agent = await add_agent(town)
    families, _ = await two_families(town)
    made = (await data_of(town, agent, MAKE, on=str(DEBIT_DAY)))["remittanceCreate"]["remittance"]
    path = path_of(await given_to_the_bank(town, agent, made["id"]))
    one_service = await add_agent(town, services=["enfance"])
    clerk = await add_agent(town, frozenset({AgentRight.FAMILIES}))
    strangers: list[Signed | None] = [one_service, clerk, families[0].parent, None]
    statuses = []
    for stranger in strangers:
        cookie = None if stranger is None else await cookie_of(town, stranger)
        download = await ask(portal, "GET", path, cookie)
        upload = await given(portal, cookie, b"reference;code\nx;AM04\n")
        statuses.append((download.status_code, upload.status_code))
        assert "FR76" not in download.text
    assert statuses == [(404, 422), (404, 422), (404, 422), (401, 401)]


@pytest.mark.parametrize("file", [b"", b"<x", b"<!DOCTYPE a><a/>", b"un;deux\n"])
async def test_what_is_no_answer_of_a_bank_is_refused_in_words(town: Town, portal: Starlette, file: bytes) -> None:
    cookie = await cookie_of(town, await add_agent(town))
    answer = await given(portal, cookie, file)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "FILE_UNREADABLE", ["file"])


async def test_who_asks_about_a_remittance_that_is_not_one_learns_nothing(town: Town) -> None:
    agent = await add_agent(town)
    unknown = global_id("Remittance", UUID(int=7))
    for act, name in ((SEND, "remittanceSend"), (BOOK, "remittanceBook"), (DROP, "remittanceDrop")):
        assert (await data_of(town, agent, act, id=unknown))[name]["userErrors"] == [{"code": "NOT_FOUND"}]
    assert (await data_of(town, agent, READ, id=unknown))["collections"]["totalCount"] == 0
