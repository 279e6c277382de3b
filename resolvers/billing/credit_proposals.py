"""What an issued invoice charges and that is not due any more: absences decided late, days closed afterwards.

An agent reads the proposal, changes it, and issues the credit note. Lines that several days make together (a minimum,
a discount) are left to the agent: what they should become depends on the other invoices of their span.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from plugins.rules.credit_notes import ChargedLine, Correction, taken_off
from plugins.rules.french import say_list
from plugins.rules.invoice_lines import say_days
from plugins.rules.invoicing import Origin
from resolvers.agenda.plans import Slot
from resolvers.billing.adjustments import read_origin
from resolvers.billing.credit_notes import charged_lines
from resolvers.context import Context
from resolvers.days.absent_days import ABSENT, Reported, percent_charged, reported_in
from resolvers.models import Attendance, Booking, Invoice, InvoiceLine
from resolvers.models.billing import InvoiceState
from resolvers.models.bookings import Presence

CANCELLED = "Réservation annulée"


@dataclass(frozen=True, slots=True)
class Proposed:
    """What may be taken off a line, for which days and why, in French."""

    correction: Correction
    line: InvoiceLine
    days: tuple[date, ...]
    reason: str

    def say(self) -> str:
        """« Enfant1 TEST, Repas du midi, le 2 novembre : maladie »."""
        return f"{self.line.child}, {self.line.unit}, {say_days(self.days)} : {self.reason}"


@dataclass(frozen=True, slots=True)
class _Now:
    """What is due today of the units of an invoice: who was absent, what was reported, what is not booked any more."""

    presence: dict[Slot, Presence]
    reported: dict[Slot, Reported]
    booked: frozenset[Slot]

    def percent(self, slot: Slot) -> int:
        presence = self.presence.get(slot)
        if presence in ABSENT and slot not in self.booked:
            return 0
        return percent_charged(presence, self.reported.get(slot))

    def reason(self, slot: Slot) -> str:
        told = self.reported.get(slot)
        return told.reason if told and slot in self.booked else CANCELLED


async def propose(_ctx: Context, invoice_id: UUID) -> tuple[Proposed, ...]:
    """What a credit note of an issued invoice should take off; nothing when the viewer sees no such invoice.

    Six statements, whatever the number of days.
    """
    invoice = await Invoice.get_or_none(id=invoice_id, state=InvoiceState.ISSUED)
    if invoice is None:
        return ()
    lines = [(charged, row, read_origin(row.origin)) for charged, row in await charged_lines(invoice) if row.origin]
    units = [line for line in lines if line[1].unit]
    now = await _now([origin for _, _, origin in units])
    return tuple(found for charged, row, origin in units for found in _of_line(charged, row, origin, now))


async def _now(origins: Sequence[Origin]) -> _Now:
    """What is known of the units that these lines charge, whichever of several invoices their attendance is on."""
    if not origins:
        return _Now({}, {}, frozenset())
    days = [day for origin in origins for day in origin.days]
    children = {UUID(origin.child or "") for origin in origins}
    span = {"child_id__in": sorted(children), "day__gte": min(days), "day__lte": max(days)}
    seen = await Attendance.filter(**span).values_list("child_id", "day", "activity", "unit", "presence")
    booked = await Booking.filter(live=True, **span).values_list("child_id", "day", "activity", "unit")
    return _Now(
        {(child, day, code, unit): Presence(presence) for child, day, code, unit, presence in seen},
        await reported_in(**span),
        frozenset((child, day, code, unit) for child, day, code, unit in booked),
    )


def _of_line(charged: ChargedLine, row: InvoiceLine, origin: Origin, now: _Now) -> list[Proposed]:
    """A correction per amount and reason; of a line that is shared, or was corrected before, the difference."""
    found: defaultdict[tuple[int, str], list[date]] = defaultdict(list)
    for day in origin.days:
        slot = (UUID(origin.child or ""), day, origin.activity, origin.unit)
        off = taken_off(origin.price, now.percent(slot))
        if off > 0:
            found[off, now.reason(slot)].append(day)
    due = origin.cents - sum(off * len(days) for (off, _), days in found.items())
    total = origin.part_of(origin.cents) - origin.part_of(due) - charged.credited_cents
    if total <= 0:
        return []
    if len(found) == 1 and not charged.credited_cents and not origin.percents:
        (((off, why), days),) = found.items()
        return [Proposed(Correction(row.position, len(days), off), row, tuple(days), why)]
    every = tuple(sorted(day for days in found.values() for day in days))
    return [Proposed(Correction(row.position, 1, total), row, every, say_list(sorted({why for _, why in found})))]
