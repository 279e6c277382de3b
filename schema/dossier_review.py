"""What agents do with yearly files: accept, ask for pieces, refuse."""

from datetime import datetime
from uuid import UUID

import strawberry

from resolvers.context import Context
from resolvers.files import dossier_review
from schema.dossiers import Dossier
from schema.payloads import Payload
from schema.relay import Connection, Page, connect, decode_cursor, encode_cursor, require_uuid


@strawberry.input(description="A document that the service asks for, and why.")
class PieceInput:
    """One document."""

    code: str = strawberry.field(description="The document, as in `DossierDocument.code`.")
    reason: str = strawberry.field(description="Why, in French: missing, unreadable, out of date. The family reads it.")


@strawberry.input(description="Input of `piecesRequest`.")
class PiecesRequestInput:
    """What an agent asks for."""

    id: strawberry.ID = strawberry.field(description="The file.")
    pieces: list[PieceInput] = strawberry.field(description="The documents, each with its reason.")


@strawberry.type(description="Answer of `piecesRequest`.")
class PiecesRequestPayload(Payload):
    """The family is asked."""

    dossier: Dossier | None = strawberry.field(description="The file; null when refused.", default=None)


@strawberry.input(description="Input of `dossierDecide`.")
class DossierDecideInput:
    """An agent's decision."""

    id: strawberry.ID = strawberry.field(description="The file.")
    accept: bool = strawberry.field(description="True to accept it, false to refuse it.")
    reason: str = strawberry.field(description="Why it is refused, in French; the family reads it.", default="")


@strawberry.type(description="Answer of `dossierDecide`.")
class DossierDecidePayload(Payload):
    """The file is decided."""

    dossier: Dossier | None = strawberry.field(description="The file; null when refused.", default=None)


async def ask_pieces(ctx: Context, input: PiecesRequestInput) -> PiecesRequestPayload:
    """Ask for documents."""
    key = require_uuid(input.id, "Dossier", what="Dossier", field="id")
    row = await dossier_review.ask_pieces(ctx, key, {piece.code: piece.reason for piece in input.pieces})
    ctx.loaders.clear()
    return PiecesRequestPayload(dossier=Dossier.of(row))


async def decide(ctx: Context, input: DossierDecideInput) -> DossierDecidePayload:
    """Accept or refuse a file."""
    key = require_uuid(input.id, "Dossier", what="Dossier", field="id")
    row = await dossier_review.decide_dossier(ctx, key, accept=input.accept, reason=input.reason[:2000])
    ctx.loaders.clear()
    return DossierDecidePayload(dossier=Dossier.of(row))


async def to_decide(ctx: Context, page: Page) -> Connection[Dossier]:
    """A page of the files that wait for an agent, the first sent first: two statements."""
    place = decode_cursor(page.after, datetime, UUID) if page.after is not None else None
    rows, total = await dossier_review.dossiers_to_decide(ctx, place, page.size + 1)
    cursors = [encode_cursor(row.submitted_at, row.id) for row in rows if row.submitted_at is not None]
    return connect(page, [Dossier.of(row) for row in rows], cursors, total)
