"""Consents as clients see them: what was answered, by whom, and how one changes one's mind."""

from datetime import datetime
from uuid import UUID

import strawberry

from resolvers.context import Context
from resolvers.families import consents
from schema.payloads import Payload
from schema.relay import Connection, Page, connect, decode_cursor, encode_cursor, global_id, require_uuid


@strawberry.type(description="One answer to a consent, never changed: another answer adds a line.")
class ConsentLine:
    """See ``resolvers.families.consents.ConsentLine``."""

    code: str = strawberry.field(description="The consent's code.")
    label: str = strawberry.field(description="What it is about, in French.")
    version: str = strawberry.field(description="The version of the text that was answered.")
    granted: bool = strawberry.field(description="True for a yes.")
    answered_at: datetime = strawberry.field(description="When.")
    answered_by: str = strawberry.field(description="The name of who answered; empty when that person is not visible.")
    child_id: strawberry.ID | None = strawberry.field(description="The child; null when it is about the household.")
    person_id: strawberry.ID | None = strawberry.field(description="The person it names; null when it names nobody.")
    holds: bool = strawberry.field(description="True for the last answer: the one that holds.")

    @classmethod
    def of(cls, line: consents.ConsentLine) -> "ConsentLine":
        """The line as clients see it."""
        row = line.row
        return cls(
            code=row.code,
            label=line.label,
            version=row.version,
            granted=row.granted,
            answered_at=row.at,
            answered_by=line.answered_by,
            child_id=global_id("Child", row.child_id) if row.child_id else None,
            person_id=global_id("Person", row.person_id) if row.person_id else None,
            holds=line.holds,
        )


async def consents_page(ctx: Context, household_id: UUID, page: Page) -> Connection[ConsentLine]:
    """A page of a household's consents, newest first."""
    before = decode_cursor(page.after, datetime, UUID) if page.after is not None else None
    lines, total = await consents.consents_page(ctx, household_id, before, page.size + 1)
    cursors = [encode_cursor(line.row.at, line.row.id) for line in lines]
    return connect(page, [ConsentLine.of(line) for line in lines], cursors, total)


@strawberry.input(description="Input of `consentChange`.")
class ConsentChangeInput:
    """A consent that was answered before, and the new answer."""

    household_id: strawberry.ID = strawberry.field(description="The household.")
    code: str = strawberry.field(description="The consent, as in `ConsentLine.code`.")
    granted: bool = strawberry.field(description="False to take it back, true to give it again.")
    child_id: strawberry.ID | None = strawberry.field(description="The child it is about, if any.", default=None)
    person_id: strawberry.ID | None = strawberry.field(description="The person it names, if any.", default=None)
    version: str | None = strawberry.field(
        description="For a yes, the version of the text that was read, as in `ConsentAnswer.version`.", default=None
    )


@strawberry.type(description="Answer of `consentChange`.")
class ConsentChangePayload(Payload):
    """The answer holds from now on."""

    changed_at: datetime | None = strawberry.field(
        description="When the answer that holds was given; null when refused.", default=None
    )


async def change(ctx: Context, input: ConsentChangeInput) -> ConsentChangePayload:
    """Take a consent back, or give it again."""
    child, person = input.child_id, input.person_id
    about = consents.Subject(
        require_uuid(input.household_id, "Household", what="Foyer", field="householdId"),
        require_uuid(child, "Child", what="Enfant", field="childId") if child is not None else None,
        input.code[:40],
        require_uuid(person, "Person", what="Personne", field="personId") if person is not None else None,
    )
    line = await consents.change_consent(ctx, about, granted=input.granted, version=input.version)
    ctx.loaders.clear()
    return ConsentChangePayload(changed_at=line.at)
