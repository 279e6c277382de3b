"""The « quotient familial » of a household as clients see it, and the ways to give one."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import strawberry

from plugins import hookspecs
from plugins.rules.features import Review
from resolvers.billing.billing import Month
from resolvers.context import Context
from resolvers.errors import not_found
from resolvers.families import caf, quotients
from resolvers.features import mailboxes_of
from resolvers.models import QuotientFamilial
from resolvers.ports import Sex as SexValue
from schema.cost import LIST_SIZE
from schema.enums import QuotientSource, QuotientState, Sex
from schema.loading import load
from schema.payloads import Info, Payload
from schema.relay import global_id, parse_uuid, require_uuid


@strawberry.type(description="A « quotient familial » that was given for a household.")
class Quotient:
    """See ``resolvers.models.households.QuotientFamilial``."""

    euros: int = strawberry.field(description="Its value, in whole euros a month.")
    month: str = strawberry.field(description="The month of its notice, such as `2026-10`: it is valid from the 1st.")
    state: QuotientState = strawberry.field(description="Whether it counts.")
    source: QuotientSource = strawberry.field(description="Where it comes from.")
    recorded_at: datetime = strawberry.field(description="When the commune received it.")
    request: strawberry.ID | None = strawberry.field(
        description="The request it came with: where its notice and the decision are; null when an agent recorded it."
    )

    @classmethod
    def of(cls, row: QuotientFamilial) -> "Quotient":
        """The quotient as clients see it."""
        return cls(
            euros=row.euros,
            month=f"{row.valid_from.year}-{row.valid_from.month:02}",
            state=QuotientState[row.state.name],
            source=QuotientSource[row.source.name],
            recorded_at=row.recorded_at,
            request=global_id("Request", row.request_id) if row.request_id else None,
        )


@strawberry.type(description="The consent of a person to have its « quotient familial » asked of the fund.")
class FundConsent:
    """See ``plugins.rules.dossiers.Consent``."""

    label: str = strawberry.field(description="What it is about, in French.")
    text: str = strawberry.field(description="What the person agrees to, in French.")
    version: str = strawberry.field(description="The version to agree to with `quotientFetch`.")
    is_granted: bool = strawberry.field(description="True when the viewer agreed to this version and still does.")


@strawberry.type(description="Which « quotient familial » prices a household's days, and how to give another one.")
class HouseholdQuotients:
    """See ``resolvers.families.quotients.QuotientFile``."""

    euros: int | None = strawberry.field(description="The one that prices the present day; null when none does.")
    since: date | None = strawberry.field(description="From which day it prices.")
    sentence: str = strawberry.field(description="The same in French, and what holds without any.")
    rule: str = strawberry.field(description="From when a new one counts here, in French.")
    may_declare: bool = strawberry.field(description="True when the family may declare one with `quotientDeclare`.")
    is_reviewed: bool = strawberry.field(description="True when an agent checks what is declared before it counts.")
    why_not: str | None = strawberry.field(description="Why it may not be declared online, and what to do, in French.")
    contact: str | None = strawberry.field(description="The mailbox to write to instead.")
    history: list[Quotient] = strawberry.field(
        description="Everything that was given, newest month first.", metadata={LIST_SIZE: 5}
    )
    household: strawberry.Private[UUID]

    @strawberry.field(
        description="What to agree to before the family allowance fund is asked with `quotientFetch`; null for who may "
        "not ask it."
    )
    async def fund_consent(self, info: Info) -> FundConsent | None:
        """One statement for each household."""
        ctx = info.context
        if not caf.may_ask(ctx, self.household):
            return None
        asked = caf.consent_asked(ctx)
        granted = await caf.has_consented(ctx, self.household)
        return FundConsent(label=asked.label, text=asked.text.strip(), version=asked.version, is_granted=granted)


async def quotients_of(ctx: Context, household_id: UUID, services: Sequence[str]) -> HouseholdQuotients | None:
    """The quotients of a household, loaded for all those of the answer at once; None where families do not see them."""
    if not quotients.may_read(ctx, services):
        return None
    file = await load(ctx, quotients.files_of, household_id)
    closed = quotients.refusal_to_declare(ctx, services, await load(ctx, mailboxes_of, household_id))
    contact = closed.facts.get("contact") if closed else None
    return HouseholdQuotients(
        euros=int(file.held.qf) if file.held.qf is not None else None,
        since=file.held.since,
        sentence=file.say(),
        rule=ctx.commune.ask(hookspecs.quotient_rule).say(),
        may_declare=closed is None,
        is_reviewed=quotients.field_policy(ctx, services).review is Review.AGENT,
        why_not=closed.message if closed else None,
        contact=str(contact) if contact else None,
        history=[Quotient.of(row) for row in file.rows],
        household=household_id,
    )


@strawberry.input(description="Input of `quotientDeclare`.")
class QuotientDeclareInput:
    """What the family's notice says."""

    household_id: strawberry.ID = strawberry.field(description="The household; the viewer must pay for it.")
    euros: int = strawberry.field(description="The value of the notice, in whole euros a month.")
    month: str = strawberry.field(description="The month of the notice, such as `2026-10`; at most 24 months ago.")
    document_ids: list[strawberry.ID] = strawberry.field(
        description="The notice, among the documents of the household; at most 10.", default_factory=list
    )
    idempotency_key: str | None = strawberry.field(
        description="The same key with the same input gets the same answer, once done.", default=None
    )


