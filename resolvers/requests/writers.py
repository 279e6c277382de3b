"""Who writes to the service for a household: seeing it is not enough."""

from uuid import UUID

from plugins.rules.requests import RequestKind
from resolvers.context import AccountKind, Context
from resolvers.models import Request

OF_WHO_PAYS = frozenset({RequestKind.QUOTIENT, RequestKind.E_INVOICE, RequestKind.DIRECT_DEBIT})
OF_BOTH = frozenset({RequestKind.OTHER, RequestKind.DOCUMENT})


def writes_about(ctx: Context, kind: RequestKind, household_id: UUID) -> bool:
    """True for who asks such a thing for a household: about money who pays, a question both, the rest who books.

    Agents always do: which of them is said by the schema.
    """
    if ctx.viewer.kind is not AccountKind.FAMILY:
        return True
    rights = ctx.viewer.households.get(household_id)
    if rights is None:
        return False
    if kind in OF_BOTH:
        return rights.books or rights.pays
    return rights.pays if kind in OF_WHO_PAYS else rights.books


def writes_in(ctx: Context, request: Request) -> bool:
    """True for who answers or cancels a request: as above, and who declared a household, or asks about themselves."""
    declared = request.kind is RequestKind.HOUSEHOLD and request.created_by == ctx.viewer.account_id
    own = request.kind is RequestKind.PARTICULARS and request.subject_id == ctx.viewer.person_id
    return declared or own or writes_about(ctx, request.kind, request.household_id)
