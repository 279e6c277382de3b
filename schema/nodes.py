"""Objects by global identifier, as far as the viewer may see them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from resolvers.context import Context
from resolvers.models import Article as ArticleRow
from resolvers.models import Dossier as DossierRow
from schema.billing import invoice_of
from schema.bookings import receipts_of
from schema.dossiers import Dossier
from schema.errors import ClientError
from schema.households import households_of
from schema.news import Article
from schema.payments import Payment, payment_row
from schema.relay import MAX_PAGE, Node, global_id, parse_id


async def _household(ctx: Context, key: UUID) -> Node | None:
    return next(iter(await households_of(ctx, frozenset({key}))), None)


async def _invoice(ctx: Context, key: UUID) -> Node | None:
    return await invoice_of(ctx, key)


async def _receipt(ctx: Context, key: UUID) -> Node | None:
    return next(iter(await receipts_of(ctx, [key])), None)


async def _dossier(ctx: Context, key: UUID) -> Node | None:
    row = await DossierRow.get_or_none(id=key)
    return Dossier.of(ctx, row) if row else None


async def _payment(ctx: Context, key: UUID) -> Node | None:
    row = await payment_row(ctx, global_id("Payment", key))
    return Payment.of(row) if row else None


async def _article(ctx: Context, key: UUID) -> Node | None:
    row = await ArticleRow.get_or_none(id=key, published_at__lte=ctx.now)
    return Article.of(row) if row else None


FINDERS: dict[str, Callable[[Context, UUID], Awaitable[Node | None]]] = {
    "Household": _household,
    "Invoice": _invoice,
    "BookingReceipt": _receipt,
    "Dossier": _dossier,
    "Payment": _payment,
    "Article": _article,
}
PUBLIC = frozenset({"Article"})


async def node(ctx: Context, id: str) -> Node | None:
    """The object of an identifier; None when it does not exist or belongs to others, which are never told apart."""
    found = parse_id(id, *FINDERS)
    if found is None or found.uuid is None:
        return None
    if found.type_name not in PUBLIC and (ctx.viewer.is_anonymous or ctx.viewer.steps):
        return None
    return await FINDERS[found.type_name](ctx, found.uuid)


async def nodes(ctx: Context, ids: Sequence[str]) -> list[Node | None]:
    """The objects of at most a hundred identifiers, in the order asked."""
    if len(ids) > MAX_PAGE:
        raise ClientError(f"At most {MAX_PAGE} identifiers at a time.", "BAD_USER_INPUT")
    return list(await asyncio.gather(*(node(ctx, one) for one in ids)))
