"""A demonstration for each journey, and one that hostile input shares."""

from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
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
    invoice: dict[str, Any]
    identifiers: Mapping[str, str]


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
            invoice=invoice,
            identifiers=placeholders(household, invoice),
        )


def placeholders(household: Mapping[str, Any], invoice: Mapping[str, Any]) -> dict[str, str]:
    """What the tables of hostile values call the identifiers of this portal, which are new at each run."""
    adults = {adult["firstName"]: adult["id"] for adult in household["adults"]}
    madame = b64decode(adults["Madame"] + "==", b"-_").decode()
    return {
        "<child>": household["children"]["Enfant1"],
        "<adult>": adults["Madame"],
        "<active adult>": adults["Monsieur"],
        "<adult as child>": urlsafe_b64encode(madame.replace("Person", "Child").encode()).rstrip(b"=").decode(),
        "<invoice>": invoice["id"],
    }
