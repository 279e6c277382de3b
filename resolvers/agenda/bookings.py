"""Bookings: the calendar, the preview and the commit of a wanted set, by one and the same plan."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, TypeVar
from uuid import UUID

from plugins import hookspecs
from plugins.rules.texts import is_printable
from plugins.rules.verdicts import Verdict
from resolvers.agenda.booking_changes import make_changes
from resolvers.agenda.child_locks import lock_children
from resolvers.agenda.holds import HoldsExpired, held_by, refuse_expired
from resolvers.agenda.offers import pass_on
from resolvers.agenda.places import PlacesMoved
from resolvers.agenda.planning import draw_plan, read_facts
from resolvers.agenda.plans import Hold, Plan, PlannedUnit, Window, Wish
from resolvers.agenda.wanted import wanted_plan
from resolvers.agenda.wishes import read, written
from resolvers.context import Context
from resolvers.errors import Code, Refusals, Refused, not_found
from resolvers.families.households import HouseholdFile, acts_for, households_of
from resolvers.idempotency import recall, remember
from resolvers.models.tenancy import unit_of_work

MUTATION = "bookingsCommit"
LONGEST_REASON = 120
ATTEMPTS = 8  # a plan drawn again after a lost race sees the pool full, so more than two is rare

T = TypeVar("T")


class CommitMode(Enum):
    """What to do when part of the wishes cannot be done."""

    ATOMIC = "ATOMIC"  # all or nothing
    BEST_EFFORT = "BEST_EFFORT"  # do what can be done, tell the rest


@dataclass(frozen=True, slots=True)
class Order:
    """The wanted set of a window, for one household: one of the viewer, or the one that an agent names."""

    window: Window
    wishes: tuple[Wish, ...]
    household_id: UUID | None = None

    @property
    def by_service(self) -> bool:
        """True when an agent asks for a family, at the counter or by telephone."""
        return self.household_id is not None

    def described(self) -> dict[str, Any]:
        """The order as plain values: what an idempotency key is compared on, and what a basket keeps."""
        return {
            "first": self.window.first.isoformat(),
            "last": self.window.last.isoformat(),
            "wishes": [written(wish) for wish in self.wishes],
            **({"household": str(self.household_id)} if self.household_id else {}),
        }

    @classmethod
    def read(cls, described: Mapping[str, Any]) -> "Order":
        """The order of :meth:`described`."""
        window = Window(date.fromisoformat(described["first"]), date.fromisoformat(described["last"]))
        return cls(window, tuple(read(wish) for wish in described["wishes"]))


@dataclass(frozen=True, slots=True)
class RefusedUnit:
    """One unit and day that a commit could not do, as it was told to the family."""

    child_id: UUID
    activity: str
    unit: str
    day: date
    verdict: Verdict
    message: str
    until: datetime | None
    contact: str | None

    @classmethod
    def of(cls, planned: PlannedUnit) -> "RefusedUnit":
        """The refusal of a planned unit."""
        child, day, activity, unit = planned.slot
        reason = planned.reason
        return cls(
            child_id=child,
            activity=activity,
            unit=unit,
            day=day,
            verdict=planned.verdict,
            message=f"{planned.child.first_name} : {reason.message}" if reason else "",
            until=reason.until if reason else None,
            contact=reason.contact if reason else None,
        )

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "RefusedUnit":
        """The refusal, from the values of :meth:`kept`."""
        until = datetime.fromisoformat(kept["until"]) if kept["until"] else None
        return cls(
            **{
                **kept,
                "child_id": UUID(kept["child_id"]),
                "day": date.fromisoformat(kept["day"]),
                "verdict": Verdict[kept["verdict"]],
                "until": until,
            }
        )

    def kept(self) -> dict[str, Any]:
        """The refusal as plain values, to be told again."""
        return {
            "child_id": str(self.child_id),
            "activity": self.activity,
            "unit": self.unit,
            "day": self.day.isoformat(),
            "verdict": self.verdict.name,
            "message": self.message,
            "until": self.until.isoformat() if self.until else None,
            "contact": self.contact,
        }

    def as_refusal(self) -> Refused:
        """The same as a user error: its code is the verdict's."""
        return Refused(
            Code[self.verdict.name], self.message, field=("selections",), until=self.until, contact=self.contact
        )


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit did: ``receipt_id`` is None when nothing changed; rhythms and copies left ``skipped`` out."""

    receipt_id: UUID | None
    refused: tuple[RefusedUnit, ...]
    skipped: tuple[RefusedUnit, ...] = ()

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "Committed":
        """What was done, from the values of :meth:`kept`."""
        refused, skipped = (tuple(RefusedUnit.read(unit) for unit in kept[name]) for name in ("refused", "skipped"))
        return cls(UUID(kept["receipt"]) if kept["receipt"] else None, refused, skipped)

    def kept(self) -> dict[str, Any]:
        """What was done as plain values, to be told again."""
        return {
            "receipt": str(self.receipt_id) if self.receipt_id else None,
            "refused": [unit.kept() for unit in self.refused],
            "skipped": [unit.kept() for unit in self.skipped],
        }


async def agenda(ctx: Context, household: HouseholdFile, window: Window, child_ids: frozenset[UUID]) -> Plan:
    """Every unit and day of the window with its state, verdict, price and last instants, for some or all children."""
    children = [child for child in household.children if not child_ids or child.person_id in child_ids]
    return draw_plan(ctx, await read_facts(ctx, household, window), None, children)


async def preview(ctx: Context, order: Order) -> Plan:
    """What committing this order now would do; nothing is kept. Refused as the commit would be."""
    household = await _household_to_book(ctx, order)
    facts = await read_facts(ctx, household, order.window)
    return await wanted_plan(ctx, facts, order.wishes, by_service=order.by_service)


async def commit(ctx: Context, order: Order, mode: CommitMode, key: str | None, *, occasion: str = "") -> Committed:
    """Make the wanted set true, in one transaction, and mail what changed.

    ``occasion`` says in French, for the log, what brought it about when it is not the family's own request.
    Refused: with one refusal per unit and day in ATOMIC mode; nothing is changed then.
    """
    return await tried(ctx, lambda: commit_once(ctx, order, mode, key, occasion))


async def record(ctx: Context, order: Order, mode: CommitMode, key: str | None, reason: str) -> Committed:
    """Do for a family, at its request, what it cannot do online; the log keeps the ``reason``, the family is mailed.

    Refused: BLANK and INVALID for the reason, NOT_FOUND (household, child, activity of another service), otherwise as
    :func:`commit`, deadlines apart.
    """
    if not reason.strip():
        said = "Dites pourquoi le service le fait à la place de la famille : « téléphone », « guichet »…"
        raise Refused(Code.BLANK, said, field=("reason",))
    if len(reason) > LONGEST_REASON or not is_printable(reason):
        said = f"Le motif tient sur une ligne de {LONGEST_REASON} lettres."
        raise Refused(Code.INVALID, said, field=("reason",))
    return await commit(ctx, order, mode, key, occasion=f"par le service : {reason.strip()}")


async def tried(ctx: Context, work: Callable[[], Awaitable[T]]) -> T:
    """What a transaction answers, done again from its beginning each time that places it counted on moved meanwhile.

    Refused: STATE_CONFLICT when they never stop moving.
    """
    for _ in range(ATTEMPTS):
        try:
            return await work()
        except PlacesMoved:
            continue
        except HoldsExpired as expired:
            await pass_on(ctx, expired.days)
    raise Refused(Code.STATE_CONFLICT, "Beaucoup de demandes arrivent en même temps : réessayez dans un instant.")


@unit_of_work
async def commit_once(
    ctx: Context, order: Order, mode: CommitMode, key: str | None, occasion: str = "", basket: UUID | None = None
) -> Committed:
    """One try of :func:`commit`, for :func:`tried`; a ``basket`` of which nothing is refused gives up what it holds."""
    asked = {**order.described(), "mode": mode.value, "occasion": occasion}
    await lock_children(wish.child_id for wish in order.wishes)
    answered = await recall(ctx, MUTATION, key, asked)
    if answered is not None:
        return Committed.read(answered)
    household = await _household_to_book(ctx, order)
    facts = await read_facts(ctx, household, order.window)
    plan = await wanted_plan(ctx, facts, order.wishes, by_service=order.by_service)
    await refuse_expired(ctx, full_days(plan))
    refused = tuple(RefusedUnit.of(unit) for unit in plan.refused)
    if refused and mode is CommitMode.ATOMIC:
        raise Refusals(unit.as_refusal() for unit in refused)
    given_up = await held_by(basket) if basket and not refused else frozenset[Hold]()
    receipt = await make_changes(ctx, facts, plan, occasion, given_up) if plan.changes else None
    done = Committed(receipt, refused, tuple(RefusedUnit.of(unit) for unit in plan.skipped))
    await remember(ctx, MUTATION, key, asked, done.kept())
    return done


async def _household_to_book(ctx: Context, order: Order) -> HouseholdFile:
    """The one household in which all these children may be booked by the viewer."""
    if not order.wishes:
        raise Refused(Code.BLANK, "Choisissez au moins un enfant et une activité.", field=("selections",))
    if order.household_id is not None:
        _refuse_other_services(ctx, order)
    wanted = {wish.child_id for wish in order.wishes}
    for household in await households_of(ctx, frozenset({order.household_id}) if order.household_id else None):
        if acts_for(ctx, household.id) and wanted <= {child.person_id for child in household.children}:
            return household
    raise not_found("Enfant", "selections")


def _refuse_other_services(ctx: Context, order: Order) -> None:
    """An agent books for the services it works for, whatever the others follow of the household."""
    for year in order.window.school_years:
        offered = ctx.commune.ask(hookspecs.catalogue, year=year)
        for position, wish in enumerate(order.wishes):
            activity = offered.activity(wish.activity)
            if activity is not None and not ctx.viewer.works_for(activity.service):
                raise not_found("Activité", "selections", str(position), "activity")


def full_days(plan: Plan) -> set[date]:
    """The days on which something wanted found no place, whether it was refused or left out."""
    return {unit.day.day for unit in (*plan.refused, *plan.skipped) if unit.verdict is Verdict.FULL}
