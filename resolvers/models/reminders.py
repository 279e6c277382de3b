"""What families ask to be told without coming back: a calendar feed, reminders before a deadline."""

from tortoise import fields

from resolvers.models.base import Row
from resolvers.models.scope import ScopedManager


class CalendarFeed(Row):
    """A secret address where a household's bookings are read as a calendar. Only the hash of the secret is kept."""

    household_id = fields.UUIDField(db_index=True)
    account_id = fields.UUIDField(db_index=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    created_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)
    read_at = fields.DatetimeField(null=True)

    class Meta:
        table = "calendar_feed"
        manager = ScopedManager()


class ReminderWish(Row):
    """A parent who wants a mail so many hours before bookings close: none when ``hours_before`` is 0."""

    account_id = fields.UUIDField(unique=True)
    hours_before = fields.IntField()
    changed_at = fields.DatetimeField()

    class Meta:
        table = "reminder_wish"
