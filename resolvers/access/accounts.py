"""Accounts: invited by the service, activated by a one-time link, in use once the terms are accepted."""

from dataclasses import dataclass
from uuid import UUID

from email_validator import EmailNotValidError, validate_email

from plugins import hookspecs
from plugins.rules.accounts import Opening
from plugins.rules.wording import Message
from resolvers.access.links import holds, new_link, use_link
from resolvers.access.passwords import generate_password, refuse_weak
from resolvers.access.service_keys import braked, spend_key
from resolvers.context import AccountKind, AgentRight, Context
from resolvers.errors import Code, Refused, not_found
from resolvers.models import Account, Membership, Person, TermsAcceptance
from resolvers.models.accounts import LinkPurpose
from resolvers.models.scope import everything_in_sight
from resolvers.models.tenancy import unit_of_work
from resolvers.outbox import Addressee, enqueue_mail


async def free_login(ctx: Context, email: str, person: Person) -> str:
    """The login the commune's rule proposes to a person; when two would share it, the next ones get a number."""
    proposed = ctx.commune.ask(hookspecs.login_identifier).propose(email, person.first_name, person.last_name)[:110]
    others = Account.filter(login__startswith=proposed).exclude(person_id=person.id)
    taken = {account.login for account in await others.only("login")}
    candidates = (proposed if number == 1 else f"{proposed}{number}" for number in range(1, len(taken) + 2))
    return next(login for login in candidates if login not in taken)


