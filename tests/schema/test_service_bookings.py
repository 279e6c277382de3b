"""What a family asks for at the counter or by telephone: an agent books it by the same plan, and the family is told."""

from datetime import date
from typing import Any

import pytest

from gateway.database import Databases
from resolvers.context import AgentRight
from resolvers.models import Membership
from schema.relay import global_id
from tests.asking import asked
from tests.orders import book, live, order, replayed, taken, wish
from tests.towns import Family, Town, add_agent, add_family, add_parent, sign_in, sign_in_again
from tests.village import village

pytestmark = [pytest.mark.anyio, pytest.mark.database]

MONDAY = date(2026, 11, 2)
PREVIEW = """mutation($input: BookingsRecordPreviewInput!) { bookingsRecordPreview(input: $input) {
  plan { changeCount refusedCount units { unit verdict reason } } userErrors { code field message } } }"""
RECORD = """mutation($input: BookingsRecordInput!) { bookingsRecord(input: $input) {
  receipt { id reference changes { kind occasion by } } refused { verdict } userErrors { code field message } } }"""
HISTORY = "{ viewer { households { bookingChanges(first: 5) { nodes { kind by occasion } } } } }"


@pytest.fixture
def epagny(databases: Databases) -> Town:
    """A crèche whose families book nothing online."""
    return Town.called("epagny")


@pytest.fixture
def village_of_two(databases: Databases) -> Town:
    """Two places a day; booked until the eve at noon."""
    return Town(village())


def wanted(family: Family, activity: str, *units: str, **said: Any) -> dict[str, Any]:
    """What the family asks for its first child on Monday."""
    ticks = [{"day": MONDAY.isoformat(), "units": list(units)}] if units else []
    selection = {"childId": global_id("Child", family.child), "activity": activity, "ticks": ticks}
    days = {"firstDay": MONDAY.isoformat(), "lastDay": MONDAY.isoformat()}
    return {"householdId": global_id("Household", family.id), **days, "selections": [selection], **said}


async def test_the_service_books_and_cancels_in_the_creche_what_is_closed_online_and_the_parents_are_told(
    epagny: Town,
) -> None:
    family = await add_family(epagny, enrolled=("pic-et-plume",), services=("petite-enfance",))
    other = await add_parent(epagny, family.id, "Autre TEST")
    agent = await add_agent(epagny, frozenset({AgentRight.FAMILIES}), services=["petite-enfance"])
    day = wanted(family, "pic-et-plume", "journee")
    told = await asked(epagny, agent, PREVIEW, input=day)
    assert (told["plan"]["changeCount"], told["plan"]["refusedCount"], told["userErrors"]) == (1, 0, [])
    assert await live(epagny) == set()
    done = await asked(epagny, agent, RECORD, input={**day, "reason": "téléphone"})
    assert (done["refused"], done["userErrors"]) == ([], [])
    assert await live(epagny) == {(family.child, MONDAY, "pic-et-plume", "journee")}
    mails = await epagny.mails("bookings:")
    assert sorted(mail.recipient for mail in mails) == sorted([family.parent.viewer.email, other.email])
    assert {mail.subject for mail in mails} == {
        f"Vos réservations sont enregistrées (n° {done['receipt']['reference']})"
    }
    epagny.later(minutes=5)
    await asked(epagny, agent, RECORD, input={**wanted(family, "pic-et-plume"), "reason": "guichet"})
    assert await live(epagny) == await replayed(epagny) == set()
    (home,) = (await asked(epagny, family.parent, HISTORY))["households"]
    assert home["bookingChanges"]["nodes"] == [
        {"kind": "CANCELLED", "by": "le service", "occasion": "par le service : guichet"},
        {"kind": "BOOKED", "by": "le service", "occasion": "par le service : téléphone"},
    ]


