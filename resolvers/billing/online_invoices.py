"""Invoices online instead of paper: asked by who pays, accepted by an agent or at once, given up at any time."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from plugins import hookspecs
from plugins.rules.features import Feature, Review
from plugins.rules.french import say_date
from plugins.rules.online_invoices import OnlineInvoices
from plugins.rules.request_details import write_details
from plugins.rules.requests import RequestKind, RequestState
from resolvers.billing.payers import pays_for
from resolvers.context import AccountKind, Context
from resolvers.errors import Code, Refused, not_found
from resolvers.families.correspondents import correspondents_of
from resolvers.features import answer_of, refusal_of
from resolvers.idempotency import recall, remember
from resolvers.models import Household, Request
from resolvers.models.tenancy import unit_of_work
from resolvers.requests.request_lists import visible_requests
from resolvers.requests.requests import move_request, open_request, service_for

JOIN, LEAVE = "onlineInvoicesJoin", "onlineInvoicesLeave"
DECIDED = tuple(state for state in RequestState if state.is_final)


def paper_policy(ctx: Context, services: Sequence[str]) -> OnlineInvoices:
    """The rule for a household that these services follow, which receives paper until it joins.

    Refused: FEATURE_CLOSED where its invoices are online already, or where it cannot read them online.
    """
    policy = ctx.commune.ask(hookspecs.invoicing).online
    if policy is None or not policy.concerns(services):
        mailbox = ctx.commune.identity.service((*services, ctx.commune.identity.services[0].code)[0]).mailbox
        told = f"Vos factures sont déjà en ligne : il n'y a rien à demander. Pour toute question, écrivez à {mailbox}."
        raise Refused(Code.FEATURE_CLOSED, told, field=("householdId",), contact=mailbox)
    answer = answer_of(ctx, Feature.VIEW_INVOICES, services)
    if not answer.allowed:
        raise refusal_of(answer)
    return policy


@unit_of_work
async def join(ctx: Context, household_id: UUID, terms: str, key: str | None = None) -> Request:
    """Ask for invoices online instead of paper; the household's adults are mailed the number of the request.

    The request keeps the version of the terms, the person and the instant. It holds at once where no agent accepts it,
    or when an agent asks.

    Refused: NOT_FOUND (household that the viewer does not pay for), as :func:`paper_policy`, TERMS_OUTDATED,
    STATE_CONFLICT when it has joined or a request waits, and as ``idempotency.recall``.
    """
    asked = {"household": str(household_id), "terms": terms}
    answered = await recall(ctx, JOIN, key, asked)
    if answered is not None:
        return await visible_requests(ctx).get(id=UUID(answered["request"]))
    household = await _held(ctx, household_id)
    policy = paper_policy(ctx, household.services)
    if terms != policy.terms.version:
        told = "Acceptez les conditions de la facture en ligne, dans leur version actuelle."
        raise Refused(Code.TERMS_OUTDATED, told, field=("terms",))
    await _refuse_again(ctx, household)
    at_once = policy.review is Review.AUTOMATIC or ctx.viewer.kind is AccountKind.AGENT
    request = await _ask(ctx, household, "Adhésion à la facture en ligne", terms, at_once=at_once)
    if at_once:
        await _bring_online(ctx, household)
    await remember(ctx, JOIN, key, asked, {"request": str(request.id)})
    return request


@unit_of_work
async def leave(ctx: Context, household_id: UUID, key: str | None = None) -> Request:
    """Come back to paper, from the next invoice on: it holds at once, and leaves its numbered request.

    Refused: NOT_FOUND, FEATURE_CLOSED as :func:`paper_policy`, STATE_CONFLICT when the household has not joined, and as
    ``idempotency.recall``.
    """
    asked = {"household": str(household_id)}
    answered = await recall(ctx, LEAVE, key, asked)
    if answered is not None:
        return await visible_requests(ctx).get(id=UUID(answered["request"]))
    household = await _held(ctx, household_id)
    policy = paper_policy(ctx, household.services)
    if household.invoices_online_since is None:
        told = "Vos factures sont déjà sur papier. Si une demande attend, annulez-la dans « Dernières demandes »."
        raise Refused(Code.STATE_CONFLICT, told, field=("householdId",))
    request = await _ask(ctx, household, "Retour à la facture papier", policy.terms.version, at_once=True)
    household.invoices_online_since = None
    await household.save(update_fields=["invoices_online_since"])
    await remember(ctx, LEAVE, key, asked, {"request": str(request.id)})
    return request


async def decide_online_invoices(ctx: Context, request: Request, accept: bool, text: str) -> None:
    """The service accepts that a household has its invoices online, from now on, or refuses it with a reason.

    Refused: STATE_CONFLICT when the request waits for no decision, BLANK for a refusal without reason.
    """
    household = await Household.filter(id=request.household_id).select_for_update().get()
    await move_request(ctx, request.id, RequestState.ACCEPTED if accept else RequestState.REFUSED, text)
    if accept:
        await _bring_online(ctx, household)


async def waiting_requests(_ctx: Context, household_ids: Sequence[UUID]) -> list[Request | None]:
    """The request of each household that waits for a decision, if any: one statement for all of them."""
    rows = Request.filter(household_id__in=list(household_ids), kind=RequestKind.E_INVOICE)
    found = {row.household_id: row for row in await rows.exclude(state__in=DECIDED)}
    return [found.get(household_id) for household_id in household_ids]


def already(ctx: Context, since: datetime | None, waiting: Request | None) -> str | None:
    """Why a household has nothing to ask any more, in French: it has joined, or its request waits; None otherwise."""
    if since is not None:
        return f"Vos factures sont en ligne depuis le {say_date(since.astimezone(ctx.commune.tz).date())}."
    if waiting is not None:
        return f"Votre demande n° {waiting.number} attend le service : suivez-la dans « Dernières demandes »."
    return None


async def told_of_invoices(_ctx: Context, household_ids: Sequence[UUID]) -> list[list[str]]:
    """The full names of who is mailed each invoice of each household: three statements for all of them."""
    people = await correspondents_of(household_ids)
    return [[f"{person.first_name} {person.last_name}" for _, person in people[each]] for each in household_ids]


async def _held(ctx: Context, household_id: UUID) -> Household:
    """The household, locked until the commit: what is asked for it comes one at a time. Refused: NOT_FOUND."""
    household = await Household.filter(id=household_id).select_for_update().first()
    if household is None or not pays_for(ctx, household_id):
        raise not_found("Foyer", "householdId")
    return household


async def _refuse_again(ctx: Context, household: Household) -> None:
    (waiting,) = await waiting_requests(ctx, [household.id])
    told = already(ctx, household.invoices_online_since, waiting)
    if told is not None:
        raise Refused(Code.STATE_CONFLICT, told, field=("householdId",))


async def _ask(ctx: Context, household: Household, title: str, terms: str, *, at_once: bool) -> Request:
    return await open_request(
        ctx,
        RequestKind.E_INVOICE,
        household.id,
        service=service_for(ctx, household.services, Feature.VIEW_INVOICES),
        title=title,
        details=write_details({"conditions": terms}),
        state=RequestState.ACCEPTED if at_once else RequestState.SENT,
    )


async def _bring_online(ctx: Context, household: Household) -> None:
    """The invoices of a household, locked, are online from now on."""
    household.invoices_online_since = household.invoices_online_since or ctx.now
    await household.save(update_fields=["invoices_online_since"])
