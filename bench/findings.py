"""What must hold once a bench has run, and what was found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that must hold, and what was found."""

    what: str
    holds: bool
    found: str

    def say(self) -> str:
        """One line."""
        return f"  {'ok  ' if self.holds else 'NOT '} {self.what}: {self.found}"
