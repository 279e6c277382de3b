"""Agents of the service: who runs the portal invites the first, colleagues who have their rights invite the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from plugins import hookspecs
from plugins.rules.french import say_list
from resolvers.access.accounts import Invitation, invite, well_written
from resolvers.context import AccountKind, AgentRight, Context
from resolvers.errors import Code, Refused, not_found
from resolvers.models import Account, Person, Session
from resolvers.models.scope import everything_in_sight
from resolvers.models.tenancy import unit_of_work


@dataclass(frozen=True, slots=True)
class Colleague:
    """An agent as its colleagues read it; without rights it may do nothing, and ``services`` None means all."""

    id: UUID
    first_name: str
    last_name: str
    login: str
    email: str
    rights: frozenset[AgentRight]
    services: tuple[str, ...] | None
    activated_at: datetime | None

    @classmethod
    def of(cls, account: Account) -> "Colleague":
        """The agent of an account, read with its person."""
        return cls(
            id=account.id,
            first_name=account.person.first_name,
            last_name=account.person.last_name,
            login=account.login,
            email=account.email,
            rights=frozenset(AgentRight(right) for right in account.rights),
            services=None if account.services is None else tuple(account.services),
            activated_at=account.activated_at,
        )


async def colleagues_of(ctx: Context, ids: Sequence[UUID] | None = None) -> list[Colleague]:
    """The agents who work for no other service than the viewer's (all of them, or those of ``ids``), by name."""
    accounts = Account.filter(kind=AccountKind.AGENT, **({} if ids is None else {"id__in": list(ids)}))
    found = [Colleague.of(account) for account in await accounts.select_related("person")]
    within = [agent for agent in found if _reaches(ctx, None if agent.services is None else frozenset(agent.services))]
    return sorted(within, key=lambda agent: (agent.last_name, agent.first_name, agent.email))


@unit_of_work
async def invite_colleague(
    ctx: Context,
    first_name: str,
    last_name: str,
    email: str,
    rights: frozenset[AgentRight],
    services: frozenset[str] | None,
) -> Colleague:
    """Invite an agent, as :func:`invite_agent`, with no right nor service that the viewer has not.

    Refused: RIGHT_NOT_HELD for more than one's own, and as :func:`invite_agent`.
    """
    _refuse_more(ctx, rights, services)
    with everything_in_sight():  # who is new is in nobody's sight yet
        invitation = await invite_agent(ctx, first_name, last_name, email, rights, services)
    return Colleague.of(await Account.get(login=invitation.login).select_related("person"))


@unit_of_work
async def change_rights(
    ctx: Context, agent_id: UUID, rights: frozenset[AgentRight], services: frozenset[str] | None
) -> Colleague:
    """Give a colleague these rights and services instead of the former ones; it signs in again. None left: it is out.

    Refused: NOT_FOUND, STATE_CONFLICT for oneself, RIGHT_NOT_HELD for more than one's own, before or after.
    """
    account = await Account.filter(id=agent_id, kind=AccountKind.AGENT).select_for_update().first()
    found = [] if account is None else await colleagues_of(ctx, [agent_id])
    if account is None or not found:
        raise not_found("Agent", "id")
    if account.id == ctx.viewer.account_id:
        raise Refused(Code.STATE_CONFLICT, "Demandez à un collègue de changer vos droits.", field=("id",))
    _refuse_more(ctx, rights | found[0].rights, services)
    limits = sorted(services) if services is not None else None
    await Account.filter(id=agent_id).update(rights=sorted(right.value for right in rights), services=limits)
    await Session.filter(account_id=agent_id, revoked_at__isnull=True).update(revoked_at=ctx.now)
    (changed,) = await colleagues_of(ctx, [agent_id])
    return changed


def _reaches(ctx: Context, services: frozenset[str] | None) -> bool:
    return ctx.viewer.services is None or (services is not None and services <= ctx.viewer.services)


def _refuse_more(ctx: Context, rights: frozenset[AgentRight], services: frozenset[str] | None) -> None:
    _refuse_unknown(ctx, services or frozenset())
    if not rights <= ctx.viewer.rights:
        message = "Vous ne pouvez donner ou retirer que les droits que vous avez : demandez à un collègue qui les a."
        raise Refused(Code.RIGHT_NOT_HELD, message, field=("rights",))
    if not _reaches(ctx, services):
        message = "Vous ne pouvez inviter que pour vos services : demandez à un collègue qui travaille pour tous."
        raise Refused(Code.RIGHT_NOT_HELD, message, field=("services",))


@unit_of_work
async def invite_agent(
    ctx: Context,
    first_name: str,
    last_name: str,
    email: str,
    rights: frozenset[AgentRight],
    services: frozenset[str] | None = None,
) -> Invitation:
    """Open an agent's account with these rights and mail its activation; again for who has not activated yet.

    ``services`` are the codes of those it works for, and sees the households and requests of; None: all of them.
    Refused: BLANK without a name, INVALID for a malformed address, NOT_FOUND for a service that the commune has not,
    STATE_CONFLICT when the address opens an account that is in use or a family's.
    """
    _refuse_unknown(ctx, services or frozenset())
    if not first_name.strip() or not last_name.strip():
        raise Refused(Code.BLANK, "Donnez le prénom et le nom de l'agent.", field=("firstName",))
    address = ctx.commune.ask(hookspecs.login_identifier).normalise(well_written(email, "email"))
    account = await Account.filter(email=address).first()
    if account is not None and (account.kind is not AccountKind.AGENT or account.activated_at is not None):
        raise Refused(Code.STATE_CONFLICT, f"L'adresse {address} ouvre déjà un compte.", field=("email",))
    if account is None:
        person = await Person.create(first_name=first_name.strip(), last_name=last_name.strip(), email=address)
        invitation = await invite(ctx, person.id, AccountKind.AGENT)
    else:
        invitation = await invite(ctx, account.person_id, AccountKind.AGENT)
    limits = sorted(services) if services is not None else None
    await Account.filter(email=address).update(rights=sorted(right.value for right in rights), services=limits)
    return invitation


def _refuse_unknown(ctx: Context, services: frozenset[str]) -> None:
    known = [service.code for service in ctx.commune.identity.services]
    if unknown := sorted(services - set(known)):
        message = f"Le service {unknown[0]} n'existe pas ici : écrivez {say_list(known, 'ou')}."
        raise Refused(Code.NOT_FOUND, message, field=("services",))
