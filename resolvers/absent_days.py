"""What stays due of the units that families reported absent: for the invoices and for who checks the day."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from resolvers.models import AbsentDay
from resolvers.models.bookings import Presence
from resolvers.plans import Slot

ABSENT = frozenset({Presence.ABSENT_JUSTIFIED, Presence.ABSENT_UNJUSTIFIED})


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
