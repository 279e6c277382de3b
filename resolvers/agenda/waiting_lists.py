"""Waiting for a place on a full day: joining, leaving, taking or refusing what is offered, and one's turn."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from plugins import hookspecs
from plugins.rules.french import say_instant
from plugins.rules.tariffs import Residency, Situation
from plugins.rules.verdicts import Verdict
from plugins.rules.waiting_lists import Precedence
from resolvers.agenda.bookings import CommitMode, Committed, Order, commit
from resolvers.agenda.child_locks import lock_children
from resolvers.agenda.facts import Facts, read_facts
from resolvers.agenda.holds import release, wake
from resolvers.agenda.offers import ALIVE, IN_TURN, offer_freed, pools_of, slot_of, unit_of
from resolvers.agenda.plans import PlannedUnit, Slot, Window, Wish
from resolvers.agenda.wanted import wanted_plan
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.families.households import HouseholdFile, children_enrolled, household_of_child, households_of
from resolvers.idempotency import recall, remember
from resolvers.models import Person, PlaceCount, WaitingEntry
from resolvers.models.scope import everything_in_sight
from resolvers.models.tenancy import unit_of_work
from resolvers.models.waiting import WaitingState

JOIN = "waitingListJoin"
A_SECOND = timedelta(seconds=1)
LONGEST_REASON = 200


@unit_of_work
async def join(ctx: Context, slot: Slot, key: str | None) -> WaitingEntry:
    """Have a child wait for a unit of a full day; harmless when it waits already, after the others when it left.

    Refused: NOT_FOUND (child, unit), STATE_CONFLICT when there is a place, or when it is booked or waited for by the
    child's other household, FULL when no list is open; otherwise as booking that unit would be.
    """
    child, day, activity, unit = slot
    asked = {"child": str(child), "day": day.isoformat(), "activity": activity, "unit": unit}
    await lock_children([child])
    answered = await recall(ctx, JOIN, key, asked)
    if answered is not None:
        return await WaitingEntry.get(id=answered["entry"])
    household = await _household_of(ctx, child)
    if unit_of(ctx, slot) is None:
        raise not_found("Prestation", "unit")
    entry = await _entry_of(slot)
    if entry is None or entry.state not in ALIVE:
        await _lock_pools(ctx, slot)
        entry = await _ask(ctx, household, slot, entry)
    elif entry.household_id != household.id:
        raise _conflict("L'enfant est déjà sur la liste d'attente : sa place y est gardée.")
    await remember(ctx, JOIN, key, asked, {"entry": str(entry.id)})
    return entry


@unit_of_work
async def leave(ctx: Context, entry_id: UUID) -> WaitingEntry:
    """Wait no more; an offered place goes to the next. Harmless when the wait is over already. Refused: NOT_FOUND."""
    entry = await _own(ctx, entry_id)
    if entry.state in ALIVE:
        await _give_up(ctx, entry)
    return entry


@unit_of_work
async def decline(ctx: Context, entry_id: UUID) -> WaitingEntry:
    """Refuse the place that is offered: it goes to the next, and the child waits no more.

    Refused: NOT_FOUND, STATE_CONFLICT when no place is offered.
    """
    entry = await _own(ctx, entry_id)
    if entry.state is not WaitingState.OFFERED:
        raise _not_offered(ctx, entry)
    await _give_up(ctx, entry)
    return entry


async def accept(ctx: Context, entry_id: UUID, key: str | None) -> tuple[WaitingEntry, Committed]:
    """Book the place that is offered, as any booking: what the child has already that day stays.

    Refused: NOT_FOUND, STATE_CONFLICT when no place is offered any more, otherwise as ``bookings.commit`` refuses:
    places that must be booked together, those of a whole week, are booked by ``bookings.commit`` while they are kept.
    """
    entry = await _own(ctx, entry_id)
    is_kept = entry.state is WaitingState.OFFERED and entry.offered_until is not None and ctx.now < entry.offered_until
    if not is_kept and entry.state is not WaitingState.BOOKED:
        raise _not_offered(ctx, entry)
    wish = Wish(entry.child_id, entry.activity, frozenset({(entry.day, entry.unit)}), keep=True)
    done = await commit(ctx, Order(Window(entry.day, entry.day), (wish,)), CommitMode.ATOMIC, key)
    return await WaitingEntry.get(id=entry.id), done


async def entries_page(
    household_id: UUID, after: tuple[datetime, UUID] | None, limit: int
) -> tuple[list[WaitingEntry], int]:
    """A page of what a household waits or waited for, the latest asked first, and how many there are in all."""
    rows = WaitingEntry.filter(household_id=household_id)
    total = await rows.count()
    if after is not None:
        at, key = after
        rows = rows.filter(Q(asked_at__lt=at) | Q(asked_at=at, id__lt=key))
    return await rows.order_by("-asked_at", "-id").limit(limit), total


async def queue(day: date, activity: str | None, unit: str | None) -> list[WaitingEntry]:
    """Who waits for a day, or is offered a place there, in their turn: for agents."""
    asked = {"activity": activity, "unit": unit}
    rows: QuerySet[WaitingEntry] = WaitingEntry.filter(day=day, state__in=ALIVE)
    wanted = rows.filter(**{column: value for column, value in asked.items() if value is not None})
    return await wanted.order_by(*IN_TURN)


async def positions(ctx: Context, entries: Sequence[WaitingEntry]) -> Mapping[UUID, int]:
    """The turn of each entry that waits, 1 for the next one: how many children come before it for the same places.

    One statement, whatever the number of entries; what is not waiting has no turn.
    """
    days = {entry.day for entry in entries if entry.state is WaitingState.WAITING}
    with everything_in_sight():  # only how many come before is told
        rows = WaitingEntry.filter(state=WaitingState.WAITING, day__in=sorted(days))
        waiting = await rows.order_by(*IN_TURN)
    pools = {row.id: frozenset(pools_of(ctx, slot_of(row))) for row in waiting}
    turns: dict[UUID, int] = {}
    for entry in entries:
        before = waiting[: next((n for n, row in enumerate(waiting) if row.id == entry.id), 0)]
        ahead = {row.child_id for row in before if row.day == entry.day and pools[row.id] & pools[entry.id]}
        if entry.id in pools:
            turns[entry.id] = 1 + len(ahead - {entry.child_id})
    return turns


async def names(entries: Sequence[WaitingEntry]) -> Mapping[UUID, str]:
    """The name of each child that waits: one statement."""
    children = sorted({entry.child_id for entry in entries})
    rows = await Person.filter(id__in=children).values_list("id", "first_name", "last_name")
    return {child: f"{first} {last}" for child, first, last in rows}


async def _household_of(ctx: Context, child_id: UUID) -> HouseholdFile:
    """The household in which the viewer books for this child."""
    found = await household_of_child(ctx, child_id)
    if found is None:
        raise not_found("Enfant", "childId")
    (household,) = await households_of(ctx, frozenset({found}))
    return household


async def _own(ctx: Context, entry_id: UUID) -> WaitingEntry:
    """An entry of a household for which the viewer books, locked after its child."""
    books = [rights.household_id for rights in ctx.viewer.households.values() if rights.books]
    entry = await WaitingEntry.get_or_none(id=entry_id, household_id__in=books)
    if entry is None:
        raise not_found("Demande de place", "id")
    await lock_children([entry.child_id])
    await entry.refresh_from_db()
    return entry


async def _entry_of(slot: Slot) -> WaitingEntry | None:
    child, day, activity, unit = slot
    with everything_in_sight():  # a child waits once, whichever of its households asked
        return await WaitingEntry.get_or_none(child_id=child, day=day, activity=activity, unit=unit)


async def _lock_pools(ctx: Context, slot: Slot) -> None:
    """Wait until whoever gives a place back there is done: either the place is seen, or this wait is."""
    pools = sorted(pools_of(ctx, slot))
    await PlaceCount.filter(day=slot[1], pool__in=pools).order_by("pool").select_for_update()


async def _ask(ctx: Context, household: HouseholdFile, slot: Slot, before: WaitingEntry | None) -> WaitingEntry:
    facts = await read_facts(ctx, household, Window(slot[1], slot[1]))
    planned = await _judged(ctx, facts, slot)
    if planned is None:
        raise not_found("Prestation", "unit")
    _refuse_unless_full(ctx, planned)
    child, day, activity, unit = slot
    entry = before or WaitingEntry(child_id=child, day=day, activity=activity, unit=unit)
    precedence = _precedence(ctx, facts, planned)
    entry.update_from_dict(
        {
            "household_id": household.id,
            "account_id": ctx.viewer.account_id,
            "priority": precedence.points,
            "priority_reason": precedence.reason[:LONGEST_REASON],
            "state": WaitingState.WAITING,
            "offered_until": None,
            "asked_at": ctx.now,
            "changed_at": ctx.now,
        }
    )
    await entry.save()
    last = planned.instants.final.at
    if last is not None:
        await wake(ctx, f"last:{day.isoformat()}:{last.timestamp():.0f}", {day}, last + A_SECOND)
    return entry


async def _judged(ctx: Context, facts: Facts, slot: Slot) -> PlannedUnit | None:
    """How a unit stands for a child that wants it besides what it has; None when that year's catalogue has it not."""
    child, day, activity, unit = slot
    plan = await wanted_plan(ctx, facts, (Wish(child, activity, frozenset({(day, unit)}), keep=True),))
    return next((planned for planned in plan.units if planned.slot == slot), None)


