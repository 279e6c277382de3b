"""Who came: the agents' list of booked units, and what they recorded."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.french import say_date
from resolvers.agenda.bookings import CommitMode
from resolvers.agenda.plans import Slot, Window
from resolvers.context import Context
from resolvers.days.sights import Check, Sight, latest
from resolvers.errors import Code, Refusals, Refused
from resolvers.families.custody import custodies_of
from resolvers.idempotency import recall, remember
from resolvers.models import Attendance, Booking, Invoice, Membership, Person
from resolvers.models.billing import InvoiceState
from resolvers.models.bookings import Presence
from resolvers.models.households import Role
from resolvers.models.tenancy import unit_of_work
from resolvers.numbers import hold

RECORD = "attendanceRecord"
MOST_ENTRIES = 2000
MOST_TOLD = 20  # refusals of a batch that is refused as a whole
COLUMNS = ("household_id", "child_id", "day", "activity", "unit")
SEEN = ("presence", "arrived_at", "left_at", "seen_at", "recorded_at")
WRITTEN = ("presence", "arrived_at", "left_at", "seen_at", "recorded_by", "recorded_at", "invoice_id")
TURN = "attendance"  # the counter that is locked to take turns; no number is taken from it


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One child expected (or seen) for one unit on one day. ``sight`` is None until an agent has checked.

    ``invoice_id`` is the invoice, issued or in draft, that charges it.
    """

    household_id: UUID
    child_id: UUID
    child: str
    activity: str
    unit: str
    day: date
    booked: bool
    sight: Sight | None
    invoice_id: UUID | None = None

    @property
    def presence(self) -> Presence | None:
        """What an agent saw."""
        return self.sight.presence if self.sight else None

    @property
    def slot(self) -> Slot:
        """The key of the booking."""
        return (self.child_id, self.day, self.activity, self.unit)


async def sheet(
    _ctx: Context, window: Window, activity: str | None = None, children: Collection[UUID] | None = None
) -> list[SheetLine]:
    """Every booked or seen unit of the window, in reading order: three statements, whatever the number of children.

    Those of one activity, of some ``children``, when they are given.
    """
    span: dict[str, Any] = {"day__gte": window.first, "day__lte": window.last}
    span |= {"activity": activity} if activity else {}
    span |= {} if children is None else {"child_id__in": sorted(children)}
    expected = {tuple(row) for row in await Booking.filter(live=True, **span).values_list(*COLUMNS)}
    rows = await Attendance.filter(**span).values_list(*COLUMNS, "invoice_id", *SEEN)
    seen = {row[:5]: (row[5], _sight(*row[6:])) for row in rows}
    names = await _names({row[1] for row in expected | seen.keys()})
    lines = []
    for key in expected | seen.keys():
        household, child, day, code, unit = key
        invoice, sight = seen.get(key, (None, None))
        name, booked = names.get(child, ""), key in expected
        lines.append(SheetLine(household, child, name, code, unit, day, booked, sight, invoice))
    return sorted(lines, key=lambda line: (line.day, line.activity, line.unit, line.child, line.child_id))


def _sight(
    presence: Presence, arrived_at: datetime | None, left_at: datetime | None, seen: datetime | None, at: datetime
) -> Sight:
    """What was kept; what was recorded before sights had an instant was seen when it was recorded."""
    return Sight(Presence(presence), seen or at, arrived_at, left_at)


