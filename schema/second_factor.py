"""One-time codes of agents, as authenticator apps show them."""

import strawberry

from resolvers.access import second_factor
from resolvers.context import Context
from schema.payloads import Payload


@strawberry.input(description="Input of `secondFactorStart`.")
class SecondFactorStartInput:
    """The proof that it is the account's owner who asks."""

    password: str = strawberry.field(description="The password of the account.")


@strawberry.type(description="Answer of `secondFactorStart`.")
class SecondFactorStartPayload(Payload):
    """What the authenticator app needs, shown once; nothing is asked at sign-in before `secondFactorConfirm`."""

    uri: str | None = strawberry.field(description="The `otpauth:` address, to show as a QR code.", default=None)
    secret: str | None = strawberry.field(description="The secret in base 32, to copy instead.", default=None)


async def start(ctx: Context, input: SecondFactorStartInput) -> SecondFactorStartPayload:
    """Draw a secret."""
    enrolment = await second_factor.start_second_factor(ctx, input.password)
    return SecondFactorStartPayload(uri=enrolment.uri, secret=enrolment.secret)


@strawberry.input(description="Input of `secondFactorConfirm`.")
class SecondFactorConfirmInput:
    """A first code."""

    code: str = strawberry.field(description="The six digits that the app shows now.")


@strawberry.type(description="Answer of `secondFactorConfirm`.")
class SecondFactorConfirmPayload(Payload):
    """A code is asked at each sign-in from now on."""

    confirmed: bool = strawberry.field(description="True when the second factor is in force.", default=False)


async def confirm(ctx: Context, input: SecondFactorConfirmInput) -> SecondFactorConfirmPayload:
    """Put the second factor in force."""
    await second_factor.confirm_second_factor(ctx, input.code)
    return SecondFactorConfirmPayload(confirmed=True)


@strawberry.input(description="Input of `secondFactorRemove`.")
class SecondFactorRemoveInput:
    """A colleague."""

    login: str = strawberry.field(description="The login or the e-mail address of another agent.")


@strawberry.type(description="Answer of `secondFactorRemove`.")
class SecondFactorRemovePayload(Payload):
    """The colleague signs in by password alone, and is told."""

    removed: bool = strawberry.field(description="True when it was removed.", default=False)


async def remove(ctx: Context, input: SecondFactorRemoveInput) -> SecondFactorRemovePayload:
    """Remove a colleague's second factor."""
    await second_factor.remove_second_factor(ctx, input.login)
    return SecondFactorRemovePayload(removed=True)
