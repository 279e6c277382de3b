"""The list of a day on paper: downloaded by who checks attendance, with what the file of each child says."""

from datetime import date
from typing import Any

import pytest

from gateway.database import Databases
from plugins.rules.day_papers import PaperChild
from plugins.rules.french import NBSP
from resolvers.context import AgentRight
from resolvers.days.day_papers import Asked, paper_of
from resolvers.models import AbsentDay, DossierReading
from resolvers.models.keys import new_key
from schema.portal import schema
from tests.doors import ask, cookie_of, portal_of
from tests.eating import expect, file_says
from tests.towns import Signed, Town, add_agent, add_family, statements

pytestmark = pytest.mark.anyio

MONDAY = date(2026, 11, 2)
CANTEEN, EVENING = ("restauration", "repas"), ("garderie", "soir")
URL = """query($site: String, $activity: String) {
  dayList(day: "2026-11-02", site: $site, activity: $activity) { pdfUrl } }"""


@pytest.fixture
def melle(databases: Databases) -> Town:
    """Its yearly file asks for health online."""
    return Town.called("melle")


async def path_of(town: Town, by: Signed, **variables: Any) -> str:
    """Where the list of Monday is downloaded."""
    with town.asked_by(by) as ctx:
        result = await schema.execute(URL, variables, context_value=ctx)
    assert result.errors is None, result.errors
    assert result.data is not None
    url: str = result.data["dayList"]["pdfUrl"]
    return url.removeprefix("https://portail.example/")


async def test_the_sheets_say_who_comes_what_to_know_and_who_fetches(melle: Town) -> None:
    family = await add_family(melle, children=("Enfant1", "Enfant2"))
    ill = family.children["Enfant2"]
    for child in family.children.values():
        await expect(melle, family, child, MONDAY, CANTEEN)
    await expect(melle, family, family.child, MONDAY, EVENING)
    await file_says(melle, family.id, family.child, {"allergies": "yes", "allergies-precisions": "Arachides"})
    with melle.at_work() as ctx:
        told: dict[str, Any] = {"percent_due": 0, "reason": "maladie", "report_id": new_key(), "decided_at": ctx.now}
        slot: dict[str, Any] = {"child_id": ill, "day": MONDAY, "activity": "restauration", "unit": "repas"}
        await AbsentDay.create(household_id=family.id, **slot, **told)
    with melle.asked_by(await add_agent(melle, frozenset({AgentRight.ATTENDANCE}))) as ctx:
        paper = await paper_of(ctx, MONDAY, Asked(activity="restauration"))
        assert await DossierReading.all().count() == 1
    assert paper is not None
    (sheet,) = paper.sheets
    adults = ("Parent TEST : vient chercher, à appeler",)
    assert sheet.children == (
        PaperChild(name="TEST Enfant1", about=(f"8{NBSP}ans",), health=("Allergies : Arachides",), adults=adults),
        PaperChild(
            name="TEST Enfant2",
            about=(f"7{NBSP}ans",),
            health=("Inconnue : aucun dossier reçu",),
            adults=adults,
            absence="maladie",
        ),
    )
    assert (paper.team, sheet.label, sheet.say()) == (
        "Équipe d'accueil",
        "Restauration scolaire, Repas, Écoles communautaires",
        "1 enfant attendu, 1 absence signalée.",
    )


async def test_only_who_checks_attendance_downloads_it_and_a_wrong_day_is_said(melle: Town, database_url: str) -> None:
    family = await add_family(melle)
    await expect(melle, family, family.child, MONDAY, CANTEEN)
    agent = await add_agent(melle, frozenset({AgentRight.ATTENDANCE}))
    other = await add_agent(melle, frozenset({AgentRight.BILLING}))
    path, portal = await path_of(melle, agent), portal_of(melle, database_url)
    statuses, types = [], set()
    for reader in (agent, other, family.parent):
        cookie = await cookie_of(melle, reader)
        wanted = (path, path.replace("2026-11-02", "hier"))
        answers = [await ask(portal, "GET", each, cookie) for each in wanted]
        statuses.append([answer.status_code for answer in answers])
        types.add((answers[0].status_code, answers[0].headers["content-type"]))
    assert statuses == [[200, 400], [404, 400], [404, 400]]
    assert (200, "application/pdf") in types


async def test_more_children_than_one_reads_on_paper_are_refused_and_the_others_cost_no_more_each(
    melle: Town, database_url: str
) -> None:
    agent, portal = await add_agent(melle, frozenset({AgentRight.ATTENDANCE})), portal_of(melle, database_url)
    cookie, path, costs = await cookie_of(melle, agent), await path_of(melle, agent), []
    for place, size in enumerate((1, 39, 261)):
        family = await add_family(melle, children=tuple(f"Enfant{place}x{number}" for number in range(size)))
        for child in family.children.values():
            await expect(melle, family, child, MONDAY, CANTEEN)
        with statements() as sent:
            answer = await ask(portal, "GET", path, cookie)
        costs.append((answer.status_code, len(sent)))
    assert [status for status, _ in costs] == [200, 200, 400]
    assert costs[0][1] == costs[1][1] <= 20
    (error,) = answer.json()["errors"]
    assert error["message"] == "301 enfants ce jour-là : choisissez un lieu ou un accueil, 300 enfants au plus."
