"""For whom and for what a payment was: the part of an invoice that is paid goes to its lines, in proportion.

Amounts are cents. Parts always add up to what was paid, and those of several payments of an invoice to its lines.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from plugins.rules.catalogue import Unit
from plugins.rules.errors import RuleError


class Care(Enum):
    """What the tax office makes of it: childcare, childcare whose price includes a meal, or none."""

    CARE = "CARE"
    WITH_MEAL = "WITH_MEAL"
    NONE = "NONE"

    @classmethod
    def of(cls, unit: Unit | None) -> "Care":
        """What a unit is; none when it is not known any more: nobody is promised what may be refused."""
        if unit is None or not unit.is_care:
            return cls.NONE
        return cls.WITH_MEAL if unit.has_meal else cls.CARE


@dataclass(frozen=True, slots=True)
class Share:
    """A child of an invoice (its identifier when it is known, its name), an activity by its label, and what it is.

    A household's own line has neither identifier nor name. ``service`` is the code of the activity's service, empty
    when the activity is not known any more.
    """

    child: str
    name: str
    activity: str
    care: Care
    service: str = ""


@dataclass(frozen=True, slots=True)
class ChargedShare:
    """What a line charges once it is corrected. ``is_common``: several days make it together, such as a discount."""

    share: Share
    cents: int
    is_common: bool = False


def shares_of(lines: Iterable[ChargedShare]) -> dict[Share, int]:
    """What an invoice charges for each share, in the order of its lines.

    What several days make together goes to the days of the same activity, of the same child if it names one, in
    proportion; it is a share of its own when there are none.
    """
    lines = list(lines)
    days: defaultdict[Share, int] = defaultdict(int)
    for line in lines:
        if not line.is_common:
            days[line.share] += line.cents
    charged = dict(days)
    for line in lines:
        if line.is_common:
            among = {share: cents for share, cents in days.items() if _shares_in(share, line.share) and cents > 0}
            for share, cents in _proportioned(among or {line.share: 1}, line.cents).items():
                charged[share] = charged.get(share, 0) + cents
    return charged


def paid_for(charged: Mapping[Share, int], payments: Sequence[int]) -> list[dict[Share, int]]:
    """What each payment of an invoice pays of each share, in the order they were made.

    Each goes to what was left to pay, in proportion: no payment takes back what another gave a share, and those that
    settle the invoice add up to exactly what it charges, share by share.
    """
    total = sum(charged.values())
    if min(payments, default=0) < 0 or sum(payments) > total:
        raise RuleError(f"Payments of {list(payments)} cents for an invoice of {total}.")
    left, parts = dict(charged), []
    for cents in payments:
        part = _proportioned(left, cents) if cents else {}
        left = {share: owed - part.get(share, 0) for share, owed in left.items()}
        parts.append({share: given for share, given in part.items() if given})
    return parts


def paid_with_titles(
    charged: Mapping[Share, int], services: Collection[str], payments: Sequence[tuple[bool, int]]
) -> list[dict[Share, int]]:
    """What each payment of an invoice pays of each share, as :func:`paid_for`: True for titles (CESU), and its cents.

    Titles go first, to what these ``services``, which take them, charge; money, and titles above that, pay the rest.
    """
    theirs = {share: owed for share, owed in charged.items() if share.service in services}
    room, first = max(0, sum(theirs.values())), []
    for is_title, cents in payments:
        first.append(min(cents, room) if is_title else 0)
        room -= first[-1]
    found, left = paid_for(theirs, first), dict(charged)
    for part in found:
        for share, cents in part.items():
            left[share] -= cents
    rest = paid_for(left, [cents - own for (_, cents), own in zip(payments, first, strict=True)])
    return [
        {share: part.get(share, 0) + more.get(share, 0) for share in {**part, **more}}
        for part, more in zip(found, rest, strict=True)
    ]


def _shares_in(share: Share, common: Share) -> bool:
    return share.activity == common.activity and common.child in ("", share.child)


def _proportioned(weights: Mapping[Share, int], cents: int) -> dict[Share, int]:
    """``cents`` in proportion to the weights: each boundary is rounded down, so that parts add up."""
    total, reached, given, parts = sum(weights.values()), 0, 0, {}
    for share, weight in weights.items():
        reached += weight
        boundary = cents * reached // total
        parts[share] = boundary - given
        given = boundary
    return parts
