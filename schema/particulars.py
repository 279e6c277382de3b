"""The particulars of a person: what a family may do with them, and the changes it asks for."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import strawberry

from plugins.rules.features import Review
from plugins.rules.particulars import LONGEST
from resolvers.context import Context
from resolvers.errors import Code, Refused
from resolvers.families import field_changes
from resolvers.models import FieldChange as FieldChangeRow
from schema.enums import ChangeState, Visibility
from schema.loading import load
from schema.payloads import Info, Payload
from schema.relay import Connection, Page, connect, decode_cursor, encode_cursor, global_id, require_uuid


@strawberry.type(description="A particular of the household's members, and what the family can do with it.")
class Particular:
    """See ``plugins.rules.features.FieldPolicy``."""

    name: str = strawberry.field(description="Its name in the schema, such as `birthName`.")
    label: str = strawberry.field(description="Its name in French.")
    visibility: Visibility = strawberry.field(description="What the family can do.")
    is_reviewed: bool = strawberry.field(description="True when an agent checks a change before it is applied.")


def particulars_of(ctx: Context, services: Sequence[str]) -> list[Particular]:
    """What a family that these services follow can do with each particular."""
    policies = {name: field_changes.policy_of(ctx, services, f"person.{name}") for name in LONGEST}
    return [
        Particular(
            name=field_changes.input_name(name),
            label=field_changes.label_of(name),
            visibility=Visibility[policy.visibility.name],
            is_reviewed=policy.is_editable and policy.review is Review.AGENT,
        )
        for name, policy in policies.items()
    ]


@strawberry.type(description="A change of one particular, asked by the family or made by the service.")
class FieldChange:
    """See ``resolvers.models.families.FieldChange``."""

    asker: strawberry.Private[UUID]
    decider: strawberry.Private[UUID | None]
    id: strawberry.ID = strawberry.field(description="The identifier, for `fieldChangeDecide`.")
    person_id: strawberry.ID = strawberry.field(description="Whose particular it is.")
    name: str = strawberry.field(description="The particular, such as `birthName`.")
    label: str = strawberry.field(description="Its name in French.")
    old: str = strawberry.field(description="Its value when it was asked; empty when unknown.")
    new: str = strawberry.field(description="The value asked for.")
    state: ChangeState = strawberry.field(description="Where it stands.")
    asked_at: datetime = strawberry.field(description="When it was asked.")
    decided_at: datetime | None = strawberry.field(description="When it was applied or refused.")

    @strawberry.field(description="Who asked it: a name, or « le service » for who is not to be named.")
    async def asked_by(self, info: Info) -> str:
        """Loaded for all the changes of the answer at once."""
        return await load(info.context, field_changes.authors_of, self.asker)

    @strawberry.field(description="Who applied or refused it, told alike; null when nobody had to decide, or yet.")
    async def decided_by(self, info: Info) -> str | None:
        """Loaded for all the changes of the answer at once."""
        if self.decider is None:
            return None
        return await load(info.context, field_changes.authors_of, self.decider)

    @classmethod
    def of(cls, ctx: Context, row: FieldChangeRow) -> "FieldChange":
        """The change as clients see it."""
        return cls(
            asker=row.asked_by,
            decider=row.decided_by,
            id=global_id("FieldChange", row.id),
            person_id=global_id("Person", row.person_id),
            name=field_changes.input_name(row.name),
            label=field_changes.label_of(row.name),
            old=field_changes.unsealed(ctx, row.old),
            new=field_changes.unsealed(ctx, row.new),
            state=ChangeState[row.state.name],
            asked_at=row.asked_at,
            decided_at=row.decided_at,
        )


async def changes_of(ctx: Context, request_ids: Sequence[UUID]) -> list[list[FieldChange]]:
    """The changes that each request asks for."""
    return [[FieldChange.of(ctx, row) for row in rows] for rows in await field_changes.changes_of(ctx, request_ids)]


async def changes_page(
    ctx: Context, household_id: UUID, services: Sequence[str], page: Page
) -> Connection[FieldChange]:
    """A page of what changed in the particulars of a household's members."""
    after = decode_cursor(page.after, datetime, UUID) if page.after is not None else None
    rows, total = await field_changes.changes_page(ctx, household_id, services, after, page.size + 1)
    cursors = [encode_cursor(row.asked_at, row.id) for row in rows]
    return connect(page, [FieldChange.of(ctx, row) for row in rows], cursors, total)


