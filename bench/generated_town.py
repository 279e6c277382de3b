"""Chavagne with households drawn from a seed, written in PostgreSQL with COPY, and the runs that invoice it."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import Enum
from itertools import islice
from typing import Any
from uuid import UUID

import asyncpg
from tortoise.models import Model

from gateway.app import open_ports
from gateway.clock import SteppedClock
from gateway.database import Databases
from gateway.settings import Settings
from plugins.commune import Commune
from plugins.communes import Communes
from resolvers.billing.billing import Month
from resolvers.billing.runs import Wanted, go_on, issue, start
from resolvers.context import Context, Viewer
from resolvers.models import InvoiceRun
from resolvers.models.billing import RunState
from resolvers.models.scope import everything_in_sight
from resolvers.models.tenancy import in_commune
from resolvers.ports import Ports
from tests.generated import Rows

SLUG = "chavagne"
CHUNK = 200  # children written together
AGENT = Viewer(account_id=UUID(int=1))


@dataclass(frozen=True, slots=True)
class GeneratedTown:
    """The commune, open on a database."""

    commune: Commune
    ports: Ports
    connection: asyncpg.Connection

    @classmethod
    @asynccontextmanager
    async def open(cls, host: str, key: str) -> AsyncIterator["GeneratedTown"]:
        """Open the PostgreSQL of a socket's directory, with its tables; everything is in sight inside."""
        url = f"postgres://postgres@/postgres?host={host}"
        settings = Settings.from_environment({"DATABASE_URL": url, "PORTAIL_SECRET_KEYS": key})
        communes = Communes.installed((SLUG,))
        ports, databases = open_ports(settings, SteppedClock(datetime.now(UTC))), Databases(url, communes)
        await databases.open()
        connection = await asyncpg.connect(host=host, user="postgres", database="postgres")
        with in_commune(SLUG), everything_in_sight():
            await databases.migrate()
            yield cls(communes[SLUG], ports, connection)
        await connection.close()
        await databases.close()
        await ports.aclose()

    def on(self, month: Month, days_after: int = 1) -> Context:
        """An agent at work so many days after the last one of a month."""
        now = datetime.combine(month.window.last + timedelta(days=days_after), time(9), UTC)
        return Context(self.commune, AGENT, now, self.ports, "https://chavagne.example.org")

    async def fill(self, chunks: Iterable[Rows]) -> Counter[str]:
        """Write rows; how many of each table."""
        written: Counter[str] = Counter()
        left = iter(chunks)
        while some := list(islice(left, CHUNK)):
            written += await self._write(Rows.all_of(some))
        await self.connection.execute("ANALYZE")
        return written

    async def _write(self, rows: Rows) -> Counter[str]:
        for model, added in rows.of.items():
            columns, records = _records(model, added)
            await self.connection.copy_records_to_table(
                model._meta.db_table, schema_name=SLUG, columns=columns, records=records
            )
        return Counter({model.__name__: len(added) for model, added in rows.of.items()})


def _records(model: type[Model], rows: Iterable[dict[str, Any]]) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The columns of a table and the rows as the driver takes them."""
    columns = model._meta.fields_db_projection
    defaults = {name: model._meta.fields_map[name].default for name in columns}
    blank = {name: default() if callable(default) else default for name, default in defaults.items()}
    records = [tuple(_plain(value) for value in (blank | row).values()) for row in rows]
    return list(columns.values()), records


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return json.dumps(value) if isinstance(value, list | dict) else value


async def drawn(ctx: Context, month: Month) -> InvoiceRun:
    """Draw the run of a month to its end: begun here, or by a process that died."""
    run = await InvoiceRun.filter(period_first=month.window.first).order_by("-id").first()
    run = run or await start(ctx, Wanted(month.window.first))
    while run.drawn_at is None:
        run = await go_on(ctx, run.id)
    return run


async def issued(ctx: Context, run: InvoiceRun) -> InvoiceRun:
    """Issue a run that was drawn to its last invoice."""
    while run.state is not RunState.ISSUED:
        run = await issue(ctx, run.id)
    return run
