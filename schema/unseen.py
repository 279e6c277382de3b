"""What is new for a person since the visit before."""

from datetime import datetime

import strawberry

from resolvers.context import Context
from resolvers.families.unseen import unseen


@strawberry.type(description="How many things were published since an instant: the marks of a dashboard.")
class Unseen:
    """See ``resolvers.families.unseen.Unseen``."""

    since: datetime | None = strawberry.field(description="The instant; null at the first visit: everything is new.")
    invoices: int = strawberry.field(description="Invoices issued since, that day included.")
    articles: int = strawberry.field(description="Pieces of news published since.")
    pages: int = strawberry.field(description="Documents and practical information published since.")


async def unseen_of(ctx: Context, since: datetime | None) -> Unseen:
    """The counts for the viewer."""
    found = await unseen(ctx, since)
    return Unseen(since=found.since, invoices=found.invoices, articles=found.articles, pages=found.pages)
