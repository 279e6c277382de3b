"""Requests « démarches »: opened by a family, answered on both sides, moved by rule, every step kept and mailed."""

from collections.abc import Sequence
from uuid import UUID

from plugins.rules.features import Feature
from plugins.rules.requests import (
    REASONED,
    Party,
    RequestKind,
    RequestState,
    may_move,
    request_number,
)
from plugins.rules.wording import Message
from resolvers.context import AccountKind, Context
from resolvers.errors import Code, Refused, not_found
from resolvers.families.correspondents import correspondents
from resolvers.features import feature_of, require_feature
from resolvers.idempotency import recall, remember
from resolvers.models import Account, Document, Household, Membership, Person, Request, RequestEvent
from resolvers.models.households import Role
from resolvers.models.requests import RequestEventKind
from resolvers.models.tenancy import unit_of_work
from resolvers.numbers import take_numbers
from resolvers.outbox import Addressee, enqueue_mail
from resolvers.requests.request_lists import visible_requests
from resolvers.requests.writers import writes_about, writes_in

LONGEST_TITLE, LONGEST_TEXT = 200, 4000
MOST_DOCUMENTS = 10
ASK, ANSWER = "requestCreate", "requestAnswer"


@unit_of_work
async def open_request(
    ctx: Context,
    kind: RequestKind,
    household_id: UUID,
    *,
    service: str,
    title: str,
    child_id: UUID | None = None,
    subject_id: UUID | None = None,
    details: str = "",
    documents: Sequence[UUID] = (),
    state: RequestState = RequestState.SENT,
    demand: str = "",
    note: str = "",
    mail: bool = True,
) -> Request:
    """Open a request in the viewer's name, under the next number of the year; the household's adults are mailed.

    ``title`` is the portal's own words: it stands in clear, in mails too. ``details`` is what the family wrote or what
    a decision will apply (a text, or a JSON object): it is sealed. ``state`` is DRAFT, SENT, or ACCEPTED for what is
    done at once and leaves its trace; with ``demand``, what the commune's rules ask for first, the request waits for
    the family, and its history says so in the service's name; so it does of ``note``, what else the portal has to say.
    ``mail=False``: the caller writes a mail of its own.
    Refused: NOT_FOUND for a document of another household.
    """
    year = ctx.local_now.year
    request = await Request.create(
        number=request_number(year, await take_numbers(f"requests-{year}", 1)),
        kind=kind,
        state=RequestState.AWAITING_FAMILY if demand else state,
        household_id=household_id,
        child_id=child_id,
        subject_id=subject_id,
        service=service,
        title=title[:LONGEST_TITLE],
        details=_sealed(ctx, details),
        created_by=ctx.viewer.account_id,
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    said = demand or note
    event = await _record(ctx, request, RequestEventKind.STATE, said, documents, by_portal=bool(said))
    if mail:
        await _tell(ctx, request, event)
    return request


@unit_of_work
async def move_request(
    ctx: Context,
    request_id: UUID,
    to: RequestState,
    text: str = "",
    documents: Sequence[UUID] = (),
    *,
    mail: bool = True,
) -> Request:
    """Bring a request to another state, with a word to the other side.

    Refused: NOT_FOUND (also for who only sees), STATE_CONFLICT when the viewer's side may not, BLANK when the service
    gives no reason where the family needs one, INVALID for a text that is too long.
    """
    request = await _locked(ctx, request_id)
    by = party_of(ctx)
    if not may_move(request.state, to, by):
        raise Refused(
            Code.STATE_CONFLICT,
            f"La demande n° {request.number} est dans l'état « {request.state.say()} » : elle ne peut pas passer à "
            f"« {to.say()} ». Rechargez-la pour voir où elle en est.",
            field=("id",),
        )
    if by is Party.SERVICE and to in REASONED and not text.strip():
        raise Refused(Code.BLANK, "Dites à la famille pourquoi : elle lira votre message.", field=("text",))
    return await _advance(ctx, request, to, text, documents, mail=mail)


@unit_of_work
async def answer_request(
    ctx: Context,
    request_id: UUID,
    text: str,
    documents: Sequence[UUID] = (),
    *,
    awaits_family: bool = False,
    key: str | None = None,
) -> Request:
    """Write to the other side about a request that is not closed.

    What a family answers to the service puts the request back in review; with ``awaits_family`` the service waits for
    that answer. Refused: NOT_FOUND (also for who only sees), BLANK, INVALID (too long), STATE_CONFLICT once it is
    closed, and as ``idempotency.recall``.
    """
    asked = {
        "id": str(request_id),
        "text": text,
        "documents": [str(each) for each in documents],
        "awaits_family": awaits_family,
    }
    if await recall(ctx, ANSWER, key, asked) is not None:
        return await visible_requests(ctx).get(id=request_id)
    request = await _locked(ctx, request_id)
    if request.state.is_final:
        raise Refused(
            Code.STATE_CONFLICT,
            f"La demande n° {request.number} est close ({request.state.say().lower()}) : ouvrez-en une nouvelle.",
            field=("id",),
        )
    if not text.strip() and not documents:
        raise Refused(Code.BLANK, "Écrivez un message ou joignez un document.", field=("text",))
    await _advance(ctx, request, _state_after(ctx, request, awaits_family=awaits_family), text, documents)
    await remember(ctx, ANSWER, key, asked, {"request": str(request.id)})
    return request


def _state_after(ctx: Context, request: Request, *, awaits_family: bool) -> RequestState:
    """Where a message leaves a request."""
    by, waiting = party_of(ctx), RequestState.AWAITING_FAMILY
    if by is Party.SERVICE:
        return waiting if awaits_family and may_move(request.state, waiting, by) else request.state
    return RequestState.IN_REVIEW if request.state is waiting else request.state


@unit_of_work
async def ask_service(
    ctx: Context,
    household_id: UUID,
    service: str,
    text: str,
    *,
    child_id: UUID | None = None,
    documents: Sequence[UUID] = (),
    key: str | None = None,
) -> Request:
    """A family asks a service that follows it anything that has no form of its own.

    Refused: NOT_FOUND (household, service, child, document), FEATURE_CLOSED (with the mailbox to write to), BLANK,
    INVALID, and as ``idempotency.recall``.
    """
    asked = {
        "household": str(household_id),
        "service": service,
        "child": str(child_id),
        "text": text,
        "documents": [str(each) for each in documents],
    }
    answered = await recall(ctx, ASK, key, asked)
    if answered is not None:
        return await visible_requests(ctx).get(id=UUID(answered["request"]))
    household = await Household.filter(id=household_id).first()
    if household is None or not writes_about(ctx, RequestKind.OTHER, household_id):
        raise not_found("Foyer", "householdId")
    if service not in household.services:
        raise not_found("Service", "service")
    await require_feature(ctx, Feature.ASK, [service], household_id)
    if not text.strip():
        raise Refused(Code.BLANK, "Écrivez votre question.", field=("text",))
    first_name = await _child_of(household_id, child_id)
    request = await open_request(
        ctx,
        RequestKind.OTHER,
        household_id,
        service=service,
        title=f"Question au {ctx.commune.identity.service(service).label}" + (f" ({first_name})" if first_name else ""),
        child_id=child_id,
        details=_checked(text),
        documents=documents,
    )
    await remember(ctx, ASK, key, asked, {"request": str(request.id)})
    return request


async def _child_of(household_id: UUID, child_id: UUID | None) -> str:
    """The first name of a child of the household; empty when no child was named."""
    if child_id is None:
        return ""
    if not await Membership.filter(household_id=household_id, person_id=child_id, role=Role.CHILD).exists():
        raise not_found("Enfant", "childId")
    return (await Person.get(id=child_id)).first_name


def party_of(ctx: Context) -> Party:
    """On which side of a request the viewer stands."""
    return Party.SERVICE if ctx.viewer.kind is AccountKind.AGENT else Party.FAMILY


def service_for(ctx: Context, services: Sequence[str], feature: Feature) -> str:
    """The service that receives a request of a household: the first that follows it and does this online."""
    open_ones = [service for service in services if feature_of(ctx, service, feature).allowed]
    return (*open_ones, *services, ctx.commune.identity.services[0].code)[0]


def _sealed(ctx: Context, text: str) -> str:
    return ctx.ports.sealer.seal(text) if text else ""


def _checked(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise Refused(Code.INVALID, f"Un message fait au plus {LONGEST_TEXT} caractères.", field=("text",))
    return text.strip()


async def _locked(ctx: Context, request_id: UUID) -> Request:
    request = await visible_requests(ctx).filter(id=request_id).select_for_update().first()
    if request is None or not writes_in(ctx, request):
        raise not_found("Demande", "id")
    return request


async def _advance(
    ctx: Context, request: Request, to: RequestState, text: str, documents: Sequence[UUID], *, mail: bool = True
) -> Request:
    """Write what happened, move the request, and tell the family what the service did."""
    kind = RequestEventKind.STATE if to is not request.state else RequestEventKind.MESSAGE
    request.state = to
    request.updated_at = ctx.now
    await request.save(update_fields=["state", "updated_at"])
    event = await _record(ctx, request, kind, text, documents)
    if mail and (event.by_agent or (kind is RequestEventKind.STATE and to in _TOLD_TO_ITS_MAKER)):
        await _tell(ctx, request, event)
    return request


async def _record(
    ctx: Context,
    request: Request,
    kind: RequestEventKind,
    text: str,
    documents: Sequence[UUID],
    *,
    by_portal: bool = False,
) -> RequestEvent:
    known = Document.filter(id__in=list(documents), household_id=request.household_id, withdrawn_at__isnull=True)
    if len(documents) > MOST_DOCUMENTS:
        raise Refused(Code.INVALID, f"Joignez au plus {MOST_DOCUMENTS} documents.", field=("documentIds",))
    if documents and await known.count() != len(set(documents)):
        raise not_found("Document", "documentIds")
    return await RequestEvent.create(
        request_id=request.id,
        household_id=request.household_id,
        kind=kind,
        state=request.state,
        by_agent=by_portal or party_of(ctx) is Party.SERVICE,
        account_id=None if by_portal else ctx.viewer.account_id,
        text=_sealed(ctx, _checked(text)),
        documents=[str(each) for each in documents],
        at=ctx.now,
    )


_MESSAGES = {RequestState.SENT: Message.REQUEST_RECEIVED} | dict.fromkeys(
    (RequestState.ACCEPTED, RequestState.REFUSED, RequestState.CANCELLED), Message.REQUEST_DECIDED
)
_TOLD_TO_ITS_MAKER = frozenset({RequestState.SENT, RequestState.CANCELLED})


async def _tell(ctx: Context, request: Request, event: RequestEvent) -> None:
    """Mail the number, the title and the state: what was written is read on the portal, once signed in."""
    if request.state is RequestState.DRAFT:
        return
    message = _MESSAGES.get(request.state, Message.REQUEST_UPDATED)
    if event.kind is RequestEventKind.MESSAGE:
        message = Message.REQUEST_UPDATED
    for account, person in await _readers(request):
        await enqueue_mail(
            ctx.commune,
            ctx.ports,
            ctx.now,
            message,
            Addressee(account.email, person.first_name),
            key=f"request:{event.id}:{account.id}",
            service=request.service,
            request=request.number,
            title=request.title,
            state=request.state.say(),
        )


async def _readers(request: Request) -> list[tuple[Account, Person]]:
    """The household's adults; who made it alone, for the entourage and for a household that nobody belongs to yet."""
    people = [] if request.kind is RequestKind.ENTOURAGE else await correspondents(request.household_id)
    if people:
        return people
    makers = await Account.filter(id=request.created_by, kind=AccountKind.FAMILY)
    persons = {person.id: person for person in await Person.filter(id__in=[maker.person_id for maker in makers])}
    return [(maker, persons[maker.person_id]) for maker in makers if maker.person_id in persons]
