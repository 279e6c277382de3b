"""Late policies: what a family that comes too late is told, and until when something may still be done."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from plugins.rules.calendar import SchoolCalendar
from plugins.rules.days import CALENDAR_DAYS, SAME_DAY, days_before
from plugins.rules.deadlines import NEVER, at, before, until
from plugins.rules.errors import RuleError
from plugins.rules.french import NBSP
from plugins.rules.late import (
    Accept,
    Channel,
    LatePolicy,
    OtherChannel,
    Refuse,
    StillDue,
    WaitingList,
    Way,
    say_refused,
)

PARIS = ZoneInfo("Europe/Paris")

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


MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (
            datetime(2026, 11, 22, 17, 59, tzinfo=PARIS),
            "Encore possible par courriel jusqu'au lundi 23 novembre 2026 à 8 h ou par téléphone jusqu'au dimanche 22 "
            "novembre 2026 à 17 h 59, puis par courrier : 02 40 00 00 00",
        ),
        (
            datetime(2026, 11, 22, 18, tzinfo=PARIS),
            "Encore possible par courriel jusqu'au lundi 23 novembre 2026 à 8 h : 02 40 00 00 00",
        ),
        (
            datetime(2026, 11, 23, 8, 1, tzinfo=PARIS),
            "Les autres moyens sont clos aussi : par courriel jusqu'au jour même à 8 h et par téléphone la veille "
            "avant 18 h, puis par courrier.",
        ),
    ],
)
def test_only_the_ways_that_are_still_open_are_told_each_until_its_last_instant(now: datetime, said: str) -> None:
    policy = OtherChannel((BY_EMAIL, Way(Channel.PHONE, THE_EVE, then=Channel.LETTER)), "02 40 00 00 00")
    assert say_refused(policy, MONDAY, SchoolCalendar("B"), PARIS, now) == said


def test_what_a_late_booking_costs_more_is_announced() -> None:
    accept = Accept(THAT_MORNING, "Accepté hors délai")
    assert [accept.announce(0), accept.announce(150)] == [
        "Accepté hors délai.",
        f"Accepté hors délai. Supplément : 1,50{NBSP}€.",
    ]


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
