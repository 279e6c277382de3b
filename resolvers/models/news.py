"""What the commune tells families."""

from tortoise import fields

from resolvers.models.base import Row


class Article(Row):
    """A published piece of news, readable without an account."""

    title = fields.CharField(max_length=200)
    body = fields.TextField()
    published_at = fields.DatetimeField(db_index=True)
    withdrawn_at = fields.DatetimeField(null=True)

    class Meta:
        table = "article"
