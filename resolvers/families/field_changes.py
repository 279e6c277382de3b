"""The particulars of a person: changed at once, or asked of the service and applied when it agrees.

Every change leaves a row, with its old and new values sealed. One that waits is not applied once the old value has
moved: what the family saw when it asked is no longer true.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tortoise.expressions import Q

from plugins import hookspecs
from plugins.rules.features import PARTICULARS, Feature, FieldPolicy, Review, Visibility
from plugins.rules.french import say_of
from plugins.rules.particulars import LONGEST, combined, read_particular, write_particular
from plugins.rules.request_details import WORDS
from plugins.rules.requests import RequestKind, RequestState
from resolvers.context import AccountKind, Context
from resolvers.errors import Code, Refused, not_found
from resolvers.families.correspondents import names_of
from resolvers.features import require_feature
from resolvers.models import FieldChange, Household, Membership, Person, Request
from resolvers.models.families import ChangeState
from resolvers.models.tenancy import unit_of_work
from resolvers.requests.requests import move_request, open_request, service_for

OUTDATED = "Ces informations ont changé entre-temps : vérifiez-les, puis refaites votre demande si besoin."

THE_SERVICE = "le service"

Particulars = Mapping[str, str | date | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of an edit: the changes, applied or waiting, and the request of those that wait."""

    changes: tuple[FieldChange, ...]
    request: Request | None = None


def policy_of(ctx: Context, services: Sequence[str], field: str) -> FieldPolicy:
    """What a family that these services follow can do with a field such as ``person.phone``."""
    codes = services or [ctx.commune.identity.services[0].code]
    asked = (ctx.commune.identity.service(code) for code in codes)
    return combined([ctx.commune.ask(hookspecs.field_policies, service=service).of(field) for service in asked])


def hidden_particulars(ctx: Context, services: Sequence[str]) -> frozenset[str]:
    """The particulars of a person that a family does not see; agents see all of them."""
    if ctx.viewer.kind is AccountKind.AGENT:
        return frozenset()
    names = (*LONGEST, "email")
    return frozenset(name for name in names if not policy_of(ctx, services, f"person.{name}").is_visible)


@unit_of_work
async def update_person(ctx: Context, person_id: UUID, wanted: Particulars) -> Asked:
    """Change a member's particulars, as far as the policies allow: at once, or by a request where an agent checks.

    Who books does it for the household, anybody else for themselves alone. A value that is already there changes
    nothing. Refused: NOT_FOUND, FEATURE_CLOSED (with the mailbox to write to),
    FIELD_NOT_EDITABLE, BLANK, STATE_CONFLICT while another value of the same particular waits.
    """
    own = person_id == ctx.viewer.person_id
    homes = [household_id for household_id, rights in ctx.viewer.households.items() if own or rights.books]
    link = await Membership.filter(person_id=person_id, household_id__in=homes).first()
    if link is None:
        raise not_found("Personne", "id")
    household = await Household.get(id=link.household_id)
    await require_feature(ctx, Feature.EDIT_HOUSEHOLD, household.services, household.id)
    policies = {name: policy_of(ctx, household.services, f"person.{name}") for name in wanted}
    for name, value in wanted.items():
        _refuse_field(ctx, household, name, policies[name], write_particular(value))
    person = await Person.filter(id=person_id).select_for_update().get()
    changes = [
        _change(ctx, household, person, name, write_particular(value), policies[name].review)
        for name, value in wanted.items()
        if write_particular(value) != write_particular(getattr(person, name))
    ]
    await _refuse_second_wait(person_id, [change.name for change in changes if change.state is ChangeState.WAITING])
    request = await _request_of(ctx, household, person, changes)
    await FieldChange.bulk_create(changes)
    await _apply(ctx, person, [change for change in changes if change.state is ChangeState.APPLIED])
    return Asked(tuple(changes), request)


