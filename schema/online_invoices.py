"""Invoices online instead of paper: where a household stands, and how it joins or comes back to paper."""

from datetime import datetime
from uuid import UUID

import strawberry

from resolvers.billing import online_invoices
from resolvers.billing.online_invoices import told_of_invoices, waiting_requests
from resolvers.billing.payers import pays_for
from resolvers.context import Context
from resolvers.errors import Refused
from resolvers.families.households import HouseholdFile
from schema.loading import load
from schema.payloads import Payload
from schema.relay import global_id, require_uuid
from schema.requests import KEY, Request


@strawberry.type(description="Invoices online instead of paper for a household « facture en ligne ».")
class HouseholdOnlineInvoices:
    """See ``resolvers.billing.online_invoices``."""

    since: datetime | None = strawberry.field(description="When it joined; null when it has not.")
    on_paper: bool = strawberry.field(description="True while its invoices are printed for it too.")
    may_join: bool = strawberry.field(description="True when `onlineInvoicesJoin` does it.")
    why_not: str | None = strawberry.field(description="Why not, and what to do instead, in French.")
    sentence: str | None = strawberry.field(description="The commune's rule, in French; null where none is on paper.")
    recap: str | None = strawberry.field(description="What joining would do, to be read first; null when it may not.")
    terms: str | None = strawberry.field(description="What who joins accepts, in French; null when it may not.")
    terms_version: str | None = strawberry.field(description="The version to accept; null when it may not join.")
    request_id: strawberry.ID | None = strawberry.field(description="Its request that waits for a decision.")


async def online_invoices_of(ctx: Context, file: HouseholdFile) -> HouseholdOnlineInvoices:
    """Where a household stands; what it takes is loaded for all the households of the answer at once."""
    since = file.invoices_online_since
    try:
        policy = online_invoices.paper_policy(ctx, file.services)
    except Refused as refusal:
        return HouseholdOnlineInvoices(
            since=since,
            on_paper=False,
            may_join=False,
            why_not=refusal.message,
            sentence=None,
            recap=None,
            terms=None,
            terms_version=None,
            request_id=None,
        )
    waiting = await load(ctx, waiting_requests, file.id)
    why_not = online_invoices.already(ctx, since, waiting)
    if not pays_for(ctx, file.id):
        why_not = "Seule une personne qui paie pour ce foyer y adhère."
    may_join = why_not is None
    told = await load(ctx, told_of_invoices, file.id) if may_join else []
    return HouseholdOnlineInvoices(
        since=since,
        on_paper=since is None,
        may_join=may_join,
        why_not=why_not,
        sentence=policy.say(),
        recap=policy.say_recap(told) if may_join else None,
        terms=policy.terms.text if may_join else None,
        terms_version=policy.terms.version if may_join else None,
        request_id=global_id("Request", waiting.id) if waiting is not None else None,
    )


@strawberry.input(description="Input of `onlineInvoicesJoin`.")
class OnlineInvoicesJoinInput:
    """A household whose recap was read."""

    household_id: strawberry.ID = strawberry.field(description="The household that pays.")
    terms: str = strawberry.field(description="The version of the terms that are accepted.")
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.type(description="Answer of `onlineInvoicesJoin`.")
class OnlineInvoicesJoinPayload(Payload):
    """The request is numbered, and its adults are mailed."""

    request: Request | None = strawberry.field(
        description="The request, accepted already where no agent decides; null when refused.", default=None
    )


@strawberry.input(description="Input of `onlineInvoicesLeave`.")
class OnlineInvoicesLeaveInput:
    """A household that joined."""

    household_id: strawberry.ID = strawberry.field(description="The household that pays.")
    idempotency_key: str | None = strawberry.field(description=KEY, default=None)


@strawberry.type(description="Answer of `onlineInvoicesLeave`.")
class OnlineInvoicesLeavePayload(Payload):
    """Invoices are on paper again, from the next one on."""

    request: Request | None = strawberry.field(
        description="The request, accepted already; null when refused.", default=None
    )


def _key(id: strawberry.ID) -> UUID:
    return require_uuid(id, "Household", what="Foyer", field="householdId")


async def join(ctx: Context, input: OnlineInvoicesJoinInput) -> OnlineInvoicesJoinPayload:
    """Ask for invoices online."""
    row = await online_invoices.join(ctx, _key(input.household_id), input.terms, input.idempotency_key)
    return OnlineInvoicesJoinPayload(request=Request.of(ctx, row))


async def leave(ctx: Context, input: OnlineInvoicesLeaveInput) -> OnlineInvoicesLeavePayload:
    """Come back to paper."""
    row = await online_invoices.leave(ctx, _key(input.household_id), input.idempotency_key)
    return OnlineInvoicesLeavePayload(request=Request.of(ctx, row))
