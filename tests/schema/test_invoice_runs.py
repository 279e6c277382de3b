"""Invoice runs over GraphQL: how far they are, what they would charge and why, and what that costs the database."""

from datetime import date
from typing import Any

import pytest

from gateway.database import Databases
from resolvers.days.sights import Check
from resolvers.models.bookings import Presence
from resolvers.models.keys import new_key
from schema.portal import schema
from schema.relay import global_id
from tests.invoicing import FIRST_OF_DECEMBER, MEALS, MONDAY, checked, drawn, fed_family
from tests.towns import Signed, Town, add_agent, statements

pytestmark = pytest.mark.anyio


@pytest.fixture
def chavagne(databases: Databases) -> Town:
    """Chavagne, with an empty database."""
    return Town.called("chavagne")


PROGRESS = "state householdCount drawnCount draftCount issuedCount isComplete total { amount }"
RUNS = f"{{ invoiceRuns(first: 1) {{ nodes {{ id {PROGRESS} }} }} }}"
LIMITS = "limitedTo { householdId household }"
LIMITED = f"{{ invoiceRuns(first: 5) {{ nodes {{ state householdCount {LIMITS} }} }} }}"
COMPARED = """query($id: ID!) { node(id: $id) { ... on InvoiceRun { comparison {
  previousRunIds previousLabel newCount goneCount households { name before { amount } now { amount } } } } } }"""
JOURNAL = """query($id: ID!, $drafts: Int, $problems: Int) { node(id: $id) { ... on InvoiceRun {
  problemCount unchecked: problemCount(trouble: UNCHECKED)
  drafts(first: $drafts) { totalCount pageInfo { hasNextPage }
    nodes { household total { amount } lines { unit quantity total { amount } detail } } }
  problems(first: $problems) { totalCount nodes { household child day trouble reason } } } } }"""


async def asked(town: Town, agent: Signed, document: str, **variables: Any) -> tuple[Any, int]:
    """What an agent is answered, and how many statements it took."""
    with town.asked_by(agent) as ctx, statements() as sent:
        result = await schema.execute(document, variables, context_value=ctx)
    assert result.errors is None, result.errors
    return result.data, len(sent)


async def step(town: Town, agent: Signed, name: str, **given: Any) -> dict[str, Any]:
    """How far a run is after a step; what was refused when it was."""
    document = f"""mutation($input: {name[0].upper()}{name[1:]}Input!) {{
      {name}(input: $input) {{ userErrors {{ message }} run {{ id {PROGRESS} }} }} }}"""
    answer, _ = await asked(town, agent, document, input=given)
    payload: dict[str, Any] = answer[name]
    told: dict[str, Any] = payload["run"] or payload["userErrors"][0]
    return told


async def test_a_run_is_begun_checked_and_issued_and_says_how_far_it_is(chavagne: Town) -> None:
    for name in ("UN", "DEUX"):
        await fed_family(chavagne, name)
    agent = await add_agent(chavagne)
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(chavagne, agent)
    told = await step(chavagne, agent, "invoiceRunStart", day=MONDAY.isoformat(), idempotencyKey="novembre")
    key = told.pop("id")
    fields = ("state", "householdCount", "drawnCount", "draftCount", "issuedCount", "isComplete", "total")
    assert told == dict(zip(fields, ("DRAFT", 2, 2, 2, 0, True, {"amount": "15.00"}), strict=True))
    again = await step(chavagne, agent, "invoiceRunContinue", runId=key)
    assert again == {"id": key, **told}
    issued = await step(chavagne, agent, "invoiceRunIssue", runId=key)
    assert issued == {"id": key, **told, "state": "ISSUED", "draftCount": 0, "issuedCount": 2}
    dropped = await step(chavagne, agent, "invoiceRunDrop", runId=key)
    assert dropped == {"message": "Ces factures sont émises : corrigez par un avoir."}
    assert (await asked(chavagne, agent, RUNS))[0]["invoiceRuns"]["nodes"] == [issued]


