"""An invoice tells its dates, how it is paid and where its debit stands, in as many statements for five as for one."""

from datetime import date
from typing import Any

import pytest

from gateway.database import Databases
from resolvers.models import Collection, Invoice
from resolvers.models.direct_debits import CollectionState
from schema.portal import schema
from tests.debiting import DEBIT_DAY, made, mandate
from tests.paying import claimed
from tests.towns import Family, Town, add_agent, add_family, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

INVOICES = """{ viewer { households { invoices(first: 5) { nodes {
  number dueOn payableUntil howToPay debit { on rum state } } } } } }"""
ONLINE = [
    "Adresse du paiement en ligne : https://www.espace-citoyens.net/chavagne",
    "Payable en ligne jusqu'au dimanche 28 février 2027.",
]


@pytest.fixture
def town(databases: Databases) -> Town:
    """Chavagne in December."""
    town = Town.called("chavagne")
    town.on(date(2026, 12, 4))
    return town


async def read(town: Town, family: Family) -> tuple[list[dict[str, Any]], int]:
    """The invoices as a parent reads them, and the statements it took."""
    with town.asked_by(family.parent) as ctx, statements() as sent:
        result = await schema.execute(INVOICES, context_value=ctx)
    assert result.errors is None and result.data is not None, result.errors
    (home,) = result.data["viewer"]["households"]
    return home["invoices"]["nodes"], len(sent)


async def owing(town: Town, family: Family, number: str, debit_on: date | None = None) -> None:
    """An invoice of some meals."""
    key = await claimed(town, family, meals=7_50)
    with town.at_work():
        await Invoice.filter(id=key).update(number=number, payable_until=date(2027, 2, 28), debit_on=debit_on)


async def test_who_pays_alone_reads_how_and_until_when(town: Town) -> None:
    family = await add_family(town)
    await owing(town, family, "2026-1")
    answer, _ = await read(town, family)
    assert [{**each, "howToPay": each["howToPay"][-2:]} for each in answer] == [
        {"number": "2026-1", "dueOn": "2026-12-31", "payableUntil": "2027-02-28", "howToPay": ONLINE, "debit": None}
    ]


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (None, "ANNOUNCED"),
        (CollectionState.WAITING, "WAITING"),
        (CollectionState.COLLECTED, "COLLECTED"),
        (CollectionState.REJECTED, "REJECTED"),
    ],
)
async def test_who_is_collected_reads_the_day_the_mandate_and_where_it_stands(
    town: Town, state: CollectionState | None, told: str
) -> None:
    family = await add_family(town)
    await mandate(town, family, rum="RUM-TEST")
    await owing(town, family, "2026-1", DEBIT_DAY)
    if state is not None:
        await made(town, await add_agent(town))
        with town.at_work():
            await Collection.all().update(state=state)
    ((invoice,), _) = await read(town, family)
    assert invoice["debit"] == {"on": "2026-12-21", "rum": "RUM-TEST", "state": told}
    if state is None:
        assert [each.split(" (")[0] for each in invoice["howToPay"]] == [
            "Vous n'avez rien à faire : cette somme sera prélevée le lundi 21 décembre 2026 sur votre compte terminé "
            "par 0189"
        ]


async def test_five_invoices_take_the_statements_of_one(town: Town) -> None:
    small, large = [await add_family(town, name) for name in ("TEST", "TESTBIS")]
    for family, count in ((small, 1), (large, 5)):
        await mandate(town, family)
        for rank in range(count):
            await owing(town, family, f"{family.id.hex[-6:]}-{rank}", DEBIT_DAY)
    await made(town, await add_agent(town))
    answers = [await read(town, family) for family in (small, large)]
    assert [len(invoices) for invoices, _ in answers] == [1, 5]
    assert len({taken for _, taken in answers}) == 1
