"""What is new for a person since the visit before: the mark on « mes factures », « actualités », « documents »."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from resolvers.context import Context
from resolvers.models import Invoice, Session
from resolvers.models.billing import InvoiceState
from resolvers.publishing.news import published
from resolvers.publishing.public_pages import readable


@dataclass(frozen=True, slots=True)
class Unseen:
    """How many things were published after an instant; everything when ``since`` is None."""

    since: datetime | None
    invoices: int
    articles: int
    pages: int


async def unseen(ctx: Context, since: datetime | None = None) -> Unseen:
    """Count what is new since an instant, by default the start of the person's session before this one.

    Four statements, three when ``since`` is given. Invoices carry a day and no hour: those of the day of ``since``
    count as new.
    """
    start = since or await _previous_visit(ctx)
    issued = Invoice.filter(household_id__in=list(ctx.viewer.households), state=InvoiceState.ISSUED)
    articles, pages = published(ctx), readable()
    if start is not None:
        issued = issued.filter(issued_on__gte=start.astimezone(ctx.commune.tz).date())
        articles, pages = articles.filter(published_at__gt=start), pages.filter(published_at__gt=start)
    return Unseen(start, await issued.count(), await articles.count(), await pages.count())


async def _previous_visit(ctx: Context) -> datetime | None:
    opened = dict(await Session.filter(account_id=ctx.viewer.account_id).values_list("id", "created_at"))
    this: UUID | None = ctx.viewer.session_id
    earlier = [at for id_, at in opened.items() if id_ != this and (this not in opened or at <= opened[this])]
    return max(earlier, default=None)
