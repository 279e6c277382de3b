"""What is printed on a deposit slip « bordereau de remise »: what a régie banks in one go, one line each."""

from dataclasses import dataclass
from datetime import date, datetime

from plugins.rules.errors import RuleError
from plugins.rules.french import euros
from plugins.rules.invoicing import Issuer
from plugins.rules.statements import say_means


@dataclass(frozen=True, slots=True)
class Banked:
    """A payment on a slip: its receipt, the day it was booked, who paid, what was written of it, its cents."""

    reference: str
    booked_on: date
    household: str
    note: str
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositSlip:
    """A slip of one desk and one means; ``made_at`` is on the commune's clocks, ``total_cents`` what is banked."""

    number: str
    issuer: Issuer
    desk: str
    means: str
    made_at: datetime
    payments: tuple[Banked, ...]
    total_cents: int

    def __post_init__(self) -> None:
        if sum(payment.cents for payment in self.payments) != self.total_cents or not self.payments:
            raise RuleError(f"Deposit {self.number}: its payments do not add up to {self.total_cents} cents.")

    @property
    def title(self) -> str:
        """« Bordereau de remise 2026-B-000003 »."""
        return f"Bordereau de remise {self.number}"

    def say(self) -> str:
        """What is banked, in one French sentence: « 3 encaissements (chèque), 42,00 € »."""
        count = len(self.payments)
        return f"{count} encaissement{'s' if count > 1 else ''} ({say_means(self.means)}), {euros(self.total_cents)}."
