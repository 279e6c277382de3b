"""The command ``replay``: a period of a commune under other rules, said in French and kept as a table."""

import argparse
import os
import sys
import time
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from gateway.app import open_ports, opened
from gateway.clock import SystemClock
from gateway.command_error import CommandError
from gateway.commands.replay_report import COLUMNS, Row, report, rows_of
from gateway.database import Databases
from gateway.settings import Settings
from plugins.communes import Communes
from plugins.rules.spreadsheets import table
from plugins.trials import on_trial
from resolvers.agenda.plans import Window
from resolvers.agenda.replay import replay
from resolvers.context import ANONYMOUS, Context
from resolvers.errors import Refused
from resolvers.models.scope import everything_in_sight
from resolvers.models.tenancy import in_commune

PATIENCE = 1.0  # seconds without a word


async def run_replay(options: argparse.Namespace) -> None:
    """Print what the other rules would have changed. The database is only read.

    Raises :class:`CommandError`, :class:`plugins.signatures.PluginError` or :class:`gateway.database.DatabaseError`.
    """
    settings = Settings.from_environment(os.environ)
    communes = Communes.installed((options.commune,))
    commune = communes[options.commune]
    trial = on_trial(commune, options.rules)
    clock = SystemClock()
    window = period(options.first, options.last, clock.now().astimezone(commune.tz).date())
    ports = open_ports(settings, clock)
    try:
        async with opened(Databases(settings.database_url, communes)):
            with in_commune(commune.slug), everything_in_sight():  # the operator's own question, about every family
                ctx = Context(commune, ANONYMOUS, clock.now(), ports, settings.public_url)
                found = await replay(ctx, trial, window, Patience(), names=options.names)
    finally:
        await ports.aclose()
    rows = rows_of(found, commune, trial)
    title = f"{commune.identity.name} avec les règles de « {options.rules} »"
    sys.stdout.write("\n".join([*report(title, commune, window, found.comparison, rows), ""]))
    if options.csv:
        write_csv(options.csv, rows)


def period(first: date | None, last: date | None, today: date) -> Window:
    """The days to replay: last month when nothing is said, to the end of the month when only a first day is.

    Raises :class:`CommandError` for days in the wrong order, or more than a school year of them.
    """
    start = first or (last or today.replace(day=1) - timedelta(days=1)).replace(day=1)
    try:
        return Window(start, last or start.replace(day=monthrange(start.year, start.month)[1]))
    except Refused as refused:
        raise CommandError(f"--from {start}: {refused.message}") from refused


def write_csv(path: Path, rows: Iterable[Row]) -> None:
    """Write the rows for a French spreadsheet. Raises :class:`CommandError`."""
    try:
        path.write_bytes(table(COLUMNS, (row.cells() for row in rows)))
    except OSError as error:
        raise CommandError(f"--csv: {path} cannot be written ({error.strerror}); choose another file.") from error


class Patience:
    """Says on standard error how far a long work is, once every so many seconds."""

    def __init__(self, seconds: float = PATIENCE) -> None:
        self._seconds = seconds
        self._spoken = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        """Hear that ``done`` of ``total`` is done."""
        now = time.monotonic()
        if now - self._spoken > self._seconds:
            self._spoken = now
            sys.stderr.write(f"replay: {done}/{total}\n")
