"""At the end of the day: what drawers hold is read, banked on numbered slips, and closed to changes."""

import asyncio
import io
import random
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from gateway.database import Databases
from plugins.rules.cash_journal import Drawer
from plugins.rules.counters import CounterMeans, HandedOver
from resolvers.agenda.plans import Window
from resolvers.context import AgentRight
from resolvers.errors import Refused
from resolvers.models import Deposit, Payment
from resolvers.paying import counter_payments, deposits
from resolvers.paying.cash_journal import CashJournal, journal_of
from schema.relay import global_id
from tests.asking import asked
from tests.desk import town_with
from tests.doors import ask, cookie_of, portal_of
from tests.money import Chance, NothingYetError, happen
from tests.resolvers.test_ledger import STEPS
from tests.towns import Family, Signed, Town, add_agent, add_family, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

CREATE = """mutation($input: DepositCreateInput!) { depositCreate(input: $input) {
  deposit { id number means count total { amount } pdfUrl } userErrors { code field message } } }"""
DRAWER = """query($route: String!, $means: CounterMeans!, $first: Int, $after: String) {
  drawerPayments(route: $route, means: $means, first: $first, after: $after) { totalCount
    pageInfo { endCursor hasNextPage } nodes { paymentId reference bookedOn household note amount { amount } } } }"""
DEPOSITS = """query($after: String) { deposits(first: 1, after: $after) { totalCount pageInfo { endCursor hasNextPage }
  nodes { id number } } }"""
JOURNAL = """{ cashJournal(firstDay: "2026-10-05", lastDay: "2026-10-31") { fileUrl
  drawers { route means opening { amount } closing { amount } }
  days(first: 1) { totalCount nodes { day means opening { amount } received { amount } reversed { amount }
    deposited { amount } closing { amount } } } } }"""
OCTOBER = Window(date(2026, 10, 5), date(2026, 10, 31))
ALWAYS = Window(date(2026, 9, 1), date(2027, 8, 31))


@pytest.fixture
def town(databases: Databases) -> Town:
    """A desk that takes everything."""
    return town_with()


async def banked(town: Town, agent: Signed, means: str = "CHEQUE", **wanted: Any) -> Any:
    """The slip that was made, or the codes of the refusals."""
    answer = await asked(town, agent, CREATE, input={"route": "guichet", "means": means, **wanted})
    return answer["deposit"] or [error["code"] for error in answer["userErrors"]]


async def handed(town: Town, agent: Signed, family: Family, *cheques: int) -> list[str]:
    """Cheques of so many cents; the identifiers of the payments."""
    keys = []
    for number, cents in enumerate(cheques):
        with town.asked_by(agent) as ctx:
            cheque = HandedOver(CounterMeans.CHEQUE, cents, f"{1234567 + number}", "Banque TEST")
            keys.append((await counter_payments.record(ctx, family.id, [], cheque, None)).id)
    return [global_id("Payment", key) for key in keys]


async def journal(town: Town, agent: Signed, window: Window = OCTOBER) -> CashJournal:
    """The journal, which the agent may read."""
    with town.asked_by(agent) as ctx:
        found = await journal_of(ctx, window)
    assert found is not None
    return found


async def test_what_a_drawer_holds_is_read_chosen_and_banked_on_gapless_slips(town: Town) -> None:
    family, agent = await add_family(town), await add_agent(town, frozenset({AgentRight.BILLING}))
    first, second, third = await handed(town, agent, family, 30_00, 12_00, 8_00)
    held = await asked(town, agent, DRAWER, route="guichet", means="CHEQUE", first=2)
    assert (held["totalCount"], held["pageInfo"]["hasNextPage"]) == (3, True)
    assert held["nodes"][0] == {
        "paymentId": first,
        "reference": "2026-Q-000001",
        "bookedOn": "2026-10-05",
        "household": "TEST",
        "note": "chèque n° 1234567, Banque TEST",
        "amount": {"amount": "30.00"},
    }
    after = held["pageInfo"]["endCursor"]
    rest = await asked(town, agent, DRAWER, route="guichet", means="CHEQUE", after=after)
    assert [one["paymentId"] for one in rest["nodes"]] == [third]
    wanted: dict[str, Any] = {"paymentIds": [first, second], "idempotencyKey": "bordereau-1"}
    slips = [await banked(town, agent, **wanted) for _ in range(2)]
    assert slips[0] == slips[1]
    assert {**slips[0], "id": "", "pdfUrl": ""} == {
        "id": "",
        "number": "2026-B-000001",
        "means": "CHEQUE",
        "count": 2,
        "total": {"amount": "42.00"},
        "pdfUrl": "",
    }
    assert await banked(town, agent, paymentIds=[second, third]) == ["STATE_CONFLICT"]
    assert await banked(town, agent, "CASH", paymentIds=[third]) == ["STATE_CONFLICT"]
    assert (await banked(town, agent))["number"] == "2026-B-000002"
    assert await banked(town, agent) == ["NOTHING_TO_DEPOSIT"]
    assert await banked(town, agent, route="ailleurs") == ["PAYMENT_ROUTE_UNAVAILABLE"]
    page = await asked(town, agent, DEPOSITS)
    older = await asked(town, agent, DEPOSITS, after=page["pageInfo"]["endCursor"])
    assert [one["number"] for one in (*page["nodes"], *older["nodes"])] == ["2026-B-000002", "2026-B-000001"]
    assert (page["totalCount"], older["pageInfo"]["hasNextPage"]) == (2, False)


