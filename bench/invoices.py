"""A month of invoices on PostgreSQL: how many lines are drawn and issued a second, and in how much memory.

Run from the checkout: ``.venv/bin/python -m bench.invoices [--households 10000] [--kills 20]``.

Households of Chavagne drawn from a seed (``tests.generated``), on a PostgreSQL started for the occasion. The run is
made by a process of its own, which dies (SIGKILL) ``--kills`` times, at random instants of the draw, then of the issue,
and is started again. A line is a unit of a child on a day, priced and explained; an invoice prints those of the same
child, unit and price together. It fails when a finding does not hold: with fewer households, lower ``--lines`` as much.
Everything runs on one machine: compare ratios, not figures.
"""

import argparse
import asyncio
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping

from bench.findings import Finding
from bench.generated_town import SLUG, GeneratedTown, drawn, issued
from gateway.sealing import new_key
from resolvers.billing.billing import Month
from tests.databases import Cluster
from tests.generated import GeneratedCommune

MONTH = Month(2026, 11)
MOST_MEMORY = 1024  # MiB
DRAW, ISSUE = "draw", "issue"
INVOICED = f"""
    SELECT (SELECT count(*) FROM "{SLUG}".attendance WHERE invoice_id IS NOT NULL) AS units,
        (SELECT count(*) FROM "{SLUG}".invoice_line) AS printed,
        (SELECT count(*) FROM "{SLUG}".effect WHERE key LIKE 'mail:invoice:%') AS mails,
        count(*) AS invoices, count(DISTINCT household_id) AS households, sum(total_cents) AS cents,
        min(sequence) AS low, max(sequence) AS high
    FROM "{SLUG}".invoice WHERE state = 'ISSUED'
"""


async def run_month(host: str, key: str) -> None:
    """The process that invoices: it says which stage it begins, then how long each took, and its memory at most."""
    async with GeneratedTown.open(host, key) as town:
        ctx, began = town.on(MONTH), time.perf_counter()
        print(DRAW, flush=True)
        run = await drawn(ctx, MONTH)
        ready = time.perf_counter()
        print(ISSUE, flush=True)
        await issued(ctx, run)
        done = time.perf_counter()
    memory = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps({DRAW: ready - began, ISSUE: done - ready, "memory": memory / 1024}))


class Runner:
    """Starts the process that invoices, and kills it."""

    def __init__(self, host: str, key: str, every: float, seed: int) -> None:
        self._command = [sys.executable, "-m", "bench.invoices", "--run", host]
        self._environment = {**os.environ, "BENCH_KEY": key}
        self._every, self._chance = every, random.Random(seed)

    def to_its_end(self) -> dict[str, float]:
        """Let it finish; what it tells."""
        told = self._started().communicate()[0].splitlines()
        found: dict[str, float] = json.loads(told[-1])
        return found

    def killed(self, stage: str) -> str | None:
        """Kill it at a random instant after it begins a stage; where it was then, None when it was done before."""
        process = self._started()
        assert process.stdout is not None
        while process.stdout.readline().strip() not in (stage, ""):
            continue
        time.sleep(self._chance.uniform(0, self._every))
        process.kill()
        stages = [stage, *process.communicate()[0].split()]
        return stages[-1] if process.returncode == -signal.SIGKILL and stages[-1] in (DRAW, ISSUE) else None

    def _started(self) -> subprocess.Popen[str]:
        return subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True, env=self._environment)


async def main(options: argparse.Namespace, host: str) -> int:
    """Fill, run, tell; 1 when a finding does not hold."""
    key = new_key()
    async with GeneratedTown.open(host, key) as town:
        began = time.perf_counter()
        generated = GeneratedCommune(town.commune, options.households, seed=options.seed, often=options.often)
        written = await town.fill(generated.families(MONTH.window.first))
        written += await town.fill(generated.month(MONTH))
        took = time.perf_counter() - began
        print(f"{options.households} households, {sum(written.values())} rows written in {took:.0f} s", flush=True)
        runner = Runner(host, key, options.every, options.seed)
        deaths: Counter[str | None] = Counter()
        for death in range(options.kills):
            deaths[runner.killed(DRAW if death < options.kills / 2 else ISSUE)] += 1
        told = runner.to_its_end()
        found = await town.connection.fetchrow(INVOICED)
    print(f"{found['units']} lines on {found['invoices']} invoices, which print {found['printed']}")
    if options.kills:
        print(f"killed {deaths[DRAW]} times while drawing, {deaths[ISSUE]} while issuing")
    else:
        print(f"drawn in {told[DRAW]:.1f} s: {found['units'] / told[DRAW]:.0f} lines a second")
        print(f"issued in {told[ISSUE]:.1f} s: {found['units'] / told[ISSUE]:.0f} lines a second")
        print(f"both: {found['units'] / (told[DRAW] + told[ISSUE]):.0f} lines a second")
    dead = deaths[DRAW] + deaths[ISSUE]
    died = Finding("killed as often as asked", dead == options.kills, f"{dead} times")
    made = [died, *findings(found, told["memory"], options.lines)]
    print("\n".join(finding.say() for finding in made))
    return int(not all(finding.holds for finding in made))


def findings(found: Mapping[str, int], memory: float, lines: int) -> list[Finding]:
    """The bars: enough lines, in little memory; each household has one invoice and one mail, numbered without gap."""
    many = found["invoices"]
    numbered, counted = (found["low"], found["high"]), (found["households"], found["mails"])
    return [
        Finding(f"{lines} lines at least", found["units"] >= lines, f"{found['units']} lines"),
        Finding(f"less than {MOST_MEMORY} MiB", memory < MOST_MEMORY, f"{memory:.0f} MiB at most"),
        Finding("numbers without gap", numbered == (1, many), f"{numbered[0]} to {numbered[1]}, {many} invoices"),
        Finding("each issued once", counted == (many, many), f"{counted[0]} households, {counted[1]} mails"),
    ]


parser = argparse.ArgumentParser(description="Invoices of a month.")
parser.add_argument("--households", type=int, default=10_000)
parser.add_argument("--often", type=float, default=0.62, help="how often a child comes to an open unit: 0 to 1")
parser.add_argument("--lines", type=int, default=600_000, help="how many lines the month must have at least")
parser.add_argument("--kills", type=int, default=0, help="how many times the process dies")
parser.add_argument("--every", type=float, default=2.0, help="seconds that a process lives at most")
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--run", help="(inner) invoice the month on the PostgreSQL of this socket's directory")
if __name__ == "__main__":
    given = parser.parse_args()
    if given.run:
        asyncio.run(run_month(given.run, os.environ["BENCH_KEY"]))
    else:
        server = Cluster()
        try:
            sys.exit(asyncio.run(main(given, server.socket_directory)))
        finally:
            server.stop()
