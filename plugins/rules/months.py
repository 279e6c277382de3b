"""Months counted from a day: the first of the next one, the 20th of the one before, the last of this one."""

from calendar import monthrange
from datetime import date

FIRST, LAST = 1, 31


def in_month(day: date, number: int, after: int = 0) -> date:
    """A day of the month of ``day``, or of the month so many months after it (before it when negative).

    ``number`` is from 1 to 31; it is the last day of a month too short for it, so that 31 is the last day of any month.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + after, 12)
    return date(year, month + 1, min(number, monthrange(year, month + 1)[1]))


def months_between(first: date, last: date) -> int:
    """How many months after that of ``first`` the month of ``last`` is; 0 in the same one."""
    return (last.year - first.year) * 12 + last.month - first.month