def _refuse_unless_full(ctx: Context, planned: PlannedUnit) -> None:
    if planned.verdict is Verdict.BOOKED:
        raise _conflict("Cette prestation est déjà réservée ce jour-là : il n'y a rien à attendre.")
    if planned.verdict is Verdict.BOOKABLE:
        raise _conflict("Il reste de la place : réservez cette prestation sans attendre.")
    reason = planned.reason
    policy = ctx.commune.ask(hookspecs.waiting_list, activity=planned.activity)
    if reason is not None and (planned.verdict is not Verdict.FULL or not policy.is_open):
        raise Refused(
            Code[planned.verdict.name], reason.message, field=("day",), until=reason.until, contact=reason.contact
        )


def _precedence(ctx: Context, facts: Facts, planned: PlannedUnit) -> Precedence:
    """What the commune's priorities give the child, by what is known of it now."""
    household, (child, day, activity, unit) = facts.household, planned.slot
    with_it = {other for other, _, _, booked in facts.live if booked == unit}
    situation = Situation(
        day=day,
        unit=unit,
        qf=facts.quotients.on(ctx.commune, household.id, day),
        residency=Residency(household.residency),
        child_rank=household.rank_of(child),
        siblings_present=len(with_it - {child}),
        minutes=planned.unit.minutes,
        children_enrolled=children_enrolled(facts.enrolled, child, activity, day),
        age=planned.child.age_on(day),
    )
    return ctx.commune.ask(hookspecs.waiting_list, activity=planned.activity).precedence(situation)


async def _give_up(ctx: Context, entry: WaitingEntry) -> None:
    freed = await release(entry.id)
    entry.state, entry.offered_until, entry.changed_at = WaitingState.LEFT, None, ctx.now
    await entry.save()
    await offer_freed(ctx, f"left:{entry.id.hex}:{ctx.now.timestamp():.0f}", freed)


def _not_offered(ctx: Context, entry: WaitingEntry) -> Refused:
    if entry.offered_until is not None and entry.offered_until <= ctx.now:
        until = entry.offered_until
        said = f"Cette place n'était gardée que jusqu'au {say_instant(until, ctx.commune.tz)} : réinscrivez-vous."
        return Refused(Code.TOO_LATE, said, field=("id",), until=until)
    return _conflict("Aucune place n'est proposée pour cette demande.", "id")


def _conflict(message: str, field: str = "day") -> Refused:
    return Refused(Code.STATE_CONFLICT, message, field=(field,))
