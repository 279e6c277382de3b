"""What is printed of a day « feuille de pointage »: for each unit its children, and room to write who came and left.

A telephone or a tablet fails, a power cut does not stop a canteen: what the staff must know of each child is on paper.
"""

from dataclasses import dataclass
from datetime import date

from plugins.rules.errors import RuleError
from plugins.rules.french import say_date
from plugins.rules.invoicing import Issuer


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperChild:
    """A child on a sheet, in French: who it is, its health, the adults around it.

    ``absence`` is why its family said that it does not come; empty when it is expected.
    """

    name: str
    about: tuple[str, ...]
    health: tuple[str, ...]
    adults: tuple[str, ...]
    absence: str = ""

    def __post_init__(self) -> None:
        if not self.health or not self.adults:
            raise RuleError(f"{self.name}: say what is known of health and adults, even that nothing is.")


@dataclass(frozen=True, slots=True)
class UnitSheet:
    """The children of one unit, in the order people read them; ``label`` says the activity, the unit and its hours."""

    label: str
    children: tuple[PaperChild, ...]

    def say(self) -> str:
        """How many are expected, in one French sentence: « 12 enfants attendus, 1 absence signalée. »."""
        absent = sum(bool(child.absence) for child in self.children)
        expected = len(self.children) - absent
        told = f", {absent} absence{'s' if absent > 1 else ''} signalée{'s' if absent > 1 else ''}" if absent else ""
        return f"{expected} enfant{'s' if expected > 1 else ''} attendu{'s' if expected > 1 else ''}{told}."


@dataclass(frozen=True, slots=True)
class DayPaper:
    """The sheets of a day; ``team`` is who it is for: « Équipe d'accueil, École publique »."""

    issuer: Issuer
    day: date
    team: str
    sheets: tuple[UnitSheet, ...]

    @property
    def title(self) -> str:
        """« Feuille de pointage du lundi 2 novembre 2026 »."""
        return f"Feuille de pointage du {say_date(self.day)}"
