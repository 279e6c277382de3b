"""A demonstration for each journey, and one that hostile input shares."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.databases import SqliteTemplate
from tests.journeys.portal import Portal, Visitor, eventually
from tests.journeys.questions import check_and_issue, month
from tests.journeys.tables import count

Start = Callable[[str], Portal]


@pytest.fixture
def start(database_url: str, tmp_path: Path) -> Iterator[Start]:
    """Starts the demonstration at an instant, on migrated tables without any row; stopped after the test."""
    with ExitStack() as running:
        yield lambda now: running.enter_context(Portal(tmp_path, database_url, now))


@dataclass(frozen=True, slots=True)
class Target:
    """Chavagne on 5 October 2026 with September invoiced: what hostile input is sent to, and its files."""

    portal: Portal
    directory: Path
    parent: Visitor
    agent: Visitor
    child: str
    adult: str
    invoice: dict[str, Any]


@pytest.fixture(scope="session")
def target(template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """One demonstration for all the tests that change nothing; every mail has left."""
    directory = tmp_path_factory.mktemp("target")
    with Portal(directory, template.fresh(directory), "2026-10-05T09:00:00+02:00") as portal:
        agent, parent = portal.visitor("chavagne"), portal.signed_in("chavagne", "monsieur.test@example.org")
        agent.sign_in("agent@chavagne.example", "Demonstration2026")
        check_and_issue(agent, month(2026, 9))
        household = parent.household()
        (invoice,) = parent.invoices()
        waiting = "SELECT count(*) FROM effect WHERE done_at IS NULL"
        for slug in ("chavagne", "epagny", "melle"):
            eventually("every mail has left", lambda slug=slug: None if count(directory, slug, waiting) else True)  # type: ignore[misc]
        yield Target(
            portal=portal,
            directory=directory,
            parent=parent,
            agent=agent,
            child=household["children"]["Enfant1"],
            adult=household["adults"][0]["id"],
            invoice=invoice,
        )
