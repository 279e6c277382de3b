"""How money is spread over invoices: what was asked for each first, then the oldest debt, never above what is owed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from plugins.rules.errors import RuleError


@dataclass(frozen=True, slots=True)
class Claim:
    """What an invoice still claims, in cents, since when, and how much of the payment was meant for it.

    ``key`` names the invoice. ``asked_cents`` is 0 when the payer named no share: the rule then decides alone.
    """

    key: str
    due_on: date
    owed_cents: int
    asked_cents: int = 0

    def __post_init__(self) -> None:
        if self.owed_cents < 0 or self.asked_cents < 0:
            raise RuleError(f"Claim {self.key}: {self.owed_cents} cents owed, {self.asked_cents} asked: 0 or more.")


def spread(cents: int, claims: Iterable[Claim]) -> dict[str, int]:
    """The part of ``cents`` that each invoice receives, by its key; what no invoice claims is left out: it is credit.

    Shares asked come first, then what is left goes to what remains owed: both from the oldest due date, then by key.
    """
    if cents < 0:
        raise RuleError(f"{cents} cents to spread: write 0 or more.")
    ordered = sorted(claims, key=lambda claim: (claim.due_on, claim.key))
    parts = dict.fromkeys((claim.key for claim in ordered), 0)
    if len(parts) != len(ordered):
        raise RuleError("An invoice claims twice.")
    for wish in ({claim.key: min(claim.asked_cents, claim.owed_cents) for claim in ordered}, {}):
        for claim in ordered:
            part = min(cents, wish.get(claim.key, claim.owed_cents) - parts[claim.key])
            parts[claim.key] += part
            cents -= part
    return {key: part for key, part in parts.items() if part}
