"""Agents of the service, invited by who runs the portal: the first one could be invited by nobody else."""

from plugins import hookspecs
from plugins.rules.french import say_list
from resolvers.accounts import Invitation, invite, well_written
from resolvers.context import AccountKind, AgentRight, Context
from resolvers.errors import Code, Refused
from resolvers.models import Account, Person
from resolvers.models.tenancy import unit_of_work


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
