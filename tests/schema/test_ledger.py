"""« Relevé de compte »: what a household owes and paid, for its own who see the money and for agents of billing."""

from datetime import date

import pytest

from gateway.database import Databases
from resolvers.context import AgentRight
from schema.relay import global_id
from tests.asking import data_of
from tests.paying import PAID, hear, owe, pay
from tests.towns import Family, Town, add_agent, add_family, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

LINES = """balance { amount } owed { amount } credit { amount } entries(first: 2) {
  totalCount pageInfo { hasNextPage endCursor } nodes { day kind label amount { amount } balance { amount } } }"""
OURS = f"{{ viewer {{ households {{ account {{ {LINES} }} }} }} }}"
ANY = f"query($id: ID!) {{ householdAccount(householdId: $id) {{ {LINES} }} }}"
OLDER = """query($id: ID!, $after: String) { householdAccount(householdId: $id) { entries(first: 2, after: $after) {
  nodes { label } pageInfo { hasNextPage } } } }"""


@pytest.fixture
def chavagne(databases: Databases) -> Town:
    """PayFiP, and money that families see."""
    return Town.called("chavagne")


async def owing(town: Town, count: int = 3) -> Family:
    """A family that owes several invoices and paid the first one."""
    family = await add_family(town)
    town.on(date(2026, 12, 2), 12)
    invoices = [await owe(town, family) for _ in range(count)]
    attempt = await pay(town, family.parent, invoices[0])
    town.bank.decides(attempt.external_id or "", PAID)
    await hear(town, attempt)
    return family


async def test_the_newest_line_is_read_first_with_the_balance_after_it(chavagne: Town) -> None:
    family, agent = await owing(chavagne), await add_agent(chavagne, frozenset({AgentRight.BILLING}))
    ours = (await data_of(chavagne, family.parent, OURS))["viewer"]["households"][0]["account"]
    any_ = (await data_of(chavagne, agent, ANY, id=global_id("Household", family.id)))["householdAccount"]
    assert ours == any_
    assert [ours[name] for name in ("balance", "owed", "credit")] == [
        {"amount": "15.00"},
        {"amount": "15.00"},
        {"amount": "0.00"},
    ]
    paid, last = ours["entries"]["nodes"]
    assert paid == {
        "day": "2026-12-02",
        "kind": "PAYMENT",
        "label": "Paiement par carte bancaire",
        "amount": {"amount": "-7.50"},
        "balance": {"amount": "15.00"},
    }
    assert (last["kind"], last["balance"]) == ("INVOICE", {"amount": "22.50"})
    assert ours["entries"]["totalCount"] == 4
    after = ours["entries"]["pageInfo"]["endCursor"]
    rest = await data_of(chavagne, agent, OLDER, id=global_id("Household", family.id), after=after)
    older = rest["householdAccount"]["entries"]
    assert len({line["label"] for line in (*older["nodes"], last)}) == 3
    assert older["pageInfo"] == {"hasNextPage": False}


async def test_an_account_is_nobody_else_s(chavagne: Town) -> None:
    family = await owing(chavagne)
    elsewhere = await add_agent(chavagne, frozenset({AgentRight.BILLING}), ["petite-enfance"])
    home = global_id("Household", family.id)
    assert await data_of(chavagne, elsewhere, ANY, id=home) == {"householdAccount": None}
    stranger = await add_family(chavagne, "TESTBIS")
    theirs = (await data_of(chavagne, stranger.parent, OURS))["viewer"]["households"]
    assert [each["account"]["entries"]["totalCount"] for each in theirs] == [0]


async def test_an_account_takes_as_many_statements_whatever_it_holds(chavagne: Town) -> None:
    taken = []
    for count in (1, 12):
        family = await owing(chavagne, count)
        with statements() as sent:
            await data_of(chavagne, family.parent, OURS)
        taken.append(len(sent))
    assert taken == [8, 8]
