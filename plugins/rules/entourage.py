"""Who surrounds a child: what a contact may do about it, and which permissions go together."""

from collections.abc import Collection
from enum import Enum

from plugins.rules.errors import RuleError


class Permission(Enum):
    """What a contact may do about a child."""

    FETCH = "FETCH"  # may pick the child up
    CALL = "CALL"  # is called when something happens
    FORBIDDEN = "FORBIDDEN"  # kept away by a court decision: staff see it, the other party never does

    def say(self) -> str:
        """« peut venir chercher l'enfant »."""
        return _PERMISSION_WORDS[self]


_PERMISSION_WORDS = {
    Permission.FETCH: "peut venir chercher l'enfant",
    Permission.CALL: "est à prévenir en cas de besoin",
    Permission.FORBIDDEN: "ne doit pas approcher l'enfant (décision de justice)",
}


def require_coherent(permissions: Collection[Permission]) -> None:
    """Refuse permissions of one contact about one child that contradict each other."""
    if Permission.FORBIDDEN in permissions and len(set(permissions)) > 1:
        raise RuleError("Permissions: FORBIDDEN stands alone; drop FETCH and CALL, or drop it.")
