"""Signing in and keeping one's account."""

from datetime import datetime
from uuid import UUID

import strawberry

from resolvers.access import accounts, passwords, recovery, sign_in
from resolvers.context import Context
from resolvers.models.accounts import SessionKind
from schema.commune import PasswordCheck
from schema.enums import SessionTransport, Step
from schema.payloads import Payload
from schema.relay import Node, global_id, require_uuid


@strawberry.type(description="A signed-in device.")
class Session(Node):
    """See ``resolvers.models.accounts.Session``."""

    transport: SessionTransport = strawberry.field(description="How it is presented.")
    user_agent: str = strawberry.field(description="What the device said of itself.")
    created_at: datetime = strawberry.field(description="When the person signed in.")
    ends_at: datetime = strawberry.field(description="When it ends at the latest.")
    is_current: bool = strawberry.field(description="True for the session of this request.")


async def sessions_of(ctx: Context) -> list[Session]:
    """The viewer's live sessions, newest first."""
    return [
        Session(
            id=global_id("Session", row.id),
            transport=SessionTransport[row.kind.name],
            user_agent=row.user_agent,
            created_at=row.created_at,
            ends_at=row.ends_at,
            is_current=row.id == ctx.viewer.session_id,
        )
        for row in await sign_in.sessions_of(ctx)
    ]


@strawberry.input(description="Input of `accountActivate`.")
class AccountActivateInput:
    """What the mailed link says, and a password where none was generated."""

    token: str = strawberry.field(description="The token in the activation link.")
    email: str = strawberry.field(description="The e-mail address in the link, when it has one.", default="")
    new_password: str = strawberry.field(
        description="The password to sign in with. Required unless the mail gave one.", default=""
    )
    service_key: str = strawberry.field(
        description="The « clé enfance » that an agent told, if any: the account opens its household.", default=""
    )


@strawberry.type(description="Answer of `accountActivate`.")
class AccountActivatePayload(Payload):
    """The account can sign in now."""

    login: str | None = strawberry.field(description="The login to sign in with.", default=None)


async def activate(ctx: Context, input: AccountActivateInput) -> AccountActivatePayload:
    """Spend an activation link."""
    given = accounts.Activation(input.token, input.email, input.new_password, input.service_key)
    return AccountActivatePayload(login=await accounts.activate(ctx, given))


@strawberry.input(description="Input of `sessionOpen`.")
class SessionOpenInput:
    """What a person types to sign in."""

    identifier: str = strawberry.field(description="The login, or the e-mail address.")
    password: str = strawberry.field(description="The password.")
    code: str = strawberry.field(description="The one-time code, for agents who have a second factor.", default="")
    transport: SessionTransport = strawberry.field(
        description="How the session will be presented.", default=SessionTransport.COOKIE
    )


@strawberry.type(description="Tokens of a bearer session. They are shown once.")
class SessionTokens:
    """What a mobile application keeps."""

    access_token: str = strawberry.field(description="To send as `Authorization: Bearer …`.")
    refresh_token: str = strawberry.field(description="To exchange once with `sessionRefresh`.")
    expires_at: datetime = strawberry.field(description="When the access token stops working.")

    @classmethod
    def of(cls, opened: sign_in.OpenedSession) -> "SessionTokens | None":
        """The tokens of a bearer session; None for a cookie, whose token is never shown."""
        if opened.refresh_token is None:
            return None
        return cls(access_token=opened.token, refresh_token=opened.refresh_token, expires_at=opened.expires_at)


@strawberry.type(description="Answer of `sessionOpen`.")
class SessionOpenPayload(Payload):
    """A session is open."""

    steps: list[Step] = strawberry.field(
        description="What must still be done before using the portal.", default_factory=list
    )
    tokens: SessionTokens | None = strawberry.field(description="Null for a cookie session.", default=None)