@strawberry.type(description="Answer of `quotientDeclare`.")
class QuotientDeclarePayload(Payload):
    """The declaration is kept."""

    quotient: Quotient | None = strawberry.field(description="The declaration; null when refused.", default=None)


async def declare(ctx: Context, input: QuotientDeclareInput) -> QuotientDeclarePayload:
    """Declare the viewer's quotient."""
    household = _household(input.household_id)
    documents = [parse_uuid(each, "Document") for each in input.document_ids]
    known = [each for each in documents if each is not None]
    if len(known) < len(documents):
        raise not_found("Document", "documentIds")
    month = Month.parse(input.month)
    row = await quotients.declare(ctx, household, input.euros, month, known, input.idempotency_key)
    return QuotientDeclarePayload(quotient=Quotient.of(row))


@strawberry.input(description="Input of `quotientFetch`: the viewer as on its birth certificate. It is not kept.")
class QuotientFetchInput:
    """Who the fund looks for; the viewer's name comes from its file."""

    household_id: strawberry.ID = strawberry.field(description="The household; the viewer must pay for it.")
    birth_date: date = strawberry.field(description="The viewer's day of birth.")
    birth_name: str = strawberry.field(description="The name at birth, when it is not the usual one.", default="")
    birth_country: str = strawberry.field(
        description="The INSEE's code of the country of birth; France by default.", default=caf.FRANCE
    )
    birth_town: str = strawberry.field(
        description="The INSEE's code of the town of birth, such as `35076`. Required when born in France.", default=""
    )
    sex: Sex | None = strawberry.field(description="The sex: it helps the fund.", default=None)
    agrees_to: str | None = strawberry.field(
        description="The version of `fundConsent` that was read and agreed to. Required the first time.", default=None
    )


@strawberry.type(description="Answer of `quotientFetch`.")
class QuotientFetchPayload(Payload):
    """The quotient counts."""

    quotient: Quotient | None = strawberry.field(description="What the fund answered; null when refused.", default=None)


async def fetch(ctx: Context, input: QuotientFetchInput) -> QuotientFetchPayload:
    """Ask the fund for the viewer's quotient."""
    sex = SexValue[input.sex.name] if input.sex else None
    birth = caf.Birth(input.birth_date, input.birth_name, input.birth_country, input.birth_town, sex)
    row = await caf.fetch(ctx, _household(input.household_id), birth, agrees_to=input.agrees_to)
    return QuotientFetchPayload(quotient=Quotient.of(row))


@strawberry.input(description="Input of `quotientRecord`.")
class QuotientRecordInput:
    """What a notice brought to the desk says."""

    household_id: strawberry.ID = strawberry.field(description="The household.")
    euros: int = strawberry.field(description="The value of the notice, in whole euros a month.")
    month: str = strawberry.field(description="The month of the notice, such as `2026-10`; at most 24 months ago.")
    idempotency_key: str | None = strawberry.field(
        description="The same key with the same input gets the same answer, once done.", default=None
    )


@strawberry.type(description="Answer of `quotientRecord`.")
class QuotientRecordPayload(Payload):
    """The quotient counts."""

    quotient: Quotient | None = strawberry.field(description="What was recorded; null when refused.", default=None)


async def record(ctx: Context, input: QuotientRecordInput) -> QuotientRecordPayload:
    """Record a household's quotient."""
    household, month = _household(input.household_id), Month.parse(input.month)
    row = await quotients.record(ctx, household, input.euros, month, input.idempotency_key)
    return QuotientRecordPayload(quotient=Quotient.of(row))


def _household(id: str) -> UUID:
    return require_uuid(id, "Household", what="Foyer", field="householdId")
