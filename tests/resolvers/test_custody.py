"""Custody: two households, one child; each has its own days, its own calendar, and sees nothing of the other's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from plugins.rules.custody import CustodyPattern, Share
from plugins.rules.request_details import read_details
from plugins.rules.requests import RequestState
from resolvers.days.attendance import record
from resolvers.days.sights import Check
from resolvers.errors import Code
from resolvers.families.custody import custodies_of, record_custody
from resolvers.models import Attendance, Custody, Enrolment, Membership, Request
from resolvers.models.bookings import Presence
from resolvers.models.households import Role
from resolvers.requests.request_lists import unsealed
from schema.portal import schema
from schema.relay import global_id
from tests.refusals import refused
from tests.towns import Family, Signed, Town, add_agent, add_family, sign_in_again

pytestmark = [pytest.mark.anyio, pytest.mark.database]

FIRST = date(2026, 11, 2)  # a Monday
ALTERNATE = CustodyPattern.ALTERNATE_WEEKS
RECORD = """mutation($input: CustodyRecordInput!) { custodyRecord(input: $input) {
  recordedAt bookingsElsewhere { householdId day activity unit } userErrors { code field message } } }"""
COMMIT = """mutation($input: BookingsCommitInput!) { bookingsCommit(input: $input) {
  receipt { changes { day kind } } userErrors { code message } } }"""
WEEKS = """{ viewer { households { agenda(firstDay: "2026-11-02", lastDay: "2026-11-13") {
  units { day activity verdict } } } } }"""
SEEN = "query($id: ID!) { node(id: $id) { ... on Child { custody { householdId sentence } } } }"


@dataclass(frozen=True, slots=True)
class Exes:
    """Two households that share a child, and an agent."""

    mother: Family
    father: Family
    child: UUID
    agent: Signed

    def alternate(self, first: date = FIRST) -> dict[UUID, Share]:
        """The mother has the first week, the father the second, and so on."""
        return {
            self.mother.id: Share(ALTERNATE, first, anchor=first),
            self.father.id: Share(ALTERNATE, first, anchor=first + timedelta(days=7)),
        }


@pytest.fixture
async def exes(chavagne: Town) -> Exes:
    """The child of the mother's household is in the father's too."""
    mother, father = await add_family(chavagne, "MERE", children=("Clara",)), await add_family(chavagne, "PERE")
    with chavagne.at_work():
        await Membership.create(household_id=father.id, person_id=mother.child, role=Role.CHILD)
    again = Family(father.id, father.children, await sign_in_again(chavagne, father))
    return Exes(mother, again, mother.child, await add_agent(chavagne))


async def ask(town: Town, signed: Signed, document: str, variables: Mapping[str, Any]) -> Any:
    """What a person is answered."""
    with town.asked_by(signed) as ctx:
        result = await schema.execute(document, dict(variables), context_value=ctx)
    assert result.errors is None, result.errors
    return result.data


async def test_each_household_has_its_weeks_by_its_own_rows_alone(chavagne: Town, exes: Exes) -> None:
    with chavagne.asked_by(exes.agent) as ctx:
        await record_custody(ctx, exes.child, exes.alternate())
    days = [FIRST + timedelta(days=offset) for offset in (-1, 0, 6, 7, 13, 14)]
    theirs = []
    for family in (exes.mother, exes.father):
        with chavagne.asked_by(family.parent):
            custodies = await custodies_of([exes.child])
            assert {household for household, _ in custodies.shares} == {family.id}
            theirs.append([custodies.is_theirs(family.id, exes.child, day) for day in days])
    assert theirs == [[True, True, True, False, False, True], [True, False, False, True, True, False]]


async def test_a_child_without_calendar_is_everybody_s(chavagne: Town, exes: Exes) -> None:
    with chavagne.asked_by(exes.father.parent):
        custodies = await custodies_of([exes.child])
    assert custodies.is_theirs(exes.father.id, exes.child, FIRST)


async def test_another_calendar_ends_the_one_before_it_and_both_are_kept(chavagne: Town, exes: Exes) -> None:
    change = FIRST + timedelta(days=28)
    with chavagne.asked_by(exes.agent) as ctx:
        await record_custody(ctx, exes.child, exes.alternate())
        await record_custody(ctx, exes.child, exes.alternate(change + timedelta(days=7)))
        await record_custody(ctx, exes.child, exes.alternate(change))  # corrected before its first day
        custodies = await custodies_of([exes.child])
        kept = await Custody.all().count()
    assert kept == 6
    assert [share.last_day for share in custodies.shares[exes.mother.id, exes.child]] == [
        change - timedelta(days=1),
        None,
    ]


async def test_every_household_of_the_child_has_its_calendar_and_no_day_twice(chavagne: Town, exes: Exes) -> None:
    right = exes.alternate()
    wrong = [
        {exes.mother.id: right[exes.mother.id]},
        {**right, uuid4(): right[exes.father.id]},
        {**right, exes.father.id: Share(ALTERNATE, FIRST + timedelta(days=1), anchor=FIRST + timedelta(days=7))},
        {**right, exes.father.id: right[exes.mother.id]},
    ]
    with chavagne.asked_by(exes.agent) as ctx:
        for shares in wrong:
            with refused(Code.INVALID):
                await record_custody(ctx, exes.child, shares)
        with refused(Code.NOT_FOUND):
            await record_custody(ctx, uuid4(), right)
        assert await Custody.all().count() == 0


async def enrol_in_both(town: Town, exes: Exes) -> None:
    """The shared child eats at the canteen, from either home."""
    with town.at_work() as ctx:
        for family in (exes.mother, exes.father):
            await Enrolment.create(
                household_id=family.id,
                child_id=exes.child,
                activity="restauration",
                school_year=2026,
                first_day=date(2026, 9, 1),
                last_day=date(2027, 7, 2),
                created_at=ctx.now,
            )


async def commit(town: Town, exes: Exes, by: Family, *days: date) -> Any:
    """A parent wants these meals of two weeks, and no other."""
    ticks = [{"day": day.isoformat(), "units": ["repas"]} for day in days]
    selection = {"childId": global_id("Child", exes.child), "activity": "restauration", "ticks": ticks}
    asked = {"firstDay": "2026-11-02", "lastDay": "2026-11-13", "selections": [selection]}
    return (await ask(town, by.parent, COMMIT, {"input": asked}))["bookingsCommit"]


async def test_each_parent_books_its_own_weeks_and_is_told_why_not_the_others(chavagne: Town, exes: Exes) -> None:
    await enrol_in_both(chavagne, exes)
    monday, next_monday = FIRST, FIRST + timedelta(days=7)
    before = await commit(chavagne, exes, exes.father, monday)  # no calendar yet: the day is anybody's
    with chavagne.asked_by(exes.agent) as ctx:
        await record_custody(ctx, exes.child, exes.alternate())
    assert [line["kind"] for line in before["receipt"]["changes"]] == ["BOOKED"]
    refusal = await commit(chavagne, exes, exes.mother, next_monday)
    assert refusal == {
        "receipt": None,
        "userErrors": [
            {
                "code": "OTHER_CUSTODY",
                "message": "Clara : D'après le calendrier de garde, le lundi 9 novembre 2026 n'est pas l'un de vos "
                "jours (une semaine sur deux, dont celle du lundi 2 novembre 2026) : il se réserve depuis l'autre "
                "foyer de l'enfant. Si ce calendrier a changé, contactez le service.",
            }
        ],
    }
    after = await commit(chavagne, exes, exes.father, next_monday)  # his day, and he gives up hers
    assert [(line["day"], line["kind"]) for line in after["receipt"]["changes"]] == [
        ("2026-11-02", "CANCELLED"),
        ("2026-11-09", "BOOKED"),
    ]


async def test_a_calendar_is_told_to_both_households_and_the_days_that_change_hands_to_the_agent(
    chavagne: Town, exes: Exes
) -> None:
    await enrol_in_both(chavagne, exes)
    next_monday = FIRST + timedelta(days=7)
    await commit(chavagne, exes, exes.father, FIRST)
    await commit(chavagne, exes, exes.mother, FIRST + timedelta(days=1), next_monday)
    homes = [global_id("Household", family.id) for family in (exes.mother, exes.father)]
    anchors = [FIRST.isoformat(), next_monday.isoformat()]
    shares = [{"householdId": home, "anchor": anchor} for home, anchor in zip(homes, anchors, strict=True)]
    given = {"childId": global_id("Child", exes.child), "firstDay": "2026-11-02", "shares": shares}
    answer = (await ask(chavagne, exes.agent, RECORD, {"input": given}))["custodyRecord"]
    meal = {"activity": "restauration", "unit": "repas"}
    assert answer["bookingsElsewhere"] == [
        {"householdId": homes[1], "day": "2026-11-02", **meal},
        {"householdId": homes[0], "day": "2026-11-09", **meal},
    ]
    told = {}
    for family in (exes.mother, exes.father):
        with chavagne.asked_by(family.parent) as ctx:
            (request,) = await Request.filter(title="Calendrier de garde de Clara")
            (detail,) = read_details(unsealed(ctx, request.details))
        told[family.id] = (request.state, request.created_by, detail.label, detail.value)
    by = (RequestState.ACCEPTED, exes.agent.viewer.account_id, "calendrier de garde")
    said = "à partir du lundi 2 novembre 2026 : une semaine sur deux, dont celle du lundi {} novembre 2026"
    assert told == {exes.mother.id: (*by, said.format(2)), exes.father.id: (*by, said.format(9))}
    assert {mail.recipient for mail in await chavagne.mails("request:")} == {
        exes.mother.parent.viewer.email,
        exes.father.parent.viewer.email,
    }


async def test_the_agenda_shows_the_days_of_the_other_household(chavagne: Town, exes: Exes) -> None:
    await enrol_in_both(chavagne, exes)
    with chavagne.asked_by(exes.agent) as ctx:
        await record_custody(ctx, exes.child, exes.alternate())
    (home,) = (await ask(chavagne, exes.mother.parent, WEEKS, {}))["viewer"]["households"]
    assert [unit["verdict"] for unit in home["agenda"]["units"]] == ["BOOKABLE"] * 4 + ["OTHER_CUSTODY"] * 4


async def test_who_came_without_booking_is_charged_to_the_household_whose_day_it_was(
    chavagne: Town, exes: Exes
) -> None:
    days = (FIRST, FIRST + timedelta(days=7))
    chavagne.on(days[1])
    with chavagne.asked_by(exes.agent) as ctx:
        await record_custody(ctx, exes.child, exes.alternate())
        await record(ctx, [Check(exes.child, "restauration", "repas", day, Presence.UNEXPECTED) for day in days], None)
        charged = {row.day: row.household_id for row in await Attendance.all()}
    assert charged == {days[0]: exes.mother.id, days[1]: exes.father.id}


async def test_an_agent_records_it_and_each_parent_reads_its_own_calendar(chavagne: Town, exes: Exes) -> None:
    child = global_id("Child", exes.child)
    homes = [global_id("Household", family.id) for family in (exes.mother, exes.father)]
    shares = [
        {"householdId": homes[0], "weekdays": [1, 2, 3]},
        {"householdId": homes[1], "weekdays": [4, 5, 6, 7]},
    ]
    given = {"input": {"childId": child, "firstDay": "2026-11-02", "shares": shares}}
    assert (await ask(chavagne, exes.agent, RECORD, given))["custodyRecord"]["userErrors"] == []
    seen = [
        (await ask(chavagne, signed, SEEN, {"id": child}))["node"]["custody"]
        for signed in (exes.mother.parent, exes.father.parent)
    ]
    assert seen == [
        [
            {
                "householdId": homes[0],
                "sentence": "à partir du lundi 2 novembre 2026 : le lundi, le mardi et le mercredi",
            }
        ],
        [
            {
                "householdId": homes[1],
                "sentence": "à partir du lundi 2 novembre 2026 : le jeudi, le vendredi, le samedi et le dimanche",
            }
        ],
    ]
    unclear = {"input": {"childId": child, "firstDay": "2026-11-02", "shares": [{"householdId": homes[0]}]}}
    (error,) = (await ask(chavagne, exes.agent, RECORD, unclear))["custodyRecord"]["userErrors"]
    assert (error["code"], error["field"]) == ("INVALID", ["input", "shares"])
