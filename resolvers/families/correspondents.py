"""Whom the service writes to about a household, and who acted for it or for the service."""

from collections.abc import Collection
from uuid import UUID

from resolvers.context import AccountKind, Context
from resolvers.models import Account, Membership, Person
from resolvers.models.households import Role


async def correspondents(household_id: UUID) -> list[tuple[Account, Person]]:
    """The adults of a household who have an account and see its file."""
    return (await correspondents_of([household_id]))[household_id]


async def correspondents_of(household_ids: Collection[UUID]) -> dict[UUID, list[tuple[Account, Person]]]:
    """The same for each household: three statements for all of them."""
    links = await Membership.filter(
        household_id__in=sorted(household_ids), sees=True, role__in=[Role.REPRESENTATIVE, Role.CO_REPRESENTATIVE]
    ).values_list("household_id", "person_id")
    accounts = await Account.filter(person_id__in=sorted({person for _, person in links})).order_by("id")
    persons = {person.id: person for person in await Person.filter(id__in=[a.person_id for a in accounts])}
    known = {a.person_id: (a, persons[a.person_id]) for a in accounts if a.person_id in persons}
    found: dict[UUID, list[tuple[Account, Person]]] = {household: [] for household in household_ids}
    for household, person in links:
        if person in known:
            found[household].append(known[person])
    return {household: sorted(people, key=lambda each: each[0].id) for household, people in found.items()}


async def names_of(account_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of the persons who act with these accounts, among those in sight: two statements."""
    accounts = await Account.filter(id__in=sorted(account_ids))
    persons = {each.id: each for each in await Person.filter(id__in=[account.person_id for account in accounts])}
    found = {account.id: persons.get(account.person_id) for account in accounts}
    return {key: f"{person.first_name} {person.last_name}" for key, person in found.items() if person is not None}


async def authors_of(ctx: Context, account_ids: Collection[UUID]) -> dict[UUID, str]:
    """Who acted with these accounts, as the viewer may know: persons in sight by name, agents as « le service ».

    Others are left out: a parent does not read the adults of another household. No statement when the viewer did all.
    """
    viewer, others = ctx.viewer, set(account_ids) - {ctx.viewer.account_id}
    named = {viewer.account_id: f"{viewer.first_name} {viewer.last_name}"} if viewer.account_id else {}
    if others:
        named |= await names_of(others)
    if unnamed := others - named.keys():
        agents = Account.filter(id__in=sorted(unnamed), kind=AccountKind.AGENT)
        named |= dict.fromkeys(await agents.values_list("id", flat=True), "le service")
    return named
