"""A household declared by its own family, or filled in by the service and checked by its family."""

from collections.abc import Sequence
from datetime import date

import strawberry

from plugins.rules.tariffs import Residency as ResidencyRule
from resolvers.context import Context
from resolvers.families import household_declarations
from resolvers.families.household_declarations import Address, Adult, Child, Declaration
from schema.enums import Residency
from schema.households import Household, households_of
from schema.payloads import Payload
from schema.relay import require_uuid
from schema.requests import KEY, Request


@strawberry.input(description="Where a household lives.")
class AddressInput:
    """A postal address."""

    street: str = strawberry.field(description="Number and street, building, flat.")
    postcode: str = strawberry.field(description="The postcode.")
    town: str = strawberry.field(description="The town.")
    country: str = strawberry.field(description="The country.", default="")


@strawberry.input(description="A representative of a household that is declared or recorded.")
class DeclaredAdultInput:
    """An adult; which particulars are required is the service's own policy."""

    first_name: str = strawberry.field(description="The first name.")
    last_name: str = strawberry.field(description="The usual last name « nom d'usage ».")
    title: str = strawberry.field(description="The title « civilité ».", default="")
    birth_name: str = strawberry.field(description="The last name at birth « nom de naissance ».", default="")
    phone: str = strawberry.field(description="The telephone number.", default="")
    email: str = strawberry.field(
        description="The e-mail address of another representative; one's own is the account's.", default=""
    )


@strawberry.input(description="A child of a household that is declared or recorded.")
class DeclaredChildInput:
    """A child."""

    first_name: str = strawberry.field(description="The first name.")
    last_name: str = strawberry.field(description="The last name.")
    birth_date: date = strawberry.field(description="The date of birth.")


@strawberry.input(description="Input of `householdDeclare`.")
class HouseholdDeclareInput:
    """What a family says of itself."""

    family_name: str = strawberry.field(description="The family's name.")
    address: AddressInput = strawberry.field(description="Where it lives.")
    myself: DeclaredAdultInput = strawberry.field(description="The person who declares.")
    adults: list[DeclaredAdultInput] = strawberry.field(description="The other representatives.", default_factory=list)
    children: list[DeclaredChildInput] = strawberry.field(description="At least one; 12 persons at most in all.")
    service: str | None = strawberry.field(description="The code of a service; the first one by default.", default=None)
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.type(description="Answer of `householdDeclare`.")
class HouseholdDeclarePayload(Payload):
    """The declaration waits for an agent."""

    request: Request | None = strawberry.field(description="The request; null when refused.", default=None)


async def declare(ctx: Context, input: HouseholdDeclareInput) -> HouseholdDeclarePayload:
    """Send a household to a service."""
    declared = _declaration(input, [input.myself, *input.adults])
    row = await household_declarations.declare_household(ctx, declared, input.service, input.idempotency_key)
    return HouseholdDeclarePayload(request=Request.of(ctx, row))


def _declaration(
    input: "HouseholdDeclareInput | HouseholdCreateInput", adults: Sequence[DeclaredAdultInput]
) -> Declaration:
    at = input.address
    return Declaration(
        name=input.family_name.strip(),
        address=Address(at.street.strip(), at.postcode.strip(), at.town.strip(), at.country.strip()),
        adults=tuple(_adult(each) for each in adults),
        children=tuple(
            Child(each.first_name.strip(), each.last_name.strip(), each.birth_date) for each in input.children
        ),
    )


def _adult(typed: DeclaredAdultInput) -> Adult:
    return Adult(
        first_name=typed.first_name.strip(),
        last_name=typed.last_name.strip(),
        title=typed.title.strip(),
        birth_name=typed.birth_name.strip(),
        phone=typed.phone.strip(),
        email=typed.email.strip(),
    )


@strawberry.input(description="Input of `householdCreate`.")
class HouseholdCreateInput:
    """What the service knows of a family."""

    family_name: str = strawberry.field(description="The family's name.")
    address: AddressInput = strawberry.field(description="Where it lives.")
    adults: list[DeclaredAdultInput] = strawberry.field(description="Its representatives, at least one.")
    children: list[DeclaredChildInput] = strawberry.field(description="At least one; 12 persons at most in all.")
    residency: Residency = strawberry.field(description="Whether it lives in the commune, which prices.")
    service: str | None = strawberry.field(
        description="The code of one of the agent's services; the first one by default.", default=None
    )
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.type(description="Answer of `householdCreate`.")
class HouseholdCreatePayload(Payload):
    """The household is followed by the service; nobody is mailed."""

    household: Household | None = strawberry.field(description="The household; null when refused.", default=None)


async def create(ctx: Context, input: HouseholdCreateInput) -> HouseholdCreatePayload:
    """Record a household for a family."""
    declared = _declaration(input, input.adults)
    residency = ResidencyRule[input.residency.name]
    key = await household_declarations.create_household(ctx, declared, input.service, residency, input.idempotency_key)
    (made,) = await households_of(ctx, frozenset({key}))
    return HouseholdCreatePayload(household=made)


@strawberry.input(description="Input of `householdConfirm`.")
class HouseholdConfirmInput:
    """A household of the viewer."""

    household_id: strawberry.ID = strawberry.field(description="The household.")


@strawberry.type(description="Answer of `householdConfirm`.")
class HouseholdConfirmPayload(Payload):
    """The household is checked."""

    request: Request | None = strawberry.field(description="The trace of it; null when refused.", default=None)


async def confirm(ctx: Context, input: HouseholdConfirmInput) -> HouseholdConfirmPayload:
    """Say that a household is right."""
    key = require_uuid(input.household_id, "Household", what="Foyer", field="householdId")
    return HouseholdConfirmPayload(request=Request.of(ctx, await household_declarations.confirm_household(ctx, key)))
