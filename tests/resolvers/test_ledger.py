"""Whatever happens to a household's money, in any order: its account adds up, and no cent is lost or counted twice."""

import random
from collections import defaultdict
from contextlib import suppress
from typing import TypeVar
from uuid import UUID

import pytest

from plugins.rules.counters import CounterMeans, HandedOver
from resolvers.billing import credit_notes, ledger
from resolvers.errors import Refused
from resolvers.models import Allocation, CreditNote, Invoice, Payment, WriteOff
from resolvers.paying import counter_payments, refunds
from resolvers.paying.allocations import owed_cents
from tests.desk import town_with
from tests.paying import PAID, claimed, hear, pay
from tests.towns import Family, Signed, Town, add_agent, add_family

pytestmark = [pytest.mark.anyio, pytest.mark.database]

STEPS = 40


async def invoice(town: Town, family: Family, chance: random.Random) -> None:
    """Issue an invoice of two lines."""
    await claimed(town, family, meals=chance.randint(1, 1500), evenings=chance.randint(0, 500))


Table = TypeVar("Table", Invoice, Payment)


async def one_of(town: Town, table: type[Table], chance: random.Random) -> Table | None:
    """Any row."""
    with town.at_work():
        rows: list[Table] = list(await table.all().order_by("id"))
    return chance.choice(rows) if rows else None


async def step(town: Town, family: Family, agent: Signed, chance: random.Random) -> None:
    """Something happens, or is refused."""
    act = chance.choice(("invoice", "desk", "online", "note", "give up", "reverse", "refund", "use"))
    cents, found = chance.randint(1, 1500), await one_of(town, Invoice, chance)
    paid = await one_of(town, Payment, chance)
    if act == "invoice":
        return await invoice(town, family, chance)
    if act == "online" and found is not None:
        attempt = await pay(town, family.parent, found.id)
        town.bank.decides(attempt.external_id or "", PAID)
        await hear(town, attempt)
    with town.asked_by(agent) as ctx:
        if act == "desk":
            await counter_payments.record(ctx, family.id, [], HandedOver(CounterMeans.CASH, cents), None)
        elif act == "refund":
            await refunds.refund(ctx, family.id, cents, refunds.RefundMeans.TRANSFER, "Trop-perçu", None)
        elif act == "reverse" and paid is not None:
            await counter_payments.reverse(ctx, paid.attempt_id, "Erreur", unpaid=False)
        elif act == "note" and found is not None:
            await credit_notes.issue(ctx, found.id, None, "Erreur", None)
        elif act == "give up" and found is not None:
            await credit_notes.write_off(ctx, found.id, min(cents, owed_cents(found)), "Remise", None)
        elif act == "use" and found is not None:
            await refunds.spend(ctx, [found.id], None)
    return None


async def adds_up(town: Town, family: Family) -> ledger.Account:
    """Compare the account with the rows it is made of."""
    with town.at_work() as ctx:
        account = await ledger.account_of(ctx, family.id)
        invoices, payments = await Invoice.all(), await Payment.all()
        on_invoice: defaultdict[UUID | None, int] = defaultdict(int)
        of_payment: defaultdict[UUID, int] = defaultdict(int)
        for row in await Allocation.all():
            on_invoice[row.invoice_id] += row.amount_cents
            of_payment[row.payment_id] += row.amount_cents
        cleared: defaultdict[UUID, int] = defaultdict(int)
        for note in await CreditNote.all():
            cleared[note.invoice_id] += note.total_cents
        for given in await WriteOff.all():
            cleared[given.invoice_id] += given.cents
    assert account.balance_cents == account.owed_cents - account.credit_cents
    assert account.balance_cents == sum(line.entry.cents for line in account.lines)
    assert {row.id: row.paid_cents for row in invoices} == {row.id: on_invoice[row.id] for row in invoices}
    assert {row.id: row.cleared_cents for row in invoices} == {row.id: cleared[row.id] for row in invoices}
    standing = {row.id: 0 if row.reversed_at else row.amount_cents for row in payments}
    assert standing == {row.id: of_payment[row.id] for row in payments}
    assert all(row.paid_at is None or not owed_cents(row) for row in invoices)
    return account


@pytest.mark.parametrize("seed", range(8))
async def test_any_sequence_adds_up_after_every_step(databases: object, seed: int) -> None:
    town, chance = town_with(), random.Random(seed)
    family, agent = await add_family(town), await add_agent(town)
    kinds = set()
    for _ in range(STEPS):
        with suppress(Refused):
            await step(town, family, agent, chance)
        town.later(hours=7)
        kinds |= {line.entry.kind for line in (await adds_up(town, family)).lines}
    assert len(kinds) >= 4, "a schedule where little happens proves little"
