"""Accounts: invited by the service, activated by a one-time link, kept by a password of the commune's policy."""

import secrets
import string
from datetime import timedelta
from uuid import UUID

from email_validator import EmailNotValidError, validate_email

from plugins import hookspecs
from plugins.rules.accounts import PasswordCheck, PasswordPolicy
from plugins.rules.french import say_instant
from plugins.rules.wording import Message
from resolvers.context import AccountKind, AgentRight, Context
from resolvers.errors import Code, Refused, not_found
from resolvers.models import Account, OneTimeLink, Person, Session, TermsAcceptance
from resolvers.models.accounts import LinkPurpose
from resolvers.models.effects import EffectKind
from resolvers.models.scope import everything_in_sight
from resolvers.models.tenancy import unit_of_work
from resolvers.outbox import Addressee, enqueue, enqueue_mail
from resolvers.sign_in import account_named
from resolvers.tokens import fingerprint, new_token


def generate_password(policy: PasswordPolicy) -> str:
    """A random password the policy accepts, without letters that are mistaken for one another when copied."""
    letters = "".join(set(string.ascii_letters + string.digits) - set("0O1lI"))
    length = max(12, policy.min_length)
    while True:
        candidate = "".join(secrets.choice(letters) for _ in range(length))
        if policy.accepts(candidate):
            return candidate


async def free_login(ctx: Context, email: str, person: Person) -> str:
    """The login the commune's rule proposes; when two families would share it, the next ones get a number."""
    proposed = ctx.commune.ask(hookspecs.login_identifier).propose(email, person.first_name, person.last_name)[:110]
    taken = {account.login for account in await Account.filter(login__startswith=proposed).only("login")}
    candidates = (proposed if number == 1 else f"{proposed}{number}" for number in range(1, len(taken) + 2))
    return next(login for login in candidates if login not in taken)


