"""Reminders before bookings close, for the parents who want them."""

import strawberry

from resolvers.agenda import reminders
from resolvers.context import Context
from schema.payloads import Payload


@strawberry.input(description="Input of `reminderSet`.")
class ReminderSetInput:
    """When to be told."""

    hours_before: int = strawberry.field(
        description="How many hours before bookings close a mail is sent, 2 to 336 (14 days); 0 for none."
    )


@strawberry.type(description="Answer of `reminderSet`.")
class ReminderSetPayload(Payload):
    """The wish is kept."""

    hours_before: int | None = strawberry.field(description="The hours that are kept; null when refused.", default=None)


async def set_reminder(ctx: Context, input: ReminderSetInput) -> ReminderSetPayload:
    """Have the viewer told before bookings close, or not."""
    return ReminderSetPayload(hours_before=await reminders.set_reminder(ctx, input.hours_before))