async def test_what_is_on_a_slip_is_not_reversed_but_a_cheque_that_its_bank_did_not_pay(town: Town) -> None:
    family, agent = await add_family(town), await add_agent(town)
    await handed(town, agent, family, 30_00)
    with town.asked_by(agent) as ctx:
        cash = await counter_payments.record(ctx, family.id, [], HandedOver(CounterMeans.CASH, 5_00), None)
    await banked(town, agent)
    await banked(town, agent, "CASH")
    town.later(days=1)
    with town.at_work():
        cheque = await Payment.get(means="cheque")
    with town.asked_by(agent) as ctx:
        for attempt, unpaid in ((cash.id, True), (cheque.attempt_id, False)):
            with pytest.raises(Refused, match="remis en banque"):
                await counter_payments.reverse(ctx, attempt, "Erreur", unpaid=unpaid)
        await counter_payments.reverse(ctx, cheque.attempt_id, "Sans provision", unpaid=True)
    assert [day.reversed_cents for day in (await journal(town, agent)).days] == [0, 0], "it had left the drawer"


async def test_the_journal_says_what_moved_each_day(town: Town) -> None:
    family, agent = await add_family(town), await add_agent(town, frozenset({AgentRight.BILLING}))
    wrong, _ = await handed(town, agent, family, 30_00, 12_00)
    town.later(days=1)
    with town.asked_by(agent) as ctx:
        payment = await Payment.filter(amount_cents=30_00).first()
        assert payment is not None
        await counter_payments.reverse(ctx, payment.attempt_id, "Erreur de saisie", unpaid=False)
    assert await banked(town, agent, paymentIds=[wrong]) == ["STATE_CONFLICT"]
    await handed(town, agent, family, 1_00)
    town.later(days=1)
    await banked(town, agent)
    found = await asked(town, agent, JOURNAL)
    days = "firstDay=2026-10-05&lastDay=2026-10-31"
    assert found == {
        "fileUrl": f"https://portail.example/chavagne/cash-journal.csv?{days}",
        "drawers": [],
        "days": {
            "totalCount": 3,
            "nodes": [
                {
                    "day": "2026-10-05",
                    "means": "CHEQUE",
                    "opening": {"amount": "0.00"},
                    "received": {"amount": "42.00"},
                    "reversed": {"amount": "0.00"},
                    "deposited": {"amount": "0.00"},
                    "closing": {"amount": "42.00"},
                }
            ],
        },
    }
    second = await journal(town, agent, Window(date(2026, 10, 6), date(2026, 10, 6)))
    (day,) = second.days
    drawer = Drawer("guichet", "cheque")
    assert (second.opening, second.closing) == ({drawer: 42_00}, {drawer: 13_00})
    assert (day.opening_cents, day.received_cents, day.reversed_cents, day.closing_cents) == (42_00, 1_00, 30_00, 13_00)


async def test_the_papers_of_the_drawers_are_downloaded_by_who_keeps_them(town: Town, database_url: str) -> None:
    family, agent = await add_family(town), await add_agent(town, frozenset({AgentRight.BILLING}))
    await handed(town, agent, family, 30_00)
    slip = await banked(town, agent)
    some = await add_agent(town, frozenset({AgentRight.BILLING}), ["enfance"])
    portal = portal_of(town, database_url)
    pdf = slip["pdfUrl"].removeprefix("https://portail.example/")
    table = "chavagne/cash-journal.csv?firstDay=2026-10-05&lastDay=2026-10-05"
    wrong = "chavagne/cash-journal.csv?firstDay=2026-10-05&lastDay=2026-10-01"
    statuses = []
    for reader in (agent, some, family.parent):
        cookie = await cookie_of(town, reader)
        answers = [await ask(portal, "GET", path, cookie) for path in (pdf, table, wrong)]
        statuses.append([answer.status_code for answer in answers])
        if reader is agent:
            (page,) = PdfReader(io.BytesIO(answers[0].content)).pages
            rows = answers[1].content.decode("utf-8-sig").splitlines()
    assert statuses == [[200, 200, 400], [404, 404, 400], [404, 404, 400]]
    assert "2026-Q-000001" in page.extract_text()
    assert rows[1:] == ["05/10/2026;guichet;chèque;0,00;30,00;0,00;30,00;0,00"]


