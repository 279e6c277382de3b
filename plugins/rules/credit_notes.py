"""How the lines of an issued invoice are corrected « avoir »: never more is taken off a line than it charged."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from plugins.rules.absences import FULL_PRICE
from plugins.rules.errors import RuleError
from plugins.rules.french import euros
from plugins.rules.invoice_lines import is_part_due
from plugins.rules.prices import PriceLine, Rounding


@dataclass(frozen=True, slots=True)
class ChargedLine:
    """A line of an issued invoice and what earlier credit notes took off it; a discount is negative. Cents."""

    position: int
    quantity: int
    unit_cents: int
    credited_cents: int = 0

    @property
    def left_cents(self) -> int:
        """What it still charges."""
        return self.quantity * self.unit_cents - self.credited_cents

    def whole(self) -> "Correction":
        """What takes off all that it still charges."""
        if self.credited_cents:
            return Correction(self.position, 1, self.left_cents)
        return Correction(self.position, self.quantity, self.unit_cents)


@dataclass(frozen=True, slots=True)
class Correction:
    """So many units of a line, at so much each, are taken off it; of a discount, negative cents."""

    position: int
    quantity: int
    unit_cents: int

    def __post_init__(self) -> None:
        if self.quantity < 1 or not self.unit_cents:
            raise RuleError(f"Correction of {self.quantity} × {self.unit_cents} cents: it would take nothing off.")

    @property
    def total_cents(self) -> int:
        """What it takes off."""
        return self.quantity * self.unit_cents

    def fault(self, line: ChargedLine) -> str | None:
        """Why it cannot correct this line, in French; None when it can."""
        if self.quantity > line.quantity:
            return f"La ligne {line.position + 1} compte {line.quantity} unités : retirez-en moins."
        within = 0 < self.total_cents <= line.left_cents or line.left_cents <= self.total_cents < 0
        if not within:
            return (
                f"La ligne {line.position + 1} porte encore {euros(line.left_cents)} : "
                f"{euros(self.total_cents)} ne peuvent pas en être retirés."
            )
        return None


def whole_of(lines: Iterable[ChargedLine], left_cents: int) -> list[Correction]:
    """What takes off all that an invoice still is: all that its lines still charge, less what was given up of it.

    What was given up is left on the first lines, whatever it was given up for: no line of it is known.
    """
    charging = [line for line in lines if line.left_cents]
    given_up, found = sum(line.left_cents for line in charging) - left_cents, []
    for line in charging:
        kept = min(given_up, max(0, line.left_cents))
        given_up -= kept
        if line.left_cents != kept:
            found.append(Correction(line.position, 1, line.left_cents - kept) if kept else line.whole())
    return found


def full_cents(price: Iterable[PriceLine]) -> int:
    """The price of a unit before the part of it that an absence left due."""
    return sum(line.cents for line in price if not is_part_due(line))


def taken_off(price: tuple[PriceLine, ...], percent_due: int) -> int:
    """What to give back of a unit that was charged at this price when only so many per cent of it are due, in cents.

    Negative when more is due than was charged: a credit note does not claim it.
    """
    charged = sum(line.cents for line in price)
    return charged - Rounding.HALF_UP.cents(Decimal(full_cents(price) * percent_due) / FULL_PRICE)
