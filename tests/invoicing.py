"""A month of canteen, checked and invoiced in a few words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from resolvers.agenda.plans import Window
from resolvers.billing.billing import Month
from resolvers.billing.bills import Trouble
from resolvers.billing.credit_notes import issue as credit
from resolvers.billing.credit_proposals import propose
from resolvers.billing.invoices import lines_of_invoices
from resolvers.billing.runs import Wanted, go_on, issue, start
from resolvers.context import Context
from resolvers.days.attendance import SheetLine, record, sheet
from resolvers.days.sights import Check
from resolvers.models import AbsentDay, Invoice, InvoiceRun, Membership, RunProblem
from resolvers.models.billing import InvoiceState, RunState
from resolvers.models.bookings import Presence
from tests.orders import book, order, wish
from tests.towns import Family, Signed, Town, add_family

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)

MONDAY, TUESDAY, THURSDAY = date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 5)

MEALS = [(day, "repas") for day in (MONDAY, TUESDAY, THURSDAY)]

FIRST_OF_DECEMBER = date(2026, 12, 1)

SCHOOL_TERM = Window(date(2026, 11, 1), date(2026, 12, 18))


async def fed_family(town: Town, name: str = "TEST", *ticks: tuple[date, str], quotient: int = 650) -> Family:
    """A family whose first child eats at the canteen on the given days (three in November by default)."""
    family = await add_family(town, name, enrolled=("restauration", "periscolaire"), quotient=quotient)
    await book(town, family.parent, order(wish(family.child, "restauration", *(ticks or MEALS)), window=SCHOOL_TERM))
    return family


async def checked(town: Town, agent: Signed, *checks: Check, until: date = date(2026, 11, 30)) -> None:
    """Record these, and that everybody else came, from the beginning of November."""
    with town.asked_by(agent) as ctx:
        await record(ctx, checks, (Window(date(2026, 11, 1), until), Presence.PRESENT))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A run that was drawn: its drafts, the units nobody checked, the households whose bill waits."""

    id: UUID
    drafts: tuple[Invoice, ...]
    unchecked: tuple[SheetLine, ...]
    below_minimum: tuple[UUID, ...]
    total_cents: int


async def drawn(
    town: Town,
    agent: Signed,
    month: Month = NOVEMBER,
    services: frozenset[str] = frozenset(),
    only: Iterable[Family] = (),
) -> InvoiceRun:
    """Draw the run of a month to its end: for everybody unless ``only`` names some."""
    with town.asked_by(agent) as ctx:
        run = await start(ctx, Wanted(month.window.first, services, frozenset(family.id for family in only)))
        while run.drawn_at is None:
            run = await go_on(ctx, run.id)
    return run


async def prepared(town: Town, agent: Signed, month: Month = NOVEMBER) -> Drawn:
    """Draw the run of a month, and read all that came of it."""
    run = await drawn(town, agent, month)
    with town.at_work() as ctx:
        drafts = await Invoice.filter(run_id=run.id).order_by("household_id")
        problems = await RunProblem.filter(run_id=run.id).order_by("id")
        stopped = {(row.child_id, row.day, row.activity, row.unit) for row in problems if row.code == "UNCHECKED"}
        lines = await sheet(ctx, Window(date(month.year - 1, month.month, 1), month.window.last))
    waiting = tuple(row.household_id for row in problems if row.code == Trouble.BELOW_MINIMUM.name)
    unchecked = tuple(line for line in lines if line.slot in stopped)
    return Drawn(run.id, tuple(drafts), unchecked, waiting, run.total_cents)


async def issued(town: Town, agent: Signed, month: Month = NOVEMBER) -> tuple[UUID, ...]:
    """Issue the run of a month that was drawn last, to its end: the invoices, by household."""
    with town.asked_by(agent) as ctx:
        run = await InvoiceRun.filter(period_first=month.window.first).order_by("-started_at", "-id").first()
        assert run is not None, "no run was drawn for that month"
        run = await issue(ctx, run.id)
        while run.state is RunState.ISSUING:
            run = await go_on(ctx, run.id)
        rows = await Invoice.filter(run_id=run.id, state=InvoiceState.ISSUED).order_by("household_id")
    return tuple(row.id for row in rows)


async def lines_as_text(town: Town, invoice_id: UUID) -> list[tuple[str, str, int, int, int]]:
    """Child, unit, quantity, unit price and total of each line."""
    with town.at_work():
        ((*lines,),) = await lines_of_invoices([invoice_id])
    return [(line.child, line.unit, line.quantity, line.unit_cents, line.total_cents) for line in lines]


async def credit_what_is_excused(ctx: Context, since: datetime) -> int:
    """Correct what is charged of what was excused since, as an agent would household by household; how many notes."""
    children = await AbsentDay.filter(decided_at__gte=since).distinct().values_list("child_id", flat=True)
    homes = await Membership.filter(person_id__in=sorted(children)).values_list("household_id", flat=True)
    notes = 0
    for invoice in await Invoice.filter(household_id__in=sorted(homes), issued_on__gte=since.date()).order_by("id"):
        if proposals := await propose(ctx, invoice.id):
            corrections = [proposal.correction for proposal in proposals]
            await credit(ctx, invoice.id, corrections, proposals[0].reason, None)
            notes += 1
    return notes
