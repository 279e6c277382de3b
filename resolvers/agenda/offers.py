"""A freed place is offered to who waits first, kept until an instant, then passed on; waiting stops at the deadline."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from tortoise.expressions import Q

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity, Unit
from plugins.rules.french import say_date, say_instant
from plugins.rules.tariffs import Residency
from plugins.rules.verdicts import Instants, Verdict
from plugins.rules.wording import Message
from resolvers.agenda.child_locks import lock_children
from resolvers.agenda.facts import Facts, read_facts
from resolvers.agenda.holds import (
    expired,
    give_back,
    held_of,
    hold,
    keep_for_the_line,
    next_expired,
    release_expired,
    wake,
)
from resolvers.agenda.places import PlacesMoved
from resolvers.agenda.planning import draw_plan
from resolvers.agenda.plans import Place, PlannedUnit, Slot, Window
from resolvers.context import Context
from resolvers.families.correspondents import correspondents
from resolvers.families.households import households_of
from resolvers.models import Household, Person, PlaceCount, PlaceHold, WaitingEntry
from resolvers.models.scope import everything_in_sight
from resolvers.models.tenancy import unit_of_work
from resolvers.models.waiting import HoldPurpose, WaitingState
from resolvers.outbox import Addressee, enqueue_mail

ALIVE = (WaitingState.WAITING, WaitingState.OFFERED)
IN_TURN = ("-priority", "asked_at", "id")
PAGE = "liste-d-attente"


async def offer_freed(ctx: Context, key: str, freed: Mapping[Place, int]) -> None:
    """Keep places that were just freed for those who wait, and have them offered once this transaction is done.

    Nobody comes before them meanwhile. Who starts to wait locks the pools first, so nobody is missed: call it in the
    transaction that counted the places free, afterwards.
    """
    if not freed:
        return
    with everything_in_sight():  # who waits is another family
        waiting = await waiting_for(ctx, day__in=sorted({day for day, _ in freed}))
        homes = {place: list(waiting[place].values())[:number] for place, number in freed.items() if place in waiting}
        if homes:
            await keep_for_the_line(ctx, homes)
            await wake(ctx, key, {day for day, _ in homes}, ctx.now)


async def waiting_for(ctx: Context, **filters: Any) -> Mapping[Place, Mapping[UUID, UUID]]:
    """The children that wait for a place of each pool and day, each with the household that asked: one statement."""
    rows = WaitingEntry.filter(state=WaitingState.WAITING, **filters).order_by(*IN_TURN)
    found: defaultdict[Place, dict[UUID, UUID]] = defaultdict(dict)
    for home, child, day, activity, unit in await rows.values_list(
        "household_id", "child_id", "day", "activity", "unit"
    ):
        for pool in pools_of(ctx, (child, day, activity, unit)):
            found[day, pool][child] = home
    return dict(found)


async def settle(ctx: Context, booked: Collection[Slot]) -> None:
    """Who booked what it waited for waits no more: one statement when nobody did."""
    if not booked:
        return
    children, days = {slot[0] for slot in booked}, {slot[1] for slot in booked}
    with everything_in_sight():  # a child waits once, whichever of its households asked
        alive = await WaitingEntry.filter(child_id__in=sorted(children), day__in=sorted(days), state__in=ALIVE)
        ids = [entry.id for entry in alive if slot_of(entry) in booked]
        if ids:
            await WaitingEntry.filter(id__in=ids).update(state=WaitingState.BOOKED, changed_at=ctx.now)


async def pass_on(ctx: Context, days: Collection[date]) -> None:
    """End the offers and the waits of these days that are over, and offer in turn what is free or was kept too long.

    What nobody who waits can take is free again, and not before. Each step is a transaction of its own, and may be
    done twice or by two at once: one place is offered once.
    """
    with everything_in_sight():  # the places of a day are everybody's
        over = Q(day__in=sorted(days), state=WaitingState.OFFERED, offered_until__lte=ctx.now)
        await _end(ctx, over, WaitingState.EXPIRED, Message.OFFER_EXPIRED)
        had_their_turn: set[UUID] = set()
        while True:
            kept = await expired(ctx, days)
            waiting = await _end_late(ctx, await _waiting(days))
            await _offer_in_turn(ctx, [entry for entry in waiting if entry.id not in had_their_turn], kept)
            had_their_turn |= {entry.id for entry in waiting}
            with suppress(PlacesMoved):
                await _free(ctx, days, kept, had_their_turn)
                return


def slot_of(entry: WaitingEntry) -> Slot:
    """The key of the booking that is waited for."""
    return (entry.child_id, entry.day, entry.activity, entry.unit)


def unit_of(ctx: Context, slot: Slot) -> tuple[Activity, Unit] | None:
    """What a slot is about; None when the catalogue of that year does not have it."""
    _, day, code, unit = slot
    activity = ctx.commune.ask(hookspecs.catalogue, year=SchoolYear.of(day)).activity(code)
    known = activity.unit(unit) if activity else None
    return (activity, known) if activity and known else None


def pools_of(ctx: Context, slot: Slot) -> tuple[str, ...]:
    """The pools in which a slot takes a place; none when the catalogue does not have it."""
    found = unit_of(ctx, slot)
    return found[1].pools if found else ()


async def _waiting(days: Collection[date]) -> list[WaitingEntry]:
    rows = WaitingEntry.filter(state=WaitingState.WAITING, day__in=sorted(days))
    return await rows.order_by("day", *IN_TURN)


async def _offer_in_turn(ctx: Context, waiting: Sequence[WaitingEntry], kept: Mapping[UUID, Place]) -> None:
    if not waiting:
        return
    days = sorted({entry.day for entry in waiting})
    rows = await PlaceCount.filter(day__in=days).values_list("day", "pool", "capacity", "taken")
    again = Counter(kept.values())
    left = {(day, pool): capacity - taken + again[day, pool] for day, pool, capacity, taken in rows}
    for entry in waiting:
        pools = [(entry.day, pool) for pool in pools_of(ctx, slot_of(entry))]
        if all(left.get(place, 1) > 0 for place in pools) and await _offered(ctx, entry, kept):
            left = {place: count - (place in pools) for place, count in left.items()}


@unit_of_work
async def _free(ctx: Context, days: Collection[date], kept: Collection[UUID], had_their_turn: Collection[UUID]) -> None:
    """Free for everybody what none of those who wait could take; :class:`PlacesMoved` when others started to wait."""
    freed = await release_expired(ctx, kept)
    if freed and not {entry.id for entry in await _waiting(days)} <= set(had_their_turn):
        raise PlacesMoved


async def _end_late(ctx: Context, waiting: Sequence[WaitingEntry]) -> list[WaitingEntry]:
    """Those that can still be booked; the wait of the others ends, and their families are told."""
    homes = Household.filter(id__in=sorted({entry.household_id for entry in waiting}))
    residencies = dict(await homes.values_list("id", "residency"))
    late = {entry.id for entry in waiting if not _is_open(ctx, entry, Residency(residencies[entry.household_id]))}
    if late:
        await _end(ctx, Q(id__in=sorted(late), state=WaitingState.WAITING), WaitingState.CLOSED, Message.WAITING_ENDED)
    return [entry for entry in waiting if entry.id not in late]


def _is_open(ctx: Context, entry: WaitingEntry, residency: Residency) -> bool:
    found = unit_of(ctx, slot_of(entry))
    if found is None:
        return False
    rules = ctx.commune.ask(hookspecs.booking_rules, activity=found[0]).of(residency)
    calendar = ctx.commune.ask(hookspecs.calendar)
    return Instants.of(rules, entry.day, calendar, ctx.commune.tz).final.is_open(ctx.now)


async def end_waits(ctx: Context, entries: Collection[WaitingEntry]) -> Mapping[Place, int]:
    """End waits that the caller locked, because their day closes; returns the places that are no longer held for them.

    Whoever closes the day tells the families.
    """
    if not entries:
        return {}
    ids = [entry.id for entry in entries]
    await WaitingEntry.filter(id__in=ids).update(state=WaitingState.CLOSED, changed_at=ctx.now)
    return await give_back(await PlaceHold.filter(source_id__in=ids).order_by("id").select_for_update())


@unit_of_work
async def _end(ctx: Context, which: Q, state: WaitingState, message: Message) -> None:
    """Bring entries to their end, with one mail for all those of a household."""
    ended = await WaitingEntry.filter(which).order_by("id").select_for_update()
    if not ended:
        return
    await WaitingEntry.filter(id__in=[entry.id for entry in ended]).update(state=state, changed_at=ctx.now)
    names = dict(await Person.filter(id__in=[entry.child_id for entry in ended]).values_list("id", "first_name"))
    households: defaultdict[UUID, list[WaitingEntry]] = defaultdict(list)
    for entry in ended:
        households[entry.household_id].append(entry)
    for entries in households.values():
        lines = [
            f"- {names[entry.child_id]} : {_say_unit(ctx, entry)}, {say_date(entry.day)}"
            for entry in sorted(entries, key=lambda entry: (entry.day, names[entry.child_id]))
        ]
        occasion = f"ended:{entries[0].asked_at.timestamp():.0f}"
        await _tell(ctx, entries[0], message, occasion, units="\n".join(lines), link=ctx.link(PAGE))


async def _offered(ctx: Context, entry: WaitingEntry, kept: Collection[UUID]) -> bool:
    """Offer its place to one entry, in its turn; False when it cannot have it now, or somebody took it first."""
    try:
        return await _offer(ctx, entry.id, entry.child_id, kept)
    except PlacesMoved:
        return False


@unit_of_work
async def _offer(ctx: Context, entry_id: UUID, child_id: UUID, kept: Collection[UUID]) -> bool:
    await lock_children([child_id])
    entry = await WaitingEntry.filter(id=entry_id, state=WaitingState.WAITING).select_for_update().first()
    if entry is None:
        return False
    (household,) = await households_of(ctx, frozenset({entry.household_id}))
    facts = await read_facts(ctx, household, Window(entry.day, entry.day))
    passed_on = await next_expired(ctx, facts, slot_of(entry), kept)
    facts = facts.without([held_of(row) for row in passed_on])
    planned = _alone(ctx, facts, slot_of(entry))
    if planned is not None and planned.verdict is Verdict.BOOKED:
        await settle(ctx, {planned.slot})
    if planned is None or planned.verdict is not Verdict.BOOKABLE:
        return False
    places = {(entry.child_id, entry.day, pool) for pool in planned.unit.pools}
    if places & facts.holds:  # kept for it already, by its basket or another offer: its turn comes when that ends
        return False
    until = _kept_until(ctx, planned)
    await give_back(passed_on)
    await hold(ctx, facts, places, HoldPurpose.OFFER, entry.id, until)
    await wake(ctx, f"offer:{entry.id.hex}:{until.timestamp():.0f}", {entry.day}, until)
    entry.state, entry.offered_until, entry.changed_at = WaitingState.OFFERED, until, ctx.now
    await entry.save()
    await _tell(
        ctx,
        entry,
        Message.PLACE_OFFERED,
        f"{until.timestamp():.0f}",
        child=planned.child.first_name,
        unit=_say_unit(ctx, entry),
        day=say_date(entry.day),
        until=say_instant(until, ctx.commune.tz),
        link=ctx.link(PAGE),
    )
    return True


def _alone(ctx: Context, facts: Facts, slot: Slot) -> PlannedUnit | None:
    """How a unit stands for a child, by itself, as its calendar shows it; None when the child is not in the activity.

    What must be booked with it, a whole week or a whole day, is judged when the family books all that it was offered.
    """
    children = [child for child in facts.household.children if child.person_id == slot[0]]
    plan = draw_plan(ctx, facts, None, children)
    return next((planned for planned in plan.units if planned.slot == slot), None)


def _kept_until(ctx: Context, planned: PlannedUnit) -> datetime:
    """As long as the commune keeps an offer, and never past the last instant to book that day."""
    policy = ctx.commune.ask(hookspecs.waiting_list, activity=planned.activity)
    until, last = policy.offered_until(ctx.now, ctx.commune.tz), planned.instants.final.at
    return (until if last is None else min(until, last)).astimezone(UTC)


def _say_unit(ctx: Context, entry: WaitingEntry) -> str:
    found = unit_of(ctx, slot_of(entry))
    return f"{found[0].label}, {found[1].label}" if found else entry.unit


async def _tell(ctx: Context, entry: WaitingEntry, message: Message, occasion: str, **values: str) -> None:
    found = unit_of(ctx, slot_of(entry))
    for account, person in await correspondents(entry.household_id):
        await enqueue_mail(
            ctx.commune,
            ctx.ports,
            ctx.now,
            message,
            Addressee(account.email, person.first_name),
            key=f"waiting:{entry.id.hex}:{occasion}:{account.id.hex}",
            service=found[0].service if found else None,
            **values,
        )
