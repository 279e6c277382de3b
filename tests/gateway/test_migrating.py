"""Migrations applied in several upgrades, or that fail on their way. They are packages of their own here."""

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.database import MIGRATIONS
from resolvers.models import migrations

UPGRADE = """
import asyncio, sys
from tortoise.connection import get_connections
from gateway.database import APPS, Databases
from gateway.migrating import apply_lacking

async def main():
    databases = Databases(sys.argv[1], ["commune"])
    await databases.open()
    try:
        for package in sys.argv[2:]:
            await apply_lacking(get_connections().get("commune"), {"models": {"migrations": package}})
    finally:
        await databases.close()

asyncio.run(main())
"""
HELD = "SELECT name, sql FROM sqlite_master UNION SELECT name, 'applied' FROM tortoise_migrations ORDER BY name"
BROKEN = f"""
from tortoise import fields, migrations
from tortoise.migrations import operations as ops

class Migration(migrations.Migration):
    dependencies = [("models", "{MIGRATIONS[0]}")]
    operations = [
        ops.CreateModel(name="Second", fields=[("id", fields.IntField(primary_key=True))]),
        ops.RunSQL("INSERT INTO nowhere VALUES (1)"),
    ]
"""


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """A package of the first migration alone."""
    package = tmp_path / "earlier"
    package.mkdir()
    for name in ("__init__", MIGRATIONS[0]):
        shutil.copy(Path(migrations.__path__[0]) / f"{name}.py", package)
    return package


def upgraded(directory: Path, file: str, *packages: str) -> tuple[str, list[tuple[str, str]]]:
    """What went wrong when these packages were applied in turn, and then the names and SQL in the file."""
    url = f"sqlite://{directory}/{file}"
    command = [sys.executable, "-c", UPGRADE, url, *packages]
    environment = {"PYTHONPATH": f"{directory}:{Path.cwd()}"}
    said = subprocess.run(command, env=environment, capture_output=True, text=True).stderr
    with sqlite3.connect(directory / file) as connection:
        return said, connection.execute(HELD).fetchall()


def test_tables_upgraded_on_the_way_are_those_made_at_once(tmp_path: Path, earlier: Path) -> None:
    said, halfway = upgraded(tmp_path, "upgraded", earlier.name)
    upgrade = upgraded(tmp_path, "upgraded", migrations.__name__)
    assert upgrade == upgraded(tmp_path, "at_once", migrations.__name__)
    assert (said, upgrade[0]) == ("", "")
    assert len(halfway) < len(upgrade[1])


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path, earlier: Path) -> None:
    (earlier / "0002_broken.py").write_text(BROKEN, encoding="utf-8")
    said, held = upgraded(tmp_path, "broken", earlier.name)
    assert "nowhere" in said
    assert {name for name, sql in held if sql == "applied"} == {MIGRATIONS[0]}
    assert "second" not in {name for name, _ in held}
