"""Absences: what a family reports « justifier une absence », what stays due and why, and what agents decide."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.excuses import OTHER
from resolvers.context import Context
from resolvers.days import absence_decisions, absence_reports, absences
from resolvers.days.absence_decisions import Wanted
from resolvers.days.absences import AbsencePlan as AbsencePlanValue
from resolvers.days.absences import AbsentUnit as AbsentUnitValue
from resolvers.days.absences import Proving, Told
from resolvers.errors import Code, Refused
from resolvers.models import AbsenceReport as AbsenceReportRow
from resolvers.models import AbsentDay, BookingChange
from resolvers.models.absences import AbsenceState as AbsenceStateValue
from resolvers.requests.request_lists import unsealed
from schema.cost import LIST_SIZE
from schema.enums import AbsenceState
from schema.loading import load
from schema.payloads import Info, Payload
from schema.relay import Connection, Node, Page, connect, decode_cursor, encode_cursor, global_id, require_uuid

LONGEST_TEXT = 4000
SOME_UNITS = {LIST_SIZE: 15}
AbsenceWanted = Annotated[AbsenceState | None, strawberry.argument(description="Only what stands there.")]
Since = Annotated[date | None, strawberry.argument(description="Only absences that last until this day or later.")]
Until = Annotated[date | None, strawberry.argument(description="Only absences that begin on this day or earlier.")]


@strawberry.type(description="One booked unit of an absence: what stays due of it, and why.")
class AbsentUnit:
    """See ``resolvers.days.absences.AbsentUnit`` and ``resolvers.models.absences.AbsentDay``."""

    activity: str = strawberry.field(description="The activity's code.")
    activity_label: str = strawberry.field(description="The activity's name, in French.")
    unit: str = strawberry.field(description="The unit's code.")
    unit_label: str = strawberry.field(description="The unit's name, in French.")
    day: date = strawberry.field(description="The day.")
    percent_due: int = strawberry.field(description="How many per cent of its price stay due, 0 to 100.")
    reason: str = strawberry.field(description="Why, in French.")
    cancelled: bool = strawberry.field(description="True when the booking is taken back, and its place given back.")
    by_agent: bool = strawberry.field(description="True when the service decided it.")

    @classmethod
    def planned(cls, value: AbsentUnitValue) -> "AbsentUnit":
        """The unit of a plan, as clients see it."""
        planned = value.planned
        return cls(
            activity=planned.activity.code,
            activity_label=planned.activity.label,
            unit=planned.unit.code,
            unit_label=planned.unit.label,
            day=planned.day.day,
            percent_due=value.percent_due,
            reason=value.reason,
            cancelled=value.cancels,
            by_agent=value.by_agent,
        )

    @classmethod
    def kept(cls, ctx: Context, row: AbsentDay | BookingChange) -> "AbsentUnit":
        """The unit of a report, as clients see it: what the report cancelled is in the log of bookings."""
        activity = ctx.commune.ask(hookspecs.catalogue, year=SchoolYear.of(row.day)).activity(row.activity)
        unit = activity.unit(row.unit) if activity else None
        percent, reason, by_agent = 0, "", False
        if isinstance(row, AbsentDay):
            percent, reason, by_agent = row.percent_due, row.reason, row.by_agent
        else:
            reason = absences.say_cancelled(row.rule)
        return cls(
            activity=row.activity,
            activity_label=activity.label if activity else row.activity,
            unit=row.unit,
            unit_label=unit.label if unit else row.unit,
            day=row.day,
            percent_due=percent,
            reason=reason,
            cancelled=isinstance(row, BookingChange),
            by_agent=by_agent,
        )


async def _units(ctx: Context, ids: Sequence[UUID]) -> list[list[AbsentUnit]]:
    """Two statements, whatever the number of reports."""
    due, cancelled = await absence_decisions.units_of(ctx, ids), await absence_decisions.cancelled_of(ctx, ids)
    rows: list[list[AbsentDay | BookingChange]] = [[*one, *other] for one, other in zip(due, cancelled, strict=True)]
    return [
        sorted((AbsentUnit.kept(ctx, row) for row in each), key=lambda unit: (unit.day, unit.activity, unit.unit))
        for each in rows
    ]


@strawberry.type(description="Why a child may be absent, and the documents that prove it.")
class AbsenceCause:
    """A cause that an activity of the child excuses, or « autre »."""

    label: str = strawberry.field(description="The cause, in French: what `cause` takes.")
    documents: list[str] = strawberry.field(
        description="What proves it, in French: what `document` takes; empty when nothing has to.",
        metadata={LIST_SIZE: 3},
    )


@strawberry.type(description="What reporting an absence does.")
class AbsencePlan:
    """See ``resolvers.days.absences.AbsencePlan``."""

    causes: list[AbsenceCause] = strawberry.field(
        description="What may be told of an absence of these days.", metadata={LIST_SIZE: 10}
    )
    units: list[AbsentUnit] = strawberry.field(description="Each booked unit, in reading order.", metadata=SOME_UNITS)
    proof_until: datetime | None = strawberry.field(
        description="Until when a document still changes what is due; null when none does, or when it is there."
    )
    notices: list[str] = strawberry.field(
        description="What the family must know besides, in French.", metadata={LIST_SIZE: 4}
    )

    @classmethod
    def of(cls, plan: AbsencePlanValue) -> "AbsencePlan":
        """The plan as clients see it."""
        return cls(
            causes=[AbsenceCause(label=label, documents=list(documents)) for label, documents in plan.causes.items()],
            units=[AbsentUnit.planned(unit) for unit in plan.units],
            proof_until=plan.proof_until,
            notices=list(plan.notices),
        )


@strawberry.type(description="A child's absence as its family reported it.")
class AbsenceReport(Node):
    """See ``resolvers.models.absences.AbsenceReport``."""

    key: strawberry.Private[UUID]
    child_id: strawberry.ID = strawberry.field(description="The child.")
    household_id: strawberry.ID = strawberry.field(description="The household that reported it.")
    request_id: strawberry.ID | None = strawberry.field(description="Its request, with its number and its history.")
    first_day: date = strawberry.field(description="The first day.")
    last_day: date = strawberry.field(description="The last day.")
    cause: str = strawberry.field(description="The cause, in French.")
    reason: str = strawberry.field(description="What the family wrote to the service; empty when nothing.")
    state: AbsenceState = strawberry.field(description="Where it stands.")
    told_at: datetime = strawberry.field(description="When the service was told.")
    document_id: strawberry.ID | None = strawberry.field(description="The document of the vault that proves it.")
    document: str | None = strawberry.field(description="What that document is, in the words of the rules.")
    proved_at: datetime | None = strawberry.field(description="When the document reached the service.")
    decided_at: datetime | None = strawberry.field(description="When an agent decided the last of it.")

    @strawberry.field(description="Each booked unit, in the order of days.", metadata=SOME_UNITS)
    async def units(self, info: Info) -> list[AbsentUnit]:
        """Loaded for all the reports of the answer at once."""
        return await load(info.context, _units, self.key)

    @classmethod
    def of(cls, ctx: Context, row: AbsenceReportRow) -> "AbsenceReport":
        """The report as clients see it."""
        return cls(
            id=global_id("AbsenceReport", row.id),
            key=row.id,
            child_id=global_id("Child", row.child_id),
            household_id=global_id("Household", row.household_id),
            request_id=global_id("Request", row.request_id) if row.request_id else None,
            first_day=row.first_day,
            last_day=row.last_day,
            cause=row.cause,
            reason=unsealed(ctx, row.reason),
            state=AbsenceState[row.state.name],
            told_at=row.told_at,
            document_id=global_id("Document", row.document_id) if row.document_id else None,
            document=row.document_code or None,
            proved_at=row.proved_at,
            decided_at=row.decided_at,
        )


async def absences_of(ctx: Context, keys: Sequence[UUID]) -> list[AbsenceReport]:
    """The reports the viewer may see among these."""
    return [AbsenceReport.of(ctx, row) for row in await absence_decisions.reports_of(keys)]


def absences_wanted(
    *,
    state: AbsenceState | None = None,
    household: UUID | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Wanted:
    """The filters of a list, as the resolvers read them."""
    return Wanted(AbsenceStateValue[state.name] if state else None, household, since, until)


async def absences_page(ctx: Context, wanted: Wanted, page: Page) -> Connection[AbsenceReport]:
    """A page of reports, the last told first: two statements."""
    before = decode_cursor(page.after, datetime, UUID) if page.after is not None else None
    rows, total = await absence_decisions.reports_page(wanted, before, page.size + 1)
    cursors = [encode_cursor(row.told_at, row.id) for row in rows]
    return connect(page, [AbsenceReport.of(ctx, row) for row in rows], cursors, total)


@strawberry.input(description="Input of `absencePreview`.")
class AbsencePreviewInput:
    """What a family would say of an absence."""

    child_id: strawberry.ID = strawberry.field(description="The child.")
    first_day: date = strawberry.field(description="The first day.")
    last_day: date = strawberry.field(description="The last day; at most 400 days later.")
    cause: str = strawberry.field(description="One of the plan's `causes`.", default=OTHER.label)
    document_id: strawberry.ID | None = strawberry.field(
        description="A document of the vault that proves it.", default=None
    )
    document: str | None = strawberry.field(
        description="Which document of that cause it is; it may be left out when there is only one.", default=None
    )


@strawberry.input(description="Input of `absenceReport`.")
class AbsenceReportInput(AbsencePreviewInput):
    """What a family says of an absence."""

    reason: str = strawberry.field(
        description="A word to the service, or what an agent noted, at most 4,000 characters.", default=""
    )
    idempotency_key: str | None = strawberry.field(
        description="The same key with the same input gets the same answer, once done.", default=None
    )


@strawberry.input(description="Input of `absenceProve`.")
class AbsenceProveInput:
    """A proof that comes after the report."""

    id: strawberry.ID = strawberry.field(description="The report.")
    document_id: strawberry.ID = strawberry.field(description="The document of the vault.")
    document: str | None = strawberry.field(
        description="Which document of the cause it is; it may be left out when there is only one.", default=None
    )


@strawberry.input(description="Input of `absenceDecide`.")
class AbsenceDecideInput:
    """What an agent decides of a report, or of some of its days."""

    id: strawberry.ID = strawberry.field(description="The report.")
    percent_due: int = strawberry.field(description="How many per cent of the price stay due, 0 to 100.")
    reason: str = strawberry.field(description="Why, in French, at most 500 characters; the family reads it.")
    days: list[date] = strawberry.field(description="Only these days; all of them by default.", default_factory=list)


@strawberry.type(description="Answer of `absencePreview`.")
class AbsencePreviewPayload(Payload):
    """What a report would do now."""

    plan: AbsencePlan | None = strawberry.field(description="The plan; null when refused.", default=None)


@strawberry.type(description="Answer of `absenceReport`.")
class AbsenceReportPayload(Payload):
    """The absence is reported."""

    absence: AbsenceReport | None = strawberry.field(description="The report; null when refused.", default=None)


@strawberry.type(description="Answer of `absenceProve`.")
class AbsenceProvePayload(Payload):
    """The proof is kept, and the rules decided again."""

    absence: AbsenceReport | None = strawberry.field(description="The report; null when refused.", default=None)


@strawberry.type(description="Answer of `absenceDecide`.")
class AbsenceDecidePayload(Payload):
    """The decision is kept, and the family is mailed that there is one."""

    absence: AbsenceReport | None = strawberry.field(description="The report; null when refused.", default=None)


def _proving(document_id: strawberry.ID | None, document: str | None) -> Proving | None:
    if document_id is None:
        return None
    return Proving(require_uuid(document_id, "Document", what="Document", field="documentId"), document)


def told_of(
    input: AbsencePreviewInput, reason: str = "", household: UUID | None = None, told_at: datetime | None = None
) -> Told:
    """What is said of an absence; an agent names the household, and when it was told. Refused: INVALID, NOT_FOUND."""
    child = require_uuid(input.child_id, "Child", what="Enfant", field="childId")
    if len(reason) > LONGEST_TEXT:
        raise Refused(Code.INVALID, f"Un message fait au plus {LONGEST_TEXT} caractères.", field=("reason",))
    proving = _proving(input.document_id, input.document)
    return Told(child, input.first_day, input.last_day, input.cause, proving, reason.strip(), household, told_at)


async def read_report(ctx: Context, key: UUID) -> AbsenceReport:
    """A report that was just kept."""
    (row,) = await absence_decisions.reports_of([key])
    return AbsenceReport.of(ctx, row)


async def preview(ctx: Context, input: AbsencePreviewInput) -> AbsencePreviewPayload:
    """Tell what a report would do."""
    return AbsencePreviewPayload(plan=AbsencePlan.of(await absences.preview(ctx, told_of(input))))


async def report(ctx: Context, input: AbsenceReportInput) -> AbsenceReportPayload:
    """Report an absence."""
    key = await absence_reports.report(ctx, told_of(input, input.reason), input.idempotency_key)
    return AbsenceReportPayload(absence=await read_report(ctx, key))


async def prove(ctx: Context, input: AbsenceProveInput) -> AbsenceProvePayload:
    """Add a proof."""
    key = require_uuid(input.id, "AbsenceReport", what="Absence", field="id")
    document = require_uuid(input.document_id, "Document", what="Document", field="documentId")
    kept = await absence_reports.prove(ctx, key, Proving(document, input.document))
    return AbsenceProvePayload(absence=await read_report(ctx, kept))


async def decide(ctx: Context, input: AbsenceDecideInput) -> AbsenceDecidePayload:
    """An agent decides."""
    key = require_uuid(input.id, "AbsenceReport", what="Absence", field="id")
    row = await absence_decisions.decide_absence(ctx, key, input.percent_due, input.reason, frozenset(input.days))
    return AbsenceDecidePayload(absence=AbsenceReport.of(ctx, row))
