"""The commands of ``python -m gateway``: each does its work, or fails with one sentence."""

import argparse
import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable, Coroutine
from datetime import date, datetime
from pathlib import Path
from typing import get_args

import uvicorn
from starlette.applications import Starlette

from gateway.app import create_app, open_ports, opened
from gateway.clock import SystemClock
from gateway.command_error import CommandError
from gateway.database import DatabaseError, Databases
from gateway.demonstration.running import Demonstration, welcome
from gateway.explain import checked, explained
from gateway.first_agent import add_invite_agent_parser, run_invite_agent
from gateway.logs import configure_logging
from gateway.new_commune import write_commune
from gateway.replay import add_replay_parser, run_replay
from gateway.settings import Settings, SettingsError
from gateway.worker import Worker
from plugins.communes import Communes, PluginError, installed_slugs
from plugins.rules.errors import RuleError
from plugins.rules.identity import SchoolZone
from schema.portal import printed


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it did its work, 1 with a sentence on standard error otherwise."""
    options = _parser().parse_args(arguments)
    try:
        asyncio.run(COMMANDS[options.command](options))
    except (CommandError, SettingsError, PluginError, RuleError, DatabaseError) as error:
        print(f"{options.command}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m gateway", description="The family portal.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="serve the portal (migrate first)")
    commands.add_parser("worker", help="do what the outboxes ask, in a process of its own")
    commands.add_parser("migrate", help="bring every commune's tables up to date")
    check = commands.add_parser("check", help="check the settings and every commune's plugin, or one plugin, and stop")
    check.add_argument("commune", nargs="?", help="check this one's plugin only, whatever the settings")
    explain = commands.add_parser("explain", help="print the whole règlement of a commune, for who reads it over")
    explain.add_argument("commune")
    explain.add_argument("--on", type=date.fromisoformat, metavar="YYYY-MM-DD", help="from this day on (today)")
    explain.add_argument("--html", metavar="FILE", help="write one accessible page there (- to print it)")
    commands.add_parser("schema", help="print the GraphQL schema")
    new = commands.add_parser("new-commune", help="write a starting plugin for a commune, as a package of its own")
    new.add_argument("slug", help="the first word of its addresses, such as saint-julien")
    new.add_argument("--name", help="what families read (the slug with a capital when not given)")
    new.add_argument("--zone", choices=get_args(SchoolZone), default="A", help="its school zone (A when not given)")
    new.add_argument("--into", type=Path, help="a new directory (portail-SLUG, here, when not given)")
    add_replay_parser(commands)
    add_invite_agent_parser(commands)
    demo = commands.add_parser("demo", help="the demonstration, with a simulated bank and mailbox")
    demo.add_argument("--now", type=datetime.fromisoformat, help="start at this instant (ISO 8601 with an offset)")
    return parser


def _installed(settings: Settings) -> Communes:
    return Communes.installed(settings.communes)


async def _serve(_options: argparse.Namespace) -> None:
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


async def _worker(_options: argparse.Namespace) -> None:
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


async def _migrate(_options: argparse.Namespace) -> None:
    settings = Settings.from_environment(os.environ)
    databases = Databases(settings.database_url, _installed(settings))
    await databases.open()
    try:
        applied = await databases.migrate()
    finally:
        await databases.close()
    print("\n".join(applied) or "Every commune is up to date.")


async def _check(options: argparse.Namespace) -> None:
    if options.commune is None:
        settings = Settings.from_environment(os.environ)
        lines = checked(settings.communes or installed_slugs(), settings.lyra_keys)
    else:
        lines = checked([options.commune])
    for line in lines:
        print(line)


async def _explain(options: argparse.Namespace) -> None:
    try:
        print(explained(options.commune, options.on, SystemClock(), options.html), end="")
    except OSError as error:
        raise CommandError(f"cannot write {options.html} ({error.strerror}): choose another file.") from error


async def _new_commune(options: argparse.Namespace) -> None:
    directory = options.into or Path(f"portail-{options.slug}")
    name = options.name or options.slug.replace("-", " ").title()
    files = write_commune(options.slug, name, options.zone, directory)
    print("\n".join(str(path) for path in files))
    print(
        f"\nNext:\n  python -m pip install --no-deps --editable {directory}\n"
        f"  python -m gateway check {options.slug}\n  python -m gateway explain {options.slug}"
    )


async def _schema(_options: argparse.Namespace) -> None:
    print(printed(), end="")


async def _demo(options: argparse.Namespace) -> None:
    if options.now is not None and options.now.tzinfo is None:
        raise CommandError("--now needs an offset, such as 2026-11-02T09:00:00+01:00.")
    configure_logging("WARNING")
    async with Demonstration(options.now).prepared() as (app, settings):
        await _listen(app, settings, lambda: print(welcome(settings), flush=True))


COMMANDS: dict[str, Callable[[argparse.Namespace], Coroutine[None, None, None]]] = {
    "serve": _serve,
    "worker": _worker,
    "migrate": _migrate,
    "check": _check,
    "explain": _explain,
    "schema": _schema,
    "new-commune": _new_commune,
    "replay": run_replay,
    "invite-agent": run_invite_agent,
    "demo": _demo,
}
