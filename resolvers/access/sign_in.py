"""Signing in: sessions, tokens, and the brakes on guessing. Nothing here tells whether an account exists."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from plugins import hookspecs
from resolvers.access.brakes import Brakes, forgive
from resolvers.access.second_factor import code_refused, spend_code
from resolvers.access.tokens import fingerprint, new_token
from resolvers.context import AccountKind, AgentRight, Context, HouseholdRights, Step, Viewer
from resolvers.errors import Code, Refused
from resolvers.models import Account, Membership, Person, RefreshToken, SecondFactor, Session
from resolvers.models.accounts import SessionKind
from resolvers.models.scope import Scope, everything_in_sight
from resolvers.models.tenancy import unit_of_work

COOKIE_LIFE = timedelta(hours=10)
ACCESS_LIFE = timedelta(minutes=15)
BEARER_LIFE = timedelta(days=60)
RETRY_GRACE = timedelta(seconds=10)  # a phone that lost our answer may present the same refresh token again


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A new session. The tokens exist in clear only here; ``refresh_token`` is for bearer sessions."""

    session_id: UUID
    account_id: UUID
    token: str
    expires_at: datetime
    refresh_token: str | None = None


async def open_session(
    ctx: Context, identifier: str, password: str, kind: SessionKind, code: str = ""
) -> OpenedSession:
    """Sign in with the login or the e-mail. Unknown accounts and wrong passwords get the same answer, as slowly.

    ``code`` is the one-time code of agents who have a second factor.
    Refused: CREDENTIALS_INVALID, SECOND_FACTOR_REQUIRED (the password is right), or THROTTLED with ``until`` after
    repeated failures.
    """
    name = ctx.commune.ask(hookspecs.login_identifier).normalise(identifier)
    account = await account_named(ctx, name)
    brakes = Brakes.of(ctx, name, account.id if account else None)
    held = await brakes.refuse_or_hold(ctx.now, "demandez un nouveau mot de passe")
    stored = account.password_hash if account and not held else None
    matches = await ctx.ports.passwords.verify(stored, password)
    if account is None or not matches or account.activated_at is None:
        await brakes.count_failure(ctx.now)
        raise Refused(
            Code.CREDENTIALS_INVALID,
            "Identifiant ou mot de passe incorrect. Si vous n'avez jamais activé votre compte, ouvrez d'abord le lien "
            "reçu par mail ; sinon, demandez un nouveau mot de passe. Après plusieurs essais, attendez un quart "
            "d'heure.",
            field=("identifier",),
        )
    await _check_code(ctx, account, code, brakes)
    return await _open(ctx, account, kind)


async def _check_code(ctx: Context, account: Account, code: str, brakes: Brakes) -> None:
    if account.kind is not AccountKind.AGENT:
        return
    factor = await SecondFactor.get_or_none(account_id=account.id, confirmed_at__isnull=False)
    if factor is None:
        return
    if not code:
        raise Refused(
            Code.SECOND_FACTOR_REQUIRED,
            "Saisissez le code que montre votre application d'authentification.",
            field=("code",),
        )
    if not await spend_code(ctx, factor, code):
        await brakes.count_failure(ctx.now)
        raise code_refused()


async def account_named(ctx: Context, typed: str) -> Account | None:
    """The account of this login or e-mail, typed without care; None when there is none."""
    value = ctx.commune.ask(hookspecs.login_identifier).normalise(typed)
    column, longest = ("email", 254) if "@" in value else ("login", 120)  # what is longer names nobody
    return await Account.filter(**{column: value}).first() if len(value) <= longest else None


@unit_of_work
async def _open(ctx: Context, account: Account, kind: SessionKind) -> OpenedSession:
    await forgive(account.id, {account.login, account.email})
    token = new_token()
    life, ends = (COOKIE_LIFE, COOKIE_LIFE) if kind is SessionKind.COOKIE else (ACCESS_LIFE, BEARER_LIFE)
    session = await Session.create(
        account_id=account.id,
        kind=kind,
        token_hash=fingerprint(token),
        created_at=ctx.now,
        expires_at=ctx.now + life,
        ends_at=ctx.now + ends,
        user_agent=ctx.user_agent[:200],
    )
    refresh = await _new_refresh_token(session.id) if kind is SessionKind.BEARER else None
    return OpenedSession(session.id, account.id, token, session.expires_at, refresh)


async def _new_refresh_token(session_id: UUID) -> str:
    token = new_token()
    await RefreshToken.create(session_id=session_id, token_hash=fingerprint(token))
    return token


async def refresh_session(ctx: Context, refresh_token: str) -> OpenedSession:
    """Exchange a refresh token for new tokens. A token that was already spent revokes the session: it was stolen."""
    opened = await _refresh(ctx, fingerprint(refresh_token))
    if opened is None:
        raise Refused(Code.CREDENTIALS_INVALID, "Votre session a pris fin. Reconnectez-vous.", field=("refreshToken",))
    return opened


