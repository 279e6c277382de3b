"""Enrolments that an agent decides, those that he makes, those reserved to some children, and how they end."""

from collections.abc import Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from gateway.database import Databases
from plugins.hookspecs import hookimpl
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import REVIEWED, Activity, Catalogue, Enrolment, Unit
from plugins.rules.tariffs import Residency
from resolvers.agenda.enrolments import enrol
from resolvers.agenda.plans import Window
from resolvers.errors import Code
from resolvers.models import Enrolment as EnrolmentRow
from resolvers.models import Household, Person, Request, WaitingEntry
from resolvers.models.bookings import EnrolmentState
from resolvers.requests.requests import answer_request
from schema.portal import schema
from schema.relay import global_id, require_uuid
from tests.orders import book, order, wish
from tests.refusals import refused
from tests.towns import Family, Signed, Town, add_agent, add_family, add_parent, sign_in
from tests.village import SCHOOL_DAYS, village

pytestmark = [pytest.mark.anyio, pytest.mark.database]

YEAR = SchoolYear(2026)
RULE = Enrolment(REVIEWED, schools=("École du bourg",), residencies=frozenset({Residency.RESIDENT}))
CREATE = """mutation($input: EnrolmentCreateInput!) { enrolmentCreate(input: $input) {
  enrolment { id state firstDay lastDay requestId } userErrors { code field message } } }"""
RECORD = """mutation($input: EnrolmentRecordInput!) { enrolmentRecord(input: $input) {
  enrolment { state firstDay lastDay } userErrors { code field message } } }"""
END = """mutation($input: EnrolmentEndInput!) { enrolmentEnd(input: $input) {
  enrolment { state lastDay } userErrors { code field message } } }"""
DECIDE = """mutation($input: RequestDecideInput!) { requestDecide(input: $input) {
  request { state } userErrors { code field message } } }"""


@hookimpl
def catalogue(year: SchoolYear) -> Catalogue:
    """One course, reserved to the families of the commune and to one school, that an agent decides."""
    units = (Unit("seance", "Séance", *SCHOOL_DAYS),)
    course = Activity("stage", "Stage", "enfance", "École", year.first_day, year.last_day, units, enrolment=RULE)
    return Catalogue(year, (course,))


@pytest.fixture
def town(databases: Databases) -> Town:
    """The village, with that course only."""
    return Town(village().trying(SimpleNamespace(catalogue=catalogue)))


async def home(town: Town, school: str = "École du bourg", **given: Any) -> Family:
    """A family whose first child goes to a school."""
    family = await add_family(town, **given)
    with town.at_work():
        await Person.filter(id=family.child).update(school=school)
    return family


async def ask(town: Town, signed: Signed, document: str, given: Mapping[str, Any]) -> Any:
    """What a person is answered to a mutation."""
    with town.asked_by(signed) as ctx:
        result = await schema.execute(document, {"input": dict(given)}, context_value=ctx)
    assert result.errors is None, result.errors
    assert result.data is not None
    (answer,) = result.data.values()
    return answer


def wanted(family: Family) -> dict[str, str]:
    """The first child in the course."""
    return {"childId": global_id("Child", family.child), "activity": "stage", "schoolYear": "2026-2027"}


async def states(town: Town) -> list[EnrolmentState]:
    """The state of each enrolment."""
    with town.at_work():
        return [row.state for row in await EnrolmentRow.all().order_by("created_at")]


async def decide(town: Town, request: str, *, accept: bool, text: str = "") -> Any:
    """An agent decides of a request."""
    return await ask(town, await add_agent(town), DECIDE, {"id": request, "accept": accept, "text": text})


async def test_an_enrolment_that_is_reviewed_waits_for_an_agent(town: Town) -> None:
    family = await home(town)
    first, again = [await ask(town, family.parent, CREATE, wanted(family)) for _ in range(2)]
    assert first == again
    assert (first["enrolment"]["state"], first["userErrors"]) == ("ASKED", [])
    await decide(town, first["enrolment"]["requestId"], accept=True)
    with town.at_work():
        (request,) = await Request.all()
    assert await states(town) == [EnrolmentState.ACTIVE]
    assert (request.title, request.state.name) == ("Inscription 2026-2027 d'Enfant1 : Stage", "ACCEPTED")
    assert [mail.subject for mail in await town.mails("request:")][-1].count(request.number) == 1


async def test_what_was_refused_says_why_and_may_be_asked_again(town: Town) -> None:
    family = await home(town)
    asked = (await ask(town, family.parent, CREATE, wanted(family)))["enrolment"]
    unsaid = await decide(town, asked["requestId"], accept=False)
    await decide(town, asked["requestId"], accept=False, text="Le groupe est complet.")
    after_refusal = await states(town)
    again = (await ask(town, family.parent, CREATE, wanted(family)))["enrolment"]
    assert [error["code"] for error in unsaid["userErrors"]] == ["BLANK"]
    assert (after_refusal, await states(town)) == ([EnrolmentState.REFUSED], [EnrolmentState.ASKED])
    assert (again["id"], again["requestId"] == asked["requestId"]) == (asked["id"], False)


