"""The number of places over GraphQL: read, changed after its consequences are seen, never below what is taken."""

from datetime import date
from typing import Any

import pytest

from gateway.database import Databases
from resolvers.agenda import waiting_lists
from resolvers.agenda.offers import pass_on
from resolvers.context import AgentRight
from resolvers.models import CapacityChange, PlaceCount, WaitingEntry
from resolvers.models.waiting import WaitingState
from schema.portal import schema
from tests.orders import book, order, wish
from tests.towns import Family, Signed, Town, add_agent, add_family, statements
from tests.village import village

pytestmark = [pytest.mark.anyio, pytest.mark.database]

MONDAY, TUESDAY = date(2026, 11, 2), date(2026, 11, 3)
DAYS = (
    "days { before { day capacity taken held waiting } capacity offered lastComers } userErrors { code field message }"
)
PREVIEW = f"mutation($input: CapacityPreviewInput!) {{ capacityPreview(input: $input) {{ {DAYS} }} }}"
CHANGE = f"mutation($input: CapacityChangeInput!) {{ capacityChange(input: $input) {{ {DAYS} }} }}"
PLACES = """query($last: Date!, $first: Int, $after: String) {
  places(firstDay: "2026-11-01", lastDay: $last, first: $first, after: $after) {
    totalCount nodes { day pool label capacity taken held waiting } pageInfo { hasNextPage endCursor }
  }
}"""

CHANGES = """query($first: Int, $after: String) { capacityChanges(first: $first, after: $after) {
  totalCount nodes { pool label firstDay lastDay capacity reason decidedBy decidedAt } pageInfo { endCursor }
} }"""


@pytest.fixture
def scarce(databases: Databases) -> Town:
    """The village of the tests: two places a day."""
    return Town(village())


async def ask(town: Town, by: Signed, document: str, **variables: Any) -> Any:
    """The one answer of a document without error."""
    with town.asked_by(by) as ctx:
        result = await schema.execute(document, variables, context_value=ctx)
    assert result.errors is None, result.errors
    assert result.data is not None
    (answer,) = result.data.values()
    return answer


def wanted(capacity: int, **other: Any) -> dict[str, Any]:
    """Monday and Tuesday with so many places."""
    return {"pool": "presents", "firstDay": "2026-11-02", "lastDay": "2026-11-03", "capacity": capacity, **other}


def day(
    before: tuple[int, int, int], capacity: int, offered: int, comers: list[str], on: date = MONDAY
) -> dict[str, Any]:
    """A consequence: places, taken and waiting before, then the places after."""
    places, taken, waiting = before
    return {
        "before": {"day": on.isoformat(), "capacity": places, "taken": taken, "held": 0, "waiting": waiting},
        "capacity": capacity,
        "offered": offered,
        "lastComers": comers,
    }


async def crowd(town: Town) -> tuple[Signed, list[Family]]:
    """An agent; two families inside on Monday, a minute after each other, two that wait."""
    families = [
        await add_family(town, name, children=("Enfant1",), enrolled=("accueil",))
        for name in ("UN", "DEUX", "TROIS", "QUATRE")
    ]
    for family in families[:2]:
        await book(town, family.parent, order(wish(family.child, "accueil", (MONDAY, "matin"))))
        town.later(minutes=1)
    for family in families[2:]:
        with town.asked_by(family.parent) as ctx:
            await waiting_lists.join(ctx, (family.child, MONDAY, "accueil", "matin"), None)
        town.later(minutes=1)
    return await add_agent(town, frozenset({AgentRight.ATTENDANCE})), families


async def test_more_places_are_shown_then_made_and_offered_to_who_waits(scarce: Town) -> None:
    agent, families = await crowd(scarce)
    told = [day((2, 2, 2), 3, 1, []), day((2, 0, 0), 3, 0, [], TUESDAY)]
    assert await ask(scarce, agent, PREVIEW, input=wanted(3)) == {"days": told, "userErrors": []}
    with scarce.at_work():
        assert await PlaceCount.filter(capacity=3).count() == 0
    asked = wanted(3, reason="Une animatrice de plus", idempotencyKey="once")
    assert await ask(scarce, agent, CHANGE, input=asked) == {"days": told, "userErrors": []}
    again = await ask(scarce, agent, CHANGE, input=asked)
    assert [each["before"]["capacity"] for each in again["days"]] == [3, 3]
    with scarce.at_work() as ctx:
        (kept,) = await CapacityChange.all()
        await pass_on(ctx, [MONDAY, TUESDAY])
        states = {row.child_id: row.state for row in await WaitingEntry.all()}
    assert (kept.pool, kept.first_day, kept.last_day, kept.capacity, kept.reason, kept.decided_by) == (
        "presents",
        MONDAY,
        TUESDAY,
        3,
        "Une animatrice de plus",
        agent.viewer.account_id,
    )
    assert [states[family.child] for family in families[2:]] == [WaitingState.OFFERED, WaitingState.WAITING]
    nodes = (await ask(scarce, agent, PLACES, last="2026-11-02"))["nodes"]
    assert nodes == [
        {
            "day": "2026-11-02",
            "pool": "presents",
            "label": "Enfants présents",
            "capacity": 3,
            "taken": 3,
            "held": 1,
            "waiting": 1,
        }
    ]


