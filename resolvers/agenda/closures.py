"""Whole-school events: an agent closes units on some days for everybody, and all their bookings are cancelled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from tortoise.expressions import Q

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity, Unit
from plugins.rules.closings import ClosedUnits
from plugins.rules.excuses import CLOSING, OTHER, OUTING, STRIKE, TEACHER_ABSENT, WEATHER
from plugins.rules.french import say_date, say_list, say_span
from plugins.rules.texts import is_printable
from plugins.rules.wording import Message
from resolvers.agenda.cancellations import cancel_bookings, slot_of
from resolvers.agenda.child_locks import lock_every_child
from resolvers.agenda.offers import ALIVE, end_waits, offer_freed
from resolvers.agenda.plans import Slot, Window
from resolvers.context import Context
from resolvers.days.absent_days import ABSENT
from resolvers.days.attendance import take_turns
from resolvers.errors import Code, Refused, not_found
from resolvers.families.correspondents import correspondents_of
from resolvers.idempotency import recall, remember
from resolvers.models import AbsentDay, Attendance, Booking, BookingChange, Closure, Invoice, Person, WaitingEntry
from resolvers.models.billing import InvoiceState
from resolvers.models.bookings import Presence
from resolvers.models.scope import everything_in_sight
from resolvers.models.tenancy import unit_of_work
from resolvers.outbox import Addressee, enqueue_all, mail_effect

RECORD = "closureRecord"
CAUSES = tuple(cause.label for cause in (STRIKE, TEACHER_ABSENT, WEATHER, OUTING, CLOSING, OTHER))
LONGEST_LABEL = 120
_KEYS = {Message.UNITS_CLOSED: "closed", Message.UNITS_REOPENED: "reopened"}


@dataclass(frozen=True, slots=True)
class Event:
    """What does not take place, both days included; no activity, site or unit named means all of them."""

    first: date
    last: date
    cause: str
    label: str
    activity: str = ""
    site: str = ""
    units: tuple[str, ...] = ()

    @property
    def closed(self) -> ClosedUnits:
        """The same as the calendar of families reads it."""
        return ClosedUnits(self.label, self.first, self.last, self.activity, self.site, frozenset(self.units))


@dataclass(frozen=True, slots=True)
class Consequences:
    """What recording an event does: how many booked units it cancels, of how many children and households.

    ``present`` of them stay because an agent saw the child there. ``invoices`` are the issued ones on which some
    cancelled ones are: the service takes them off by credit notes. ``waits`` for a place end.
    """

    bookings: int
    children: int
    households: int
    present: int
    invoices: tuple[str, ...]
    waits: int


@dataclass(frozen=True, slots=True)
class _Concerned:
    """What an event cancels and ends, how much stays, the absences that are not due any more, the issued invoices."""

    cancelled: tuple[Booking, ...]
    waits: tuple[WaitingEntry, ...]
    present: int
    absences: tuple[UUID, ...]
    invoices: tuple[str, ...]

    @property
    def consequences(self) -> Consequences:
        rows = self.cancelled
        children, households = {row.child_id for row in rows}, {row.household_id for row in rows}
        return Consequences(len(rows), len(children), len(households), self.present, self.invoices, len(self.waits))


async def preview(ctx: Context, event: Event) -> Consequences:
    """What recording this event now would do; nothing is kept. Refused as :func:`record`."""
    _refuse_wrong(ctx, event)
    with everything_in_sight():  # what closes is closed for whoever comes, whichever services follow its household
        return (await _concerned(ctx, event)).consequences


@unit_of_work
async def record(ctx: Context, event: Event, key: str | None = None) -> tuple[Closure, Consequences]:
    """Close, cancel every booking concerned, end who waits, and mail each household once; nothing of it is due.

    A constant number of statements whatever the number of children, and one per limited pool and day.
    Refused: INVALID (days, cause, label), BLANK (label), NOT_FOUND (no such unit, or one of a service that the agent
    does not work for), and as ``idempotency.recall``.
    """
    _refuse_wrong(ctx, event)
    asked = {**asdict(event), "units": list(event.units)}
    await take_turns()
    answered = await recall(ctx, RECORD, key, asked)
    if answered is not None:
        done = Consequences(**{**answered["done"], "invoices": tuple(answered["done"]["invoices"])})
        return await Closure.get(id=answered["closure"]), done
    await lock_every_child()  # who books at this instant is cancelled with the others, or is told
    with everything_in_sight():  # what closes is closed for whoever comes, whichever services follow its household
        concerned = await _concerned(ctx, event, lock=True)
        closure = await _close(ctx, event, concerned)
    done = concerned.consequences
    await remember(ctx, RECORD, key, asked, {"closure": str(closure.id), "done": asdict(done)})
    return closure, done


async def _close(ctx: Context, event: Event, concerned: _Concerned) -> Closure:
    """The closing, once nothing is booked or waited for any more; everybody concerned is told."""
    closure = await Closure.create(
        activity=event.activity,
        site=event.site,
        units=list(event.units),
        first_day=event.first,
        last_day=event.last,
        cause=event.cause,
        label=event.label,
        decided_by=ctx.viewer.account_id,
        decided_at=ctx.now,
    )
    cancelled = concerned.cancelled
    rules = {slot_of(row): event.closed.say() for row in cancelled}
    freed = await end_waits(ctx, concerned.waits)
    await cancel_bookings(ctx, cancelled, rules, occasion=event.label, batch=closure.id)
    await offer_freed(ctx, f"unheld:{closure.id.hex}", freed)
    await _forget_absences(ctx, event, concerned)
    told = [*(_Told.of(row) for row in cancelled), *(_Told.of(row) for row in concerned.waits)]
    await _tell(ctx, closure, Message.UNITS_CLOSED, told)
    return closure


@unit_of_work
async def withdraw(ctx: Context, closure_id: UUID) -> Closure:
    """Open the days again. Who was booked is told, and books again: families may have arranged otherwise meanwhile.

    Refused: NOT_FOUND, STATE_CONFLICT when it was withdrawn already.
    """
    closure = await Closure.filter(id=closure_id).select_for_update().first()
    if closure is None:
        raise not_found("Fermeture", "id")
    if closure.withdrawn_at is not None:
        raise Refused(Code.STATE_CONFLICT, "Cette fermeture est déjà retirée.", field=("id",))
    closure.withdrawn_at = ctx.now
    await closure.save(update_fields=["withdrawn_at"])
    rows = await BookingChange.filter(batch=closure.id, day__gte=ctx.local_now.date())
    await _tell(ctx, closure, Message.UNITS_REOPENED, [_Told.of(row) for row in rows])
    return closure


async def closures_page(before: tuple[datetime, UUID] | None, limit: int) -> tuple[list[Closure], int]:
    """A page of what was closed, the last decided first, and how many there are in all."""
    rows = Closure.all()
    total = await rows.count()
    if before is not None:
        at, key = before
        rows = rows.filter(Q(decided_at__lt=at) | Q(decided_at=at, id__lt=key))
    return await rows.order_by("-decided_at", "-id").limit(limit), total


def _refuse_wrong(ctx: Context, event: Event) -> None:
    window = Window(event.first, event.last)
    if not event.label.strip():
        raise Refused(Code.BLANK, "Dites aux familles ce qui se passe : « Grève du mardi ».", field=("label",))
    if len(event.label) > LONGEST_LABEL or not is_printable(event.label):
        raise Refused(Code.INVALID, f"Le libellé tient sur une ligne de {LONGEST_LABEL} lettres.", field=("label",))
    if event.cause not in CAUSES:
        raise Refused(Code.INVALID, f"Choisissez un motif parmi : {say_list(CAUSES, 'ou')}.", field=("cause",))
    offered = [
        activity
        for year in window.school_years
        for activity in ctx.commune.ask(hookspecs.catalogue, year=year).activities
        if event.activity in ("", activity.code) and event.site in ("", activity.site)
    ]
    known = {code for activity in offered for code in activity.unit_codes}
    if not offered or not set(event.units) <= known:
        raise not_found("Activité, lieu ou prestation", "activity")
    others = dict.fromkeys(each.label for each in offered if not ctx.viewer.works_for(each.service))
    if others:
        said = f"Vous ne travaillez pas pour {say_list(list(others))} : nommez une activité de vos services."
        raise Refused(Code.NOT_FOUND, said, field=("activity",))


async def _concerned(ctx: Context, event: Event, *, lock: bool = False) -> _Concerned:
    """Four statements at most, whatever the number of children."""
    span = {"day__gte": event.first, "day__lte": event.last}
    named: dict[str, Any] = {**span, **({"activity": event.activity} if event.activity else {})}
    if event.units:
        named["unit__in"] = sorted(event.units)
    live = Booking.filter(live=True, **named).order_by("id")
    rows = await (live.select_for_update() if lock else live)
    booked = {slot_of(row): row for row in rows if _is_closed(ctx, event.closed, row)}
    alive = WaitingEntry.filter(state__in=ALIVE, **named).order_by("id")
    waiting = await (alive.select_for_update() if lock else alive)
    seen = await Attendance.filter(**named).values_list(
        "id", "presence", "invoice_id", "child_id", "day", "activity", "unit"
    )
    concerned = [(id_, Presence(presence), invoice) for id_, presence, invoice, *slot in seen if tuple(slot) in booked]
    came = {tuple(slot) for _, presence, _, *slot in seen if Presence(presence) not in ABSENT}
    invoiced = {invoice for _, presence, invoice in concerned if invoice and presence in ABSENT}
    issued = await Invoice.filter(id__in=sorted(invoiced), state=InvoiceState.ISSUED) if invoiced else []
    numbers = {row.id: row.number or "" for row in issued}
    return _Concerned(
        tuple(row for slot, row in booked.items() if slot not in came),
        tuple(row for row in waiting if _is_closed(ctx, event.closed, row)),
        sum(1 for slot in booked if slot in came),
        tuple(id_ for id_, presence, invoice in concerned if presence in ABSENT and invoice not in numbers),
        tuple(sorted(numbers.values())),
    )


def _is_closed(ctx: Context, closed: ClosedUnits, row: Booking | WaitingEntry) -> bool:
    found = _found(ctx, row)
    return found is not None and closed.covers(*found, row.day)


def _found(ctx: Context, row: Booking | WaitingEntry) -> tuple[Activity, Unit] | None:
    activity = ctx.commune.ask(hookspecs.catalogue, year=SchoolYear.of(row.day)).activity(row.activity)
    unit = activity.unit(row.unit) if activity else None
    return (activity, unit) if activity and unit else None


async def _forget_absences(ctx: Context, event: Event, concerned: _Concerned) -> None:
    """An absence that was recorded or reported of what did not take place is not due, and leaves its draft."""
    if concerned.absences:
        await Attendance.filter(id__in=list(concerned.absences)).update(
            presence=Presence.ABSENT_JUSTIFIED, invoice_id=None
        )
    slots = {slot_of(row) for row in concerned.cancelled}
    rows = await AbsentDay.filter(day__gte=event.first, day__lte=event.last).values_list(
        "id", "child_id", "day", "activity", "unit"
    )
    ids = [id_ for id_, *slot in rows if tuple(slot) in slots]
    if ids:
        await AbsentDay.filter(id__in=ids).update(percent_due=0, reason=event.label, decided_at=ctx.now)


@dataclass(frozen=True, slots=True)
class _Told:
    """One unit that a household is told about: booked, or only waited for."""

    household_id: UUID
    slot: Slot
    waited_for: bool

    @classmethod
    def of(cls, row: Booking | BookingChange | WaitingEntry) -> "_Told":
        slot = (row.child_id, row.day, row.activity, row.unit)
        return cls(row.household_id, slot, isinstance(row, WaitingEntry))


async def _tell(ctx: Context, closure: Closure, message: Message, units: Sequence[_Told]) -> None:
    """One mail per household and adult, whatever the number of children: five statements for all of them."""
    by_household = {
        household: list(group)
        for household, group in groupby(sorted(units, key=_reading_order), key=lambda unit: unit.household_id)
    }
    if not by_household:
        return
    readers = await correspondents_of(by_household.keys())
    names = dict(await Person.filter(id__in=sorted({unit.slot[0] for unit in units})).values_list("id", "first_name"))
    service, period = _service(ctx, units[0].slot), say_span(closure.first_day, closure.last_day)
    mails = [
        mail_effect(
            ctx.commune,
            ctx.ports,
            ctx.now,
            message,
            Addressee(account.email, person.first_name),
            key=f"{_KEYS[message]}:{closure.id.hex}:{household.hex}:{account.id.hex}",
            service=service,
            reason=closure.label,
            period=period,
            changes="\n".join(_lines(ctx, told, names)),
        )
        for household, told in by_household.items()
        for account, person in readers[household]
    ]
    await enqueue_all(mails)


def _reading_order(unit: _Told) -> tuple[UUID, date, UUID, str, str]:
    child, day, activity, code = unit.slot
    return (unit.household_id, day, child, activity, code)


def _lines(ctx: Context, told: Iterable[_Told], names: Mapping[UUID, str]) -> list[str]:
    """« - Enfant1 : Restauration scolaire, Repas du midi, lundi 2 novembre 2026 (liste d'attente) »."""
    lines = []
    for each in told:
        child, day, code, unit_code = each.slot
        activity = ctx.commune.ask(hookspecs.catalogue, year=SchoolYear.of(day)).activity(code)
        unit = activity.unit(unit_code) if activity else None
        what = f"{activity.label if activity else code}, {unit.label if unit else unit_code}"
        waited = " (liste d'attente)" if each.waited_for else ""
        lines.append(f"- {names.get(child, '')} : {what}, {say_date(day)}{waited}")
    return lines


def _service(ctx: Context, slot: Slot) -> str | None:
    """The service that signs: that of the first unit told."""
    _, day, code, _ = slot
    activity = ctx.commune.ask(hookspecs.catalogue, year=SchoolYear.of(day)).activity(code)
    return activity.service if activity else None
