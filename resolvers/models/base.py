"""What every table has."""

from tortoise import fields
from tortoise.models import Model

from resolvers.models.keys import new_key


class Row(Model):
    """A table with a UUIDv7 key."""

    id = fields.UUIDField(primary_key=True, default=new_key)

    class Meta:
        abstract = True
