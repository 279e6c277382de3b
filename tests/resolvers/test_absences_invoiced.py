"""What a month's invoice charges of reported absences: nothing, all, or the part that was decided, with why."""

from datetime import date

import pytest

from plugins.rules.french import NBSP, euros
from resolvers.billing.invoices import lines_of_invoices
from resolvers.days.sights import Check
from resolvers.errors import Code
from resolvers.models import AbsentDay
from resolvers.models.bookings import Presence
from resolvers.models.keys import new_key
from tests.invoicing import FIRST_OF_DECEMBER, MONDAY, THURSDAY, TUESDAY, checked, fed_family, issued, prepared
from tests.refusals import refused
from tests.towns import Family, Town, add_agent

pytestmark = [pytest.mark.anyio, pytest.mark.database]

MEAL = f"Quotient familial 650 : tranche de 401 à 800 : {euros(250)}"


async def decided(town: Town, family: Family, day: date, percent: int) -> None:
    """An absence from the canteen, of which so much stays due."""
    with town.at_work() as ctx:
        await AbsentDay.create(
            household_id=family.id,
            report_id=new_key(),
            child_id=family.child,
            activity="restauration",
            unit="repas",
            day=day,
            percent_due=percent,
            reason="maladie",
            decided_at=ctx.now,
        )


def meals(family: Family, presence: Presence, *days: date) -> list[Check]:
    """The same seen at the canteen on several days."""
    return [Check(family.child, "restauration", "repas", day, presence) for day in days]


@pytest.mark.parametrize(
    ("presence", "percent", "charged"),
    [
        (Presence.ABSENT_UNJUSTIFIED, 0, []),
        (Presence.ABSENT_JUSTIFIED, 0, []),
        (Presence.ABSENT_UNJUSTIFIED, 100, [(250, ["Absence signalée : maladie", MEAL, "le 2 novembre"])]),
        (Presence.ABSENT_JUSTIFIED, 100, [(250, ["Absence signalée : maladie", MEAL, "le 2 novembre"])]),
        (
            Presence.ABSENT_UNJUSTIFIED,
            75,
            [
                (
                    188,
                    [
                        "Absence signalée : maladie",
                        MEAL,
                        f"Absence : 75{NBSP}% du prix restent dus, au centime le plus proche : {euros(-62)}",
                        "le 2 novembre",
                    ],
                )
            ],
        ),
        (Presence.PRESENT, 0, [(250, [MEAL, "le 2 novembre"])]),  # the child came all the same
    ],
)
async def test_an_absence_is_charged_by_what_was_decided_of_it(
    chavagne: Town, presence: Presence, percent: int, charged: list[tuple[int, list[str]]]
) -> None:
    family, agent = await fed_family(chavagne, "TEST", (MONDAY, "repas")), await add_agent(chavagne)
    await decided(chavagne, family, MONDAY, percent)
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(chavagne, agent, *meals(family, presence, MONDAY))
    drafts = (await prepared(chavagne, agent)).drafts
    with chavagne.at_work():
        lines = [line for rows in await lines_of_invoices([draft.id for draft in drafts]) for line in rows]
    assert [(line.total_cents, line.detail) for line in lines] == charged


async def test_without_report_a_justified_absence_is_free_and_another_one_is_due(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(
        chavagne,
        agent,
        *meals(family, Presence.ABSENT_JUSTIFIED, MONDAY),
        *meals(family, Presence.ABSENT_UNJUSTIFIED, TUESDAY, THURSDAY),
    )
    (draft,) = (await prepared(chavagne, agent)).drafts
    assert draft.total_cents == 500


async def test_what_becomes_due_after_the_drafts_stops_their_issue(chavagne: Town) -> None:
    family, agent = await fed_family(chavagne), await add_agent(chavagne)
    await decided(chavagne, family, MONDAY, 0)
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(chavagne, agent, *meals(family, Presence.ABSENT_JUSTIFIED, MONDAY))
    assert (await prepared(chavagne, agent)).total_cents == 500
    with chavagne.at_work():
        await AbsentDay.all().update(percent_due=100)
    with refused(Code.STATE_CONFLICT):
        await issued(chavagne, agent)
    assert (await prepared(chavagne, agent)).total_cents == 750
    assert len(await issued(chavagne, agent)) == 1
