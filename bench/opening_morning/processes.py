"""The processes of the portal: servers that may be killed, and a worker. Run as ``processes serve|worker``."""

import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import uvicorn

from bench.opening_morning.town import NOW, bourg
from gateway.app import create_app, open_ports, opened
from gateway.clock import ShiftedClock
from gateway.database import Databases
from gateway.settings import Settings
from gateway.worker import Worker

STARTED = "BENCH_STARTED"  # the instant that is NOW, shared by every process


def clock() -> ShiftedClock:
    """The morning's clock: it runs from NOW on, the same in every process."""
    started = datetime.fromisoformat(os.environ[STARTED])
    return ShiftedClock(NOW + timedelta(seconds=5) - started)


def start(what: str, port: int = 8000) -> subprocess.Popen[bytes]:
    """Start a process of the portal with this process's environment."""
    environ = {**os.environ, "PORT": str(port)}
    return subprocess.Popen([sys.executable, "-m", "bench.opening_morning.processes", what], env=environ)


def free_port() -> int:
    """A port of the loopback interface."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


async def main(what: str) -> None:
    """Serve, or work, until the end."""
    logging.basicConfig(level=logging.ERROR)
    settings = Settings.from_environment({name: text for name, text in os.environ.items() if name != STARTED})
    communes = bourg()
    if what == "serve":
        config = uvicorn.Config(
            create_app(settings, communes, clock()), port=settings.port, log_config=None, access_log=False, backlog=8192
        )
        await uvicorn.Server(config).serve()
        return
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    ports = open_ports(settings, clock())
    async with opened(Databases(settings.database_url, communes)):
        await Worker(communes, ports, settings.public_url).run(stop)
    await ports.aclose()


if __name__ == "__main__":
    os.environ.setdefault(STARTED, datetime.now(UTC).isoformat())
    with suppress(KeyboardInterrupt):
        asyncio.run(main(sys.argv[1]))