async def test_deadlines_are_for_families_places_rules_and_enrolments_for_everybody(village_of_two: Town) -> None:
    town, agent = village_of_two, await add_agent(village_of_two)
    first, second, third = [await add_family(town, name, enrolled=("accueil",)) for name in ("UN", "DEUX", "TROIS")]
    await book(town, first.parent, order(wish(first.child, "accueil", (MONDAY, "matin"))))
    town.on(date(2026, 11, 1), 13)
    alone = await asked(town, agent, RECORD, input={**wanted(second, "accueil", "repas"), "reason": "guichet"})
    stranger = await asked(town, agent, RECORD, input={**wanted(second, "stage", "seance"), "reason": "guichet"})
    booked = await asked(town, agent, RECORD, input={**wanted(second, "accueil", "matin"), "reason": "guichet"})
    full = await asked(town, agent, RECORD, input={**wanted(third, "accueil", "matin"), "reason": "guichet"})
    cancelled = await asked(town, agent, RECORD, input={**wanted(first, "accueil"), "reason": "guichet"})
    codes = [[error["code"] for error in answer["userErrors"]] for answer in (alone, stranger, booked, full, cancelled)]
    assert codes == [["UNIT_RULE"], ["NOT_ENROLLED"], [], ["FULL"], []]
    assert (await live(town), await taken(town)) == (
        {(second.child, MONDAY, "accueil", "matin")},
        {(MONDAY, "presents"): 1},
    )


async def test_the_same_key_books_once(village_of_two: Town) -> None:
    family, agent = await add_family(village_of_two, enrolled=("accueil",)), await add_agent(village_of_two)
    said = {**wanted(family, "accueil", "matin"), "reason": "téléphone\u00a0: urgence", "idempotencyKey": "appel"}
    first, second = [await asked(village_of_two, agent, RECORD, input=said) for _ in range(2)]
    assert first == second
    reused = await asked(village_of_two, agent, RECORD, input={**said, "reason": "guichet"})
    assert [error["code"] for error in reused["userErrors"]] == ["IDEMPOTENCY_KEY_REUSED"]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"reason": "  "}, ("BLANK", ["input", "reason"])),
        ({"reason": "a" * 121}, ("INVALID", ["input", "reason"])),
        ({"householdId": "inconnu"}, ("NOT_FOUND", ["input", "householdId"])),
        ({"selections": []}, ("BLANK", ["input", "selections"])),
    ],
)
async def test_what_is_not_said_is_refused(
    village_of_two: Town, changes: dict[str, Any], refusal: tuple[str, list[str]]
) -> None:
    family, agent = await add_family(village_of_two, enrolled=("accueil",)), await add_agent(village_of_two)
    said = {**wanted(family, "accueil", "matin"), "reason": "guichet", **changes}
    (error,) = (await asked(village_of_two, agent, RECORD, input=said))["userErrors"]
    assert (error["code"], error["field"]) == refusal
    assert await live(village_of_two) == set()


async def test_an_agent_books_for_its_services_only(epagny: Town) -> None:
    school = await add_agent(epagny, frozenset({AgentRight.FAMILIES}), services=["enfance-jeunesse"])
    family = await add_family(epagny, enrolled=("pic-et-plume",), services=("petite-enfance", "enfance-jeunesse"))
    for text, said in ((PREVIEW, {}), (RECORD, {"reason": "téléphone"})):
        (error,) = (await asked(epagny, school, text, input={**wanted(family, "pic-et-plume", "journee"), **said}))[
            "userErrors"
        ]
        assert (error["code"], error["field"]) == ("NOT_FOUND", ["input", "selections", "0", "activity"])


async def test_the_history_says_who_to_those_who_may_know(village_of_two: Town) -> None:
    family = await add_family(village_of_two, enrolled=("accueil",))
    gone = await add_parent(village_of_two, family.id, "Autre TESTBIS")
    for signed, units in ((await sign_in(village_of_two, gone), ["matin"]), (family.parent, [])):
        village_of_two.later(minutes=5)
        await book(village_of_two, signed, order(wish(family.child, "accueil", *((MONDAY, unit) for unit in units))))
    lines = []
    for _ in range(2):
        parent = await sign_in_again(village_of_two, family)
        (home,) = (await asked(village_of_two, parent, HISTORY))["households"]
        lines.append([line["by"] for line in home["bookingChanges"]["nodes"]])
        with village_of_two.at_work():
            await Membership.filter(person_id=gone.person_id).delete()
    assert lines == [["Parent TEST", "Autre TESTBIS"], ["Parent TEST", None]]
