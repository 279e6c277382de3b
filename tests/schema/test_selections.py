"""What a family wants, as a client writes it: rhythms, presets, copies; previewed, committed, refused in French."""

from collections.abc import Mapping
from typing import Any

import pytest

from gateway.database import Databases
from schema.portal import schema
from schema.relay import global_id
from tests.towns import Family, Town, add_family

PREVIEW = """mutation($input: BookingsPreviewInput!) { bookingsPreview(input: $input) {
  userErrors { code field message } plan { changeCount refusedCount skippedCount skipped { day unit verdict reason }
    units { day unit wanted verdict } }
} }"""
COMMIT = """mutation($input: BookingsCommitInput!) { bookingsCommit(input: $input) { userErrors { code field message }
  receipt { changes { childId day unit kind } } skipped { childId day unit verdict } } }"""
NOVEMBER = {"firstDay": "2026-11-01", "lastDay": "2026-11-30"}
HOLIDAYS = {"firstDay": "2026-10-17", "lastDay": "2026-10-31"}

pytestmark = pytest.mark.anyio


@pytest.fixture
async def family(databases: Databases) -> tuple[Town, Family]:
    """Two children of Chavagne who eat at school and come in the holidays."""
    town = Town.called("chavagne")
    return town, await add_family(town, enrolled=("restauration", "alsh-vacances"))


async def ask(asked: tuple[Town, Family], document: str, window: Mapping[str, str], *selections: object) -> Any:
    """The payload of a mutation."""
    town, family = asked
    with town.asked_by(family.parent) as ctx:
        values = {"input": {**window, "selections": list(selections)}}
        result = await schema.execute(document, values, context_value=ctx)
    assert result.errors is None
    assert result.data is not None
    (payload,) = result.data.values()
    return payload


def selection(
    family: Family, child: str = "Enfant1", activity: str = "restauration", **given: object
) -> dict[str, Any]:
    """What is wanted for a child, in the words of the schema."""
    return {"childId": global_id("Child", family.children[child]), "activity": activity, **given}


def rhythm(**given: object) -> dict[str, Any]:
    """A meal at a rhythm."""
    return {"units": ["repas"], **given}


async def test_le_mesnil_s_rhythms_are_previewed_then_booked_and_copied_for_a_sibling(
    family: tuple[Town, Family],
) -> None:
    _, household = family
    twice_a_week = rhythm(weekdays=[1, 4], oneWeekIn=2, startsOn="2026-09-07")
    wanted = [
        selection(household, rhythms=[twice_a_week, rhythm(weekdays=[3], until="2026-11-10")]),
        selection(household, "Enfant2", likeChildId=global_id("Child", household.children["Enfant1"])),
    ]
    preview = await ask(family, PREVIEW, NOVEMBER, *wanted)
    assert preview["userErrors"] == []
    plan = preview["plan"]
    days = [f"2026-11-{day:02}" for day in (2, 5, 16, 19, 30)]
    assert [each["day"] for each in plan["units"] if each["wanted"]] == [day for day in days for _ in (1, 2)]
    assert (plan["changeCount"], plan["refusedCount"], plan["skippedCount"]) == (10, 0, 2)
    assert plan["skipped"][0] == {
        "day": "2026-11-04",
        "unit": "repas",
        "verdict": "CLOSED_DAY",
        "reason": "Enfant1 : Repas du midi : pas d'accueil le mercredi 4 novembre 2026.",
    }
    done = await ask(family, COMMIT, NOVEMBER, *wanted)
    assert done["userErrors"] == []
    assert sorted({(change["day"], change["kind"]) for change in done["receipt"]["changes"]}) == [
        (day, "BOOKED") for day in days
    ]
    assert [each["day"] for each in done["skipped"]] == ["2026-11-04", "2026-11-04"]


async def test_a_preset_brings_its_units_and_what_cannot_be_booked_is_left_out_on_demand(
    family: tuple[Town, Family],
) -> None:
    wanted: dict[str, Any] = {
        "activity": "alsh-vacances",
        "rhythms": [{"preset": "journee", "startsOn": "2026-10-19", "until": "2026-10-20"}],
    }
    refused = await ask(family, COMMIT, HOLIDAYS, selection(family[1], **wanted))
    assert {error["code"] for error in refused["userErrors"]} == {"TOO_LATE"}
    done = await ask(family, COMMIT, HOLIDAYS, selection(family[1], **wanted, skip="REFUSED"))
    assert [(each["day"], each["unit"]) for each in done["receipt"]["changes"]] == [
        ("2026-10-20", "apres-midi"),
        ("2026-10-20", "matin"),
        ("2026-10-20", "repas"),
    ]
    assert {(each["day"], each["verdict"]) for each in done["skipped"]} == {("2026-10-19", "TOO_LATE")}


async def test_a_month_comes_again_on_top_of_what_is_kept(family: tuple[Town, Family]) -> None:
    _, household = family
    first = {"day": "2026-11-03", "units": ["repas"]}
    await ask(family, COMMIT, NOVEMBER, selection(household, ticks=[first]))
    december = {"firstDay": "2026-12-01", "lastDay": "2026-12-31"}
    tick = {"day": "2026-12-03", "units": ["repas"]}
    await ask(family, COMMIT, december, selection(household, ticks=[tick]))
    done = await ask(family, COMMIT, december, selection(household, likeMonth="2026-11-20", keep=True))
    assert [(each["day"], each["kind"]) for each in done["receipt"]["changes"]] == [("2026-12-01", "BOOKED")]


@pytest.mark.parametrize(
    ("given", "code", "field", "words"),
    [
        ({"rhythms": [{}]}, "INVALID", "rhythms", "Ce rythme ne se lit pas"),
        ({"rhythms": [{"units": ["repas"], "oneWeekIn": 5}]}, "INVALID", "rhythms", "une semaine sur 1 à 4"),
        ({"rhythms": [{"units": ["repas"], "weekdays": [8]}]}, "INVALID", "rhythms", "des jours de 1 (lundi) à 7"),
        ({"rhythms": [{"units": ["repas"], "until": "2026-10-01"}]}, "INVALID", "rhythms", "un dernier jour"),
        ({"rhythms": [{"units": ["repas"]}] * 21}, "INVALID", "rhythms", "Au plus 20 rythmes"),
        ({"rhythms": [{"units": ["poney"]}]}, "NOT_FOUND", "rhythms", "Prestation : introuvable"),
        ({"likeChildId": "rien"}, "NOT_FOUND", "likeChildId", "Enfant : introuvable"),
    ],
)
async def test_what_cannot_be_read_is_refused_in_french(
    family: tuple[Town, Family], given: dict[str, Any], code: str, field: str, words: str
) -> None:
    payload = await ask(family, PREVIEW, NOVEMBER, selection(family[1], **given))
    (error,) = payload["userErrors"]
    assert (error["code"], error["field"]) == (code, ["input", "selections", "0", field])
    assert words in error["message"]
