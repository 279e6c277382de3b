"""Who may call which root field: declared on the field, checked before its resolver, shown in its description."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.extensions.field_extension import AsyncExtensionResolver, SyncExtensionResolver
from strawberry.types.field import StrawberryField

from resolvers.context import AccountKind, AgentRight, Context, Step, Viewer
from schema.cost import PER_DAY
from schema.errors import ClientError

SINGLE = "single"
"""The metadata key of mutations that a document may hold once (see :func:`mutation`)."""


class Audience(Enum):
    """Who a field is for. The text of each value is what its description says."""

    PUBLIC = "everyone"
    SIGNED_IN = "any signed-in person, even one who must still change a password or accept the terms"
    FAMILY = "families"
    AGENT = "agents"


@dataclass(frozen=True, slots=True)
class Access:
    """The policy of one root field; ``right`` narrows :attr:`Audience.AGENT`."""

    audience: Audience
    right: AgentRight | None = None

    def __str__(self) -> str:
        """The sentence that ends the field's description."""
        right = f" with the right {self.right.name}" if self.right else ""
        return f"Access: {self.audience.value}{right}."

    def check(self, viewer: Viewer) -> None:
        """Raise :class:`ClientError` (``UNAUTHENTICATED`` or ``FORBIDDEN``) unless the viewer may pass."""
        if self.audience is Audience.PUBLIC:
            return
        if viewer.is_anonymous:
            raise ClientError("Connectez-vous pour continuer.", "UNAUTHENTICATED")
        if self.audience is Audience.SIGNED_IN:
            return
        if viewer.kind is not _KINDS[self.audience]:
            raise ClientError(_RESERVED[self.audience], "FORBIDDEN")
        if viewer.steps:
            todo = " ".join(_TODO[step] for step in viewer.steps)
            raise ClientError(todo, "FORBIDDEN", steps=[step.name for step in viewer.steps])
        if self.right is not None and self.right not in viewer.rights:
            raise ClientError(
                "Votre compte n'a pas le droit nécessaire : demandez-le à votre responsable.", "FORBIDDEN"
            )

    def allows(self, viewer: Viewer) -> bool:
        """True when :meth:`check` lets the viewer pass: for what is left out instead of refused."""
        try:
            self.check(viewer)
        except ClientError:
            return False
        return True


_KINDS = {Audience.FAMILY: AccountKind.FAMILY, Audience.AGENT: AccountKind.AGENT}
_RESERVED = {
    Audience.FAMILY: "Cette action est réservée aux familles.",
    Audience.AGENT: "Cette action est réservée aux agents du service.",
}
_TODO = {
    Step.CHANGE_PASSWORD: "Changez d'abord votre mot de passe.",
    Step.ACCEPT_TERMS: "Acceptez d'abord les conditions générales d'utilisation.",
}

PUBLIC = Access(Audience.PUBLIC)
SIGNED_IN = Access(Audience.SIGNED_IN)
FAMILY = Access(Audience.FAMILY)
AGENT = partial(Access, Audience.AGENT)
"""``AGENT(AgentRight.BILLING)``: agents who hold that right; ``AGENT()``: any agent."""


class _Policy(FieldExtension):
    """Checks the viewer, then lets the resolver run; synchronous when the resolver is."""

    def __init__(self, access: Access) -> None:
        self.access = access

    def resolve(
        self, next_: SyncExtensionResolver, source: Any, info: strawberry.Info[Context, None], **arguments: Any
    ) -> Any:
        self.access.check(info.context.viewer)
        return next_(source, info, **arguments)

    async def resolve_async(
        self, next_: AsyncExtensionResolver, source: Any, info: strawberry.Info[Context, None], **arguments: Any
    ) -> Any:
        self.access.check(info.context.viewer)
        return await next_(source, info, **arguments)


RootField = Callable[[Callable[..., Any]], StrawberryField]


def field(
    *, access: Access, description: str, name: str | None = None, deprecation_reason: str | None = None
) -> RootField:
    """Declare a root query field, with its access policy and its description."""
    return partial(
        strawberry.field,
        name=name,
        description=f"{description}\n\n{access}",
        deprecation_reason=deprecation_reason,
        extensions=[_Policy(access)],
    )


def mutation(
    *,
    access: Access,
    description: str,
    name: str | None = None,
    deprecation_reason: str | None = None,
    single: bool = False,
    cost_per_day: int = 0,
) -> RootField:
    """Declare a mutation, with its access policy and its description.

    ``cost_per_day``: what each day of the window in its input costs (``schema.cost.PER_DAY``).

    ``single``: at most one per document. For whatever tries a secret (signing in, using a link): with aliases, one
    request could otherwise try hundreds.
    """
    return partial(
        strawberry.mutation,
        name=name,
        description=f"{description}\n\n{access}",
        deprecation_reason=deprecation_reason,
        extensions=[_Policy(access)],
        metadata={SINGLE: single, PER_DAY: cost_per_day},
    )


def access_of(declared: StrawberryField) -> Access | None:
    """The policy a field was declared with; None when it has none."""
    return next((extension.access for extension in declared.extensions if isinstance(extension, _Policy)), None)


def require_access(root: str, declared: list[StrawberryField]) -> None:
    """Raise ``TypeError`` naming the root fields without policy: a schema that forgets one is not built."""
    missing = [f"{root}.{each.python_name}" for each in declared if access_of(each) is None]
    if missing:
        raise TypeError(f"no access policy on {', '.join(missing)}: declare it with schema.access.field or mutation")
