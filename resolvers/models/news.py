"""What the commune tells families."""

from datetime import datetime

from tortoise import fields

from resolvers.models.base import Row


class Article(Row):
    """A published piece of news, readable without an account."""

    title: str = fields.CharField(max_length=200)
    body: str = fields.TextField()
    published_at: datetime = fields.DatetimeField(db_index=True)

    class Meta:
        table = "article"
