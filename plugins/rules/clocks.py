"""Times of the day as rules write them: on the clocks of the commune, to the second."""

from datetime import time

from plugins.rules.errors import RuleError


def require_clock(value: time, what: str) -> None:
    """Refuse a time with a time zone of its own, or with fractions of a second."""
    if value.tzinfo is not None or value.microsecond:
        raise RuleError(f"{what} {value}: write a plain time of whole seconds")
