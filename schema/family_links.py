"""Who belongs to a household and what each adult may do there, as agents set it."""

from datetime import datetime
from uuid import UUID

import strawberry

from resolvers.context import Context
from resolvers.context import HouseholdRights as RightsValue
from resolvers.families import links
from schema.corrections import REASON
from schema.payloads import Payload
from schema.relay import require_uuid


@strawberry.input(description="Input of `childLink`.")
class ChildLinkInput:
    """A child and the household it belongs to as well."""

    child_id: strawberry.ID = strawberry.field(description="A child of another household.")
    household_id: strawberry.ID = strawberry.field(description="The household it belongs to from now on too.")
    reason: str = strawberry.field(description=REASON)


@strawberry.type(description="Answer of `childLink`.")
class ChildLinkPayload(Payload):
    """The child has one household more; each of them reads it, and is mailed."""

    linked_at: datetime | None = strawberry.field(description="When; null when refused.", default=None)


@strawberry.input(description="Input of `childUnlink`.")
class ChildUnlinkInput:
    """A child and the household it leaves."""

    child_id: strawberry.ID = strawberry.field(description="A child of several households.")
    household_id: strawberry.ID = strawberry.field(description="The one it leaves.")
    reason: str = strawberry.field(description=REASON)


@strawberry.type(description="Answer of `childUnlink`.")
class ChildUnlinkPayload(Payload):
    """The child has one household less; what was done there stays. Each of them reads it, and is mailed."""

    unlinked_at: datetime | None = strawberry.field(description="When; null when refused.", default=None)


@strawberry.input(description="Input of `membershipRightsSet`.")
class MembershipRightsSetInput:
    """All that an adult may do in a household."""

    household_id: strawberry.ID = strawberry.field(description="The household.")
    person_id: strawberry.ID = strawberry.field(description="A representative of it.")
    sees: bool = strawberry.field(description="May open the household's file.")
    books: bool = strawberry.field(description="May book, file and ask; only who sees does.")
    pays: bool = strawberry.field(description="May see the money and pay; only who sees does.")
    reason: str = strawberry.field(description=REASON)


@strawberry.type(description="Answer of `membershipRightsSet`.")
class MembershipRightsSetPayload(Payload):
    """The rights hold at once; the household's adults read it, and are mailed."""

    set_at: datetime | None = strawberry.field(description="When; null when refused.", default=None)


def _child_and_household(input: ChildLinkInput | ChildUnlinkInput) -> tuple[UUID, UUID]:
    child = require_uuid(input.child_id, "Child", what="Enfant", field="childId")
    return child, require_uuid(input.household_id, "Household", what="Foyer", field="householdId")


async def link(ctx: Context, input: ChildLinkInput) -> ChildLinkPayload:
    """Have a child belong to another household too."""
    await links.link_child(ctx, *_child_and_household(input), input.reason)
    return ChildLinkPayload(linked_at=ctx.now)


async def unlink(ctx: Context, input: ChildUnlinkInput) -> ChildUnlinkPayload:
    """Take a child out of one of its households."""
    await links.unlink_child(ctx, *_child_and_household(input), input.reason)
    return ChildUnlinkPayload(unlinked_at=ctx.now)


async def set_rights(ctx: Context, input: MembershipRightsSetInput) -> MembershipRightsSetPayload:
    """Say what an adult may do in a household."""
    household = require_uuid(input.household_id, "Household", what="Foyer", field="householdId")
    person = require_uuid(input.person_id, "Person", what="Adulte", field="personId")
    rights = RightsValue(household, sees=input.sees, books=input.books, pays=input.pays)
    await links.set_rights(ctx, person, rights, input.reason)
    ctx.loaders.clear()
    return MembershipRightsSetPayload(set_at=ctx.now)