@unit_of_work
async def _refresh(ctx: Context, token_hash: str) -> OpenedSession | None:
    presented = await RefreshToken.filter(token_hash=token_hash).select_for_update().first()
    if presented is None:
        return None
    session = await Session.get(id=presented.session_id)
    if session.revoked_at is not None or session.ends_at <= ctx.now:
        return None
    if presented.spent_at is not None and ctx.now - presented.spent_at > RETRY_GRACE:
        await Session.filter(id=session.id).update(revoked_at=ctx.now)
        return None
    if presented.spent_at is None:
        await RefreshToken.filter(id=presented.id).update(spent_at=ctx.now)
    token = new_token()
    expires_at = min(ctx.now + ACCESS_LIFE, session.ends_at)
    await Session.filter(id=session.id).update(token_hash=fingerprint(token), expires_at=expires_at)
    return OpenedSession(session.id, session.account_id, token, expires_at, await _new_refresh_token(session.id))


@unit_of_work
async def close_session(ctx: Context) -> None:
    """Sign out this device."""
    await Session.filter(id=ctx.viewer.session_id).update(revoked_at=ctx.now)


@unit_of_work
async def revoke_session(ctx: Context, session_id: UUID) -> None:
    """Sign out one of the viewer's own devices; NOT_FOUND for any other."""
    changed = await Session.filter(id=session_id, account_id=ctx.viewer.account_id, revoked_at__isnull=True).update(
        revoked_at=ctx.now
    )
    if not changed:
        raise Refused(Code.NOT_FOUND, "Cette session n'existe pas ou est déjà fermée.", field=("id",))


@unit_of_work
async def revoke_other_sessions(ctx: Context) -> int:
    """Sign out every device of the viewer but this one; returns how many."""
    others = Session.filter(account_id=ctx.viewer.account_id, revoked_at__isnull=True, ends_at__gt=ctx.now)
    return await others.exclude(id=ctx.viewer.session_id).update(revoked_at=ctx.now)


async def sessions_of(ctx: Context) -> list[Session]:
    """The viewer's live sessions, newest first."""
    return (
        await Session.filter(account_id=ctx.viewer.account_id, revoked_at__isnull=True, ends_at__gt=ctx.now)
        .order_by("-created_at")
        .limit(100)
    )


async def viewer_of(token: str, now: datetime, terms_version: str) -> tuple[Viewer, Scope] | None:
    """Who presents this token, and what they may see; None when it is unknown, expired or revoked."""
    with everything_in_sight():  # the token itself is the proof; nothing is known of the viewer before
        session = await Session.get_or_none(
            token_hash=fingerprint(token), revoked_at__isnull=True, expires_at__gt=now
        ).select_related("account__person")
        if session is None:
            return None
        account = session.account
        links = await Membership.filter(person_id=account.person_id, sees=True).values(
            "household_id", "sees", "books", "pays"
        )
        households = {link["household_id"]: HouseholdRights(**link) for link in links}
        persons = await _persons_seen(account, frozenset(households))
    viewer = _viewer(session, account, households, terms_version)
    sees_all = account.kind is AccountKind.AGENT and viewer.services is None
    return viewer, Scope(frozenset(households), persons, everything=sees_all, services=viewer.services)


async def _persons_seen(account: Account, households: frozenset[UUID]) -> frozenset[UUID]:
    if account.kind is AccountKind.AGENT or not households:
        return frozenset({account.person_id})
    members = await Membership.filter(household_id__in=list(households)).only("person_id")
    return frozenset(member.person_id for member in members) | {account.person_id}


async def steps_of(ctx: Context, account_id: UUID) -> tuple[Step, ...]:
    """What the person must still do before using the portal."""
    account = await Account.get(id=account_id)
    return _steps(account, ctx.commune.ask(hookspecs.terms).version)


def _steps(account: Account, terms_version: str) -> tuple[Step, ...]:
    to_change = (Step.CHANGE_PASSWORD,) if account.password_is_generated else ()
    outdated = account.kind is AccountKind.FAMILY and account.accepted_terms != terms_version
    return (*to_change, Step.ACCEPT_TERMS) if outdated else to_change


def _services(account: Account) -> frozenset[str] | None:
    """The services an agent is limited to; None for families too, whose limit is their households."""
    limited = account.kind is AccountKind.AGENT and account.services is not None
    return frozenset(account.services or ()) if limited else None


def _viewer(session: Session, account: Account, households: dict[UUID, HouseholdRights], terms_version: str) -> Viewer:
    person: Person = account.person
    return Viewer(
        account_id=account.id,
        session_id=session.id,
        kind=account.kind,
        person_id=account.person_id,
        login=account.login,
        email=account.email,
        first_name=person.first_name,
        last_name=person.last_name,
        steps=_steps(account, terms_version),
        rights=frozenset(AgentRight(right) for right in account.rights),
        services=_services(account),
        households=households,
    )