async def test_the_journal_explains_each_price_and_what_is_left_out_in_a_constant_number_of_statements(
    chavagne: Town,
) -> None:
    families = [await fed_family(chavagne, f"F{number}") for number in range(6)]
    for number in range(4):
        await fed_family(chavagne, f"L{number}")
    agent = await add_agent(chavagne)
    chavagne.on(FIRST_OF_DECEMBER)
    here = [
        Check(family.child, "restauration", "repas", day, Presence.PRESENT) for family in families for day, _ in MEALS
    ]
    await checked(chavagne, agent, *here, until=MONDAY)  # of the late ones, nobody checked the two other days
    run = await drawn(chavagne, agent)
    (listed,) = (await asked(chavagne, agent, RUNS))[0]["invoiceRuns"]["nodes"]
    pages = [await asked(chavagne, agent, JOURNAL, id=listed["id"], drafts=size, problems=size) for size in (2, 5)]
    found = pages[1][0]["node"]
    assert (run.households, found["problemCount"], found["unchecked"]) == (10, 8, 8)
    assert (found["drafts"]["totalCount"], found["drafts"]["pageInfo"]) == (6, {"hasNextPage": True})
    assert [len(page["node"]["drafts"]["nodes"]) for page, _ in pages] == [2, 5]
    (line,) = found["drafts"]["nodes"][0]["lines"]
    assert line == {
        "unit": "Repas du midi",
        "quantity": 3,
        "total": {"amount": "7.50"},
        "detail": [
            "Quotient familial 650 : tranche de 401 à 800 : 2,50\N{NO-BREAK SPACE}€",
            "les 2, 3 et 5 novembre",
        ],
    }
    assert {(problem["household"], problem["trouble"]) for problem in found["problems"]["nodes"]} <= {
        (f"L{number}", "UNCHECKED") for number in range(4)
    }
    assert pages[0][1] == pages[1][1] == 11


async def test_a_run_for_some_tells_for_whom_in_a_constant_number_of_statements(chavagne: Town) -> None:
    families = [await fed_family(chavagne, f"F{number}") for number in range(4)]
    agent = await add_agent(chavagne)
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(chavagne, agent)
    keys = [global_id("Household", family.id) for family in families]
    day = MONDAY.isoformat()
    for wrong in (global_id("Household", new_key()), global_id("Child", families[0].child), "rien"):
        refusal = await step(chavagne, agent, "invoiceRunStart", day=day, householdIds=[keys[0], wrong])
        assert refusal == {"message": "Foyer : introuvable."}
    await step(chavagne, agent, "invoiceRunStart", day=day)
    counted = []
    for named in (keys[:1], keys[1:]):
        await step(chavagne, agent, "invoiceRunStart", day=day, householdIds=named)
        answer, sent = await asked(chavagne, agent, LIMITED)
        counted.append(sent)
    assert counted[0] == counted[1]
    assert answer["invoiceRuns"]["nodes"] == [
        {
            "state": "DRAFT",
            "householdCount": 3,
            "limitedTo": [{"householdId": keys[number], "household": f"F{number}"} for number in (1, 2, 3)],
        },
        {"state": "DRAFT", "householdCount": 1, "limitedTo": [{"householdId": keys[0], "household": "F0"}]},
        {"state": "DRAFT", "householdCount": 0, "limitedTo": []},
    ]


async def test_a_run_is_compared_with_those_of_the_period_before(chavagne: Town) -> None:
    both = [*MEALS, (FIRST_OF_DECEMBER, "repas")]
    families = [await fed_family(chavagne, name, *both) for name in ("UN", "DEUX")]
    agent = await add_agent(chavagne)
    chavagne.on(date(2027, 1, 4))
    await checked(chavagne, agent, until=date(2026, 12, 31))
    issued = []
    for family in families:
        run = await step(
            chavagne,
            agent,
            "invoiceRunStart",
            day=MONDAY.isoformat(),
            householdIds=[global_id("Household", family.id)],
        )
        issued.append((await step(chavagne, agent, "invoiceRunIssue", runId=run["id"]))["id"])
    run = await step(chavagne, agent, "invoiceRunStart", day=FIRST_OF_DECEMBER.isoformat())
    compared, _ = await asked(chavagne, agent, COMPARED, id=run["id"])
    changed = {"before": {"amount": "7.50"}, "now": {"amount": "2.50"}}
    assert compared["node"]["comparison"] == {
        "previousRunIds": issued,
        "previousLabel": "novembre 2026",
        "newCount": 0,
        "goneCount": 0,
        "households": [{"name": "UN", **changed}, {"name": "DEUX", **changed}],
    }
