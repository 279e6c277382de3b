"""A demonstration for each journey."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.journeys.portal import Portal

Start = Callable[[str], Portal]


@pytest.fixture
def start(database_url: str, tmp_path: Path) -> Iterator[Start]:
    """Starts the demonstration at an instant, on migrated tables without any row; stopped after the test."""
    with ExitStack() as running:
        yield lambda now: running.enter_context(Portal(tmp_path, database_url, now))
