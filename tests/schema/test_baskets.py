"""Step 2 of the guide of Chailles over GraphQL: the basket fills, one validates it; nothing is booked before."""

from typing import Any

import pytest

from gateway.database import Databases
from schema.portal import schema
from schema.relay import global_id
from tests.towns import Family, Signed, Town, add_family, add_parent, sign_in

NOVEMBER: dict[str, Any] = {"firstDay": "2026-11-01", "lastDay": "2026-11-30"}
BASKET = """version firstDay lastDay keptUntil held { childId day pool until }
  selections { childId activity keep skip likeChildId likeMonth ticks { day units }
    rhythms { units preset weekdays oneWeekIn startsOn until sentence } }
  plan { changeCount refusedCount change { amount } units { day unit wanted verdict price { total { amount } } } }"""
READ = f"query($household: ID!) {{ basket(householdId: $household) {{ {BASKET} }} }}"
SAVE = f"""mutation($input: BasketSaveInput!) {{ basketSave(input: $input) {{ userErrors {{ code field message }}
  basket {{ {BASKET} }} latest {{ {BASKET} }} }} }}"""
EMPTY = """mutation($input: BasketEmptyInput!) { basketEmpty(input: $input) { userErrors { code field message }
  basket { version selections { activity } } latest { version } } }"""
COMMIT = """mutation($input: BasketCommitInput!) { basketCommit(input: $input) { userErrors { code field message }
  receipt { changes { day unit kind } } refused { day verdict } skipped { day verdict }
  basket { version selections { activity } plan { changeCount } } latest { version } } }"""

pytestmark = pytest.mark.anyio


class Chailles:
    """The commune, a family of two children at the canteen and the centre, and who asks."""

    def __init__(self, town: Town, family: Family) -> None:
        self.town, self.family = town, family
        self.household = global_id("Household", family.id)
        self.children = [global_id("Child", key) for key in family.children.values()]

    async def ask(self, document: str, by: Signed | None = None, **variables: Any) -> Any:
        """The only field of an answer without error."""
        with self.town.asked_by(by or self.family.parent) as ctx:
            result = await schema.execute(document, variables, context_value=ctx)
        assert result.errors is None
        assert result.data is not None
        (answer,) = result.data.values()
        return answer

    async def basket(self, by: Signed | None = None) -> Any:
        """The basket as somebody reads it."""
        return await self.ask(READ, by, household=self.household)

    async def change(self, document: str, by: Signed | None = None, **given: Any) -> Any:
        """The payload of a change of the basket."""
        return await self.ask(document, by, input={"householdId": self.household, **given})


@pytest.fixture
async def chailles(databases: Databases) -> Chailles:
    """Chailles on Monday 5 October 2026, at half past nine."""
    town = Town.called("chailles")
    return Chailles(town, await add_family(town, enrolled=("restauration", "centre-de-loisirs")))


def days(child: str, *days: str, activity: str = "centre-de-loisirs", unit: str = "journee") -> dict[str, Any]:
    return {"childId": child, "activity": activity, "ticks": [{"day": day, "units": [unit]} for day in days]}


async def test_the_basket_fills_and_one_validates_it(chailles: Chailles) -> None:
    first, second = chailles.children
    wanted = [
        days(first, "2026-11-04", "2026-11-18"),
        {
            "childId": second,
            "activity": "restauration",
            "rhythms": [{"units": ["repas"], "weekdays": [1, 2], "oneWeekIn": 2, "until": "2026-11-17"}],
            "skip": "REFUSED",
        },
    ]
    saved = await chailles.change(SAVE, version=0, selections=wanted, **NOVEMBER)
    assert saved["userErrors"] == []
    basket = saved["basket"]
    assert (basket["version"], basket["firstDay"], basket["lastDay"]) == (1, "2026-11-01", "2026-11-30")
    assert basket["keptUntil"] == "2026-10-20T07:30:00Z"
    assert basket["held"] == [
        {"childId": first, "day": day, "pool": "centre", "until": "2026-10-05T08:00:00Z"}
        for day in ("2026-11-04", "2026-11-18")
    ]
    assert (basket["plan"]["changeCount"], basket["plan"]["refusedCount"]) == (4, 0)
    assert basket["plan"]["change"]["amount"] == "26.70"
    assert await chailles.basket() == basket
    done = await chailles.change(COMMIT, version=1, idempotencyKey="valider")
    assert done["userErrors"] == []
    assert [(each["day"], each["unit"]) for each in done["receipt"]["changes"]] == [
        ("2026-11-04", "journee"),
        ("2026-11-09", "repas"),
        ("2026-11-10", "repas"),
        ("2026-11-18", "journee"),
    ]
    assert done["basket"] == {"version": 2, "selections": [], "plan": None}
    assert await chailles.change(COMMIT, version=1, idempotencyKey="valider") == done


