"""The basket of a household: a change of bookings being prepared, kept on the server."""

from typing import Any

from tortoise import fields

from resolvers.models.base import Row
from resolvers.models.scope import ScopedManager


class Basket(Row):
    """One per household. ``wanted`` is the wanted set as last saved, and ``version`` grows at each save."""

    household_id = fields.UUIDField(unique=True)
    wanted = fields.JSONField[dict[str, Any]](default=dict)
    version = fields.IntField(default=0)
    saved_by = fields.UUIDField()
    saved_at = fields.DatetimeField()
    until = fields.DatetimeField()

    class Meta:
        table = "basket"
        manager = ScopedManager()
