"""Reports of absence as families make, prove and withdraw them; the request of each is its history."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from plugins import hookspecs
from plugins.rules.absences import Absence, Proof
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity
from plugins.rules.excuses import Cause
from plugins.rules.french import say_span
from plugins.rules.invoice_lines import say_days
from plugins.rules.request_details import write_details
from plugins.rules.requests import RequestKind, RequestState
from resolvers.agenda.cancellations import cancel_bookings, slot_of
from resolvers.agenda.child_locks import lock_children
from resolvers.agenda.plans import Slot
from resolvers.context import Context
from resolvers.days.absences import AbsencePlan, Proving, Told, cancelled_by, given_by, preview, rules_of, ruling
from resolvers.days.absent_days import Due, keep, leave_drafts
from resolvers.days.attendance import take_turns
from resolvers.errors import Code, Refused, not_found
from resolvers.idempotency import recall, remember
from resolvers.models import AbsenceReport, AbsentDay, Booking, Request
from resolvers.models.absences import AbsenceState
from resolvers.models.keys import new_key
from resolvers.models.tenancy import unit_of_work
from resolvers.requests.requests import answer_request, move_request, open_request

REPORT = "absenceReport"
OCCASION = "absence signalée par la famille"


@unit_of_work
async def report(ctx: Context, told: Told, key: str | None = None) -> UUID:
    """Keep an absence, cancel what still can be, and open its numbered request; the household is mailed.

    Returns the report.

    Refused: as :func:`resolvers.days.absences.preview`, INVALID for a text that is too long, and as
    ``idempotency.recall``.
    """
    await take_turns()
    await lock_children([told.child_id])
    answered = await recall(ctx, REPORT, key, told.described())
    if answered is not None:
        return UUID(answered["report"])
    plan, report_id = await preview(ctx, told), new_key()
    await _cancel(ctx, plan, report_id)
    kept = await _open(ctx, told, plan, report_id)
    decided = [unit for unit in plan.units if not unit.cancels and not unit.by_agent]
    await keep(ctx, kept, [Due(unit.planned.slot, unit.percent_due, unit.reason) for unit in decided])
    await _close_replaced(ctx, plan.replaced, kept)
    await remember(ctx, REPORT, key, told.described(), {"report": str(kept.id)})
    return kept.id


async def _open(ctx: Context, told: Told, plan: AbsencePlan, report_id: UUID) -> AbsenceReport:
    """The report and its request, which is closed at once when nothing is left to decide."""
    given = plan.given
    request = await open_request(
        ctx,
        RequestKind.ABSENCE,
        plan.household.id,
        service=plan.units[0].planned.activity.service,
        title=f"Justifier une absence : {plan.child.first_name}, {say_span(told.first, told.last)}",
        child_id=told.child_id,
        subject_id=report_id,
        details=write_details({"cause": told.cause, "text": told.reason}),
        documents=[told.proving.document_id] if told.proving else [],
        state=RequestState.ACCEPTED if plan.is_settled else RequestState.SENT,
    )
    return await AbsenceReport.create(
        id=report_id,
        household_id=plan.household.id,
        child_id=told.child_id,
        first_day=told.first,
        last_day=told.last,
        cause=told.cause,
        reason=ctx.ports.sealer.seal(told.reason) if told.reason else "",
        document_id=given.document_id if given else None,
        document_code=given.proof.document if given else "",
        proved_at=given.proof.received if given else None,
        request_id=request.id,
        account_id=ctx.viewer.account_id,
        told_at=told.at or ctx.now,
    )


async def _cancel(ctx: Context, plan: AbsencePlan, batch: UUID) -> None:
    rules = {unit.planned.slot: unit.planned.instants.cancel.say(ctx.commune.tz) for unit in plan.units if unit.cancels}
    if not rules:
        return
    days = sorted({day for _, day, _, _ in rules})
    booked = Booking.filter(household_id=plan.household.id, child_id=plan.child.person_id, live=True)
    rows = await booked.filter(day__gte=days[0], day__lte=days[-1]).order_by("id").select_for_update()
    found = [row for row in rows if slot_of(row) in rules]
    await cancel_bookings(ctx, found, rules, occasion=OCCASION, batch=batch)


async def _close_replaced(ctx: Context, replaced: Sequence[AbsenceReport], by: AbsenceReport) -> None:
    """Reports of which every unit is now another's are over, and so is their request."""
    ids = [each.id for each in replaced]
    left = set(await AbsentDay.filter(report_id__in=ids).values_list("report_id", flat=True)) if ids else set()
    for each in replaced:
        if each.id not in left:
            await AbsenceReport.filter(id=each.id).update(state=AbsenceState.WITHDRAWN)
            await _close_request(ctx, each, by)


