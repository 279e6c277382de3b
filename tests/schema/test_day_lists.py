"""What the staff of a day read over GraphQL: who comes, for what, what to know of each child; nobody else reads it."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gateway.database import Databases
from plugins.rules.custody import CustodyPattern
from plugins.rules.entourage import Permission
from resolvers.context import AgentRight
from resolvers.models import (
    AbsentDay,
    Attendance,
    ConsentGiven,
    ContactPermission,
    Custody,
    DossierReading,
    Membership,
    Person,
)
from resolvers.models.bookings import Presence
from resolvers.models.households import Role
from resolvers.models.keys import new_key
from schema.portal import schema
from tests.eating import expect, file_says
from tests.towns import Family, Signed, Town, add_agent, add_family, add_parent, statements

MONDAY = date(2026, 11, 2)
CANTEEN, EVENING = ("restauration", "repas"), ("garderie", "soir")
LIST = """query($first: Int, $after: String, $site: String, $unit: String) {
  dayList(day: "2026-11-02", site: $site, unit: $unit) {
    totals { activity unit booked expected present absent unexpected unchecked }
    children(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes {
      firstName lastName age school className emergency
      health { allergies carePlan diets } consents { code person granted }
      contacts { name phone role household hasTheDay mayFetch toCall forbidden }
      units { activity unit booked presence lateMinutes leftAt absence { percentDue reason } } } } } }"""

pytestmark = pytest.mark.anyio


@pytest.fixture
def melle(databases: Databases) -> Town:
    """Its yearly file asks for health online."""
    return Town.called("melle")


@pytest.fixture
def chavagne(databases: Databases) -> Town:
    """Its yearly file asks for consents online, and for health on a sheet."""
    return Town.called("chavagne")


async def asked(town: Town, by: Signed, **variables: Any) -> Any:
    """The list of Monday as somebody reads it."""
    with town.asked_by(by) as ctx:
        return await schema.execute(LIST, variables, context_value=ctx)


async def read(town: Town, **variables: Any) -> dict[str, Any]:
    """The list of Monday as an agent reads it."""
    result = await asked(town, await add_agent(town, frozenset({AgentRight.ATTENDANCE})), **variables)
    assert result.errors is None
    found: dict[str, Any] = result.data["dayList"]
    return found


async def only_child(town: Town) -> dict[str, Any]:
    """The only child of the list."""
    (child,) = (await read(town))["children"]["nodes"]
    found: dict[str, Any] = child
    return found


async def expected_family(town: Town, *children: str) -> Family:
    """A family whose children eat at the canteen on Monday."""
    family = await add_family(town, children=children or ("Enfant1",))
    for child in family.children.values():
        await expect(town, family, child, MONDAY, CANTEEN)
    return family


async def test_a_child_is_listed_with_what_its_sent_file_says(melle: Town) -> None:
    family = await expected_family(melle)
    await expect(melle, family, family.child, MONDAY, EVENING)
    answers = {
        "ecole": "École du bourg",
        "classe": "CP",
        "pai": "no",
        "allergies": "yes",
        "allergies-precisions": "Arachides : trousse au réfectoire",
        "regime": "yes",
        "regime-precisions": "vegetarien",
        "urgence-nom": "Mamie TEST",
        "urgence-telephone": "06 00 00 00 00",
    }
    file = await file_says(melle, family.id, family.child, answers)
    found = await read(melle)
    (child,) = found["children"]["nodes"]
    units, contacts = child.pop("units"), child.pop("contacts")
    assert child == {
        "firstName": "Enfant1",
        "lastName": "TEST",
        "age": 8,
        "school": "École du bourg",
        "className": "CP",
        "emergency": ["Mamie TEST", "06 00 00 00 00"],
        "health": {"allergies": ["Arachides : trousse au réfectoire"], "carePlan": [], "diets": ["Végétarien"]},
        "consents": [],
    }
    assert [(unit["activity"], unit["unit"], unit["booked"], unit["presence"]) for unit in units] == [
        ("garderie", "soir", True, None),
        ("restauration", "repas", True, None),
    ]
    assert contacts == [
        {
            "name": "Parent TEST",
            "phone": "",
            "role": "REPRESENTATIVE",
            "household": "TEST",
            "hasTheDay": None,
            "mayFetch": True,
            "toCall": True,
            "forbidden": False,
        }
    ]
    with melle.at_work():
        assert await DossierReading.all().values_list("dossier_id", flat=True) == [file.id]


async def test_health_is_unknown_until_a_file_that_asks_is_sent(melle: Town) -> None:
    await expected_family(melle)
    assert (await only_child(melle))["health"] is None
    with melle.at_work():
        assert await DossierReading.all().count() == 0


async def test_on_paper_health_is_unknown_and_the_consents_of_the_file_are_told_as_they_stand(chavagne: Town) -> None:
    family = await expected_family(chavagne)
    parent = family.parent.viewer.person_id
    given = {"photo-video": True, "quotient-familial": True, f"venir-chercher:{parent.hex if parent else ''}": True}
    await file_says(chavagne, family.id, family.child, {}, consents=given)
    child = await only_child(chavagne)
    agreed: list[dict[str, Any]] = [
        {"code": "venir-chercher", "person": "Parent TEST", "granted": True},
        {"code": "photo-video", "person": None, "granted": True},
    ]
    assert (child["health"], child["consents"]) == (None, agreed)
    chavagne.later(hours=1)
    with chavagne.at_work() as ctx:
        withdrawn: dict[str, Any] = {
            "code": "photo-video",
            "version": "1",
            "granted": False,
            "at": ctx.now,
            "account_id": new_key(),
        }
        await ConsentGiven.create(household_id=family.id, child_id=family.child, **withdrawn)
    agreed[1]["granted"] = False
    assert (await only_child(chavagne))["consents"] == agreed


async def test_who_may_fetch_is_told_and_who_is_kept_away_comes_first(chavagne: Town) -> None:
    family = await expected_family(chavagne)
    with chavagne.at_work() as ctx:
        for name, permission in (("Voisine", Permission.FETCH), ("Mamie", Permission.CALL)):
            contact = await Person.create(first_name=name, last_name="TEST", phone="0600000000")
            await Membership.create(household_id=family.id, person_id=contact.id, role=Role.CONTACT)
            await allow(ctx.now, family, contact, permission)
        await allow(ctx.now, family, await Person.create(first_name="Interdit", last_name="TEST"), Permission.FORBIDDEN)
        unrelated = await Person.create(first_name="Autre", last_name="TEST")
        await Membership.create(household_id=family.id, person_id=unrelated.id, role=Role.CONTACT)
    contacts = (await only_child(chavagne))["contacts"]
    assert [(each["name"], each["mayFetch"], each["toCall"], each["forbidden"]) for each in contacts] == [
        ("Interdit TEST", False, False, True),
        ("Parent TEST", True, True, False),
        ("Mamie TEST", False, True, False),
        ("Voisine TEST", True, False, False),
    ]


async def allow(now: datetime, family: Family, contact: Person, permission: Permission) -> None:
    """Say what a contact may do about the first child."""
    await ContactPermission.create(
        household_id=family.id, child_id=family.child, contact_id=contact.id, permission=permission, since=now
    )


async def test_a_representative_whom_a_court_keeps_away_fetches_nobody(chavagne: Town) -> None:
    family = await expected_family(chavagne)
    with chavagne.at_work() as ctx:
        parent = await Person.get(id=family.parent.viewer.person_id)
        await allow(ctx.now, family, parent, Permission.FORBIDDEN)
    (contact,) = (await only_child(chavagne))["contacts"]
    assert (contact["mayFetch"], contact["toCall"], contact["forbidden"]) == (False, False, True)


async def test_the_household_whose_day_it_is_is_told(chavagne: Town) -> None:
    family, other = await expected_family(chavagne), await add_family(chavagne, "TESTBIS", children=())
    with chavagne.at_work() as ctx:
        await Membership.create(household_id=other.id, person_id=family.child, role=Role.CHILD)
        for home, days in ((family.id, [1, 2]), (other.id, [3, 4, 5, 6, 7])):
            await Custody.create(
                household_id=home,
                child_id=family.child,
                pattern=CustodyPattern.WEEKDAYS,
                weekdays=days,
                first_day=date(2026, 9, 1),
                decided_at=ctx.now,
            )
    contacts = (await only_child(chavagne))["contacts"]
    assert [(each["name"], each["household"], each["hasTheDay"]) for each in contacts] == [
        ("Parent TEST", "TEST", True),
        ("Parent TESTBIS", "TESTBIS", False),
    ]


async def test_totals_count_who_is_expected_who_came_and_who_left_late(melle: Town) -> None:
    family = await add_family(melle, children=("Enfant1", "Enfant2", "Enfant3"))
    one, two, three = family.children.values()
    for child in (one, two):
        await expect(melle, family, child, MONDAY, EVENING)
    left = datetime(2026, 11, 2, 18, 47, tzinfo=ZoneInfo("Europe/Paris"))
    with melle.at_work() as ctx:
        unit: dict[str, Any] = {"household_id": family.id, "activity": EVENING[0], "unit": EVENING[1], "day": MONDAY}
        await AbsentDay.create(
            **unit, child_id=two, report_id=new_key(), percent_due=50, reason="Prévenu tard.", decided_at=ctx.now
        )
        seen: dict[str, Any] = {**unit, "recorded_by": new_key(), "recorded_at": ctx.now}
        await Attendance.create(**seen, child_id=one, presence=Presence.PRESENT, left_at=left)
        await Attendance.create(**seen, child_id=three, presence=Presence.UNEXPECTED)
    found = await read(melle)
    assert found["totals"] == [
        {
            "activity": "garderie",
            "unit": "soir",
            "booked": 2,
            "expected": 1,
            "present": 1,
            "absent": 0,
            "unexpected": 1,
            "unchecked": 1,
        }
    ]
    days = {child["firstName"]: child["units"][0] for child in found["children"]["nodes"]}
    assert [days[name]["lateMinutes"] for name in ("Enfant1", "Enfant2", "Enfant3")] == [17, None, None]
    assert days["Enfant2"]["absence"] == {"percentDue": 50, "reason": "Prévenu tard."}
    assert (days["Enfant3"]["booked"], days["Enfant3"]["presence"]) == (False, "UNEXPECTED")


async def test_children_are_read_by_name_accents_apart_page_by_page(chavagne: Town) -> None:
    for name in ("TESTZ", "TÉSTB", "TESTA"):
        family = await add_family(chavagne, name, children=("Enfant2", "Énfant1"))
        for child in family.children.values():
            await expect(chavagne, family, child, MONDAY, CANTEEN)
    seen, after = [], None
    while True:
        page = (await read(chavagne, first=4, after=after))["children"]
        seen += [(child["lastName"], child["firstName"]) for child in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == [(last, first) for last in ("TESTA", "TÉSTB", "TESTZ") for first in ("Énfant1", "Enfant2")]
    assert page["totalCount"] == 6


async def test_a_list_is_of_one_site_or_unit(melle: Town) -> None:
    family = await expected_family(melle)
    await expect(melle, family, family.child, MONDAY, EVENING)
    assert (await read(melle, site="Ailleurs"))["children"]["nodes"] == []
    (child,) = (await read(melle, unit="soir"))["children"]["nodes"]
    assert [unit["unit"] for unit in child["units"]] == ["soir"]


async def test_families_and_agents_without_the_right_read_nothing(chavagne: Town) -> None:
    family = await expected_family(chavagne)
    others = frozenset(AgentRight) - {AgentRight.ATTENDANCE}
    for visitor in (family.parent, await add_agent(chavagne, others)):
        result = await asked(chavagne, visitor)
        assert result.data is None
        assert [error.extensions["code"] for error in result.errors] == ["FORBIDDEN"]


async def test_a_list_costs_the_same_statements_for_one_child_and_for_forty(melle: Town) -> None:
    agent = await add_agent(melle)
    costs = []
    for number, size in enumerate((1, 39)):
        family = await expected_family(melle, *(f"Enfant{number}x{place}" for place in range(size)))
        await add_parent(melle, family.id, f"Autre{number} TEST")
        for child in family.children.values():
            await file_says(melle, family.id, child, {"pai": "yes"})
        with statements() as sent:
            result = await asked(melle, agent, first=100)
        costs.append((len(result.data["dayList"]["children"]["nodes"]), len(sent)))
    assert [children for children, _ in costs] == [1, 40]
    assert costs[0][1] == costs[1][1] <= 15
