"""What a family does to a day of service."""

from enum import Enum


class Action(Enum):
    """What a family does to a day."""

    BOOK = "BOOK"
    CANCEL = "CANCEL"
