"""Passwords of the commune's policy: generated, checked while they are typed, changed."""

import secrets
import string
from uuid import UUID

from plugins import hookspecs
from plugins.rules.accounts import PasswordCheck, PasswordPolicy
from plugins.rules.wording import Message
from resolvers.access.brakes import Brakes, forgive
from resolvers.context import Context
from resolvers.errors import Code, Refused
from resolvers.models import Account, Person, Session
from resolvers.models.tenancy import unit_of_work
from resolvers.outbox import Addressee, enqueue_mail


def generate_password(policy: PasswordPolicy) -> str:
    """A random password the policy accepts, without letters that are mistaken for one another when copied."""
    letters = "".join(set(string.ascii_letters + string.digits) - set("0O1lI"))
    length = max(12, policy.min_length)
    while True:
        candidate = "".join(secrets.choice(letters) for _ in range(length))
        if policy.accepts(candidate):
            return candidate


def password_checks(ctx: Context, candidate: str, identifier: str = "") -> tuple[PasswordCheck, ...]:
    """One (rule, satisfied) pair per rule of the commune, for a front end to tick while the person types.

    ``identifier``: the login or the e-mail the password is for, when nobody is signed in yet.
    """
    return ctx.commune.ask(hookspecs.password_policy).check(
        candidate, ctx.viewer.login, ctx.viewer.email, identifier.strip()
    )


def refuse_weak(ctx: Context, password: str, account: Account, *field: str) -> None:
    """Refused: PASSWORD_TOO_WEAK, with every rule that the password does not respect."""
    checks = ctx.commune.ask(hookspecs.password_policy).check(password, account.login, account.email)
    unmet = [check.label for check in checks if not check.satisfied]
    if unmet:
        raise Refused(Code.PASSWORD_TOO_WEAK, f"Mot de passe refusé. Il manque : {' ; '.join(unmet)}.", field=field)


async def require_password(ctx: Context, typed: str, field: str) -> Account:
    """The viewer's account, once its password was typed again: a session left open is not enough to take it over.

    Failures are braked, apart from those of sign-in: nobody keeps the owner out by guessing here.
    Refused: CREDENTIALS_INVALID, THROTTLED with ``until`` after repeated failures.
    """
    account = await Account.get(id=ctx.viewer.account_id)
    name = f"own-password:{account.id}"
    brakes = Brakes.of(ctx, name, None)
    await brakes.refuse_or_hold(ctx.now, "déconnectez-vous et demandez un nouveau mot de passe")
    if not await ctx.ports.passwords.verify(account.password_hash, typed):
        await brakes.count_failure(ctx.now)
        raise Refused(Code.CREDENTIALS_INVALID, "Le mot de passe actuel n'est pas le bon.", field=(field,))
    await forgive(account.id, {name})
    return account


async def change_password(ctx: Context, current: str, new: str) -> None:
    """Replace the viewer's password and sign out every other device.

    Refused: as :func:`require_password`, PASSWORD_TOO_WEAK (says which rules), PASSWORD_UNCHANGED.
    """
    account = await require_password(ctx, current, "currentPassword")
    if current == new:
        raise Refused(
            Code.PASSWORD_UNCHANGED, "Choisissez un mot de passe différent de l'actuel.", field=("newPassword",)
        )
    refuse_weak(ctx, new, account, "newPassword")
    await store_password(ctx, account, await ctx.ports.passwords.hash(new), keep=ctx.viewer.session_id)


@unit_of_work
async def store_password(ctx: Context, account: Account, hashed: str, keep: UUID | None) -> None:
    """Replace a password, sign out every device but ``keep``, and say so by mail. Refused: STATE_CONFLICT."""
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
