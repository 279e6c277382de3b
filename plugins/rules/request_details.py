"""What a request says, line by line: the text a family wrote, or the values it asks to be applied."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from plugins.rules.features import PARTICULARS
from plugins.rules.french import say_list

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "text": "message",
        "cause": "motif",
        "permissions": "autorisations",
        "children": "enfants",
        "adults": "adultes",
        "lives_with": "habite avec",
        "name": "nom de la famille",
        "name_before": "nom de la famille jusqu'ici",
        "residency": "domicile",
        "residency_before": "domicile jusqu'ici",
        "custody": "calendrier de garde",
        "school": "école",
        "sees": "voit le foyer",
        "co_representative": "co-représentant",
        "books": "réserve",
        "pays": "paie",
        "holder": "titulaire du compte",
        "account": "compte bancaire",
        "conditions": "version des conditions acceptées",
    }
)
"""The French names of what is no particular of a person."""


@dataclass(frozen=True, slots=True)
class Detail:
    """One line: a stable name such as ``children.1.first_name``, its French label, and the value as it was written."""

    name: str
    label: str
    value: str

    def say(self) -> str:
        """« prénom : Clara »."""
        return f"{self.label} : {self.value}"


def write_details(values: Mapping[str, object]) -> str:
    """Values as :func:`read_details` reads them back."""
    return json.dumps(dict(values), ensure_ascii=False)


def read_details(text: str) -> tuple[Detail, ...]:
    """The lines of a request's details: each value of a JSON object, in its order, or the whole of any other text."""
    if not text:
        return ()
    try:
        values = json.loads(text)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        return (Detail("text", WORDS["text"], text),)
    return tuple(_lines("", values))


def _lines(path: str, value: object) -> Iterator[Detail]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _lines(f"{path}.{name}" if path else str(name), inner)
    elif isinstance(value, list) and any(isinstance(inner, dict | list) for inner in value):
        for position, inner in enumerate(value, start=1):
            yield from _lines(f"{path}.{position}", inner)
    elif value not in (None, "", []):
        name = path.rpartition(".")[2]
        yield Detail(path, PARTICULARS.get(f"person.{name}") or WORDS.get(name, name), _say(value))


def _say(value: object) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return say_list(map(_say, value)) if isinstance(value, list) else str(value)
