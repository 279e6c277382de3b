"""The entourage: contacts and what each may do about a child, and the children a family adds.

Everything is a request, so that what stood before is never lost. It is applied at once where the commune lets families
edit names without an agent; a co-representative, a person kept away by a court decision, and a child always wait for
one. What an agent does for a family holds at once, and says why. Whoever is kept away from a child is in no household:
its members would see it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from plugins.rules.calendar import SchoolYear
from plugins.rules.dossiers import Circumstance
from plugins.rules.entourage import Permission, require_coherent
from plugins.rules.errors import RuleError
from plugins.rules.features import Feature, Review, Visibility
from plugins.rules.request_details import write_details
from plugins.rules.requests import Party, RequestKind, RequestState
from resolvers.access.accounts import well_written
from resolvers.context import AccountKind, Context
from resolvers.errors import Code, Refused, not_found
from resolvers.families.field_changes import input_name, policy_of
from resolvers.families.household_declarations import EVERY_RIGHT
from resolvers.families.households import acts_for
from resolvers.families.traces import checked_reason
from resolvers.features import require_feature
from resolvers.files.dossier_demands import demanded, say_demand
from resolvers.idempotency import recall, remember
from resolvers.models import ContactPermission, Dossier, Household, Membership, Person, Request
from resolvers.models.households import Role
from resolvers.models.keys import new_key
from resolvers.models.tenancy import unit_of_work
from resolvers.requests.request_lists import unsealed, visible_requests
from resolvers.requests.requests import move_request, open_request, party_of, service_for

ADD, UPDATE, REMOVE, CHILD = "contactCreate", "contactUpdate", "contactRemove", "childCreate"
NAMES = ("first_name", "last_name")
ADDRESS = ("street", "postcode", "town", "country")

Permissions = Mapping[UUID, frozenset[Permission]]  # by child


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a person may do about a child, as a household declared it."""

    person_id: UUID
    first_name: str
    last_name: str
    phone: str
    permission: Permission


async def entourage_of(ctx: Context, child_ids: Sequence[UUID]) -> list[list[Allowed]]:
    """Who may do what about each child: two statements. Families do not read who is kept away: agents do."""
    rows = ContactPermission.filter(child_id__in=list(child_ids)).order_by("since", "id")
    if ctx.viewer.kind is not AccountKind.AGENT:
        rows = rows.exclude(permission=Permission.FORBIDDEN)
    found = await rows
    persons = {each.id: each for each in await Person.filter(id__in=[row.contact_id for row in found])}
    return [
        [_allowed(persons[row.contact_id], row) for row in found if row.child_id == child and row.contact_id in persons]
        for child in child_ids
    ]


def _allowed(person: Person, row: ContactPermission) -> Allowed:
    return Allowed(person.id, person.first_name, person.last_name, person.phone, row.permission)


@unit_of_work
async def add_contact(
    ctx: Context,
    household_id: UUID,
    particulars: Mapping[str, str],
    permissions: Permissions,
    *,
    co_representative: bool = False,
    lives_with: UUID | None = None,
    reason: str = "",
    key: str | None = None,
) -> Request:
    """Add a person to the entourage, with what it may do about each child; or a co-representative, who has every right.

    ``lives_with`` is a member of the household whose address is the contact's, and follows it. ``reason`` is why an
    agent does it for the family.
    Refused: NOT_FOUND (household, child, member), FEATURE_CLOSED, BLANK (what the commune requires, an agent's reason),
    INVALID (FORBIDDEN with anything else, or of a co-representative; the e-mail address of one), and as
    ``idempotency.recall``.
    """
    asked = {
        "household": str(household_id),
        **particulars,
        "permissions": _written(permissions),
        "lives_with": str(lives_with),
        **({"co_representative": True} if co_representative else {}),
    }
    answered = await recall(ctx, ADD, key, asked)
    if answered is not None:
        return await visible_requests(ctx).get(id=UUID(answered["request"]))
    household = await _own_household(ctx, household_id, reason)
    if lives_with and not await Membership.filter(household_id=household_id, person_id=lives_with).exists():
        raise not_found("Personne", "addressOfPersonId")
    _require_particulars(ctx, household, particulars, ADDRESS if lives_with else ())
    await _require_children(household_id, permissions)
    if co_representative:
        _require_co_representative(particulars, permissions)
    name = f"{particulars['first_name']} {particulars['last_name']}".strip()
    values: dict[str, Any] = {"action": ADD, "person": dict(particulars), "permissions": _written(permissions)}
    values |= {"co_representative": True} if co_representative else {}
    values |= {"lives_with": str(lives_with)} if lives_with else {}
    title = f"Ajout d'un {'co-représentant' if co_representative else 'contact'} : {name}"
    request = await _ask(ctx, household, title, new_key(), values, permissions, reason)
    await remember(ctx, ADD, key, asked, {"request": str(request.id)})
    return request


