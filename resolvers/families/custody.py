"""Custody: a child of several households, and the days each of them books and pays.

An agent records the calendar of every household of the child at once, so each one's own rows say all that it needs to
know: whether a day is its own. It never reads the others'.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from tortoise.expressions import Q

from plugins.rules.calendar import SchoolYear
from plugins.rules.custody import Share, given_elsewhere, require_disjoint
from plugins.rules.dossiers import Circumstance
from plugins.rules.errors import RuleError
from plugins.rules.french import say_date, say_of
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.families.traces import trace
from resolvers.files.dossier_demands import demand
from resolvers.models import Booking, Custody, Household, Membership, Person
from resolvers.models.households import Role
from resolvers.models.tenancy import unit_of_work


@dataclass(frozen=True, slots=True)
class Custodies:
    """The calendars of some children, by household and child."""

    shares: Mapping[tuple[UUID, UUID], Sequence[Share]] = field(default_factory=dict)

    def is_theirs(self, household_id: UUID, child_id: UUID, day: date) -> bool:
        """True when a household may book a day of a child, and pays it: always, where no calendar speaks of the day."""
        return given_elsewhere(day, self.of(household_id, child_id)) is None

    def of(self, household_id: UUID, child_id: UUID) -> Sequence[Share]:
        """The calendars of one household for a child, the first one first."""
        return self.shares.get((household_id, child_id), ())


async def custodies_of(child_ids: Sequence[UUID]) -> Custodies:
    """The calendars of some children that the viewer may see (a family: its own): one statement."""
    shares: defaultdict[tuple[UUID, UUID], list[Share]] = defaultdict(list)
    for row in await Custody.filter(child_id__in=list(child_ids)).order_by("first_day", "id"):
        if row.last_day is None or row.first_day <= row.last_day:  # a calendar replaced before its first day holds none
            shares[row.household_id, row.child_id].append(share_of(row))
    return Custodies(shares)


def share_of(row: Custody) -> Share:
    """A calendar as the rules read it."""
    return Share(row.pattern, row.first_day, row.last_day, row.anchor, frozenset(row.weekdays))


@unit_of_work
async def record_custody(ctx: Context, child_id: UUID, shares: Mapping[UUID, Share]) -> list[Booking]:
    """An agent records from which day each household of a child has it when; what stood before ends the day before.

    Each household reads its own calendar in a request, and is mailed. One that sent the child's file of that year is
    asked for what the commune then demands. Returns what is booked on days that are another household's from now on:
    it stands, and stays with who booked it, until somebody cancels it.
    Refused: NOT_FOUND (child), INVALID unless every household of the child, and no other, has a calendar from the same
    first day, and no day is given twice.
    """
    child = await Person.filter(id=child_id).select_for_update().first()
    if child is None:
        raise not_found("Enfant", "childId")
    links = await Membership.filter(person_id=child_id, role=Role.CHILD)
    _refuse_unclear(shares, {link.household_id for link in links})
    (first,) = {share.first_day for share in shares.values()}
    standing = Custody.filter(Q(last_day__isnull=True) | Q(last_day__gte=first), child_id=child_id)
    await standing.update(last_day=first - timedelta(days=1))
    await Custody.bulk_create([_row(ctx, household_id, child_id, share) for household_id, share in shares.items()])
    for home in await Household.filter(id__in=list(shares)).order_by("id"):
        told = {"custody": say_share(shares[home.id])}
        title = f"Calendrier de garde {say_of(child.first_name)}"
        await trace(ctx, home, child_id, title, told, child_id=child_id)
        await demand(ctx, home.id, child_id, SchoolYear.of(first), Circumstance.SHARED_CUSTODY)
    return await _booked_elsewhere(ctx, child_id, shares)


def _refuse_unclear(shares: Mapping[UUID, Share], households: Set[UUID]) -> None:
    firsts = {share.first_day for share in shares.values()}
    if len(households) < 2 or households != set(shares) or len(firsts) != 1:
        raise Refused(
            Code.INVALID,
            "Donnez le calendrier de chacun des foyers de l'enfant (au moins deux), à partir du même jour.",
            field=("shares",),
        )
    try:
        require_disjoint(shares)
    except RuleError as twice:
        message = "Un même jour est donné à deux foyers : donnez-le à un seul."
        raise Refused(Code.INVALID, message, field=("shares",)) from twice


def _row(ctx: Context, household_id: UUID, child_id: UUID, share: Share) -> Custody:
    return Custody(
        household_id=household_id,
        child_id=child_id,
        pattern=share.pattern,
        anchor=share.anchor,
        weekdays=sorted(share.weekdays),
        first_day=share.first_day,
        last_day=share.last_day,
        decided_at=ctx.now,
    )


async def _booked_elsewhere(ctx: Context, child_id: UUID, shares: Mapping[UUID, Share]) -> list[Booking]:
    """What households of the child hold on days to come that a calendar gives to another one: one statement."""
    rows = Booking.filter(child_id=child_id, live=True, day__gte=ctx.local_now.date(), household_id__in=list(shares))
    booked = await rows.order_by("day", "activity", "unit")
    return [row for row in booked if given_elsewhere(row.day, [shares[row.household_id]]) is not None]


def say_share(share: Share) -> str:
    """« à partir du mardi 1er septembre 2026 : une semaine sur deux, … »."""
    return f"à partir du {say_date(share.first_day)} : {share.say()}"
