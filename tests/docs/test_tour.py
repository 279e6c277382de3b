"""The README's tour is played against a running demonstration: every query, and every answer printed under it."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from schema.relay import parse_id
from tests.docs.markdown import BY_NAME
from tests.journeys.portal import Portal

STEP = re.compile(
    r"<!-- tour: as (?P<who>[a-z ]+) -->\n```graphql\n(?P<query>.*?)```\n\n```json\n(?P<answer>.*?)```", re.S
)
LOGINS = {"the parent": "monsieur.test@example.org", "the agent": "agent@chavagne.example"}


@dataclass
class Placeholders:
    """Identifiers as the page writes them: ``<Child 1>`` is the first child met."""

    names: dict[str, str] = field(default_factory=dict)

    def hide(self, value: Any) -> Any:
        """The same answer with its identifiers named."""
        if isinstance(value, dict):
            return {key: self.hide(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.hide(inner) for inner in value]
        return self._name(value) if isinstance(value, str) else value

    def _name(self, text: str) -> str:
        found = parse_id(text)
        if found is None or found.uuid is None:
            return text
        if text not in self.names:
            rank = sum(name.startswith(f"<{found.type_name} ") for name in self.names.values()) + 1
            self.names[text] = f"<{found.type_name} {rank}>"
        return self.names[text]

    def show(self, query: str) -> str:
        """The same query with the identifiers that the names stand for."""
        for real, name in self.names.items():
            query = query.replace(name, real)
        return query


def test_every_query_of_the_tour_gets_the_answer_printed_under_it(database_url: str, tmp_path: Path) -> None:
    page = BY_NAME["README.md"].text
    (start,) = re.findall(r"make run NOW=(\S+)", page)
    steps = list(STEP.finditer(page))
    placeholders = Placeholders()

    with Portal(tmp_path, database_url, start) as portal:
        people = {"nobody": portal.visitor("chavagne")}
        people |= {who: portal.signed_in("chavagne", login) for who, login in LOGINS.items()}

        for step in steps:
            answer = placeholders.hide(people[step["who"]].ask(placeholders.show(step["query"])))
            assert json.loads(step["answer"]) == answer, step["query"]

    assert page.count("<!-- tour:") == len(steps) == 12
