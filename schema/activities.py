"""Activities, their units, and children's enrolments in them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import strawberry

from plugins import hookspecs
from plugins.rules import catalogue as rules
from plugins.rules.calendar import SchoolYear
from resolvers.agenda import enrolments
from resolvers.context import Context
from resolvers.models import Enrolment as EnrolmentRow
from schema.commune import Service
from schema.dossiers import school_year
from schema.enums import EnrolmentMode, EnrolmentState
from schema.payloads import Payload
from schema.relay import Node, global_id, require_uuid


@strawberry.type(description="What a family ticks for a day: a meal, a morning.")
class Unit:
    """See ``plugins.rules.catalogue.Unit``."""

    code: str = strawberry.field(description="Its code inside the activity.")
    label: str = strawberry.field(description="Its name, in French.")
    weekdays: list[int] = strawberry.field(description="The days it may open on: 1 is Monday, 7 Sunday.")


@strawberry.type(description="A shortcut that ticks several units at once, such as « Journée ».")
class Preset:
    """See ``plugins.rules.catalogue.Preset``."""

    code: str = strawberry.field(description="Its code inside the activity.")
    label: str = strawberry.field(description="Its name, in French.")
    units: list[str] = strawberry.field(description="The units it ticks.")


@strawberry.type(description="Something a child is enrolled in for a school year.")
class Activity:
    """See ``plugins.rules.catalogue.Activity``."""

    code: str = strawberry.field(description="Its stable code.")
    label: str = strawberry.field(description="Its name, in French.")
    site: str = strawberry.field(description="Where it takes place.")
    school_year: str = strawberry.field(description="The school year it belongs to.")
    first_day: date = strawberry.field(description="Its first day.")
    last_day: date = strawberry.field(description="Its last day.")
    service: Service = strawberry.field(description="The service that runs it.")
    units: list[Unit] = strawberry.field(description="What can be ticked.")
    presets: list[Preset] = strawberry.field(description="Shortcuts.")
    unit_rules: list[str] = strawberry.field(description="Rules between its units, in French.")
    enrolment_mode: EnrolmentMode = strawberry.field(description="Who enrols children.")
    enrolment_opens_on: date | None = strawberry.field(description="The first day of enrolment, if it has one.")
    requires_dossier: bool = strawberry.field(description="True when the yearly file must be accepted first.")
    booking_rules: list[str] = strawberry.field(description="Until when to book and cancel, in French.")

    @classmethod
    def of(cls, ctx: Context, year: SchoolYear, activity: rules.Activity) -> "Activity":
        """The activity as clients see it."""
        return cls(
            code=activity.code,
            label=activity.label,
            site=activity.site,
            school_year=year.label,
            first_day=activity.first_day,
            last_day=activity.last_day,
            service=Service.of(ctx.commune.identity.service(activity.service)),
            units=[Unit(code=unit.code, label=unit.label, weekdays=sorted(unit.weekdays)) for unit in activity.units],
            presets=[
                Preset(code=preset.code, label=preset.label, units=list(preset.units)) for preset in activity.presets
            ],
            unit_rules=[activity.say_rule(rule) for rule in activity.unit_rules],
            enrolment_mode=EnrolmentMode[activity.enrolment.mode.name],
            enrolment_opens_on=activity.enrolment.opens_on,
            requires_dossier=activity.enrolment.requires_dossier,
            booking_rules=ctx.commune.ask(hookspecs.booking_rules, activity=activity).say().split("\n"),
        )


def activities_of(ctx: Context, label: str | None) -> list[Activity]:
    """The catalogue of a school year (the current one by default)."""
    year = school_year(label) if label is not None else SchoolYear.of(ctx.local_now.date())
    catalogue = ctx.commune.ask(hookspecs.catalogue, year=year)
    return [Activity.of(ctx, year, activity) for activity in catalogue.activities]


@strawberry.type(description="A child's place in an activity for a period.")
class Enrolment(Node):
    """See ``resolvers.models.bookings.Enrolment``."""

    activity: str = strawberry.field(description="The activity's code.")
    activity_label: str = strawberry.field(description="The activity's name, in French.")
    school_year: str = strawberry.field(description="The school year.")
    first_day: date = strawberry.field(description="The first day that can be booked.")
    last_day: date = strawberry.field(description="The last day that can be booked.")
    state: EnrolmentState = strawberry.field(description="Only days of ACTIVE and ENDED ones are booked.")
    request_id: strawberry.ID | None = strawberry.field(description="The `Request` it was asked by; null when by none.")

    @classmethod
    def of(cls, ctx: Context, row: EnrolmentRow) -> "Enrolment":
        """The enrolment as clients see it."""
        year = SchoolYear(row.school_year)
        activity = ctx.commune.ask(hookspecs.catalogue, year=year).activity(row.activity)
        return cls(
            id=global_id("Enrolment", row.id),
            activity=row.activity,
            activity_label=activity.label if activity else row.activity,
            school_year=year.label,
            first_day=row.first_day,
            last_day=row.last_day,
            state=EnrolmentState[row.state.name],
            request_id=global_id("Request", row.request_id) if row.request_id else None,
        )


async def enrolments_of(ctx: Context, child_ids: Sequence[UUID]) -> list[list[Enrolment]]:
    """The enrolments of each child."""
    return [[Enrolment.of(ctx, row) for row in rows] for rows in await enrolments.enrolments_of(ctx, child_ids)]


@strawberry.input(description="Input of `enrolmentCreate`.")
class EnrolmentCreateInput:
    """A child and an activity."""

    child_id: strawberry.ID = strawberry.field(description="The child.")
    activity: str = strawberry.field(description="The activity's code.")
    school_year: str = strawberry.field(description="Such as `2026-2027`.")


@strawberry.type(description="Answer of `enrolmentCreate`.")
class EnrolmentCreatePayload(Payload):
    """The child is enrolled, or an agent will decide: the enrolment's state says which."""

    enrolment: Enrolment | None = strawberry.field(description="The enrolment; null when refused.", default=None)