def _well_written(email: str) -> str:
    """The address as it is written to. Refused: INVALID when no mail could ever reach it."""
    try:
        found = validate_email(email.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise Refused(
            Code.INVALID, "L'adresse e-mail de cette personne est mal écrite : corrigez-la.", field=("personId",)
        ) from error
    return found.normalized


@unit_of_work
async def invite(
    ctx: Context, person_id: UUID, kind: AccountKind = AccountKind.FAMILY, rights: frozenset[AgentRight] = frozenset()
) -> Account:
    """Open an account for a person and mail its activation link, login and generated password.

    Called again for a person who has not activated yet, it sends a new link and makes the former ones useless.
    Refused: NOT_FOUND, BLANK without e-mail, INVALID with a malformed one, STATE_CONFLICT when the account is already
    active or when the e-mail opens somebody else's account.
    """
    person = await Person.get_or_none(id=person_id)
    if person is None:
        raise not_found("Personne", "personId")
    if not person.email:
        raise Refused(Code.BLANK, "Cette personne n'a pas d'adresse e-mail : ajoutez-la d'abord.", field=("personId",))
    account = await Account.filter(person_id=person_id).select_for_update().first()
    if account is not None and account.activated_at is not None:
        raise Refused(Code.STATE_CONFLICT, "Ce compte est déjà activé.", field=("personId",))
    email = ctx.commune.ask(hookspecs.login_identifier).normalise(_well_written(person.email))
    if account is None and await Account.filter(email=email).exists():
        raise Refused(
            Code.STATE_CONFLICT,
            "Cette adresse e-mail ouvre déjà le compte d'une autre personne : chacun a la sienne.",
            field=("personId",),
        )
    password = generate_password(ctx.commune.ask(hookspecs.password_policy))
    hashed = await ctx.ports.passwords.hash(password)
    if account is None:
        account = await Account.create(
            kind=kind,
            login=await free_login(ctx, person.email, person),
            email=email,
            password_hash=hashed,
            password_is_generated=True,
            rights=sorted(right.value for right in rights),
            person_id=person.id,
            created_at=ctx.now,
        )
    else:
        await Account.filter(id=account.id).update(password_hash=hashed, password_is_generated=True)
    await _send_activation(ctx, account, person, password)
    return account


async def _send_activation(ctx: Context, account: Account, person: Person, password: str) -> None:
    hours = ctx.commune.ask(hookspecs.account_openings).link_valid_hours
    link = await _new_link(ctx, account, LinkPurpose.ACTIVATION, hours)
    await enqueue_mail(
        ctx.commune,
        ctx.ports,
        ctx.now,
        Message.ACCOUNT_ACTIVATION,
        Addressee(account.email, person.first_name),
        key=f"activation:{link.id}",
        login=account.login,
        password=password,
        link=ctx.link(f"activation?token={link.token}"),
        until=say_instant(ctx.now + timedelta(hours=hours), ctx.commune.tz),
    )


class _NewLink:
    """A one-time link and its token, which exists in clear only until it is mailed."""

    __slots__ = ("id", "token")

    def __init__(self, row: OneTimeLink, token: str) -> None:
        self.id = row.id
        self.token = token


async def _new_link(ctx: Context, account: Account, purpose: LinkPurpose, hours: int) -> _NewLink:
    await OneTimeLink.filter(account_id=account.id, purpose=purpose, used_at__isnull=True).update(used_at=ctx.now)
    token = new_token()
    row = await OneTimeLink.create(
        account_id=account.id,
        purpose=purpose,
        token_hash=fingerprint(token),
        expires_at=ctx.now + timedelta(hours=hours),
    )
    return _NewLink(row, token)


async def _use_link(ctx: Context, token: str, purpose: LinkPurpose) -> UUID:
    """Spend a link and return its account; unknown, expired and used links get the same answer, and a way out."""
    link = await OneTimeLink.get_or_none(token_hash=fingerprint(token), purpose=purpose)
    spent = link is not None and await OneTimeLink.filter(
        id=link.id, used_at__isnull=True, expires_at__gt=ctx.now
    ).update(used_at=ctx.now)
    if link is None or not spent:
        raise Refused(
            Code.LINK_INVALID,
            "Ce lien n'est plus valable : il a déjà servi, il a expiré ou il est incomplet. Demandez-en un nouveau "
            f"avec « Mot de passe oublié ». {ctx.commune.ask(hookspecs.account_openings).contact}",
            field=("token",),
            contact=ctx.commune.identity.services[0].mailbox,
        )
    return link.account_id


@unit_of_work
async def activate(ctx: Context, token: str) -> str:
    """Make an account usable by its mailed link; returns the login to sign in with. Refused: LINK_INVALID."""
    account_id = await _use_link(ctx, token, LinkPurpose.ACTIVATION)
    await Account.filter(id=account_id).update(activated_at=ctx.now)
    account = await Account.get(id=account_id)
    return account.login


def password_checks(ctx: Context, candidate: str, identifier: str = "") -> tuple[PasswordCheck, ...]:
    """One (rule, satisfied) pair per rule of the commune, for a front end to tick while the person types.

    ``identifier``: the login or the e-mail the password is for, when nobody is signed in yet.
    """
    return ctx.commune.ask(hookspecs.password_policy).check(
        candidate, ctx.viewer.login, ctx.viewer.email, identifier.strip()
    )


def _refuse_weak(ctx: Context, password: str, account: Account, *field: str) -> None:
    checks = ctx.commune.ask(hookspecs.password_policy).check(password, account.login, account.email)
    unmet = [check.label for check in checks if not check.satisfied]
    if unmet:
        raise Refused(Code.PASSWORD_TOO_WEAK, f"Mot de passe refusé. Il manque : {' ; '.join(unmet)}.", field=field)


async def change_password(ctx: Context, current: str, new: str) -> None:
    """Replace the viewer's password and sign out every other device.

    Refused: CREDENTIALS_INVALID (wrong current one), PASSWORD_TOO_WEAK (says which rules), PASSWORD_UNCHANGED.
    """
    account = await Account.get(id=ctx.viewer.account_id)
    if not await ctx.ports.passwords.verify(account.password_hash, current):
        raise Refused(Code.CREDENTIALS_INVALID, "Le mot de passe actuel n'est pas le bon.", field=("currentPassword",))
    if current == new:
        raise Refused(
            Code.PASSWORD_UNCHANGED, "Choisissez un mot de passe différent de l'actuel.", field=("newPassword",)
        )
    _refuse_weak(ctx, new, account, "newPassword")
    await _store_password(ctx, account, await ctx.ports.passwords.hash(new), keep=ctx.viewer.session_id)


@unit_of_work
async def _store_password(ctx: Context, account: Account, hashed: str, keep: UUID | None) -> None:
    changed = await Account.filter(id=account.id, password_hash=account.password_hash).update(
        password_hash=hashed, password_is_generated=False
    )
    if not changed:
        raise Refused(Code.STATE_CONFLICT, "Le mot de passe vient d'être changé ailleurs. Reconnectez-vous.")
    others = Session.filter(account_id=account.id, revoked_at__isnull=True)
    await (others.exclude(id=keep) if keep else others).update(revoked_at=ctx.now)
    person = await Person.get(id=account.person_id)
    await enqueue_mail(
        ctx.commune,
        ctx.ports,
        ctx.now,
        Message.PASSWORD_CHANGED,
        Addressee(account.email, person.first_name),
        key=f"password:{account.id}:{ctx.now.isoformat()}",
    )


@unit_of_work
async def accept_terms(ctx: Context, version: str) -> None:
    """Record the proof that the viewer accepted the current terms. Refused: TERMS_OUTDATED for another version."""
    current = ctx.commune.ask(hookspecs.terms).version
    if version != current:
        raise Refused(
            Code.TERMS_OUTDATED,
            f"Les conditions générales ont changé : lisez et acceptez la version {current}.",
            field=("version",),
        )
    await TermsAcceptance.create(account_id=ctx.viewer.account_id, version=version, accepted_at=ctx.now)
    await Account.filter(id=ctx.viewer.account_id).update(accepted_terms=version)


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

    Before the first sign-in it is the activation that is sent again: nobody falls into a dead end.
    """
    account = await account_named(ctx, identifier)
    if account is None:
        return
    if account.activated_at is None:
        await invite(ctx, account.person_id, account.kind)
        return
    person = await Person.get(id=account.person_id)
    hours = ctx.commune.ask(hookspecs.account_openings).reset_valid_hours
    link = await _new_link(ctx, account, LinkPurpose.PASSWORD_RESET, hours)
    await enqueue_mail(
        ctx.commune,
        ctx.ports,
        ctx.now,
        Message.PASSWORD_RESET,
        Addressee(account.email, person.first_name),
        key=f"reset:{link.id}",
        link=ctx.link(f"mot-de-passe?token={link.token}"),
        until=say_instant(ctx.now + timedelta(hours=hours), ctx.commune.tz),
    )


async def reset_password(ctx: Context, token: str, new: str) -> str:
    """Choose a new password by a mailed link; every device is signed out. Returns the login.

    The link is spent only when the new password is accepted, so a weak choice can be corrected.
    """
    hashed = await ctx.ports.passwords.hash(new)
    return await _reset(ctx, token, new, hashed)


@unit_of_work
async def _reset(ctx: Context, token: str, new: str, hashed: str) -> str:
    account_id = await _use_link(ctx, token, LinkPurpose.PASSWORD_RESET)
    account = await Account.get(id=account_id)
    _refuse_weak(ctx, new, account, "newPassword")
    with everything_in_sight():  # the mailed link is the proof
        await _store_password(ctx, account, hashed, keep=None)
    return account.login
