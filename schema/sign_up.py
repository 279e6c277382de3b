"""Opening an account alone, where the commune allows it."""

import strawberry

from resolvers.access import sign_up
from resolvers.context import Context
from schema.payloads import Payload


@strawberry.input(description="Input of `accountCreate`.")
class AccountCreateInput:
    """Who asks, and where to write."""

    first_name: str = strawberry.field(
        description="The first name: letters, digits, spaces, hyphens, apostrophes; 80 at most."
    )
    last_name: str = strawberry.field(description="The last name, written likewise.")
    email: str = strawberry.field(description="The e-mail address: the link that opens the account is sent there.")


@strawberry.type(description="Answer of `accountCreate`.")
class AccountCreatePayload(Payload):
    """The same answer whether the address already opens an account or not: the mail tells."""

    message: str = strawberry.field(description="What to tell the person, in French.", default="")


async def create(ctx: Context, input: AccountCreateInput) -> AccountCreatePayload:
    """Mail a link that opens the account, or tell the address that it already has one."""
    await sign_up.create_account(ctx, sign_up.Newcomer(input.first_name, input.last_name, input.email))
    return AccountCreatePayload(
        message="Un mail vient de vous être envoyé : suivez son lien pour choisir votre mot de passe. Pensez à "
        "vérifier les courriers indésirables."
    )
