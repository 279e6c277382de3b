"""A pytest plugin that prints, at the end of the run, how much of the corpus really ran and passed.

A test counts with pytest's own ``record_property(name, value)``, which pytest-xdist brings back from its processes:
``DEADLINE`` and ``TARIFF`` once per entry with its id, the others with how many answers were compared.
"""

import pytest

from tests.rulebooks.corpus import entries

DEADLINE = "rulebooks: deadline rule"
EXACT = "rulebooks: exact instants"
BY_DATE = "rulebooks: instants by date"
READINGS = "rulebooks: readings"
TARIFF = "rulebooks: tariff"
PRICES = "rulebooks: prices"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """« rulebooks: 83/83 deadline rules, 104 exact instants, … », when a test of the corpus ran."""
    passed = terminalreporter.getreports("passed")
    recorded = [(name, value) for report in passed if report.when == "call" for name, value in report.user_properties]
    if any(name in (DEADLINE, TARIFF) for name, _ in recorded):
        terminalreporter.write_line(summary(recorded))


def summary(recorded: list[tuple[str, object]]) -> str:
    """The counts in one line, from what the tests that passed recorded."""

    def ids(name: str) -> int:
        return len({value for recorded_name, value in recorded if recorded_name == name})

    def total(name: str) -> int:
        return sum(value for recorded_name, value in recorded if recorded_name == name and isinstance(value, int))

    return (
        f"rulebooks: {ids(DEADLINE)}/{len(entries('deadlines'))} deadline rules, {total(EXACT)} exact instants, "
        f"{total(BY_DATE)} by date, {total(READINGS)} readings; "
        f"{ids(TARIFF)}/{len(entries('tariffs'))} tariffs, {total(PRICES)} prices"
    )
