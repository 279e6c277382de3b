"""Waiting lists over GraphQL: a family joins, reads its turn, answers its offer; an agent reads who waits."""

from datetime import date
from typing import Any

import pytest

from gateway.database import Databases
from resolvers.agenda.offers import pass_on
from resolvers.context import AgentRight
from resolvers.models import Effect, WaitingEntry
from resolvers.models.effects import EffectKind
from resolvers.outbox import done, opened
from schema.portal import schema
from schema.relay import global_id
from tests.orders import book, order, wish
from tests.towns import Family, Signed, Town, add_agent, add_family, statements
from tests.village import village

pytestmark = [pytest.mark.anyio, pytest.mark.database]

MONDAY = date(2026, 11, 2)
MORNING = (MONDAY, "matin")
ENTRY = "child activityLabel unitLabel day state position priority priorityReason askedAt offeredUntil"
JOIN = f"""mutation($input: WaitingListJoinInput!) {{
  waitingListJoin(input: $input) {{ entry {{ id {ENTRY} }} userErrors {{ code field message until }} }}
}}"""
OWN = f"""query($first: Int, $after: String) {{ viewer {{ households {{ waitingEntries(first: $first, after: $after) {{
  totalCount nodes {{ {ENTRY} }} pageInfo {{ hasNextPage endCursor }} }} }} }} }}"""
LIST = """query($unit: String, $first: Int, $after: String) {
  waitingList(day: "2026-11-02", activity: "accueil", unit: $unit, first: $first, after: $after) {
    totalCount nodes { child unit position state } pageInfo { hasNextPage endCursor }
  }
}"""
ACCEPT = """mutation($id: ID!) { offerAccept(input: {id: $id}) {
  entry { state } receipt { changes { day unit kind } } userErrors { code message } } }"""
DECLINE = "mutation($id: ID!) { offerDecline(input: {id: $id}) { entry { state } userErrors { code field message } } }"
LEAVE = "mutation($id: ID!) { waitingListLeave(input: {id: $id}) { entry { state } userErrors { code } } }"
NODE = "query($id: ID!) { node(id: $id) { ... on WaitingEntry { child state } } }"


@pytest.fixture
def scarce(databases: Databases) -> Town:
    """The village of the tests: two places a day."""
    return Town(village())


async def ask(town: Town, by: Signed, document: str, **variables: Any) -> Any:
    """The data of an answer without error."""
    town.later(seconds=1)
    with town.asked_by(by) as ctx:
        result = await schema.execute(document, variables, context_value=ctx)
    assert result.errors is None, result.errors
    return result.data


async def day_care(town: Town, name: str) -> Family:
    """A family of the village, with one child."""
    return await add_family(town, name, children=("Enfant1",), enrolled=("accueil",))


async def crowd(town: Town) -> tuple[list[Family], list[Family]]:
    """Two families that took both places of Monday morning, and two that come too late."""
    families = [await day_care(town, name) for name in ("UN", "DEUX", "TROIS", "QUATRE")]
    for family in families[:2]:
        await book(town, family.parent, order(wish(family.child, "accueil", MORNING)))
    return families[:2], families[2:]


def wanted(family: Family, **other: Any) -> dict[str, Any]:
    """The input of a join."""
    child = global_id("Child", family.child)
    return {"childId": child, "activity": "accueil", "unit": "matin", "day": "2026-11-02", **other}


async def join(town: Town, family: Family, **other: Any) -> Any:
    """The payload of a join."""
    return (await ask(town, family.parent, JOIN, input=wanted(family, **other)))["waitingListJoin"]


async def work(town: Town) -> None:
    """What the worker does of the places that are due."""
    with town.at_work() as ctx:
        for effect in await Effect.filter(kind=EffectKind.PLACES, done_at__isnull=True, run_at__lte=ctx.now):
            await pass_on(ctx, [date.fromisoformat(day) for day in opened(effect, town.ports)["days"]])
            await done(effect.id, ctx.now)


