"""The drawer of a régie, day after day: what it held, what it received, gave up and banked, what it holds."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import groupby

from plugins.rules.errors import RuleError
from plugins.rules.spreadsheets import Cell, amount
from plugins.rules.statements import say_means

HEADINGS = ("Jour", "Guichet", "Moyen", "En caisse au début", "Reçu", "Annulé", "Remis en banque", "En caisse à la fin")


@dataclass(frozen=True, slots=True, order=True)
class Drawer:
    """What is kept apart: what one desk (the code of its route) received by one means."""

    route: str
    means: str


class DrawerMove(Enum):
    """What happens to a drawer. Refunds are the treasury's: none leaves a drawer."""

    RECEIVED = "RECEIVED"
    REVERSED = "REVERSED"  # before it was banked; what bounces afterwards has left the drawer already
    DEPOSITED = "DEPOSITED"


@dataclass(frozen=True, slots=True)
class Moved:
    """So many cents that came into a drawer, or left it, on a day of the commune."""

    day: date
    drawer: Drawer
    move: DrawerMove
    cents: int


@dataclass(frozen=True, slots=True)
class DrawerDay:
    """A day of a drawer on which something moved; amounts are cents, none below zero."""

    day: date
    drawer: Drawer
    opening_cents: int
    received_cents: int = 0
    reversed_cents: int = 0
    deposited_cents: int = 0

    def __post_init__(self) -> None:
        amounts = (self.opening_cents, self.received_cents, self.reversed_cents, self.deposited_cents)
        if min(*amounts, self.closing_cents) < 0:
            raise RuleError(f"Drawer {self.drawer.route} ({self.drawer.means}) on {self.day}: {amounts} cents.")

    @property
    def closing_cents(self) -> int:
        """What the drawer holds in the evening."""
        return self.opening_cents + self.received_cents - self.reversed_cents - self.deposited_cents

    def cells(self) -> tuple[Cell, ...]:
        """Its row, under :data:`HEADINGS`."""
        return (
            self.day,
            self.drawer.route,
            say_means(self.drawer.means),
            amount(self.opening_cents),
            amount(self.received_cents),
            amount(self.reversed_cents),
            amount(self.deposited_cents),
            amount(self.closing_cents),
        )


def drawer_days(opening: Mapping[Drawer, int], moves: Iterable[Moved]) -> tuple[DrawerDay, ...]:
    """The days on which something moved, in order, each beginning with what the one before left in its drawer."""
    held = defaultdict(int, opening)
    days = []
    ordered = sorted(moves, key=lambda moved: (moved.day, moved.drawer))
    for (day, drawer), group in groupby(ordered, key=lambda moved: (moved.day, moved.drawer)):
        sums: defaultdict[DrawerMove, int] = defaultdict(int)
        for moved in group:
            sums[moved.move] += moved.cents
        received, reversed_, deposited = (sums[move] for move in DrawerMove)
        days.append(DrawerDay(day, drawer, held[drawer], received, reversed_, deposited))
        held[drawer] = days[-1].closing_cents
    return tuple(days)
