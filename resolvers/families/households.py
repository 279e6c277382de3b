"""Households as their members see them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from plugins import hookspecs
from plugins.commune import Commune
from plugins.rules.quotients import GivenQuotient
from plugins.rules.tariffs import Residency
from resolvers.context import AccountKind, AgentRight, Context
from resolvers.models import Household, Membership, QuotientFamilial
from resolvers.models.households import QuotientState, Role


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a household, with what the person is there."""

    household_id: UUID
    person_id: UUID
    role: Role
    first_name: str
    last_name: str
    birth_date: date | None
    email: str
    phone: str
    street: str
    postcode: str
    town: str
    country: str = ""
    title: str = ""
    birth_name: str = ""
    lives_with_id: UUID | None = None
    sees: bool = False
    books: bool = False
    pays: bool = False

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"

    def age_on(self, day: date) -> int | None:
        """Whole years of age on a day; None when the birth date is unknown."""
        return None if self.birth_date is None else age_on(self.birth_date, day)


@dataclass(frozen=True, slots=True)
class HouseholdFile:
    """A household and its members, representatives first, then children by age.

    ``invoices_online_since`` is when it joined the online invoice; None when it has not.
    """

    id: UUID
    name: str
    residency: Residency
    services: tuple[str, ...]
    members: tuple[Member, ...]
    invoices_online_since: datetime | None = None

    @property
    def children(self) -> tuple[Member, ...]:
        """The children, eldest first: a child's place here is its rank for tariffs."""
        return tuple(member for member in self.members if member.role is Role.CHILD)

    def rank_of(self, child_id: UUID) -> int:
        """A child's rank for tariffs: the eldest is 1, and so is who is not a child here."""
        ids = [child.person_id for child in self.children]
        return ids.index(child_id) + 1 if child_id in ids else 1

    def age_of(self, child_id: UUID, day: date) -> int | None:
        """A child's whole years of age on a day; None when unknown here."""
        return next((child.age_on(day) for child in self.children if child.person_id == child_id), None)


ROLE_ORDER = {role: position for position, role in enumerate(Role)}
MEMBER_COLUMNS = {
    "household_id": "household_id",
    "person_id": "person_id",
    **{name: name for name in ("role", "sees", "books", "pays")},
    **{
        name: f"person__{name}"
        for name in (
            "first_name",
            "last_name",
            "birth_date",
            "email",
            "phone",
            "street",
            "postcode",
            "town",
            "country",
            "title",
            "birth_name",
            "lives_with_id",
        )
    },
}


async def households_of(ctx: Context, ids: frozenset[UUID] | None = None) -> list[HouseholdFile]:
    """The households the viewer may see (all of them, or those of ``ids``), in two statements."""
    wanted = frozenset(ctx.viewer.households) if ids is None else ids
    rows = await Household.filter(id__in=list(wanted)).order_by("name", "id")
    # The join is safe: the memberships are already limited to the viewer's households.
    links = await Membership.filter(household_id__in=[row.id for row in rows]).values(**MEMBER_COLUMNS)
    members = _at_their_address([Member(**{**link, "role": Role(link["role"])}) for link in links])
    members.sort(key=lambda member: (ROLE_ORDER[member.role], member.birth_date or date.max, member.first_name))
    return [
        HouseholdFile(
            id=row.id,
            name=row.name,
            residency=row.residency,
            services=tuple(row.services),
            members=tuple(member for member in members if member.household_id == row.id),
            invoices_online_since=row.invoices_online_since,
        )
        for row in rows
    ]


Enrolments = Mapping[tuple[UUID, str, int], tuple[date, date]]  # child, activity, school year: first and last day


def children_enrolled(enrolled: Enrolments, child_id: UUID, activity: str, day: date) -> int:
    """How many children of a household are enrolled in an activity on a day, the one who comes counted in any case."""
    others = (
        child for (child, code, _), (first, last) in enrolled.items() if code == activity and first <= day <= last
    )
    return len({child_id, *others})


def _at_their_address(members: Sequence[Member]) -> list[Member]:
    """The members; who lives with another member of the household has that member's address."""
    known = {(member.household_id, member.person_id): member for member in members}
    hosts = [known.get((member.household_id, member.lives_with_id or member.person_id), member) for member in members]
    return [
        replace(member, street=host.street, postcode=host.postcode, town=host.town, country=host.country)
        for member, host in zip(members, hosts, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Quotients:
    """The « quotients familiaux » that households gave, in the order the commune received them."""

    given: Mapping[UUID, Sequence[GivenQuotient]]

    def on(self, commune: Commune, household_id: UUID, day: date) -> int | Decimal | None:
        """The one that holds for a household on a day by the commune's rule, in euros; None when none does."""
        given = self.given.get(household_id)
        return commune.ask(hookspecs.quotient_rule).on(day, given).qf if given else None


async def quotients_of(ctx: Context, household_ids: frozenset[UUID]) -> Quotients:
    """The accepted quotients of some households, the only ones that price: one statement."""
    given: defaultdict[UUID, list[GivenQuotient]] = defaultdict(list)
    accepted = QuotientFamilial.filter(household_id__in=list(household_ids), state=QuotientState.ACCEPTED)
    rows = accepted.order_by("recorded_at", "id")
    for household_id, euros, since, at in await rows.values_list("household_id", "euros", "valid_from", "recorded_at"):
        given[household_id].append(GivenQuotient(euros, since, at.astimezone(ctx.commune.tz).date()))
    return Quotients(given)


def age_on(birth_date: date, day: date) -> int:
    """Whole years of age on a day."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


async def household_of_child(ctx: Context, child_id: UUID) -> UUID | None:
    """The household in which this person is a child and the viewer may act (book, enrol, file), if any."""
    own = [household_id for household_id, rights in ctx.viewer.households.items() if rights.books]
    row = await Membership.filter(person_id=child_id, role=Role.CHILD, household_id__in=own).first()
    return row.household_id if row else None


def acts_for(ctx: Context, household_id: UUID) -> bool:
    """True for who may act for a household: its own who book, once nothing is left to do first; agents of families."""
    if ctx.viewer.kind is not AccountKind.FAMILY:
        return ctx.viewer.has(AgentRight.FAMILIES)
    rights = ctx.viewer.households.get(household_id)
    return rights is not None and rights.books and not ctx.viewer.steps
