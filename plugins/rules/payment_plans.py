"""Invoices paid in parts « échéancier »: equal parts a month apart, what is left of each, what is asked on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from plugins.rules.errors import RuleError
from plugins.rules.french import euros, say_date
from plugins.rules.months import in_month

MOST_PARTS = 12
LEAST_CENTS = 100  # what is less is not paid online (PayFiP, code M3)
GRACE = timedelta(days=7)  # a payment takes a few days to be known


@dataclass(frozen=True, slots=True)
class Part:
    """What is to be paid by a day, and what is left of it, in cents."""

    due_on: date
    cents: int
    left_cents: int

    def __post_init__(self) -> None:
        if self.cents < 1 or self.left_cents < 0:
            raise RuleError(f"Part of {self.cents} cents, {self.left_cents} left: write at least 1, and 0 or more.")

    @property
    def is_paid(self) -> bool:
        """True when nothing is left of it."""
        return not self.left_cents

    def is_missed(self, today: date) -> bool:
        """True when something is left of it a week after its day."""
        return bool(self.left_cents) and self.due_on + GRACE < today

    def say(self) -> str:
        """« 33,33 € avant le lundi 1er février 2027 », and that it is paid once it is."""
        return f"{euros(self.cents)} avant le {say_date(self.due_on)}" + (" (réglée)" if self.is_paid else "")


@dataclass(frozen=True, slots=True)
class PaymentPlan:
    """The parts of one invoice, the first due first."""

    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        days = [part.due_on for part in self.parts]
        if not days or days != sorted(set(days)):
            raise RuleError(f"Parts due on {', '.join(map(str, days)) or 'no day'}: write days, each after the last.")

    @classmethod
    def equal(cls, cents: int, count: int, first_due_on: date) -> Self:
        """So many equal parts, due on the same day of each month (the last of a month too short for it).

        The last part carries what does not divide. Raises :class:`RuleError` when a part would be too small.
        """
        if not 2 <= count <= MOST_PARTS:
            raise RuleError(f"{count} parts: write 2 to {MOST_PARTS}.")
        each = cents // count
        if each < LEAST_CENTS:
            raise RuleError(f"{cents} cents in {count} parts: a part is at least {LEAST_CENTS} cents.")
        amounts = [each] * (count - 1) + [cents - each * (count - 1)]
        days = [in_month(first_due_on, first_due_on.day, after=month) for month in range(count)]
        return cls(tuple(Part(day, amount, amount) for day, amount in zip(days, amounts, strict=True)))

    def when_owed(self, owed_cents: int) -> Self:
        """The same parts when so much is owed: money goes to the first part first.

        What is owed above the parts, once a payment was taken back, is asked with the first.
        """
        left, parts = owed_cents, []
        for part in reversed(self.parts):
            still = min(part.cents, left)
            left -= still
            parts.append(Part(part.due_on, part.cents, still))
        first = parts.pop()
        return type(self)((Part(first.due_on, first.cents, first.left_cents + left), *reversed(parts)))

    def asked_cents(self, today: date) -> int:
        """What is to be paid now: what is due, or else the next part."""
        due = sum(part.left_cents for part in self.parts if part.due_on <= today)
        return due or next((part.left_cents for part in self.parts if part.left_cents), 0)

    def is_missed(self, today: date) -> bool:
        """True when one of its parts is missed: the plan then stands no more."""
        return any(part.is_missed(today) for part in self.parts)

    @property
    def last_due_on(self) -> date:
        """The day of the last part."""
        return self.parts[-1].due_on

    def say(self) -> str:
        """« À régler en 3 fois : 33,33 € avant le …, … »."""
        return f"À régler en {len(self.parts)} fois : {', '.join(part.say() for part in self.parts)}."


def say_parts(plans: Sequence[PaymentPlan]) -> str:
    """The parts of invoices that are paid together, a line for each day; what each was agreed for, in all."""
    days = sorted({part.due_on for plan in plans for part in plan.parts})
    return "\n".join(
        f"- {euros(sum(part.cents for plan in plans for part in plan.parts if part.due_on == day))} "
        f"avant le {say_date(day)}"
        for day in days
    )
