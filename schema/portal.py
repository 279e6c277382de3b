"""The schema of the portal, the same for every commune."""

from functools import cache
from pathlib import Path

from schema.billing import Invoice
from schema.bookings import BookingReceipt
from schema.dossiers import Dossier
from schema.execution import PortalSchema
from schema.households import Child, Household, Person
from schema.mutation import Mutation
from schema.news import Article
from schema.payments import Payment
from schema.query import Query

SDL_FILE = Path(__file__).parent / "schema.graphql"

schema = PortalSchema(
    query=Query,
    mutation=Mutation,
    types=[Article, BookingReceipt, Child, Dossier, Household, Invoice, Payment, Person],
)


@cache
def printed() -> str:
    """The schema in GraphQL's own language, as committed in ``schema.graphql``."""
    return f"{schema.as_str()}\n"