async def test_a_request_that_is_given_up_ends_the_enrolment_it_asked(town: Town) -> None:
    family = await home(town)
    asked = (await ask(town, family.parent, CREATE, wanted(family)))["enrolment"]
    cancel = "mutation($input: RequestCancelInput!) { requestCancel(input: $input) { userErrors { code } } }"
    await ask(town, family.parent, cancel, {"id": asked["requestId"]})
    assert await states(town) == [EnrolmentState.ENDED]


@pytest.mark.parametrize(
    ("school", "residency", "says"),
    [
        (
            "École du lac",
            Residency.RESIDENT,
            "« Stage » : cette activité est réservée aux familles de la commune, aux enfants de : École du bourg ; "
            "l'école d'Enfant1 est École du lac. Écrivez au service si c'est une erreur.",
        ),
        (
            "",
            Residency.RESIDENT,
            "« Stage » : cette activité est réservée aux familles de la commune, aux enfants de : École du bourg ; "
            "l'école d'Enfant1 n'est pas connue du service. Écrivez au service si c'est une erreur.",
        ),
        (
            "École du bourg",
            Residency.OUTSIDE,
            "« Stage » : cette activité est réservée aux familles de la commune, aux enfants de : École du bourg. "
            "Écrivez au service si vous avez déménagé.",
        ),
    ],
)
async def test_a_child_that_the_activity_does_not_take_is_told_whom_it_takes(
    town: Town, school: str, residency: Residency, says: str
) -> None:
    family = await home(town, school, residency=residency)
    with town.asked_by(family.parent) as ctx, refused(Code.ENROLMENT_NOT_OPEN) as caught:
        await enrol(ctx, family.child, "stage", YEAR)
    assert (caught.value.message, caught.value.facts) == (says, {"contact": "enfance@village.fr"})


async def test_an_agent_enrols_a_child_whatever_the_activity_asks(town: Town) -> None:
    family, agent = await home(town, "École du lac"), await add_agent(town)
    given = {"householdId": global_id("Household", family.id), **wanted(family)}
    first, again = [await ask(town, agent, RECORD, given) for _ in range(2)]
    enrolment = {"state": "ACTIVE", "firstDay": "2026-10-05", "lastDay": "2027-08-31"}
    assert first == again == {"enrolment": enrolment, "userErrors": []}
    nobody = await ask(town, agent, RECORD, {**given, "childId": global_id("Child", uuid4())})
    assert [(error["code"], error["field"]) for error in nobody["userErrors"]] == [("NOT_FOUND", ["input", "childId"])]


async def enrolled(town: Town, family: Family) -> str:
    """The first child is in the course; returns the enrolment's identifier."""
    asked = (await ask(town, family.parent, CREATE, wanted(family)))["enrolment"]
    await decide(town, asked["requestId"], accept=True)
    return str(asked["id"])


async def test_an_enrolment_ends_from_a_day_on_and_is_taken_up_again_by_a_new_request(town: Town) -> None:
    family = await home(town)
    key = await enrolled(town, family)
    ended = await ask(town, family.parent, END, {"id": key, "firstDayWithout": "2026-11-01", "reason": "Déménagement"})
    twice = await ask(town, family.parent, END, {"id": key, "firstDayWithout": "2026-11-02"})
    assert ended == {"enrolment": {"state": "ENDED", "lastDay": "2026-10-31"}, "userErrors": []}
    assert [error["message"] for error in twice["userErrors"]] == [
        "L'enfant n'est pas inscrit ce jour-là : l'inscription se termine déjà le samedi 31 octobre 2026."
    ]
    with town.at_work():
        end = (await Request.all().order_by("-number"))[0]
    assert (end.title, end.state.name) == (
        "Fin d'inscription d'Enfant1 : Stage, à partir du dimanche 1er novembre 2026",
        "ACCEPTED",
    )
    back = (await ask(town, family.parent, CREATE, wanted(family)))["enrolment"]
    waiting = (await ask(town, family.parent, CREATE, wanted(family)))["enrolment"]
    await decide(town, back["requestId"], accept=True)
    with town.at_work():
        row = await EnrolmentRow.get()
    assert back == waiting
    assert (back["state"], back["lastDay"]) == ("ENDED", "2026-10-31")
    assert (row.state, row.first_day, row.last_day) == (
        EnrolmentState.ACTIVE,
        date(2026, 10, 5),
        date(2027, 8, 31),
    )


