"""Requests as families and agents list them: « dernières demandes », the queue, the history of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from plugins.rules.requests import RequestKind, RequestState
from resolvers.context import AccountKind, Context
from resolvers.models import Request, RequestEvent


def visible_requests(ctx: Context) -> QuerySet[Request]:
    """The requests the viewer may read: agents all of them, families those of their households.

    A request about the entourage is read by who made it and by the service alone: the other parent may be the very
    person it keeps away.
    """
    rows = Request.all()
    if ctx.viewer.kind is AccountKind.AGENT:
        return rows
    return rows.filter(~Q(kind=RequestKind.ENTOURAGE) | Q(created_by=ctx.viewer.account_id))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests of a list are wanted; None and an empty tuple leave all of them."""

    states: tuple[RequestState, ...] = ()
    kind: RequestKind | None = None
    service: str | None = None
    household_id: UUID | None = None
    child_id: UUID | None = None
    number: str | None = None

    def among(self, rows: QuerySet[Request]) -> QuerySet[Request]:
        """The rows that are wanted."""
        asked: dict[str, Any] = {
            "kind": self.kind,
            "service": self.service,
            "household_id": self.household_id,
            "child_id": self.child_id,
            "number": self.number,
            "state__in": list(self.states) or None,
        }
        return rows.filter(**{column: value for column, value in asked.items() if value is not None})


async def requests_page(
    ctx: Context, wanted: Wanted, after: tuple[datetime, UUID] | None, limit: int, *, oldest_first: bool = False
) -> tuple[list[Request], int]:
    """A page of the requests the viewer may read, newest first unless said otherwise, and how many there are in all."""
    rows = wanted.among(visible_requests(ctx))
    total = await rows.count()
    sign = "" if oldest_first else "-"
    if after is not None:
        at, key = after
        beyond = Q(created_at__gt=at) | Q(created_at=at, id__gt=key)
        rows = rows.filter(beyond if oldest_first else ~beyond, id__not=key)
    return await rows.order_by(f"{sign}created_at", f"{sign}id").limit(limit), total


async def events_of(_ctx: Context, request_ids: Sequence[UUID]) -> list[list[RequestEvent]]:
    """The history of each request, oldest first: one statement for all of them."""
    rows = await RequestEvent.filter(request_id__in=list(request_ids)).order_by("at", "id")
    return [[row for row in rows if row.request_id == request] for request in request_ids]


def unsealed(ctx: Context, sealed: str) -> str:
    """A text of a request, in clear."""
    return ctx.ports.sealer.unseal(sealed) if sealed else ""
