"""What a contact may do about a child."""

import pytest

from plugins.rules.entourage import Permission, require_coherent
from plugins.rules.errors import RuleError


def test_permissions_say_themselves() -> None:
    assert [permission.say() for permission in Permission] == [
        "peut venir chercher l'enfant",
        "est à prévenir en cas de besoin",
        "ne doit pas approcher l'enfant (décision de justice)",
    ]


@pytest.mark.parametrize("together", [(), (Permission.FETCH, Permission.CALL), (Permission.FORBIDDEN,)])
def test_permissions_that_go_together_are_accepted(together: tuple[Permission, ...]) -> None:
    require_coherent(together)


@pytest.mark.parametrize("other", [Permission.FETCH, Permission.CALL])
def test_to_be_kept_away_stands_alone(other: Permission) -> None:
    with pytest.raises(RuleError, match="FORBIDDEN stands alone"):
        require_coherent((other, Permission.FORBIDDEN))
