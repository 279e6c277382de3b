"""Households, their members, and what hangs on them."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

import strawberry

from plugins.rules.features import Feature as FeatureValue
from resolvers import features
from resolvers.agenda import bookings
from resolvers.agenda.plans import Window
from resolvers.billing import invoices
from resolvers.context import AccountKind, Context
from resolvers.context import HouseholdRights as RightsValue
from resolvers.errors import not_found
from resolvers.families import household_search, households
from resolvers.families.field_changes import hidden_particulars
from resolvers.models import Membership
from resolvers.models.households import Role as RoleValue
from schema.absences import AbsenceReport, absences_page, absences_wanted
from schema.activities import Enrolment, enrolments_of
from schema.attestations import PaymentStatement, TaxStatement, payment_statement, tax_statement
from schema.billing import Invoice, PaymentRoute, invoices_page
from schema.bookings import BookingChange, BookingPlan, changes_page
from schema.commune import Service
from schema.consents import ConsentLine, consents_page
from schema.cost import LIST_SIZE, PER_DAY
from schema.custody import CustodyShare, custody_of
from schema.dossiers import Dossier, dossiers_of
from schema.entourage import ChildContact, contacts_of
from schema.enums import Feature, Residency, Role
from schema.ledger import HouseholdAccount, account_of
from schema.loading import load
from schema.mandates import HouseholdDirectDebit, direct_debit_of
from schema.online_invoices import HouseholdOnlineInvoices, online_invoices_of
from schema.particulars import FieldChange, Particular, particulars_of
from schema.particulars import changes_page as particular_changes_page
from schema.payloads import Info
from schema.quotients import HouseholdQuotients, quotients_of
from schema.relay import (
    After,
    Connection,
    First,
    Node,
    Page,
    connect,
    decode_cursor,
    encode_cursor,
    global_id,
    page_arguments,
    parse_uuid,
)
from schema.requests import ChildWanted, KindWanted, Request, StateWanted, requests_page, wanted
from schema.vault import Document, documents_page
from schema.waiting_lists import WaitingEntry, entries_page

SHOWN = ("email", "phone", "title", "birth_name", "street", "postcode", "town", "country")
"""The particulars of an adult that a commune may hide from families: null then, and empty when unknown."""


@strawberry.type(description="What an adult may do in one household.")
class HouseholdRights:
    """See ``resolvers.context.HouseholdRights``."""

    sees: bool = strawberry.field(description="May open its file.")
    books: bool = strawberry.field(description="May book, file and ask.")
    pays: bool = strawberry.field(description="May see its money and pay.")

    @classmethod
    def of(cls, link: households.Member | RightsValue) -> "HouseholdRights":
        """The rights as clients see them."""
        return cls(sees=link.sees, books=link.books, pays=link.pays)


@strawberry.type(description="An adult of a household.")
class Person(Node):
    """See ``resolvers.families.households.Member``."""

    role: Role = strawberry.field(description="What the person is there.")
    first_name: str = strawberry.field(description="The first name.")
    last_name: str = strawberry.field(description="The last name.")
    email: str | None = strawberry.field(description="The e-mail address.")
    phone: str | None = strawberry.field(description="The telephone number.")
    title: str | None = strawberry.field(description="« Civilité ».")
    birth_name: str | None = strawberry.field(description="The name at birth.")
    street: str | None = strawberry.field(description="Number and street.")
    postcode: str | None = strawberry.field(description="The postcode.")
    town: str | None = strawberry.field(description="The town.")
    country: str | None = strawberry.field(description="The country.")
    rights: HouseholdRights | None = strawberry.field(
        description="What a representative may do in the household; agents alone read it, see `Household.myRights`."
    )

    @classmethod
    def of(cls, member: households.Member, hidden: frozenset[str], *, to_agent: bool) -> "Person":
        """The person as clients see it, without the particulars that are hidden from them."""
        shown = {name: None if name in hidden else getattr(member, name) for name in SHOWN}
        return cls(
            id=global_id("Person", member.person_id),
            role=Role[member.role.name],
            first_name=member.first_name,
            last_name=member.last_name,
            rights=HouseholdRights.of(member) if to_agent and member.role is not RoleValue.CONTACT else None,
            **shown,
        )


@strawberry.type(description="A child of a household.")
class Child(Node):
    """See ``resolvers.families.households.Member``."""

    key: strawberry.Private[UUID]
    first_name: str = strawberry.field(description="The first name.")
    last_name: str = strawberry.field(description="The last name.")
    birth_date: date | None = strawberry.field(description="The day of birth, if known and not hidden.")

    @strawberry.field(description="The yearly files, newest first.", metadata={LIST_SIZE: 3})
    async def dossiers(self, info: Info) -> list[Dossier]:
        """Loaded for all the children of the answer at once."""
        return await load(info.context, dossiers_of, self.key)

    @strawberry.field(description="Who may pick the child up, or is to be called.", metadata={LIST_SIZE: 4})
    async def contacts(self, info: Info) -> list[ChildContact]:
        """Loaded for all the children of the answer at once."""
        return await load(info.context, contacts_of, self.key)

    @strawberry.field(description="When the child is with the viewer's household; empty when nobody shares it.")
    async def custody(self, info: Info) -> list[CustodyShare]:
        """Loaded for all the children of the answer at once."""
        return await load(info.context, custody_of, self.key)

    @strawberry.field(description="The enrolments, newest school year first.")
    async def enrolments(self, info: Info) -> list[Enrolment]:
        """Loaded for all the children of the answer at once."""
        return await load(info.context, enrolments_of, self.key)

    @classmethod
    def of(cls, member: households.Member, hidden: frozenset[str] = frozenset()) -> "Child":
        """The child as clients see it."""
        return cls(
            id=global_id("Child", member.person_id),
            key=member.person_id,
            first_name=member.first_name,
            last_name=member.last_name,
            birth_date=None if "birth_date" in hidden else member.birth_date,
        )


@strawberry.type(description="Whether a family may do something online, for one service.")
class FeatureState:
    """See ``plugins.rules.features.FeatureAnswer``."""

    feature: Feature = strawberry.field(description="What is done online.")
    allowed: bool = strawberry.field(description="True when it can be.")
    reason: str | None = strawberry.field(description="Why not, in French.")
    contact: str | None = strawberry.field(description="Who to write to instead.")


@strawberry.type(description="A service that follows the household, and what can be done online with it.")
class HouseholdService:
    """A service and its features."""

    household: strawberry.Private[UUID]
    service: Service = strawberry.field(description="The service.")

    @strawberry.field(description="Each feature, open or closed.", metadata={LIST_SIZE: 8})
    async def features(self, info: Info) -> list[FeatureState]:
        """Who to write to is loaded for all the households of the answer at once."""
        ctx = info.context
        place = await load(ctx, features.mailboxes_of, self.household)
        answers = [(each, features.feature_of(ctx, self.service.code, each).at(place)) for each in FeatureValue]
        return [
            FeatureState(feature=Feature[each.name], allowed=told.allowed, reason=told.reason, contact=told.contact)
            for each, told in answers
        ]


@strawberry.type(description="Adults and children who share a file and a bill.")
class Household(Node):
    """See ``resolvers.families.households.HouseholdFile``."""

    file: strawberry.Private[households.HouseholdFile]
    name: str = strawberry.field(description="Its name.")
    residency: Residency = strawberry.field(description="Whether it lives in the commune.")
    my_rights: HouseholdRights | None = strawberry.field(
        description="What the viewer may do there; null for agents, whose rights are their own."
    )
    adults: list[Person] = strawberry.field(description="Representatives and contacts.")
    children: list[Child] = strawberry.field(description="Its children, eldest first.", metadata={LIST_SIZE: 3})
    services: list[HouseholdService] = strawberry.field(
        description="The services that follow it.", metadata={LIST_SIZE: 2}
    )
    payment_routes: list[PaymentRoute] = strawberry.field(description="The ways it may pay.")
    particulars: list[Particular] = strawberry.field(
        description="What it can do with each particular of its members.", metadata={LIST_SIZE: 10}
    )

    @strawberry.field(
        description="Every unit and day of a window: state, verdict, price and last instants.", metadata={PER_DAY: 1}
    )
    async def agenda(
        self,
        info: Info,
        first_day: Annotated[date, strawberry.argument(description="The first day.")],
        last_day: Annotated[date, strawberry.argument(description="The last day; at most 400 days later.")],
        child_ids: Annotated[
            list[strawberry.ID] | None, strawberry.argument(description="Only these children; all by default.")
        ] = None,
    ) -> BookingPlan:
        """One plan, in a constant number of statements."""
        keys = frozenset(key for child in child_ids or () if (key := parse_uuid(child, "Child")) is not None)
        if child_ids and len(keys) < len(set(child_ids)):
            raise not_found("Enfant", "childIds")
        plan = await bookings.agenda(info.context, self.file, Window(first_day, last_day), keys)
        return BookingPlan.of(info.context, plan)

    @strawberry.field(
        description="What was booked and cancelled for its children, newest first; nothing is ever erased."
    )
    async def booking_changes(
        self,
        info: Info,
        child_id: Annotated[strawberry.ID | None, strawberry.argument(description="Only for this child.")] = None,
        first: First = None,
        after: After = None,
    ) -> Connection[BookingChange]:
        """A page, in five statements at most."""
        return await changes_page(info.context, self.file.id, child_id, page_arguments(first, after))

    @strawberry.field(description="What it consented to or refused, newest first; nothing is ever erased.")
    async def consents(self, info: Info, first: First = None, after: After = None) -> Connection[ConsentLine]:
        """A page, in four statements."""
        return await consents_page(info.context, self.file.id, page_arguments(first, after))

    @strawberry.field(description="The places it waits or waited for, the latest asked first.")
    async def waiting_entries(self, info: Info, first: First = None, after: After = None) -> Connection[WaitingEntry]:
        """A page, in four statements."""
        return await entries_page(info.context, self.file.id, page_arguments(first, after))

    @strawberry.field(description="The absences it reported, the last told first.")
    async def absences(self, info: Info, first: First = None, after: After = None) -> Connection[AbsenceReport]:
        """A page, in two statements."""
        asked = absences_wanted(household=self.file.id)
        return await absences_page(info.context, asked, page_arguments(first, after))

    @strawberry.field(description="Its documents « porte-documents », newest first; withdrawn ones left out.")
    async def documents(self, info: Info, first: First = None, after: After = None) -> Connection[Document]:
        """A page, in two statements."""
        return await documents_page(info.context, self.file.id, page_arguments(first, after))

    @strawberry.field(description="Its issued invoices, newest first.")
    async def invoices(self, info: Info, first: First = None, after: After = None) -> Connection[Invoice]:
        """A page, in two statements; empty for those who may not see the money."""
        page = page_arguments(first, after)
        shown = {self.file.id: self.file.services} if invoices.may_read(info.context, self.file.services) else {}
        return await invoices_page(info.context, shown, page)

    @strawberry.field(description="What it owes and paid « relevé de compte »; null for who may not see the money.")
    async def account(self, info: Info) -> HouseholdAccount | None:
        """Six statements."""
        return await account_of(info.context, self.file.id, self.file.services)

    @strawberry.field(description="Direct debit « prélèvement »: whether it may join, and its mandates.")
    async def direct_debit(self, info: Info) -> HouseholdDirectDebit:
        """Loaded for all the households of the answer at once."""
        return await direct_debit_of(info.context, self.file.id, self.file.services)

    @strawberry.field(description="Invoices online instead of paper: whether it joined, or may.")
    async def online_invoices(self, info: Info) -> HouseholdOnlineInvoices:
        """Loaded for all the households of the answer at once."""
        return await online_invoices_of(info.context, self.file)

    @strawberry.field(
        description="What it paid in a period « attestation de paiement », by date of payment; null for those who may "
        "not see the money."
    )
    async def payment_statement(
        self,
        info: Info,
        first_day: Annotated[date, strawberry.argument(description="The first day.")],
        last_day: Annotated[date, strawberry.argument(description="The last day; at most 400 days later.")],
    ) -> PaymentStatement | None:
        """One statement, in a constant number of SQL statements."""
        return await payment_statement(info.context, self.file.id, Window(first_day, last_day))

    @strawberry.field(
        description="What it paid in a calendar year for the care of its children « attestation fiscale »; null for "
        "those who may not see the money."
    )
    async def tax_statement(
        self, info: Info, year: Annotated[int, strawberry.argument(description="A year that has begun.")]
    ) -> TaxStatement | None:
        """One statement, in a constant number of SQL statements."""
        return await tax_statement(info.context, self.file.id, year)

    @strawberry.field(description="Its « quotient familial »; null where families do not see it online.")
    async def quotients(self, info: Info) -> HouseholdQuotients | None:
        """Loaded for all the households of the answer at once."""
        return await quotients_of(info.context, self.file.id, self.file.services)

    @strawberry.field(description="What it asked of the services « dernières demandes », newest first.")
    async def requests(
        self,
        info: Info,
        kind: KindWanted = None,
        state: StateWanted = None,
        child_id: ChildWanted = None,
        first: First = None,
        after: After = None,
    ) -> Connection[Request]:
        """A page, in two statements."""
        asked = wanted(kind=kind, state=state, household=self.id, child=child_id)
        return await requests_page(info.context, asked, page_arguments(first, after))

    @strawberry.field(
        description="What changed, or waits to, in its members' particulars, newest first; nothing is ever erased."
    )
    async def particular_changes(self, info: Info, first: First = None, after: After = None) -> Connection[FieldChange]:
        """A page, in two statements."""
        page = page_arguments(first, after)
        return await particular_changes_page(info.context, self.file.id, self.file.services, page)

    @classmethod
    def of(cls, ctx: Context, file: households.HouseholdFile) -> "Household":
        """The household as clients see it."""
        hidden = hidden_particulars(ctx, file.services)
        return cls(
            id=global_id("Household", file.id),
            file=file,
            name=file.name,
            residency=Residency[file.residency.name],
            my_rights=HouseholdRights.of(mine) if (mine := ctx.viewer.households.get(file.id)) else None,
            adults=[_adult(ctx, member, hidden) for member in file.members if member.role is not RoleValue.CHILD],
            children=[Child.of(child, hidden) for child in file.children],
            particulars=particulars_of(ctx, file.services),
            services=[
                HouseholdService(household=file.id, service=Service.of(ctx.commune.identity.service(code)))
                for code in file.services
            ],
            payment_routes=[PaymentRoute.of(route) for route in invoices.routes_of(ctx, file.services)],
        )


async def households_of(ctx: Context, keys: frozenset[UUID] | None = None) -> list[Household]:
    """The viewer's households, or those of ``keys`` it may see; none while steps remain."""
    if ctx.viewer.steps:
        return []
    return [Household.of(ctx, file) for file in await households.households_of(ctx, keys)]


async def households_page(ctx: Context, search: str, page: Page) -> Connection[Household]:
    """A page of the households in sight that a search finds, by name."""
    after = decode_cursor(page.after, str, UUID) if page.after is not None else None
    files, total = await household_search.households_found(ctx, search, after, page.size + 1)
    cursors = [encode_cursor(file.name, file.id) for file in files]
    return connect(page, [Household.of(ctx, file) for file in files], cursors, total)


async def members_of(ctx: Context, keys: Sequence[UUID]) -> list[Person | Child]:
    """The members of the households the viewer may see among these persons, each once."""
    links = await Membership.filter(person_id__in=list(keys)).only("household_id")
    files = await households.households_of(ctx, frozenset(link.household_id for link in links))
    found: dict[UUID, Person | Child] = {}
    for file in files:
        hidden = hidden_particulars(ctx, file.services)
        for member in file.members:
            if member.person_id in keys:
                is_child = member.role is RoleValue.CHILD
                found[member.person_id] = Child.of(member, hidden) if is_child else _adult(ctx, member, hidden)
    return list(found.values())


def _adult(ctx: Context, member: households.Member, hidden: frozenset[str]) -> Person:
    return Person.of(member, hidden, to_agent=ctx.viewer.kind is AccountKind.AGENT)
