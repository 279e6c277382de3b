"""What stays due of the units that families reported absent: for the invoices and for who checks the day."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tortoise.expressions import Q

from resolvers.agenda.plans import Slot
from resolvers.billing.bill_shares import Sharing
from resolvers.context import Context
from resolvers.models import AbsenceReport, AbsentDay, Attendance, Invoice
from resolvers.models.billing import InvoiceState
from resolvers.models.bookings import Presence
from resolvers.models.scope import everything_in_sight

ABSENT = frozenset({Presence.ABSENT_JUSTIFIED, Presence.ABSENT_UNJUSTIFIED})
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Reported:
    """One unit of a reported absence: how many per cent of its price stay due, and why, in French."""

    report_id: UUID
    percent_due: int
    reason: str


async def reported_in(**filters: Any) -> dict[Slot, Reported]:
    """What families reported, unit by unit, among the rows that the filters keep: one statement."""
    rows = await AbsentDay.filter(**filters).values_list(
        "child_id", "day", "activity", "unit", "report_id", "percent_due", "reason"
    )
    return {(child, day, code, unit): Reported(*told) for child, day, code, unit, *told in rows}


def percent_charged(presence: Presence | None, reported: Reported | None) -> int:
    """How many per cent of a unit's price are charged.

    All of what was consumed or that nobody has checked; of an absence what its report leaves due, and without report
    nothing when an agent found it justified, all otherwise.
    """
    if presence not in ABSENT:
        return 100
    if reported is not None:
        return reported.percent_due
    return 0 if presence is Presence.ABSENT_JUSTIFIED else 100


@dataclass(frozen=True, slots=True)
class OnInvoices:
    """Whether some units are on issued invoices, and which attendances are on drafts.

    ``numbers`` are the issued invoices of all who pay these units, among those that the viewer may read.
    """

    is_issued: bool = False
    numbers: tuple[str, ...] = ()
    drafted: tuple[UUID, ...] = ()


async def on_invoices(slots: Collection[Slot]) -> OnInvoices:
    """Where some units are invoiced: five statements at most."""
    if not slots:
        return OnInvoices()
    children, days = {slot[0] for slot in slots}, {slot[1] for slot in slots}
    span = {"day__gte": min(days), "day__lte": max(days), "child_id__in": sorted(children)}
    rows = await Attendance.filter(invoice_id__not_isnull=True, **span).values_list(
        "id", "invoice_id", "child_id", "day", "activity", "unit"
    )
    found = [(row, invoice, tuple(slot)) for row, invoice, *slot in rows if tuple(slot) in slots]
    if not found:
        return OnInvoices()
    with everything_in_sight():  # another household than who booked may be the first to pay
        known = await Invoice.filter(id__in=sorted({key for _, key, _ in found}), state=InvoiceState.ISSUED)
    issued = {invoice.id: invoice for invoice in known}
    charged: list[tuple[Any, Invoice]] = [(slot, issued[invoice]) for _, invoice, slot in found if invoice in issued]
    drafted = tuple(row for row, invoice, _ in found if invoice not in issued)
    return OnInvoices(bool(charged), await _numbers(charged), drafted)


async def _numbers(charged: Sequence[tuple[Slot, Invoice]]) -> tuple[str, ...]:
    """The invoices that charge units, those of the same runs of all who share them included: three statements."""
    if not charged:
        return ()
    sharing = await Sharing.read()
    bills = {(invoice.run_id, invoice.household_id) for _, invoice in charged}
    for (child, day, *_), invoice in charged:
        bills |= {(invoice.run_id, share.household) for share in sharing.of(child, day)}
    rows = Invoice.filter(household_id__in=sorted({home for _, home in bills}), state=InvoiceState.ISSUED)
    asked = rows.filter(
        Q(id__in=[invoice.id for _, invoice in charged]) | Q(run_id__in=[run for run, _ in bills if run])
    )
    return tuple(sorted({row.number or "" for row in await asked if (row.run_id, row.household_id) in bills}))


@dataclass(frozen=True, slots=True)
class Due:
    """What was decided of one unit."""

    slot: Slot
    percent: int
    reason: str


async def keep(ctx: Context, report: AbsenceReport, decided: Iterable[Due], *, by_agent: bool = False) -> None:
    """Write what stays due of some units of a report, in place of what was decided before.

    An attendance that is on a draft leaves it: that month is prepared again before it is issued.
    """
    rows = [
        AbsentDay(
            household_id=report.household_id,
            report_id=report.id,
            child_id=due.slot[0],
            day=due.slot[1],
            activity=due.slot[2],
            unit=due.slot[3],
            percent_due=due.percent,
            reason=due.reason[:LONGEST_REASON],
            by_agent=by_agent,
            decided_at=ctx.now,
        )
        for due in decided
    ]
    if not rows:
        return
    await AbsentDay.bulk_create(
        rows,
        on_conflict=["child_id", "day", "activity", "unit"],
        update_fields=["household_id", "report_id", "percent_due", "reason", "by_agent", "decided_at"],
    )
    await leave_drafts({(row.child_id, row.day, row.activity, row.unit) for row in rows})


async def leave_drafts(slots: Collection[Slot]) -> None:
    """Take units off the drafts of invoices: their issue is refused until the month is prepared again."""
    drafted = (await on_invoices(slots)).drafted
    if drafted:
        await Attendance.filter(id__in=list(drafted)).update(invoice_id=None)
