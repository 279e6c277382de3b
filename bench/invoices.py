"""A month of invoices on PostgreSQL: how many units are drawn and issued a second, and in how much memory.

Run from the checkout: ``.venv/bin/python -m bench.invoices [--households 10000] [--months 1] [--kills 20] [--check]``.

Chavagne, with a household of each kind drawn from a seed (``tests.generated``), on a PostgreSQL started for the
occasion. The run is made by a process of its own, which is killed (SIGKILL) ``--kills`` times at random instants and
started again. ``--check`` computes every invoice a second time, from the log. Everything runs on one machine: compare
ratios, not figures.
"""

import argparse
import asyncio
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

import asyncpg
from tortoise.models import Model

from gateway.app import open_ports
from gateway.clock import SteppedClock
from gateway.database import Databases
from gateway.sealing import new_key
from gateway.settings import Settings
from plugins.communes import Commune, Communes
from resolvers.billing import Month
from resolvers.context import Context, Viewer
from resolvers.models import Invoice, InvoiceRun
from resolvers.models.billing import InvoiceState, RunState
from resolvers.models.scope import everything_in_sight
from resolvers.models.tenancy import in_commune
from resolvers.runs import Wanted, go_on, issue, start
from tests.databases import Cluster
from tests.generated import Rows, households
from tests.recomputing import recomputed

SLUG = "chavagne"
CHUNK = 100  # households written together
AGENT = Viewer(account_id=UUID(int=1))


def months_of(many: int) -> list[Month]:
    """So many months from November 2026 on."""
    return [Month(2026 + (10 + after) // 12, (10 + after) % 12 + 1) for after in range(many)]


async def fill(
    connection: asyncpg.Connection, commune: Commune, many: int, months: Sequence[Month], often: float
) -> int:
    """Write the households and what they consumed; how many units are to be charged or excused."""
    units, waiting = 0, Rows()
    for number, rows in enumerate(households(commune, many, months, often=often), start=1):
        for model, added in rows.of.items():
            waiting.of.setdefault(model, []).extend(added)
        if number % CHUNK == 0 or number == many:
            for model, added in waiting.of.items():
                await copy(connection, model, added)
                units += len(added) if model.__name__ == "Attendance" else 0
            waiting = Rows()
    await connection.execute("ANALYZE")
    return units


async def copy(connection: asyncpg.Connection, model: type[Model], rows: Iterable[Model]) -> None:
    """Write rows of a table as fast as PostgreSQL takes them."""
    names = [column for column, field in model._meta.fields_db_projection.items() if field]
    records = [tuple(plain(getattr(row, name)) for name in names) for row in rows]
    columns = [model._meta.fields_db_projection[name] for name in names]
    await connection.copy_records_to_table(model._meta.db_table, schema_name=SLUG, columns=columns, records=records)


def plain(value: Any) -> Any:
    """A value as the driver takes it."""
    if isinstance(value, Enum):
        return value.value
    return json.dumps(value) if isinstance(value, list | dict) else value


async def run_month(url: str, month: Month) -> None:
    """The process that invoices: goes on with the month's run, or begins it, and tells the seconds of each stage."""
    settings = Settings.from_environment({"DATABASE_URL": url, "PORTAIL_SECRET_KEYS": os.environ["BENCH_KEY"]})
    communes = Communes.installed((SLUG,))
    now = datetime.combine(month.window.last + timedelta(days=1), datetime.min.time(), UTC) + timedelta(hours=9)
    ports = open_ports(settings, SteppedClock(now))
    databases = Databases(url, communes)
    await databases.open()
    with in_commune(SLUG), everything_in_sight():
        ctx = Context(communes[SLUG], AGENT, now, ports, settings.public_url)
        began = time.perf_counter()
        run = await InvoiceRun.filter(period_first=month.window.first).order_by("-id").first()
        run = run or await start(ctx, Wanted(month.window.first))
        while run.state is RunState.DRAFT and run.drawn_at is None:
            run = await go_on(ctx, run.id)
        drawn = time.perf_counter()
        while run.state is not RunState.ISSUED:
            run = await issue(ctx, run.id)
        issued = time.perf_counter()
    await databases.close()
    await ports.aclose()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"draw": drawn - began, "issue": issued - drawn, "memory": memory, "invoices": run.issued}))


