"""Requests « démarches » as families and agents see them: « dernières demandes », the queue, and what is done there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from plugins.rules.request_details import read_details
from plugins.rules.requests import RequestKind as RequestKindRule
from plugins.rules.requests import RequestState as RequestStateRule
from resolvers.context import Context
from resolvers.errors import not_found
from resolvers.models import Request as RequestRow
from resolvers.models import RequestEvent as RequestEventRow
from resolvers.requests import decisions, request_lists, requests
from resolvers.requests.request_lists import Wanted, unsealed
from schema.cost import LIST_SIZE
from schema.enums import RequestEventKind, RequestKind, RequestState
from schema.loading import load
from schema.particulars import FieldChange, changes_of
from schema.payloads import Info, Payload
from schema.relay import (
    Connection,
    Node,
    Page,
    connect,
    decode_cursor,
    encode_cursor,
    global_id,
    parse_uuid,
    require_uuid,
)

KindWanted = Annotated[RequestKind | None, strawberry.argument(description="Only what asks this.")]
StateWanted = Annotated[RequestState | None, strawberry.argument(description="Only what stands there.")]
ServiceWanted = Annotated[str | None, strawberry.argument(description="Only what this service receives, by its code.")]
OneHousehold = Annotated[strawberry.ID | None, strawberry.argument(description="Only of this household.")]
ChildWanted = Annotated[strawberry.ID | None, strawberry.argument(description="Only about this child.")]
NumberWanted = Annotated[
    str | None, strawberry.argument(description="Only the one that people quote so: `D-2026-000123`.")
]
KEY = "The same key with the same input gets the same answer, once done."


@strawberry.type(description="One thing a request says.")
class RequestDetail:
    """See ``plugins.rules.request_details.Detail``."""

    name: str = strawberry.field(description="A stable name, such as `first_name` or `text`.")
    label: str = strawberry.field(description="Its name in French.")
    value: str = strawberry.field(description="What was written.")


@strawberry.type(description="One line of a request's history.")
class RequestEvent:
    """See ``resolvers.models.requests.RequestEvent``."""

    kind: RequestEventKind = strawberry.field(description="Whether the request moved.")
    state: RequestState = strawberry.field(description="Where it stood afterwards.")
    state_label: str = strawberry.field(description="The same, in the words families read.")
    by_agent: bool = strawberry.field(description="True when the service did it.")
    text: str = strawberry.field(description="What was written to the other side; empty when nothing was.")
    document_ids: list[strawberry.ID] = strawberry.field(description="The documents that came with it.")
    at: datetime = strawberry.field(description="When.")

    @classmethod
    def of(cls, ctx: Context, row: RequestEventRow) -> "RequestEvent":
        """The line as clients see it."""
        return cls(
            kind=RequestEventKind[row.kind.name],
            state=RequestState[row.state.name],
            state_label=row.state.say(),
            by_agent=row.by_agent,
            text=unsealed(ctx, row.text),
            document_ids=[global_id("Document", document) for document in row.documents],
            at=row.at,
        )


async def _history(ctx: Context, ids: Sequence[UUID]) -> list[list[RequestEvent]]:
    return [[RequestEvent.of(ctx, row) for row in rows] for rows in await request_lists.events_of(ctx, ids)]


@strawberry.type(description="Something a family asks of a service « démarche », with its state and its history.")
class Request(Node):
    """See ``resolvers.models.requests.Request``."""

    key: strawberry.Private[UUID]
    number: str = strawberry.field(description="What people quote, such as `D-2026-000123`.")
    kind: RequestKind = strawberry.field(description="What is asked.")
    kind_label: str = strawberry.field(description="The same, in French.")
    state: RequestState = strawberry.field(description="Where it stands.")
    state_label: str = strawberry.field(description="The same, in the words families read.")
    title: str = strawberry.field(description="What it is about, in French.")
    service: str = strawberry.field(description="The code of the service that receives it.")
    household_id: strawberry.ID = strawberry.field(description="The household that asks.")
    child_id: strawberry.ID | None = strawberry.field(description="The child it is about, if any.")
    details: list[RequestDetail] = strawberry.field(description="What was written when it was opened.")
    created_at: datetime = strawberry.field(description="When it was opened.")
    updated_at: datetime = strawberry.field(description="When something happened to it last.")

    @strawberry.field(description="Everything that happened to it, oldest first.", metadata={LIST_SIZE: 4})
    async def history(self, info: Info) -> list[RequestEvent]:
        """Loaded for all the requests of the answer at once."""
        return await load(info.context, _history, self.key)

    @strawberry.field(description="The particulars it asks to change.", metadata={LIST_SIZE: 2})
    async def changes(self, info: Info) -> list[FieldChange]:
        """Loaded for all the requests of the answer at once."""
        return await load(info.context, changes_of, self.key)

    @classmethod
    def of(cls, ctx: Context, row: RequestRow) -> "Request":
        """The request as clients see it."""
        return cls(
            id=global_id("Request", row.id),
            key=row.id,
            number=row.number,
            kind=RequestKind[row.kind.name],
            kind_label=row.kind.say(),
            state=RequestState[row.state.name],
            state_label=row.state.say(),
            title=row.title,
            service=row.service,
            household_id=global_id("Household", row.household_id),
            child_id=global_id("Child", row.child_id) if row.child_id else None,
            details=[
                RequestDetail(name=line.name, label=line.label, value=line.value)
                for line in read_details(unsealed(ctx, row.details))
            ],
            created_at=row.created_at,
            updated_at=row.updated_at,
        )


def wanted(
    *,
    kind: RequestKind | None = None,
    state: RequestState | None = None,
    service: str | None = None,
    household: str | None = None,
    child: str | None = None,
    number: str | None = None,
) -> Wanted:
    """The filters of a list, as the resolvers read them. Refused: NOT_FOUND for what identifies nothing."""
    return Wanted(
        states=(RequestStateRule[state.name],) if state else (),
        kind=RequestKindRule[kind.name] if kind else None,
        service=service,
        household_id=require_uuid(household, "Household", what="Foyer", field="householdId") if household else None,
        child_id=require_uuid(child, "Child", what="Enfant", field="childId") if child else None,
        number=number.strip().upper() if number is not None else None,
    )


async def requests_page(ctx: Context, asked: Wanted, page: Page, *, oldest_first: bool = False) -> Connection[Request]:
    """A page of the requests the viewer may read: two statements."""
    after = decode_cursor(page.after, datetime, UUID) if page.after is not None else None
    rows, total = await request_lists.requests_page(ctx, asked, after, page.size + 1, oldest_first=oldest_first)
    cursors = [encode_cursor(row.created_at, row.id) for row in rows]
    return connect(page, [Request.of(ctx, row) for row in rows], cursors, total)


async def requests_of(ctx: Context, keys: Sequence[UUID]) -> list[Request]:
    """The requests the viewer may read among these."""
    return [Request.of(ctx, row) for row in await request_lists.visible_requests(ctx).filter(id__in=list(keys))]


@strawberry.input(description="Input of `requestCreate`.")
class RequestCreateInput:
    """A question to a service."""

    household_id: strawberry.ID = strawberry.field(description="The household that asks.")
    service: str = strawberry.field(description="The code of a service that follows it.")
    text: str = strawberry.field(description="The question, at most 4,000 characters.")
    child_id: strawberry.ID | None = strawberry.field(description="The child it is about.", default=None)
    document_ids: list[strawberry.ID] = strawberry.field(
        description="Documents of the household, at most 10.", default_factory=list
    )
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.type(description="Answer of `requestCreate`.")
class RequestCreatePayload(Payload):
    """The question is sent."""

    request: Request | None = strawberry.field(description="The request; null when refused.", default=None)


@strawberry.input(description="Input of `requestAnswer`.")
class RequestAnswerInput:
    """A message in a request that is not closed."""

    id: strawberry.ID = strawberry.field(description="The request.")
    text: str = strawberry.field(description="The message, at most 4,000 characters.")
    document_ids: list[strawberry.ID] = strawberry.field(
        description="Documents of the household, at most 10.", default_factory=list
    )
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.type(description="Answer of `requestAnswer`.")
class RequestAnswerPayload(Payload):
    """The message is kept."""

    request: Request | None = strawberry.field(description="The request; null when refused.", default=None)


@strawberry.input(description="Input of `requestReply`.")
class RequestReplyInput(RequestAnswerInput):
    """What the service writes to the family."""

    awaits_family: bool = strawberry.field(
        description="True when the request waits for the family's answer from now on.", default=False
    )


@strawberry.type(description="Answer of `requestReply`.")
class RequestReplyPayload(Payload):
    """The message is kept, and the family is mailed that there is one."""

    request: Request | None = strawberry.field(description="The request; null when refused.", default=None)


@strawberry.input(description="Input of `requestCancel`.")
class RequestCancelInput:
    """A request that the family gives up."""

    id: strawberry.ID = strawberry.field(description="The request.")
    text: str = strawberry.field(description="A word to the service.", default="")


@strawberry.type(description="Answer of `requestCancel`.")
class RequestCancelPayload(Payload):
    """The request is cancelled."""

    request: Request | None = strawberry.field(description="The request; null when refused.", default=None)


@strawberry.input(description="Input of `requestReview`.")
class RequestReviewInput:
    """A request that an agent takes into review."""

    id: strawberry.ID = strawberry.field(description="The request.")


@strawberry.type(description="Answer of `requestReview`.")
class RequestReviewPayload(Payload):
    """The request is in review."""

    request: Request | None = strawberry.field(description="The request; null when refused.", default=None)


@strawberry.input(description="Input of `requestDecide`.")
class RequestDecideInput:
    """An agent's decision."""

    id: strawberry.ID = strawberry.field(description="The request.")
    accept: bool = strawberry.field(description="True to accept what is asked, and apply it; false to refuse it.")
    text: str = strawberry.field(description="A word to the family; why, when it is refused.", default="")


