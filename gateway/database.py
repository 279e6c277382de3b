"""One database per commune: opening, migrating and checking them.

SQLite keeps one file per commune; PostgreSQL one schema per commune. Every connection is named after its commune, and
:class:`resolvers.models.tenancy.CommuneRouter` picks it.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from pkgutil import iter_modules
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg
from tortoise import Tortoise
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError

from gateway.command_error import CommandError
from gateway.migrating import apply_lacking
from resolvers.models import migrations
from resolvers.models.tenancy import CommuneRouter, settled

APPS: dict[str, dict[str, Any]] = {
    "models": {"models": ["resolvers.models"], "migrations": "resolvers.models.migrations"},
}
MIGRATIONS = tuple(sorted(module.name for module in iter_modules(migrations.__path__)))
MIGRATION_LOCK = 0x504F5254  # any constant: concurrent migrations of one PostgreSQL database wait for each other


class PlainConnection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """A connection that goes back to its pool as it is: one round trip less per query.

    What is left open is still rolled back. In return nothing may change the state of a session: no ``SET``, no
    session-level advisory lock, no temporary table, no ``LISTEN``.
    """

    def get_reset_query(self) -> str:
        """Nothing to reset."""
        return ""


class DatabaseError(CommandError):
    """The database cannot be used as configured; the sentence says what to do."""


def _sqlite(url: str, slug: str) -> dict[str, Any]:
    path = Path(url.removeprefix("sqlite://").replace("{commune}", slug))
    path.parent.mkdir(parents=True, exist_ok=True)
    return {
        "engine": "tortoise.backends.sqlite",
        "credentials": {"file_path": str(path), "busy_timeout": 5000, "synchronous": "NORMAL"},
    }


def _postgres(url: str, slug: str) -> dict[str, Any]:
    parts = urlsplit(url)
    host = parts.hostname or parse_qs(parts.query).get("host", ["localhost"])[0]
    return {
        "engine": "tortoise.backends.asyncpg",
        "credentials": {
            "host": host,
            "port": parts.port or 5432,
            "user": unquote(parts.username or "postgres"),
            "password": unquote(parts.password) if parts.password else None,
            "database": parts.path.lstrip("/") or "postgres",
            "schema": slug,
            "minsize": 1,
            "maxsize": 10,
            "connection_class": PlainConnection,
        },
    }


def configuration(url: str, slugs: Iterable[str]) -> dict[str, Any]:
    """Tortoise's configuration for these communes. ``url`` is ``sqlite://…{commune}…`` or ``postgres://…``."""
    connect = _sqlite if url.startswith("sqlite://") else _postgres
    connections = {slug: connect(url, slug) for slug in slugs}
    # Tortoise builds the models of a migration on the alias "default"; nothing is ever asked of it.
    connections["default"] = dict(next(iter(connections.values())))
    return {
        "connections": connections,
        "apps": {label: {**app, "default_connection": "default"} for label, app in APPS.items()},
        "routers": [CommuneRouter],
        "use_tz": True,
        "timezone": "UTC",
    }


class Databases:
    """The databases of the communes this process serves."""

    def __init__(self, url: str, slugs: Iterable[str]) -> None:
        self._url = url
        self.slugs = tuple(slugs)

    @property
    def is_postgres(self) -> bool:
        """True on PostgreSQL, where several processes may write at once."""
        return not self._url.startswith("sqlite://")

    async def open(self) -> None:
        """Connect; raises :class:`DatabaseError` when the server cannot be reached."""
        async with self._alone() as connection:
            if connection is not None:
                for slug in self.slugs:
                    await connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{slug}"')
        await Tortoise.init(config=configuration(self._url, self.slugs), _enable_global_fallback=True)

    async def close(self) -> None:
        """Give every connection back, once the work that needs them is done."""
        await settled()
        await Tortoise.close_connections()

    async def migrate(self) -> tuple[str, ...]:
        """Bring every commune's tables up to date; returns ``commune: migration`` for each step applied."""
        applied: list[str] = []
        async with self._alone():
            for slug in self.slugs:
                lacking = await self.pending(slug)
                if lacking:
                    await apply_lacking(get_connections().get(slug), APPS)
                applied += [f"{slug}: {name}" for name in lacking]
        return tuple(applied)

    async def pending(self, slug: str) -> tuple[str, ...]:
        """The migrations a commune's tables still lack: one statement; raises the driver's error when it is down."""
        connection = get_connections().get(slug)
        try:
            rows = await connection.execute_query_dict("SELECT name FROM tortoise_migrations")
        except OperationalError:
            await connection.execute_query("SELECT 1")  # the database is up: nothing was ever migrated
            return MIGRATIONS
        applied = {row["name"] for row in rows}
        return tuple(name for name in MIGRATIONS if name not in applied)

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[asyncpg.Connection | None]:
        """On PostgreSQL, a connection that holds the migration lock: processes starting together take turns."""
        if not self.is_postgres:
            yield None
            return
        credentials = configuration(self._url, self.slugs)["connections"][self.slugs[0]]["credentials"]
        wanted = {key: credentials[key] for key in ("host", "port", "user", "password", "database")}
        try:
            connection = await asyncpg.connect(**wanted, timeout=10)
        except (OSError, asyncpg.PostgresError, TimeoutError) as error:
            raise DatabaseError(f"DATABASE_URL: PostgreSQL does not answer ({type(error).__name__}).") from error
        try:
            await connection.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
            yield connection
        finally:
            await connection.close()


TORTOISE_ORM = configuration("sqlite://:memory:", ["commune"])  # what `tortoise makemigrations` reads
