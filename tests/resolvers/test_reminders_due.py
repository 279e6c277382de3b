"""Unpaid invoices are reminded on the days that the commune says, once each, and never what is not owed."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from gateway.database import Databases
from plugins import hookspecs
from plugins.hookspecs import hookimpl
from plugins.rules.debit_answers import BankWord
from plugins.rules.french import euros
from plugins.rules.invoicing import InvoicingPolicy
from resolvers.billing.reminders_due import remind
from resolvers.models import Instalment, Invoice
from resolvers.models.keys import new_key
from tests.debiting import collections, heard, mandate, sent
from tests.paying import owe
from tests.towns import Town, add_agent, add_family

pytestmark = [pytest.mark.anyio, pytest.mark.database]


@pytest.fixture
def town(databases: Databases) -> Town:
    """Chavagne, reminding 7 and 30 days after the due date, which is 31 December."""
    policy = replace(Town.called("chavagne").commune.ask(hookspecs.invoicing), reminder_days=(7, 30))

    @hookimpl
    def invoicing() -> InvoicingPolicy:
        return policy

    return Town(Town.called("chavagne").commune.trying(SimpleNamespace(invoicing=invoicing)))


async def reminded(town: Town, *days: date) -> list[int]:
    """How many invoices are reminded on each of these days."""
    told = []
    for day in days:
        town.on(day)
        with town.at_work() as ctx:
            told.append(await remind(ctx))
    return told


JANUARY_6, JANUARY_7, JANUARY_8 = date(2027, 1, 6), date(2027, 1, 7), date(2027, 1, 8)
JANUARY_30, MARCH = date(2027, 1, 30), date(2027, 3, 1)


async def test_each_reminder_is_sent_once_on_its_day(town: Town) -> None:
    await owe(town, await add_family(town), 750, paid_cents=250)
    assert await reminded(town, JANUARY_6, JANUARY_7, JANUARY_7, JANUARY_30, MARCH) == [0, 1, 0, 1, 0]
    first, _ = await town.mails("invoice-reminder")
    assert f"Reste à payer : {euros(500)}" in first.body
    assert "avant le jeudi 31 décembre 2026" in first.body


async def test_missed_reminders_are_one_mail(town: Town) -> None:
    await owe(town, await add_family(town))
    assert await reminded(town, MARCH, MARCH) == [1, 0]
    with town.at_work():
        row = await Invoice.all().get()
    assert (row.reminders, row.reminded_on) == (2, MARCH)


async def test_what_is_paid_cleared_or_spread_is_not_reminded(town: Town) -> None:
    family = await add_family(town)
    await owe(town, family, 750, cleared_cents=750)
    await owe(town, family, 750, paid_cents=700, cleared_cents=50)
    spread = await owe(town, family)
    with town.at_work() as ctx:
        await Instalment.create(
            household_id=family.id,
            invoice_id=spread,
            position=0,
            cents=750,
            due_on=MARCH,
            agreed_by=new_key(),
            agreed_at=ctx.now,
        )
    assert await reminded(town, MARCH) == [0]


async def test_who_was_told_to_do_nothing_is_not_reminded_until_the_bank_rejects(town: Town) -> None:
    family = await add_family(town)
    await mandate(town, family)
    await owe(town, family, debit_on=JANUARY_8)
    assert await reminded(town, JANUARY_7) == [0]
    agent = await add_agent(town)
    await sent(town, agent, JANUARY_8)
    assert await reminded(town, JANUARY_30) == [0]
    ((reference,),) = await collections(town, "end_to_end_id")
    await heard(town, await add_agent(town), BankWord(reference, "AM04", 7_50))
    assert await reminded(town, JANUARY_30) == [1]


async def test_who_pays_at_the_treasury_is_not_reminded(databases: Databases) -> None:
    policy = replace(Town.called("chailles").commune.ask(hookspecs.invoicing), reminder_days=(1,))

    @hookimpl
    def invoicing() -> InvoicingPolicy:
        return policy

    town = Town(Town.called("chailles").commune.trying(SimpleNamespace(invoicing=invoicing)))
    await owe(town, await add_family(town))
    assert await reminded(town, MARCH) == [0]