@strawberry.type(description="Answer of `requestDecide`.")
class RequestDecidePayload(Payload):
    """The request is decided, and what it asked is applied when it is accepted."""

    request: Request | None = strawberry.field(description="The request; null when refused.", default=None)


def _key(id: strawberry.ID) -> UUID:
    return require_uuid(id, "Request", what="Demande", field="id")


def document_keys(ids: Sequence[strawberry.ID]) -> list[UUID]:
    """The keys behind the identifiers of documents. Refused: NOT_FOUND."""
    keys = [key for each in ids if (key := parse_uuid(each, "Document")) is not None]
    if len(keys) < len(ids):
        raise not_found("Document", "documentIds")
    return keys


async def create(ctx: Context, input: RequestCreateInput) -> RequestCreatePayload:
    """Ask a service a question."""
    household = parse_uuid(input.household_id, "Household")
    child = parse_uuid(input.child_id, "Child") if input.child_id is not None else None
    if household is None:
        raise not_found("Foyer", "householdId")
    if input.child_id is not None and child is None:
        raise not_found("Enfant", "childId")
    row = await requests.ask_service(
        ctx,
        household,
        input.service,
        input.text,
        child_id=child,
        documents=document_keys(input.document_ids),
        key=input.idempotency_key,
    )
    return RequestCreatePayload(request=Request.of(ctx, row))


