"""A school year for two children: one preview, one commit, one agenda, each in as many statements as a fortnight."""

from datetime import date
from typing import Any

import pytest

from gateway.database import Databases
from plugins.rules.french import NBSP
from schema.portal import schema
from schema.relay import global_id
from tests.towns import Family, Town, add_family, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]

ACTIVITIES = ("restauration", "periscolaire", "alsh-mercredi")
FORTNIGHT, YEAR = ("2026-11-16", "2026-11-27"), ("2026-10-12", "2027-07-02")
AGENDA = """query($first: Date!, $last: Date!) { viewer { households { agenda(firstDay: $first, lastDay: $last) {
  holidays { label } units { day childId activity unit verdict placesLeft } } } } }"""
PREVIEW = """mutation($input: BookingsPreviewInput!) { bookingsPreview(input: $input) {
  userErrors { code } plan { changeCount refusedCount change { amount } } } }"""
COMMIT = """mutation($input: BookingsCommitInput!) { bookingsCommit(input: $input) {
  userErrors { code } receipt { change { amount } changes { day unit } } } }"""


@pytest.fixture
def town(databases: Databases) -> Town:
    """Chavagne, at the end of September: most of the year is still to book."""
    town = Town.called("chavagne")
    town.on(date(2026, 9, 28))
    return town


async def ask(town: Town, family: Family, document: str, variables: dict[str, Any]) -> tuple[Any, int]:
    """What a family is answered, and in how many statements."""
    with town.asked_by(family.parent) as ctx, statements() as sent:
        answer = await schema.execute(document, variables, context_value=ctx)
    assert answer.errors is None, answer.errors
    return answer.data, len(sent)


async def bookable(town: Town, family: Family, window: tuple[str, str]) -> tuple[list[Any], int]:
    """What the agenda of all the children says can be booked, and in how many statements."""
    data, sent = await ask(town, family, AGENDA, {"first": window[0], "last": window[1]})
    (household,) = data["viewer"]["households"]
    return [unit for unit in household["agenda"]["units"] if unit["verdict"] == "BOOKABLE"], sent


def everything(family: Family, window: tuple[str, str], units: list[Any]) -> dict[str, Any]:
    """All of these units, wanted at once."""
    ticks: dict[tuple[str, str], dict[str, list[str]]] = {}
    for unit in units:
        days = ticks.setdefault((unit["childId"], unit["activity"]), {})
        days.setdefault(unit["day"], []).append(unit["unit"])
    selections = [
        {"childId": child, "activity": code, "ticks": [{"day": day, "units": each} for day, each in days.items()]}
        for (child, code), days in ticks.items()
    ]
    return {"input": {"firstDay": window[0], "lastDay": window[1], "selections": selections}}


async def test_a_year_costs_as_many_statements_as_a_fortnight(town: Town) -> None:
    sent: list[tuple[int, int, int]] = []
    counted: list[int] = []
    for window in (FORTNIGHT, YEAR):
        family = await add_family(town, children=("Enfant1", "Enfant2"), enrolled=ACTIVITIES)
        units, for_agenda = await bookable(town, family, window)
        wanted = everything(family, window, units)
        previewed, for_preview = await ask(town, family, PREVIEW, wanted)
        committed, for_commit = await ask(town, family, COMMIT, wanted)
        plan, receipt = previewed["bookingsPreview"]["plan"], committed["bookingsCommit"]["receipt"]
        assert (plan["changeCount"], plan["refusedCount"], plan["change"]) == (len(units), 0, receipt["change"])
        booked = sorted((line["day"], line["unit"]) for line in receipt["changes"])
        assert booked == sorted((unit["day"], unit["unit"]) for unit in units)
        assert await bookable(town, family, window) == ([], for_agenda)
        sent.append((for_agenda, for_preview, for_commit))
        counted.append(len(units))
    assert (sent[0], counted[1] > 1000) == (sent[1], True), counted
    assert len(units) > 1000
    (mail,) = [mail for mail in await town.mails("bookings:") if mail.recipient == family.parent.viewer.email]
    told = [line for line in mail.body.splitlines() if line.startswith("- Réservé : ")]
    meals = [line for line in told if "Enfant1, Restauration scolaire" in line]
    price = f"2,50{NBSP}€"
    assert meals == [
        f"- Réservé : Enfant1, Restauration scolaire, Repas du midi ({price}) : 116 jours du 12 octobre 2026 au 2 "
        "juillet 2027, le lundi, le mardi, le jeudi et le vendredi"
    ]
    assert len(told) == len({(unit["childId"], unit["activity"], unit["unit"]) for unit in units})
    assert {unit["childId"] for unit in units} == {global_id("Child", child) for child in family.children.values()}
