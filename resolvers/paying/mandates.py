"""Mandates as families and agents read them: what direct debit a household is offered, its mandates, their paper."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q

from plugins import hookspecs
from plugins.rules.direct_debits import DirectDebitPolicy, SepaCreditor
from plugins.rules.ibans import mask
from plugins.rules.mandates import MandateDocument
from plugins.rules.payment import DirectDebitRoute
from plugins.rules.requests import RequestState
from resolvers.billing.payers import pays_for
from resolvers.context import AccountKind, Context
from resolvers.errors import Code, Refused, not_found
from resolvers.families.households import HouseholdFile, households_of
from resolvers.models import Mandate, Request, RequestEvent
from resolvers.models.direct_debits import MandateState
from resolvers.models.households import Role
from resolvers.models.requests import RequestEventKind
from resolvers.models.tenancy import unit_of_work

PENDING = frozenset({MandateState.TO_SIGN, MandateState.ASKED})
SIGNED_MANDATE = "mandat-sepa"  # the kind of document (``plugins.rules.document_kinds``)
READ = "Un agent a consulté l'IBAN en entier."


@dataclass(frozen=True, slots=True)
class Offer:
    """Direct debit as a household may join it: the service that receives the request, and who collects."""

    service: str
    policy: DirectDebitPolicy
    creditor: SepaCreditor


def offer_to(ctx: Context, services: Sequence[str]) -> Offer:
    """What the services that follow a household offer it.

    Refused: PAYMENT_ROUTE_UNAVAILABLE where nobody collects, or somebody else; FEATURE_CLOSED for families who write
    to the service instead.
    """
    policy = ctx.commune.ask(hookspecs.direct_debit)
    offered = [
        (service, route)
        for service in map(ctx.commune.identity.service, services)
        for route in ctx.commune.gather(hookspecs.payment_routes, service=service)
        if isinstance(route, DirectDebitRoute) and ctx.viewer.works_for(service.code)
    ]
    if not policy.enabled or not offered:
        raise Refused(
            Code.PAYMENT_ROUTE_UNAVAILABLE,
            "Le prélèvement automatique n'est pas proposé ici : réglez vos factures par un autre moyen.",
            field=("householdId",),
        )
    service, route = offered[0]
    if policy.creditor is None:
        told = f"Le prélèvement automatique ne se demande pas sur ce portail : écrivez à {service.mailbox}."
        raise Refused(Code.PAYMENT_ROUTE_UNAVAILABLE, told, field=("householdId",), contact=service.mailbox)
    if not policy.joined_online and ctx.viewer.kind is AccountKind.FAMILY:
        raise Refused(Code.FEATURE_CLOSED, route.say(), field=("householdId",), contact=service.mailbox)
    return Offer(service.code, policy, policy.creditor)


async def mandates_of(ctx: Context, household_ids: Sequence[UUID]) -> list[list[Mandate]]:
    """The mandates of each household that the viewer pays for, newest first: one statement for all of them."""
    shown = [household for household in household_ids if pays_for(ctx, household)]
    rows = await Mandate.filter(household_id__in=shown).order_by("-asked_at", "-id")
    return [[row for row in rows if row.household_id == household] for household in household_ids]


async def visible_mandates(ctx: Context, ids: Collection[UUID]) -> list[Mandate]:
    """The mandates among these that the viewer may read: one statement."""
    return [row for row in await Mandate.filter(id__in=list(ids)) if pays_for(ctx, row.household_id)]


async def mandates_page(
    state: MandateState | None, after: tuple[datetime, UUID] | None, limit: int
) -> tuple[list[Mandate], int]:
    """A page of the mandates in a state, or of all of them, the first asked first, and how many there are in all."""
    rows = Mandate.all() if state is None else Mandate.filter(state=state)
    total = await rows.count()
    if after is not None:
        at, key = after
        rows = rows.filter(Q(asked_at__gt=at) | Q(asked_at=at, id__gt=key))
    return await rows.order_by("asked_at", "id").limit(limit), total


def masked_iban(ctx: Context, mandate: Mandate) -> str:
    """« FR76 •••• •••• 2606 », all that is shown of an account."""
    return mask(ctx.ports.sealer.unseal(mandate.iban)[:4], mandate.iban_end)


@unit_of_work
async def read_iban(ctx: Context, mandate_id: UUID) -> str:
    """The whole account, for an agent who has to check it; the history of the request says so, to the family too.

    Refused: NOT_FOUND.
    """
    found = await visible_mandates(ctx, [mandate_id])
    request = await Request.get_or_none(id=found[0].request_id) if found else None
    if request is None:
        raise not_found("Mandat", "id")
    await RequestEvent.create(
        request_id=request.id,
        household_id=request.household_id,
        kind=RequestEventKind.MESSAGE,
        state=RequestState(request.state),
        by_agent=True,
        account_id=ctx.viewer.account_id,
        text=ctx.ports.sealer.seal(READ),
        at=ctx.now,
    )
    return ctx.ports.sealer.unseal(found[0].iban)


async def printed(ctx: Context, mandate_id: UUID) -> tuple[Mandate, bytes] | None:
    """A mandate and its PDF, with the whole account, for who pays in its household alone; None for everybody else."""
    found = await visible_mandates(ctx, [mandate_id]) if ctx.viewer.kind is AccountKind.FAMILY else []
    if not found or found[0].state is MandateState.ENDED:
        return None
    document = await document_of(ctx, found[0])
    return None if document is None else (found[0], await ctx.ports.printer.mandate(document))


async def document_of(ctx: Context, mandate: Mandate) -> MandateDocument | None:
    """Everything that a mandate prints; None once the commune collects no more."""
    (household,) = await households_of(ctx, frozenset({mandate.household_id}))
    policy = ctx.commune.ask(hookspecs.direct_debit)
    if policy.creditor is None:
        return None
    amended = await Mandate.get_or_none(id=mandate.amends) if mandate.amends is not None else None
    service = ctx.commune.identity.service((*household.services, ctx.commune.identity.services[0].code)[0])
    return MandateDocument(
        reference=mandate.rum,
        creditor=policy.creditor,
        holder=mandate.holder,
        holder_address=_address(household),
        iban=ctx.ports.sealer.unseal(mandate.iban),
        bic=mandate.bic,
        made_out_on=mandate.asked_at.astimezone(ctx.commune.tz).date(),
        conditions=policy.conditions.text,
        give_back=f"À rendre signé dans votre espace famille, ou au {service.label}, {service.mailbox}, avec un RIB.",
        amends=amended.rum if amended is not None else "",
    )


def _address(household: HouseholdFile) -> tuple[str, ...]:
    adults = [m for m in household.members if m.role in (Role.REPRESENTATIVE, Role.CO_REPRESENTATIVE) and m.street]
    return (adults[0].street, f"{adults[0].postcode} {adults[0].town}".strip()) if adults else ()