async def answer_service(ctx: Context, input: RequestAnswerInput) -> RequestAnswerPayload:
    """The family writes to the service."""
    documents = document_keys(input.document_ids)
    row = await requests.answer_request(ctx, _key(input.id), input.text, documents, key=input.idempotency_key)
    return RequestAnswerPayload(request=Request.of(ctx, row))


async def reply(ctx: Context, input: RequestReplyInput) -> RequestReplyPayload:
    """The service writes to the family."""
    row = await requests.answer_request(
        ctx,
        _key(input.id),
        input.text,
        document_keys(input.document_ids),
        key=input.idempotency_key,
        awaits_family=input.awaits_family,
    )
    return RequestReplyPayload(request=Request.of(ctx, row))


async def cancel(ctx: Context, input: RequestCancelInput) -> RequestCancelPayload:
    """The family gives up."""
    return RequestCancelPayload(
        request=Request.of(ctx, await decisions.cancel_request(ctx, _key(input.id), input.text))
    )


async def review(ctx: Context, input: RequestReviewInput) -> RequestReviewPayload:
    """An agent takes a request."""
    row = await requests.move_request(ctx, _key(input.id), RequestStateRule.IN_REVIEW)
    return RequestReviewPayload(request=Request.of(ctx, row))


async def decide(ctx: Context, input: RequestDecideInput) -> RequestDecidePayload:
    """An agent decides."""
    row = await decisions.decide_request(ctx, _key(input.id), accept=input.accept, text=input.text)
    return RequestDecidePayload(request=Request.of(ctx, row))
