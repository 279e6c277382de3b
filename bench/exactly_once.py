"""Ten thousand random schedules of what may happen around a payment: each is booked once or not at all.

Run from the checkout: ``PYTHONPATH=. .venv/bin/python bench/exactly_once.py [--backend postgres] [--schedules 10000]``.
A schedule that breaks the ledger stops the run and is printed with its seed; ``tests/schedules.py`` checks it.
"""

import argparse
import asyncio
import random
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from gateway.database import Databases
from tests.databases import COMMUNES, Cluster, PostgresTemplate, SqliteTemplate
from tests.schedules import DEEDS, Deed, Schedule, play

TURN = 500  # schedules of one household


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
                print(f"seed {seed}: {drawn(seed)}")
                raise
    finally:
        await schedule.aclose()
        await databases.close()


def main() -> None:
    """Play them all and print how long it took."""
    options = argparse.ArgumentParser()
    options.add_argument("--backend", choices=("sqlite", "postgres"), default="sqlite")
    options.add_argument("--schedules", type=int, default=10_000)
    options.add_argument("--first", type=int, default=0, help="the first seed")
    given = options.parse_args()
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if given.backend == "postgres":
            cluster = Cluster()
            stack.callback(cluster.stop)
            template: PostgresTemplate | SqliteTemplate = PostgresTemplate.make(cluster.socket_directory, "bench")
        else:
            template = SqliteTemplate.make(directory)
        started = time.perf_counter()
        last = given.first + given.schedules
        for first in range(given.first, last, TURN):
            asyncio.run(played(template.fresh(directory), range(first, min(first + TURN, last))))
            seconds = time.perf_counter() - started
            print(f"{min(first + TURN, last) - given.first} schedules, {seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main()