async def _names(ids: set[UUID]) -> Mapping[UUID, str]:
    rows = await Person.filter(id__in=list(ids)).values_list("id", "first_name", "last_name")
    return {person: f"{first} {last}" for person, first, last in rows}


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a batch.

    ``count`` units are now as it says. Its entries are told by position: the ``refused`` ones in the path of their
    refusal, and the ``overtaken`` ones, of which somebody saw something else later.
    """

    count: int
    refused: tuple[Refused, ...] = ()
    overtaken: tuple[int, ...] = ()

    @classmethod
    def again(cls, answer: Mapping[str, Any]) -> "Recorded":
        """The answer that was kept under the key of the batch."""
        refused = tuple(Refused(Code[code], message, field=field) for code, message, field in answer["refused"])
        return cls(answer["count"], refused, tuple(answer["overtaken"]))

    def kept(self) -> dict[str, Any]:
        """What :meth:`again` reads."""
        refused = [[refusal.code.name, refusal.message, refusal.field] for refusal in self.refused]
        return {"count": self.count, "refused": refused, "overtaken": list(self.overtaken)}


Rest = tuple[Window, Presence]


@unit_of_work
async def record(
    ctx: Context,
    checks: Sequence[Check],
    rest: Rest | None = None,
    mode: CommitMode = CommitMode.ATOMIC,
    key: str | None = None,
) -> Recorded:
    """Record what was seen; a repeated batch changes nothing, and what was seen later stands.

    ``rest`` gives every booked unit of a window that nobody checked yet the same state. In BEST_EFFORT mode what is
    refused is told and the others are recorded; otherwise one refusal refuses the whole batch.

    Refused: INVALID (a day to come, a sight of the future, times that are not of the day or not in order, too many
    entries), NOT_FOUND (unit or child), STATE_CONFLICT (booked or not), ATTENDANCE_LOCKED (invoiced), and as
    ``idempotency.recall``.
    """
    if len(checks) > MOST_ENTRIES:
        raise Refused(Code.INVALID, f"Au plus {MOST_ENTRIES} lignes à la fois.", field=("entries",))
    await take_turns()
    asked = {"entries": [astuple(check) for check in checks], "rest": str(rest), "mode": mode.name}
    answered = await recall(ctx, RECORD, key, asked)
    if answered is not None:
        return Recorded.again(answered)
    batch = await _judged(ctx, checks, rest)
    if batch.refused and mode is CommitMode.ATOMIC:
        raise Refusals(batch.refused[:MOST_TOLD])
    await _write(ctx, batch)
    recorded = Recorded(len(batch.told), tuple(batch.refused), tuple(batch.overtaken))
    await remember(ctx, RECORD, key, asked, recorded.kept())
    return recorded


async def take_turns() -> None:
    """Wait until nobody else records or invoices: what is read for an invoice holds until that invoice is written."""
    await hold(TURN)


@dataclass(slots=True)
class _Batch:
    """A batch as it is judged, entry by entry: ``held`` is what stands of each unit, with what the batch told."""

    lines: Mapping[Slot, SheetLine]
    homes: Mapping[Slot, UUID]
    issued: frozenset[UUID]
    held: dict[Slot, Sight]
    told: set[Slot] = field(default_factory=set)
    refused: list[Refused] = field(default_factory=list)
    overtaken: list[int] = field(default_factory=list)

    def household_of(self, slot: Slot) -> UUID:
        """Who is charged: who booked it, or the household of a child who came without booking."""
        line = self.lines.get(slot)
        return line.household_id if line else self.homes[slot]

    def tell(self, ctx: Context, position: int, check: Check) -> None:
        """Take one entry in, or refuse it."""
        sight = check.sight(ctx.now)
        held = latest(self.held.get(check.slot), sight)
        refusal = self._refusal(ctx, check, held)
        if refusal is not None:
            code, message = refusal
            self.refused.append(Refused(code, message, field=("entries", str(position))))
            return
        self.held[check.slot] = held
        if held.upholds(sight):
            self.told.add(check.slot)
        else:
            self.overtaken.append(position)

    def _refusal(self, ctx: Context, check: Check, held: Sight) -> tuple[Code, str] | None:
        """Why an entry cannot be recorded; ``held`` is what would stand."""
        if (fault := check.fault(ctx.now, ctx.commune.tz)) is not None:
            return Code.INVALID, fault
        found = ctx.commune.ask(hookspecs.catalogue, year=SchoolYear.of(check.day)).activity(check.activity)
        if found is None or found.unit(check.unit) is None:
            return Code.NOT_FOUND, "Activité ou prestation inconnue."
        line = self.lines.get(check.slot)
        if line is None and check.slot not in self.homes:
            return Code.NOT_FOUND, "Enfant inconnu."
        booked = line is not None and line.booked
        if booked == (check.presence is Presence.UNEXPECTED):
            problem = "est réservé" if booked else "n'est pas réservé"
            return Code.STATE_CONFLICT, f"Cet enfant {problem} le {say_date(check.day)}."
        if line is not None and line.invoice_id in self.issued and (not line.sight or held.said != line.sight.said):
            return (
                Code.ATTENDANCE_LOCKED,
                "Cette présence est déjà facturée : elle ne change plus. Corrigez par un avoir.",
            )
        return None


async def _judged(ctx: Context, checks: Sequence[Check], rest: Rest | None) -> _Batch:
    """The batch against what is booked and recorded: a constant number of statements."""
    sound = [check for check in checks if check.fault(ctx.now, ctx.commune.tz) is None]
    days = [check.day for check in sound]
    if rest is not None:
        _refuse_future(ctx, rest[0].last)
        days += [rest[0].first, rest[0].last]
    lines = {line.slot: line for line in await sheet(ctx, Window(min(days), max(days)))} if days else {}
    homes = await _homes(check.slot for check in sound if check.slot not in lines)
    held = {slot: line.sight for slot, line in lines.items() if line.sight}
    batch = _Batch(lines, homes, await _issued(lines.values()), held)
    for position, check in enumerate(checks):
        batch.tell(ctx, position, check)
    if rest is not None:
        for slot in _unchecked(lines, rest, batch.held):
            batch.held[slot] = Sight(rest[1], ctx.now)
            batch.told.add(slot)
    return batch


def _refuse_future(ctx: Context, last: date) -> None:
    if last > ctx.local_now.date():
        raise Refused(Code.INVALID, f"Le {say_date(last)} n'est pas encore passé.", field=("rest", "lastDay"))


def _unchecked(lines: Mapping[Slot, SheetLine], rest: Rest, held: Mapping[Slot, Sight]) -> list[Slot]:
    window, _ = rest
    return [
        slot
        for slot, line in lines.items()
        if line.booked and slot not in held and window.first <= line.day <= window.last
    ]


async def _issued(lines: Iterable[SheetLine]) -> frozenset[UUID]:
    """The issued invoices among those of some lines."""
    ids = {line.invoice_id for line in lines if line.invoice_id}
    if not ids:
        return frozenset()
    return frozenset({row.id for row in await Invoice.filter(id__in=list(ids), state=InvoiceState.ISSUED).only("id")})


async def _write(ctx: Context, batch: _Batch) -> None:
    """Keep what changed, and when it was last seen: what was said again keeps its author and its instant."""
    before = {slot: line.sight for slot, line in batch.lines.items()}
    moved = {slot: sight for slot, sight in batch.held.items() if sight != before.get(slot)}
    fresh: list[Attendance] = []
    again: list[Attendance] = []
    for slot, sight in moved.items():
        row = Attendance(
            household_id=batch.household_of(slot),
            child_id=slot[0],
            day=slot[1],
            activity=slot[2],
            unit=slot[3],
            presence=sight.presence,
            arrived_at=sight.arrived_at,
            left_at=sight.left_at,
            seen_at=sight.seen_at,
            recorded_by=ctx.viewer.account_id,
            recorded_at=ctx.now,
            invoice_id=None,
        )
        stood = before.get(slot)
        (again if stood and stood.said == sight.said else fresh).append(row)
    keys = ("child_id", "day", "activity", "unit")
    if fresh:
        await Attendance.bulk_create(fresh, on_conflict=keys, update_fields=WRITTEN)
    if again:
        await Attendance.bulk_create(again, on_conflict=keys, update_fields=("seen_at",))


async def _homes(slots: Iterable[Slot]) -> dict[Slot, UUID]:
    """Who is charged what nobody booked: the household whose day it is by custody, or else any of the child's.

    What is told of a child of no household is left out.
    """
    wanted = set(slots)
    children = sorted({child for child, *_ in wanted})
    if not children:
        return {}
    homes: defaultdict[UUID, list[UUID]] = defaultdict(list)
    links = Membership.filter(person_id__in=children, role=Role.CHILD).order_by("id")
    for child, home in await links.values_list("person_id", "household_id"):
        homes[child].append(home)
    custodies = await custodies_of(children)
    return {
        slot: next((home for home in homes[slot[0]] if custodies.is_theirs(home, slot[0], slot[1])), homes[slot[0]][-1])
        for slot in wanted
        if slot[0] in homes
    }