@unit_of_work
async def allow_contact(
    ctx: Context, household_id: UUID, contact_id: UUID, permissions: Permissions, reason: str = ""
) -> Request:
    """Replace what a contact of the household may do about each child. Refused: as :func:`add_contact`."""
    household = await _own_household(ctx, household_id, reason)
    contact = await _contact(household_id, contact_id)
    await _require_children(household_id, permissions)
    values = {"action": UPDATE, "permissions": _written(permissions), "before": await _stands(contact)}
    title = f"Autorisations : {contact.first_name} {contact.last_name}"
    return await _ask(ctx, household, title, contact_id, values, permissions, reason)


@unit_of_work
async def remove_contact(ctx: Context, household_id: UUID, contact_id: UUID, reason: str = "") -> Request:
    """Take a contact out of the household; the request keeps what it was allowed. Refused: as :func:`add_contact`."""
    household = await _own_household(ctx, household_id, reason)
    contact = await _contact(household_id, contact_id)
    values = {"action": REMOVE, "before": await _stands(contact)}
    title = f"Retrait d'un contact : {contact.first_name} {contact.last_name}"
    return await _ask(ctx, household, title, contact_id, values, {}, reason)


@unit_of_work
async def add_child(
    ctx: Context,
    household_id: UUID,
    first_name: str,
    last_name: str,
    birth_date: date,
    key: str | None = None,
    reason: str = "",
) -> Request:
    """Ask the service to add a child to the household; it exists once an agent accepts, or does it for the family.

    Refused: NOT_FOUND, FEATURE_CLOSED, BLANK, INVALID (a birth to come), and as ``idempotency.recall``.
    """
    asked = {"household": str(household_id), "first": first_name, "last": last_name, "born": birth_date.isoformat()}
    answered = await recall(ctx, CHILD, key, asked)
    if answered is not None:
        return await visible_requests(ctx).get(id=UUID(answered["request"]))
    household = await _own_household(ctx, household_id, reason)
    for name, value in (("first_name", first_name), ("last_name", last_name)):
        if not value.strip():
            raise Refused(Code.BLANK, "Cette information est obligatoire.", field=(input_name(name),))
    if birth_date > ctx.local_now.date():
        raise Refused(Code.INVALID, "Indiquez une date de naissance passée.", field=("birthDate",))
    values = {"first_name": first_name, "last_name": last_name, "birth_date": birth_date.isoformat()}
    by_service = party_of(ctx) is Party.SERVICE
    request = await open_request(
        ctx,
        RequestKind.CHILD,
        household_id,
        service=service_for(ctx, household.services, Feature.EDIT_HOUSEHOLD),
        title=f"Ajout d'un enfant : {first_name}",
        subject_id=new_key(),
        details=write_details({**values, "cause": reason.strip()}),
        state=RequestState.ACCEPTED if by_service else RequestState.SENT,
    )
    if by_service:
        await _write_child(ctx, request)
    await remember(ctx, CHILD, key, asked, {"request": str(request.id)})
    return request


async def _own_household(ctx: Context, household_id: UUID, reason: str) -> Household:
    """The household, if the viewer may act for it and edits it online; an agent says why."""
    household = await Household.filter(id=household_id).first() if acts_for(ctx, household_id) else None
    if household is None:
        raise not_found("Foyer", "householdId")
    if party_of(ctx) is Party.SERVICE:
        checked_reason(reason)
        return household
    await require_feature(ctx, Feature.EDIT_HOUSEHOLD, household.services, household.id)
    return household


def _require_particulars(
    ctx: Context, household: Household, particulars: Mapping[str, str], known: Sequence[str]
) -> None:
    for name, value in particulars.items():
        if name in known:
            continue
        required = policy_of(ctx, household.services, f"person.{name}").visibility is Visibility.REQUIRED
        if not value and (required or name in NAMES):
            raise Refused(Code.BLANK, "Cette information est obligatoire.", field=(input_name(name),))


def _require_co_representative(particulars: Mapping[str, str], permissions: Permissions) -> None:
    if any(Permission.FORBIDDEN in granted for granted in permissions.values()):
        message = "Un co-représentant n'est pas tenu à l'écart d'un enfant de son foyer."
        raise Refused(Code.INVALID, message, field=("permissions",))
    if particulars.get("email"):
        well_written(particulars["email"], "email")


async def _require_children(household_id: UUID, permissions: Permissions) -> None:
    try:
        for granted in permissions.values():
            require_coherent(granted)
    except RuleError as contradiction:
        message = "Une personne à qui l'enfant est interdit ne peut ni venir le chercher ni être appelée."
        raise Refused(Code.INVALID, message, field=("permissions",)) from contradiction
    known = Membership.filter(household_id=household_id, role=Role.CHILD, person_id__in=list(permissions))
    if await known.count() != len(permissions):
        raise not_found("Enfant", "permissions")


async def _contact(household_id: UUID, contact_id: UUID) -> Person:
    link = await Membership.filter(household_id=household_id, person_id=contact_id, role=Role.CONTACT).first()
    if link is None:
        raise not_found("Contact", "personId")
    return await Person.get(id=contact_id)


