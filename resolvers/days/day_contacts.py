"""The adults around a child on a day: who may fetch it, whom to call, who is kept away, and whose day it is."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from plugins.defaults import QUOTIENT_CONSENT
from plugins.rules.calendar import SchoolYear
from plugins.rules.entourage import Permission
from plugins.rules.pick_up import PickUp, pick_up
from resolvers.context import Context
from resolvers.families.custody import Custodies, custodies_of
from resolvers.families.households import ROLE_ORDER, HouseholdFile, Member, households_of
from resolvers.files.dossier_files import policy_of
from resolvers.models import ConsentGiven, ContactPermission, Dossier, Membership, Person
from resolvers.models.households import Role

PARENTS = frozenset({Role.REPRESENTATIVE, Role.CO_REPRESENTATIVE})


@dataclass(frozen=True, slots=True)
class DayContact:
    """One adult. ``role`` is None for who is in no household: a person kept away.

    ``has_the_day``: by a custody calendar the day is, or is not, of the adult's household; None without calendar.
    """

    person_id: UUID
    name: str
    phone: str
    role: Role | None
    household: str
    has_the_day: bool | None
    rights: PickUp

    @property
    def order(self) -> tuple[bool, bool, int, str]:
        """Who is kept away first, then the household whose day it is, representatives before contacts."""
        return (
            not self.rights.forbidden,
            self.has_the_day is False,
            ROLE_ORDER[self.role] if self.role else len(ROLE_ORDER),
            self.name,
        )


@dataclass(frozen=True, slots=True)
class ConsentSaid:
    """An answer to a consent of the yearly file; ``person`` names the adult it is about, empty when about the child."""

    code: str
    label: str
    person: str
    granted: bool


async def contacts_of(ctx: Context, children: Sequence[UUID], day: date) -> dict[UUID, tuple[DayContact, ...]]:
    """The adults around each child, of all its households: six statements, whatever the number of children."""
    links = await Membership.filter(person_id__in=list(children), role=Role.CHILD).values_list(
        "person_id", "household_id"
    )
    homes = {home.id: home for home in await households_of(ctx, frozenset(home for _, home in links))}
    rows = await ContactPermission.filter(child_id__in=list(children)).order_by("id")
    persons = {each.id: each for each in await Person.filter(id__in=list({row.contact_id for row in rows}))}
    custodies = await custodies_of(children)
    granted: defaultdict[tuple[UUID, UUID], set[Permission]] = defaultdict(set)
    for row in rows:
        granted[row.child_id, row.contact_id].add(row.permission)
    found: dict[UUID, dict[UUID, DayContact]] = {child: {} for child in children}
    for child, household_id in links:
        home = homes.get(household_id)
        for member in home.members if home else ():
            permissions = granted[child, member.person_id]
            if home and (member.role in PARENTS or permissions):
                found[child].setdefault(
                    member.person_id, _member(home, member, child, day, custodies, frozenset(permissions))
                )
    for row in rows:
        if row.contact_id in persons:
            rights = pick_up(granted[row.child_id, row.contact_id], is_parent=False)
            found[row.child_id].setdefault(row.contact_id, _stranger(persons[row.contact_id], rights))
    return {child: tuple(sorted(contacts.values(), key=lambda each: each.order)) for child, contacts in found.items()}


def _member(
    home: HouseholdFile,
    member: Member,
    child: UUID,
    day: date,
    custodies: Custodies,
    permissions: frozenset[Permission],
) -> DayContact:
    calendars = custodies.of(home.id, child)
    return DayContact(
        person_id=member.person_id,
        name=member.full_name,
        phone=member.phone,
        role=member.role,
        household=home.name,
        has_the_day=custodies.is_theirs(home.id, child, day) if any(one.covers(day) for one in calendars) else None,
        rights=pick_up(permissions, is_parent=member.role in PARENTS),
    )


def _stranger(person: Person, rights: PickUp) -> DayContact:
    name = f"{person.first_name} {person.last_name}"
    return DayContact(person.id, name, person.phone, None, "", None, rights)


async def consents_of(ctx: Context, files: Sequence[Dossier], year: SchoolYear) -> dict[UUID, tuple[ConsentSaid, ...]]:
    """What families consented to in their sent files, as it stands now: two statements.

    A later answer stands over the one of the file. Of two households that disagree, the refusal stands. The consent
    to ask the quotient is not for those who look after children.
    """
    labels = {consent.code: consent.label for consent in policy_of(ctx, year).consents}
    labels.pop(QUOTIENT_CONSENT.code, None)
    said: dict[tuple[UUID, UUID, str, UUID | None], tuple[datetime, bool]] = {}
    for file in files:
        for key, answer in file.consents.items():
            code, _, person = key.partition(":")
            whose = (file.household_id, file.child_id, code, UUID(person) if person else None)
            said[whose] = (datetime.fromisoformat(answer["at"]), answer["granted"])
    for row in await ConsentGiven.filter(child_id__in=[file.child_id for file in files]).order_by("at", "id"):
        given = (row.household_id, row.child_id or row.household_id, row.code, row.person_id)
        if given in said and row.at >= said[given][0]:
            said[given] = (row.at, row.granted)
    asked = {person for _, _, _, person in said if person}
    persons = {each.id: f"{each.first_name} {each.last_name}" for each in await Person.filter(id__in=list(asked))}
    return _gathered(labels, said, persons)


def _gathered(
    labels: Mapping[str, str],
    said: Mapping[tuple[UUID, UUID, str, UUID | None], tuple[datetime, bool]],
    persons: Mapping[UUID, str],
) -> dict[UUID, tuple[ConsentSaid, ...]]:
    """The consents of each child, in the order they are asked, then by person; one refusal is a refusal."""
    granted: dict[tuple[UUID, str, str], bool] = {}
    for (_, child, code, person), (_, yes) in said.items():
        name = persons.get(person, "") if person else ""
        if code in labels and (person is None or name):
            granted[child, code, name] = granted.get((child, code, name), True) and yes
    order = list(labels)
    found: defaultdict[UUID, list[ConsentSaid]] = defaultdict(list)
    for (child, code, name), yes in sorted(granted.items(), key=lambda each: (order.index(each[0][1]), each[0][2])):
        found[child].append(ConsentSaid(code, labels[code], name, yes))
    return {child: tuple(consents) for child, consents in found.items()}
