"""What the portal knows of the children of some households, and that their yearly files depend on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from plugins.rules.calendar import SchoolYear
from plugins.rules.dossiers import Circumstance
from plugins.rules.entourage import Permission
from resolvers.models import ContactPermission, Custody


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