async def _stands(contact: Person) -> list[dict[str, str]]:
    rows = await ContactPermission.filter(contact_id=contact.id).order_by("since", "id")
    return [{"child_id": str(row.child_id), "permission": row.permission.value} for row in rows]


def _written(permissions: Permissions) -> list[dict[str, str]]:
    pairs = [(str(child), each.value) for child, granted in permissions.items() for each in granted]
    return [{"child_id": child, "permission": permission} for child, permission in sorted(pairs)]


async def _ask(
    ctx: Context,
    household: Household,
    title: str,
    contact_id: UUID,
    values: Mapping[str, Any],
    given: Permissions,
    reason: str,
) -> Request:
    """Open the request, and apply it at once unless an agent has to agree, or a decision of a court is still to send.

    It is asked for in the request, which its maker and the service alone read; what an agent does for the family is
    read by its adults, unless somebody is kept away.
    """
    forbids = [child for child, granted in given.items() if Permission.FORBIDDEN in granted]
    by_service = party_of(ctx) is Party.SERVICE
    reviewed = policy_of(ctx, household.services, "person.last_name").review is Review.AGENT
    waits = not by_service and (bool(forbids) or reviewed or "co_representative" in values)
    request = await open_request(
        ctx,
        RequestKind.PARTICULARS if by_service and not forbids else RequestKind.ENTOURAGE,
        household.id,
        service=service_for(ctx, household.services, Feature.EDIT_HOUSEHOLD),
        title="Contact de la famille" if forbids else title,
        subject_id=contact_id,
        details=write_details({**values, "cause": reason.strip()}),
        state=RequestState.SENT if waits else RequestState.ACCEPTED,
        demand="" if by_service else await _decision_demanded(ctx, household.id, forbids),
    )
    if not waits:
        await _apply(ctx, request)
    return request


async def _decision_demanded(ctx: Context, household_id: UUID, children: Sequence[UUID]) -> str:
    """What the commune demands of who keeps somebody away from these children; empty when the vault has it."""
    year = SchoolYear.of(ctx.local_now.date()).start
    files = [Dossier(household_id=household_id, child_id=child, school_year=year) for child in children]
    return say_demand([one for file in files for one in await demanded(ctx, file, Circumstance.FORBIDDEN_CONTACT)])


@unit_of_work
async def decide_entourage(ctx: Context, request: Request, accept: bool, text: str = "") -> None:
    """An agent accepts what a family asks of its entourage, and it holds; or refuses it, with a reason."""
    await move_request(ctx, request.id, RequestState.ACCEPTED if accept else RequestState.REFUSED, text)
    if accept:
        await _apply(ctx, request)


@unit_of_work
async def decide_child(ctx: Context, request: Request, accept: bool, text: str = "") -> None:
    """An agent accepts a child, which then belongs to the household; or refuses it, with a reason."""
    await move_request(ctx, request.id, RequestState.ACCEPTED if accept else RequestState.REFUSED, text)
    if accept:
        await _write_child(ctx, request)


async def _write_child(ctx: Context, request: Request) -> None:
    values = json.loads(unsealed(ctx, request.details))
    born = date.fromisoformat(values["birth_date"])
    child = await Person.create(
        id=request.subject_id, first_name=values["first_name"], last_name=values["last_name"], birth_date=born
    )
    await Membership.create(household_id=request.household_id, person_id=child.id, role=Role.CHILD)


async def _apply(ctx: Context, request: Request) -> None:
    """Make a request about the entourage true."""
    values, contact_id = json.loads(unsealed(ctx, request.details)), request.subject_id
    given = values.get("permissions", [])
    kept_away = any(each["permission"] == Permission.FORBIDDEN.value for each in given)
    link: dict[str, Any] = {"household_id": request.household_id, "person_id": contact_id, "role": Role.CONTACT}
    if values["action"] == ADD:
        lives_with = values.get("lives_with")
        await Person.create(id=contact_id, **values["person"], lives_with_id=UUID(lives_with) if lives_with else None)
        if values.get("co_representative"):
            await Membership.create(**link | {"role": Role.CO_REPRESENTATIVE}, **EVERY_RIGHT)
        elif not kept_away:
            await Membership.create(**link)
    elif not await Membership.filter(**link).exists():
        raise Refused(Code.STATE_CONFLICT, "Ce contact n'est plus dans le foyer : la demande est sans objet.")
    elif values["action"] == REMOVE or kept_away:
        await Membership.filter(**link).delete()
    await ContactPermission.filter(household_id=request.household_id, contact_id=contact_id).delete()
    await ContactPermission.bulk_create(
        [
            ContactPermission(
                household_id=request.household_id,
                child_id=UUID(each["child_id"]),
                contact_id=contact_id,
                permission=Permission(each["permission"]),
                since=ctx.now,
            )
            for each in given
        ]
    )
