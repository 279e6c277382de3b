"""What the treasury is told: every movement once, activity by activity, in step with the accounts of households."""

import random
from collections import defaultdict
from contextlib import suppress
from datetime import date
from uuid import UUID

import pytest

from gateway.database import Databases
from plugins.rules.counters import CounterMeans, HandedOver
from plugins.rules.ledger import EntryKind
from plugins.rules.treasury import TreasuryEntry, TreasuryLedger, statement_of, total_of
from resolvers.agenda.plans import Window
from resolvers.billing import credit_notes, ledger
from resolvers.context import AgentRight
from resolvers.errors import Code, Refused
from resolvers.models import Deposit, Payment
from resolvers.paying import counter_payments, refunds
from resolvers.paying.cash_journal import journal_of
from resolvers.paying.treasury_ledger import ledger_of
from tests.debiting import mandate
from tests.desk import town_with
from tests.money import Chance, NothingYetError, happen
from tests.paying import CANTEEN, EVENING, PAID, claimed, hear, pay
from tests.refusals import refused
from tests.resolvers.test_ledger import STEPS
from tests.towns import Signed, Town, add_agent, add_family, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

ALWAYS = Window(date(2026, 9, 1), date(2027, 8, 31))


async def told(town: Town, by: Signed, window: Window = ALWAYS, service: str | None = None) -> TreasuryLedger:
    """The ledger, as one request."""
    with town.asked_by(by) as ctx:
        return await ledger_of(ctx, window, service)


def said(entries: tuple[TreasuryEntry, ...]) -> list[tuple[str, str, str, str, int]]:
    """Day, kind, activity, means and cents of each entry."""
    return [(f"{each.day:%d/%m}", each.kind.name, each.activity, each.means, each.cents) for each in entries]


async def test_each_movement_is_told_activity_by_activity_on_the_day_it_was_written(databases: Databases) -> None:
    town = town_with()
    family, agent = await add_family(town), await add_agent(town)
    invoice = await claimed(town, family, meals=6_00, evenings=3_00)
    town.on(date(2026, 12, 3))
    handed = HandedOver(CounterMeans.CHEQUE, 5_00, "1234567", "Banque TEST")
    with town.asked_by(agent) as ctx:
        first = await counter_payments.record(ctx, family.id, [invoice], handed, None)
    town.on(date(2026, 12, 4))
    with town.asked_by(agent) as ctx:
        await counter_payments.record(ctx, family.id, [], HandedOver(CounterMeans.CASH, 5_00), None)
        await refunds.refund(ctx, family.id, 40, refunds.RefundMeans.TRANSFER, "Trop-perçu", None)
    town.on(date(2027, 1, 5))
    with town.asked_by(agent) as ctx:
        await counter_payments.reverse(ctx, first.id, "Sans provision", unpaid=True)
        await credit_notes.write_off(ctx, invoice, 3_00, "Remise gracieuse", None)
    ledger_ = await told(town, agent)
    assert said(ledger_.entries) == [
        ("01/12", "INVOICE", EVENING, "", 3_00),
        ("01/12", "INVOICE", CANTEEN, "", 6_00),
        ("03/12", "PAYMENT", EVENING, "cheque", -1_67),
        ("03/12", "PAYMENT", CANTEEN, "cheque", -3_33),
        ("04/12", "PAYMENT", "", "cash", -1_00),
        ("04/12", "PAYMENT", EVENING, "cash", -1_34),
        ("04/12", "PAYMENT", CANTEEN, "cash", -2_66),
        ("04/12", "REFUND", "", "transfer", 40),
        ("05/01", "WRITE_OFF", EVENING, "", -1_00),
        ("05/01", "WRITE_OFF", CANTEEN, "", -2_00),
        ("05/01", "REVERSAL", EVENING, "cheque", 1_67),
        ("05/01", "REVERSAL", CANTEEN, "cheque", 3_33),
    ]
    cheque = ledger_.entries[3]
    assert (cheque.reference, cheque.note, cheque.service, cheque.route, cheque.household) == (
        "2026-Q-000001", "chèque n° 1234567, Banque TEST", "enfance", "guichet", "TEST",
    )  # fmt: skip
    december = await told(town, agent, Window(date(2026, 12, 4), date(2026, 12, 31)))
    assert [entry.kind for entry in december.entries] == [EntryKind.PAYMENT] * 3 + [EntryKind.REFUND]


async def test_a_payment_counts_on_the_day_it_was_booked_so_that_past_days_never_change(chavagne: Town) -> None:
    """The bank said on 2 December that it was paid then; nobody asked it before the 9th."""
    family, agent = await add_family(chavagne), await add_agent(chavagne)
    invoice = await claimed(chavagne, family, meals=7_50)
    chavagne.on(date(2026, 12, 9))
    attempt = await pay(chavagne, family.parent, invoice)
    chavagne.bank.decides(attempt.external_id or "", PAID)
    await hear(chavagne, attempt)
    paid = [entry for entry in (await told(chavagne, agent)).entries if entry.kind is EntryKind.PAYMENT]
    assert [(entry.day, entry.cents, entry.means) for entry in paid] == [(date(2026, 12, 9), -7_50, "card")]


