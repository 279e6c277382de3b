"""What agents correct in the files of families."""

from datetime import date, datetime

import strawberry

from plugins.rules.particulars import CORRECTED
from plugins.rules.tariffs import Residency as ResidencyValue
from resolvers.context import Context
from resolvers.errors import Code, Refused
from resolvers.families import corrections
from resolvers.families.field_changes import input_name
from schema.enums import Residency
from schema.particulars import FieldChange
from schema.payloads import Payload
from schema.relay import require_uuid

REASON = "Why, in French; the family reads it."


@strawberry.input(description="Input of `personCorrect`: only the fields given are changed.")
class PersonCorrectInput:
    """What is right."""

    id: strawberry.ID = strawberry.field(description="A `Person` or a `Child` of a household.")
    reason: str = strawberry.field(description=REASON)
    first_name: strawberry.Maybe[str] = strawberry.field(description="The first name.")
    last_name: strawberry.Maybe[str] = strawberry.field(description="The name in use « nom d'usage ».")
    birth_name: strawberry.Maybe[str] = strawberry.field(description="The name at birth.")
    birth_date: strawberry.Maybe[date] = strawberry.field(description="The day of birth.")
    title: strawberry.Maybe[str] = strawberry.field(description="« Civilité ».")
    phone: strawberry.Maybe[str] = strawberry.field(description="The telephone number.")
    street: strawberry.Maybe[str] = strawberry.field(description="Number and street.")
    postcode: strawberry.Maybe[str] = strawberry.field(description="The postcode.")
    town: strawberry.Maybe[str] = strawberry.field(description="The town.")
    country: strawberry.Maybe[str] = strawberry.field(description="The country.")
    email: strawberry.Maybe[str] = strawberry.field(
        description="The e-mail address of who has no account yet, before `accountInvite`; see `accountEmailReplace`."
    )
    school: strawberry.Maybe[str] = strawberry.field(
        description="A child's school, as activities that are reserved to some write it."
    )


@strawberry.type(description="Answer of `personCorrect`.")
class PersonCorrectPayload(Payload):
    """The particulars are corrected."""

    changes: list[FieldChange] = strawberry.field(
        description="Each value that differed, before and after; empty when nothing did.", default_factory=list
    )


@strawberry.input(description="Input of `householdCorrect`.")
class HouseholdCorrectInput:
    """What is right."""

    id: strawberry.ID = strawberry.field(description="The household.")
    reason: str = strawberry.field(description=REASON)
    residency: Residency | None = strawberry.field(
        description="Where it lives, which prices from now on; null leaves it.", default=None
    )
    name: str | None = strawberry.field(description="Its name; null leaves it.", default=None)


@strawberry.type(description="Answer of `householdCorrect`.")
class HouseholdCorrectPayload(Payload):
    """The household is corrected."""

    corrected_at: datetime | None = strawberry.field(description="When; null when refused.", default=None)


@strawberry.input(description="Input of `accountEmailReplace`.")
class AccountEmailReplaceInput:
    """The address of who lost the old mailbox."""

    person_id: strawberry.ID = strawberry.field(description="The person whose account it is.")
    email: str = strawberry.field(description="The address that signs in from now on.")
    reason: str = strawberry.field(description="How the person's identity was checked, in French; the family reads it.")


@strawberry.type(description="Answer of `accountEmailReplace`.")
class AccountEmailReplacePayload(Payload):
    """Both addresses are mailed, and every device is signed out."""

    login: str | None = strawberry.field(description="The login from now on; null when refused.", default=None)


def _line(name: str, value: str | date) -> str | date:
    if isinstance(value, date):
        return value
    stripped = value.strip()
    if len(stripped) > CORRECTED[name] or not stripped.isprintable():
        message = f"Au plus {CORRECTED[name]} caractères, sur une ligne."
        raise Refused(Code.INVALID, message, field=(input_name(name),))
    return stripped


async def correct_person(ctx: Context, input: PersonCorrectInput) -> PersonCorrectPayload:
    """Correct a person's file."""
    key = require_uuid(input.id, "Person", "Child", what="Personne", field="id")
    given = {name: getattr(input, name) for name in CORRECTED}
    wanted = {name: _line(name, one.value) for name, one in given.items() if one is not None}
    changes = await corrections.correct_person(ctx, key, wanted, input.reason)
    ctx.loaders.clear()
    return PersonCorrectPayload(changes=[FieldChange.of(ctx, change) for change in changes])


async def correct_household(ctx: Context, input: HouseholdCorrectInput) -> HouseholdCorrectPayload:
    """Correct a household."""
    key = require_uuid(input.id, "Household", what="Foyer", field="id")
    residency = ResidencyValue[input.residency.name] if input.residency is not None else None
    await corrections.correct_household(ctx, key, residency=residency, name=input.name, reason=input.reason)
    ctx.loaders.clear()
    return HouseholdCorrectPayload(corrected_at=ctx.now)


async def replace_email(ctx: Context, input: AccountEmailReplaceInput) -> AccountEmailReplacePayload:
    """Give another address to an account."""
    key = require_uuid(input.person_id, "Person", what="Compte", field="personId")
    return AccountEmailReplacePayload(login=await corrections.replace_email(ctx, key, input.email, input.reason))
