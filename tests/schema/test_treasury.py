"""« État d'encaissement » and « retards de paiement »: read by agents of billing, each for the services it works for.

Chailles tells its families that the commune « doit fournir au comptable un état d'encaissement récapitulatif des
prestations », and « rendre des comptes sur les retards de paiement ».
"""

from datetime import date

import pytest

from gateway.database import Databases
from resolvers.billing import titres
from resolvers.billing.titres import TitreEntry
from resolvers.context import AgentRight
from resolvers.models import Invoice
from schema.portal import schema
from schema.relay import global_id
from tests.asking import asked
from tests.paying import CANTEEN, PAID, claimed, hear, pay
from tests.towns import Family, Town, add_agent, add_family, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

LINE = "service activity route means invoiced { amount } received { amount } collected { amount }"
STATEMENT = f"""query($first: Date!, $last: Date!, $service: String) {{
  treasuryStatement(firstDay: $first, lastDay: $last, service: $service) {{
    isPartial total {{ {LINE} }} lines {{ {LINE} }} files {{ code label url }}
    entries(first: 2) {{ totalCount pageInfo {{ endCursor hasNextPage }}
      nodes {{ day kind household activity amount {{ amount }} }} }} }} }}"""
REST = """query($first: Date!, $last: Date!, $after: String) { treasuryStatement(firstDay: $first, lastDay: $last) {
  entries(first: 2, after: $after) { pageInfo { hasNextPage } nodes { kind } } } }"""
OVERDUE = """query($first: Int, $after: String) { overdueInvoices {
  owed { amount } fileUrl invoices(first: $first, after: $after) { totalCount pageInfo { endCursor hasNextPage } nodes {
    number household dueOn daysLate owed { amount } reminders isPaidElsewhere titreReference
    invoiceId householdId } } } }"""
DAYS = {"first": "2026-12-01", "last": "2026-12-31"}


async def paid(town: Town, family: Family, **cents: int) -> None:
    """An invoice, paid online on 2 December."""
    attempt = await pay(town, family.parent, await claimed(town, family, **cents))
    town.bank.decides(attempt.external_id or "", PAID)
    town.on(date(2026, 12, 2))
    await hear(town, attempt)


@pytest.fixture
def chavagne(databases: Databases) -> Town:
    """PayFiP."""
    return Town.called("chavagne")


async def test_the_statement_says_what_each_activity_brought_and_adds_up(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne, frozenset({AgentRight.BILLING}))
    await paid(chavagne, family, meals=6_00, evenings=2_00)
    found = await asked(chavagne, agent, STATEMENT, **DAYS)
    sums = {"invoiced": {"amount": "8.00"}, "received": {"amount": "8.00"}, "collected": {"amount": "8.00"}}
    assert found["total"] == {"service": "", "activity": "", "route": "", "means": "", **sums}
    assert [(line["activity"], line["means"], line["collected"]["amount"]) for line in found["lines"]] == [
        ("Accueil périscolaire", "", "0.00"),
        ("Accueil périscolaire", "carte bancaire", "2.00"),
        (CANTEEN, "", "0.00"),
        (CANTEEN, "carte bancaire", "6.00"),
    ]
    assert found["isPartial"] is False
    days = "firstDay=2026-12-01&lastDay=2026-12-31"
    assert found["files"] == [
        {
            "code": "journal",
            "label": "Journal des factures et des encaissements",
            "url": f"https://portail.example/chavagne/treasury/journal?{days}",
        },
        {
            "code": "etat-d-encaissement",
            "label": "État d'encaissement",
            "url": f"https://portail.example/chavagne/treasury/etat-d-encaissement?{days}",
        },
    ]


async def test_the_entries_are_read_page_after_page(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne, frozenset({AgentRight.BILLING}))
    await paid(chavagne, family, meals=6_00, evenings=2_00)
    entries = (await asked(chavagne, agent, STATEMENT, **DAYS))["entries"]
    assert (entries["totalCount"], entries["pageInfo"]["hasNextPage"]) == (4, True)
    assert entries["nodes"][1] == {
        "day": "2026-12-01",
        "kind": "INVOICE",
        "household": "TEST",
        "activity": CANTEEN,
        "amount": {"amount": "6.00"},
    }
    rest = await asked(chavagne, agent, REST, **DAYS, after=entries["pageInfo"]["endCursor"])
    assert rest["entries"] == {"pageInfo": {"hasNextPage": False}, "nodes": [{"kind": "PAYMENT"}] * 2}


