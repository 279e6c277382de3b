"""The basket « panier »: how long a change of bookings that is being prepared is kept, and its places held."""

from dataclasses import dataclass

from plugins.rules.errors import RuleError

LONGEST_HOLD = 24 * 60  # minutes: places that nobody has booked yet are missed by others
LONGEST_DRAFT = 60  # days


@dataclass(frozen=True, slots=True)
class BasketPolicy:
    """A basket is kept ``keep_days`` after it was last saved; its limited places are held ``hold_minutes`` (0: never).

    Minutes count from the save that took the first place: saving again does not hold it longer.
    """

    hold_minutes: int = 20
    keep_days: int = 30

    def __post_init__(self) -> None:
        if not 0 <= self.hold_minutes <= LONGEST_HOLD:
            raise RuleError(f"BasketPolicy(hold_minutes={self.hold_minutes}): write 0 to {LONGEST_HOLD}")
        if not 1 <= self.keep_days <= LONGEST_DRAFT:
            raise RuleError(f"BasketPolicy(keep_days={self.keep_days}): write 1 to {LONGEST_DRAFT}")

    def say(self) -> str:
        """How long the basket is kept, then whether its places are, a sentence a line."""
        days = "un jour" if self.keep_days == 1 else f"{self.keep_days} jours"
        minutes = "une minute" if self.hold_minutes == 1 else f"{self.hold_minutes} minutes"
        held = f"y sont retenues {minutes}" if self.hold_minutes else "n'y sont pas retenues : validez-le pour réserver"
        return f"Le panier est gardé {days} après son dernier enregistrement\nLes places limitées {held}"
