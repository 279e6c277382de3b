"""Service keys « clés enfance »: what links a household the service knows to an account."""

from datetime import datetime

import strawberry

from resolvers.access import service_keys
from resolvers.context import Context
from resolvers.errors import not_found
from schema.payloads import Payload
from schema.relay import global_id, parse_uuid


@strawberry.input(description="Input of `serviceKeyIssue`.")
class ServiceKeyIssueInput:
    """Who the key is for."""

    household_id: strawberry.ID = strawberry.field(description="The household.")
    person_id: strawberry.ID = strawberry.field(description="One of its representatives, without an account in use.")


@strawberry.type(description="Answer of `serviceKeyIssue`.")
class ServiceKeyIssuePayload(Payload):
    """The key, shown once."""

    key: str | None = strawberry.field(description="The key to tell, such as `4072-KRX-815`.", default=None)
    expires_at: datetime | None = strawberry.field(description="Until when it can be typed.", default=None)


async def issue(ctx: Context, input: ServiceKeyIssueInput) -> ServiceKeyIssuePayload:
    """Make a key for a representative."""
    household, person = parse_uuid(input.household_id, "Household"), parse_uuid(input.person_id, "Person")
    if household is None or person is None:
        raise not_found("Représentant", "personId")
    issued = await service_keys.issue_service_key(ctx, household, person)
    return ServiceKeyIssuePayload(key=issued.key, expires_at=issued.expires_at)


@strawberry.input(description="Input of `serviceKeyUse`.")
class ServiceKeyUseInput:
    """The key that an agent told."""

    service_key: str = strawberry.field(description="The key, with or without its dashes.")


@strawberry.type(description="Answer of `serviceKeyUse`.")
class ServiceKeyUsePayload(Payload):
    """The account acts for the household from now on."""

    household_id: strawberry.ID | None = strawberry.field(description="The household.", default=None)


async def use(ctx: Context, input: ServiceKeyUseInput) -> ServiceKeyUsePayload:
    """Link the viewer's account to the household of a key."""
    return ServiceKeyUsePayload(
        household_id=global_id("Household", await service_keys.use_service_key(ctx, input.service_key))
    )
