"""Everything that moves a household's money: what a family does, an agent, the bank; each refused when it cannot be."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from plugins.rules.counters import CounterMeans, HandedOver
from plugins.rules.credit_notes import Correction
from plugins.rules.debit_answers import BankWord
from resolvers.billing import credit_notes
from resolvers.context import Context
from resolvers.models import Collection, Instalment, Invoice, Payment, PaymentAttempt, Remittance
from resolvers.paying import (
    collecting,
    counter_payments,
    deposits,
    payment_decisions,
    plan_agreements,
    refunds,
    rejects,
    remittances,
    reversals,
)
from tests.paying import EXPIRED, PAID, REFUSED, claimed, hear, pay
from tests.towns import Family, Signed, Town

DAY, TOLD = timedelta(days=1), timedelta(days=20)  # families are told so long before they are collected

Table = TypeVar("Table", Collection, Instalment, Invoice, Payment, PaymentAttempt, Remittance)


class NothingYetError(Exception):
    """There is no such row yet."""


@dataclass(frozen=True, slots=True)
class Chance:
    """A town where anything may happen to a family's money, and what decides it."""

    town: Town
    family: Family
    agent: Signed
    draw: random.Random

    def cents(self) -> int:
        """An amount."""
        return self.draw.randint(1, 15_00)

    async def any(self, table: type[Table]) -> Table:
        """A row, of any household."""
        rows = await table.all().order_by("id")
        if not rows:
            raise NothingYetError
        return self.draw.choice(rows)


async def invoice(chance: Chance) -> None:
    """An invoice of two lines, to be collected tomorrow from who has a mandate."""
    draw, today = chance.draw, chance.town.context().local_now.date()
    key = await claimed(chance.town, chance.family, meals=3 * chance.cents(), evenings=draw.randint(0, 500))
    days = {"issued_on": today - TOLD, "due_on": today + timedelta(draw.randint(1, 20)), "debit_on": today + DAY}
    with chance.town.at_work():
        await Invoice.filter(id=key).update(**days)


async def start(chance: Chance) -> None:
    """The family opens the bank's page, for one or two invoices."""
    with chance.town.at_work():
        keys = {(await chance.any(Invoice)).id for _ in range(2)}
    await pay(chance.town, chance.family.parent, *keys)


async def tell(chance: Chance) -> None:
    """The bank tells what became of a payment, at once or long after."""
    bank = chance.town.bank
    with chance.town.at_work():
        attempt = await chance.any(PaymentAttempt)
    key = attempt.external_id
    if key is not None and bank.answers[key].outcome is not PAID:
        bank.decides(key, chance.draw.choice((PAID, PAID, REFUSED, EXPIRED)))
        await hear(chance.town, attempt)


async def _desk(ctx: Context, chance: Chance) -> None:
    await counter_payments.record(ctx, chance.family.id, [], HandedOver(CounterMeans.CASH, chance.cents()), None)


async def _cheque(ctx: Context, chance: Chance) -> None:
    handed = HandedOver(CounterMeans.CHEQUE, chance.cents(), "1234567", "Banque TEST")
    keys = [(await chance.any(Invoice)).id]
    sure = chance.draw.random() < 0.5
    await counter_payments.record(ctx, chance.family.id, keys, handed, None, even_if_collected=sure)


async def _titles(ctx: Context, chance: Chance) -> None:
    handed = HandedOver(CounterMeans.CESU, chance.cents(), titles=("12345",))
    await counter_payments.record(ctx, chance.family.id, [], handed, None)


async def _reverse(ctx: Context, chance: Chance) -> None:
    unpaid = chance.draw.random() < 0.5
    await counter_payments.reverse(ctx, (await chance.any(Payment)).attempt_id, "Erreur", unpaid=unpaid)


async def _contest(ctx: Context, chance: Chance) -> None:
    await reversals.reject_online(ctx, (await chance.any(PaymentAttempt)).id, "Contesté")


