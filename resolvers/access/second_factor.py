"""Time-based one-time passwords of agents: enrolled, confirmed, asked at each sign-in, removed by a colleague."""

import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass

from tortoise.expressions import Q

from plugins import hookspecs
from plugins.rules.one_time_codes import enrolment_uri, matching_step, written
from plugins.rules.wording import Message
from resolvers.access.brakes import Brakes
from resolvers.access.passwords import require_password
from resolvers.context import AccountKind, Context
from resolvers.errors import Code, Refused, not_found
from resolvers.models import Account, Person, SecondFactor
from resolvers.models.tenancy import unit_of_work
from resolvers.outbox import Addressee, enqueue_mail

SECRET_BYTES = 20  # RFC 4226 §4 R6


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app needs, shown once: the address of the QR code, and the secret to copy instead."""

    uri: str
    secret: str


async def start_second_factor(ctx: Context, password: str) -> Enrolment:
    """Draw a secret for the viewer, in force once a code confirms it; a former one never confirmed is forgotten.

    Refused: as ``passwords.require_password``, STATE_CONFLICT when a second factor is in force.
    """
    await require_password(ctx, password, "password")
    return await _start(ctx)


@unit_of_work
async def _start(ctx: Context) -> Enrolment:
    if await has_second_factor(ctx):
        raise Refused(
            Code.STATE_CONFLICT, "La double authentification est déjà en place : un collègue peut la retirer."
        )
    await SecondFactor.filter(account_id=ctx.viewer.account_id).delete()
    secret = secrets.token_bytes(SECRET_BYTES)
    await SecondFactor.create(
        account_id=ctx.viewer.account_id,
        sealed_secret=ctx.ports.sealer.seal(b64encode(secret).decode("ascii")),
        created_at=ctx.now,
    )
    issuer = f"Portail famille {ctx.commune.identity.name}"
    return Enrolment(enrolment_uri(secret, issuer, ctx.viewer.email), written(secret))


async def confirm_second_factor(ctx: Context, code: str) -> None:
    """Put the viewer's second factor in force by a first code.

    Refused: STATE_CONFLICT when none was started, CREDENTIALS_INVALID for another code, THROTTLED after several.
    """
    brakes = Brakes.of(ctx, f"second-factor:{ctx.viewer.account_id}", None)
    await brakes.refuse_or_hold(ctx.now, "recommencez l'enregistrement")
    factor = await SecondFactor.get_or_none(account_id=ctx.viewer.account_id, confirmed_at__isnull=True)
    if factor is None:
        raise Refused(Code.STATE_CONFLICT, "Commencez par enregistrer votre application.")
    if not await spend_code(ctx, factor, code):
        await brakes.count_failure(ctx.now)
        raise code_refused()
    await SecondFactor.filter(id=factor.id).update(confirmed_at=ctx.now)


async def has_second_factor(ctx: Context) -> bool:
    """True when the viewer signs in with a code."""
    return await SecondFactor.filter(account_id=ctx.viewer.account_id, confirmed_at__isnull=False).exists()


@unit_of_work
async def spend_code(ctx: Context, factor: SecondFactor, code: str) -> bool:
    """True when a code is the one of now, give or take a step, and was never spent; it is from then on."""
    secret = b64decode(ctx.ports.sealer.unseal(factor.sealed_secret))
    step = matching_step(secret, code, ctx.now, after=factor.last_step)
    return step is not None and bool(await SecondFactor.filter(id=factor.id, last_step__lt=step).update(last_step=step))


def code_refused() -> Refused:
    """The refusal of a code that is wrong, spent or out of time."""
    return Refused(
        Code.CREDENTIALS_INVALID,
        "Ce code n'est pas le bon ou a déjà servi : attendez le suivant, et vérifiez l'heure de votre téléphone.",
        field=("code",),
    )


@unit_of_work
async def remove_second_factor(ctx: Context, login: str) -> None:
    """Let a colleague who lost their telephone sign in without a code; a mail tells them.

    Refused: NOT_FOUND for whoever has none, STATE_CONFLICT for oneself: another agent does it.
    """
    name = ctx.commune.ask(hookspecs.login_identifier).normalise(login)
    account = await Account.filter(Q(login=name) | Q(email=name), kind=AccountKind.AGENT).first()
    if account is not None and account.id == ctx.viewer.account_id:
        raise Refused(Code.STATE_CONFLICT, "Demandez à un collègue de le faire pour vous.", field=("login",))
    if account is None or not await SecondFactor.filter(account_id=account.id).delete():
        raise not_found("Double authentification", "login")
    person = await Person.get(id=account.person_id)
    await enqueue_mail(
        ctx.commune,
        ctx.ports,
        ctx.now,
        Message.SECOND_FACTOR_REMOVED,
        Addressee(account.email, person.first_name),
        key=f"second-factor:{account.id}:{ctx.now.isoformat()}",
    )
