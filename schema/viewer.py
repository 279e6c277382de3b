"""The signed-in person: where every read of a family starts."""

from datetime import datetime
from typing import Annotated

import strawberry

from resolvers.access.second_factor import has_second_factor
from resolvers.agenda.reminders import hours_wanted
from resolvers.context import AccountKind as AccountKindValue
from resolvers.context import Context
from resolvers.context import Viewer as ViewerValue
from resolvers.families.household_declarations import households_to_confirm
from schema.accounts import Session, sessions_of
from schema.calendar_feeds import CalendarFeed, feeds_of
from schema.cost import LIST_SIZE
from schema.enums import AccountKind, AgentRight, Step
from schema.households import Household, households_of
from schema.payloads import Info
from schema.relay import global_id
from schema.unseen import Unseen, unseen_of

Since = Annotated[
    datetime | None, strawberry.argument(description="The start of the person's session before this one by default.")
]


@strawberry.type(description="The signed-in person.")
class Viewer:
    """See ``resolvers.context.Viewer``."""

    id: strawberry.ID = strawberry.field(description="The account's global identifier.")
    kind: AccountKind = strawberry.field(description="Whose account it is.")
    login: str = strawberry.field(description="The login.")
    email: str = strawberry.field(description="The e-mail address, which also signs in.")
    first_name: str = strawberry.field(description="The first name.")
    last_name: str = strawberry.field(description="The last name.")
    steps: list[Step] = strawberry.field(description="What must still be done before using the portal.")
    rights: list[AgentRight] = strawberry.field(description="What an agent may do; empty for families.")
    services: list[str] = strawberry.field(
        description="The codes of the services whose households and requests an agent sees; empty for families."
    )

    @strawberry.field(
        description="The person's households; empty while steps remain, and for agents.", metadata={LIST_SIZE: 2}
    )
    async def households(self, info: Info) -> list[Household]:
        """Two statements, whatever the number of members."""
        return await households_of(info.context)

    @strawberry.field(description="Households that the service filled in, to check with `householdConfirm`.")
    async def household_ids_to_confirm(self, info: Info) -> list[strawberry.ID]:
        """One statement, where families check them; none elsewhere."""
        return [global_id("Household", key) for key in await households_to_confirm(info.context)]

    @strawberry.field(description="True when signing in asks for a one-time code; agents only.")
    async def has_second_factor(self, info: Info) -> bool:
        """One statement."""
        return await has_second_factor(info.context)

    @strawberry.field(description="The person's live sessions, newest first.")
    async def sessions(self, info: Info) -> list[Session]:
        """One statement."""
        return await sessions_of(info.context)

    @strawberry.field(description="The person's live calendar feeds, newest first.", metadata={LIST_SIZE: 2})
    async def calendar_feeds(self, info: Info) -> list[CalendarFeed]:
        """One statement."""
        return await feeds_of(info.context)

    @strawberry.field(description="What is new since the visit before, or since an instant: the marks of a dashboard.")
    async def unseen(self, info: Info, since: Since = None) -> Unseen:
        """Four statements."""
        return await unseen_of(info.context, since)

    @strawberry.field(description="How many hours before bookings close the person is mailed; 0 for never.")
    async def reminder_hours(self, info: Info) -> int:
        """One statement."""
        return await hours_wanted(info.context)


def _is_agent_of(viewer: ViewerValue, service: str) -> bool:
    return viewer.kind is AccountKindValue.AGENT and viewer.works_for(service)


def viewer_of(ctx: Context) -> Viewer | None:
    """The viewer of the request; None for an anonymous visitor."""
    viewer: ViewerValue = ctx.viewer
    if viewer.account_id is None or viewer.kind is None:
        return None
    return Viewer(
        id=global_id("Account", viewer.account_id),
        kind=AccountKind[viewer.kind.name],
        login=viewer.login,
        email=viewer.email,
        first_name=viewer.first_name,
        last_name=viewer.last_name,
        steps=[Step[step.name] for step in viewer.steps],
        services=[each.code for each in ctx.commune.identity.services if _is_agent_of(viewer, each.code)],
        rights=[AgentRight[right.name] for right in sorted(viewer.rights, key=lambda right: right.name)],
    )
