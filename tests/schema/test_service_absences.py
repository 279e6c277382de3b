"""An absence told by telephone or at the counter: an agent writes it down, and the rules count from the call."""

from datetime import date
from typing import Any

import pytest

from gateway.database import Databases
from resolvers.context import AgentRight
from resolvers.models import AbsenceReport
from schema.relay import global_id
from tests.asking import asked
from tests.orders import book, live, order, replayed, wish
from tests.towns import Family, Town, add_agent, add_family

pytestmark = [pytest.mark.anyio, pytest.mark.database]

MONDAY, TUESDAY, THURSDAY = date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 5)
UNITS = "units { day percentDue cancelled }"
PREVIEW = f"""mutation($input: AbsenceRecordPreviewInput!) {{ absenceRecordPreview(input: $input) {{
  plan {{ {UNITS} }} userErrors {{ code field }} }} }}"""
RECORD = f"""mutation($input: AbsenceRecordInput!) {{ absenceRecord(input: $input) {{
  absence {{ requestId toldAt reason {UNITS} }} userErrors {{ code field message }} }} }}"""
REQUEST = "query($id: ID!) { node(id: $id) { ... on Request { kind state history { state byAgent } } } }"
CHANGES = "{ viewer { households { bookingChanges(first: 2) { nodes { kind by occasion } } } } }"


@pytest.fixture
async def mesnil(databases: Databases) -> Town:
    """Told the eve before noon, nothing is due."""
    return Town.called("mesnil")


async def fed(town: Town, *days: date) -> Family:
    """A family whose child eats at the canteen on these days."""
    family = await add_family(town, enrolled=("cantine",))
    await book(town, family.parent, order(wish(family.child, "cantine", *((day, "repas") for day in days))))
    return family


def absence(family: Family, first: date, last: date, **said: Any) -> dict[str, Any]:
    """What the family says of an absence of its first child."""
    ids = {"householdId": global_id("Household", family.id), "childId": global_id("Child", family.child)}
    return {**ids, "firstDay": first.isoformat(), "lastDay": last.isoformat(), **said}


def due(units: list[dict[str, Any]]) -> list[tuple[str, int, bool]]:
    """Day, per cent due, and whether it is cancelled, of each unit."""
    return [(unit["day"], unit["percentDue"], unit["cancelled"]) for unit in units]


async def kept(town: Town) -> int:
    """How many absences are written down."""
    with town.at_work():
        return await AbsenceReport.all().count()


async def test_what_was_told_in_time_is_not_due_whenever_the_agent_writes_it_down(mesnil: Town) -> None:
    family, agent = await fed(mesnil, MONDAY, TUESDAY, THURSDAY), await add_agent(mesnil)
    mesnil.on(MONDAY, 16)
    said = absence(family, MONDAY, THURSDAY)
    now = await asked(mesnil, agent, PREVIEW, input=said)
    called = await asked(mesnil, agent, PREVIEW, input={**said, "toldAt": "2026-11-02T11:00:00+01:00"})
    assert [due(answer["plan"]["units"]) for answer in (now, called)] == [
        [("2026-11-02", 100, False), ("2026-11-03", 100, False), ("2026-11-05", 0, True)],
        [("2026-11-02", 100, False), ("2026-11-03", 0, False), ("2026-11-05", 0, True)],
    ]
    assert await kept(mesnil) == 0


async def test_the_family_is_mailed_and_reads_that_the_service_wrote_it(mesnil: Town) -> None:
    family, agent = await fed(mesnil, TUESDAY, THURSDAY), await add_agent(mesnil)
    mesnil.on(MONDAY, 16)
    said = absence(family, TUESDAY, THURSDAY, toldAt="2026-11-02T11:00:00+01:00", reason="appel de la mère")
    done = await asked(mesnil, agent, RECORD, input=said)
    assert (done["absence"]["toldAt"], done["absence"]["reason"], done["userErrors"]) == (
        "2026-11-02T10:00:00Z",
        "appel de la mère",
        [],
    )
    assert await live(mesnil) == await replayed(mesnil) == {(family.child, TUESDAY, "cantine", "repas")}
    assert await asked(mesnil, family.parent, REQUEST, id=done["absence"]["requestId"]) == {
        "kind": "ABSENCE",
        "state": "ACCEPTED",
        "history": [{"state": "ACCEPTED", "byAgent": True}],
    }
    (home,) = (await asked(mesnil, family.parent, CHANGES))["households"]
    assert home["bookingChanges"]["nodes"][0] == {
        "kind": "CANCELLED",
        "by": "le service",
        "occasion": "absence signalée par la famille",
    }
    assert [mail.recipient for mail in await mesnil.mails("request:")] == [family.parent.viewer.email]


async def test_the_same_key_writes_it_once(mesnil: Town) -> None:
    family, agent = await fed(mesnil, THURSDAY), await add_agent(mesnil)
    said = absence(family, THURSDAY, THURSDAY, idempotencyKey="appel")
    first, second = [await asked(mesnil, agent, RECORD, input=said) for _ in range(2)]
    assert (first, await kept(mesnil)) == (second, 1)
    other = await asked(mesnil, agent, RECORD, input={**said, "reason": "autre"})
    assert [error["code"] for error in other["userErrors"]] == ["IDEMPOTENCY_KEY_REUSED"]


async def test_an_agent_of_another_service_finds_nothing_to_report(mesnil: Town) -> None:
    family = await fed(mesnil, THURSDAY)
    stranger = await add_agent(mesnil, frozenset({AgentRight.FAMILIES}), services=["autre"])
    answer = await asked(mesnil, stranger, RECORD, input=absence(family, THURSDAY, THURSDAY))
    assert [error["code"] for error in answer["userErrors"]] == ["NOT_FOUND"]
    assert await live(mesnil) == {(family.child, THURSDAY, "cantine", "repas")}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"toldAt": "2026-11-02T16:31:00+01:00"}, ("INVALID", ["input", "toldAt"])),
        ({"toldAt": "2026-10-02T15:00:00+02:00"}, ("INVALID", ["input", "toldAt"])),
        ({"householdId": "inconnu"}, ("NOT_FOUND", ["input", "householdId"])),
        ({"childId": global_id("Child", "01900000-0000-7000-8000-000000000000")}, ("NOT_FOUND", ["input", "childId"])),
    ],
)
async def test_what_cannot_be_written_down_is_refused(
    mesnil: Town, changes: dict[str, Any], refusal: tuple[str, list[str]]
) -> None:
    family, agent = await fed(mesnil, THURSDAY), await add_agent(mesnil)
    mesnil.on(MONDAY, 16)
    answer = await asked(mesnil, agent, RECORD, input={**absence(family, THURSDAY, THURSDAY), **changes})
    assert [(error["code"], error["field"]) for error in answer["userErrors"]] == [refusal]