async def open_session(ctx: Context, input: SessionOpenInput) -> SessionOpenPayload:
    """Sign in."""
    kind = SessionKind[input.transport.name]
    opened = await sign_in.open_session(ctx, input.identifier, input.password, kind, input.code)
    if opened.refresh_token is None and ctx.carrier is not None:
        ctx.carrier.keep(opened.token, opened.expires_at)
    return SessionOpenPayload(steps=await _steps_of(ctx, opened.account_id), tokens=SessionTokens.of(opened))


async def _steps_of(ctx: Context, account_id: UUID) -> list[Step]:
    return [Step[step.name] for step in await sign_in.steps_of(ctx, account_id)]


@strawberry.input(description="Input of `sessionRefresh`.")
class SessionRefreshInput:
    """A refresh token, used once."""

    refresh_token: str = strawberry.field(description="The last refresh token received.")


@strawberry.type(description="Answer of `sessionRefresh`.")
class SessionRefreshPayload(Payload):
    """The session goes on."""

    steps: list[Step] = strawberry.field(
        description="What must still be done before using the portal.", default_factory=list
    )
    tokens: SessionTokens | None = strawberry.field(description="The new tokens; null when refused.", default=None)


async def refresh(ctx: Context, input: SessionRefreshInput) -> SessionRefreshPayload:
    """Exchange a refresh token."""
    opened = await sign_in.refresh_session(ctx, input.refresh_token)
    return SessionRefreshPayload(steps=await _steps_of(ctx, opened.account_id), tokens=SessionTokens.of(opened))


@strawberry.type(description="Answer of `sessionClose`.")
class SessionClosePayload(Payload):
    """Signed out."""

    closed: bool = strawberry.field(description="True when this device is signed out.", default=False)


async def close(ctx: Context) -> SessionClosePayload:
    """Sign out this device."""
    await sign_in.close_session(ctx)
    if ctx.carrier is not None:
        ctx.carrier.forget()
    return SessionClosePayload(closed=True)


@strawberry.input(description="Input of `sessionRevoke`.")
class SessionRevokeInput:
    """One of the viewer's devices."""

    id: strawberry.ID = strawberry.field(description="The session to end.")


@strawberry.type(description="Answer of `sessionRevoke`.")
class SessionRevokePayload(Payload):
    """A device is signed out."""

    id: strawberry.ID | None = strawberry.field(description="The session that ended.", default=None)


async def revoke(ctx: Context, input: SessionRevokeInput) -> SessionRevokePayload:
    """End one of the viewer's sessions."""
    key = require_uuid(input.id, "Session", what="Session", field="id")
    await sign_in.revoke_session(ctx, key)
    return SessionRevokePayload(id=input.id)


@strawberry.type(description="Answer of `sessionsRevoke`.")
class SessionsRevokePayload(Payload):
    """Every other device is signed out."""

    revoked_count: int = strawberry.field(description="How many were signed in.", default=0)


async def revoke_others(ctx: Context) -> SessionsRevokePayload:
    """End the viewer's sessions but this one."""
    return SessionsRevokePayload(revoked_count=await sign_in.revoke_other_sessions(ctx))


@strawberry.input(description="Input of `passwordCheck`.")
class PasswordCheckInput:
    """A password while it is typed."""

    candidate: str = strawberry.field(description="What has been typed so far. It is not kept.")
    identifier: str = strawberry.field(
        description="The login or the e-mail address the password is for, when nobody is signed in.", default=""
    )


@strawberry.type(description="Answer of `passwordCheck`.")
class PasswordCheckPayload(Payload):
    """One tick per rule."""

    checks: list[PasswordCheck] = strawberry.field(description="One entry per rule.", default_factory=list)


async def check_password(ctx: Context, input: PasswordCheckInput) -> PasswordCheckPayload:
    """Tick the rules for a candidate."""
    checks = passwords.password_checks(ctx, input.candidate[:1000], input.identifier[:254])
    return PasswordCheckPayload(checks=[PasswordCheck.of(check) for check in checks])


