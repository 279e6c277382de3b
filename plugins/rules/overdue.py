"""Invoices that are not paid in time « retards de paiement », as the commune accounts for them."""

from dataclasses import dataclass
from datetime import date

from plugins.rules.errors import RuleError
from plugins.rules.spreadsheets import Cell, amount
from plugins.rules.titres import TitreReference

HEADINGS = (
    "Facture",
    "Foyer",
    "Échéance",
    "Jours de retard",
    "Reste dû",
    "Rappels",
    "Dernier rappel",
    "Titre",
    "À savoir",
)
UNKNOWN_HERE = "Payable au Trésor public : le portail ne sait pas si cette facture est réglée."


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueInvoice:
    """An issued invoice past its due date, what is left of it in cents, and how often its family was reminded.

    ``is_paid_elsewhere``: no way to pay it tells the portal, so it may well be paid; ``titre`` is what the treasury
    knows it by, once recorded.
    """

    key: str
    number: str
    household_key: str
    household: str
    due_on: date
    days_late: int
    owed_cents: int
    reminders: int = 0
    reminded_on: date | None = None
    is_paid_elsewhere: bool = False
    titre: TitreReference | None = None

    def __post_init__(self) -> None:
        if self.days_late < 1 or self.owed_cents < 1:
            raise RuleError(f"Invoice {self.number}: {self.owed_cents} cents are {self.days_late} days late.")

    def cells(self) -> tuple[Cell, ...]:
        """Its row, under :data:`HEADINGS`."""
        return (
            self.number,
            self.household,
            self.due_on,
            self.days_late,
            amount(self.owed_cents),
            self.reminders,
            self.reminded_on,
            str(self.titre or ""),
            UNKNOWN_HERE if self.is_paid_elsewhere else "",
        )
