"""Whom the service writes to about a household."""

from uuid import UUID

from resolvers.models import Account, Membership, Person
from resolvers.models.households import Role


async def correspondents(household_id: UUID) -> list[tuple[Account, Person]]:
    """The adults of a household who have an account and see its file."""
    links = await Membership.filter(
        household_id=household_id, sees=True, role__in=[Role.REPRESENTATIVE, Role.CO_REPRESENTATIVE]
    ).values_list("person_id", flat=True)
    accounts = await Account.filter(person_id__in=list(links)).order_by("id")
    persons = {person.id: person for person in await Person.filter(id__in=[a.person_id for a in accounts])}
    return [(account, persons[account.person_id]) for account in accounts if account.person_id in persons]
