"""What the kitchen cooks, for agents."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from resolvers.agenda.plans import Window
from resolvers.context import Context
from resolvers.days import meals
from schema.cost import LIST_SIZE

LastMealDay = Annotated[date, strawberry.argument(description="The last day; at most 35 days later.")]


@strawberry.type(description="How many children follow a diet.")
class DietCount:
    """One diet « régime » and its meals."""

    label: str = strawberry.field(description="The diet, in French, as families chose it.")
    count: int = strawberry.field(description="How many of the children follow it.")


@strawberry.type(description="The meals of one unit on one day. Adults are not counted.")
class MealCount:
    """See ``resolvers.days.meals.MealCount``."""

    day: date = strawberry.field(description="The day.")
    site: str = strawberry.field(description="Where the meal is served.")
    activity: str = strawberry.field(description="The activity's code.")
    activity_label: str = strawberry.field(description="The activity's name, in French.")
    unit: str = strawberry.field(description="The unit's code.")
    unit_label: str = strawberry.field(description="The unit's name, in French.")
    booked: int = strawberry.field(description="How many children are booked; what was cancelled is not counted.")
    reported_absent: int = strawberry.field(
        description="How many of them were reported absent too late to be cancelled."
    )
    diets: list[DietCount] = strawberry.field(description="The diets, among those booked, by name.")
    allergies: int = strawberry.field(description="How many children have allergies: see `dayList`.")
    care_plans: int = strawberry.field(description="How many children have a care plan « PAI »: see `dayList`.")
    unknown: int = strawberry.field(
        description="How many children no sent yearly file tells the health of: nothing is known of their diet."
    )

    @classmethod
    def of(cls, count: meals.MealCount) -> "MealCount":
        """The count as clients see it."""
        return cls(
            day=count.day,
            site=count.activity.site,
            activity=count.activity.code,
            activity_label=count.activity.label,
            unit=count.unit.code,
            unit_label=count.unit.label,
            booked=count.booked,
            reported_absent=count.reported_absent,
            diets=[DietCount(label=label, count=number) for label, number in count.diets],
            allergies=count.allergies,
            care_plans=count.care_plans,
            unknown=count.unknown,
        )


@strawberry.type(description="The meals that the kitchen has to cook over some days.")
class MealCounts:
    """See ``resolvers.days.meals.MealCounts``."""

    counted_at: datetime = strawberry.field(description="When they were counted: « mis à jour le … ».")
    changed_at: datetime | None = strawberry.field(
        description="The last booking or cancellation of one of these meals; null when there was none."
    )
    counts: list[MealCount] = strawberry.field(
        description="The days and units with at least one meal, in order.", metadata={LIST_SIZE: 35}
    )


async def count_meals(ctx: Context, first_day: date, last_day: date, site: str | None) -> MealCounts:
    """The meals of some days, of one site or all."""
    found = await meals.meal_counts(ctx, Window(first_day, last_day), site)
    return MealCounts(
        counted_at=found.counted_at,
        changed_at=found.changed_at,
        counts=[MealCount.of(count) for count in found.counts],
    )
