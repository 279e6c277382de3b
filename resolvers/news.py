"""What the commune publishes for everybody."""

from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q

from resolvers.context import Context
from resolvers.errors import Code, Refused
from resolvers.models import Article
from resolvers.models.tenancy import unit_of_work


async def news_page(ctx: Context, before: tuple[datetime, UUID] | None, limit: int) -> tuple[list[Article], int]:
    """A page of published news, newest first, and how many there are in all."""
    rows = Article.filter(published_at__lte=ctx.now)
    total = await rows.count()
    if before is not None:
        at, key = before
        rows = rows.filter(Q(published_at__lt=at) | Q(published_at=at, id__lt=key))
    return await rows.order_by("-published_at", "-id").limit(limit), total


@unit_of_work
async def publish(ctx: Context, title: str, body: str) -> Article:
    """Publish a piece of news at once. Refused: BLANK, INVALID (title over 200 characters)."""
    if not title.strip() or not body.strip():
        raise Refused(Code.BLANK, "Une actualité a un titre et un texte.", field=("title",))
    if len(title) > 200 or len(body) > 20_000:
        raise Refused(Code.INVALID, "Titre : 200 caractères au plus ; texte : 20 000.", field=("title",))
    return await Article.create(title=title.strip(), body=body.strip(), published_at=ctx.now)
