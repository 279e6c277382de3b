"""The corpus itself: what its modules may hold, and what is printed at the end of a run."""

import pytest

from tests.rulebooks.corpus import beyond_vocabulary
from tests.rulebooks.counts import BY_DATE, DEADLINE, EXACT, PRICES, READINGS, TARIFF, summary


def test_the_summary_counts_entries_once_and_adds_the_rest() -> None:
    recorded: list[tuple[str, object]] = [
        (DEADLINE, "D001"),
        (EXACT, 3),
        (DEADLINE, "D004"),
        (DEADLINE, "D004"),
        (EXACT, 1),
        (BY_DATE, 2),
        (READINGS, 2),
        (TARIFF, "T001"),
        (PRICES, 7),
    ]
    assert summary(recorded) == (
        "rulebooks: 2/83 deadline rules, 4 exact instants, 2 by date, 2 readings; 1/42 tariffs, 7 prices"
    )


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('"""Ok."""\nfrom plugins.rules.days import SAME_DAY\nDAY = SAME_DAY\n', []),
        ("DAY = 1\n", ["no docstring"]),
        ('"""Ok."""\nimport os\n', ["line 2: Import"]),
        ('"""Ok."""\nfrom plugins.rulesets import DAY\n', ["line 2: from plugins.rulesets"]),
        ('"""Ok."""\ndef day() -> int: return 1\n', ["line 2: FunctionDef"]),
        ('"""Ok."""\nDAY = lambda: 1\n', ["line 2: Lambda"]),
    ],
)
def test_a_commune_of_the_corpus_is_values_of_the_vocabulary_and_nothing_else(source: str, said: list[str]) -> None:
    assert beyond_vocabulary(source) == said
