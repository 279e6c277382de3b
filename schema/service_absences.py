"""Absences that an agent writes down for a family that calls or comes: the report it would have made online."""

from datetime import datetime

import strawberry

from resolvers.context import Context
from resolvers.days import absence_reports, absences
from schema.absences import (
    AbsencePlan,
    AbsencePreviewInput,
    AbsencePreviewPayload,
    AbsenceReportInput,
    AbsenceReportPayload,
    read_report,
    told_of,
)
from schema.relay import require_uuid

TOLD_AT = "When the family said so, at most 31 days ago: the rules count from there; now when it is left out."


@strawberry.input(description="Input of `absenceRecordPreview`.")
class AbsenceRecordPreviewInput(AbsencePreviewInput):
    """What a family says of an absence, and to which household it belongs."""

    household_id: strawberry.ID = strawberry.field(description="The household.")
    told_at: datetime | None = strawberry.field(description=TOLD_AT, default=None)


@strawberry.input(description="Input of `absenceRecord`.")
class AbsenceRecordInput(AbsenceReportInput):
    """The same, to be kept."""

    household_id: strawberry.ID = strawberry.field(description="The household.")
    told_at: datetime | None = strawberry.field(description=TOLD_AT, default=None)


@strawberry.type(description="Answer of `absenceRecordPreview`.")
class AbsenceRecordPreviewPayload(AbsencePreviewPayload):
    """What recording it would do now."""


@strawberry.type(description="Answer of `absenceRecord`.")
class AbsenceRecordPayload(AbsenceReportPayload):
    """The absence is kept as the family told it."""


def _told(input: AbsenceRecordPreviewInput | AbsenceRecordInput, reason: str = "") -> absences.Told:
    household = require_uuid(input.household_id, "Household", what="Foyer", field="householdId")
    return told_of(input, reason, household, input.told_at)


async def preview(ctx: Context, input: AbsenceRecordPreviewInput) -> AbsenceRecordPreviewPayload:
    """Tell what recording it would do."""
    return AbsenceRecordPreviewPayload(plan=AbsencePlan.of(await absences.preview(ctx, _told(input))))


async def record(ctx: Context, input: AbsenceRecordInput) -> AbsenceRecordPayload:
    """Keep what the family told."""
    key = await absence_reports.report(ctx, _told(input, input.reason), input.idempotency_key)
    return AbsenceRecordPayload(absence=await read_report(ctx, key))