async def test_days_that_make_no_sense_and_unknown_services_are_refused(chavagne: Town) -> None:
    agent = await add_agent(chavagne, frozenset({AgentRight.BILLING}))
    for wanted in ({"first": "2026-12-31", "last": "2026-12-01"}, {**DAYS, "service": "voirie"}):
        with chavagne.asked_by(agent) as ctx:
            result = await schema.execute(STATEMENT, wanted, context_value=ctx)
        assert [error.extensions["code"] for error in result.errors or () if error.extensions] == ["BAD_USER_INPUT"]


async def test_what_is_owed_past_its_due_date_is_read_the_oldest_first(chavagne: Town) -> None:
    family, agent = await add_family(chavagne), await add_agent(chavagne, frozenset({AgentRight.BILLING}))
    await paid(chavagne, family, meals=1_00)
    keys = [await claimed(chavagne, family, meals=cents) for cents in (3_00, 2_00, 4_00)]
    with chavagne.at_work():
        await Invoice.filter(id=keys[1]).update(due_on=date(2026, 12, 20), reminders=2, paid_cents=50)
        await Invoice.filter(id=keys[2]).update(due_on=date(2027, 1, 10))
    chavagne.on(date(2027, 1, 10))
    found = await asked(chavagne, agent, OVERDUE, first=1)
    assert (found["owed"], found["fileUrl"]) == ({"amount": "4.50"}, "https://portail.example/chavagne/overdue.csv")
    (oldest,) = found["invoices"]["nodes"]
    assert {**oldest, "number": None} == {
        "number": None,
        "household": "TEST",
        "dueOn": "2026-12-20",
        "daysLate": 21,
        "owed": {"amount": "1.50"},
        "reminders": 2,
        "isPaidElsewhere": False,
        "titreReference": None,
        "invoiceId": global_id("Invoice", keys[1]),
        "householdId": global_id("Household", family.id),
    }
    assert found["invoices"]["totalCount"] == 2
    rest = await asked(chavagne, agent, OVERDUE, first=1, after=found["invoices"]["pageInfo"]["endCursor"])
    assert [(one["invoiceId"], one["daysLate"]) for one in rest["invoices"]["nodes"]] == [
        (global_id("Invoice", keys[0]), 10)
    ]


async def test_where_the_treasury_is_paid_nobody_pretends_to_know_who_is_late(databases: Databases) -> None:
    chailles = Town.called("chailles")
    family, agent = await add_family(chailles), await add_agent(chailles, frozenset({AgentRight.BILLING}))
    key = await claimed(chailles, family, meals=3_00)
    with chailles.at_work():
        number = (await Invoice.get(id=key)).number or ""
    with chailles.asked_by(agent) as ctx:
        await titres.record(ctx, [TitreEntry(number, (2026, 1234, 1))])
    chailles.on(date(2027, 1, 10))
    late = await asked(chailles, agent, OVERDUE)
    statement = await asked(chailles, agent, STATEMENT, **DAYS)
    (one,) = late["invoices"]["nodes"]
    assert (one["isPaidElsewhere"], one["titreReference"]) == (True, "2026-1234-1")
    assert (statement["isPartial"], statement["total"]["invoiced"]) == (True, {"amount": "3.00"})


async def test_an_agent_of_another_service_reads_nothing_of_a_household(databases: Databases) -> None:
    epagny = Town.called("epagny")
    await claimed(epagny, await add_family(epagny, services=("enfance-jeunesse",)), meals=3_00)
    elsewhere = await add_agent(epagny, frozenset({AgentRight.BILLING}), ["petite-enfance"])
    epagny.on(date(2027, 1, 10))
    statement, late = await asked(epagny, elsewhere, STATEMENT, **DAYS), await asked(epagny, elsewhere, OVERDUE)
    assert (statement["entries"]["totalCount"], late["invoices"]["totalCount"]) == (0, 0)
    assert (statement["total"]["invoiced"], late["owed"]) == ({"amount": "0.00"}, {"amount": "0.00"})


async def test_what_is_overdue_takes_as_many_statements_whatever_there_is(chavagne: Town) -> None:
    agent, taken = await add_agent(chavagne, frozenset({AgentRight.BILLING})), []
    chavagne.on(date(2027, 1, 10))
    for count in (1, 9):
        for number in range(count):
            await claimed(chavagne, await add_family(chavagne, f"TEST{number}"), meals=3_00)
        with statements() as sent:
            await asked(chavagne, agent, OVERDUE)
        taken.append(len(sent))
    assert taken == [5, 5]
