"""How a mutation answers: what it did, or why it refused."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import strawberry

from resolvers.context import Context
from resolvers.errors import Refusals, Refused
from schema.errors import UserError, user_errors

Info = strawberry.Info[Context, None]
P = TypeVar("P", bound="Payload")


@strawberry.interface(description="What every mutation answers.")
class Payload:
    """The base of every payload: the result is null when ``userErrors`` is not empty."""

    user_errors: list[UserError] = strawberry.field(
        description="Why the request was refused; empty when it was done.", default_factory=list
    )


async def answer(payload: Callable[..., P], done: Awaitable[P]) -> P:
    """Await a mutation's work; an expected refusal becomes the payload's ``userErrors``."""
    try:
        return await done
    except (Refused, Refusals) as refusal:
        return payload(user_errors=user_errors(refusal))
