"""The tables of a running portal on SQLite, read beside it: what a refused request must leave as it was."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

Rows = dict[str, list[tuple[object, ...]]]


def rows_of(directory: Path, ignoring: tuple[str, ...] = ()) -> Rows:
    """Every row of every table of every commune, by ``commune.table``, but those of some tables."""
    found: Rows = {}
    for file in sorted(directory.glob("*.sqlite3")):
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
            for (table,) in tables:
                if table not in ignoring:
                    rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()
                    found[f"{file.stem}.{table}"] = sorted(rows, key=repr)
    return found


@contextmanager
def unchanged(directory: Path, *but: str) -> Iterator[None]:
    """Fails when a table, *but* some, holds other rows after the block than before."""
    before = rows_of(directory, but)
    yield
    after = rows_of(directory, but)
    assert {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} == set()


def count(directory: Path, commune: str, query: str) -> int:
    """The only number that a statement answers in the tables of a commune."""
    with closing(sqlite3.connect(f"file:{directory / commune}.sqlite3?mode=ro", uri=True)) as connection:
        (number,) = connection.execute(query).fetchone()
        return int(number)