async def test_a_day_ends_at_midnight_on_the_clocks_of_the_commune(databases: Databases) -> None:
    """In December, Paris is an hour ahead of UTC: a payment of half past midnight is of the new day."""
    town = town_with()
    family, agent = await add_family(town), await add_agent(town)
    for hour, cents in ((23, 1_00), (0, 2_00)):
        town.on(date(2026, 12, 3) if hour else date(2026, 12, 4), hour, 30)
        with town.asked_by(agent) as ctx:
            await counter_payments.record(ctx, family.id, [], HandedOver(CounterMeans.CASH, cents), None)
    days = [Window(date(2026, 12, day), date(2026, 12, day)) for day in (2, 3, 4, 5)]
    assert [[entry.cents for entry in (await told(town, agent, day)).entries] for day in days] == [
        [],
        [-1_00],
        [-2_00],
        [],
    ]


async def test_an_agent_of_some_services_reads_what_is_of_their_activities(databases: Databases) -> None:
    epagny = Town.called("epagny")
    await claimed(epagny, await add_family(epagny, services=("enfance-jeunesse",)), meals=100)
    await claimed(epagny, await add_family(epagny, services=("petite-enfance",)), nursery=200)
    limited = await add_agent(epagny, frozenset({AgentRight.BILLING}), ["enfance-jeunesse"])
    everywhere = await add_agent(epagny, frozenset({AgentRight.BILLING}))
    assert [entry.cents for entry in (await told(epagny, limited)).entries] == [100]
    assert (await told(epagny, limited)).services == ("enfance-jeunesse",)
    assert sum(entry.cents for entry in (await told(epagny, everywhere)).entries) == 300
    assert [entry.cents for entry in (await told(epagny, everywhere, service="enfance-jeunesse")).entries] == [100]
    for by, service in ((limited, "petite-enfance"), (everywhere, "voirie")):
        with refused(Code.NOT_FOUND):
            await told(epagny, by, service=service)


async def test_a_ledger_takes_as_many_statements_whatever_it_holds(chavagne: Town) -> None:
    agent, taken = await add_agent(chavagne), []
    for count in (1, 5):
        for number in range(count):
            family = await add_family(chavagne, f"TEST{number}")
            attempt = await pay(chavagne, family.parent, await claimed(chavagne, family, meals=500, evenings=200))
            chavagne.bank.decides(attempt.external_id or "", PAID)
            await hear(chavagne, attempt)
        with statements() as sent:
            await told(chavagne, agent)
        taken.append(len(sent))
    assert taken[0] == taken[1]


async def check_drawers(town: Town, agent: Signed) -> None:
    """What the drawers hold is what was received there, neither banked nor reversed; a slip is what it lists."""
    with town.asked_by(agent) as ctx:
        journal = await journal_of(ctx, ALWAYS)
        taken = await Payment.filter(means__in=[means.value for means in CounterMeans])
        slips = {row.id: row.total_cents for row in await Deposit.all()}
    banked: defaultdict[UUID | None, int] = defaultdict(int)
    for row in taken:
        if row.deposit_id is not None or row.reversed_at is None:
            banked[row.deposit_id] += row.amount_cents
    assert journal is not None
    assert sum(journal.closing.values()) == banked.pop(None, 0)
    assert slips == banked


@pytest.mark.parametrize("seed", range(4))
async def test_after_any_sequence_it_adds_up_with_the_accounts(databases: Databases, seed: int) -> None:
    """Two families, whatever moves their money, in any order: no cent is told twice or forgotten."""
    town, draw = town_with(), random.Random(seed)
    families, agent = [await add_family(town, name) for name in ("TEST", "TESTBIS")], await add_agent(town)
    for family in families:
        await mandate(town, family)
    for _ in range(2 * STEPS):
        with suppress(Refused, NothingYetError):
            await happen(Chance(town, draw.choice(families), agent, draw))
        town.later(hours=7)
    await check_drawers(town, agent)
    entries = (await told(town, agent)).entries
    found: defaultdict[tuple[str, EntryKind], int] = defaultdict(int)
    for entry in entries:
        found[entry.household, entry.kind] += entry.cents
    accounts: defaultdict[tuple[str, EntryKind], int] = defaultdict(int)
    for family, name in zip(families, ("TEST", "TESTBIS"), strict=True):
        with town.at_work() as ctx:
            account = await ledger.account_of(ctx, family.id)
        for line in account.lines:
            accounts[name, line.entry.kind] += line.entry.cents
    assert found == accounts
    assert len(found) >= 8, "a schedule where little happens proves little"
    assert total_of(statement_of(entries)).balance_cents == sum(accounts.values())
