"""The head of the documents of a household's account: who writes, and to whom."""

from plugins import hookspecs
from plugins.rules.invoice_documents import Letterhead
from resolvers.context import Context
from resolvers.families.households import HouseholdFile
from resolvers.models.households import Role


def letterhead_of(ctx: Context, household: HouseholdFile) -> Letterhead:
    """The issuer of the commune's invoices, and the adults who answer for the household, at the first one's address."""
    adults = [m for m in household.members if m.role in (Role.REPRESENTATIVE, Role.CO_REPRESENTATIVE)]
    address = (adults[0].street, f"{adults[0].postcode} {adults[0].town}".strip()) if adults else ()
    lines = tuple(line for line in (*(adult.full_name for adult in adults), *address) if line)
    return Letterhead(ctx.commune.ask(hookspecs.invoicing).issuer, household.name, lines)
