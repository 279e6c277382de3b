"""Agents of the service, invited by who runs the portal: the first one could be invited by nobody else."""

from plugins import hookspecs
from resolvers.accounts import Invitation, invite, well_written
from resolvers.context import AccountKind, AgentRight, Context
from resolvers.errors import Code, Refused
from resolvers.models import Account, Person
from resolvers.models.tenancy import unit_of_work


@unit_of_work
async def invite_agent(
    ctx: Context, first_name: str, last_name: str, email: str, rights: frozenset[AgentRight]
) -> Invitation:
    """Open an agent's account with these rights and mail its activation; again for who has not activated yet.

    Refused: BLANK without a name, INVALID for a malformed address, STATE_CONFLICT when the address opens an account
    that is in use or a family's.
    """
    if not first_name.strip() or not last_name.strip():
        raise Refused(Code.BLANK, "Donnez le prénom et le nom de l'agent.", field=("firstName",))
    address = ctx.commune.ask(hookspecs.login_identifier).normalise(well_written(email, "email"))
    account = await Account.filter(email=address).first()
    if account is not None and (account.kind is not AccountKind.AGENT or account.activated_at is not None):
        raise Refused(Code.STATE_CONFLICT, f"L'adresse {address} ouvre déjà un compte.", field=("email",))
    if account is None:
        person = await Person.create(first_name=first_name.strip(), last_name=last_name.strip(), email=address)
        return await invite(ctx, person.id, AccountKind.AGENT, rights)
    await Account.filter(id=account.id).update(rights=sorted(right.value for right in rights))
    return await invite(ctx, account.person_id, AccountKind.AGENT, rights)