@strawberry.input(description="Input of `enrolmentRecord`.")
class EnrolmentRecordInput:
    """A child of a household and an activity."""

    household_id: strawberry.ID = strawberry.field(description="The household that will book and pay.")
    child_id: strawberry.ID = strawberry.field(description="The child.")
    activity: str = strawberry.field(description="The activity's code.")
    school_year: str = strawberry.field(description="Such as `2026-2027`.")


@strawberry.type(description="Answer of `enrolmentRecord`.")
class EnrolmentRecordPayload(Payload):
    """The child is enrolled."""

    enrolment: Enrolment | None = strawberry.field(description="The enrolment; null when refused.", default=None)


@strawberry.input(description="Input of `enrolmentEnd`.")
class EnrolmentEndInput:
    """An enrolment and the day it ends."""

    id: strawberry.ID = strawberry.field(description="The enrolment.")
    first_day_without: date = strawberry.field(
        description="From this day on the child is not enrolled any more: today at the earliest. Days booked or waited "
        "for from then on are cancelled first."
    )
    reason: str = strawberry.field(description="Why, in French; both sides read it.", default="")


@strawberry.type(description="Answer of `enrolmentEnd`.")
class EnrolmentEndPayload(Payload):
    """The enrolment ends."""

    enrolment: Enrolment | None = strawberry.field(description="The enrolment; null when refused.", default=None)


async def enrol(ctx: Context, input: EnrolmentCreateInput) -> EnrolmentCreatePayload:
    """Enrol a child online."""
    child = require_uuid(input.child_id, "Child", what="Enfant", field="childId")
    row = await enrolments.enrol(ctx, child, input.activity, school_year(input.school_year))
    return EnrolmentCreatePayload(enrolment=Enrolment.of(ctx, row))


async def record(ctx: Context, input: EnrolmentRecordInput) -> EnrolmentRecordPayload:
    """Enrol a child at the desk."""
    household = require_uuid(input.household_id, "Household", what="Foyer", field="householdId")
    child = require_uuid(input.child_id, "Child", what="Enfant", field="childId")
    year = school_year(input.school_year)
    row = await enrolments.enrol_by_service(ctx, household, child, input.activity, year)
    return EnrolmentRecordPayload(enrolment=Enrolment.of(ctx, row))


async def end(ctx: Context, input: EnrolmentEndInput) -> EnrolmentEndPayload:
    """End an enrolment."""
    key = require_uuid(input.id, "Enrolment", what="Inscription", field="id")
    row = await enrolments.end_enrolment(ctx, key, input.first_day_without, input.reason)
    return EnrolmentEndPayload(enrolment=Enrolment.of(ctx, row))
