"""The entourage of the children: contacts, what each may do, and the children a family adds."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

import strawberry

from plugins.rules.entourage import Permission as PermissionRule
from resolvers.context import Context
from resolvers.errors import Code, Refused
from resolvers.families import entourage
from resolvers.families.field_changes import input_name
from schema.enums import Permission
from schema.payloads import Payload
from schema.relay import global_id, require_uuid
from schema.requests import KEY, Request

AGENT_REASON = "Why, in French, of an agent who does it for the family; the family reads it."
LONGEST = {
    "title": 20,
    "first_name": 80,
    "last_name": 80,
    "birth_name": 80,
    "phone": 20,
    "email": 254,
    "street": 200,
    "postcode": 10,
    "town": 80,
    "country": 60,
}


@strawberry.type(description="What somebody may do about a child.")
class ChildContact:
    """See ``resolvers.families.entourage.Allowed``."""

    person_id: strawberry.ID = strawberry.field(description="The person.")
    first_name: str = strawberry.field(description="The first name.")
    last_name: str = strawberry.field(description="The last name.")
    phone: str = strawberry.field(description="The telephone number; empty when unknown.")
    permission: Permission = strawberry.field(description="What this person may do; FORBIDDEN is shown to agents only.")
    sentence: str = strawberry.field(description="The same, in French.")


async def contacts_of(ctx: Context, child_ids: Sequence[UUID]) -> list[list[ChildContact]]:
    """Who may do what about each child."""
    return [
        [
            ChildContact(
                person_id=global_id("Person", allowed.person_id),
                first_name=allowed.first_name,
                last_name=allowed.last_name,
                phone=allowed.phone,
                permission=Permission[allowed.permission.name],
                sentence=allowed.permission.say(),
            )
            for allowed in found
        ]
        for found in await entourage.entourage_of(ctx, child_ids)
    ]


@strawberry.input(description="What a contact may do about one child.")
class ContactPermissionInput:
    """One permission; several for a child are several entries."""

    child_id: strawberry.ID = strawberry.field(description="A child of the household.")
    permission: Permission = strawberry.field(description="What the contact may do.")


@strawberry.input(description="Input of `contactCreate`.")
class ContactCreateInput:
    """A person to add to the entourage."""

    household_id: strawberry.ID = strawberry.field(description="The household.")
    first_name: str = strawberry.field(description="The first name.")
    last_name: str = strawberry.field(description="The name in use « nom d'usage ».")
    permissions: list[ContactPermissionInput] = strawberry.field(description="What this person may do.")
    is_co_representative: bool = strawberry.field(
        description="True for the other legal representative, who sees, books and pays once an agent accepts.",
        default=False,
    )
    reason: str = strawberry.field(description=AGENT_REASON, default="")
    title: str = strawberry.field(description="« Civilité ».", default="")
    birth_name: str = strawberry.field(description="The name at birth.", default="")
    phone: str = strawberry.field(description="The telephone number.", default="")
    email: str = strawberry.field(description="The e-mail address.", default="")
    street: str = strawberry.field(description="Number and street.", default="")
    postcode: str = strawberry.field(description="The postcode.", default="")
    town: str = strawberry.field(description="The town.", default="")
    country: str = strawberry.field(description="The country.", default="")
    address_of_person_id: strawberry.ID | None = strawberry.field(
        description="A `Person` of the household whose address is this person's too.", default=None
    )
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.type(description="Answer of `contactCreate`.")
class ContactCreatePayload(Payload):
    """The contact is added, or an agent will decide: the request's state says which."""

    request: Request | None = strawberry.field(description="The request; null when refused.", default=None)


@strawberry.input(description="Input of `contactUpdate`: the permissions given replace all those there were.")
class ContactUpdateInput:
    """What a contact may do from now on."""

    household_id: strawberry.ID = strawberry.field(description="The household.")
    person_id: strawberry.ID = strawberry.field(description="The contact.")
    permissions: list[ContactPermissionInput] = strawberry.field(description="What this person may do.")
    reason: str = strawberry.field(description=AGENT_REASON, default="")


