"""What every test may ask for, and which tests run on which database.

``--backend sqlite`` (the default) runs everything but the tests marked ``postgres``; ``--backend postgres`` runs the
tests marked ``postgres`` or ``database``: the others need no database, once is enough for them.
"""

import gc
import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from gateway.database import Databases
from tests.databases import COMMUNES, Cluster, PostgresTemplate, SqliteTemplate

pytest_plugins = ("tests.rulebooks.counts",)  # here, because only this file is read by the process that prints
CLUSTER = pytest.StashKey[Cluster]()
SOCKET_DIRECTORY = "postgres_socket_directory"
Template = PostgresTemplate | SqliteTemplate


def pytest_addoption(parser: pytest.Parser) -> None:
    """One process speaks to one kind of database."""
    parser.addoption("--backend", choices=("sqlite", "postgres"), default="sqlite", help="the database to test on")


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL before the processes that share it."""
    is_worker = hasattr(config, "workerinput")
    if config.getoption("backend") == "postgres" and not is_worker and not config.getoption("collectonly"):
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # told to stop, stop PostgreSQL too
        config.stash[CLUSTER] = Cluster()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: "object") -> None:
    """Tell each process of pytest-xdist where PostgreSQL listens."""
    config, told = getattr(node, "config"), getattr(node, "workerinput")  # noqa: B009
    if CLUSTER in config.stash:
        told[SOCKET_DIRECTORY] = config.stash[CLUSTER].socket_directory


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started, however the run ended."""
    if CLUSTER in config.stash:
        config.stash[CLUSTER].stop()
        del config.stash[CLUSTER]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests that say something on this backend."""
    on_postgres = config.getoption("backend") == "postgres"

    def is_wanted(item: pytest.Item) -> bool:
        only_postgres = item.get_closest_marker("postgres") is not None
        return only_postgres or item.get_closest_marker("database") is not None if on_postgres else not only_postgres

    config.hook.pytest_deselected(items=[item for item in items if not is_wanted(item)])
    items[:] = [item for item in items if is_wanted(item)]


def pytest_collection_finish() -> None:
    """What was imported stays until the end: the garbage collector need not look at it again."""
    gc.freeze()


@pytest.fixture
def anyio_backend() -> str:
    """The only event loop the portal runs on."""
    return "asyncio"


@pytest.fixture(scope="session")
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    """Migrated tables, made once per process."""
    made = _made(request.config, tmp_path_factory)
    yield made
    made.close()


def _made(config: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Template:
    if config.getoption("backend") == "sqlite":
        return SqliteTemplate.make(tmp_path_factory.mktemp("template"))
    told = getattr(config, "workerinput", {})
    host = told.get(SOCKET_DIRECTORY) or config.stash[CLUSTER].socket_directory
    return PostgresTemplate.make(host, f"portail_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")


@pytest.fixture
def database_url(template: Template, tmp_path: Path) -> str:
    """The address of migrated databases without any row, one per commune of the tree."""
    return template.fresh(tmp_path)


@pytest.fixture
async def databases(anyio_backend: str, database_url: str) -> AsyncIterator[Databases]:
    """Those databases, open. For tests marked ``database`` or ``postgres``."""
    opened = Databases(database_url, COMMUNES)
    await opened.open()
    yield opened
    await opened.close()
