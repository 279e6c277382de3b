"""Whatever happens to a household's money, in any order: its account adds up, and no cent is lost or counted twice."""

import asyncio
import random
from collections import defaultdict
from contextlib import suppress
from uuid import UUID

import pytest

from resolvers.billing import ledger
from resolvers.errors import Refused
from resolvers.models import Allocation, CreditNote, Invoice, Payment, WriteOff
from resolvers.paying.allocations import owed_cents
from tests.debiting import mandate
from tests.desk import town_with
from tests.money import Chance, NothingYetError, happen
from tests.towns import Family, Town, add_agent, add_family

pytestmark = [pytest.mark.anyio, pytest.mark.database]

STEPS = 120


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


async def anything(town: Town, seed: int) -> Chance:
    """A family with a mandate, and an agent who does everything."""
    family = await add_family(town, children=())
    await mandate(town, family)
    return Chance(town, family, await add_agent(town), random.Random(seed))


async def one(chance: Chance) -> None:
    """Something happens, or is refused."""
    with suppress(Refused, NothingYetError):
        await happen(chance)


@pytest.mark.parametrize("seed", range(8))
async def test_any_sequence_adds_up_after_every_step(databases: object, seed: int) -> None:
    chance = await anything(town_with(), seed)
    for _ in range(STEPS):
        await one(chance)
        chance.town.later(hours=7)
        account = await adds_up(chance.town, chance.family)
    assert len({line.entry.kind for line in account.lines}) >= 4, "a schedule where little happens proves little"


@pytest.mark.postgres
@pytest.mark.parametrize("seed", range(3))
async def test_what_happens_at_once_adds_up_too(databases: object, seed: int) -> None:
    chance = await anything(town_with(), seed)
    for _ in range(STEPS // 4):
        await asyncio.gather(*(one(chance) for _ in range(4)))
        chance.town.later(hours=28)
        await adds_up(chance.town, chance.family)
