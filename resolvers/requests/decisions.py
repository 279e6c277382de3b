"""What becomes of a request: one decision for the service, one way back for the family, whatever was asked.

A decision about a yearly file, a particular or a contact also changes that file, person or contact; the use case that
does it moves the request in the same transaction, and locks its own row before the request's.
"""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from uuid import UUID

from plugins.rules.requests import RequestKind, RequestState
from resolvers.agenda.enrolments import decide_enrolment, withdraw_enrolment
from resolvers.billing.online_invoices import decide_online_invoices
from resolvers.context import Context
from resolvers.days.absence_decisions import decide_absence_request
from resolvers.days.absence_reports import withdraw_absence
from resolvers.errors import not_found
from resolvers.families.entourage import decide_child, decide_entourage
from resolvers.families.field_changes import decide_changes, withdraw_changes
from resolvers.families.household_declarations import decide_declaration
from resolvers.families.quotients import decide_quotient, withdraw_quotient
from resolvers.files.dossier_review import decide_dossier
from resolvers.files.dossiers import withdraw_dossier
from resolvers.models import Dossier, Request
from resolvers.models.tenancy import unit_of_work
from resolvers.paying.mandate_requests import decide_debit_request, withdraw_debit_request
from resolvers.requests.request_lists import visible_requests
from resolvers.requests.requests import move_request

Decide = Callable[[Context, Request, bool, str], Awaitable[None]]
Withdraw = Callable[[Context, Request, str], Awaitable[None]]


async def _decide_dossier(ctx: Context, request: Request, accept: bool, text: str) -> None:
    dossier = await _sent_by(request)
    if dossier is None:
        await move_request(ctx, request.id, RequestState.ACCEPTED if accept else RequestState.REFUSED, text)
    else:
        await decide_dossier(ctx, dossier.id, accept=accept, reason=text)


async def _withdraw_dossier(ctx: Context, request: Request, text: str) -> None:
    dossier = await _sent_by(request)
    if dossier is None:
        await move_request(ctx, request.id, RequestState.CANCELLED, text)
    else:
        await withdraw_dossier(ctx, dossier.id, text)


async def _sent_by(request: Request) -> Dossier | None:
    """The yearly file that a request sent, locked; None once another request sent it again: this one is closed."""
    return await Dossier.filter(request_id=request.id).select_for_update().first()


async def _decide_quotient(ctx: Context, request: Request, accept: bool, text: str) -> None:
    await decide_quotient(ctx, _subject(request), accept=accept, reason=text)


async def _withdraw_quotient(ctx: Context, request: Request, text: str) -> None:
    await withdraw_quotient(ctx, _subject(request), text)


async def _decide_declaration(ctx: Context, request: Request, accept: bool, text: str) -> None:
    await decide_declaration(ctx, request, accept=accept, text=text)


def _subject(request: Request) -> UUID:
    if request.subject_id is None:
        raise not_found("Demande", "id")
    return request.subject_id


DECISIONS: Mapping[RequestKind, Decide] = MappingProxyType(
    {
        RequestKind.ABSENCE: decide_absence_request,
        RequestKind.CHILD: decide_child,
        RequestKind.DIRECT_DEBIT: decide_debit_request,
        RequestKind.DOSSIER: _decide_dossier,
        RequestKind.E_INVOICE: decide_online_invoices,
        RequestKind.ENROLMENT: decide_enrolment,
        RequestKind.ENTOURAGE: decide_entourage,
        RequestKind.HOUSEHOLD: _decide_declaration,
        RequestKind.PARTICULARS: decide_changes,
        RequestKind.QUOTIENT: _decide_quotient,
    }
)
"""The kinds of requests whose decision changes something else."""

WITHDRAWALS: Mapping[RequestKind, Withdraw] = MappingProxyType(
    {
        RequestKind.ABSENCE: withdraw_absence,
        RequestKind.DIRECT_DEBIT: withdraw_debit_request,
        RequestKind.DOSSIER: _withdraw_dossier,
        RequestKind.ENROLMENT: withdraw_enrolment,
        RequestKind.PARTICULARS: withdraw_changes,
        RequestKind.QUOTIENT: _withdraw_quotient,
    }
)
"""The kinds of requests whose cancellation gives something back."""


@unit_of_work
async def decide_request(ctx: Context, request_id: UUID, *, accept: bool, text: str = "") -> Request:
    """An agent accepts or refuses a request, whatever it is about; the family is mailed.

    Refused: NOT_FOUND, STATE_CONFLICT when it waits for no decision, BLANK for a refusal without reason, and as the
    use case of its kind.
    """
    request = await _visible(ctx, request_id)
    if request.kind in DECISIONS:
        await DECISIONS[request.kind](ctx, request, accept, text)
    else:
        await move_request(ctx, request_id, RequestState.ACCEPTED if accept else RequestState.REFUSED, text)
    return await _visible(ctx, request_id)


@unit_of_work
async def cancel_request(ctx: Context, request_id: UUID, text: str = "") -> Request:
    """A family gives up a request that nobody decided yet. Refused: NOT_FOUND, STATE_CONFLICT."""
    request = await _visible(ctx, request_id)
    if request.kind in WITHDRAWALS:
        await WITHDRAWALS[request.kind](ctx, request, text)
    else:
        await move_request(ctx, request_id, RequestState.CANCELLED, text)
    return await _visible(ctx, request_id)


async def _visible(ctx: Context, request_id: UUID) -> Request:
    request = await visible_requests(ctx).filter(id=request_id).first()
    if request is None:
        raise not_found("Demande", "id")
    return request
