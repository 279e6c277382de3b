"""The tables that migrations make are the tables that the models promise, on both databases."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from tortoise import Tortoise
from tortoise.connection import get_connections
from tortoise.exceptions import IntegrityError
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.models import Model

from gateway.database import APPS, DatabaseError, Databases
from resolvers import models
from resolvers.models import Invoice, PlaceCount, migrations
from resolvers.models.scope import everything_in_sight
from resolvers.models.tenancy import in_commune
from tests.databases import COMMUNES
from tests.towns import START

pytestmark = [pytest.mark.anyio, pytest.mark.database]

TABLES: list[type[Model]] = [getattr(models, name) for name in models.__all__]


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """An index: its columns in order, and whether it forbids doubles."""

    columns: tuple[str, ...]
    unique: bool


async def keys_of(databases: Databases, slug: str, table: str) -> set[Key]:
    """The indexes the database itself lists."""
    connection = get_connections().get(slug)
    if databases.is_postgres:
        rows = await connection.execute_query_dict(
            "SELECT i.indisunique, (SELECT string_agg(a.attname, ',' ORDER BY k.place) FROM pg_attribute a "
            "JOIN unnest(i.indkey) WITH ORDINALITY AS k(attnum, place) ON a.attnum = k.attnum "
            "WHERE a.attrelid = i.indrelid) AS columns FROM pg_index i WHERE i.indrelid = $1::regclass",
            [f'"{slug}"."{table}"'],
        )
        return {Key(tuple(row["columns"].split(",")), row["indisunique"]) for row in rows}
    keys = set()
    for index in await connection.execute_query_dict(f'PRAGMA index_list("{table}")'):
        columns = await connection.execute_query_dict(f'PRAGMA index_info("{index["name"]}")')
        keys.add(Key(tuple(column["name"] for column in columns), bool(index["unique"])))
    return keys


def promised(table: type[Model]) -> set[Key]:
    """The indexes the model promises."""
    meta = table._meta
    column = meta.fields_db_projection
    keys = {Key(tuple(_column(table, name) for name in together), True) for together in meta.unique_together}
    keys |= {Key(tuple(column[name] for name in index.fields), False) for index in meta.indexes}  # type: ignore[union-attr]
    for name in column:
        described = meta.fields_map[name]
        if described.unique or described.pk:
            keys.add(Key((column[name],), True))
        elif described.index:
            keys.add(Key((column[name],), False))
    return keys


def _column(table: type[Model], name: str) -> str:
    return table._meta.fields_db_projection.get(name, name)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
async def test_a_migrated_table_has_exactly_the_keys_its_model_promises(
    databases: Databases, table: type[Model]
) -> None:
    assert sorted(await keys_of(databases, "chavagne", table._meta.db_table)) == sorted(promised(table))


async def test_every_commune_has_the_same_tables(databases: Databases) -> None:
    wanted = {table._meta.db_table for table in TABLES} | {"tortoise_migrations"}
    sql = (
        "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()"
        if databases.is_postgres
        else "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    for slug in COMMUNES:
        assert {row["name"] for row in await get_connections().get(slug).execute_query_dict(sql)} == wanted


async def test_making_migrations_would_write_nothing(databases: Databases) -> None:
    assert Tortoise.apps is not None
    assert await MigrationAutodetector(Tortoise.apps, APPS).changes() == []


async def test_migrated_communes_have_nothing_pending_and_migrating_again_does_nothing(databases: Databases) -> None:
    assert {slug: await databases.pending(slug) for slug in COMMUNES} == dict.fromkeys(COMMUNES, ())
    assert await databases.migrate() == ()


def invoice(**values: Any) -> Invoice:
    """A draft of 100 cents."""
    given = {
        "household_id": "0190a7a0-0000-7000-8000-000000000000",
        "period_first": date(2026, 11, 1),
        "period_last": date(2026, 11, 30),
        "year": 2026,
        "series": "ENF",
        "total_cents": 100,
        "prepared_at": START,
    }
    return Invoice(**{**given, **values})


def places(**values: Any) -> PlaceCount:
    """Ten places, none taken."""
    return PlaceCount(**{"pool": "repas", "day": date(2026, 11, 2), "capacity": 10, **values})


@pytest.mark.parametrize(
    ("row", "broken"),
    [
        (places, {"taken": 11}),
        (places, {"taken": -1}),
        (invoice, {"paid_cents": 101}),
        (invoice, {"paid_cents": -1}),
        (invoice, {"total_cents": -1}),
    ],
)
async def test_the_database_itself_refuses_what_may_never_be(
    databases: Databases, row: Callable[..., Model], broken: dict[str, int]
) -> None:
    with in_commune("chavagne"), everything_in_sight():
        with pytest.raises(IntegrityError):
            await row(**broken).save()
        good = row()
        await good.save()
        table = type(good)
        with pytest.raises(IntegrityError):
            await table.filter(id=good.pk).update(**broken)
        assert await table.all().count() == 1
        assert await table.filter(id=good.pk, **broken).count() == 0


async def test_the_limits_themselves_are_accepted(databases: Databases) -> None:
    with in_commune("chavagne"), everything_in_sight():
        await places(taken=10).save()
        await invoice(paid_cents=100).save()
        await invoice(total_cents=0).save()
        assert (await PlaceCount.all().count(), await Invoice.all().count()) == (1, 2)


MIGRATE = """
import asyncio, sys
from gateway.database import Databases

async def main():
    databases = Databases(sys.argv[1], ["chavagne", "melle"])
    await databases.open()
    print(len(await databases.migrate()))
    await databases.close()

asyncio.run(main())
"""


@pytest.mark.postgres
async def test_processes_that_start_together_migrate_once(databases: Databases, database_url: str) -> None:
    await get_connections().get("chavagne").execute_query("CREATE DATABASE starting_together")
    url = urlunsplit(urlsplit(database_url)._replace(path="/starting_together"))
    starting = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", MIGRATE, url, stdout=asyncio.subprocess.PIPE)
        for _ in range(2)
    ]
    said = [await process.communicate() for process in starting]
    steps = len(list(Path(migrations.__file__ or "").parent.glob("0*.py")))
    assert sorted(int(out) for out, _ in said) == [0, 2 * steps]
    await get_connections().get("chavagne").execute_query("DROP DATABASE starting_together")


@pytest.mark.postgres
async def test_an_unreachable_server_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match=r"^DATABASE_URL: PostgreSQL does not answer"):
        await Databases(f"postgres://postgres@/none?host={tmp_path}", ["chavagne"]).open()
