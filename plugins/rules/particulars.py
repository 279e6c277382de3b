"""What the families of several services can do with one particular, and how its values are written."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from plugins.rules.errors import RuleError
from plugins.rules.features import FieldPolicy, Review, Visibility

LONGEST: Mapping[str, int] = MappingProxyType(
    {
        "title": 20,
        "first_name": 80,
        "last_name": 80,
        "birth_name": 80,
        "birth_date": 10,
        "phone": 20,
        "street": 200,
        "postcode": 10,
        "town": 80,
        "country": 60,
    }
)
"""The particulars of a person that a family may ask to change, and how many characters each holds."""

CORRECTED: Mapping[str, int] = MappingProxyType({**LONGEST, "email": 254, "school": 80})
"""What an agent corrects in a person's file, and how many characters each holds: what families change or write to the
service about, and two that are the service's, the school and the e-mail address of who has no account yet."""

_ORDER = tuple(Visibility)


def combined(policies: Sequence[FieldPolicy]) -> FieldPolicy:
    """The policy of a family that several services follow.

    It does what the most open of them allows, gives what any of them requires, and an agent checks the edit as soon as
    one of those that allow it wants so.
    """
    if not policies:
        raise RuleError("No policy to combine: give that of each service that follows the family.")
    editable = [policy for policy in policies if policy.is_editable]
    reviewed = any(policy.review is Review.AGENT for policy in editable)
    visibility = max((policy.visibility for policy in policies), key=_ORDER.index)
    return FieldPolicy(visibility, Review.AGENT if reviewed else Review.AUTOMATIC)


def write_particular(value: str | date | None) -> str:
    """A value as a change keeps it: a date is written 2018-03-14, and what is unknown is empty."""
    return value.isoformat() if isinstance(value, date) else value or ""


def read_particular(name: str, written: str) -> str | date | None:
    """What :func:`write_particular` wrote, as the person keeps it."""
    if name == "birth_date":
        return date.fromisoformat(written) if written else None
    return written
