"""The command ``invite-agent``: how the first agent of a commune enters its portal."""

import argparse
import os
import sys

from gateway.app import open_ports, opened
from gateway.clock import SystemClock
from gateway.command_error import CommandError
from gateway.database import Databases
from gateway.settings import Settings
from plugins.communes import Communes
from resolvers.access.accounts import Invitation
from resolvers.access.agents import invite_agent
from resolvers.context import ANONYMOUS, AgentRight, Context
from resolvers.errors import Refused
from resolvers.models.scope import everything_in_sight
from resolvers.models.tenancy import in_commune


async def run_invite_agent(options: argparse.Namespace) -> None:
    """Write the account and its mail, and print the same link and password.

    Raises :class:`CommandError`, :class:`plugins.signatures.PluginError` or :class:`gateway.database.DatabaseError`.
    """
    settings = Settings.from_environment(os.environ)
    communes = Communes.installed((options.commune,))
    clock = SystemClock()
    ports = open_ports(settings, clock)
    rights = frozenset(AgentRight[name] for name in options.right or AgentRight.__members__)
    services = frozenset(options.service) if options.service else None
    who = (options.first_name, options.last_name, options.email)
    try:
        async with opened(Databases(settings.database_url, communes)):
            with in_commune(options.commune), everything_in_sight():  # nobody is an agent yet: the operator is
                ctx = Context(communes[options.commune], ANONYMOUS, clock.now(), ports, settings.public_url)
                invitation = await invite_agent(ctx, *who, rights, services)
    except Refused as refusal:
        raise CommandError(refusal.message) from refusal
    finally:
        await ports.aclose()
    sys.stdout.write(f"{said(invitation, options.email)}\n")


def said(invitation: Invitation, email: str) -> str:
    """What the operator reads: what the mail says, in case it does not arrive."""
    return (
        f"A mail waits to leave for {email} (by « serve » or « worker »). It says:\n"
        f"  login     {invitation.login}\n"
        f"  password  {invitation.password}  (to change at the first sign-in)\n"
        f"  link      {invitation.url}\n"
        f"  until     {invitation.until}"
    )