@strawberry.type(description="Answer of `contactUpdate`.")
class ContactUpdatePayload(Payload):
    """The permissions are replaced, or an agent will decide: the request's state says which."""

    request: Request | None = strawberry.field(description="The request; null when refused.", default=None)


@strawberry.input(description="Input of `contactRemove`.")
class ContactRemoveInput:
    """A contact to take out of the household."""

    household_id: strawberry.ID = strawberry.field(description="The household.")
    person_id: strawberry.ID = strawberry.field(description="The contact.")
    reason: str = strawberry.field(description=AGENT_REASON, default="")


@strawberry.type(description="Answer of `contactRemove`.")
class ContactRemovePayload(Payload):
    """The contact is removed, or an agent will decide; the request keeps what it was allowed."""

    request: Request | None = strawberry.field(description="The request; null when refused.", default=None)


@strawberry.input(description="Input of `childCreate`.")
class ChildCreateInput:
    """A child to add to the household."""

    household_id: strawberry.ID = strawberry.field(description="The household.")
    first_name: str = strawberry.field(description="The first name.")
    last_name: str = strawberry.field(description="The last name.")
    birth_date: date = strawberry.field(description="The day of birth.")
    reason: str = strawberry.field(description=AGENT_REASON, default="")
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.type(description="Answer of `childCreate`.")
class ChildCreatePayload(Payload):
    """An agent will decide, or did it."""

    request: Request | None = strawberry.field(description="The request; null when refused.", default=None)


def _line(name: str, value: str) -> str:
    stripped = value.strip()
    if len(stripped) > LONGEST[name] or not stripped.isprintable():
        message = f"Au plus {LONGEST[name]} caractères, sur une ligne."
        raise Refused(Code.INVALID, message, field=(input_name(name),))
    return stripped


def _permissions(given: Sequence[ContactPermissionInput]) -> dict[UUID, frozenset[PermissionRule]]:
    granted: defaultdict[UUID, set[PermissionRule]] = defaultdict(set)
    for each in given:
        granted[require_uuid(each.child_id, "Child", what="Enfant", field="permissions")].add(
            PermissionRule[each.permission.name]
        )
    return {child: frozenset(permissions) for child, permissions in granted.items()}


async def add_contact(ctx: Context, input: ContactCreateInput) -> ContactCreatePayload:
    """Add a contact."""
    host = input.address_of_person_id
    row = await entourage.add_contact(
        ctx,
        require_uuid(input.household_id, "Household", what="Foyer", field="householdId"),
        {name: _line(name, getattr(input, name)) for name in LONGEST},
        _permissions(input.permissions),
        co_representative=input.is_co_representative,
        reason=input.reason,
        lives_with=require_uuid(host, "Person", what="Personne", field="addressOfPersonId")
        if host is not None
        else None,
        key=input.idempotency_key,
    )
    return ContactCreatePayload(request=Request.of(ctx, row))


async def allow_contact(ctx: Context, input: ContactUpdateInput) -> ContactUpdatePayload:
    """Replace what a contact may do."""
    household = require_uuid(input.household_id, "Household", what="Foyer", field="householdId")
    contact = require_uuid(input.person_id, "Person", what="Contact", field="personId")
    row = await entourage.allow_contact(ctx, household, contact, _permissions(input.permissions), input.reason)
    return ContactUpdatePayload(request=Request.of(ctx, row))


async def remove_contact(ctx: Context, input: ContactRemoveInput) -> ContactRemovePayload:
    """Take a contact out of the household."""
    household = require_uuid(input.household_id, "Household", what="Foyer", field="householdId")
    contact = require_uuid(input.person_id, "Person", what="Contact", field="personId")
    row = await entourage.remove_contact(ctx, household, contact, input.reason)
    return ContactRemovePayload(request=Request.of(ctx, row))


async def add_child(ctx: Context, input: ChildCreateInput) -> ChildCreatePayload:
    """Ask for another child."""
    row = await entourage.add_child(
        ctx,
        require_uuid(input.household_id, "Household", what="Foyer", field="householdId"),
        _line("first_name", input.first_name),
        _line("last_name", input.last_name),
        input.birth_date,
        input.idempotency_key,
        input.reason,
    )
    return ChildCreatePayload(request=Request.of(ctx, row))
