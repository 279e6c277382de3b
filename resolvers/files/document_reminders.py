"""Documents that soon end: the household is told once, early enough to bring another one."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from plugins.rules.french import say_date
from plugins.rules.wording import Message
from resolvers.context import Context
from resolvers.families.correspondents import correspondents
from resolvers.models import Document
from resolvers.models.documents import DocumentState
from resolvers.models.tenancy import unit_of_work
from resolvers.outbox import Addressee, enqueue_mail

NOTICE = timedelta(days=30)
AT_A_TIME = 100


@unit_of_work
async def remind(ctx: Context) -> int:
    """Mail the households whose accepted documents end within thirty days; returns how many documents were seen to.

    Each document is seen to once, whoever runs this at the same time. A mail names none: what a family keeps may say
    how a child is. Nothing is said of a document that a later one replaces.
    """
    today = ctx.local_now.date()
    ending = (
        await Document.filter(state=DocumentState.ACCEPTED, withdrawn_at__isnull=True, reminded_at__isnull=True)
        .filter(valid_until__gte=today, valid_until__lte=today + NOTICE)
        .order_by("id")
        .limit(AT_A_TIME)
        .select_for_update(skip_locked=True)
    )
    if not ending:
        return 0
    households = {document.household_id for document in ending}
    kept = await Document.filter(household_id__in=list(households), withdrawn_at__isnull=True).exclude(
        state=DocumentState.REFUSED
    )
    alone = [document for document in ending if not _is_replaced(document, kept)]
    told = {(each.household_id, each.valid_until): None for each in alone if each.valid_until is not None}
    for household_id, until in told:
        await _tell(ctx, household_id, until)
    await Document.filter(id__in=[document.id for document in ending]).update(reminded_at=ctx.now)
    return len(ending)


def _is_replaced(document: Document, kept: Sequence[Document]) -> bool:
    """True when the household already keeps a later one for the same use (keys grow with time)."""
    use = (document.household_id, document.child_id, document.code)
    return any(each.id > document.id and (each.household_id, each.child_id, each.code) == use for each in kept)


async def _tell(ctx: Context, household_id: UUID, until: date) -> None:
    for account, person in await correspondents(household_id):
        await enqueue_mail(
            ctx.commune,
            ctx.ports,
            ctx.now,
            Message.DOCUMENT_EXPIRING,
            Addressee(account.email, person.first_name),
            key=f"document-expiring:{household_id.hex}:{until.isoformat()}:{account.id.hex}",
            until=say_date(until),
        )