@strawberry.input(description="Input of `passwordChange`.")
class PasswordChangeInput:
    """The old and the new password."""

    current_password: str = strawberry.field(description="The password that works now.")
    new_password: str = strawberry.field(description="The one that shall work from now on.")


@strawberry.type(description="Answer of `passwordChange`.")
class PasswordChangePayload(Payload):
    """The password is changed; every other device is signed out."""

    steps: list[Step] = strawberry.field(description="What must still be done.", default_factory=list)


async def change_password(ctx: Context, input: PasswordChangeInput) -> PasswordChangePayload:
    """Replace the viewer's password."""
    await passwords.change_password(ctx, input.current_password, input.new_password)
    return PasswordChangePayload(steps=await _steps_left(ctx))


async def _steps_left(ctx: Context) -> list[Step]:
    if ctx.viewer.account_id is None:
        return []
    return await _steps_of(ctx, ctx.viewer.account_id)


@strawberry.input(description="Input of `passwordResetRequest`.")
class PasswordResetRequestInput:
    """Whoever forgot a password."""

    identifier: str = strawberry.field(description="The login, or the e-mail address.")


@strawberry.type(description="Answer of `passwordResetRequest`.")
class PasswordResetRequestPayload(Payload):
    """The same answer whether the account exists or not."""

    message: str = strawberry.field(description="What to tell the person, in French.", default="")


async def request_reset(ctx: Context, input: PasswordResetRequestInput) -> PasswordResetRequestPayload:
    """Mail a way back in, if the account exists."""
    await recovery.request_password_reset(ctx, input.identifier[:254])
    return PasswordResetRequestPayload(
        message="Si un compte correspond, un mail vient de lui être envoyé. Pensez à vérifier les courriers "
        "indésirables."
    )


@strawberry.input(description="Input of `passwordReset`.")
class PasswordResetInput:
    """A mailed token and a new password."""

    token: str = strawberry.field(description="The token in the mailed link.")
    new_password: str = strawberry.field(description="The new password.")


@strawberry.type(description="Answer of `passwordReset`.")
class PasswordResetPayload(Payload):
    """The password is changed; every device is signed out."""

    login: str | None = strawberry.field(description="The login to sign in with.", default=None)


async def reset_password(ctx: Context, input: PasswordResetInput) -> PasswordResetPayload:
    """Choose a new password by a mailed link."""
    return PasswordResetPayload(login=await recovery.reset_password(ctx, input.token, input.new_password))


@strawberry.input(description="Input of `termsAccept`.")
class TermsAcceptInput:
    """The version that was read."""

    version: str = strawberry.field(description="The version of `commune.terms`.")


@strawberry.type(description="Answer of `termsAccept`.")
class TermsAcceptPayload(Payload):
    """The acceptance is recorded."""

    steps: list[Step] = strawberry.field(description="What must still be done.", default_factory=list)


async def accept_terms(ctx: Context, input: TermsAcceptInput) -> TermsAcceptPayload:
    """Record the proof of acceptance."""
    await accounts.accept_terms(ctx, input.version)
    return TermsAcceptPayload(steps=await _steps_left(ctx))


@strawberry.input(description="Input of `accountInvite`.")
class AccountInviteInput:
    """A person of a household."""

    person_id: strawberry.ID = strawberry.field(description="The person to invite.")


@strawberry.type(description="Answer of `accountInvite`.")
class AccountInvitePayload(Payload):
    """The activation mail will leave."""

    login: str | None = strawberry.field(description="The login of the account.", default=None)


async def invite(ctx: Context, input: AccountInviteInput) -> AccountInvitePayload:
    """Open an account for a person, or send its activation again."""
    key = require_uuid(input.person_id, "Person", what="Personne", field="personId")
    return AccountInvitePayload(login=(await accounts.invite(ctx, key)).login)
