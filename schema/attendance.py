"""Who came, for agents."""

from datetime import date, datetime
from uuid import UUID

import strawberry

from resolvers.agenda.bookings import CommitMode as CommitModeValue
from resolvers.agenda.plans import Window
from resolvers.context import Context
from resolvers.days import attendance
from resolvers.days.attendance import SheetLine
from resolvers.days.sights import Check
from resolvers.errors import Refusals
from resolvers.models.bookings import Presence as PresenceValue
from schema.enums import CommitMode, Presence
from schema.errors import UserError, user_errors
from schema.payloads import Payload
from schema.relay import Connection, Page, connect, decode_cursor, encode_cursor, global_id, parse_uuid

NOBODY = UUID(int=0)


@strawberry.type(description="A child expected, or seen, for a unit on a day.")
class AttendanceLine:
    """See ``resolvers.days.attendance.SheetLine``."""

    child_id: strawberry.ID = strawberry.field(description="The child.")
    child: str = strawberry.field(description="The child's name.")
    activity: str = strawberry.field(description="The activity's code.")
    unit: str = strawberry.field(description="The unit's code.")
    day: date = strawberry.field(description="The day.")
    booked: bool = strawberry.field(description="True when it is booked.")
    presence: Presence | None = strawberry.field(description="What was seen; null until checked.")
    arrived_at: datetime | None = strawberry.field(description="When the child came, if somebody wrote it down.")
    left_at: datetime | None = strawberry.field(description="When the child left, if somebody wrote it down.")
    seen_at: datetime | None = strawberry.field(description="When an agent saw it; null until checked.")

    @classmethod
    def of(cls, line: SheetLine) -> "AttendanceLine":
        """The line as clients see it."""
        sight = line.sight
        return cls(
            child_id=global_id("Child", line.child_id),
            child=line.child,
            activity=line.activity,
            unit=line.unit,
            day=line.day,
            booked=line.booked,
            presence=Presence[sight.presence.name] if sight else None,
            arrived_at=sight.arrived_at if sight else None,
            left_at=sight.left_at if sight else None,
            seen_at=sight.seen_at if sight else None,
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
    """See ``resolvers.days.attendance.Check``."""

    child_id: strawberry.ID = strawberry.field(description="The child.")
    activity: str = strawberry.field(description="The activity's code.")
    unit: str = strawberry.field(description="The unit's code.")
    day: date = strawberry.field(description="The day.")
    presence: Presence = strawberry.field(description="What was seen.")
    arrived_at: datetime | None = strawberry.field(
        description="When the child came, on that day; null leaves what is already known.", default=None
    )
    left_at: datetime | None = strawberry.field(
        description="When the child left, after it came; null leaves what is already known.", default=None
    )
    seen_at: datetime | None = strawberry.field(
        description="When the agent saw it, by the clock of a device that may be offline; now by default. "
        "The latest sight holds. At most five minutes in the future.",
        default=None,
    )


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
    mode: CommitMode = strawberry.field(
        description="What to do when an entry cannot be recorded.", default=CommitMode.ATOMIC
    )
    idempotency_key: str | None = strawberry.field(
        description="The same key with the same input gets the same answer, once done.", default=None
    )


@strawberry.type(description="Answer of `attendanceRecord`.")
class AttendanceRecordPayload(Payload):
    """The batch is recorded."""

    recorded_count: int = strawberry.field(description="How many units are now as the batch says.", default=0)
    refused: list[UserError] = strawberry.field(
        description="What could not be recorded, in BEST_EFFORT mode; `field` tells the place of each entry.",
        default_factory=list,
    )
    overtaken: list[int] = strawberry.field(
        description="The places, from 0, of entries that somebody saw otherwise later: the later sight stands.",
        default_factory=list,
    )


async def record(ctx: Context, input: AttendanceRecordInput) -> AttendanceRecordPayload:
    """Record a batch."""
    rest = input.rest
    done = await attendance.record(
        ctx,
        [_check(entry) for entry in input.entries],
        (Window(rest.first_day, rest.last_day), PresenceValue[rest.presence.name]) if rest else None,
        CommitModeValue[input.mode.name],
        input.idempotency_key,
    )
    refused = user_errors(Refusals(done.refused))
    return AttendanceRecordPayload(recorded_count=done.count, refused=refused, overtaken=list(done.overtaken))


def _check(entry: AttendanceEntryInput) -> Check:
    """An identifier that names no child is refused in its place, like a child that does not exist."""
    return Check(
        child_id=parse_uuid(entry.child_id, "Child") or NOBODY,
        activity=entry.activity,
        unit=entry.unit,
        day=entry.day,
        presence=PresenceValue[entry.presence.name],
        arrived_at=entry.arrived_at,
        left_at=entry.left_at,
        seen_at=entry.seen_at,
    )
