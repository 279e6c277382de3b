"""What the portal knows of the children of some households, and that their yearly files depend on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from plugins.rules.calendar import SchoolYear
from plugins.rules.dossiers import Circumstance
from plugins.rules.entourage import Permission
from plugins.rules.requests import RequestKind
from resolvers.context import AccountKind, Context
from resolvers.models import ContactPermission, Custody, Request


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The persons kept away from children, and the calendars of custody, of some households."""

    forbidden: Sequence[ContactPermission]
    custodies: Sequence[Custody]

    def keeps_away(self, child_id: UUID, person_id: UUID) -> bool:
        """True when a household declared that a court keeps a person away from a child."""
        return any((row.child_id, row.contact_id) == (child_id, person_id) for row in self.forbidden)

    def of(self, household_id: UUID, child_id: UUID, year: SchoolYear) -> frozenset[Circumstance]:
        """What a household's file of a child and a school year depends on."""
        whose = (household_id, child_id)
        known = set()
        if any((row.household_id, row.child_id) == whose for row in self.forbidden):
            known.add(Circumstance.FORBIDDEN_CONTACT)
        if any((row.household_id, row.child_id) == whose and _stands(row, year) for row in self.custodies):
            known.add(Circumstance.SHARED_CUSTODY)
        return frozenset(known)


async def told_to(ctx: Context, known: Circumstances) -> Circumstances:
    """The circumstances without the persons kept away that another parent declared: the viewer may be one of them."""
    if ctx.viewer.kind is not AccountKind.FAMILY or not known.forbidden:
        return known
    declared = Request.filter(
        kind=RequestKind.ENTOURAGE,
        created_by=ctx.viewer.account_id,
        subject_id__in=[row.contact_id for row in known.forbidden],
    )
    own = set(await declared.values_list("subject_id", flat=True))
    return replace(known, forbidden=[row for row in known.forbidden if row.contact_id in own])


def _stands(custody: Custody, year: SchoolYear) -> bool:
    """True when a calendar speaks of a day of the year; one replaced before its first day speaks of none."""
    last = custody.last_day if custody.last_day is not None else year.last_day
    return custody.first_day <= last and custody.first_day <= year.last_day and last >= year.first_day


async def circumstances_of(household_ids: Iterable[UUID]) -> Circumstances:
    """The circumstances of the children of some households: two statements."""
    keys = list(household_ids)
    return Circumstances(
        await ContactPermission.filter(household_id__in=keys, permission=Permission.FORBIDDEN),
        await Custody.filter(household_id__in=keys),
    )
