"""The commands about the plugin of a commune: they load neither tables nor GraphQL."""

import argparse
import os
import sys
from pathlib import Path

from gateway.clock import SystemClock
from gateway.command_error import CommandError
from gateway.commands.explain import checked, explained
from gateway.commands.new_commune import write_commune
from gateway.settings import Settings
from plugins.communes import installed_slugs


async def run_check(options: argparse.Namespace) -> None:
    """Check the settings and every plugin, or one plugin: a line for what holds, one for each doubt."""
    if options.commune is None:
        settings = Settings.from_environment(os.environ)
        lines = checked(settings.communes or installed_slugs(), settings.lyra_keys)
    else:
        lines = checked([options.commune])
    for line in lines:
        sys.stdout.write(f"{line}\n")


async def run_explain(options: argparse.Namespace) -> None:
    """Print the règlement of a commune, or write it as a page."""
    try:
        sys.stdout.write(explained(options.commune, options.on, SystemClock(), options.html))
    except OSError as error:
        raise CommandError(f"cannot write {options.html} ({error.strerror}): choose another file.") from error


async def run_new_commune(options: argparse.Namespace) -> None:
    """Write a starting plugin, and say what comes next."""
    directory = options.into or Path(f"portail-{options.slug}")
    name = options.name or options.slug.replace("-", " ").title()
    files = write_commune(options.slug, name, options.zone, directory)
    written = "\n".join(str(path) for path in files)
    sys.stdout.write(
        f"{written}\n\nNext:\n  python -m pip install --no-deps --editable {directory}\n"
        f"  python -m gateway check {options.slug}\n  python -m gateway explain {options.slug}\n"
    )
