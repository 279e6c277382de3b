"""The documents of a household's account, downloaded outside GraphQL: only who may read them gets a PDF."""

from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from starlette.applications import Starlette

from gateway.app import create_app
from gateway.database import Databases
from gateway.sealing import new_key
from gateway.settings import Settings
from resolvers.context import AgentRight
from resolvers.models import Session
from resolvers.models.accounts import SessionKind
from resolvers.tokens import fingerprint
from schema.relay import parse_uuid
from tests.contract.planting import Planted, plant
from tests.towns import Town, add_agent, communes

pytestmark = pytest.mark.anyio


@pytest.fixture
async def town(databases: Databases) -> Town:
    """Chavagne, where invoices are online."""
    return Town.called("chavagne")


@pytest.fixture
def portal(town: Town, database_url: str) -> Starlette:
    """The application itself, on the town's database, which is already open."""
    environment = {"DATABASE_URL": database_url, "PORTAIL_SECRET_KEYS": new_key()}
    return create_app(Settings.from_environment(environment), communes(), town.clock)


async def cookie_of(town: Town, account_id: UUID) -> str:
    """Sign an account in, and return what its browser sends."""
    token = f"cookie-of-{account_id}"
    with town.at_work() as ctx:
        await Session.create(
            account_id=account_id,
            kind=SessionKind.COOKIE,
            token_hash=fingerprint(token),
            created_at=ctx.now,
            expires_at=ctx.now + timedelta(hours=10),
            ends_at=ctx.now + timedelta(hours=10),
        )
    return f"portail-chavagne={token}"


def invoices_of(planted: Planted) -> list[UUID]:
    """The keys of its invoices."""
    return [key for each in planted.ids if (key := parse_uuid(each, "Invoice")) is not None]


def documents_of(planted: Planted) -> dict[str, str]:
    """Where the documents of its account are: its paid attempt was planted first."""
    attempts = [key for each in planted.ids if (key := parse_uuid(each, "Payment")) is not None]
    return {
        "invoice": f"invoices/{invoices_of(planted)[0]}.pdf",
        "receipt": f"payments/{attempts[0]}/receipt.pdf",
        "statement": f"households/{planted.household}/payments.pdf?firstDay=2026-01-01&lastDay=2026-12-31",
        "taxes": f"households/{planted.household}/taxes/2026.pdf",
    }


async def download(portal: Starlette, path: str, cookie: str | None) -> tuple[int, str, bytes]:
    """The status, the type and the contents of what is answered."""
    headers = {"Cookie": cookie} if cookie else {}
    transport = httpx.ASGITransport(portal)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000", headers=headers) as client:
        answer = await client.get(f"/chavagne/{path}")
    return answer.status_code, answer.headers["content-type"], answer.content


@pytest.mark.parametrize("document", ["invoice", "receipt", "statement", "taxes"])
async def test_only_who_may_read_the_money_of_a_household_downloads_it(
    town: Town, portal: Starlette, document: str
) -> None:
    ours, theirs = await plant(town, "QZMARKAQZ"), await plant(town, "QZMARKBQZ")
    agent = await add_agent(town, frozenset({AgentRight.BILLING}))
    clerk = await add_agent(town, frozenset({AgentRight.ATTENDANCE}))
    assert agent.viewer.account_id is not None
    assert clerk.viewer.account_id is not None
    readers = {
        "a parent": await cookie_of(town, ours.parent.id),
        "an agent": await cookie_of(town, agent.viewer.account_id),
        "an agent without the right": await cookie_of(town, clerk.viewer.account_id),
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
