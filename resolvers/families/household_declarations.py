"""A household that its own family declares « déclarer mon entourage », or that the service fills in.

A declared one waits for an agent, then it is the service's. Declaring makes the household at once, seen by who
declared it and empty of everybody else; what was typed is sealed in a request. Accepting writes the persons and opens
the rights; after a refusal the family corrects and declares again.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from plugins import hookspecs
from plugins.rules.accounts import Opening
from plugins.rules.features import PARTICULARS, Visibility
from plugins.rules.request_details import write_details
from plugins.rules.requests import RequestKind, RequestState
from plugins.rules.tariffs import Residency
from resolvers.access.accounts import well_written
from resolvers.context import Context
from resolvers.errors import Code, Refusals, Refused, not_found
from resolvers.families.households import acts_for
from resolvers.families.traces import trace
from resolvers.idempotency import recall, remember
from resolvers.models import Account, Household, Membership, Person, Request
from resolvers.models.households import Role
from resolvers.models.tenancy import unit_of_work
from resolvers.requests.request_lists import unsealed
from resolvers.requests.requests import move_request, open_request

DECLARE, CREATE = "householdDeclare", "householdCreate"
MOST_PERSONS = 12
EVERY_RIGHT: Mapping[str, Any] = MappingProxyType({"sees": True, "books": True, "pays": True})
LENGTHS = {"first_name": 80, "last_name": 80, "birth_name": 80, "title": 20, "phone": 20, "email": 254, "street": 200}
LENGTHS |= {"postcode": 10, "town": 80, "country": 60, "family_name": 120}


@dataclass(frozen=True, slots=True)
class Address:
    """Where the household lives."""

    street: str
    postcode: str
    town: str
    country: str


@dataclass(frozen=True, slots=True)
class Adult:
    """A representative: who declares first, then the others. An e-mail is where the service will invite them."""

    first_name: str
    last_name: str
    title: str = ""
    birth_name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the household."""

    first_name: str
    last_name: str
    birth_date: date


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a family says of itself. ``adults`` starts with the person who declares."""

    name: str
    address: Address
    adults: tuple[Adult, ...]
    children: tuple[Child, ...]

    def written(self) -> str:
        """As a request keeps it, and shows it line by line."""
        return write_details(json.loads(json.dumps(asdict(self), default=date.isoformat)))


@unit_of_work
async def declare_household(ctx: Context, declared: Declaration, service: str | None, key: str | None) -> Request:
    """Send a household to a service (the first one by default), to be accepted or refused by an agent.

    Refused: FEATURE_CLOSED where families are not known this way, STATE_CONFLICT for who has a household or a
    declaration that waits, NOT_FOUND (service), BLANK and INVALID for each field at fault, and as
    ``idempotency.recall``.
    """
    asked = {"declared": declared.written(), "service": service}
    answered = await recall(ctx, DECLARE, key, asked)
    if answered is not None:
        return await Request.get(id=UUID(answered["request"]))
    _refuse_where_closed(ctx)
    receiver = _service(ctx, service)
    _refuse_faults(ctx, declared, receiver)
    household = await _waiting_household(ctx, declared.name, receiver)
    request = await open_request(
        ctx,
        RequestKind.HOUSEHOLD,
        household,
        service=receiver,
        title="Déclaration du foyer",
        details=declared.written(),
    )
    await remember(ctx, DECLARE, key, asked, {"request": str(request.id)})
    return request


@unit_of_work
async def create_household(
    ctx: Context, declared: Declaration, service: str | None, residency: Residency, key: str | None
) -> UUID:
    """An agent records a household that one of its services follows; nobody has an account yet: each is then invited.

    Refused: NOT_FOUND (a service that is not the agent's), BLANK and INVALID for each field at fault, and as
    ``idempotency.recall``.
    """
    asked = {"declared": declared.written(), "service": service, "residency": residency.value}
    answered = await recall(ctx, CREATE, key, asked)
    if answered is not None:
        return UUID(answered["household"])
    receiver = _service(ctx, service)
    if not declared.adults:
        raise Refused(Code.BLANK, "Donnez au moins un représentant.", field=("adults",))
    _refuse_faults(ctx, declared, receiver)
    household = await Household.create(
        name=declared.name.strip(), services=[receiver], residency=residency, created_at=ctx.now
    )
    values = json.loads(declared.written())
    for place, adult in enumerate(values["adults"]):
        role = Role.CO_REPRESENTATIVE if place else Role.REPRESENTATIVE
        await _write_adult(household.id, role, {**adult, **values["address"]})
    await _write_children(household.id, values)
    await trace(ctx, household, household.id, "Foyer enregistré par le service", values, mail=False)
    await remember(ctx, CREATE, key, asked, {"household": str(household.id)})
    return household.id


def _refuse_where_closed(ctx: Context) -> None:
    openings = ctx.commune.ask(hookspecs.account_openings)
    if not openings.allows(Opening.SELF_SIGN_UP):
        contact = ctx.commune.identity.services[0].mailbox
        raise Refused(Code.FEATURE_CLOSED, openings.contact, contact=contact)


def _service(ctx: Context, code: str | None) -> str:
    known = [each.code for each in ctx.commune.identity.services if ctx.viewer.works_for(each.code)]
    if not known or code not in (None, *known):
        raise not_found("Service", "service")
    return code or known[0]


def _refuse_faults(ctx: Context, declared: Declaration, service: str) -> None:
    """Every field at fault is told at once."""
    faults: list[Refused] = []
    policies = ctx.commune.ask(hookspecs.field_policies, service=ctx.commune.identity.service(service))
    required = {name for name in LENGTHS if policies.of(f"person.{name}").visibility is Visibility.REQUIRED}
    faults += _faults({"family_name": declared.name}, {"family_name"})
    faults += _faults(asdict(declared.address), required | {"street", "postcode", "town"}, "address")
    for position, adult in enumerate(declared.adults):
        faults += _faults(asdict(adult), (required - {"email"}) | {"first_name", "last_name"}, "adults", str(position))
        faults += _address_faults(adult.email, "adults", str(position), "email")
    for position, child in enumerate(declared.children):
        names = {"first_name": child.first_name, "last_name": child.last_name}
        faults += _faults(names, set(names), "children", str(position))
        if not date(ctx.local_now.year - 18, 1, 1) <= child.birth_date <= ctx.local_now.date():
            message = "Cette date de naissance n'est pas celle d'un enfant : corrigez-la."
            faults.append(Refused(Code.INVALID, message, field=("children", str(position), "birthDate")))
    if not declared.children or len(declared.children) + len(declared.adults) > MOST_PERSONS:
        message = f"Déclarez au moins un enfant, et {MOST_PERSONS} personnes au plus."
        faults.append(Refused(Code.INVALID, message, field=("children",)))
    if faults:
        raise Refusals(faults)


def _faults(values: dict[str, Any], required: set[str], *path: str) -> list[Refused]:
    faults = []
    for name, value in values.items():
        label, field = PARTICULARS.get(f"person.{name}", "nom de la famille"), (*path, _camel(name))
        if name in required and not value.strip():
            faults.append(Refused(Code.BLANK, f"À remplir : {label}.", field=field))
        elif len(value) > LENGTHS[name]:
            faults.append(
                Refused(Code.INVALID, f"Trop long ({LENGTHS[name]} caractères au plus) : {label}.", field=field)
            )
    return faults


def _address_faults(email: str, *field: str) -> list[Refused]:
    try:
        if email:
            well_written(email, *field)
    except Refused as fault:
        return [fault]
    return []


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


async def _waiting_household(ctx: Context, name: str, service: str) -> UUID:
    """The household of a former declaration that was refused, or a new one, seen by who declares it and nobody else."""
    own = dict(ctx.viewer.households)
    if any(rights.books for rights in own.values()):
        raise Refused(Code.STATE_CONFLICT, "Vous avez déjà un foyer : complétez-le au lieu d'en déclarer un autre.")
    final = [state for state in RequestState if state.is_final]
    waiting = await Request.filter(created_by=ctx.viewer.account_id, kind=RequestKind.HOUSEHOLD).exclude(
        state__in=final
    )
    if waiting:
        raise Refused(Code.STATE_CONFLICT, f"Votre déclaration n° {waiting[0].number} est en cours d'instruction.")
    former = await Request.filter(
        created_by=ctx.viewer.account_id, kind=RequestKind.HOUSEHOLD, household_id__in=list(own)
    ).first()
    if former is not None:
        return former.household_id
    household = await Household.create(name=name.strip(), services=[service], created_at=ctx.now)
    await Membership.create(
        household_id=household.id, person_id=ctx.viewer.person_id, role=Role.REPRESENTATIVE, sees=True
    )
    return household.id


@unit_of_work
async def decide_declaration(ctx: Context, request: Request, *, accept: bool, text: str) -> None:
    """Accept a declared household, which writes its persons and opens its rights, or refuse it with a reason.

    Refused: as ``requests.move_request``.
    """
    await move_request(ctx, request.id, RequestState.ACCEPTED if accept else RequestState.REFUSED, text)
    if accept:
        await _write(request, json.loads(unsealed(ctx, request.details)))


async def _write(request: Request, declared: dict[str, Any]) -> None:
    household = request.household_id
    await Household.filter(id=household).update(name=declared["name"].strip(), services=[request.service])
    maker = await Account.get(id=request.created_by)
    first, *others = declared["adults"]
    person = await Person.get(id=maker.person_id)
    person.update_from_dict({**first, "email": maker.email, **declared["address"]})
    await person.save()
    await Membership.filter(household_id=household, person_id=person.id).update(**EVERY_RIGHT)
    for other in others:
        await _write_adult(household, Role.CO_REPRESENTATIVE, {**other, **declared["address"]})
    await _write_children(household, declared)


async def _write_adult(household: UUID, role: Role, particulars: Mapping[str, Any]) -> None:
    """Write an adult who sees, books and pays."""
    person = await Person.create(**particulars)
    await Membership.create(household_id=household, person_id=person.id, role=role, **EVERY_RIGHT)


async def _write_children(household: UUID, declared: Mapping[str, Any]) -> None:
    for child in declared["children"]:
        born = date.fromisoformat(child["birth_date"])
        small = await Person.create(**{**child, "birth_date": born, **declared["address"]})
        await Membership.create(household_id=household, person_id=small.id, role=Role.CHILD)


@unit_of_work
async def confirm_household(ctx: Context, household_id: UUID) -> Request:
    """Say that a household the service filled in is right, corrections aside; harmless when said twice.

    Refused: NOT_FOUND (also for who does not book there).
    """
    household = await Household.get_or_none(id=household_id)
    if household is None or not acts_for(ctx, household_id):
        raise not_found("Foyer", "householdId")
    told = await Request.filter(household_id=household_id, kind=RequestKind.HOUSEHOLD).first()
    return told or await open_request(
        ctx,
        RequestKind.HOUSEHOLD,
        household_id,
        service=_service(ctx, household.services[0] if household.services else None),
        title="Foyer vérifié par la famille",
        state=RequestState.ACCEPTED,
        mail=False,
    )


async def households_to_confirm(ctx: Context) -> list[UUID]:
    """The households the viewer books for that the service filled in and nobody has checked, where families check."""
    own = [household for household, rights in ctx.viewer.households.items() if rights.books]
    if not own or not ctx.commune.ask(hookspecs.account_openings).allows(Opening.ACTIVATION_CODE):
        return []
    told = await Request.filter(household_id__in=own, kind=RequestKind.HOUSEHOLD).values_list("household_id", flat=True)
    return [household for household in own if household not in set(told)]
