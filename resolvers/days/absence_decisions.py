"""What agents decide of reported absences, in place of the rules, and the lists of reports."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from tortoise.expressions import Q

from plugins.rules.absences import FULL_PRICE
from plugins.rules.french import NBSP, say_list
from plugins.rules.invoice_lines import say_days
from plugins.rules.requests import RequestState
from resolvers.agenda.plans import Slot
from resolvers.context import Context
from resolvers.days.absent_days import LONGEST_REASON, Due, keep, on_invoices
from resolvers.days.attendance import take_turns
from resolvers.errors import Code, Refused, not_found
from resolvers.models import AbsenceReport, AbsentDay, BookingChange, Request
from resolvers.models.absences import AbsenceState
from resolvers.models.tenancy import unit_of_work
from resolvers.requests.requests import answer_request, move_request

LONGEST_HISTORY = 3000


@unit_of_work
async def decide_absence(
    ctx: Context, report_id: UUID, percent: int, reason: str, days: Collection[date] = ()
) -> AbsenceReport:
    """Say how many per cent stay due of a report, or of some of its days, and why; the family is mailed.

    What the rules, or another agent, had said is kept in the history of the request, which closes once every unit is
    decided. Refused: NOT_FOUND (report, day), INVALID (per cent, reason), BLANK (reason), STATE_CONFLICT (withdrawn, or
    closed), ATTENDANCE_LOCKED once a unit is on an issued invoice.
    """
    reason = _checked(percent, reason)
    await take_turns()
    report = await AbsenceReport.filter(id=report_id).select_for_update().first()
    if report is None or report.request_id is None:
        raise not_found("Absence", "id")
    request = await Request.get(id=report.request_id)
    if report.state is AbsenceState.WITHDRAWN or request.state.is_final:
        raise Refused(
            Code.STATE_CONFLICT,
            f"Cette absence est close (demande n° {request.number}, {request.state.say().lower()}) : corrigez la "
            "présence de l'enfant, ou faites un avoir.",
            field=("id",),
        )
    rows = await AbsentDay.filter(report_id=report.id).order_by("day", "activity", "unit")
    chosen = [row for row in rows if not days or row.day in days]
    if not chosen or not set(days) <= {row.day for row in chosen}:
        raise not_found("Journée de cette absence", "days")
    await _refuse_invoiced({_slot(row) for row in chosen})
    history = f"{_said(percent, reason, chosen)}\nAvant : {_before(chosen)}"[:LONGEST_HISTORY]
    await keep(ctx, report, [Due(_slot(row), percent, reason) for row in chosen], by_agent=True)
    await _move(ctx, report, [row for row in rows if not row.by_agent and row not in chosen], percent, history)
    return report


def _checked(percent: int, reason: str) -> str:
    if not 0 <= percent <= FULL_PRICE:
        raise Refused(Code.INVALID, f"Écrivez de 0 à 100{NBSP}%.", field=("percentDue",))
    if not reason.strip():
        raise Refused(Code.BLANK, "Dites à la famille pourquoi : elle lira votre motif.", field=("reason",))
    if len(reason.strip()) > LONGEST_REASON:
        raise Refused(Code.INVALID, f"Le motif tient en {LONGEST_REASON} caractères.", field=("reason",))
    return reason.strip()


async def _refuse_invoiced(slots: set[Slot]) -> None:
    charged = await on_invoices(slots)
    if charged.is_issued:
        which = f" (n° {say_list(charged.numbers)})" if charged.numbers else ""
        raise Refused(
            Code.ATTENDANCE_LOCKED,
            f"Une partie de cette absence est déjà facturée{which} : corrigez-la par un avoir.",
            field=("id",),
        )


def _said(percent: int, reason: str, rows: Sequence[AbsentDay]) -> str:
    days = say_days(row.day for row in rows)
    return f"Reste dû {percent}{NBSP}% : {days}. {reason}"


def _before(rows: Sequence[AbsentDay]) -> str:
    """What had been decided until then, the days that are alike together."""

    def decided(row: AbsentDay) -> tuple[int, str]:
        return (row.percent_due, row.reason)

    ordered = sorted(rows, key=decided)
    said = [
        f"{percent}{NBSP}% {say_days(row.day for row in alike)} ({reason})"
        for (percent, reason), alike in groupby(ordered, key=decided)
    ]
    return " ; ".join(said)


async def _move(ctx: Context, report: AbsenceReport, left: Sequence[AbsentDay], percent: int, history: str) -> None:
    """The request closes with the last unit; it is refused when that decision leaves everything due."""
    if report.request_id is None:
        return
    if left:
        await answer_request(ctx, report.request_id, history)
        return
    report.state, report.decided_by, report.decided_at = AbsenceState.DECIDED, ctx.viewer.account_id, ctx.now
    await report.save(update_fields=["state", "decided_by", "decided_at"])
    due = await AbsentDay.filter(report_id=report.id, percent_due__lt=FULL_PRICE).exists()
    await move_request(ctx, report.request_id, RequestState.ACCEPTED if due else RequestState.REFUSED, history)


async def decide_absence_request(ctx: Context, request: Request, accept: bool, text: str) -> None:
    """Accept a report: nothing of it stays due; or refuse it: all of it does. As :func:`decide_absence`."""
    if request.subject_id is None:
        raise not_found("Absence", "id")
    words = text.strip() or ("Absence justifiée." if accept else "")
    await decide_absence(ctx, request.subject_id, 0 if accept else FULL_PRICE, words)


def _slot(row: AbsentDay) -> Slot:
    return (row.child_id, row.day, row.activity, row.unit)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reports of a list are wanted; None leaves all of them."""

    state: AbsenceState | None = None
    household_id: UUID | None = None
    since: date | None = None
    until: date | None = None


async def reports_page(
    wanted: Wanted, before: tuple[datetime, UUID] | None, limit: int
) -> tuple[list[AbsenceReport], int]:
    """A page of the reports the viewer may see, the last told first, and how many there are in all."""
    asked: dict[str, Any] = {
        "state": wanted.state,
        "household_id": wanted.household_id,
        "last_day__gte": wanted.since,
        "first_day__lte": wanted.until,
    }
    rows = AbsenceReport.filter(**{column: value for column, value in asked.items() if value is not None})
    total = await rows.count()
    if before is not None:
        at, key = before
        rows = rows.filter(Q(told_at__lt=at) | Q(told_at=at, id__lt=key))
    return await rows.order_by("-told_at", "-id").limit(limit), total


async def reports_of(ids: Sequence[UUID]) -> list[AbsenceReport]:
    """The reports among these that the viewer may see."""
    return await AbsenceReport.filter(id__in=list(ids))


async def units_of(_ctx: Context, ids: Sequence[UUID]) -> list[list[AbsentDay]]:
    """What stays due of the units of each report, in the order of days: one statement."""
    rows = await AbsentDay.filter(report_id__in=list(ids)).order_by("day", "activity", "unit")
    return [[row for row in rows if row.report_id == report] for report in ids]


async def cancelled_of(_ctx: Context, ids: Sequence[UUID]) -> list[list[BookingChange]]:
    """What each report cancelled, in the order of days: one statement."""
    rows = await BookingChange.filter(batch__in=list(ids)).order_by("day", "activity", "unit")
    return [[row for row in rows if row.batch == report] for report in ids]
