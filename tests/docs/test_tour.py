"""The README's tour is played against a running demonstration: every query, and every answer printed under it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from schema.relay import parse_id
from tests.journeys.portal import running_demonstration

README = Path(__file__).parents[2] / "README.md"
BLOCK = re.compile(
    r"<!-- tour: as (?P<who>[a-z ]+) -->\n```graphql\n(?P<query>.*?)```\n\n```json\n(?P<answer>.*?)```", re.S
)
LOGINS = {"the parent": "monsieur.test@example.org", "the agent": "agent@chavagne.example"}
SIGN_IN = """mutation($who: String!) {
  sessionOpen(input: {identifier: $who, password: "Demonstration2026"}) { userErrors { code } } }"""


@dataclass
class Placeholders:
    """Identifiers as the page writes them: ``<Child 1>`` is the first child met."""

    known: dict[str, str] = field(default_factory=dict)

    def hide(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self.hide(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.hide(inner) for inner in value]
        return self._name(value) if isinstance(value, str) else value

    def _name(self, text: str) -> str:
        found = parse_id(text) if len(text) > 20 else None
        if found is None or found.uuid is None:
            return text
        if text not in self.known:
            rank = sum(name.startswith(f"<{found.type_name} ") for name in self.known.values()) + 1
            self.known[text] = f"<{found.type_name} {rank}>"
        return self.known[text]

    def show(self, query: str) -> str:
        for real, name in self.known.items():
            query = query.replace(name, real)
        return query


def ask(client: httpx.Client, query: str, variables: dict[str, str] | None = None) -> dict[str, Any]:
    answer = client.post("/chavagne/graphql", json={"query": query, "variables": variables}).json()
    assert "errors" not in answer, answer["errors"]
    data: dict[str, Any] = answer["data"]
    return data


@pytest.fixture
def clients(tmp_path: Path) -> Iterator[dict[str, httpx.Client]]:
    with running_demonstration(tmp_path, now="2026-11-16T09:00:00+01:00") as url:
        found = {who: httpx.Client(base_url=url) for who in ("nobody", *LOGINS)}
        for who, login in LOGINS.items():
            ask(found[who], SIGN_IN, {"who": login})
        yield found
        for client in found.values():
            client.close()


def test_every_query_of_the_tour_gets_the_answer_printed_under_it(clients: dict[str, httpx.Client]) -> None:
    placeholders = Placeholders()
    steps = list(BLOCK.finditer(README.read_text()))
    assert len(steps) == README.read_text().count("<!-- tour:") == 11

    for step in steps:
        data = ask(clients[step["who"]], placeholders.show(step["query"]))
        assert placeholders.hide(data) == json.loads(step["answer"]), step["query"]
