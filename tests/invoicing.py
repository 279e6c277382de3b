"""A month of canteen, checked and invoiced in a few words."""

from datetime import date
from uuid import UUID

from resolvers.attendance import record
from resolvers.billing import Month, Run, issue, prepare
from resolvers.invoices import lines_of_invoices
from resolvers.models.bookings import Presence
from resolvers.plans import Window
from resolvers.sights import Check
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


async def prepared(town: Town, agent: Signed, month: Month = NOVEMBER) -> Run:
    """Draw the drafts of a month."""
    with town.asked_by(agent) as ctx:
        return await prepare(ctx, month)


async def issued(town: Town, agent: Signed, month: Month = NOVEMBER, key: str | None = None) -> tuple[UUID, ...]:
    """Issue the drafts of a month."""
    with town.asked_by(agent) as ctx:
        return await issue(ctx, month, key)


async def lines_as_text(town: Town, invoice_id: UUID) -> list[tuple[str, str, int, int, int]]:
    """Child, unit, quantity, unit price and total of each line."""
    with town.at_work():
        ((*lines,),) = await lines_of_invoices([invoice_id])
    return [(line.child, line.unit, line.quantity, line.unit_cents, line.total_cents) for line in lines]
