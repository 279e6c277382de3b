"""A year of invoices on PostgreSQL, each computed a second time from the log: how many differ.

Run from the checkout: ``.venv/bin/python -m bench.recomputed [--households 2000] [--months 12]``.

Households of Chavagne drawn from a seed (``tests.generated``) live month after month: they book, cancel, come or not,
are excused, give other quotients, share the bill of a child. Each month is invoiced, then corrected by credit notes for
what was told too late. ``tests.recomputing`` then works out every invoice and every credit note from the log of
bookings and the attendance, in plain arithmetic.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from datetime import timedelta

from bench.findings import Finding
from bench.generated_town import GeneratedTown, drawn, issued
from gateway.sealing import new_key
from resolvers.billing.billing import Month
from resolvers.models import CreditNote, Invoice
from resolvers.models.billing import InvoiceState
from tests.databases import Cluster
from tests.generated import GeneratedCommune
from tests.invoicing import credit_what_is_excused
from tests.recomputing import Bill, recomputed

FIRST = Month(2026, 11)


def months_of(many: int) -> list[Month]:
    """So many months from the first one on."""
    return [Month(FIRST.year + (FIRST.month - 1 + m) // 12, (FIRST.month - 1 + m) % 12 + 1) for m in range(many)]


async def live(town: GeneratedTown, generated: GeneratedCommune, month: Month) -> None:
    """A month goes by, is invoiced, then corrected for what was told afterwards."""
    began = time.perf_counter()
    written = await town.fill(generated.month(month))
    ctx = town.on(month)
    run = await drawn(ctx, month)
    if run.total_cents:
        await issued(ctx, run)
    await town.fill([generated.afterwards(month)])
    notes = await credit_what_is_excused(town.on(month, days_after=3), since=ctx.now)
    invoices = await Invoice.filter(run_id=run.id).count()
    told = f"{written['Attendance']} units seen, {invoices} invoices, {notes} credit notes"
    print(f"{month.label}: {told} in {time.perf_counter() - began:.0f} s", flush=True)


async def compared(months: list[Month]) -> tuple[int, list[str]]:
    """Compare every invoice and what its credit notes took off it; how many invoices, and what differs."""
    rows = Invoice.filter(state=InvoiceState.ISSUED)
    columns = ("id", "household_id", "period_first", "total_cents")
    bills = {key: ((home, first), cents) for key, home, first, cents in await rows.values_list(*columns)}
    found: dict[Bill, int] = dict(bills.values())
    credited: Counter[Bill] = Counter()
    notes = await CreditNote.all().values_list("invoice_id", "total_cents")
    for invoice, cents in notes:
        credited[bills[invoice][0]] += cents
    expected = await recomputed([(month.window.first, month.window.last) for month in months])
    print(f"{len(bills)} invoices of {sum(found.values())} cents and {len(notes)} credit notes compared")
    twice = [f"{len(bills) - len(found)} invoices too many"] if len(found) < len(bills) else []
    return len(bills), twice + [
        f"{home} {first}: {found.get((home, first))} - {credited[home, first]} is not "
        f"{expected.invoiced.get((home, first))} - {expected.credited[home, first]}"
        for home, first in sorted(found.keys() | expected.invoiced.keys())
        if (found.get((home, first)), credited[home, first])
        != (expected.invoiced.get((home, first)), expected.credited[home, first])
    ]


async def main(options: argparse.Namespace, host: str) -> int:
    """Live, compare, tell; 1 when a finding does not hold."""
    months = months_of(options.months)
    async with GeneratedTown.open(host, new_key()) as town:
        generated = GeneratedCommune(town.commune, options.households, seed=options.seed, often=options.often)
        await town.fill(generated.families(months[0].window.last + timedelta(days=40)))
        for month in months:
            await live(town, generated, month)
        many, wrong = await compared(months)
    made = [
        Finding("there are invoices to compare", many > 0, f"{many} invoices"),
        Finding("each is what the log makes of it", not wrong, f"{len(wrong)} differences"),
    ]
    print("\n".join([*wrong[:20], *(finding.say() for finding in made)]))
    return int(not all(finding.holds for finding in made))


parser = argparse.ArgumentParser(description="Invoices of a year, computed twice.")
parser.add_argument("--households", type=int, default=2000)
parser.add_argument("--months", type=int, default=12)
parser.add_argument("--often", type=float, default=0.5, help="how often a child comes to an open unit: 0 to 1")
parser.add_argument("--seed", type=int, default=1)
if __name__ == "__main__":
    given, server = parser.parse_args(), Cluster()
    try:
        sys.exit(asyncio.run(main(given, server.socket_directory)))
    finally:
        server.stop()