def well_written(email: str, *field: str) -> str:
    """The address as it is written to. Refused: INVALID when no mail could ever reach it."""
    try:
        found = validate_email(email.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise Refused(Code.INVALID, "Cette adresse e-mail est mal écrite : corrigez-la.", field=field) from error
    return found.normalized


def _chooses_password(ctx: Context, kind: AccountKind) -> bool:
    """True where families choose their password behind the link: of the two ways by mail, the first one listed."""
    by_mail = (Opening.ACTIVATION_MAIL, Opening.ACTIVATION_CODE)
    ways = [way for way in ctx.commune.ask(hookspecs.account_openings).ways if way in by_mail]
    return kind is AccountKind.FAMILY and ways[:1] == [Opening.ACTIVATION_CODE]


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a person receives by mail: the login, the link and its last instant, the password if one was generated."""

    login: str
    url: str
    until: str
    password: str | None


@unit_of_work
async def invite(
    ctx: Context, person_id: UUID, kind: AccountKind = AccountKind.FAMILY, rights: frozenset[AgentRight] = frozenset()
) -> Invitation:
    """Open an account for a person and mail its activation link, with its login and a generated password.

    Where families choose their password, and for who signed up alone, the link is bound to the e-mail instead.
    Called again for a person who has not activated yet, it sends a new link to the e-mail of now, and makes the
    former ones useless.
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
    email = ctx.commune.ask(hookspecs.login_identifier).normalise(well_written(person.email, "personId"))
    if await Account.filter(email=email).exclude(person_id=person_id).exists():
        raise Refused(
            Code.STATE_CONFLICT,
            "Cette adresse e-mail ouvre déjà le compte d'une autre personne : chacun a la sienne.",
            field=("personId",),
        )
    chooses = _chooses_password(ctx, kind) if account is None else account.password_hash is None
    password = None if chooses else generate_password(ctx.commune.ask(hookspecs.password_policy))
    hashed = None if password is None else await ctx.ports.passwords.hash(password)
    if account is None:
        account = await new_account(ctx, person, email, kind, rights, hashed)
    else:
        account.email, account.password_hash, account.password_is_generated = email, hashed, hashed is not None
        await account.save(update_fields=["email", "password_hash", "password_is_generated"])
    return await send_activation(ctx, account, person, password)


@unit_of_work
async def invite_again(ctx: Context, account: Account) -> None:
    """Mail another way to open an account that waits, to anybody who types its address: strangers may.

    So the link and the password that were mailed before stay good until they are used or expire; a password is chosen
    behind the new link. Once they have expired, or the person has another e-mail, it is a whole invitation.
    Refused: as :func:`invite`.
    """
    person = await Person.get(id=account.person_id)
    same = ctx.commune.ask(hookspecs.login_identifier).normalise(person.email) == account.email
    if same and await holds(ctx, account, LinkPurpose.ACTIVATION):
        await send_activation(ctx, account, person, None, replaces=False)
    else:
        await invite(ctx, account.person_id, account.kind)


async def new_account(
    ctx: Context,
    person: Person,
    email: str,
    kind: AccountKind = AccountKind.FAMILY,
    rights: frozenset[AgentRight] = frozenset(),
    generated: str | None = None,
) -> Account:
    """Write an account that waits for its activation; ``generated`` is the hash of a password the person was sent."""
    account: Account = await Account.create(
        kind=kind,
        login=await free_login(ctx, email, person),
        email=email,
        password_hash=generated,
        password_is_generated=generated is not None,
        rights=sorted(right.value for right in rights),
        person_id=person.id,
        created_at=ctx.now,
    )
    return account


async def send_activation(
    ctx: Context, account: Account, person: Person, password: str | None, *, replaces: bool = True
) -> Invitation:
    """Mail the link that opens an account; without a generated password, one is chosen behind it.

    Such a link is bound to the e-mail. It ``replaces`` the former ones, or leaves them as good as they were.
    """
    link = await new_link(ctx, account, LinkPurpose.ACTIVATION, bound=password is None, replaces=replaces)
    generated = {} if password is None else {"password": password}
    await enqueue_mail(
        ctx.commune,
        ctx.ports,
        ctx.now,
        Message.ACCOUNT_OPENING if password is None else Message.ACCOUNT_ACTIVATION,
        Addressee(account.email, person.first_name, _full_name(person)),
        key=f"activation:{link.id}",
        login=account.login,
        link=link.url,
        until=link.until,
        **generated,
    )
    return Invitation(account.login, link.url, link.until, password)


def _full_name(person: Person) -> str:
    return " ".join(part for part in (person.title, person.first_name, person.last_name) if part)


@dataclass(frozen=True, slots=True)
class Activation:
    """What opens an account: the link's code, its e-mail where it has one, a password if none was generated, a key."""

    token: str
    email: str = ""
    password: str = ""
    service_key: str = ""


async def activate(ctx: Context, given: Activation) -> str:
    """Make an account usable by its mailed link; returns the login to sign in with.

    Refused: LINK_INVALID, and those after which the link can be used again: BLANK without a password or a needed key,
    PASSWORD_TOO_WEAK, KEY_INVALID, THROTTLED.
    """
    hashed = await ctx.ports.passwords.hash(given.password) if given.password else None
    return await braked(ctx, f"link:{given.token}", lambda: _activate(ctx, given, hashed))


@unit_of_work
async def _activate(ctx: Context, given: Activation, hashed: str | None) -> str:
    account = await Account.get(id=await use_link(ctx, given.token, LinkPurpose.ACTIVATION, given.email))
    chosen = account.password_hash is None
    if hashed is None and chosen:
        raise Refused(Code.BLANK, "Choisissez un mot de passe pour ouvrir votre espace.", field=("newPassword",))
    if hashed is not None:
        refuse_weak(ctx, given.password, account, "newPassword")
        await Account.filter(id=account.id).update(password_hash=hashed, password_is_generated=False)
    if given.service_key:
        await spend_key(ctx, given.service_key, account)
    elif await _needs_key(ctx, account):
        raise Refused(Code.BLANK, ctx.commune.ask(hookspecs.account_openings).contact, field=("serviceKey",))
    await Account.filter(id=account.id).update(activated_at=ctx.now)
    if chosen:
        await _tell_it_is_created(ctx, account.id)
    return account.login


async def _tell_it_is_created(ctx: Context, account_id: UUID) -> None:
    """Mail who chose a password behind the link that the account is open; the others are still to sign in with theirs.

    A key may just have given the account to a person that the service knew already.
    """
    with everything_in_sight():  # nobody is signed in yet
        account = await Account.get(id=account_id)
        person = await Person.get(id=account.person_id)
    await enqueue_mail(
        ctx.commune,
        ctx.ports,
        ctx.now,
        Message.ACCOUNT_CREATED,
        Addressee(account.email, person.first_name, _full_name(person)),
        key=f"created:{account.id}",
        login=account.login,
        link=ctx.home,
    )


async def _needs_key(ctx: Context, account: Account) -> bool:
    """True for who signed up alone where the commune only knows families by their key."""
    openings = ctx.commune.ask(hookspecs.account_openings)
    only_by_key = openings.allows(Opening.SERVICE_KEY) and not openings.allows(Opening.SELF_SIGN_UP)
    if not only_by_key or account.kind is AccountKind.AGENT:
        return False
    with everything_in_sight():  # nobody is signed in yet
        return not await Membership.filter(person_id=account.person_id).exists()


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
