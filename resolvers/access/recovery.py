"""Back in after a forgotten password, or in at last before the first sign-in; nothing tells who has an account."""

from plugins.rules.wording import Message
from resolvers.access.accounts import invite_again
from resolvers.access.links import new_link, use_link
from resolvers.access.passwords import refuse_weak, store_password
from resolvers.access.sign_in import account_named
from resolvers.access.tokens import fingerprint
from resolvers.context import Context
from resolvers.models import Account, Person
from resolvers.models.accounts import LinkPurpose
from resolvers.models.effects import EffectKind
from resolvers.models.scope import everything_in_sight
from resolvers.models.tenancy import unit_of_work
from resolvers.outbox import Addressee, enqueue, enqueue_mail


@unit_of_work
async def request_password_reset(ctx: Context, identifier: str) -> None:
    """Ask for a way back in. The answer and its time are the same whether the account exists or not.

    The work itself is an effect, so an unknown identifier costs as much as a known one; asking again within five
    minutes sends nothing more.
    """
    typed = identifier.strip().casefold()
    window = int(ctx.now.timestamp()) // 300
    key = f"recovery:{fingerprint(typed)}:{window}"
    await enqueue(EffectKind.ACCOUNT_RECOVERY, key, {"identifier": typed}, ctx.ports, ctx.now)


@unit_of_work
async def send_recovery(ctx: Context, identifier: str) -> None:
    """Mail a way back in to the account of this login or e-mail, if there is one.

    Before the first sign-in it is an activation: nobody falls into a dead end, nor loses the one that was sent.
    """
    account = await account_named(ctx, identifier)
    if account is None:
        return
    if account.activated_at is None:
        await invite_again(ctx, account)
        return
    person = await Person.get(id=account.person_id)
    link = await new_link(ctx, account, LinkPurpose.PASSWORD_RESET)
    await enqueue_mail(
        ctx.commune,
        ctx.ports,
        ctx.now,
        Message.PASSWORD_RESET,
        Addressee(account.email, person.first_name),
        key=f"reset:{link.id}",
        link=link.url,
        until=link.until,
    )


async def tell_it_is_open(ctx: Context, account: Account) -> None:
    """Tell the owner of an account that somebody typed its address, with a way in for who forgot the account."""
    person = await Person.get(id=account.person_id)
    link = await new_link(ctx, account, LinkPurpose.PASSWORD_RESET)
    await enqueue_mail(
        ctx.commune,
        ctx.ports,
        ctx.now,
        Message.ACCOUNT_ALREADY_OPEN,
        Addressee(account.email, person.first_name),
        key=f"already-open:{link.id}",
        login=account.login,
        link=link.url,
        until=link.until,
    )


async def reset_password(ctx: Context, token: str, new: str) -> str:
    """Choose a new password by a mailed link; every device is signed out. Returns the login.

    The link is spent only when the new password is accepted, so a weak choice can be corrected.
    """
    hashed = await ctx.ports.passwords.hash(new)
    return await _reset(ctx, token, new, hashed)


@unit_of_work
async def _reset(ctx: Context, token: str, new: str, hashed: str) -> str:
    account_id = await use_link(ctx, token, LinkPurpose.PASSWORD_RESET)
    account = await Account.get(id=account_id)
    refuse_weak(ctx, new, account, "newPassword")
    with everything_in_sight():  # the mailed link is the proof
        await store_password(ctx, account, hashed, keep=None)
    return account.login
