"""The documents of a household's account, downloaded outside GraphQL: only who may read them gets a PDF."""

import io
from uuid import UUID

import pytest
from pypdf import PdfReader
from starlette.applications import Starlette

from gateway.database import Databases
from resolvers.context import AgentRight
from resolvers.models import Invoice
from resolvers.models.keys import new_key
from schema.relay import parse_uuid
from tests.contract.planting import Planted, plant
from tests.contract.planting_ledger import plant_ledger
from tests.doors import ask, cookie_of, portal_of
from tests.towns import Town, add_agent

pytestmark = pytest.mark.anyio


@pytest.fixture
async def town(databases: Databases) -> Town:
    """Chavagne, where invoices are online."""
    return Town.called("chavagne")


@pytest.fixture
def portal(town: Town, database_url: str) -> Starlette:
    """The application itself, on the town's database, which is already open."""
    return portal_of(town, database_url)


def invoices_of(planted: Planted) -> list[UUID]:
    """The keys of its invoices."""
    return [key for each in planted.ids if (key := parse_uuid(each, "Invoice")) is not None]


def documents_of(planted: Planted) -> dict[str, str]:
    """Where the documents of its account are: its paid attempt was planted first."""
    notes = [key for each in planted.ids if (key := parse_uuid(each, "CreditNote")) is not None]
    attempts = [key for each in planted.ids if (key := parse_uuid(each, "Payment")) is not None]
    return {
        "invoice": f"invoices/{invoices_of(planted)[0]}.pdf",
        "credit note": f"credit-notes/{notes[0]}.pdf",
        "receipt": f"payments/{attempts[0]}/receipt.pdf",
        "statement": f"households/{planted.household}/payments.pdf?firstDay=2026-01-01&lastDay=2026-12-31",
        "taxes": f"households/{planted.household}/taxes/2026.pdf",
    }


async def download(portal: Starlette, path: str, cookie: str | None) -> tuple[int, str, bytes]:
    """The status, the type and the contents of what is answered."""
    answer = await ask(portal, "GET", f"chavagne/{path}", cookie)
    return answer.status_code, answer.headers["content-type"], answer.content


@pytest.mark.parametrize("document", ["invoice", "credit note", "receipt", "statement", "taxes"])
async def test_only_who_may_read_the_money_of_a_household_downloads_it(
    town: Town, portal: Starlette, document: str
) -> None:
    ours, theirs = await plant(town, "QZMARKAQZ"), await plant(town, "QZMARKBQZ")
    await plant_ledger(ours)
    agent = await add_agent(town, frozenset({AgentRight.BILLING}))
    clerk = await add_agent(town, frozenset({AgentRight.ATTENDANCE}))
    readers = {
        "a parent": await cookie_of(town, ours.parent.id),
        "an agent": await cookie_of(town, agent),
        "an agent without the right": await cookie_of(town, clerk),
        "another family": await cookie_of(town, theirs.parent.id),
        "a parent with steps left": await cookie_of(town, ours.newcomer.id),
        "a visitor": None,
    }
    path = documents_of(ours)[document]
    answers = {who: await download(portal, path, cookie) for who, cookie in readers.items()}
    pdf, refusal = "application/pdf", "application/json"
    assert {who: (status, kind) for who, (status, kind, _) in answers.items()} == {
        "a parent": (200, pdf),
        "an agent": (200, pdf),
        "an agent without the right": (404, refusal),
        "another family": (404, refusal),
        "a parent with steps left": (401, refusal),
        "a visitor": (401, refusal),
    }
    assert {contents[:5] for status, _, contents in answers.values() if status == 200} == {b"%PDF-"}
    assert not any(b"QZMARK" in contents for status, _, contents in answers.values() if status != 200)


async def test_only_who_bills_downloads_the_invoices_to_print(town: Town, portal: Starlette) -> None:
    ours, theirs = await plant(town, "QZMARKAQZ"), await plant(town, "QZMARKBQZ")
    run = new_key()
    with town.at_work():
        await Invoice.filter(id__in=[invoices_of(ours)[0], invoices_of(theirs)[0]]).update(run_id=run)
    agents = [await add_agent(town, frozenset({right})) for right in (AgentRight.BILLING, AgentRight.FAMILIES)]
    cookies = [await cookie_of(town, agent) for agent in agents]
    path = f"invoice-runs/{run}/to-print.pdf"
    status, kind, contents = await download(portal, path, cookies[0])
    assert (status, kind) == (200, "application/pdf")
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(contents)).pages)
    assert "QZMARKAQZ" in printed
    assert "QZMARKBQZ" in printed
    missing = [await download(portal, f"{path}?part={part}", cookies[0]) for part in ("2", "0", "-1", "deux", "9" * 9)]
    hidden = [await download(portal, path, cookie) for cookie in (cookies[1], await cookie_of(town, ours.parent.id))]
    assert {(status, kind) for status, kind, _ in missing + hidden} == {(404, "application/json")}
    assert (await download(portal, path, None))[:2] == (401, "application/json")


async def test_an_invoice_that_does_not_exist_is_answered_like_somebody_else_s(town: Town, portal: Starlette) -> None:
    ours, theirs = await plant(town, "QZMARKAQZ"), await plant(town, "QZMARKBQZ")
    stranger = await cookie_of(town, theirs.parent.id)
    keys = (invoices_of(ours)[0], UUID(int=7))
    answers = [await download(portal, f"invoices/{key}.pdf", stranger) for key in keys]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    "path",
    [
        "payments.pdf",
        "payments.pdf?firstDay=2026-01-01&lastDay=hier",
        "payments.pdf?firstDay=2026-12-31&lastDay=2026-01-01",
        "payments.pdf?firstDay=2020-01-01&lastDay=2026-01-01",
        "taxes/2030.pdf",
    ],
)
async def test_days_and_years_that_make_no_sense_are_refused(town: Town, portal: Starlette, path: str) -> None:
    ours = await plant(town, "QZMARKAQZ")
    status, kind, _ = await download(
        portal, f"households/{ours.household}/{path}", await cookie_of(town, ours.parent.id)
    )
    assert (status, kind) == (400, "application/json")
