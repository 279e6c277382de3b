"""Who came, for agents."""

from datetime import date
from uuid import UUID

import strawberry

from resolvers import attendance
from resolvers.attendance import Check, SheetLine
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.models.bookings import Presence as PresenceValue
from resolvers.plans import Window
from schema.enums import Presence
from schema.payloads import Payload
from schema.relay import Connection, Page, connect, decode_cursor, encode_cursor, global_id, parse_uuid


@strawberry.type(description="A child expected, or seen, for a unit on a day.")
class AttendanceLine:
    """See ``resolvers.attendance.SheetLine``."""

    child_id: strawberry.ID = strawberry.field(description="The child.")
    child: str = strawberry.field(description="The child's name.")
    activity: str = strawberry.field(description="The activity's code.")
    unit: str = strawberry.field(description="The unit's code.")
    day: date = strawberry.field(description="The day.")
    booked: bool = strawberry.field(description="True when it is booked.")
    presence: Presence | None = strawberry.field(description="What was seen; null until checked.")

    @classmethod
    def of(cls, line: SheetLine) -> "AttendanceLine":
        """The line as clients see it."""
        return cls(
            child_id=global_id("Child", line.child_id),
            child=line.child,
            activity=line.activity,
            unit=line.unit,
            day=line.day,
            booked=line.booked,
            presence=Presence[line.presence.name] if line.presence else None,
        )


async def sheet_page(
    ctx: Context, first_day: date, last_day: date, activity: str | None, page: Page
) -> Connection[AttendanceLine]:
    """A page of the attendance sheet, in reading order."""
    lines = sorted(await attendance.sheet(ctx, Window(first_day, last_day), activity), key=_key)
    total = len(lines)
    if page.backward:
        lines.reverse()
    bound = page.before if page.backward else page.after
    if bound is not None:
        key = tuple(decode_cursor(bound, date, str, str, str, UUID))
        lines = [line for line in lines if (_key(line) < key if page.backward else _key(line) > key)]
    shown = lines[: page.size + 1]
    cursors = [encode_cursor(*_key(line)) for line in shown]
    return connect(page, [AttendanceLine.of(line) for line in shown], cursors, total)


def _key(line: SheetLine) -> tuple[date, str, str, str, UUID]:
    return (line.day, line.activity, line.unit, line.child, line.child_id)


@strawberry.input(description="What was seen of one child, unit and day.")
class AttendanceEntryInput:
    """See ``resolvers.attendance.Check``."""

    child_id: strawberry.ID = strawberry.field(description="The child.")
    activity: str = strawberry.field(description="The activity's code.")
    unit: str = strawberry.field(description="The unit's code.")
    day: date = strawberry.field(description="The day.")
    presence: Presence = strawberry.field(description="What was seen.")


@strawberry.input(description="Every booked unit of a window that nobody has checked yet.")
class RestInput:
    """« Everybody else was there. »"""

    first_day: date = strawberry.field(description="The first day.")
    last_day: date = strawberry.field(description="The last day.")
    presence: Presence = strawberry.field(description="What was seen.", default=Presence.PRESENT)


@strawberry.input(description="Input of `attendanceRecord`.")
class AttendanceRecordInput:
    """A batch, harmless when sent twice."""

    entries: list[AttendanceEntryInput] = strawberry.field(
        description="What was seen, at most 2,000 entries.", default_factory=list
    )
    rest: RestInput | None = strawberry.field(description="The same for all that nobody checked.", default=None)


@strawberry.type(description="Answer of `attendanceRecord`.")
class AttendanceRecordPayload(Payload):
    """The batch is recorded."""

    recorded_count: int = strawberry.field(description="How many units the batch covers.", default=0)


async def record(ctx: Context, input: AttendanceRecordInput) -> AttendanceRecordPayload:
    """Record a batch."""
    if len(input.entries) > attendance.MOST_ENTRIES:
        raise Refused(Code.INVALID, f"Au plus {attendance.MOST_ENTRIES} lignes à la fois.", field=("entries",))
    checks = []
    for position, entry in enumerate(input.entries):
        child = parse_uuid(entry.child_id, "Child")
        if child is None:
            raise not_found("Enfant", "entries", str(position), "childId")
        checks.append(Check(child, entry.activity, entry.unit, entry.day, PresenceValue[entry.presence.name]))
    rest = input.rest
    window = (Window(rest.first_day, rest.last_day), PresenceValue[rest.presence.name]) if rest else None
    return AttendanceRecordPayload(recorded_count=await attendance.record(ctx, checks, window))
