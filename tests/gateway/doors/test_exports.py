"""Files for the treasury, over HTTP: right, whole, for agents of billing alone, and every download is logged."""

import csv
import io
from datetime import date
from types import SimpleNamespace

import httpx
import pytest
from starlette.applications import Starlette

from gateway.app import create_app
from gateway.database import Databases
from gateway.doors.exports import ROWS_AT_A_TIME
from gateway.sealing import new_key
from gateway.settings import Settings
from plugins.communes import Communes
from plugins.hookspecs import hookimpl
from plugins.rules.treasury import TreasuryExport, TreasuryLedger
from resolvers.context import AgentRight
from resolvers.models import Household, Invoice
from tests.doors import ask, cookie_of
from tests.paying import claimed
from tests.towns import Signed, Town, add_agent, add_family

pytestmark = pytest.mark.anyio

DAYS = "firstDay=2026-12-01&lastDay=2026-12-31"


@pytest.fixture
async def town(databases: Databases) -> Town:
    """Chavagne, with a file of its own for its treasury."""

    def count(ledger: TreasuryLedger) -> bytes:
        return f"{ledger.commune} {len(ledger.entries)}".encode()

    @hookimpl
    def treasury_exports() -> tuple[TreasuryExport, ...]:
        return (TreasuryExport("compte", "Compte", "compte-{last}.txt", "text/plain", count),)

    return Town(Town.called("chavagne").commune.trying(SimpleNamespace(treasury_exports=treasury_exports)))


@pytest.fixture
def portal(town: Town, database_url: str) -> Starlette:
    """The application itself, on the town's database, which is already open."""
    environment = {"DATABASE_URL": database_url, "PORTAIL_SECRET_KEYS": new_key()}
    return create_app(Settings.from_environment(environment), Communes([town.commune]), town.clock)


async def get(town: Town, portal: Starlette, by: Signed | None, *paths: str) -> list[httpx.Response]:
    """Sign in, and download these."""
    cookie = None if by is None else await cookie_of(town, by)
    return [await ask(portal, "GET", f"chavagne/{path}", cookie) for path in paths]


def rows(answer: httpx.Response) -> list[list[str]]:
    """The rows of a table, as a spreadsheet reads them."""
    text = answer.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


async def test_each_export_is_downloaded_under_its_name_and_logged(
    town: Town, portal: Starlette, caplog: pytest.LogCaptureFixture
) -> None:
    agent = await add_agent(town, frozenset({AgentRight.BILLING}))
    await claimed(town, await add_family(town), meals=12_50)
    with caplog.at_level("INFO", "portail.treasury"):
        codes = ("journal", "etat-d-encaissement", "compte")
        found = await get(town, portal, agent, *(f"treasury/{code}?{DAYS}" for code in codes))
    answers = dict(zip(codes, found, strict=True))
    assert {code: each.headers["content-disposition"] for code, each in answers.items()} == {
        "journal": 'attachment; filename="journal-20261201-20261231.csv"',
        "etat-d-encaissement": 'attachment; filename="etat-d-encaissement-20261201-20261231.csv"',
        "compte": 'attachment; filename="compte-20261231.txt"',
    }
    assert answers["journal"].headers["content-type"] == "text/csv; charset=utf-8"
    assert answers["journal"].content.startswith(b"\xef\xbb\xbf")
    assert [row[10] for row in rows(answers["journal"])] == ["Dû", "12,50"]
    assert rows(answers["etat-d-encaissement"])[-1][:5] == ["TOTAL", "", "", "", "12,50"]
    assert answers["compte"].content == b"chavagne 1"
    assert [record.message for record in caplog.records] == ["the treasury's ledger was read"] * 3


async def test_overdue_invoices_are_streamed_to_the_last_one(town: Town, portal: Starlette) -> None:
    agent, family = await add_agent(town, frozenset({AgentRight.BILLING})), await add_family(town, "=TEST()")
    first = await claimed(town, family, meals=3_00)
    count = 2 * ROWS_AT_A_TIME + 100 + 1
    with town.at_work():
        model = await Invoice.get(id=first)
        values = {name: getattr(model, name) for name in model._meta.db_fields if name != "id"}
        await Invoice.bulk_create(
            [Invoice(**{**values, "sequence": 1000 + n, "number": f"N-{n:04}"}) for n in range(count - 1)]
        )
        await Household.filter(id=family.id).update(name="=TEST()")
    town.on(date(2027, 1, 10))
    (answer,) = await get(town, portal, agent, "overdue.csv")
    table = rows(answer)
    assert answer.headers["content-disposition"] == 'attachment; filename="retards-de-paiement-20270110.csv"'
    assert (len(table), len({row[0] for row in table})) == (count + 1, count + 1)
    assert table[-1][1:6] == ["'=TEST()", "31/12/2026", "10", "3,00", "0"]


@pytest.mark.parametrize("path", [f"treasury/journal?{DAYS}", "overdue.csv"])
async def test_only_agents_of_billing_download_them(town: Town, portal: Starlette, path: str) -> None:
    family = await add_family(town)
    readers = {
        "an agent": await add_agent(town, frozenset({AgentRight.BILLING})),
        "an agent without the right": await add_agent(town, frozenset({AgentRight.FAMILIES})),
        "a family": family.parent,
        "a visitor": None,
    }
    answers = {who: (await get(town, portal, by, path))[0].status_code for who, by in readers.items()}
    assert answers == {"an agent": 200, "an agent without the right": 404, "a family": 404, "a visitor": 401}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("treasury/journal", 400),
        ("treasury/journal?firstDay=2026-12-31&lastDay=2026-12-01", 400),
        ("treasury/journal?firstDay=2020-12-31&lastDay=2026-12-01", 400),
        (f"treasury/journal?{DAYS}&service=voirie", 404),
        (f"treasury/pes?{DAYS}", 404),
    ],
)
async def test_what_makes_no_sense_is_refused(town: Town, portal: Starlette, path: str, status: int) -> None:
    (answer,) = await get(town, portal, await add_agent(town), path)
    assert answer.status_code == status
