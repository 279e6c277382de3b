"""A new e-mail address for an account: asked with the password, in force once both addresses have confirmed it."""

from datetime import timedelta

from tortoise.expressions import Q

from plugins import hookspecs
from plugins.rules.accounts import LoginKind
from plugins.rules.features import Feature
from plugins.rules.french import say_instant
from plugins.rules.wording import Message
from resolvers.access.accounts import free_login, well_written
from resolvers.access.passwords import require_password
from resolvers.access.recovery import tell_it_is_open
from resolvers.access.tokens import fingerprint, new_token
from resolvers.context import Context
from resolvers.errors import Code, Refused
from resolvers.features import require_feature
from resolvers.models import Account, EmailChange, Household, OneTimeLink, Person
from resolvers.models.scope import everything_in_sight
from resolvers.models.tenancy import unit_of_work
from resolvers.outbox import Addressee, enqueue_mail


async def ask_email_change(ctx: Context, email: str, password: str) -> None:
    """Mail a link to the old and to the new address of the viewer's account; a former request stops waiting.

    The answer is the same when the new address opens somebody else's account: a mail tells that address.
    Refused: as ``passwords.require_password``, INVALID, FEATURE_CLOSED and FIELD_NOT_EDITABLE with the mailbox where
    the commune changes addresses itself. Where an agent reviews them, none is asked: both mailboxes are the proof.
    """
    account = await require_password(ctx, password, "password")
    await _refuse_where_the_service_does_it(ctx)
    wanted = ctx.commune.ask(hookspecs.login_identifier).normalise(well_written(email, "email"))
    if wanted == account.email:
        raise Refused(Code.INVALID, "C'est déjà l'adresse de votre compte.", field=("email",))
    await _ask(ctx, account, wanted)


async def _refuse_where_the_service_does_it(ctx: Context) -> None:
    households = await Household.filter(id__in=list(ctx.viewer.households))
    services = tuple(dict.fromkeys(code for household in households for code in household.services))
    await require_feature(ctx, Feature.EDIT_HOUSEHOLD, services, *ctx.viewer.households)
    asked = [ctx.commune.identity.service(code) for code in services]
    policies = [ctx.commune.ask(hookspecs.field_policies, service=each).of("person.email") for each in asked]
    if policies and not any(policy.is_editable for policy in policies):
        raise Refused(
            Code.FIELD_NOT_EDITABLE,
            f"L'adresse e-mail ne se modifie pas en ligne : écrivez à {asked[0].mailbox}.",
            field=("email",),
            contact=asked[0].mailbox,
        )


@unit_of_work
async def _ask(ctx: Context, account: Account, wanted: str) -> None:
    hours = ctx.commune.ask(hookspecs.account_openings).reset_valid_hours
    await EmailChange.filter(account_id=account.id, closed_at__isnull=True).update(closed_at=ctx.now)
    tokens = {address: new_token() for address in (account.email, wanted)}
    change = await EmailChange.create(
        account_id=account.id,
        email=wanted,
        old_token_hash=fingerprint(tokens[account.email]),
        new_token_hash=fingerprint(tokens[wanted]),
        created_at=ctx.now,
        expires_at=ctx.now + timedelta(hours=hours),
    )
    other = await Account.filter(email=wanted).first()
    if other is not None:
        with everything_in_sight():  # the mail goes to its owner, whoever asked
            await tell_it_is_open(ctx, other)
        del tokens[wanted]
    for address, token in tokens.items():
        await _mail(
            ctx,
            Message.EMAIL_CHANGE,
            Addressee(address, ctx.viewer.first_name),
            f"email-change:{change.id}:{address == wanted}",
            email=wanted,
            link=ctx.link(f"adresse-e-mail?token={token}"),
            until=say_instant(change.expires_at, ctx.commune.tz),
        )


@unit_of_work
async def confirm_email_change(ctx: Context, token: str) -> bool:
    """Confirm a new address from one of the two mailboxes; True once both have, and the address is in force.

    A link works once. Refused: LINK_INVALID with a way out, STATE_CONFLICT when the address was taken meanwhile.
    """
    mark = fingerprint(token)
    unspent = Q(old_token_hash=mark, old_confirmed_at__isnull=True) | Q(
        new_token_hash=mark, new_confirmed_at__isnull=True
    )
    change = (
        await EmailChange.filter(unspent, closed_at__isnull=True, expires_at__gt=ctx.now).select_for_update().first()
    )
    if change is None:
        raise _link_invalid(ctx)
    side = "old_confirmed_at" if change.old_token_hash == mark else "new_confirmed_at"
    change.update_from_dict({side: ctx.now})
    done = change.old_confirmed_at is not None and change.new_confirmed_at is not None
    if done:
        change.closed_at = ctx.now
        with everything_in_sight():  # both mailboxes are the proof
            await _apply(ctx, change)
    await change.save(update_fields=[side, "closed_at"])
    return done


async def _apply(ctx: Context, change: EmailChange) -> None:
    await put_in_force(ctx, await Account.get(id=change.account_id), change.email, f"email-changed:{change.id}")


async def put_in_force(ctx: Context, account: Account, email: str, key: str) -> None:
    """Make an address that was proved an account's own, useless what waits in the old mailbox, and tell both.

    ``key`` begins that of the two mails. Refused: STATE_CONFLICT when the address opens another account.
    """
    if await Account.filter(email=email).exists():
        raise Refused(
            Code.STATE_CONFLICT, "Cette adresse e-mail ouvre maintenant un autre compte : chacun a la sienne."
        )
    person = await Person.get(id=account.person_id)
    former = account.email
    account.email = person.email = email
    if ctx.commune.ask(hookspecs.login_identifier).kind is not LoginKind.GIVEN:
        account.login = await free_login(ctx, email, person)
    await account.save(update_fields=["email", "login"])
    await person.save(update_fields=["email"])
    await OneTimeLink.filter(account_id=account.id, used_at__isnull=True).update(used_at=ctx.now)  # in the old mailbox
    for address in (former, email):
        to = Addressee(address, person.first_name)
        own_key = f"{key}:{address == former}"
        await _mail(ctx, Message.EMAIL_CHANGED, to, own_key, email=email, login=account.login)


async def _mail(ctx: Context, message: Message, to: Addressee, key: str, **values: str) -> None:
    await enqueue_mail(ctx.commune, ctx.ports, ctx.now, message, to, key=key, **values)


def _link_invalid(ctx: Context) -> Refused:
    mailbox = ctx.commune.identity.services[0].mailbox
    return Refused(
        Code.LINK_INVALID,
        "Ce lien n'est plus valable : il a déjà servi, il a expiré ou il est incomplet. Demandez de nouveau le "
        f"changement depuis votre espace, ou écrivez à {mailbox}.",
        field=("token",),
        contact=mailbox,
    )