def _refuse_field(ctx: Context, household: Household, name: str, policy: FieldPolicy, written: str) -> None:
    if not policy.is_editable or name not in LONGEST:
        services = household.services or [ctx.commune.identity.services[0].code]
        mailbox = ctx.commune.identity.service(services[0]).mailbox
        raise Refused(
            Code.FIELD_NOT_EDITABLE,
            f"Cette information ne se modifie pas en ligne : écrivez à {mailbox}.",
            field=(input_name(name),),
            contact=mailbox,
        )
    if not written.strip() and policy.visibility is Visibility.REQUIRED:
        raise Refused(Code.BLANK, "Cette information est obligatoire.", field=(input_name(name),))


def _change(ctx: Context, household: Household, person: Person, name: str, written: str, review: Review) -> FieldChange:
    waits = review is Review.AGENT
    return FieldChange(
        household_id=household.id,
        person_id=person.id,
        name=name,
        old=ctx.ports.sealer.seal(write_particular(getattr(person, name))),
        new=ctx.ports.sealer.seal(written),
        state=ChangeState.WAITING if waits else ChangeState.APPLIED,
        asked_by=ctx.viewer.account_id,
        asked_at=ctx.now,
        decided_at=None if waits else ctx.now,
    )


async def _refuse_second_wait(person_id: UUID, names: Sequence[str]) -> None:
    waiting = await FieldChange.filter(person_id=person_id, name__in=list(names), state=ChangeState.WAITING).first()
    if waiting is None:
        return
    request = await Request.filter(id=waiting.request_id).first()
    number = f" (demande n° {request.number})" if request else ""
    raise Refused(
        Code.STATE_CONFLICT,
        f"Une modification de cette information attend déjà la réponse du service{number} : annulez-la pour en "
        "demander une autre.",
        field=(input_name(waiting.name),),
    )


async def _request_of(
    ctx: Context, household: Household, person: Person, changes: Sequence[FieldChange]
) -> Request | None:
    """One request for all that waits; the changes are bound to it."""
    waiting = [change for change in changes if change.state is ChangeState.WAITING]
    if not waiting:
        return None
    request = await open_request(
        ctx,
        RequestKind.PARTICULARS,
        household.id,
        service=service_for(ctx, household.services, Feature.EDIT_HOUSEHOLD),
        title=f"Informations {say_of(person.first_name)}",
        subject_id=person.id,
    )
    for change in waiting:
        change.request_id = request.id
    return request


async def _apply(ctx: Context, person: Person, changes: Sequence[FieldChange]) -> None:
    """Write the new values of some changes into the person."""
    if changes:
        values = {change.name: read_particular(change.name, unsealed(ctx, change.new)) for change in changes}
        await person.update_from_dict(values).save(update_fields=list(values))


def unsealed(ctx: Context, sealed: str) -> str:
    """The value of a change, as it is written."""
    return ctx.ports.sealer.unseal(sealed)