async def test_fewer_places_than_are_taken_is_refused_with_who_came_last(scarce: Town) -> None:
    agent, _ = await crowd(scarce)
    last_comer = "Enfant1 DEUX (lundi 5 octobre 2026 à 9 h 31)"
    assert (await ask(scarce, agent, PREVIEW, input=wanted(1)))["days"][0] == day((2, 2, 2), 2, 0, [last_comer])
    assert await ask(scarce, agent, CHANGE, input=wanted(1)) == {
        "days": [],
        "userErrors": [
            {
                "code": "STATE_CONFLICT",
                "field": ["input", "capacity"],
                "message": f"Le lundi 2 novembre 2026 : 2 places sont déjà prises, pour 1 voulues. Derniers arrivés : "
                f"{last_comer}. Gardez les places prises, ou annulez d'abord des réservations.",
            }
        ],
    }
    kept = await ask(scarce, agent, CHANGE, input=wanted(1, keepTaken=True))
    assert [each["capacity"] for each in kept["days"]] == [2, 1]
    with scarce.at_work():
        rows = await PlaceCount.all().order_by("day").values_list("day", "capacity", "taken")
    assert rows == [(MONDAY, 2, 2), (TUESDAY, 1, 0)]


async def test_what_is_no_capacity_is_refused(scarce: Town) -> None:
    agent = await add_agent(scarce)
    for given, code in (
        (wanted(-1), "INVALID"),
        (wanted(10_001), "INVALID"),
        (wanted(3, pool="piscine"), "NOT_FOUND"),
        (wanted(3, firstDay="2026-10-01", lastDay="2026-10-02"), "INVALID"),
        (wanted(3, firstDay="2026-11-07", lastDay="2026-11-08"), "INVALID"),
    ):
        assert [error["code"] for error in (await ask(scarce, agent, CHANGE, input=given))["userErrors"]] == [code]


async def test_places_are_read_page_after_page_in_as_many_statements_for_a_month_as_for_a_day(scarce: Town) -> None:
    agent, _ = await crowd(scarce)
    taken = []
    for last in ("2026-11-02", "2026-11-30"):
        with statements() as sent:
            whole = await ask(scarce, agent, PLACES, last=last, first=50)
        taken.append(len(sent))
    assert taken == [3, 3]
    assert whole["totalCount"] == 17  # Mondays, Tuesdays, Thursdays and Fridays of November
    page = await ask(scarce, agent, PLACES, last="2026-11-30", first=10)
    rest = await ask(scarce, agent, PLACES, last="2026-11-30", first=10, after=page["pageInfo"]["endCursor"])
    assert page["nodes"] + rest["nodes"] == whole["nodes"]


async def test_what_was_decided_is_read_with_who_decided_it_and_why(scarce: Town) -> None:
    agent = await add_agent(scarce)
    for places, reason in ((3, "un animateur de plus"), (2, ""), (4, "la grande salle")):
        scarce.later(minutes=1)
        await ask(scarce, agent, CHANGE, input=wanted(places, reason=reason))
    first = await ask(scarce, agent, CHANGES, first=2)
    with statements() as sent:
        rest = await ask(scarce, agent, CHANGES, after=first["pageInfo"]["endCursor"])
    assert (first["totalCount"], [node["capacity"] for node in first["nodes"]]) == (3, [4, 2])
    assert rest["nodes"] == [
        {
            "pool": "presents",
            "label": "Enfants présents",
            "firstDay": "2026-11-02",
            "lastDay": "2026-11-03",
            "capacity": 3,
            "reason": "un animateur de plus",
            "decidedBy": "Agent TEST",
            "decidedAt": "2026-10-05T07:31:00Z",
        }
    ]
    assert len(sent) == 4
