"""One-time links: mailed once, spent once, and a way out for whoever comes with one that no longer works."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from plugins import hookspecs
from plugins.rules.french import say_instant
from resolvers.access.tokens import fingerprint, new_token
from resolvers.context import Context
from resolvers.errors import Code, Refused
from resolvers.models import Account, OneTimeLink
from resolvers.models.accounts import LinkPurpose

PAGES = {LinkPurpose.ACTIVATION: "activation", LinkPurpose.PASSWORD_RESET: "mot-de-passe"}


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link that was just made: its row, its address and its last instant as mails say them."""

    id: UUID
    url: str
    until: str


async def new_link(
    ctx: Context, account: Account, purpose: LinkPurpose, *, bound: bool = False, replaces: bool = True
) -> NewLink:
    """Make a link to an account, and the former ones of that purpose useless, if it ``replaces`` them.

    ``bound``: the link carries the e-mail as well, and its code is nothing without it.
    """
    openings = ctx.commune.ask(hookspecs.account_openings)
    hours = openings.link_valid_hours if purpose is LinkPurpose.ACTIVATION else openings.reset_valid_hours
    expires_at = ctx.now + timedelta(hours=hours)
    if replaces:
        await _spend_others(ctx, account.id, purpose)
    token = new_token()
    row = await OneTimeLink.create(
        account_id=account.id,
        purpose=purpose,
        token_hash=_mark(token, account.email if bound else ""),
        expires_at=expires_at,
    )
    query = urlencode({"token": token, "email": account.email} if bound else {"token": token})
    return NewLink(row.id, ctx.link(f"{PAGES[purpose]}?{query}"), say_instant(expires_at, ctx.commune.tz))


async def use_link(ctx: Context, token: str, purpose: LinkPurpose, email: str = "") -> UUID:
    """Spend a link, with all others of its account to the same end, and return that account.

    Unknown, expired and used links, and another e-mail, get the same answer.
    Refused: LINK_INVALID, with a way out.
    """
    normalised = ctx.commune.ask(hookspecs.login_identifier).normalise(email)
    marks = [_mark(token, ""), _mark(token, normalised)]
    link = await OneTimeLink.get_or_none(token_hash__in=marks, purpose=purpose)
    spent = link is not None and await OneTimeLink.filter(
        id=link.id, used_at__isnull=True, expires_at__gt=ctx.now
    ).update(used_at=ctx.now)
    if link is None or not spent:
        raise link_invalid(ctx)
    await _spend_others(ctx, link.account_id, purpose)
    return link.account_id


async def holds(ctx: Context, account: Account, purpose: LinkPurpose) -> bool:
    """True while a link that was mailed to an account can still be used."""
    links = OneTimeLink.filter(account_id=account.id, purpose=purpose, used_at__isnull=True, expires_at__gt=ctx.now)
    return await links.exists()


async def _spend_others(ctx: Context, account_id: UUID, purpose: LinkPurpose) -> None:
    await OneTimeLink.filter(account_id=account_id, purpose=purpose, used_at__isnull=True).update(used_at=ctx.now)


def link_invalid(ctx: Context) -> Refused:
    """The refusal of every link that does not work, whatever the reason: it says what to do and reveals nothing."""
    return Refused(
        Code.LINK_INVALID,
        "Ce lien n'est plus valable : il a déjà servi, il a expiré ou il est incomplet. Demandez-en un nouveau "
        f"avec « Mot de passe oublié ». {ctx.commune.ask(hookspecs.account_openings).contact}",
        field=("token",),
        contact=ctx.commune.identity.services[0].mailbox,
    )


def _mark(token: str, email: str) -> str:
    return fingerprint(f"{token} {email}" if email else token)
