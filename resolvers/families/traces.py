"""What the service does by itself in a family's file: it says why, and the family reads it among its requests."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from plugins.rules.features import Feature
from plugins.rules.request_details import write_details
from plugins.rules.requests import RequestKind, RequestState
from resolvers.context import Context
from resolvers.errors import Code, Refused
from resolvers.models import Household, Membership
from resolvers.requests.requests import open_request, service_for

LONGEST_REASON = 500


def checked_reason(reason: str) -> str:
    """The reason that the family will read. Refused: BLANK, INVALID when it is too long."""
    why = reason.strip()
    if not why:
        raise Refused(Code.BLANK, "Dites pourquoi : la famille lira ce motif.", field=("reason",))
    if len(why) > LONGEST_REASON:
        raise Refused(Code.INVALID, f"Le motif tient en {LONGEST_REASON} caractères.", field=("reason",))
    return why


async def homes_of(person_id: UUID) -> list[Household]:
    """The households of a person that the agent follows."""
    links = await Membership.filter(person_id=person_id).values_list("household_id", flat=True)
    return await Household.filter(id__in=list(links)).order_by("id")


async def trace(
    ctx: Context,
    home: Household,
    subject_id: UUID,
    title: str,
    told: Mapping[str, object],
    *,
    kind: RequestKind = RequestKind.PARTICULARS,
    child_id: UUID | None = None,
    documents: Sequence[UUID] = (),
    mail: bool = True,
) -> UUID:
    """Keep what was done as an accepted request of the household, told by mail unless the caller does; returns it."""
    request = await open_request(
        ctx,
        kind,
        home.id,
        service=service_for(ctx, home.services, Feature.EDIT_HOUSEHOLD),
        title=title,
        child_id=child_id,
        subject_id=subject_id,
        details=write_details(told),
        documents=documents,
        state=RequestState.ACCEPTED,
        mail=mail,
    )
    return request.id
