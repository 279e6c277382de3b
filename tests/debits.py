"""Direct debit in tests: accounts of nobody, and a mandate brought to where a test begins."""

from datetime import date
from typing import Any
from uuid import UUID

from resolvers.files import documents
from resolvers.models import Mandate
from resolvers.paying.mandate_requests import Wish, decide_mandate, join
from schema.relay import global_id
from tests.towns import Family, Signed, Town

POST = "FR14 2004 1010 0505 0001 3M02 606"
FARM = "FR76 3000 6000 0112 3456 7890 189"


def account(family: Family, **changes: Any) -> dict[str, Any]:
    """What a family gives to join."""
    given = {"householdId": global_id("Household", family.id), "holder": "Parent TEST", "iban": POST, "conditions": "1"}
    return {**given, **changes}


async def joined(town: Town, family: Family, iban: str = POST, by: Signed | None = None) -> Mandate:
    """A mandate to sign."""
    with town.asked_by(by or family.parent) as ctx:
        return await join(ctx, Wish(family.id, "Parent TEST", iban, "1"))


async def collected(town: Town, family: Family, agent: Signed, iban: str = POST, on: date | None = None) -> Mandate:
    """A mandate that an agent accepted, signed on a day, the present one unless said otherwise."""
    mandate = await joined(town, family, iban)
    with town.asked_by(agent) as ctx:
        return await decide_mandate(ctx, mandate.id, accept=True, signed_on=on or ctx.local_now.date())


async def scanned(town: Town, family: Family, code: str = "mandat-sepa") -> UUID:
    """A document of the vault."""
    with town.asked_by(family.parent) as ctx:
        place = documents.Place(family.id, None, code)
        return (await documents.add(ctx, place, documents.Deposit("application/pdf", "pdf", b"%PDF-1.7 signed"))).id
