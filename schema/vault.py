"""The vault of a household: its documents as families and agents see them. Files travel over plain HTTP, not here."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import strawberry

from resolvers.context import Context
from resolvers.files import documents, sheets
from resolvers.models import Document as DocumentRow
from schema.enums import DocumentState
from schema.payloads import Payload
from schema.relay import Connection, Node, Page, connect, decode_cursor, encode_cursor, global_id, require_uuid


@strawberry.type(description="A kind of document that a household may keep.")
class DocumentKind:
    """See ``resolvers.files.documents.kinds``."""

    code: str = strawberry.field(description="Its stable code.")
    label: str = strawberry.field(description="Its name, in French.")
    sheet_url: str | None = strawberry.field(
        description="Where its blank sheet is downloaded; null when it is not a sheet. With `?householdId=` and "
        "`&childId=` it comes filled with what the portal knows."
    )


@strawberry.type(description="A document of a household's vault « porte-documents »: stored once, used everywhere.")
class Document(Node):
    """See ``resolvers.models.documents.Document``."""

    kind: DocumentKind = strawberry.field(description="What it is.")
    child_id: strawberry.ID | None = strawberry.field(description="The child it is about; null for all of them.")
    state: DocumentState = strawberry.field(description="What the service thinks of it.")
    reason: str = strawberry.field(description="Why it was refused, in French; empty otherwise.")
    valid_until: date | None = strawberry.field(description="The last day it is worth something, if an agent said so.")
    is_expired: bool = strawberry.field(description="True when that day has passed.")
    file_name: str = strawberry.field(description="The name it is downloaded under.")
    media_type: str = strawberry.field(description="`application/pdf`, `image/jpeg` or `image/png`.")
    size: int = strawberry.field(description="How many bytes it holds.")
    added_at: datetime = strawberry.field(description="When it was added.")
    decided_at: datetime | None = strawberry.field(description="When an agent decided.")
    download_url: str = strawberry.field(description="Where the signed-in person downloads it; each reading is kept.")

    @classmethod
    def of(cls, ctx: Context, row: DocumentRow) -> "Document":
        """The document as clients see it. A kind that the commune no longer asks for shows its code."""
        return cls(
            id=global_id("Document", row.id),
            kind=_kind(ctx, row.code),
            child_id=None if row.child_id is None else global_id("Child", row.child_id),
            state=DocumentState[row.state.name],
            reason=row.reason,
            valid_until=row.valid_until,
            is_expired=row.valid_until is not None and row.valid_until < ctx.local_now.date(),
            file_name=row.file_name,
            media_type=row.media_type,
            size=row.size,
            added_at=row.added_at,
            decided_at=row.decided_at,
            download_url=ctx.link(f"documents/{row.id}"),
        )


def _kind(ctx: Context, code: str) -> DocumentKind:
    sheet_url = ctx.link(f"sheets/{code}.pdf") if code in sheets.forms(ctx) else None
    return DocumentKind(code=code, label=documents.kinds(ctx).get(code, code), sheet_url=sheet_url)


def kinds_of(ctx: Context) -> list[DocumentKind]:
    """What a household may keep here."""
    return [_kind(ctx, code) for code in documents.kinds(ctx)]


def _connection(ctx: Context, page: Page, found: tuple[list[DocumentRow], int]) -> Connection[Document]:
    rows, total = found
    cursors = [encode_cursor(row.added_at, row.id) for row in rows]
    return connect(page, [Document.of(ctx, row) for row in rows], cursors, total)


def _place(page: Page) -> tuple[datetime, UUID] | None:
    return decode_cursor(page.after, datetime, UUID) if page.after is not None else None


async def documents_page(ctx: Context, household_id: UUID, page: Page) -> Connection[Document]:
    """A page of a household's documents, newest first: two statements."""
    return _connection(ctx, page, await documents.documents_page(ctx, household_id, _place(page), page.size + 1))


async def documents_to_decide(ctx: Context, page: Page) -> Connection[Document]:
    """A page of the documents that wait for an agent, oldest first: two statements."""
    return _connection(ctx, page, await documents.documents_to_decide(_place(page), page.size + 1))


async def documents_of(ctx: Context, keys: Sequence[UUID]) -> list[Document]:
    """The documents the viewer may see among these: one statement."""
    return [Document.of(ctx, row) for row in await documents.documents_of(ctx, keys)]


def _key(id: str) -> UUID:
    return require_uuid(id, "Document", what="Document", field="id")


@strawberry.input(description="Input of `documentWithdraw`.")
class DocumentWithdrawInput:
    """A document to take out."""

    id: strawberry.ID = strawberry.field(description="The document.")


@strawberry.type(description="Answer of `documentWithdraw`.")
class DocumentWithdrawPayload(Payload):
    """The file is erased."""

    withdrawn_id: strawberry.ID | None = strawberry.field(description="The document; null when refused.", default=None)


async def withdraw(ctx: Context, input: DocumentWithdrawInput) -> DocumentWithdrawPayload:
    """Take a document out of the vault."""
    await documents.withdraw(ctx, _key(input.id))
    return DocumentWithdrawPayload(withdrawn_id=input.id)


@strawberry.input(description="Input of `documentDecide`.")
class DocumentDecideInput:
    """An agent's decision."""

    id: strawberry.ID = strawberry.field(description="The document.")
    accept: bool = strawberry.field(description="True to accept it, false to refuse it.")
    reason: str = strawberry.field(
        description="Why it is refused, in French, at most 500 characters; the family reads it.", default=""
    )
    valid_until: date | None = strawberry.field(
        description="The last day written on a document that is accepted, if there is one.", default=None
    )


@strawberry.type(description="Answer of `documentDecide`.")
class DocumentDecidePayload(Payload):
    """The document is decided."""

    document: Document | None = strawberry.field(description="The document; null when refused.", default=None)


async def decide(ctx: Context, input: DocumentDecideInput) -> DocumentDecidePayload:
    """Accept or refuse a document."""
    row = await documents.decide(
        ctx, _key(input.id), accept=input.accept, reason=input.reason, valid_until=input.valid_until
    )
    return DocumentDecidePayload(document=Document.of(ctx, row))
