"""Who pays a child's bill when several households share it, whichever of them booked."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from tortoise.expressions import Q

from plugins.rules.billing_shares import BillShare, require_whole
from plugins.rules.errors import RuleError
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.models import BillingShare, Membership, Person
from resolvers.models.households import Role
from resolvers.models.tenancy import unit_of_work


@dataclass(frozen=True, slots=True)
class Sharing:
    """The shares of children, as agents recorded them, and the households that each of these children ties."""

    rows: Mapping[UUID, Sequence[BillingShare]] = field(default_factory=dict)
    tied: Sequence[frozenset[UUID]] = ()

    @classmethod
    async def read(cls) -> "Sharing":
        """Every share of the commune: two statements. Few children have any."""
        rows: defaultdict[UUID, list[BillingShare]] = defaultdict(list)
        for row in await BillingShare.all().order_by("-percent", "household_id"):
            rows[row.child_id].append(row)
        tied = {child: {row.household_id for row in shares} for child, shares in rows.items()}
        links = Membership.filter(person_id__in=sorted(rows), role=Role.CHILD)
        for child, household in await links.values_list("person_id", "household_id"):
            tied[child].add(household)
        return cls(rows, [frozenset(households) for households in tied.values()])

    def of(self, child_id: UUID, day: date) -> tuple[BillShare[UUID], ...]:
        """Who pays a day of a child, the largest share first; nobody in particular when it is not shared."""
        return tuple(
            BillShare(row.household_id, row.percent)
            for row in self.rows.get(child_id, ())
            if row.first_day <= day and (row.last_day is None or day <= row.last_day)
        )

    def with_their_own(self, households: Iterable[Any]) -> frozenset[UUID]:
        """These households and those whose bills cannot be drawn without theirs."""
        known: frozenset[UUID] = frozenset(households)
        larger = known.union(*(tied for tied in self.tied if tied & known))
        return known if larger == known else self.with_their_own(larger)

    def groups(self, households: Collection[UUID]) -> Iterator[tuple[UUID, ...]]:
        """The households, each with those it shares a bill with, directly or through others."""
        left = frozenset(households)
        for household in sorted(households):
            if household in left:
                group = self.with_their_own({household}) & left
                left -= group
                yield tuple(sorted(group))


@unit_of_work
async def record_shares(ctx: Context, child_id: UUID, percents: Mapping[UUID, int], first_day: date) -> None:
    """An agent records what each household pays of a child's days from one on; what stood before ends the day before.

    No share at all: from that day on who books pays. The cents that cannot be divided go to the largest share; of
    equal ones, always to the same.
    Refused: NOT_FOUND (child), INVALID unless the shares are of 1 to 100 per cent, add up to 100, and are those of
    households of the child.
    """
    if await Person.filter(id=child_id).select_for_update().first() is None:
        raise not_found("Enfant", "childId")
    homes = Membership.filter(person_id=child_id, role=Role.CHILD)
    if not percents.keys() <= set(await homes.values_list("household_id", flat=True)):
        message = "Seuls les foyers de l'enfant se partagent sa facture."
        raise Refused(Code.INVALID, message, field=("shares",))
    try:
        if percents:
            require_whole([BillShare(household, percent) for household, percent in percents.items()])
    except RuleError as wrong:
        message = "Les parts vont de 1 à 100 % et font 100 % en tout."
        raise Refused(Code.INVALID, message, field=("shares",)) from wrong
    standing = BillingShare.filter(Q(last_day__isnull=True) | Q(last_day__gte=first_day), child_id=child_id)
    await standing.filter(first_day__gte=first_day).delete()
    await standing.update(last_day=first_day - timedelta(days=1))
    for household, percent in percents.items():
        await BillingShare.create(
            household_id=household,
            child_id=child_id,
            percent=percent,
            first_day=first_day,
            decided_by=ctx.viewer.account_id,
            decided_at=ctx.now,
        )
