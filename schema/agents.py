"""Agents of the service, as their colleagues read, invite and change them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry

from resolvers.access import agents
from resolvers.context import AgentRight as Right
from resolvers.context import Context
from schema.cost import LIST_SIZE
from schema.enums import AgentRight
from schema.payloads import Payload
from schema.relay import Node, global_id, require_uuid


@strawberry.type(description="An agent of the service.")
class Agent(Node):
    """See ``resolvers.access.agents.Colleague``."""

    first_name: str = strawberry.field(description="Its first name.")
    last_name: str = strawberry.field(description="Its last name.")
    login: str = strawberry.field(description="What it signs in with; its e-mail address does too.")
    email: str = strawberry.field(description="Its e-mail address.")
    rights: list[AgentRight] = strawberry.field(
        description="What it may do; nothing when empty.", metadata={LIST_SIZE: len(Right)}
    )
    all_services: bool = strawberry.field(description="True when it works for all the services there are and will be.")
    services: list[str] = strawberry.field(
        description="The codes of the services it works for; empty for all of them.", metadata={LIST_SIZE: 5}
    )
    activated_at: datetime | None = strawberry.field(description="When its account came in use; null before.")

    @classmethod
    def of(cls, agent: agents.Colleague) -> "Agent":
        """The agent as clients see it."""
        return cls(
            id=global_id("Agent", agent.id),
            first_name=agent.first_name,
            last_name=agent.last_name,
            login=agent.login,
            email=agent.email,
            rights=[AgentRight[right.name] for right in sorted(agent.rights, key=lambda right: right.name)],
            all_services=agent.services is None,
            services=list(agent.services or ()),
            activated_at=agent.activated_at,
        )


async def agents_of(ctx: Context, keys: Sequence[UUID] | None = None) -> list[Agent]:
    """The viewer's colleagues: all of them, or those asked for."""
    return [Agent.of(agent) for agent in await agents.colleagues_of(ctx, keys)]


@strawberry.input(description="Input of `agentInvite`.")
class AgentInviteInput:
    """Somebody new, or an agent who has not activated its account yet."""

    first_name: str = strawberry.field(description="Its first name.")
    last_name: str = strawberry.field(description="Its last name.")
    email: str = strawberry.field(description="Where its activation is mailed.")
    rights: list[AgentRight] = strawberry.field(description="What it may do: nothing that the viewer may not.")
    services: list[str] | None = strawberry.field(
        description="The codes of the services it works for; all of them when null.", default=None
    )


@strawberry.input(description="Input of `agentChange`.")
class AgentChangeInput:
    """What a colleague may do from now on."""

    id: strawberry.ID = strawberry.field(description="The agent; not oneself.")
    rights: list[AgentRight] = strawberry.field(description="All of its rights; none takes it out of the portal.")
    services: list[str] | None = strawberry.field(
        description="The codes of the services it works for; all of them when null.", default=None
    )


@strawberry.type(description="Answer of `agentInvite`.")
class AgentInvitePayload(Payload):
    """The activation mail will leave."""

    agent: Agent | None = strawberry.field(description="The agent; null when refused.", default=None)


@strawberry.type(description="Answer of `agentChange`.")
class AgentChangePayload(Payload):
    """The colleague signs in again."""

    agent: Agent | None = strawberry.field(description="The agent; null when refused.", default=None)


async def invite(ctx: Context, input: AgentInviteInput) -> AgentInvitePayload:
    """Open an agent's account, or mail its activation again."""
    who = (input.first_name, input.last_name, input.email)
    invited = await agents.invite_colleague(ctx, *who, _rights(input.rights), _services(input.services))
    return AgentInvitePayload(agent=Agent.of(invited))


async def change(ctx: Context, input: AgentChangeInput) -> AgentChangePayload:
    """Change what a colleague may do."""
    key = require_uuid(input.id, "Agent", what="Agent", field="id")
    changed = await agents.change_rights(ctx, key, _rights(input.rights), _services(input.services))
    return AgentChangePayload(agent=Agent.of(changed))


def _rights(asked: Sequence[AgentRight]) -> frozenset[Right]:
    return frozenset(Right[right.name] for right in asked)


def _services(asked: Sequence[str] | None) -> frozenset[str] | None:
    return None if asked is None else frozenset(asked)
