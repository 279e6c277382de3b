"""Late policies: what a family that comes too late is told, and until when something may still be done."""

from collections.abc import Callable

import pytest

from plugins.rules.days import CALENDAR_DAYS, SAME_DAY, days_before
from plugins.rules.deadlines import NEVER, at, before, until
from plugins.rules.errors import RuleError
from plugins.rules.late import Accept, Channel, LatePolicy, OtherChannel, Refuse, StillDue, WaitingList, Way

THAT_MORNING = at(SAME_DAY, until(8))
THE_EVE = at(days_before(1, CALENDAR_DAYS), before(18))
BY_EMAIL = Way(Channel.EMAIL, THAT_MORNING)
BY_PHONE = Way(Channel.PHONE, THE_EVE)


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (Refuse("Écrivez au service."), "Écrivez au service."),
        (
            Accept(THAT_MORNING, "Accepté à un euro de plus"),
            "Accepté à un euro de plus. Dernier recours : jusqu'au jour même à 8 h.",
        ),
        (
            OtherChannel((BY_EMAIL, BY_PHONE), "auprès de la mairie"),
            "Encore possible par courriel jusqu'au jour même à 8 h ou par téléphone la veille avant 18 h : "
            "auprès de la mairie",
        ),
        (
            OtherChannel((Way(Channel.PHONE, THE_EVE, then=Channel.LETTER),), "02 40 00 00 00"),
            "Encore possible par téléphone la veille avant 18 h, puis par courrier : 02 40 00 00 00",
        ),
        (WaitingList("Le service rappelle."), "Liste d'attente. Le service rappelle."),
        (StillDue(), "La journée reste due."),
        (StillDue("Prévenez quand même."), "La journée reste due. Prévenez quand même."),
    ],
)
def test_who_is_late_is_told_what_remains_possible(policy: LatePolicy, said: str) -> None:
    assert policy.say() == said


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: Refuse(" "), r"Refuse\(other_channel\)"),
        (lambda: Accept(THE_EVE, ""), r"Accept\(notice\)"),
        (lambda: Accept(NEVER, "Accepté"), "nothing is accepted late, write Refuse"),
        (lambda: WaitingList("deux\nlignes"), r"WaitingList\(notice\)"),
        (lambda: StillDue(""), r"StillDue\(notice\)"),
        (lambda: OtherChannel((BY_EMAIL,), ""), r"OtherChannel\(contact\)"),
        (lambda: OtherChannel((), "à la mairie"), "OtherChannel of nothing: write at least one way"),
        (
            lambda: OtherChannel((BY_EMAIL, BY_EMAIL), "à la mairie"),
            "OtherChannel of EMAIL, EMAIL: .* each channel once",
        ),
        (lambda: Way(Channel.PHONE, THE_EVE, then=Channel.PHONE), r"Way\(PHONE, then=PHONE\): confirm by another"),
        (lambda: Way(Channel.PHONE, NEVER), r"Way\(PHONE, never\): nobody can take it, leave it out"),
    ],
)
def test_a_policy_that_tells_nothing_is_refused(build: Callable[[], object], said: str) -> None:
    with pytest.raises(RuleError, match=said):
        build()
