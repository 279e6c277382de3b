"""Who a court keeps away from a child, as agents record it with the decision in hand, and lift it.

A family declares the same of a contact of its own (see ``entourage``); an agent does it of anybody the portal knows,
the other parent too. What is written of it is read by the service alone: the other party never learns it here.
"""

from uuid import UUID

from plugins.rules.entourage import Permission
from plugins.rules.requests import RequestKind
from resolvers.agenda.child_locks import lock_children
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.families.links import ADULTS
from resolvers.families.traces import checked_reason, homes_of, trace
from resolvers.models import ContactPermission, Document, Household, Membership, Person
from resolvers.models.households import Role
from resolvers.models.tenancy import unit_of_work

LIFTED = "n'est plus tenu à l'écart de l'enfant"


@unit_of_work
async def keep_away(ctx: Context, person_id: UUID, child_id: UUID, reason: str, document_id: UUID | None) -> None:
    """Keep a person away from a child in every household of it; whoever is kept away is a contact of none of them.

    Refused: NOT_FOUND (person, child, a document that is not of a household of the child), BLANK and INVALID (the
    reason), STATE_CONFLICT for an adult of a household where the child lives, or who is kept away already.
    """
    person, homes = await _person_and_homes(person_id, child_id)
    why, keys = checked_reason(reason), [home.id for home in homes]
    links = Membership.filter(person_id=person_id, household_id__in=keys)
    if await links.filter(role__in=list(ADULTS)).exists():
        message = "Cette personne est un adulte d'un foyer de l'enfant : retirez d'abord l'enfant de ce foyer."
        raise Refused(Code.STATE_CONFLICT, message, field=("personId",))
    about = ContactPermission.filter(child_id=child_id, contact_id=person_id, household_id__in=keys)
    if await about.filter(permission=Permission.FORBIDDEN).count() == len(keys):
        message = "Cette personne est déjà tenue à l'écart de l'enfant."
        raise Refused(Code.STATE_CONFLICT, message, field=("personId",))
    document = await _document(document_id, keys)
    await about.delete()
    await links.filter(role=Role.CONTACT).delete()
    for home in homes:
        await ContactPermission.create(
            household_id=home.id,
            child_id=child_id,
            contact_id=person_id,
            permission=Permission.FORBIDDEN,
            since=ctx.now,
        )
        proof = [document.id] if document is not None and document.household_id == home.id else []
        await _note(ctx, home, person, child_id, Permission.FORBIDDEN.say(), why, proof)


@unit_of_work
async def lift(ctx: Context, person_id: UUID, child_id: UUID, reason: str) -> None:
    """Keep a person away from a child no more: the decision ended, or was noted by mistake. It may do nothing yet.

    Refused: NOT_FOUND (person, child; or that nothing keeps away), BLANK and INVALID (the reason).
    """
    person, homes = await _person_and_homes(person_id, child_id)
    why = checked_reason(reason)
    kept = ContactPermission.filter(child_id=child_id, contact_id=person_id, permission=Permission.FORBIDDEN)
    if not await kept.delete():
        raise not_found("Interdiction", "personId")
    for home in homes:
        await _note(ctx, home, person, child_id, LIFTED, why, [])


async def _person_and_homes(person_id: UUID, child_id: UUID) -> tuple[Person, list[Household]]:
    """The person, and the households of the child, which nobody changes meanwhile."""
    await lock_children([child_id])
    if not await Membership.filter(person_id=child_id, role=Role.CHILD).exists():
        raise not_found("Enfant", "childId")
    tied = Membership.filter(person_id=person_id).exclude(role=Role.CHILD)
    if not await tied.exists() and not await ContactPermission.filter(contact_id=person_id).exists():
        raise not_found("Personne", "personId")
    return await Person.get(id=person_id), await homes_of(child_id)


async def _document(document_id: UUID | None, keys: list[UUID]) -> Document | None:
    found = await Document.filter(id=document_id, household_id__in=keys, withdrawn_at__isnull=True).first()
    if document_id is not None and found is None:
        raise not_found("Document", "documentId")
    return found


async def _note(
    ctx: Context, home: Household, person: Person, child_id: UUID, what: str, why: str, proof: list[UUID]
) -> None:
    told = {"first_name": person.first_name, "last_name": person.last_name, "permissions": what, "cause": why}
    kind, title = RequestKind.ENTOURAGE, "Contact de la famille"
    await trace(ctx, home, person.id, title, told, kind=kind, child_id=child_id, documents=proof, mail=False)