async def _close_request(ctx: Context, replaced: AbsenceReport, by: AbsenceReport) -> None:
    request = await Request.get(id=replaced.request_id)
    if not request.state.is_final:
        number = (await Request.get(id=by.request_id)).number
        await move_request(
            ctx, request.id, RequestState.CANCELLED, f"Remplacée par la demande n° {number}.", mail=False
        )


@unit_of_work
async def prove(ctx: Context, report_id: UUID, proving: Proving) -> UUID:
    """Add a proof to a report: the rules decide again, and never take back what they gave. Returns the report.

    Refused: NOT_FOUND (report, document), STATE_CONFLICT once the service has decided or nothing is due, INVALID and
    BLANK as for a report.
    """
    await take_turns()
    kept = await _own(ctx, report_id)
    rows = await AbsentDay.filter(report_id=kept.id, by_agent=False)
    if kept.state is not AbsenceState.REPORTED or not any(row.percent_due for row in rows):
        raise Refused(Code.STATE_CONFLICT, "Il n'y a plus rien à justifier pour cette absence.", field=("id",))
    activities = {row.activity: _activity(ctx, row) for row in rows}
    cause = Cause(kept.cause)
    named = dict.fromkeys(
        document
        for activity in activities.values()
        for document in rules_of(ctx, activity).documents_for(cause, kept.first_day)
    )
    given = await given_by(ctx, kept.household_id, kept.child_id, proving, tuple(named))
    decided = await _decided_again(ctx, kept, rows, activities, given.proof)
    await keep(ctx, kept, decided)
    await AbsenceReport.filter(id=kept.id).update(
        document_id=given.document_id, document_code=given.proof.document, proved_at=given.proof.received
    )
    before = {_slot(row): row.percent_due for row in rows}
    gained = [due.slot[1] for due in decided if due.percent < before[due.slot]]
    told = f"Moins est dû pour {say_days(gained)}." if gained else f"Rien ne change : {decided[0].reason}."
    said = f"Justificatif reçu : {given.proof.document}. {told}"
    await answer_request(ctx, _request(kept), said, [given.document_id])
    return kept.id


async def _own(ctx: Context, report_id: UUID) -> AbsenceReport:
    """A report of a household for which the viewer acts, locked."""
    kept = await AbsenceReport.filter(id=report_id).select_for_update().first()
    rights = ctx.viewer.households.get(kept.household_id) if kept else None
    if kept is None or rights is None or not rights.books:
        raise not_found("Absence", "id")
    return kept


async def _decided_again(
    ctx: Context,
    kept: AbsenceReport,
    rows: Sequence[AbsentDay],
    activities: Mapping[str, Activity],
    proof: Proof,
) -> list[Due]:
    """What is due with this proof: of each unit less, or as much for another reason."""
    absence = Absence(kept.first_day, kept.last_day, Cause(kept.cause), kept.told_at, proof)
    slots = {_slot(row) for row in rows} | await cancelled_by([kept.id])
    days = {code: ruling(ctx, activity, absence, kept.told_at, slots) for code, activity in activities.items()}
    again = [(row, days[row.activity][row.day]) for row in rows]
    return [Due(_slot(row), day.percent_due, day.reason) for row, day in again if day.percent_due <= row.percent_due]


def _slot(row: AbsentDay) -> Slot:
    return (row.child_id, row.day, row.activity, row.unit)


def _activity(ctx: Context, row: AbsentDay) -> Activity:
    found = ctx.commune.ask(hookspecs.catalogue, year=SchoolYear.of(row.day)).activity(row.activity)
    if found is None:
        raise not_found("Activité", "id")
    return found


def _request(kept: AbsenceReport) -> UUID:
    if kept.request_id is None:
        raise not_found("Demande", "id")
    return kept.request_id


@unit_of_work
async def withdraw_absence(ctx: Context, request: Request, text: str) -> None:
    """A family gives a report up: what was decided of it no longer counts, and what it cancelled stays cancelled.

    Refused: NOT_FOUND, STATE_CONFLICT once the request is closed.
    """
    await take_turns()
    kept = await _own(ctx, _subject(request))
    await move_request(ctx, request.id, RequestState.CANCELLED, text)
    rows = await AbsentDay.filter(report_id=kept.id, by_agent=False)
    await leave_drafts({_slot(row) for row in rows})
    await AbsentDay.filter(id__in=[row.id for row in rows]).delete()
    await AbsenceReport.filter(id=kept.id).update(state=AbsenceState.WITHDRAWN)


def _subject(request: Request) -> UUID:
    if request.subject_id is None:
        raise not_found("Absence", "id")
    return request.subject_id