def input_name(name: str) -> str:
    """A particular as inputs name it: ``birthName``."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def label_of(name: str) -> str:
    """A particular in French: « téléphone »."""
    return PARTICULARS.get(f"person.{name}") or WORDS.get(name, name)


async def changes_of(_ctx: Context, request_ids: Sequence[UUID]) -> list[list[FieldChange]]:
    """The changes that each request asks for: one statement for all of them."""
    rows = await FieldChange.filter(request_id__in=list(request_ids)).order_by("asked_at", "name")
    return [[row for row in rows if row.request_id == request] for request in request_ids]


async def changes_page(
    ctx: Context, household_id: UUID, services: Sequence[str], after: tuple[datetime, UUID] | None, limit: int
) -> tuple[list[FieldChange], int]:
    """A page of what changed, or waits to, in the particulars of a household's members, newest first, and how many.

    Two statements. Families read nothing of the particulars that are hidden from them.
    """
    hidden = hidden_particulars(ctx, services)
    rows = FieldChange.filter(household_id=household_id).exclude(name__in=sorted(hidden))
    total = await rows.count()
    if after is not None:
        at, key = after
        rows = rows.filter(Q(asked_at__lt=at) | Q(asked_at=at, id__lt=key))
    return await rows.order_by("-asked_at", "-id").limit(limit), total


async def authors_of(_ctx: Context, account_ids: Sequence[UUID]) -> list[str]:
    """Who asked or decided, by name; « le service » for agents whose colleague or family reads it: two statements."""
    names = await names_of(account_ids)
    return [names.get(account, THE_SERVICE) for account in account_ids]


@unit_of_work
async def decide_change(ctx: Context, change_id: UUID, *, accept: bool, text: str = "") -> FieldChange:
    """An agent accepts or refuses one change; the last one of its request closes it, and the family is mailed.

    An accepted change whose old value has moved becomes OVERTAKEN and applies nothing.
    Refused: NOT_FOUND, STATE_CONFLICT once it is decided, BLANK when the request ends refused without a reason.
    """
    found = await FieldChange.filter(id=change_id).first()
    if found is None or found.request_id is None:
        raise not_found("Modification", "id")
    person, waiting = await _locked(found.person_id, found.request_id)
    change = next((each for each in waiting if each.id == change_id), None)
    if change is None:
        raise Refused(Code.STATE_CONFLICT, "Cette modification n'attend plus de décision.", field=("id",))
    await _decide(ctx, person, [change], accept=accept)
    if len(waiting) == 1:
        await _close(ctx, found.request_id, text)
    return change


@unit_of_work
async def decide_changes(ctx: Context, request: Request, accept: bool, text: str = "") -> None:
    """An agent accepts or refuses all the changes of a request that wait. Refused: as :func:`decide_change`."""
    if request.subject_id is None:
        raise not_found("Demande", "id")
    person, waiting = await _locked(request.subject_id, request.id)
    await _decide(ctx, person, waiting, accept=accept)
    await _close(ctx, request.id, text)


@unit_of_work
async def withdraw_changes(ctx: Context, request: Request, text: str = "") -> None:
    """The family gives up the changes of a request that wait. Refused: STATE_CONFLICT once it is decided."""
    if request.subject_id is None:
        raise not_found("Demande", "id")
    person, waiting = await _locked(request.subject_id, request.id)
    await _decide(ctx, person, waiting, accept=False)
    await move_request(ctx, request.id, RequestState.CANCELLED, text)


async def _locked(person_id: UUID, request_id: UUID) -> tuple[Person, list[FieldChange]]:
    """The person, then the changes of a request that wait, always in this order."""
    person = await Person.filter(id=person_id).select_for_update().first()
    if person is None:
        raise not_found("Personne", "id")
    waiting = FieldChange.filter(request_id=request_id, state=ChangeState.WAITING).order_by("id")
    return person, await waiting.select_for_update()


async def _decide(ctx: Context, person: Person, changes: Sequence[FieldChange], *, accept: bool) -> None:
    for change in changes:
        moved = unsealed(ctx, change.old) != write_particular(getattr(person, change.name))
        accepted = ChangeState.OVERTAKEN if moved else ChangeState.APPLIED
        change.state = accepted if accept else ChangeState.REFUSED
        change.decided_by = ctx.viewer.account_id
        change.decided_at = ctx.now
        await change.save(update_fields=["state", "decided_by", "decided_at"])
    await _apply(ctx, person, [change for change in changes if change.state is ChangeState.APPLIED])


async def _close(ctx: Context, request_id: UUID, text: str) -> None:
    """A request is accepted when part of it is applied; refused when nothing is, with a reason."""
    states = {change.state for change in await FieldChange.filter(request_id=request_id).only("id", "state")}
    applied = ChangeState.APPLIED in states
    reason = text or (OUTDATED if ChangeState.OVERTAKEN in states else "")
    await move_request(ctx, request_id, RequestState.ACCEPTED if applied else RequestState.REFUSED, reason)
