"""The root of reads: a table of contents."""

from datetime import date
from typing import Annotated

import strawberry

from resolvers.context import AgentRight
from schema import effects as effects_domain
from schema.absences import AbsenceReport, AbsenceWanted, Since, Until, absences_page, absences_wanted
from schema.access import AGENT, FAMILY, PUBLIC, field
from schema.activities import Activity, activities_of
from schema.agents import Agent, agents_of
from schema.attendance import AttendanceLine, sheet_page
from schema.baskets import Basket, basket_of
from schema.billing import Invoice, invoices_to_print_page
from schema.capacities import CapacityChange, PlaceDay, changes_page, places_page
from schema.closures import Closure, closures_page
from schema.commune import Commune, commune_of
from schema.credit_notes import CreditNoteProposal, proposals
from schema.day_lists import DayList, list_day
from schema.deposits import (
    CashJournal,
    Deposit,
    DeskCode,
    DrawerPayment,
    MeansWanted,
    deposits_page,
    drawer_page,
)
from schema.deposits import journal as cash_journal
from schema.dossier_review import to_decide
from schema.dossiers import Dossier
from schema.effects import StuckEffect
from schema.enums import PageKind
from schema.households import Household, households_page
from schema.invoice_runs import InvoiceRun, runs_page
from schema.ledger import HouseholdAccount, HouseholdWanted, account_asked
from schema.mandates import Mandate, mandates_page
from schema.meals import LastMealDay, MealCounts, count_meals
from schema.money_enums import MandateState
from schema.news import Article, news_page
from schema.nodes import node, nodes
from schema.payfip import PayfipRegie, regies
from schema.payloads import Info
from schema.public import Menu, PublicPage, menus_page, pages_page
from schema.relay import After, Before, Connection, First, Last, Node, page_arguments
from schema.remittances import Collection, Remittance, collections_page, remittances_page
from schema.requests import (
    ChildWanted,
    KindWanted,
    NumberWanted,
    OneHousehold,
    Request,
    ServiceWanted,
    StateWanted,
    requests_page,
    wanted,
)
from schema.treasury import OneService, OverdueInvoices, TreasuryStatement, overdue_invoices
from schema.treasury import statement as treasury_statement
from schema.vault import Document, documents_to_decide
from schema.viewer import Viewer, viewer_of
from schema.waiting_lists import WaitingEntry, waiting_page

ID = Annotated[strawberry.ID, strawberry.argument(description="The global identifier.")]
IDS = Annotated[list[strawberry.ID], strawberry.argument(description="The global identifiers, at most 100.")]
RemittanceID = Annotated[strawberry.ID, strawberry.argument(description="The remittance.")]
HouseholdID = Annotated[strawberry.ID, strawberry.argument(description="One's own household.")]
RunID = Annotated[strawberry.ID, strawberry.argument(description="The invoice run.")]
InvoiceID = Annotated[strawberry.ID, strawberry.argument(description="The issued invoice.")]
YearLabel = Annotated[str | None, strawberry.argument(description="Such as `2026-2027`; the current one by default.")]
FirstDay = Annotated[date, strawberry.argument(description="The first day.")]
LastDay = Annotated[date, strawberry.argument(description="The last day; at most 400 days later.")]
PageKindWanted = Annotated[PageKind | None, strawberry.argument(description="Only this kind.")]
MandateStateWanted = Annotated[MandateState | None, strawberry.argument(description="Only what stands there.")]
Week = Annotated[date | None, strawberry.argument(description="Only the week of this day.")]
Site = Annotated[str | None, strawberry.argument(description="Only this site.")]
Search = Annotated[
    str,
    strawberry.argument(
        description="Words that are each found in the family's name, or in a name, an e-mail address or a login of its "
        "members and contacts; six at most. All of them when empty."
    ),
]
Day = Annotated[date, strawberry.argument(description="The day.")]
UnitCode = Annotated[str | None, strawberry.argument(description="Only this unit.")]
ActivityCode = Annotated[str | None, strawberry.argument(description="Only this activity.")]