async def test_an_ended_enrolment_that_waits_for_an_answer_of_the_family_is_not_asked_twice(town: Town) -> None:
    family, agent = await home(town), await add_agent(town)
    key = await enrolled(town, family)
    await ask(town, family.parent, END, {"id": key, "firstDayWithout": "2026-11-01"})
    back = (await ask(town, family.parent, CREATE, wanted(family)))["enrolment"]
    with town.asked_by(agent) as ctx:
        request = require_uuid(back["requestId"], "Request", what="Demande", field="id")
        await answer_request(ctx, request, "À temps plein ?", awaits_family=True)
    again = (await ask(town, family.parent, CREATE, wanted(family)))["enrolment"]
    assert again["requestId"] == back["requestId"]


async def test_an_enrolment_that_ends_before_it_began_is_ended(town: Town) -> None:
    family, agent = await home(town), await add_agent(town)
    key = await enrolled(town, family)
    ended = await ask(town, agent, END, {"id": key, "firstDayWithout": "2026-10-05"})
    assert ended == {"enrolment": {"state": "ENDED", "lastDay": "2026-10-04"}, "userErrors": []}


async def test_days_that_are_booked_or_waited_for_are_cancelled_first(town: Town) -> None:
    family = await home(town)
    key = await enrolled(town, family)
    town.on(date(2026, 12, 1))
    days = [date(2026, 12, day) for day in (7, 8, 10, 11)]
    days_wanted = wish(family.child, "stage", *((day, "seance") for day in days))
    await book(town, family.parent, order(days_wanted, window=Window(days[0], days[-1])))
    await wait(town, family, [date(2026, 12, 14), date(2026, 12, 15)])
    left = await ask(town, family.parent, END, {"id": key, "firstDayWithout": "2026-12-08"})
    assert left["userErrors"] == [
        {
            "code": "STATE_CONFLICT",
            "field": ["input", "firstDayWithout"],
            "message": "Il reste des réservations ou des attentes à partir du mardi 8 décembre 2026 : mardi 8 décembre "
            "2026 (Séance), jeudi 10 décembre 2026 (Séance), vendredi 11 décembre 2026 (Séance), lundi 14 décembre "
            "2026 (Séance) et mardi 15 décembre 2026 (Séance). Annulez-les d'abord, ou choisissez un jour plus tard.",
        }
    ]


async def wait(town: Town, family: Family, days: list[date]) -> None:
    """The first child waits for some days of the course."""
    with town.at_work() as ctx:
        for day in days:
            await WaitingEntry.create(
                household_id=family.id,
                child_id=family.child,
                activity="stage",
                unit="seance",
                day=day,
                account_id=family.parent.viewer.account_id,
                asked_at=ctx.now,
                changed_at=ctx.now,
            )


async def test_nobody_ends_an_enrolment_in_the_past_or_one_that_is_not_decided_or_that_of_others(town: Town) -> None:
    family, other = await home(town), await add_family(town, "AUTRE")
    reader = await sign_in(town, await add_parent(town, family.id, "Luc TEST", books=False))
    asked = (await ask(town, family.parent, CREATE, wanted(family)))["enrolment"]
    undecided = await ask(town, family.parent, END, {"id": asked["id"], "firstDayWithout": "2026-11-01"})
    await decide(town, asked["requestId"], accept=True)
    given = {"id": asked["id"], "firstDayWithout": "2026-11-01"}
    answers = [
        undecided,
        await ask(town, family.parent, END, {**given, "firstDayWithout": "2026-10-04"}),
        await ask(town, other.parent, END, given),
        await ask(town, reader, END, given),
        await ask(town, await add_agent(town, frozenset()), END, given),
        await ask(town, family.parent, END, {**given, "id": global_id("Enrolment", UUID(int=0))}),
    ]
    assert [answer["userErrors"][0]["code"] for answer in answers] == [
        "STATE_CONFLICT",
        "INVALID",
        "NOT_FOUND",
        "NOT_FOUND",
        "NOT_FOUND",
        "NOT_FOUND",
    ]


async def test_the_service_of_an_activity_follows_who_asks_to_be_enrolled_in_it(town: Town) -> None:
    family, agent = await home(town, services=["ailleurs"]), await add_agent(town, services=["enfance"])
    with town.asked_by(family.parent) as ctx:
        enrolment = await enrol(ctx, family.child, "stage", YEAR)
        await enrol(ctx, family.child, "stage", YEAR)
    with town.asked_by(agent):
        (household,) = await Household.all()
        assert await Request.filter(id=enrolment.request_id).exists()
    assert household.services == ["ailleurs", "enfance"]


async def test_a_child_whose_age_is_not_known_does_not_enter_where_ages_are_limited(melle: Town) -> None:
    family = await add_family(melle)
    with melle.at_work():
        await Person.filter(id=family.child).update(birth_date=None)
    with melle.asked_by(family.parent) as ctx, refused(Code.ENROLMENT_NOT_OPEN) as caught:
        await enrol(ctx, family.child, "accueil-jeunes", YEAR)
    assert caught.value.message == (
        "« Accueil de jeunes » : cette activité est ouverte aux enfants de 12 à 17 ans ; la date de naissance "
        "d'Enfant1 n'est pas connue du service. Écrivez-lui pour la donner."
    )
