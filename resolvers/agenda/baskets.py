"""The basket « panier »: a change of bookings being prepared, kept on the server with its places until it is committed.

One per household, whoever prepares it: who saves says which version was read; a conflict shows what the other saved.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from plugins import hookspecs
from resolvers.agenda.bookings import CommitMode, Committed, Order, commit_once, full_days, tried
from resolvers.agenda.child_locks import lock_children
from resolvers.agenda.facts import Facts, read_facts
from resolvers.agenda.holds import held_of, hold, refuse_expired, release
from resolvers.agenda.offers import offer_freed
from resolvers.agenda.plans import Plan
from resolvers.agenda.wanted import wanted_plan
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.families.households import HouseholdFile, households_of
from resolvers.idempotency import recall, remember
from resolvers.models import Basket, PlaceHold
from resolvers.models.tenancy import unit_of_work
from resolvers.models.waiting import HoldPurpose

COMMIT = "basketCommit"


@dataclass(frozen=True, slots=True)
class BasketFile:
    """The basket of a household as it is now; ``order`` is None when it is empty, or was kept too long."""

    household: HouseholdFile
    version: int
    order: Order | None
    saved_at: datetime | None
    until: datetime | None
    held: Sequence[PlaceHold]


async def basket_of(ctx: Context, household_id: UUID) -> BasketFile | None:
    """The basket of a household of the viewer who may book for it, empty at first; None for anybody else."""
    household = await _household(ctx, household_id)
    return None if household is None else await _file(ctx, household, await _row(household_id))


async def plan_of(ctx: Context, basket: BasketFile) -> Plan | None:
    """What committing the basket now would do; None when it is empty."""
    if basket.order is None:
        return None
    return await wanted_plan(ctx, await read_facts(ctx, basket.household, basket.order.window), basket.order.wishes)


async def save(ctx: Context, household_id: UUID, order: Order, version: int) -> BasketFile:
    """Keep what the family wants instead of what ``version``, the one it read (0 at first), held; hold its places.

    What cannot be booked is kept all the same: the plan tells why. The same save again is harmless.
    Refused: NOT_FOUND, BLANK, INVALID as a commit is; CONFLICT when somebody saved since: ``latest`` is the basket as
    it is now, and nothing of this save is kept.
    """
    return await tried(ctx, lambda: _save_once(ctx, household_id, order, version))


@unit_of_work
async def _save_once(ctx: Context, household_id: UUID, order: Order, version: int) -> BasketFile:
    household = await _to_book(ctx, household_id)
    if not order.wishes:
        raise Refused(Code.BLANK, "Choisissez au moins un enfant et une activité.", field=("selections",))
    row = await _locked(ctx, household)
    wanted = order.described()
    if wanted != row.wanted:
        await _require_version(ctx, household, row, version)
        row.version += 1
    row.wanted, row.saved_by, row.saved_at = wanted, _account(ctx), ctx.now
    row.until = ctx.now + timedelta(days=ctx.commune.ask(hookspecs.basket).keep_days)
    await row.save()
    await lock_children(child.person_id for child in household.children)
    facts = await read_facts(ctx, household, order.window)
    plan = await wanted_plan(ctx, facts, order.wishes)
    await refuse_expired(ctx, full_days(plan))
    await _hold(ctx, facts, plan, row)
    return await _file(ctx, household, row)


async def _hold(ctx: Context, facts: Facts, plan: Plan, row: Basket) -> None:
    """Hold the places of what can be booked, until the instant at which those held already end; free the others."""
    minutes = ctx.commune.ask(hookspecs.basket).hold_minutes
    standing = await PlaceHold.filter(source_id=row.id).order_by("until")
    if not minutes and not standing:
        return
    wanted = {
        (unit.child.person_id, unit.day.day, pool)
        for unit in (plan.changes if minutes else ())
        if not unit.booked
        for pool in unit.unit.pools
    }
    running = [held.until for held in standing if held.until > ctx.now]
    until = running[0] if running else ctx.now + timedelta(minutes=minutes)
    kept = await hold(ctx, facts, wanted, HoldPurpose.BASKET, row.id, until)
    had = {held_of(held) for held in standing}
    freed = Counter(held[1:] for held in had - kept) - Counter(held[1:] for held in kept - had)
    await offer_freed(ctx, f"basket:{row.id.hex}:{row.version}", freed)


@unit_of_work
async def empty(ctx: Context, household_id: UUID, version: int) -> BasketFile:
    """Give the basket up, and its places back. Harmless when it is empty. Refused: NOT_FOUND, CONFLICT as a save is."""
    household = await _to_book(ctx, household_id)
    row = await _locked(ctx, household)
    if row.wanted:
        await _require_version(ctx, household, row, version)
        await _empty(ctx, row)
    return await _file(ctx, household, row)


async def commit(
    ctx: Context, household_id: UUID, version: int, mode: CommitMode, key: str | None
) -> tuple[Committed, BasketFile]:
    """Make the basket true as ``bookings.commit`` does, and empty it; it stays while something in it is refused.

    Refused: NOT_FOUND, BLANK when it is empty, CONFLICT as a save is, otherwise as ``bookings.commit`` refuses.
    """
    return await tried(ctx, lambda: _commit_once(ctx, household_id, version, mode, key))


@unit_of_work
async def _commit_once(
    ctx: Context, household_id: UUID, version: int, mode: CommitMode, key: str | None
) -> tuple[Committed, BasketFile]:
    household = await _to_book(ctx, household_id)
    asked = {"household": str(household_id), "version": version, "mode": mode.value}
    row = await _locked(ctx, household)
    answered = await recall(ctx, COMMIT, key, asked)
    if answered is not None:
        return Committed.read(answered), await _file(ctx, household, row)
    await _require_version(ctx, household, row, version)
    order = _order(ctx, row)
    if order is None:
        raise Refused(Code.BLANK, "Votre panier est vide : choisissez d'abord des jours.", field=("householdId",))
    done = await commit_once(ctx, order, mode, None, basket=row.id)
    if not done.refused:
        await _empty(ctx, row)
    await remember(ctx, COMMIT, key, asked, done.kept())
    return done, await _file(ctx, household, row)


async def _empty(ctx: Context, row: Basket) -> None:
    row.wanted, row.saved_by, row.saved_at = {}, _account(ctx), ctx.now
    row.version += 1
    await row.save()
    await offer_freed(ctx, f"basket:{row.id.hex}:{row.version}", await release(row.id))


async def _household(ctx: Context, household_id: UUID) -> HouseholdFile | None:
    rights = ctx.viewer.households.get(household_id)
    if rights is None or not rights.books:
        return None
    return next(iter(await households_of(ctx, frozenset({household_id}))), None)


async def _to_book(ctx: Context, household_id: UUID) -> HouseholdFile:
    household = await _household(ctx, household_id)
    if household is None:
        raise not_found("Foyer", "householdId")
    return household


async def _row(household_id: UUID) -> Basket | None:
    return await Basket.filter(household_id=household_id).first()


async def _locked(ctx: Context, household: HouseholdFile) -> Basket:
    """The basket, locked until the commit, made when there is none; another device may make it at the same instant."""
    rows = Basket.filter(household_id=household.id)
    if not await rows.exists():
        made = Basket(household_id=household.id, saved_by=_account(ctx), saved_at=ctx.now, until=ctx.now)
        await Basket.bulk_create([made], ignore_conflicts=True)
    return await rows.select_for_update().get()


async def _require_version(ctx: Context, household: HouseholdFile, row: Basket, version: int) -> None:
    if version != row.version:
        raise Refused(
            Code.CONFLICT,
            "Ce panier a été modifié entre-temps sur un autre appareil ou par l'autre parent : le voici. Vérifiez-le, "
            "puis enregistrez de nouveau le vôtre.",
            field=("version",),
            latest=await _file(ctx, household, row),
        )


async def _file(ctx: Context, household: HouseholdFile, row: Basket | None) -> BasketFile:
    order = None if row is None else _order(ctx, row)
    if row is None or order is None:
        return BasketFile(household, row.version if row else 0, None, None, None, ())
    held = PlaceHold.filter(source_id=row.id, until__gt=ctx.now)
    return BasketFile(household, row.version, order, row.saved_at, row.until, await held.order_by("day", "pool", "id"))


def _order(ctx: Context, row: Basket) -> Order | None:
    """What the basket holds; None once it was kept too long."""
    return Order.read(row.wanted) if row.wanted and ctx.now <= row.until else None


def _account(ctx: Context) -> UUID:
    if ctx.viewer.account_id is None:
        raise not_found("Foyer", "householdId")
    return ctx.viewer.account_id