@strawberry.input(description="Input of `personUpdate`: only the fields given are changed.")
class PersonUpdateInput:
    """New particulars."""

    id: strawberry.ID = strawberry.field(description="A `Person` or a `Child` of the household.")
    title: strawberry.Maybe[str] = strawberry.field(description="« Civilité ».")
    first_name: strawberry.Maybe[str] = strawberry.field(description="The first name.")
    last_name: strawberry.Maybe[str] = strawberry.field(description="The name in use « nom d'usage ».")
    birth_name: strawberry.Maybe[str] = strawberry.field(description="The name at birth.")
    birth_date: strawberry.Maybe[date] = strawberry.field(description="The day of birth.")
    phone: strawberry.Maybe[str] = strawberry.field(description="The telephone number.")
    street: strawberry.Maybe[str] = strawberry.field(description="Number and street.")
    postcode: strawberry.Maybe[str] = strawberry.field(description="The postcode.")
    town: strawberry.Maybe[str] = strawberry.field(description="The town.")
    country: strawberry.Maybe[str] = strawberry.field(description="The country.")


@strawberry.type(description="Answer of `personUpdate`.")
class PersonUpdatePayload(Payload):
    """The particulars are changed, or an agent will decide."""

    updated_at: datetime | None = strawberry.field(description="When; null when refused.", default=None)
    changes: list[FieldChange] = strawberry.field(
        description="What became of each value that differs: applied at once, or waiting.", default_factory=list
    )


async def update_person(ctx: Context, input: PersonUpdateInput) -> PersonUpdatePayload:
    """Change a member's particulars, or ask for it."""
    key = require_uuid(input.id, "Person", "Child", what="Personne", field="id")
    given = {name: getattr(input, name) for name in LONGEST}
    wanted = {name: clean(name, one.value) for name, one in given.items() if one is not None}
    if not wanted:
        raise Refused(Code.BLANK, "Indiquez au moins une information à changer.")
    asked = await field_changes.update_person(ctx, key, wanted)
    return PersonUpdatePayload(updated_at=ctx.now, changes=[FieldChange.of(ctx, change) for change in asked.changes])


def clean(name: str, value: str | date) -> str | date:
    """A value without spaces around it. Refused: INVALID when it is too long or not on one line."""
    if isinstance(value, date):
        return value
    stripped = value.strip()
    if len(stripped) > LONGEST[name] or not stripped.isprintable():
        raise Refused(
            Code.INVALID, f"Au plus {LONGEST[name]} caractères, sur une ligne.", field=(field_changes.input_name(name),)
        )
    return stripped


@strawberry.input(description="Input of `fieldChangeDecide`.")
class FieldChangeDecideInput:
    """An agent's decision about one change."""

    id: strawberry.ID = strawberry.field(description="The change.")
    accept: bool = strawberry.field(description="True to apply the new value, false to keep the old one.")
    text: str = strawberry.field(
        description="A word to the family; why, when it is the last change of a request that is refused.", default=""
    )


@strawberry.type(description="Answer of `fieldChangeDecide`.")
class FieldChangeDecidePayload(Payload):
    """The change is decided."""

    change: FieldChange | None = strawberry.field(
        description="The change, OVERTAKEN when the old value had moved; null when refused.", default=None
    )


async def decide_change(ctx: Context, input: FieldChangeDecideInput) -> FieldChangeDecidePayload:
    """Apply one change, or keep the old value."""
    key = require_uuid(input.id, "FieldChange", what="Modification", field="id")
    row = await field_changes.decide_change(ctx, key, accept=input.accept, text=input.text)
    return FieldChangeDecidePayload(change=FieldChange.of(ctx, row))
