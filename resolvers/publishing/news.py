"""What the commune publishes for everybody."""

from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.idempotency import recall, remember
from resolvers.models import Article
from resolvers.models.tenancy import unit_of_work

PUBLISH = "articlePublish"
LONGEST_TITLE = 200
LONGEST_BODY = 20_000


def published(ctx: Context) -> QuerySet[Article]:
    """The news that everybody reads now."""
    return Article.filter(published_at__lte=ctx.now, withdrawn_at__isnull=True)


async def news_page(ctx: Context, before: tuple[datetime, UUID] | None, limit: int) -> tuple[list[Article], int]:
    """A page of published news, newest first, and how many there are in all."""
    rows = published(ctx)
    total = await rows.count()
    if before is not None:
        at, key = before
        rows = rows.filter(Q(published_at__lt=at) | Q(published_at=at, id__lt=key))
    return await rows.order_by("-published_at", "-id").limit(limit), total


@unit_of_work
async def publish(ctx: Context, title: str, body: str, key: str | None = None) -> Article:
    """Publish a piece of news at once. Refused: BLANK, INVALID (title over 200 characters)."""
    if not title.strip() or not body.strip():
        raise Refused(Code.BLANK, "Une actualité a un titre et un texte.", field=("title",))
    if len(title) > LONGEST_TITLE or len(body) > LONGEST_BODY:
        raise Refused(
            Code.INVALID, f"Titre : {LONGEST_TITLE} caractères au plus ; texte : {LONGEST_BODY}.", field=("title",)
        )
    asked = {"title": title, "body": body}
    answered = await recall(ctx, PUBLISH, key, asked)
    if answered is not None:
        return await Article.get(id=UUID(answered["article"]))
    article = await Article.create(title=title.strip(), body=body.strip(), published_at=ctx.now)
    await remember(ctx, PUBLISH, key, asked, {"article": str(article.id)})
    return article


@unit_of_work
async def withdraw(ctx: Context, article_id: UUID) -> None:
    """Take a piece of news back; harmless when it is already. Refused: NOT_FOUND."""
    article = await Article.filter(id=article_id).select_for_update().first()
    if article is None:
        raise not_found("Actualité", "id")
    article.withdrawn_at = article.withdrawn_at or ctx.now
    await article.save(update_fields=["withdrawn_at"])
