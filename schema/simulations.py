"""« Simulation des tarifs »: what a month would cost, for any visitor or for a family."""

from datetime import date
from uuid import UUID

import strawberry

from plugins.rules.prices import Residency as ResidencyRule
from resolvers.billing import simulations
from resolvers.billing.billing import Month
from resolvers.billing.simulations import Habit, Supposed, SupposedChild
from resolvers.context import Context
from schema.billing import InvoiceLine
from schema.cost import LIST_SIZE
from schema.enums import Residency
from schema.payloads import Payload
from schema.relay import require_uuid
from schema.scalars import Money


@strawberry.input(description="Units of an activity that come back every week.")
class HabitInput:
    """See ``resolvers.billing.simulations.Habit``."""

    activity: str = strawberry.field(description="The activity's code.")
    units: list[str] = strawberry.field(description="The codes of its units.")
    weekdays: list[int] = strawberry.field(
        description="1 is Monday, 7 Sunday; every day that is open when empty.", default_factory=list
    )


@strawberry.input(description="A child of the simulation.")
class SimulatedChildInput:
    """See ``resolvers.billing.simulations.SupposedChild``."""

    habits: list[HabitInput] = strawberry.field(description="What the child comes to.")
    first_name: str = strawberry.field(description="How to call the child in the answer.", default="")
    birth_date: date | None = strawberry.field(
        description="Its age counts in some tariffs, and its rank among the children.", default=None
    )
    child_id: strawberry.ID | None = strawberry.field(
        description="The child, when `householdId` is given.", default=None
    )


@strawberry.input(description="Input of `tariffSimulate`.")
class TariffSimulateInput:
    """See ``resolvers.billing.simulations.Supposed``."""

    month: str = strawberry.field(description="Such as `2026-11`.")
    children: list[SimulatedChildInput] = strawberry.field(description="At most eight children, twenty habits in all.")
    quotient: int | None = strawberry.field(
        description="The « quotient familial » in euros a month; null when none is given.", default=None
    )
    residency: Residency = strawberry.field(
        description="Whether the household lives in the commune.", default=Residency.RESIDENT
    )
    household_id: strawberry.ID | None = strawberry.field(
        description="One's own household: its quotient, residency and children are then those of its file.",
        default=None,
    )


@strawberry.type(description="What a month would cost, line by line, as an invoice says it.")
class TariffSimulation:
    """See ``resolvers.billing.simulations.Simulation``."""

    lines: list[InvoiceLine] = strawberry.field(description="The lines, which add up.", metadata={LIST_SIZE: 40})
    total: Money = strawberry.field(description="What they add up to.")
    assumptions: list[str] = strawberry.field(description="What was taken for granted, in French.")


@strawberry.type(description="Answer of `tariffSimulate`.")
class TariffSimulatePayload(Payload):
    """The month."""

    simulation: TariffSimulation | None = strawberry.field(description="Null when refused.", default=None)


async def simulate(ctx: Context, input: TariffSimulateInput) -> TariffSimulatePayload:
    """Price a month; nothing is kept."""
    children = tuple(
        SupposedChild(
            habits=tuple(Habit(one.activity, tuple(one.units), frozenset(one.weekdays)) for one in child.habits),
            name=child.first_name[:80],
            born=child.birth_date,
            child_id=_child(child.child_id),
        )
        for child in input.children
    )
    home = input.household_id
    household_id = None if home is None else require_uuid(home, "Household", what="Foyer", field="householdId")
    month, residency = Month.parse(input.month), ResidencyRule[input.residency.name]
    found = await simulations.simulate(ctx, Supposed(month, children, input.quotient, residency, household_id))
    lines = [
        InvoiceLine(
            position=position,
            child=line.child,
            activity=line.activity,
            unit=line.unit,
            quantity=line.quantity,
            unit_price=Money.of(line.unit_cents),
            total=Money.of(line.total_cents),
            detail=list(line.detail),
        )
        for position, line in enumerate(found.lines)
    ]
    return TariffSimulatePayload(
        simulation=TariffSimulation(lines=lines, total=Money.of(found.total_cents), assumptions=list(found.assumptions))
    )


def _child(id: strawberry.ID | None) -> UUID | None:
    return None if id is None else require_uuid(id, "Child", what="Enfant", field="children")
