"""Waiting for Monday morning in the village of the tests: who has it, who waits, and what the worker does."""

from datetime import date
from uuid import UUID

from plugins.rules.tariffs import Residency
from plugins.rules.verdicts import Verdict
from resolvers.agenda import waiting_lists
from resolvers.agenda.bookings import CommitMode, Committed
from resolvers.agenda.offers import pass_on
from resolvers.agenda.plans import Slot
from resolvers.models import Effect, WaitingEntry
from resolvers.models.effects import EffectKind
from resolvers.models.waiting import WaitingState
from resolvers.outbox import done, opened
from tests.orders import book, order, wish
from tests.towns import Family, Town, add_family

MONDAY = date(2026, 11, 2)
MORNING = (MONDAY, "matin")


async def day_care(town: Town, name: str, *children: str, residency: Residency = Residency.RESIDENT) -> Family:
    """A family of the village whose children are enrolled."""
    return await add_family(town, name, children=children or ("Enfant1",), enrolled=("accueil",), residency=residency)


async def full(town: Town) -> list[Family]:
    """Two families that took the two places of Monday morning."""
    families = [await day_care(town, name) for name in ("UN", "DEUX")]
    for family in families:
        await book(town, family.parent, order(wish(family.child, "accueil", MORNING)))
    return families


def morning_of(family: Family, unit: str = "matin") -> Slot:
    """What a family waits for."""
    return (family.child, MONDAY, "accueil", unit)


async def wait_for(town: Town, family: Family, unit: str = "matin", key: str | None = None) -> UUID:
    """Join the list, a minute after the one before."""
    town.later(minutes=1)
    with town.asked_by(family.parent) as ctx:
        return (await waiting_lists.join(ctx, morning_of(family, unit), key)).id


async def cancel(town: Town, family: Family) -> None:
    """Give the whole day back."""
    await book(town, family.parent, order(wish(family.child, "accueil")))


async def accept(town: Town, family: Family, entry: UUID) -> Committed:
    """Take what is offered."""
    with town.asked_by(family.parent) as ctx:
        return (await waiting_lists.accept(ctx, entry, None))[1]


async def work(town: Town) -> int:
    """What the worker does of the places that are due; returns how many effects there were."""
    with town.at_work() as ctx:
        due = await Effect.filter(kind=EffectKind.PLACES, done_at__isnull=True, run_at__lte=ctx.now).order_by("run_at")
        for effect in due:
            await pass_on(ctx, [date.fromisoformat(day) for day in opened(effect, town.ports)["days"]])
            await done(effect.id, ctx.now)
    return len(due)


async def states(town: Town, *entries: UUID) -> list[WaitingState]:
    """Where each wait stands."""
    with town.at_work():
        rows = {row.id: row.state for row in await WaitingEntry.all()}
    return [rows[entry] for entry in entries]


async def tried(town: Town, family: Family) -> list[Verdict]:
    """What a family that books Monday morning is refused."""
    wanted = order(wish(family.child, "accueil", MORNING))
    return [unit.verdict for unit in (await book(town, family.parent, wanted, CommitMode.BEST_EFFORT)).refused]