@strawberry.type(description="What one may read.")
class Query:
    """One line per field; the work is in the domain files."""

    @field(access=PUBLIC, description="The commune whose portal this is.")
    def commune(self, info: Info) -> Commune:
        """See ``schema.commune``."""
        return commune_of(info.context)

    @field(access=PUBLIC, description="The signed-in person; null for an anonymous visitor.")
    def viewer(self, info: Info) -> Viewer | None:
        """See ``schema.viewer``."""
        return viewer_of(info.context)

    @field(access=PUBLIC, description="The catalogue of a school year.")
    def activities(self, info: Info, school_year: YearLabel = None) -> list[Activity]:
        """See ``schema.activities``."""
        return activities_of(info.context, school_year)

    @field(access=PUBLIC, description="What the commune publishes, newest first.")
    async def news(self, info: Info, first: First = None, after: After = None) -> Connection[Article]:
        """See ``schema.news``."""
        return await news_page(info.context, page_arguments(first, after))

    @field(access=PUBLIC, description="Documents and practical information for everybody, newest first.")
    async def public_pages(
        self, info: Info, kind: PageKindWanted = None, first: First = None, after: After = None
    ) -> Connection[PublicPage]:
        """See ``schema.public``."""
        return await pages_page(info.context, kind, page_arguments(first, after))

    @field(access=PUBLIC, description="The menus of the canteens, newest week first.")
    async def menus(
        self, info: Info, week: Week = None, site: Site = None, first: First = None, after: After = None
    ) -> Connection[Menu]:
        """See ``schema.public``."""
        return await menus_page(info.context, week, site, page_arguments(first, after))

    @field(access=PUBLIC, description="An object by identifier; null when it does not exist or is not visible.")
    async def node(self, info: Info, id: ID) -> Node | None:
        """See ``schema.nodes``."""
        return await node(info.context, id)

    @field(access=PUBLIC, description="Objects by identifiers, in the order asked; null for those not visible.")
    async def nodes(self, info: Info, ids: IDS) -> list[Node | None]:
        """See ``schema.nodes``."""
        return await nodes(info.context, ids)

    @field(access=FAMILY, description="What a household prepares « panier »; null for who may not book for it.")
    async def basket(self, info: Info, household_id: HouseholdID) -> Basket | None:
        """See ``schema.baskets``."""
        return await basket_of(info.context, household_id)

    @field(access=AGENT(AgentRight.ATTENDANCE), description="Who is expected and who came, in reading order.")
    async def attendance_sheet(
        self,
        info: Info,
        first_day: FirstDay,
        last_day: LastDay,
        activity: ActivityCode = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[AttendanceLine]:
        """See ``schema.attendance``."""
        page = page_arguments(first, after, last, before)
        return await sheet_page(info.context, first_day, last_day, activity, page)

    @field(access=AGENT(AgentRight.ATTENDANCE), description="The places of each limited pool, day after day.")
    async def places(
        self, info: Info, first_day: FirstDay, last_day: LastDay, first: First = None, after: After = None
    ) -> Connection[PlaceDay]:
        """See ``schema.capacities``."""
        return await places_page(info.context, first_day, last_day, page_arguments(first, after))

    @field(access=AGENT(AgentRight.ATTENDANCE), description="What was decided of the places, the last first.")
    async def capacity_changes(
        self, info: Info, first: First = None, after: After = None
    ) -> Connection[CapacityChange]:
        """See ``schema.capacities``."""
        return await changes_page(info.context, page_arguments(first, after))

    @field(access=AGENT(AgentRight.ATTENDANCE), description="Who waits for a place on a day, in their turn.")
    async def waiting_list(
        self,
        info: Info,
        day: Day,
        activity: ActivityCode = None,
        unit: UnitCode = None,
        first: First = None,
        after: After = None,
    ) -> Connection[WaitingEntry]:
        """See ``schema.waiting_lists``."""
        return await waiting_page(info.context, day, activity, unit, page_arguments(first, after))

    @field(access=AGENT(AgentRight.ATTENDANCE), description="The children of a day, and what their staff must know.")
    async def day_list(
        self, info: Info, day: Day, site: Site = None, activity: ActivityCode = None, unit: UnitCode = None
    ) -> DayList:
        """See ``schema.day_lists``."""
        return await list_day(info.context, day, site, activity, unit)

    @field(access=AGENT(AgentRight.ATTENDANCE), description="The meals to cook, by day and unit, with diets.")
    async def meal_counts(
        self, info: Info, first_day: FirstDay, last_day: LastMealDay, site: Site = None
    ) -> MealCounts:
        """See ``schema.meals``."""
        return await count_meals(info.context, first_day, last_day, site)

    @field(access=AGENT(AgentRight.BILLING), description="What a household owes and paid « relevé de compte ».")
    async def household_account(self, info: Info, household_id: HouseholdWanted) -> HouseholdAccount | None:
        """See ``schema.ledger``."""
        return await account_asked(info.context, household_id)

    @field(
        access=AGENT(AgentRight.BILLING),
        description="What a credit note of an invoice should take off: absences decided late, days closed since.",
    )
    async def credit_note_proposals(self, info: Info, invoice_id: InvoiceID) -> list[CreditNoteProposal]:
        """See ``schema.credit_notes``."""
        return await proposals(info.context, invoice_id)

    @field(access=AGENT(AgentRight.BILLING), description="Remittances of direct debits, newest first.")
    async def remittances(self, info: Info, first: First = None, after: After = None) -> Connection[Remittance]:
        """See ``schema.remittances``."""
        return await remittances_page(info.context, page_arguments(first, after))

    @field(access=AGENT(AgentRight.BILLING), description="What a remittance collects, in its own order.")
    async def collections(
        self, info: Info, remittance_id: RemittanceID, first: First = None, after: After = None
    ) -> Connection[Collection]:
        """See ``schema.remittances``."""
        return await collections_page(info.context, remittance_id, page_arguments(first, after))

    @field(access=AGENT(AgentRight.BILLING), description="What was claimed and collected « état d'encaissement ».")
    async def treasury_statement(
        self, info: Info, first_day: FirstDay, last_day: LastDay, service: OneService = None
    ) -> TreasuryStatement:
        """See ``schema.treasury``."""
        return await treasury_statement(info.context, first_day, last_day, service)

    @field(access=AGENT(AgentRight.BILLING), description="What is owed past its due date « retards de paiement ».")
    async def overdue_invoices(self, info: Info) -> OverdueInvoices:
        """See ``schema.treasury``."""
        return await overdue_invoices(info.context)

    @field(access=AGENT(AgentRight.BILLING), description="What desks received and banked « journal de caisse ».")
    async def cash_journal(self, info: Info, first_day: FirstDay, last_day: LastDay) -> CashJournal | None:
        """See ``schema.deposits``."""
        return await cash_journal(info.context, first_day, last_day)

    @field(access=AGENT(AgentRight.BILLING), description="What a desk received and did not bank yet, oldest first.")
    async def drawer_payments(
        self, info: Info, route: DeskCode, means: MeansWanted, first: First = None, after: After = None
    ) -> Connection[DrawerPayment]:
        """See ``schema.deposits``."""
        return await drawer_page(info.context, route, means, page_arguments(first, after))

    @field(access=AGENT(AgentRight.BILLING), description="Deposit slips « bordereaux de remise », newest first.")
    async def deposits(self, info: Info, first: First = None, after: After = None) -> Connection[Deposit]:
        """See ``schema.deposits``."""
        return await deposits_page(info.context, page_arguments(first, after))

    @field(access=AGENT(AgentRight.FAMILIES), description="The families of one's services, by name.")
    async def households(
        self, info: Info, search: Search = "", first: First = None, after: After = None
    ) -> Connection[Household]:
        """See ``schema.households``."""
        return await households_page(info.context, search, page_arguments(first, after))

    @field(access=AGENT(AgentRight.FAMILIES), description="Absences that families reported, the last told first.")
    async def absence_reports(
        self,
        info: Info,
        state: AbsenceWanted = None,
        since: Since = None,
        until: Until = None,
        first: First = None,
        after: After = None,
    ) -> Connection[AbsenceReport]:
        """See ``schema.absences``."""
        asked = absences_wanted(state=state, since=since, until=until)
        return await absences_page(info.context, asked, page_arguments(first, after))

    @field(
        access=AGENT(AgentRight.FAMILIES),
        description="Yearly files that wait for a decision, the first sent first; those that wait for the family are "
        "left out until it answers.",
    )
    async def dossiers_to_decide(self, info: Info, first: First = None, after: After = None) -> Connection[Dossier]:
        """See ``schema.dossier_review``."""
        return await to_decide(info.context, page_arguments(first, after))

    @field(access=AGENT(AgentRight.FAMILIES), description="Documents that wait for a decision, oldest first.")
    async def documents_to_decide(self, info: Info, first: First = None, after: After = None) -> Connection[Document]:
        """See ``schema.vault``."""
        return await documents_to_decide(info.context, page_arguments(first, after))

    @field(access=AGENT(AgentRight.FAMILIES), description="What families ask, oldest first, whatever its kind.")
    async def request_queue(
        self,
        info: Info,
        state: StateWanted = None,
        kind: KindWanted = None,
        service: ServiceWanted = None,
        household_id: OneHousehold = None,
        child_id: ChildWanted = None,
        number: NumberWanted = None,
        first: First = None,
        after: After = None,
    ) -> Connection[Request]:
        """See ``schema.requests``."""
        of = {"household": household_id, "child": child_id, "number": number}
        asked = wanted(kind=kind, state=state, service=service, **of)
        return await requests_page(info.context, asked, page_arguments(first, after), oldest_first=True)

    @field(access=AGENT(AgentRight.BILLING), description="Mandates of direct debit, the first asked first.")
    async def mandates(
        self, info: Info, state: MandateStateWanted = None, first: First = None, after: After = None
    ) -> Connection[Mandate]:
        """See ``schema.mandates``."""
        return await mandates_page(info.context, state, page_arguments(first, after))

    @field(access=AGENT(AgentRight.BILLING), description="Invoice runs, the last begun first.")
    async def invoice_runs(self, info: Info, first: First = None, after: After = None) -> Connection[InvoiceRun]:
        """See ``schema.invoice_runs``."""
        return await runs_page(info.context, page_arguments(first, after))

    @field(
        access=AGENT(AgentRight.BILLING),
        description="The issued invoices of a run whose households receive paper, by number; `InvoiceRun.toPrintUrl` "
        "has them in one file.",
    )
    async def invoices_to_print(
        self, info: Info, run_id: RunID, first: First = None, after: After = None
    ) -> Connection[Invoice]:
        """See ``schema.billing``."""
        return await invoices_to_print_page(info.context, run_id, page_arguments(first, after))

    @field(access=AGENT(AgentRight.SETTINGS), description="What was closed for everybody, the last decided first.")
    async def closures(self, info: Info, first: First = None, after: After = None) -> Connection[Closure]:
        """See ``schema.closures``."""
        return await closures_page(page_arguments(first, after))

    @field(access=AGENT(AgentRight.SETTINGS), description="The agents of one's services, by name.")
    async def agents(self, info: Info) -> list[Agent]:
        """See ``schema.agents``."""
        return await agents_of(info.context)

    @field(access=AGENT(AgentRight.SETTINGS), description="The commune's régies at PayFiP, asked now.")
    async def payfip_regies(self, info: Info) -> list[PayfipRegie]:
        """See ``schema.payfip``."""
        return await regies(info.context)

    @field(access=AGENT(AgentRight.SETTINGS), description="Mails and bank polls that failed, the hundred oldest.")
    async def stuck_effects(self, info: Info) -> list[StuckEffect]:
        """See ``schema.effects``."""
        return await effects_domain.stuck()
