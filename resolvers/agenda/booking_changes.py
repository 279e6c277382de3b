"""Changes of bookings, made: the places, the rows, the log that nobody rewrites, the request, the receipt, the mail."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from plugins.rules.french import euros, say_date, say_list, say_many_days, say_short_span
from plugins.rules.requests import RequestKind, RequestState
from plugins.rules.verdicts import Verdict
from plugins.rules.wording import Message
from resolvers.agenda.facts import Facts
from resolvers.agenda.holds import spend
from resolvers.agenda.offers import offer_freed, settle
from resolvers.agenda.places import move, needed, spent
from resolvers.agenda.plans import Hold, Plan, PlannedUnit
from resolvers.context import AccountKind, Context
from resolvers.families.correspondents import correspondents
from resolvers.models import Booking, BookingChange, BookingReceipt, Request
from resolvers.models.bookings import ChangeKind
from resolvers.models.keys import new_key
from resolvers.outbox import Addressee, enqueue_mail
from resolvers.requests.requests import LONGEST_TEXT, LONGEST_TITLE, open_request

MOST_LINES = 40  # a month of meals for two children is read day by day, a year is not


async def make_changes(
    ctx: Context, facts: Facts, plan: Plan, occasion: str = "", given_up: frozenset[Hold] = frozenset()
) -> UUID:
    """Make the changes of a plan true and leave their proof; returns the receipt's key.

    For the transaction that locked the children and read the facts. ``occasion`` says in French what brought the
    changes about, when the family did not ask for them there and then; ``given_up`` are holds that end with it. Raises
    :class:`resolvers.agenda.places.PlacesMoved` when a place is gone: draw the plan again.
    """
    await spend(spent(facts, plan.changes) | given_up)
    moves = needed(facts, plan.changes, given_up)
    await move(facts, moves)
    await _write_bookings(ctx, plan)
    receipt = new_key()
    await settle(ctx, {unit.slot for unit in plan.changes if not unit.booked})
    await offer_freed(ctx, f"freed:{receipt.hex}", {place: -step for place, step in moves.items() if step < 0})
    await BookingChange.bulk_create([_log_line(ctx, plan, unit, receipt, occasion) for unit in plan.changes])
    request = await _leave_request(ctx, plan, receipt)  # last: the counter of requests stays locked until the commit
    await BookingReceipt.create(
        id=receipt,
        household_id=plan.household.id,
        account_id=ctx.viewer.account_id,
        at=ctx.now,
        summary={"cents": plan.change_cents, "request": request.number},
    )
    await _confirm(ctx, plan, request)
    return receipt


async def _write_bookings(ctx: Context, plan: Plan) -> None:
    """One row per child, unit and day: a cancelled one comes back to life."""
    booked = [unit for unit in plan.changes if not unit.booked]
    rows = [
        Booking(
            household_id=plan.household.id,
            child_id=unit.child.person_id,
            activity=unit.activity.code,
            unit=unit.unit.code,
            day=unit.day.day,
            live=True,
            late=unit.instants.is_late(ctx.now),
            changed_at=ctx.now,
        )
        for unit in booked
    ]
    if rows:
        await Booking.bulk_create(
            rows,
            on_conflict=["child_id", "day", "activity", "unit"],
            update_fields=["household_id", "live", "late", "changed_at"],
        )
    cancelled = {unit.slot for unit in plan.changes if unit.booked}
    if cancelled:
        found = await Booking.filter(
            household_id=plan.household.id,
            live=True,
            day__in=sorted({day for _, day, _, _ in cancelled}),
        ).values_list("id", "child_id", "day", "activity", "unit")
        ids = [row for row, *slot in found if tuple(slot) in cancelled]
        await Booking.filter(id__in=ids).update(live=False, changed_at=ctx.now)


def _log_line(ctx: Context, plan: Plan, unit: PlannedUnit, receipt: UUID, occasion: str) -> BookingChange:
    cancelling = unit.verdict is Verdict.CANCELLABLE
    last = unit.instants.cancel if cancelling else unit.instants.final
    return BookingChange(
        household_id=plan.household.id,
        child_id=unit.child.person_id,
        activity=unit.activity.code,
        unit=unit.unit.code,
        day=unit.day.day,
        kind=ChangeKind.CANCELLED if cancelling else ChangeKind.BOOKED,
        account_id=ctx.viewer.account_id,
        batch=receipt,
        at=ctx.now,
        rule=last.say(ctx.commune.tz)[:300],
        price_cents=unit.price.cents if unit.price else None,
        late=not cancelling and unit.instants.is_late(ctx.now),
        occasion=occasion,
    )


async def _leave_request(ctx: Context, plan: Plan, receipt: UUID) -> Request:
    """What was asked, done at once, among the family's « dernières demandes »; what was refused is in its history."""
    children = {unit.child.person_id for unit in plan.changes}
    return await open_request(
        ctx,
        RequestKind.BOOKING,
        plan.household.id,
        service=plan.changes[0].activity.service,
        title=_title(plan),
        child_id=children.pop() if len(children) == 1 else None,
        subject_id=receipt,
        state=RequestState.ACCEPTED,
        note=_not_done(plan),
        mail=False,
    )


