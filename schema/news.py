"""What the commune publishes for everybody."""

from datetime import datetime
from uuid import UUID

import strawberry

from resolvers.context import Context
from resolvers.models import Article as ArticleRow
from resolvers.publishing import news
from schema.payloads import Payload
from schema.relay import Connection, Node, Page, connect, decode_cursor, encode_cursor, global_id, require_uuid


@strawberry.type(description="A piece of news, readable without an account.")
class Article(Node):
    """See ``resolvers.models.news.Article``."""

    title: str = strawberry.field(description="Its title, in French.")
    body: str = strawberry.field(description="Its text, in French.")
    published_at: datetime = strawberry.field(description="When it was published.")

    @classmethod
    def of(cls, row: ArticleRow) -> "Article":
        """The article as clients see it."""
        return cls(id=global_id("Article", row.id), title=row.title, body=row.body, published_at=row.published_at)


async def news_page(ctx: Context, page: Page) -> Connection[Article]:
    """A page of news, newest first."""
    after = decode_cursor(page.after, datetime, UUID) if page.after is not None else None
    rows, total = await news.news_page(ctx, after, page.size + 1)
    cursors = [encode_cursor(row.published_at, row.id) for row in rows]
    return connect(page, [Article.of(row) for row in rows], cursors, total)


@strawberry.input(description="Input of `articlePublish`.")
class ArticlePublishInput:
    """A piece of news."""

    title: str = strawberry.field(description="Its title, at most 200 characters.")
    body: str = strawberry.field(description="Its text, at most 20,000 characters.")
    idempotency_key: str | None = strawberry.field(
        description="The same key with the same input gets the same answer, once done.", default=None
    )


@strawberry.type(description="Answer of `articlePublish`.")
class ArticlePublishPayload(Payload):
    """The article is published."""

    article: Article | None = strawberry.field(description="The article; null when refused.", default=None)


async def publish(ctx: Context, input: ArticlePublishInput) -> ArticlePublishPayload:
    """Publish a piece of news at once."""
    return ArticlePublishPayload(
        article=Article.of(await news.publish(ctx, input.title, input.body, input.idempotency_key))
    )


@strawberry.input(description="Input of `articleWithdraw`.")
class ArticleWithdrawInput:
    """A piece of news."""

    id: strawberry.ID = strawberry.field(description="The article to take back.")


@strawberry.type(description="Answer of `articleWithdraw`.")
class ArticleWithdrawPayload(Payload):
    """Nobody reads the article any more."""

    id: strawberry.ID | None = strawberry.field(description="The article that was taken back.", default=None)


async def withdraw(ctx: Context, input: ArticleWithdrawInput) -> ArticleWithdrawPayload:
    """Take a piece of news back."""
    key = require_uuid(input.id, "Article", what="Actualité", field="id")
    await news.withdraw(ctx, key)
    return ArticleWithdrawPayload(id=input.id)
