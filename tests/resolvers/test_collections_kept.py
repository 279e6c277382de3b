"""Whatever is made, booked and rejected, in any order and at once: an invoice is paid once or not, books balance."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugins.rules.debit_answers import BankWord
from resolvers.context import Context
from resolvers.errors import Refused
from resolvers.models import Allocation, Collection, Invoice, Mandate, Payment
from resolvers.models.direct_debits import CollectionState, MandateState
from resolvers.paying import collecting, remittances
from tests.debiting import DEBIT_DAY, heard, made, mandate, owe_debit
from tests.towns import Signed, Town, add_agent, add_family

pytestmark = [pytest.mark.anyio, pytest.mark.database]

Deed = tuple[str, int]  # what, and about which of the collections or remittances there are

DEEDS = ["make", "make", "send", "send", "book", "book", "reject", "return", "went well", "drop"]
deeds = st.lists(
    st.lists(
        st.tuples(st.sampled_from(DEEDS), st.integers(0, 3)),
        min_size=1,
        max_size=4,
    ),
    min_size=1,
    max_size=6,
)


ON_A_REMITTANCE: dict[str, Callable[[Context, UUID], Awaitable[object]]] = {
    "send": remittances.mark_sent,
    "book": collecting.book,
    "drop": remittances.drop,
}


async def do(town: Town, agent: Signed, invoices: list[UUID], deed: Deed) -> None:
    """Do it if it can be done; what is refused changes nothing."""
    what, place = deed
    with town.at_work():
        rows = await Collection.filter(invoice_id__in=invoices).order_by("end_to_end_id")
        wanted = [row.remittance_id for row in rows]
    with suppress(Refused):
        if what == "make":
            await made(town, agent, town.clock.now().date() + timedelta(days=1))
        elif not rows:
            return
        elif what in ON_A_REMITTANCE:
            with town.asked_by(agent) as ctx:
                await ON_A_REMITTANCE[what](ctx, wanted[place % len(wanted)])
        else:
            row = rows[place % len(rows)]
            code = {"reject": "AM04", "return": "MD06", "went well": ""}[what]
            await heard(town, agent, BankWord(row.end_to_end_id, code, row.cents))


async def check(town: Town, invoices: list[UUID]) -> None:
    """What must hold whatever was done."""
    with town.at_work():
        rows = await Invoice.filter(id__in=invoices)
        collected = await Collection.filter(invoice_id__in=invoices)
        payments = {row.id: row for row in await Payment.filter(id__in=[row.payment_id for row in collected])}
        moved = await Allocation.filter(payment_id__in=list(payments))
    by_payment, by_invoice = Counter[UUID](), Counter[UUID | None]()
    for row in moved:
        by_payment[row.payment_id] += row.amount_cents
        by_invoice[row.invoice_id] += row.amount_cents
    booked_now = {
        row.invoice_id: row
        for row in collected
        if row.payment_id is not None and payments[row.payment_id].reversed_at is None
    }
    assert {key: by_payment[key] for key in payments} == {
        key: 0 if payment.reversed_at else payment.amount_cents for key, payment in payments.items()
    }
    assert {row.id: row.paid_cents for row in rows} == {row.id: by_invoice[row.id] for row in rows}
    assert {row.id: row.paid_cents for row in rows} == {
        row.id: row.total_cents if row.id in booked_now else 0 for row in rows
    }
    assert by_invoice[None] == 0  # nobody paid twice, so nobody has credit
    assert {row.id for row in collected if row.state is CollectionState.COLLECTED} == {
        row.id for row in booked_now.values()
    }
    live = Counter(row.invoice_id for row in collected if row.state is not CollectionState.REJECTED)
    assert max(live.values(), default=0) <= 1


@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(together=deeds)
async def test_whatever_happens_an_invoice_is_collected_once_and_the_books_balance(
    epagny: Town, together: list[list[Deed]]
) -> None:
    epagny.on(DEBIT_DAY - timedelta(days=1))
    agent = await add_agent(epagny)
    families = [await add_family(epagny, name, children=(), services=["enfance-jeunesse"]) for name in ("UN", "DEUX")]
    keys = [await mandate(epagny, family) for family in families]
    invoices = [await owe_debit(epagny, family, cents) for family in families for cents in (5_00, 7_00)]
    for at_once in together:
        await asyncio.gather(*(do(epagny, agent, invoices, deed) for deed in at_once))
        await check(epagny, invoices)
        epagny.later(days=1)
    with epagny.at_work():
        bounced = await Collection.filter(mandate_id__in=keys, state=CollectionState.REJECTED)
        rejected = Counter(row.mandate_id for row in bounced)
        for row in await Mandate.filter(id__in=keys):
            assert row.rejects == rejected[row.id]
            assert (row.state is MandateState.SUSPENDED) is (row.rejects >= 2)
        await Invoice.filter(id__in=invoices).update(debit_on=None)  # out of the way of the next ones
