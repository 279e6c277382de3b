"""Who came: the agents' list of booked units, and what they recorded."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.french import say_date
from resolvers.context import Context
from resolvers.custody import custodies_of
from resolvers.errors import Code, Refusals, Refused
from resolvers.models import Attendance, Booking, Invoice, Membership, NumberCounter, Person
from resolvers.models.billing import InvoiceState
from resolvers.models.bookings import Presence
from resolvers.models.households import Role
from resolvers.models.tenancy import unit_of_work
from resolvers.plans import Slot, Window

MOST_ENTRIES = 2000
TURN = "attendance"  # the counter that is locked to take turns; no number is taken from it


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One child expected (or seen) for one unit on one day. ``presence`` is None until an agent has checked.

    ``invoice_id`` is the invoice, issued or in draft, that charges it.
    """

    household_id: UUID
    child_id: UUID
    child: str
    activity: str
    unit: str
    day: date
    booked: bool
    presence: Presence | None
    invoice_id: UUID | None = None

    @property
    def slot(self) -> Slot:
        """The key of the booking."""
        return (self.child_id, self.day, self.activity, self.unit)


async def sheet(_ctx: Context, window: Window, activity: str | None = None) -> list[SheetLine]:
    """Every booked or seen unit of the window, in reading order: three statements, whatever the number of children."""
    span = {"day__gte": window.first, "day__lte": window.last, **({"activity": activity} if activity else {})}
    columns = ("household_id", "child_id", "day", "activity", "unit")
    booked = await Booking.filter(live=True, **span).values_list(*columns)
    rows = await Attendance.filter(**span).values_list(*columns, "presence", "invoice_id")
    seen = {tuple(row): Presence(state) for *row, state, _ in rows}
    invoices = {tuple(row): invoice for *row, _, invoice in rows}
    expected = {tuple(row) for row in booked}
    slots = sorted(expected | seen.keys(), key=lambda row: (row[2], row[3], row[4]))
    names = await _names({row[1] for row in slots})
    lines = [
        SheetLine(
            household_id=household,
            child_id=child,
            child=names.get(child, ""),
            activity=code,
            unit=unit,
            day=day,
            booked=(household, child, day, code, unit) in expected,
            presence=seen.get((household, child, day, code, unit)),
            invoice_id=invoices.get((household, child, day, code, unit)),
        )
        for household, child, day, code, unit in slots
    ]
    return sorted(lines, key=lambda line: (line.day, line.activity, line.unit, line.child))


async def _names(ids: set[UUID]) -> Mapping[UUID, str]:
    rows = await Person.filter(id__in=list(ids)).values_list("id", "first_name", "last_name")
    return {person: f"{first} {last}" for person, first, last in rows}


@dataclass(frozen=True, slots=True)
class Check:
    """What an agent saw of one child, unit and day."""

    child_id: UUID
    activity: str
    unit: str
    day: date
    presence: Presence

    @property
    def slot(self) -> Slot:
        """The key of the booking."""
        return (self.child_id, self.day, self.activity, self.unit)


@unit_of_work
async def record(ctx: Context, checks: Sequence[Check], rest: tuple[Window, Presence] | None) -> int:
    """Record what was seen; a repeated batch changes nothing. ``rest`` gives every unit of a window that nobody
    checked yet the same state. Returns how many units are now recorded by this call.

    Refused: INVALID (a day to come, too many entries), NOT_FOUND (no booking, unknown unit or child),
    ATTENDANCE_LOCKED (already invoiced). One refusal refuses the whole batch.
    """
    if len(checks) > MOST_ENTRIES:
        raise Refused(Code.INVALID, f"Au plus {MOST_ENTRIES} lignes à la fois.", field=("entries",))
    days = [check.day for check in checks] + ([rest[0].first, rest[0].last] if rest else [])
    if not days:
        return 0
    _refuse_future(ctx, max(days))
    window = Window(min(days), max(days))
    await take_turns()
    lines = {line.slot: line for line in await sheet(ctx, window)}
    wanted = {check.slot: check.presence for check in checks}
    if rest is not None:
        wanted = {**_unchecked(lines, rest), **wanted}
    await _refuse_wrong(ctx, wanted, lines)
    changed = {slot: presence for slot, presence in wanted.items() if _moves(lines.get(slot), presence)}
    await _refuse_locked(changed)
    await _write(ctx, changed, lines)
    return len(wanted)


