"""Direct debit as families and agents see it: what a household is offered, its mandates, and what is done with them."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import strawberry

from plugins import hookspecs
from resolvers.billing.payers import pays_for
from resolvers.context import AccountKind, Context
from resolvers.errors import Refused
from resolvers.models import Mandate as MandateRow
from resolvers.models.direct_debits import MandateState as MandateStateValue
from resolvers.paying import mandate_requests, mandate_states, mandates
from resolvers.paying.mandate_requests import Wish
from schema.cost import LIST_SIZE
from schema.loading import load
from schema.money_enums import MandateState
from schema.payloads import Payload
from schema.relay import Connection, Node, Page, connect, decode_cursor, encode_cursor, global_id, require_uuid


@strawberry.type(description="A household's leave to collect its invoices « mandat de prélèvement SEPA ».")
class Mandate(Node):
    """See ``resolvers.models.direct_debits.Mandate``."""

    rum: str = strawberry.field(description="Its reference « RUM », which never changes.")
    state: MandateState = strawberry.field(description="Where it stands.")
    household_id: strawberry.ID = strawberry.field(description="The household that pays.")
    holder: str = strawberry.field(description="The holder of the account.")
    account: str = strawberry.field(description="The account, masked, such as `FR76 •••• •••• 2606`.")
    bic: str = strawberry.field(description="The code of its bank; empty when it is not known.")
    request_id: strawberry.ID | None = strawberry.field(description="The request that asked for it.")
    document_id: strawberry.ID | None = strawberry.field(description="The signed mandate, where the family sent it.")
    asked_at: datetime = strawberry.field(description="When it was made out.")
    signed_on: date | None = strawberry.field(description="The day written beside the signature.")
    active_from: date | None = strawberry.field(description="Invoices issued from this day on are collected.")
    suspended_at: datetime | None = strawberry.field(description="Since when it is suspended.")
    ended_at: datetime | None = strawberry.field(description="When it ended.")
    reason: str = strawberry.field(description="Why it is suspended or ended, in French; empty otherwise.")
    pdf_url: str | None = strawberry.field(
        description="Where who pays in the household downloads it to sign; null for agents and once it has ended."
    )

    @classmethod
    def of(cls, ctx: Context, row: MandateRow) -> "Mandate":
        """The mandate as clients see it."""
        is_printed = ctx.viewer.kind is AccountKind.FAMILY and row.state is not MandateStateValue.ENDED
        return cls(
            id=global_id("Mandate", row.id),
            rum=row.rum,
            state=MandateState[row.state.name],
            household_id=global_id("Household", row.household_id),
            holder=row.holder,
            account=mandates.masked_iban(ctx, row),
            bic=row.bic,
            request_id=global_id("Request", row.request_id) if row.request_id else None,
            document_id=global_id("Document", row.document_id) if row.document_id else None,
            asked_at=row.asked_at,
            signed_on=row.signed_on,
            active_from=row.active_from,
            suspended_at=row.suspended_at,
            ended_at=row.ended_at,
            reason=row.reason,
            pdf_url=ctx.link(f"mandates/{row.id}.pdf") if is_printed else None,
        )


@strawberry.type(
    description="Direct debit for a household: whether it may join, on which conditions, and its mandates."
)
class HouseholdDirectDebit:
    """See ``resolvers.paying.mandates.Offer``."""

    sentence: str = strawberry.field(description="The commune's rule, in French.")
    may_join: bool = strawberry.field(description="True when `directDebitJoin` does it.")
    why_not: str | None = strawberry.field(description="Why not, and what to do instead, in French.")
    contact: str | None = strawberry.field(description="Who to write to instead.")
    creditor: str | None = strawberry.field(description="Who collects, with the « ICS »; null when it may not join.")
    conditions: str | None = strawberry.field(description="What who joins accepts; null when it may not join.")
    conditions_version: str | None = strawberry.field(description="The version to accept; null when it may not join.")
    mandates: list[Mandate] = strawberry.field(
        description="Its mandates, newest first; empty for who does not pay.", metadata={LIST_SIZE: 2}
    )


async def _mandates(ctx: Context, households: Sequence[UUID]) -> list[list[Mandate]]:
    return [[Mandate.of(ctx, row) for row in rows] for rows in await mandates.mandates_of(ctx, households)]


async def direct_debit_of(ctx: Context, household: UUID, services: Sequence[str]) -> HouseholdDirectDebit:
    """Direct debit for a household; its mandates are loaded for all the households of the answer at once."""
    sentence, held = ctx.commune.ask(hookspecs.direct_debit).say(), await load(ctx, _mandates, household)
    try:
        offer = mandates.offer_to(ctx, services)
    except Refused as refusal:
        contact = refusal.facts.get("contact")
        return HouseholdDirectDebit(
            sentence=sentence,
            may_join=False,
            why_not=refusal.message,
            contact=str(contact) if contact is not None else None,
            creditor=None,
            conditions=None,
            conditions_version=None,
            mandates=held,
        )
    return HouseholdDirectDebit(
        sentence=sentence,
        may_join=pays_for(ctx, household),
        why_not=None if pays_for(ctx, household) else "Seule une personne qui paie pour ce foyer y adhère.",
        contact=None,
        creditor=offer.creditor.say(),
        conditions=offer.policy.conditions.text,
        conditions_version=offer.policy.conditions.version,
        mandates=held,
    )


async def mandates_page(ctx: Context, state: MandateState | None, page: Page) -> Connection[Mandate]:
    """A page of the mandates, the first asked first: two statements."""
    after = decode_cursor(page.after, datetime, UUID) if page.after is not None else None
    wanted = MandateStateValue[state.name] if state is not None else None
    rows, total = await mandates.mandates_page(wanted, after, page.size + 1)
    cursors = [encode_cursor(row.asked_at, row.id) for row in rows]
    return connect(page, [Mandate.of(ctx, row) for row in rows], cursors, total)


async def mandates_of(ctx: Context, keys: Sequence[UUID]) -> list[Mandate]:
    """The mandates the viewer may read among these."""
    return [Mandate.of(ctx, row) for row in await mandates.visible_mandates(ctx, keys)]


@strawberry.input(description="Input of `directDebitPreview`.")
class DirectDebitPreviewInput:
    """An account to collect from."""

    household_id: strawberry.ID = strawberry.field(description="The household that pays.")
    holder: str = strawberry.field(description="The holder of the account, at most 70 characters.")
    iban: str = strawberry.field(description="The account, as on its « RIB »; spaces do not matter.")
    conditions: str = strawberry.field(description="The version of the conditions that are accepted.")

    @property
    def wish(self) -> Wish:
        """What is asked, for the resolvers. Refused: NOT_FOUND."""
        household = require_uuid(self.household_id, "Household", what="Foyer", field="householdId")
        return Wish(household, self.holder, self.iban, self.conditions)


@strawberry.type(description="What joining would do, to be read before it is validated.")
class DirectDebitRecap:
    """See ``resolvers.paying.mandate_requests.Recap``."""

    holder: str = strawberry.field(description="The holder of the account.")
    account: str = strawberry.field(description="The account, masked, with the name of its bank if it is known.")
    bic: str = strawberry.field(description="The code of its bank; empty when it is not known.")
    creditor: str = strawberry.field(description="Who will collect, with the « ICS ».")
    conditions: str = strawberry.field(description="What is accepted.")
    replaces: str | None = strawberry.field(description="The reference of the mandate it would replace.")


@strawberry.type(description="Answer of `directDebitPreview`.")
class DirectDebitPreviewPayload(Payload):
    """Nothing is kept."""

    recap: DirectDebitRecap | None = strawberry.field(description="The recap; null when refused.", default=None)


@strawberry.input(description="Input of `directDebitJoin`.")
class DirectDebitJoinInput(DirectDebitPreviewInput):
    """An account to collect from, once its recap was read."""

    idempotency_key: str | None = strawberry.field(
        description="The same key with the same input gets the same answer, once done.", default=None
    )


@strawberry.type(description="Answer of `directDebitJoin`.")
class DirectDebitJoinPayload(Payload):
    """The mandate is made out, and the household mailed where to sign it."""

    mandate: Mandate | None = strawberry.field(description="The mandate; null when refused.", default=None)


@strawberry.input(description="Input of `directDebitSign`.")
class DirectDebitSignInput:
    """A mandate that the family signed, and put in its vault."""

    id: strawberry.ID = strawberry.field(description="The mandate.")
    document_id: strawberry.ID = strawberry.field(description="A document of the household, of the kind `mandat-sepa`.")
    signed_on: date = strawberry.field(description="The day written beside the signature.")


@strawberry.type(description="Answer of `directDebitSign`.")
class DirectDebitSignPayload(Payload):
    """The signed mandate is with the service."""

    mandate: Mandate | None = strawberry.field(description="The mandate; null when refused.", default=None)


@strawberry.input(description="Input of `directDebitDecide`.")
class DirectDebitDecideInput:
    """A signed mandate, sent or brought on paper."""

    id: strawberry.ID = strawberry.field(description="The mandate.")
    accept: bool = strawberry.field(description="True to collect from the next invoicing on; false to refuse it.")
    signed_on: date | None = strawberry.field(
        description="The day written beside the signature; as the family told it by default.", default=None
    )
    text: str = strawberry.field(description="A word to the family; why, when it is refused.", default="")


@strawberry.type(description="Answer of `directDebitDecide`.")
class DirectDebitDecidePayload(Payload):
    """The mandate is decided, and so is its request."""

    mandate: Mandate | None = strawberry.field(description="The mandate; null when refused.", default=None)


@strawberry.input(description="Input of `directDebitSuspend`.")
class DirectDebitSuspendInput:
    """A mandate that is active."""

    id: strawberry.ID = strawberry.field(description="The mandate.")
    reason: str = strawberry.field(description="Why, for agents: the family reads it.", default="")


@strawberry.type(description="Answer of `directDebitSuspend`.")
class DirectDebitSuspendPayload(Payload):
    """Nothing is collected until it is resumed."""

    mandate: Mandate | None = strawberry.field(description="The mandate; null when refused.", default=None)


@strawberry.input(description="Input of `directDebitResume`.")
class DirectDebitResumeInput:
    """A mandate that is suspended."""

    id: strawberry.ID = strawberry.field(description="The mandate.")


@strawberry.type(description="Answer of `directDebitResume`.")
class DirectDebitResumePayload(Payload):
    """Invoices are collected again, from the next invoicing on."""

    mandate: Mandate | None = strawberry.field(description="The mandate; null when refused.", default=None)


@strawberry.input(description="Input of `directDebitEnd`.")
class DirectDebitEndInput:
    """A mandate that is active or suspended."""

    id: strawberry.ID = strawberry.field(description="The mandate.")
    reason: str = strawberry.field(description="Why, for agents: the family reads it.", default="")


@strawberry.type(description="Answer of `directDebitEnd`.")
class DirectDebitEndPayload(Payload):
    """Nothing is collected any more."""

    mandate: Mandate | None = strawberry.field(description="The mandate; null when refused.", default=None)


@strawberry.input(description="Input of `directDebitIbanRead`.")
class DirectDebitIbanReadInput:
    """A mandate whose account has to be checked."""

    id: strawberry.ID = strawberry.field(description="The mandate.")


@strawberry.type(description="Answer of `directDebitIbanRead`.")
class DirectDebitIbanReadPayload(Payload):
    """The reading is written in the history of the request."""

    iban: str | None = strawberry.field(description="The whole account; null when refused.", default=None)


def _key(id: strawberry.ID) -> UUID:
    return require_uuid(id, "Mandate", what="Mandat", field="id")


async def preview(ctx: Context, input: DirectDebitPreviewInput) -> DirectDebitPreviewPayload:
    """Recapitulate before validating."""
    recap = await mandate_requests.preview(ctx, input.wish)
    told = DirectDebitRecap(
        holder=recap.holder,
        account=recap.account.say(),
        bic=recap.account.bic,
        creditor=recap.offer.creditor.say(),
        conditions=recap.offer.policy.conditions.text,
        replaces=recap.amends.rum if recap.amends is not None else None,
    )
    return DirectDebitPreviewPayload(recap=told)


async def join(ctx: Context, input: DirectDebitJoinInput) -> DirectDebitJoinPayload:
    """Make out a mandate."""
    row = await mandate_requests.join(ctx, input.wish, input.idempotency_key)
    ctx.loaders.clear()
    return DirectDebitJoinPayload(mandate=Mandate.of(ctx, row))


async def sign(ctx: Context, input: DirectDebitSignInput) -> DirectDebitSignPayload:
    """The family sends its signed mandate."""
    document = require_uuid(input.document_id, "Document", what="Document", field="documentId")
    row = await mandate_requests.sign(ctx, _key(input.id), document, input.signed_on)
    return DirectDebitSignPayload(mandate=Mandate.of(ctx, row))


async def decide(ctx: Context, input: DirectDebitDecideInput) -> DirectDebitDecidePayload:
    """An agent accepts or refuses."""
    row = await mandate_requests.decide_mandate(
        ctx, _key(input.id), accept=input.accept, signed_on=input.signed_on, text=input.text
    )
    return DirectDebitDecidePayload(mandate=Mandate.of(ctx, row))


async def suspend(ctx: Context, input: DirectDebitSuspendInput) -> DirectDebitSuspendPayload:
    """Collect nothing for now."""
    row = await mandate_states.suspend(ctx, _key(input.id), input.reason)
    return DirectDebitSuspendPayload(mandate=Mandate.of(ctx, row))


async def resume(ctx: Context, input: DirectDebitResumeInput) -> DirectDebitResumePayload:
    """Collect again."""
    return DirectDebitResumePayload(mandate=Mandate.of(ctx, await mandate_states.resume(ctx, _key(input.id))))


async def end(ctx: Context, input: DirectDebitEndInput) -> DirectDebitEndPayload:
    """Collect nothing any more."""
    row = await mandate_states.end(ctx, _key(input.id), input.reason)
    return DirectDebitEndPayload(mandate=Mandate.of(ctx, row))


async def read_iban(ctx: Context, input: DirectDebitIbanReadInput) -> DirectDebitIbanReadPayload:
    """Read a whole account."""
    return DirectDebitIbanReadPayload(iban=await mandates.read_iban(ctx, _key(input.id)))
