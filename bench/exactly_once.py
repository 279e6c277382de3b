"""Ten thousand random schedules of what may happen around a payment: each is booked once or not at all.

Run from the checkout: ``PYTHONPATH=. .venv/bin/python -m bench.exactly_once [--backend postgres] [--schedules 10000]``.
A schedule that breaks the ledger stops the run and is printed with its seed; ``tests/schedules.py`` checks it, and
``--first SEED --schedules 1`` plays it again.

Schedules are shared by ``--jobs`` processes (one per processor), each with databases of its own, that are emptied every
100 schedules; nothing listens: the banks are called in the process. A schedule is some 300 statements, 0.1 s of work.
"""

import argparse
import asyncio
import itertools
import logging
import multiprocessing
import os
import random
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack, closing
from pathlib import Path

from gateway.database import Databases
from tests.databases import COMMUNES, Cluster, PostgresTemplate, SqliteTemplate
from tests.schedules import DEEDS, Deed, Schedule, play

TURN = 100  # schedules of one household: the older its books, the longer each takes


def drawn(seed: int) -> list[list[Deed]]:
    """The schedule of a seed: three to twelve moments of one to five deeds each, done at once."""
    dice = random.Random(seed)
    return [
        [(dice.choice(DEEDS), dice.randrange(12), dice.randrange(12)) for _ in range(dice.randint(1, 5))]
        for _ in range(dice.randint(3, 12))
    ]


async def played(address: str, seeds: range) -> None:
    """Play the schedules of these seeds on databases without any row."""
    databases = Databases(address, COMMUNES)
    await databases.open()
    schedule = await Schedule.made()
    try:
        for seed in seeds:
            try:
                await play(schedule, drawn(seed))
            except BaseException:
                print(f"seed {seed}: {drawn(seed)}", flush=True)
                raise
    finally:
        await schedule.aclose()
        await databases.close()


def job(host: str | None, home: Path, seeds: range, began: float) -> int:
    """Play a job's schedules on a database of its own, turn after turn, and say so; returns how many.

    ``host`` is that of PostgreSQL; None for SQLite files in ``home``.
    """
    logging.disable(logging.CRITICAL)  # lies are refused aloud
    template = SqliteTemplate.make(home) if host is None else PostgresTemplate.make(host, f"bench{home.name}")
    with closing(template):
        for first in seeds[::TURN]:
            turn = range(first, min(first + TURN, seeds.stop))
            asyncio.run(played(template.fresh(home), turn))
            print(f"seeds {turn.start} to {turn.stop - 1} hold, {time.time() - began:.0f} s", flush=True)
    return len(seeds)


def shares(first: int, count: int, jobs: int) -> list[range]:
    """The seeds of each job: as many, one more or less."""
    ends = [first + count * place // jobs for place in range(jobs + 1)]
    return [range(start, stop) for start, stop in itertools.pairwise(ends) if stop > start]


def main() -> None:
    """Play them all and print how long it took."""
    options = argparse.ArgumentParser()
    options.add_argument("--backend", choices=("sqlite", "postgres"), default="sqlite")
    options.add_argument("--schedules", type=int, default=10_000)
    options.add_argument("--first", type=int, default=0, help="the first seed")
    options.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes that play at once")
    given = options.parse_args()
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        parts = shares(given.first, given.schedules, given.jobs)
        homes = [directory / str(place) for place in range(len(parts))]
        host = None
        if given.backend == "postgres":
            cluster = Cluster()
            stack.callback(cluster.stop)
            host = cluster.socket_directory
        for home in homes:
            home.mkdir()
        began = time.time()
        pool = stack.enter_context(ProcessPoolExecutor(len(parts), multiprocessing.get_context("spawn")))
        jobs = [pool.submit(job, host, *each, began) for each in zip(homes, parts, strict=True)]
        held = sum(done.result() for done in as_completed(jobs))
        print(f"{held} schedules on {given.backend}, {len(parts)} at once: {time.time() - began:.0f} s")


if __name__ == "__main__":
    main()
