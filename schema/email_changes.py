"""A new e-mail address, confirmed from both mailboxes."""

import strawberry

from resolvers.access import email_changes
from resolvers.context import Context
from schema.payloads import Payload


@strawberry.input(description="Input of `emailChangeRequest`.")
class EmailChangeRequestInput:
    """The address wanted, and the proof that it is the account's owner who asks."""

    email: str = strawberry.field(description="The new e-mail address.")
    password: str = strawberry.field(description="The password of the account.")


@strawberry.type(description="Answer of `emailChangeRequest`.")
class EmailChangeRequestPayload(Payload):
    """The same answer whether the new address already opens an account or not."""

    message: str = strawberry.field(description="What to tell the person, in French.", default="")


async def ask(ctx: Context, input: EmailChangeRequestInput) -> EmailChangeRequestPayload:
    """Mail a link to both addresses."""
    await email_changes.ask_email_change(ctx, input.email, input.password)
    return EmailChangeRequestPayload(
        message="Un mail vient de partir à chacune des deux adresses : ouvrez le lien de l'un et de l'autre. D'ici là, "
        "rien ne change."
    )


@strawberry.input(description="Input of `emailChangeConfirm`.")
class EmailChangeConfirmInput:
    """The token of one of the two mailed links."""

    token: str = strawberry.field(description="The token in the link.")


@strawberry.type(description="Answer of `emailChangeConfirm`.")
class EmailChangeConfirmPayload(Payload):
    """One of the two confirmations."""

    is_done: bool = strawberry.field(
        description="True when both addresses have confirmed: the new one signs in from now on.", default=False
    )


async def confirm(ctx: Context, input: EmailChangeConfirmInput) -> EmailChangeConfirmPayload:
    """Confirm from one mailbox."""
    return EmailChangeConfirmPayload(is_done=await email_changes.confirm_email_change(ctx, input.token))
