"""Objects by global identifier, as far as the viewer may see them."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from resolvers.billing.credit_note_documents import visible_credit_notes
from resolvers.context import AgentRight, Context
from resolvers.models import Closure as ClosureRow
from resolvers.models import Dossier as DossierRow
from resolvers.models import Enrolment as EnrolmentRow
from resolvers.models import Menu as MenuRow
from resolvers.models import PaymentAttempt
from resolvers.paying.payment_states import followed
from resolvers.publishing import news, public_pages
from schema.absences import absences_of
from schema.access import AGENT, FAMILY, PUBLIC, SIGNED_IN, Access
from schema.accounts import sessions_of
from schema.activities import Enrolment
from schema.agents import agents_of
from schema.billing import invoices_of
from schema.bookings import receipts_of
from schema.calendar_feeds import feeds_of
from schema.closures import Closure
from schema.credit_notes import CreditNote
from schema.deposits import deposits_of
from schema.dossiers import Dossier
from schema.effects import stuck
from schema.errors import ClientError
from schema.households import households_of, members_of
from schema.invoice_runs import runs_of as invoice_runs_of
from schema.mandates import mandates_of
from schema.news import Article
from schema.payments import Payment
from schema.public import Menu, PublicPage
from schema.relay import MAX_PAGE, Node, parse_id
from schema.remittances import collections_of, remittances_of
from schema.requests import requests_of
from schema.vault import documents_of
from schema.waiting_lists import entries_of


@dataclass(frozen=True, slots=True)
class Kind:
    """How the objects of a type are found in one batch, and who may: a family finds its own, an agent all of them.

    ``find`` may leave out what does not exist or is not visible, and may return more than was asked.
    """

    find: Callable[[Context, Sequence[UUID]], Awaitable[Sequence[Node]]]
    readers: tuple[Access, ...]


async def _households(ctx: Context, keys: Sequence[UUID]) -> Sequence[Node]:
    return await households_of(ctx, frozenset(keys))


async def _dossiers(_ctx: Context, keys: Sequence[UUID]) -> Sequence[Node]:
    return [Dossier.of(row) for row in await DossierRow.filter(id__in=list(keys))]


async def _enrolments(ctx: Context, keys: Sequence[UUID]) -> Sequence[Node]:
    return [Enrolment.of(ctx, row) for row in await EnrolmentRow.filter(id__in=list(keys))]


async def _payments(_ctx: Context, keys: Sequence[UUID]) -> Sequence[Node]:
    return [Payment.of(found) for found in await followed(await PaymentAttempt.filter(id__in=list(keys)))]


async def _articles(ctx: Context, keys: Sequence[UUID]) -> Sequence[Node]:
    return [Article.of(row) for row in await news.published(ctx).filter(id__in=list(keys))]


async def _menus(_ctx: Context, keys: Sequence[UUID]) -> Sequence[Node]:
    return [Menu.of(row) for row in await MenuRow.filter(id__in=list(keys), withdrawn_at__isnull=True)]


async def _public_pages(_ctx: Context, keys: Sequence[UUID]) -> Sequence[Node]:
    return [PublicPage.of(row) for row in await public_pages.readable().filter(id__in=list(keys))]


async def _sessions(ctx: Context, _keys: Sequence[UUID]) -> Sequence[Node]:
    return await sessions_of(ctx)


async def _calendar_feeds(ctx: Context, _keys: Sequence[UUID]) -> Sequence[Node]:
    return await feeds_of(ctx)


async def _closures(_ctx: Context, keys: Sequence[UUID]) -> Sequence[Node]:
    return [Closure.of(row) for row in await ClosureRow.filter(id__in=list(keys))]


async def _credit_notes(ctx: Context, keys: Sequence[UUID]) -> Sequence[Node]:
    return [CreditNote.of(ctx, row) for row, _ in await visible_credit_notes(ctx, keys)]


async def _effects(_ctx: Context, _keys: Sequence[UUID]) -> Sequence[Node]:
    return await stuck()


_FILE = (FAMILY, AGENT(AgentRight.FAMILIES))
_MONEY = (FAMILY, AGENT(AgentRight.BILLING))

KINDS = {
    "AbsenceReport": Kind(absences_of, _FILE),
    "Agent": Kind(agents_of, (AGENT(AgentRight.SETTINGS),)),
    "Article": Kind(_articles, (PUBLIC,)),
    "BookingReceipt": Kind(receipts_of, _FILE),
    "CalendarFeed": Kind(_calendar_feeds, (FAMILY,)),
    "Child": Kind(members_of, _FILE),
    "Document": Kind(documents_of, _FILE),
    "Closure": Kind(_closures, (AGENT(AgentRight.SETTINGS),)),
    "CreditNote": Kind(_credit_notes, _MONEY),
    "Deposit": Kind(deposits_of, (AGENT(AgentRight.BILLING),)),
    "Dossier": Kind(_dossiers, _FILE),
    "Enrolment": Kind(_enrolments, _FILE),
    "Household": Kind(_households, _FILE),
    "Invoice": Kind(invoices_of, _MONEY),
    "InvoiceRun": Kind(invoice_runs_of, (AGENT(AgentRight.BILLING),)),
    "Mandate": Kind(mandates_of, _MONEY),
    "Menu": Kind(_menus, (PUBLIC,)),
    "Payment": Kind(_payments, _MONEY),
    "Person": Kind(members_of, _FILE),
    "Collection": Kind(collections_of, (AGENT(AgentRight.BILLING),)),
    "Remittance": Kind(remittances_of, (AGENT(AgentRight.BILLING),)),
    "Request": Kind(requests_of, _FILE),
    "PublicPage": Kind(_public_pages, (PUBLIC,)),
    "Session": Kind(_sessions, (SIGNED_IN,)),
    "StuckEffect": Kind(_effects, (AGENT(AgentRight.SETTINGS),)),
    "WaitingEntry": Kind(entries_of, (FAMILY, AGENT(AgentRight.ATTENDANCE))),
}
"""Every type that implements ``Node``: what has an identifier can be read again by it."""


async def nodes(ctx: Context, ids: Sequence[str]) -> list[Node | None]:
    """The objects of at most a hundred identifiers, in the order asked, in one batch per type.

    None for what does not exist or belongs to others: the two are never told apart.
    """
    if len(ids) > MAX_PAGE:
        raise ClientError(f"At most {MAX_PAGE} identifiers at a time.", "BAD_USER_INPUT")
    wanted: defaultdict[str, list[UUID]] = defaultdict(list)
    for one in ids:
        asked = parse_id(one, *KINDS)
        if asked is not None and asked.uuid is not None:
            wanted[asked.type_name].append(asked.uuid)
    found: dict[str, Node] = {}
    for type_name, keys in wanted.items():
        kind = KINDS[type_name]
        if any(access.allows(ctx.viewer) for access in kind.readers):
            found |= {node.id: node for node in await kind.find(ctx, keys)}
    return [found.get(one) for one in ids]


async def node(ctx: Context, id: str) -> Node | None:
    """The object of one identifier, as :func:`nodes` finds it."""
    (found,) = await nodes(ctx, [id])
    return found
