"""The basket: kept for days, its places held for minutes, as each commune decides."""

import pytest

from plugins import hookspecs
from plugins.communes import Communes
from plugins.rules.baskets import BasketPolicy
from plugins.rules.errors import RuleError


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (
            BasketPolicy(),
            "Le panier est gardé 30 jours après son dernier enregistrement\n"
            "Les places limitées y sont retenues 20 minutes",
        ),
        (
            BasketPolicy(1, 1),
            "Le panier est gardé un jour après son dernier enregistrement\n"
            "Les places limitées y sont retenues une minute",
        ),
        (
            BasketPolicy(hold_minutes=0),
            "Le panier est gardé 30 jours après son dernier enregistrement\n"
            "Les places limitées n'y sont pas retenues : validez-le pour réserver",
        ),
    ],
)
def test_a_policy_says_itself(policy: BasketPolicy, said: str) -> None:
    assert policy.say() == said


@pytest.mark.parametrize("given", [{"hold_minutes": -1}, {"hold_minutes": 1441}, {"keep_days": 0}, {"keep_days": 61}])
def test_a_policy_that_keeps_too_long_or_never_is_refused(given: dict[str, int]) -> None:
    (name,) = given
    with pytest.raises(RuleError, match=name):
        BasketPolicy(**given)


def test_chailles_writes_its_own_and_the_others_have_the_portal_s(communes: Communes) -> None:
    answers = {slug: commune.ask(hookspecs.basket) for slug, commune in communes.items()}
    assert answers.pop("chailles") == BasketPolicy(hold_minutes=30, keep_days=15)
    assert set(answers.values()) == {BasketPolicy()}
