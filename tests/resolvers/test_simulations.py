"""« Simulation des tarifs »: what it says of a month is what the invoice of that month says."""

from datetime import date
from typing import Any

import pytest

from plugins.rules.prices import Residency
from resolvers.billing.billing import Month
from resolvers.billing.simulations import Habit, Simulation, Supposed, SupposedChild, simulate
from resolvers.context import ANONYMOUS
from resolvers.errors import Code
from resolvers.models.keys import new_key
from resolvers.models.scope import NOTHING
from schema.portal import schema
from tests.invoicing import FIRST_OF_DECEMBER, NOVEMBER, checked, issued, lines_as_text, prepared
from tests.orders import book, order, wish
from tests.refusals import refused
from tests.towns import Signed, Town, add_agent, add_family

pytestmark = [pytest.mark.anyio, pytest.mark.database]

VISITOR = Signed(ANONYMOUS, NOTHING)
MEALS_ON_MONDAY = Habit("restauration", ("repas",), frozenset({1}))
EVERY_EVENING = Habit("periscolaire", ("garderie-soir",))
MONDAYS = [date(2026, 11, day) for day in (2, 9, 16, 23, 30)]
ASK = """mutation($input: TariffSimulateInput!) { tariffSimulate(input: $input) {
  simulation { total { amount } assumptions lines { child unit quantity unitPrice { amount } detail } }
  userErrors { code field } } }"""


def supposed(*children: SupposedChild, month: Month = NOVEMBER, **situation: Any) -> Supposed:
    """A situation in November 2026."""
    return Supposed(month, children, **situation)


async def simulated(town: Town, situation: Supposed, by: Signed = VISITOR) -> Simulation:
    """Simulate as one request."""
    with town.asked_by(by) as ctx:
        return await simulate(ctx, situation)


async def test_a_visitor_is_told_what_the_invoice_of_the_same_days_says(chavagne: Town) -> None:
    family = await add_family(chavagne, children=("Enfant1", "Enfant2"), enrolled=("restauration",), quotient=650)
    agent = await add_agent(chavagne)
    meals = [(day, "repas") for day in MONDAYS]
    await book(
        chavagne, family.parent, order(*(wish(child, "restauration", *meals) for child in family.children.values()))
    )
    chavagne.on(FIRST_OF_DECEMBER)
    await checked(chavagne, agent)
    await prepared(chavagne, agent)
    (invoice,) = await issued(chavagne, agent)
    two = [SupposedChild((MEALS_ON_MONDAY,), f"Enfant{place}", date(2017 + place, 3, 14)) for place in (1, 2)]
    told = await simulated(chavagne, supposed(*two, quotient=650))
    assert [
        (f"{line.child} TEST", line.unit, line.quantity, line.unit_cents, line.total_cents) for line in told.lines
    ] == await lines_as_text(chavagne, invoice)
    assert told.assumptions == ("Chaque jour est réservé à temps, et votre enfant vient : ni retard, ni absence.",)


async def test_a_family_names_its_household_and_its_quotient_counts(chavagne: Town) -> None:
    family = await add_family(chavagne, quotient=650)
    own = supposed(SupposedChild((EVERY_EVENING,), child_id=family.child), household_id=family.id)
    described = supposed(SupposedChild((EVERY_EVENING,), "Enfant1", date(2018, 3, 14)), quotient=650)
    theirs, visitors = await simulated(chavagne, own, family.parent), await simulated(chavagne, described)
    assert theirs.total_cents == visitors.total_cents > 0
    assert (await simulated(chavagne, supposed(*described.children))).total_cents > visitors.total_cents


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        (supposed(), Code.INVALID),
        (supposed(*[SupposedChild(())] * 9), Code.INVALID),
        (supposed(SupposedChild((MEALS_ON_MONDAY,) * 21)), Code.INVALID),
        (supposed(SupposedChild((Habit("restauration", ("repas",), frozenset({0})),))), Code.INVALID),
        (supposed(SupposedChild((MEALS_ON_MONDAY,)), quotient=-1), Code.INVALID),
        (supposed(SupposedChild((Habit("piscine", ("bain",)),))), Code.NOT_FOUND),
        (supposed(SupposedChild((Habit("restauration", ("bain",)),))), Code.NOT_FOUND),
        (supposed(SupposedChild((MEALS_ON_MONDAY,)), household_id=new_key()), Code.NOT_FOUND),
    ],
)
async def test_what_cannot_be_priced_is_refused(chavagne: Town, situation: Supposed, code: Code) -> None:
    with refused(code):
        await simulated(chavagne, situation)


async def test_the_child_of_somebody_else_is_not_found(chavagne: Town) -> None:
    family, other = await add_family(chavagne), await add_family(chavagne, "AUTRE")
    stranger = supposed(SupposedChild((MEALS_ON_MONDAY,), child_id=other.child), household_id=family.id)
    with refused(Code.NOT_FOUND):
        await simulated(chavagne, stranger, family.parent)


async def test_what_is_taken_for_granted_is_told(chavagne: Town) -> None:
    told = await simulated(
        chavagne, supposed(SupposedChild((MEALS_ON_MONDAY,)), month=Month(2027, 8), residency=Residency.OUTSIDE)
    )
    assert told == Simulation(
        (),
        (
            "Chaque jour est réservé à temps, et votre enfant vient : ni retard, ni absence.",
            "Aucun quotient familial n'est donné : le tarif prévu dans ce cas est appliqué.",
            "Vous habitez hors de la commune.",
            "L'âge n'est pas connu : Enfant 1.",
            "Aucun de ces jours n'est ouvert ce mois-là.",
        ),
    )


async def test_over_graphql_a_visitor_reads_lines_that_add_up(chavagne: Town) -> None:
    asked = {
        "month": "2026-11",
        "quotient": 650,
        "children": [
            {
                "firstName": "Enfant1",
                "birthDate": "2018-03-14",
                "habits": [{"activity": "restauration", "units": ["repas"], "weekdays": [1]}],
            }
        ],
    }
    with chavagne.asked_by(VISITOR) as ctx:
        answer = await schema.execute(ASK, variable_values={"input": asked}, context_value=ctx)
    assert answer.errors is None and answer.data is not None
    simulation = answer.data["tariffSimulate"]["simulation"]
    (line,) = simulation["lines"]
    assert (line["child"], line["unit"], line["quantity"]) == ("Enfant1", "Repas du midi", 5)
    assert float(simulation["total"]["amount"]) == 5 * float(line["unitPrice"]["amount"])
    assert line["detail"][-1] == "les 2, 9, 16, 23 et 30 novembre"