async def test_an_agent_of_some_services_keeps_no_drawer(town: Town) -> None:
    family, agent = await add_family(town), await add_agent(town)
    await handed(town, agent, family, 30_00)
    some = await add_agent(town, frozenset({AgentRight.BILLING}), ["enfance"])
    assert await banked(town, some) == ["NOT_FOUND"]
    slip = await banked(town, agent)
    assert await asked(town, some, JOURNAL) is None
    assert (await asked(town, some, DRAWER, route="guichet", means="CHEQUE"))["totalCount"] == 0
    assert (await asked(town, some, DEPOSITS))["totalCount"] == 0
    node = "query($id: ID!) { node(id: $id) { id } }"
    assert [await asked(town, by, node, id=slip["id"]) for by in (agent, some)] == [{"id": slip["id"]}, None]


async def test_a_slip_and_a_journal_take_as_many_statements_whatever_they_hold(town: Town) -> None:
    family, agent, taken = await add_family(town), await add_agent(town), []
    for count in (1, 7):
        await handed(town, agent, family, *([1_00] * count))
        with statements() as made:
            await banked(town, agent)
        with statements() as read:
            await asked(town, agent, JOURNAL)
        taken.append((len(made), len(read)))
    assert taken[0] == taken[1]


@pytest.mark.postgres
async def test_at_once_a_payment_is_on_one_slip_or_reversed_never_both(town: Town) -> None:
    family, agent = await add_family(town), await add_agent(town)
    await handed(town, agent, family, *([1_00] * 6))
    with town.at_work():
        attempts = [row.attempt_id for row in await Payment.all().order_by("id")]

    async def bank() -> None:
        with town.asked_by(agent) as ctx, suppress(Refused):
            await deposits.make(ctx, "guichet", CounterMeans.CHEQUE, [], None)

    async def reverse(place: int) -> None:
        with town.asked_by(agent) as ctx, suppress(Refused):
            await counter_payments.reverse(ctx, attempts[place], "Erreur", unpaid=False)

    await asyncio.gather(bank(), reverse(0), bank(), reverse(3), reverse(5), bank())
    with town.at_work():
        rows, slips = await Payment.all(), await Deposit.all().order_by("number")
    assert all((row.deposit_id is None) == (row.reversed_at is not None) for row in rows)
    on_slips = [sum(row.amount_cents for row in rows if row.deposit_id == slip.id) for slip in slips]
    assert on_slips == [slip.total_cents for slip in slips]
    assert [slip.number for slip in slips] == [f"2026-B-{place:06d}" for place in range(1, len(slips) + 1)]


@pytest.mark.parametrize("seed", range(3))
async def test_after_any_sequence_drawers_hold_what_was_received_and_not_banked(town: Town, seed: int) -> None:
    family, agent = await add_family(town), await add_agent(town)
    chance = Chance(town, family, agent, random.Random(seed))
    for turn in range(STEPS):
        with suppress(Refused, NothingYetError):
            await happen(chance)
        if turn % 9 == 8:
            await banked(town, agent, "CASH")
        town.later(hours=7)
    found = await journal(town, agent, ALWAYS)
    with town.at_work():
        received = await Payment.filter(means__in=[means.value for means in CounterMeans])
        slips = await Deposit.all()
    kept = sum(row.amount_cents for row in received if row.deposit_id is None and row.reversed_at is None)
    assert sum(found.closing.values()) == kept
    assert sum(day.received_cents for day in found.days) == sum(row.amount_cents for row in received) > 0
    assert sum(day.deposited_cents for day in found.days) == sum(slip.total_cents for slip in slips) > 0
    for drawer in found.closing:
        days = [day for day in found.days if day.drawer == drawer]
        assert [day.opening_cents for day in days] == [0, *(day.closing_cents for day in days[:-1])]
    for date_of in {day.day for day in found.days}:
        alone = await journal(town, agent, Window(date_of, date_of))
        assert alone.days == tuple(day for day in found.days if day.day == date_of), "a day read alone says the same"