async def test_a_basket_gives_back_the_selections_as_they_were_sent(chailles: Chailles) -> None:
    first, second = chailles.children
    rhythm = {"units": [], "preset": None, "weekdays": [1], "oneWeekIn": 2, "startsOn": "2026-09-07", "until": None}
    sent = [
        {
            "childId": first,
            "activity": "restauration",
            "keep": True,
            "skip": "CLOSED",
            "likeChildId": None,
            "likeMonth": "2026-10-01",
            "ticks": [{"day": "2026-11-03", "units": ["repas"]}],
            "rhythms": [{**rhythm, "units": ["repas"]}, {**rhythm, "units": ["repas"], "weekdays": []}],
        },
        {
            "childId": second,
            "activity": "restauration",
            "keep": False,
            "skip": "REFUSED",
            "likeChildId": first,
            "likeMonth": None,
            "ticks": [],
            "rhythms": [],
        },
    ]
    saved = await chailles.change(SAVE, version=0, selections=sent, **NOVEMBER)
    kept = saved["basket"]["selections"]
    sentences = [rhythm.pop("sentence") for selection in kept for rhythm in selection["rhythms"]]
    assert kept == sent
    assert sentences == [
        "le lundi, une semaine sur 2 à partir du lundi 7 septembre 2026",
        "tous les jours, une semaine sur 2 à partir du lundi 7 septembre 2026",
    ]


async def test_two_parents_fill_one_basket_and_neither_loses_what_the_other_saved(chailles: Chailles) -> None:
    first, _ = chailles.children
    other = await sign_in(chailles.town, await add_parent(chailles.town, chailles.family.id, "Autre TEST"))
    await chailles.change(SAVE, other, version=0, selections=[days(first, "2026-11-04")], **NOVEMBER)
    mine = [days(first, "2026-11-18")]
    refused = await chailles.change(SAVE, version=0, selections=mine, **NOVEMBER)
    (error,) = refused["userErrors"]
    assert (error["code"], error["field"], refused["basket"]) == ("CONFLICT", ["input", "version"], None)
    assert error["message"].startswith(
        "Ce panier a été modifié entre-temps sur un autre appareil ou par l'autre parent"
    )
    assert refused["latest"]["selections"][0]["ticks"] == [{"day": "2026-11-04", "units": ["journee"]}]
    saved = await chailles.change(SAVE, version=refused["latest"]["version"], selections=mine, **NOVEMBER)
    assert (saved["basket"]["version"], [each["day"] for each in saved["basket"]["held"]]) == (2, ["2026-11-18"])


async def test_a_basket_given_up_is_empty_and_one_that_is_too_late_says_so(chailles: Chailles) -> None:
    first, _ = chailles.children
    late: dict[str, Any] = {"firstDay": "2026-10-01", "lastDay": "2026-10-31"}
    saved = await chailles.change(SAVE, version=0, selections=[days(first, "2026-10-07", "2026-10-28")], **late)
    wanted = {unit["day"]: unit["verdict"] for unit in saved["basket"]["plan"]["units"] if unit["wanted"]}
    assert wanted == {"2026-10-07": "TOO_LATE", "2026-10-28": "BOOKABLE"}
    refused = await chailles.change(COMMIT, version=1)
    assert [error["code"] for error in refused["userErrors"]] == ["TOO_LATE"]
    assert (await chailles.basket())["version"] == 1
    emptied = await chailles.change(EMPTY, version=1)
    assert emptied["basket"] == {"version": 2, "selections": []}
    stale = await chailles.change(SAVE, version=1, selections=[days(first, "2026-11-04")], **NOVEMBER)
    assert [error["code"] for error in stale["userErrors"]] == ["CONFLICT"]


async def test_the_basket_of_others_is_null_and_cannot_be_changed(chailles: Chailles) -> None:
    others = await add_family(chailles.town, "AUTRE", enrolled=("centre-de-loisirs",))
    theirs = global_id("Child", others.child)
    assert await chailles.basket(others.parent) is None
    for document, given in (
        (SAVE, {"version": 0, "selections": [days(theirs, "2026-11-04")], **NOVEMBER}),
        (EMPTY, {"version": 0}),
        (COMMIT, {"version": 0}),
    ):
        refused = await chailles.change(document, others.parent, **given)
        assert [error["code"] for error in refused["userErrors"]] == ["NOT_FOUND"]
