"""One child, one change at a time: who books, waits, closes days or ends an enrolment locks its children first.

Children are locked by their keys, in one order for everybody, before anything that is booked or counted for them:
what is read of them afterwards holds until the transaction ends. So does the answer to an idempotency key that is
recalled after them: of two requests with one key, the second waits here, then gets the first one's answer.

One order for all, and nobody waits for who waits for it: the turn of those who record or invoice, the basket, the
children, who waits for a place, the holds, the pools, and last the counter of requests, for which everybody waits.
"""

from collections.abc import Iterable
from uuid import UUID

from tortoise.expressions import Subquery

from resolvers.models import Membership, Person
from resolvers.models.households import Role
from resolvers.models.scope import everything_in_sight


async def lock_children(ids: Iterable[UUID]) -> None:
    """Wait until nobody else changes what these children have, and keep it so until the transaction ends."""
    await Person.filter(id__in=sorted(set(ids))).order_by("id").select_for_update().only("id")


async def lock_every_child() -> None:
    """The same for all the children of the commune: one statement."""
    with everything_in_sight():  # what concerns everybody waits for everybody
        children = Membership.filter(role=Role.CHILD).values("person_id")
        await Person.filter(id__in=Subquery(children)).order_by("id").select_for_update().only("id")
