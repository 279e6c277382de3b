"""Run from the checkout: ``.venv/bin/python -m bench.opening_morning [--kills 20]``.

2,000 families, 5,000 requests, 300 places on 10 days, three server processes and a worker on a PostgreSQL started for
the occasion. With ``--kills``, a server taken at random dies (SIGKILL) that many times during the rush and is started
again. Everything runs on one machine, the clients too: compare ratios, not figures.
"""

import argparse
import asyncio
import os
import random
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import asyncpg
import httpx

from bench.findings import Finding
from bench.opening_morning import families, processes
from bench.opening_morning.findings import fairness, findings, timings
from bench.opening_morning.morning import Rush, draw
from bench.opening_morning.town import SLUG, bourg
from gateway.clock import SystemClock
from gateway.database import Databases
from gateway.sealing import new_key
from gateway.simulators.mailbox import Mailbox
from resolvers.models.scope import everything_in_sight
from resolvers.models.tenancy import in_commune
from tests.databases import Cluster

SERVERS = 3


class Servers:
    """The server processes, and whoever kills them."""

    def __init__(self, count: int) -> None:
        self.ports = [processes.free_port() for _ in range(count)]
        self._running = [processes.start("serve", port) for port in self.ports]
        self.killed = 0

    @property
    def addresses(self) -> list[str]:
        """Where they answer."""
        return [f"http://127.0.0.1:{port}" for port in self.ports]

    async def ready(self) -> None:
        """Wait until each of them answers."""
        async with httpx.AsyncClient(timeout=5) as client:
            for address in self.addresses:
                while True:
                    try:
                        (await client.get(f"{address}/health/ready")).raise_for_status()
                        break
                    except httpx.HTTPError:
                        await asyncio.sleep(0.1)

    async def kill_at_random(self, times: int, every: float) -> None:
        """Kill one without warning, start it again, wait, so many times."""
        chance = random.Random(1)
        for _ in range(times):
            await asyncio.sleep(chance.uniform(0.5, 1.5) * every)
            victim = chance.randrange(len(self._running))
            self._running[victim].send_signal(signal.SIGKILL)
            self._running[victim].wait()
            self._running[victim] = processes.start("serve", self.ports[victim])
            self.killed += 1

    def stop(self) -> None:
        """End them all."""
        for process in self._running:
            process.terminate()
        for process in self._running:
            process.wait()


@asynccontextmanager
async def worker() -> AsyncIterator[None]:
    """The worker, for the time of a block."""
    process: subprocess.Popen[bytes] = processes.start("worker")
    try:
        yield
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)


async def mails_left(connection: asyncpg.Connection) -> None:
    """Wait until the outbox is empty, two minutes at most."""
    for _ in range(1200):
        if not await connection.fetchval(f'SELECT count(*) FROM "{SLUG}".effect WHERE done_at IS NULL'):
            return
        await asyncio.sleep(0.1)


async def main(options: argparse.Namespace, cluster: Cluster) -> bool:
    """Set the scene, run the morning, tell what was found; True when everything holds."""
    mailbox = Mailbox(SystemClock(), kept=10_000)
    async with mailbox.serving():
        os.environ |= {
            processes.STARTED: datetime.now(UTC).isoformat(),
            "DATABASE_URL": f"postgres://postgres@/postgres?host={cluster.socket_directory}",
            "PORTAIL_HOST": "127.0.0.1",
            "PORTAIL_COOKIE_SECURE": "off",
            "PORTAIL_WORKER": "separate",
            "PORTAIL_SECRET_KEYS": new_key(),
            "PORTAIL_SMTP_HOST": "127.0.0.1",
            "PORTAIL_SMTP_PORT": str(mailbox.port),
            "PORTAIL_SMTP_TLS": "none",
            "PORTAIL_LOG_LEVEL": "ERROR",
        }
        communes = bourg()
        databases = Databases(os.environ["DATABASE_URL"], communes)
        await databases.open()
        await databases.migrate()
        with in_commune(SLUG), everything_in_sight():
            settled = await families.settle(communes[SLUG], options.families)
        await databases.close()
        servers = Servers(SERVERS)
        try:
            await servers.ready()
            rush = Rush(draw(settled, options.requests, options.seed), servers.addresses)
            connection = await asyncpg.connect(host=cluster.socket_directory, user="postgres", database="postgres")
            async with worker():
                killer = asyncio.create_task(servers.kill_at_random(options.kills, options.every))
                seconds = await rush.run(options.in_flight)
                killed = servers.killed  # what dies once everybody is answered proves nothing
                await killer
                await mails_left(connection)
            found = await findings(connection, rush, mailbox.messages())
            found.append(Finding("servers killed during the rush", killed == options.kills, f"{killed}"))
            await connection.close()
        finally:
            servers.stop()
    print(f"{SERVERS} servers, {servers.killed} killed. {timings(rush.asked, seconds)}")
    print(f"fairness: {fairness(rush.asked)}")
    print("\n".join(finding.say() for finding in found))
    return all(finding.holds for finding in found)


parser = argparse.ArgumentParser(description="Opening morning.")
parser.add_argument("--families", type=int, default=2000)
parser.add_argument("--requests", type=int, default=5000)
parser.add_argument("--in-flight", type=int, default=200, help="how many requests wait for an answer at once")
parser.add_argument("--kills", type=int, default=0, help="how many times a server dies during the rush")
parser.add_argument("--every", type=float, default=3.0, help="seconds between two deaths, about")
parser.add_argument("--seed", type=int, default=1)
server = Cluster()
try:
    raise SystemExit(0 if asyncio.run(main(parser.parse_args(), server)) else 1)
finally:
    server.stop()