def invoice(month: Month, kills: int, every: float, chance: random.Random) -> dict[str, float]:
    """Run a month in a process, killed so many times on the way; what the last one tells."""
    command = [sys.executable, "-m", "bench.invoices", "--run", f"{month.year}-{month.month:02}"]
    while True:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            told, _ = process.communicate(timeout=chance.uniform(0.7, 1.3) * every if kills else None)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            kills -= 1
            continue
        if process.returncode:
            raise SystemExit("the run failed")
        found: dict[str, float] = json.loads(told)
        return {**found, "kills_left": kills}


async def findings(connection: asyncpg.Connection, check: bool, last: date) -> list[str]:
    """What was issued: numbers without gap, one invoice for each household and month, totals as recomputed."""
    taken = await connection.fetch(
        f'SELECT year, count(*) AS many, min(sequence) AS low, max(sequence) AS high FROM "{SLUG}".invoice '
        "WHERE state = 'ISSUED' GROUP BY year ORDER BY year"
    )
    twice = await connection.fetchval(
        f'SELECT count(*) - count(DISTINCT (household_id, period_first)) FROM "{SLUG}".invoice'
    )
    told = [
        f"{row['year']}: {row['many']} invoices numbered {row['low']} to {row['high']}: "
        f"{'no gap' if (row['low'], row['high']) == (1, row['many']) else 'GAPS'}"
        for row in taken
    ]
    told.append(f"{twice} invoices too many for a household and month")
    if check:
        with in_commune(SLUG), everything_in_sight():
            invoices = await Invoice.filter(state=InvoiceState.ISSUED)
            found = {
                (row.household_id, row.period_first.year, row.period_first.month): row.total_cents for row in invoices
            }
            expected = await recomputed(last)
        wrong = {key for key in found.keys() | expected.keys() if found.get(key) != expected.get(key)}
        told.append(f"{len(expected)} invoices recomputed from the log: {len(wrong)} differ")
    return told


async def main(options: argparse.Namespace, cluster: Cluster) -> None:
    """Fill, run, tell."""
    url = f"postgres://postgres@/postgres?host={cluster.socket_directory}"
    os.environ |= {"DATABASE_URL": url, "BENCH_KEY": new_key()}
    communes, months = Communes.installed((SLUG,)), months_of(options.months)
    databases = Databases(url, communes)
    await databases.open()
    with in_commune(SLUG):
        await databases.migrate()
    connection = await asyncpg.connect(host=cluster.socket_directory, user="postgres", database="postgres")
    began = time.perf_counter()
    units = await fill(connection, communes[SLUG], options.households, months, options.often)
    print(
        f"{options.households} households, {units} units seen, written in {time.perf_counter() - began:.0f} s",
        flush=True,
    )
    chance, kills = random.Random(options.seed), options.kills
    for month in months:
        told = await asyncio.to_thread(invoice, month, kills, options.every, chance)
        print(
            f"{month.label}: {told['invoices']:.0f} invoices, drawn in {told['draw']:.1f} s, issued in "
            f"{told['issue']:.1f} s, {told['memory']:.0f} MiB, killed {kills - told['kills_left']:.0f} times",
            flush=True,
        )
        if options.months == 1 and not options.kills:
            print(f"{units / (told['draw'] + told['issue']):.0f} units a second, drawn and issued")
        kills = int(told["kills_left"])
    print("\n".join(await findings(connection, options.check, months[-1].window.last)))
    await connection.close()
    await databases.close()


parser = argparse.ArgumentParser(description="Invoices of a month.")
parser.add_argument("--households", type=int, default=10_000)
parser.add_argument("--months", type=int, default=1)
parser.add_argument("--often", type=float, default=0.5, help="how often a child comes to an open unit: 0 to 1")
parser.add_argument("--kills", type=int, default=0, help="how many times the process dies")
parser.add_argument("--every", type=float, default=4.0, help="seconds between two deaths, about")
parser.add_argument("--check", action="store_true", help="recompute every invoice from the log")
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--run", help="(inner) invoice this month on DATABASE_URL")
if __name__ == "__main__":
    given = parser.parse_args()
    if given.run:
        asyncio.run(run_month(os.environ["DATABASE_URL"], Month.parse(given.run)))
    else:
        server = Cluster()
        try:
            asyncio.run(main(given, server))
        finally:
            server.stop()