async def take_turns() -> None:
    """Wait until nobody else records or invoices: what is read for an invoice holds until that invoice is written."""
    await NumberCounter.bulk_create([NumberCounter(series=TURN)], ignore_conflicts=True)
    await NumberCounter.filter(series=TURN).select_for_update()


def _refuse_future(ctx: Context, last: date) -> None:
    if last > ctx.local_now.date():
        raise Refused(Code.INVALID, f"Le {say_date(last)} n'est pas encore passé.", field=("entries",))


def _unchecked(lines: Mapping[Slot, SheetLine], rest: tuple[Window, Presence]) -> dict[Slot, Presence]:
    window, presence = rest
    return {
        slot: presence
        for slot, line in lines.items()
        if line.booked and line.presence is None and window.first <= line.day <= window.last
    }


def _moves(line: SheetLine | None, presence: Presence) -> bool:
    return line is None or line.presence is not presence


async def _refuse_wrong(ctx: Context, wanted: Mapping[Slot, Presence], lines: Mapping[Slot, SheetLine]) -> None:
    refusals = []
    for _, day, activity, unit in wanted:
        found = ctx.commune.ask(hookspecs.catalogue, year=SchoolYear.of(day)).activity(activity)
        if found is None or found.unit(unit) is None:
            refusals.append(Refused(Code.NOT_FOUND, "Activité ou prestation inconnue.", field=("entries",)))
    for slot, presence in wanted.items():
        booked = slot in lines and lines[slot].booked
        if booked == (presence is Presence.UNEXPECTED):
            problem = "est réservé" if booked else "n'est pas réservé"
            refusals.append(
                Refused(Code.STATE_CONFLICT, f"Cet enfant {problem} le {say_date(slot[1])}.", field=("entries",))
            )
    if refusals:
        raise Refusals(refusals[:20])


async def _refuse_locked(changed: Mapping[Slot, Presence]) -> None:
    rows = await Attendance.filter(
        day__in=sorted({day for _, day, _, _ in changed}), invoice_id__not_isnull=True
    ).values_list("child_id", "day", "activity", "unit", "invoice_id")
    on_invoices = {(child, day, activity, unit): invoice for child, day, activity, unit, invoice in rows}
    touched = {on_invoices[slot] for slot in changed if slot in on_invoices}
    if touched and await Invoice.filter(id__in=list(touched), state=InvoiceState.ISSUED).exists():
        raise Refused(
            Code.ATTENDANCE_LOCKED,
            "Une de ces présences est déjà facturée : elle ne change plus. Corrigez par un avoir.",
            field=("entries",),
        )


async def _write(ctx: Context, changed: Mapping[Slot, Presence], lines: Mapping[Slot, SheetLine]) -> None:
    if not changed:
        return
    homes = await _homes([slot for slot in changed if slot not in lines])
    rows = [
        Attendance(
            household_id=lines[slot].household_id if slot in lines else homes[slot],
            child_id=slot[0],
            day=slot[1],
            activity=slot[2],
            unit=slot[3],
            presence=presence,
            recorded_by=ctx.viewer.account_id,
            recorded_at=ctx.now,
            invoice_id=None,
        )
        for slot, presence in changed.items()
    ]
    await Attendance.bulk_create(
        rows,
        on_conflict=["child_id", "day", "activity", "unit"],
        update_fields=["presence", "recorded_by", "recorded_at", "invoice_id"],
    )


async def _homes(slots: Sequence[Slot]) -> dict[Slot, UUID]:
    """Who is charged what nobody booked: the household whose day it is by custody, or else any of the child's."""
    children = sorted({child for child, *_ in slots})
    homes: defaultdict[UUID, list[UUID]] = defaultdict(list)
    links = Membership.filter(person_id__in=children, role=Role.CHILD).order_by("id")
    for child, home in await links.values_list("person_id", "household_id"):
        homes[child].append(home)
    if len(homes) < len(children):
        raise Refused(Code.NOT_FOUND, "Enfant inconnu.", field=("entries",))
    custodies = await custodies_of(children)
    return {
        slot: next((home for home in homes[slot[0]] if custodies.is_theirs(home, slot[0], slot[1])), homes[slot[0]][-1])
        for slot in slots
    }
