"""Who a court keeps away from a child, as agents record and lift it."""

from datetime import datetime

import strawberry

from resolvers.context import Context
from resolvers.families import court_decisions
from schema.payloads import Payload
from schema.relay import require_uuid

REASON = "What the decision says and when it was seen, in French; the service alone reads it."


@strawberry.input(description="Input of `courtDecisionRecord`.")
class CourtDecisionRecordInput:
    """Who is kept away from whom."""

    person_id: strawberry.ID = strawberry.field(description="A contact, or an adult of a household without the child.")
    child_id: strawberry.ID = strawberry.field(description="The child.")
    reason: str = strawberry.field(description=REASON)
    document_id: strawberry.ID | None = strawberry.field(
        description="The decision, in the vault of a household of the child.", default=None
    )


@strawberry.type(description="Answer of `courtDecisionRecord`.")
class CourtDecisionRecordPayload(Payload):
    """The staff of every day sees it at once; no family does."""

    recorded_at: datetime | None = strawberry.field(description="When; null when refused.", default=None)


@strawberry.input(description="Input of `courtDecisionLift`.")
class CourtDecisionLiftInput:
    """Who is kept away from a child no more."""

    person_id: strawberry.ID = strawberry.field(description="The person who was kept away.")
    child_id: strawberry.ID = strawberry.field(description="The child.")
    reason: str = strawberry.field(description="Why, in French; the service alone reads it.")


@strawberry.type(description="Answer of `courtDecisionLift`.")
class CourtDecisionLiftPayload(Payload):
    """Nothing keeps the person away any more; what it may do is for the family to say."""

    lifted_at: datetime | None = strawberry.field(description="When; null when refused.", default=None)


async def record(ctx: Context, input: CourtDecisionRecordInput) -> CourtDecisionRecordPayload:
    """Keep a person away from a child."""
    person = require_uuid(input.person_id, "Person", what="Personne", field="personId")
    child = require_uuid(input.child_id, "Child", what="Enfant", field="childId")
    given = input.document_id
    proof = require_uuid(given, "Document", what="Document", field="documentId") if given is not None else None
    await court_decisions.keep_away(ctx, person, child, input.reason, proof)
    ctx.loaders.clear()
    return CourtDecisionRecordPayload(recorded_at=ctx.now)


async def lift(ctx: Context, input: CourtDecisionLiftInput) -> CourtDecisionLiftPayload:
    """Keep a person away from a child no more."""
    person = require_uuid(input.person_id, "Person", what="Personne", field="personId")
    child = require_uuid(input.child_id, "Child", what="Enfant", field="childId")
    await court_decisions.lift(ctx, person, child, input.reason)
    ctx.loaders.clear()
    return CourtDecisionLiftPayload(lifted_at=ctx.now)