def _title(plan: Plan) -> str:
    """« Réservation Enfant1 : Restauration scolaire, du 12 au 16 octobre 2026 », as in the guide of Chavagne, §8."""
    what = "Annulation" if all(unit.booked for unit in plan.changes) else "Réservation"
    children = say_list(dict.fromkeys(unit.child.first_name for unit in plan.changes))
    activities = dict.fromkeys(unit.activity.label for unit in plan.changes)
    days = say_short_span(plan.changes[0].day.day, plan.changes[-1].day.day)
    title = f"{what} {children} : {say_list(activities)}, {days}"
    return title if len(title) <= LONGEST_TITLE else f"{what} {children} : {len(activities)} activités, {days}"


def _not_done(plan: Plan) -> str:
    """What a best effort could not do, line by line; empty when everything was done."""
    lines = [
        f"- {unit.child.first_name}, {unit.activity.label}, {say_date(unit.day.day)} : {unit.reason.message}"
        for unit in plan.refused
        if unit.reason
    ]
    if not lines:
        return ""
    said = "\n".join(("N'ont pas pu être enregistrés :", *lines))
    return said if len(said) <= LONGEST_TEXT else f"{said[: LONGEST_TEXT - 1]}…"


async def _confirm(ctx: Context, plan: Plan, request: Request) -> None:
    """To who asked; to the adults of the household when an agent did it for them."""
    readers = [(ctx.viewer.account_id, Addressee(ctx.viewer.email, ctx.viewer.first_name))]
    if ctx.viewer.kind is AccountKind.AGENT:
        adults = await correspondents(plan.household.id)
        readers = [(account.id, Addressee(account.email, person.first_name)) for account, person in adults]
    for account_id, addressee in readers:
        await enqueue_mail(
            ctx.commune,
            ctx.ports,
            ctx.now,
            Message.BOOKINGS_CONFIRMED,
            addressee,
            key=f"bookings:{request.subject_id}:{account_id}",
            service=request.service,
            changes=_say_changes(ctx, plan, request),
            reference=request.number,
            total=euros(plan.change_cents),
        )


def _say_changes(ctx: Context, plan: Plan, request: Request) -> str:
    """Day by day; what is alike in one line when days are many, with where to read each of them."""
    if len(plan.changes) <= MOST_LINES:
        return "\n".join(f"{_say_unit(unit)}, {say_date(unit.day.day)}{_say_price(unit)}" for unit in plan.changes)
    alike: defaultdict[tuple[str, str], list[date]] = defaultdict(list)
    for unit in plan.changes:
        alike[_say_unit(unit), _say_price(unit)].append(unit.day.day)
    lines = [f"{what}{price} : {say_many_days(days)}" for (what, price), days in alike.items()]
    return "\n".join([*lines, "", f"Chaque jour, avec sa règle : {ctx.link(f'demandes/{request.number}')}"])


def _say_unit(unit: PlannedUnit) -> str:
    what = "Annulé" if unit.booked else "Réservé"
    return f"- {what} : {unit.child.first_name}, {unit.activity.label}, {unit.unit.label}"


def _say_price(unit: PlannedUnit) -> str:
    return f" ({euros(unit.price.cents)})" if unit.price else ""
