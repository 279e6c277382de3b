"""The commands that run the portal: they load all of it."""

import argparse
import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette

from gateway.app import create_app, open_ports, opened
from gateway.clock import SystemClock
from gateway.command_error import CommandError
from gateway.database import Databases
from gateway.demonstration.running import Demonstration, welcome
from gateway.logs import configure_logging
from gateway.settings import Settings
from gateway.worker import Worker
from plugins.communes import Communes
from schema.portal import printed


def _installed(settings: Settings) -> Communes:
    return Communes.installed(settings.communes)


async def run_serve(_options: argparse.Namespace) -> None:
    """Serve the portal until it is told to stop; refuses tables that lack a migration."""
    settings = Settings.from_environment(os.environ)
    configure_logging(settings.log_level)
    communes = _installed(settings)
    async with opened(Databases(settings.database_url, communes)):
        pass  # said here in one sentence rather than in the server's log
    await _listen(create_app(settings, communes, SystemClock()), settings)


async def _listen(app: Starlette, settings: Settings, started: Callable[[], None] | None = None) -> None:
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies) or None,
        timeout_graceful_shutdown=20,
    )
    with _listening(settings) as listener:
        await _Server(config, started).serve(sockets=[listener])


def _listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        raise CommandError(
            f"cannot listen on {settings.host}, port {settings.port} ({why}); choose another with PORT."
        ) from error


class _Server(uvicorn.Server):
    """uvicorn, which says when it has started."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None] | None) -> None:
        super().__init__(config)
        self._say_started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started and self._say_started is not None:
            self._say_started()


async def run_worker(_options: argparse.Namespace) -> None:
    """Do what the outboxes ask, until told to stop."""
    settings = Settings.from_environment(os.environ)
    configure_logging(settings.log_level)
    communes = _installed(settings)
    ports = open_ports(settings, SystemClock())
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with opened(Databases(settings.database_url, communes)):
        await Worker(communes, ports, settings.public_url).run(stop)
    await ports.aclose()


async def run_migrate(_options: argparse.Namespace) -> None:
    """Bring every commune's tables up to date, and say each step."""
    settings = Settings.from_environment(os.environ)
    databases = Databases(settings.database_url, _installed(settings))
    await databases.open()
    try:
        applied = await databases.migrate()
    finally:
        await databases.close()
    sys.stdout.write("\n".join(applied or ["Every commune is up to date."]) + "\n")


async def run_schema(_options: argparse.Namespace) -> None:
    """Print the GraphQL schema."""
    sys.stdout.write(printed())


async def run_demo(options: argparse.Namespace) -> None:
    """Serve the demonstration until it is told to stop."""
    if options.now is not None and options.now.tzinfo is None:
        raise CommandError("--now needs an offset, such as 2026-11-02T09:00:00+01:00.")
    configure_logging("WARNING")
    async with Demonstration(options.now).prepared() as (app, settings):
        await _listen(app, settings, lambda: _say(welcome(settings)))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
