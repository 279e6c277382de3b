"""Who may take a child home, and whom to call: what the adults of its households are and were allowed."""

from collections.abc import Collection
from dataclasses import dataclass

from plugins.rules.entourage import Permission


@dataclass(frozen=True, slots=True)
class PickUp:
    """What staff may do with one adult about one child: ``forbidden`` stands alone, whoever else said otherwise."""

    may_fetch: bool
    to_call: bool
    forbidden: bool


def pick_up(permissions: Collection[Permission], *, is_parent: bool) -> PickUp:
    """Legal representatives fetch their child and are called; the others only as a household allowed them.

    A court decision that keeps somebody away stands above everything, even for a representative.
    """
    forbidden = Permission.FORBIDDEN in permissions
    return PickUp(
        may_fetch=not forbidden and (is_parent or Permission.FETCH in permissions),
        to_call=not forbidden and (is_parent or Permission.CALL in permissions),
        forbidden=forbidden,
    )