async def _decide(ctx: Context, chance: Chance) -> None:
    key, paid = (await chance.any(PaymentAttempt)).id, chance.draw.random() < 0.5
    await payment_decisions.decide(ctx, key, "Lu chez la banque", is_paid=paid)


async def _bank(ctx: Context, chance: Chance) -> None:
    await deposits.make(ctx, "guichet", chance.draw.choice(list(CounterMeans)), [], None)


async def _cancel(ctx: Context, chance: Chance) -> None:
    await credit_notes.issue(ctx, (await chance.any(Invoice)).id, None, "Erreur", None)


async def _correct(ctx: Context, chance: Chance) -> None:
    lines = [Correction(0, 1, chance.cents())]
    await credit_notes.issue(ctx, (await chance.any(Invoice)).id, lines, "Absence", None)


async def _give_up(ctx: Context, chance: Chance) -> None:
    await credit_notes.write_off(ctx, (await chance.any(Invoice)).id, chance.cents(), "Remise", None)


async def _refund(ctx: Context, chance: Chance) -> None:
    means = refunds.RefundMeans.TRANSFER
    await refunds.refund(ctx, chance.family.id, chance.cents(), means, "Trop-perçu", None)


async def _use(ctx: Context, chance: Chance) -> None:
    await refunds.spend(ctx, [(await chance.any(Invoice)).id], None)


async def _spread(ctx: Context, chance: Chance) -> None:
    wanted = plan_agreements.Wanted(((await chance.any(Invoice)).id,), 2, ctx.local_now.date(), "Perte d'emploi")
    await plan_agreements.agree(ctx, wanted, None)


async def _withdraw(ctx: Context, chance: Chance) -> None:
    await plan_agreements.withdraw(ctx, (await chance.any(Instalment)).invoice_id, "À sa demande")


async def _miss(ctx: Context, chance: Chance) -> None:
    await plan_agreements.end_missed(ctx)


async def _remit(ctx: Context, chance: Chance) -> None:
    made = await remittances.make(ctx, ctx.local_now.date() + chance.draw.randint(1, 3) * DAY, None)
    if chance.draw.random() < 0.5:
        await remittances.mark_sent(ctx, made.id)


async def _send(ctx: Context, chance: Chance) -> None:
    await remittances.mark_sent(ctx, (await chance.any(Remittance)).id)


async def _drop(ctx: Context, chance: Chance) -> None:
    await remittances.drop(ctx, (await chance.any(Remittance)).id)


async def _collect(ctx: Context, chance: Chance) -> None:
    await collecting.book(ctx, (await chance.any(Remittance)).id)


async def _answer(ctx: Context, chance: Chance) -> None:
    found, code = await chance.any(Collection), chance.draw.choice(("", "AM04"))
    await rejects.hear(ctx, "pain.002", [BankWord(found.end_to_end_id, code, found.cents)])


BY_AGENTS: tuple[Callable[[Context, Chance], Awaitable[None]], ...] = (
    *(_desk, _cheque, _titles, _reverse, _contest, _contest, _decide, _decide, _bank),
    *(_cancel, _correct, _give_up, _refund, _use, _spread, _withdraw, _miss),
    *(_remit, _remit, _send, _drop, _collect, _collect, _answer, _answer),
)
BY_OTHERS: tuple[Callable[[Chance], Awaitable[None]], ...] = (*(invoice,) * 4, *(start,) * 4, *(tell,) * 3)


async def happen(chance: Chance) -> None:
    """One deed, drawn. Raises what refuses it, and :class:`NothingYetError`; then it changes nothing."""
    place = chance.draw.randrange(len(BY_AGENTS) + len(BY_OTHERS))
    if place < len(BY_OTHERS):
        await BY_OTHERS[place](chance)
    else:
        with chance.town.asked_by(chance.agent) as ctx:
            await BY_AGENTS[place - len(BY_OTHERS)](ctx, chance)