async def test_a_family_waits_reads_its_turn_and_takes_what_is_offered(scarce: Town) -> None:
    (first, _), (early, late) = await crowd(scarce)
    joined = await join(scarce, early)
    assert joined == {
        "entry": {
            "id": joined["entry"]["id"],
            "child": "Enfant1 TROIS",
            "activityLabel": "Accueil",
            "unitLabel": "Matin",
            "day": "2026-11-02",
            "state": "WAITING",
            "position": 1,
            "priority": 0,
            "priorityReason": None,
            "askedAt": "2026-10-05T07:30:01Z",
            "offeredUntil": None,
        },
        "userErrors": [],
    }
    entry, second = joined["entry"]["id"], await join(scarce, late)
    assert second["entry"]["position"] == 2
    await book(scarce, first.parent, order(wish(first.child, "accueil")))
    await work(scarce)
    (household,) = (await ask(scarce, early.parent, OWN))["viewer"]["households"]
    assert [
        (node["state"], node["position"], node["offeredUntil"]) for node in household["waitingEntries"]["nodes"]
    ] == [("OFFERED", None, "2026-10-06T07:30:02Z")]
    (household,) = (await ask(scarce, late.parent, OWN))["viewer"]["households"]
    assert [node["position"] for node in household["waitingEntries"]["nodes"]] == [1]
    taken = (await ask(scarce, early.parent, ACCEPT, id=entry))["offerAccept"]
    assert taken == {
        "entry": {"state": "BOOKED"},
        "receipt": {"changes": [{"day": "2026-11-02", "unit": "matin", "kind": "BOOKED"}]},
        "userErrors": [],
    }
    assert (await ask(scarce, late.parent, LEAVE, id=second["entry"]["id"]))["waitingListLeave"] == {
        "entry": {"state": "LEFT"},
        "userErrors": [],
    }


async def test_refusals_say_why_and_what_to_do(scarce: Town) -> None:
    _, (family, _) = await crowd(scarce)
    assert (await join(scarce, family, day="2026-11-03"))["userErrors"] == [
        {
            "code": "STATE_CONFLICT",
            "field": ["input", "day"],
            "message": "Il reste de la place : réservez cette prestation sans attendre.",
            "until": None,
        }
    ]
    assert [error["code"] for error in (await join(scarce, family, childId="inconnu"))["userErrors"]] == ["NOT_FOUND"]
    entry = (await join(scarce, family))["entry"]["id"]
    assert (await ask(scarce, family.parent, DECLINE, id=entry))["offerDecline"] == {
        "entry": None,
        "userErrors": [
            {
                "code": "STATE_CONFLICT",
                "field": ["input", "id"],
                "message": "Aucune place n'est proposée pour cette demande.",
            }
        ],
    }


async def test_an_agent_reads_who_waits_in_turn_page_after_page(scarce: Town) -> None:
    _, families = await crowd(scarce)
    for family in families:
        await join(scarce, family)
    await join(scarce, families[0], unit="apres-midi")
    agent = await add_agent(scarce, frozenset({AgentRight.ATTENDANCE}))
    whole = (await ask(scarce, agent, LIST))["waitingList"]
    assert [(node["child"], node["unit"], node["position"]) for node in whole["nodes"]] == [
        ("Enfant1 TROIS", "matin", 1),
        ("Enfant1 QUATRE", "matin", 2),
        ("Enfant1 TROIS", "apres-midi", 2),
    ]
    page = (await ask(scarce, agent, LIST, unit="matin", first=1))["waitingList"]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (2, True)
    after = page["pageInfo"]["endCursor"]
    rest = (await ask(scarce, agent, LIST, unit="matin", first=1, after=after))["waitingList"]
    assert [node["child"] for node in page["nodes"] + rest["nodes"]] == ["Enfant1 TROIS", "Enfant1 QUATRE"]
    assert rest["pageInfo"]["hasNextPage"] is False


async def test_one_reads_only_its_own_waits_and_their_pages_follow_each_other(scarce: Town) -> None:
    _, (family, other) = await crowd(scarce)
    await join(scarce, family)
    await join(scarce, family, unit="apres-midi")
    theirs = (await join(scarce, other))["entry"]["id"]
    assert (await ask(scarce, family.parent, NODE, id=theirs))["node"] is None
    assert (await ask(scarce, other.parent, NODE, id=theirs))["node"] == {"child": "Enfant1 QUATRE", "state": "WAITING"}
    (household,) = (await ask(scarce, family.parent, OWN, first=1))["viewer"]["households"]
    page = household["waitingEntries"]
    (household,) = (await ask(scarce, family.parent, OWN, first=1, after=page["pageInfo"]["endCursor"]))["viewer"][
        "households"
    ]
    rest = household["waitingEntries"]
    assert [node["unitLabel"] for node in page["nodes"] + rest["nodes"]] == ["Après-midi", "Matin"]
    assert (page["totalCount"], rest["pageInfo"]["hasNextPage"]) == (2, False)


async def test_the_list_takes_the_same_statements_for_six_as_for_one(scarce: Town) -> None:
    _, families = await crowd(scarce)
    agent = await add_agent(scarce)
    families += [await day_care(scarce, name) for name in ("CINQ", "SIX", "SEPT", "HUIT")]
    taken = []
    for count, family in enumerate(families, start=1):
        await join(scarce, family)
        with statements() as sent:
            assert len((await ask(scarce, agent, LIST))["waitingList"]["nodes"]) == count
        taken.append(len(sent))
    assert taken == [3] * 6
    with scarce.at_work():
        assert await WaitingEntry.all().count() == 6
