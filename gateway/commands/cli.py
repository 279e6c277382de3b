"""The commands of ``python -m gateway``: each does its work, or fails with one sentence.

A command is loaded when it is asked: ``check`` and ``explain`` answer who writes a plugin without loading the portal.
"""

import argparse
import asyncio
import gc
import sys
from collections.abc import Callable, Coroutine
from datetime import date, datetime
from pathlib import Path
from pkgutil import resolve_name
from typing import TypeAlias, get_args

from gateway.command_error import CommandError
from gateway.settings import SettingsError
from plugins.communes import PluginError
from plugins.rules.errors import RuleError
from plugins.rules.identity import SchoolZone
from resolvers.context import AgentRight

Command = Callable[[argparse.Namespace], Coroutine[None, None, None]]
Parsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

COMMANDS = {
    "serve": "gateway.commands.portal_commands:run_serve",
    "worker": "gateway.commands.portal_commands:run_worker",
    "migrate": "gateway.commands.portal_commands:run_migrate",
    "check": "gateway.commands.plugin_commands:run_check",
    "explain": "gateway.commands.plugin_commands:run_explain",
    "schema": "gateway.commands.portal_commands:run_schema",
    "new-commune": "gateway.commands.plugin_commands:run_new_commune",
    "replay": "gateway.commands.replay:run_replay",
    "invite-agent": "gateway.commands.first_agent:run_invite_agent",
    "demo": "gateway.commands.portal_commands:run_demo",
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it did its work, 1 with a sentence on standard error otherwise."""
    options = _parser().parse_args(arguments)
    command = _loaded(COMMANDS[options.command])
    try:
        asyncio.run(command(options))
    except (CommandError, SettingsError, PluginError, RuleError) as error:
        print(f"{options.command}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def _loaded(name: str) -> Command:
    """Import a command. Nothing that is imported is garbage: to look for some meanwhile would take a fifth of it."""
    gc.disable()
    try:
        command: Command = resolve_name(name)
    finally:
        gc.freeze()
        gc.enable()
    return command


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
    _add_replay(commands)
    _add_invite_agent(commands)
    demo = commands.add_parser("demo", help="the demonstration, with a simulated bank and mailbox")
    demo.add_argument("--now", type=datetime.fromisoformat, help="start at this instant (ISO 8601 with an offset)")
    return parser


def _add_replay(commands: Parsers) -> None:
    parser = commands.add_parser("replay", help="run a period through other rules and tell what would change")
    parser.add_argument("commune", help="the slug of the commune")
    parser.add_argument("--rules", required=True, metavar="MODULE", help="a module, or the path of a .py file")
    parser.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DATE", help="2026-11-01 (last month)")
    parser.add_argument("--to", dest="last", type=date.fromisoformat, metavar="DATE", help="(the end of its month)")
    parser.add_argument("--names", action="store_true", help="name families and children (references otherwise)")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write the list as a table too")


def _add_invite_agent(commands: Parsers) -> None:
    parser = commands.add_parser("invite-agent", help="open an agent's account: mail and print its activation link")
    parser.add_argument("commune", help="the slug of the commune")
    parser.add_argument("--email", required=True)
    parser.add_argument("--first-name", required=True)
    parser.add_argument("--last-name", required=True)
    rights = [right.name for right in AgentRight]
    parser.add_argument("--right", action="append", choices=rights, help="may be repeated (every right when not given)")
    parser.add_argument("--service", action="append", help="a code; may be repeated (every service when not given)")
