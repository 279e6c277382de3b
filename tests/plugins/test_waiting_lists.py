"""Who comes first on a waiting list, how long an offer is kept, and what a mairie reads of it."""

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from plugins.commune import Commune
from plugins.consistency import doubts
from plugins.hookspecs import hookimpl
from plugins.rules.errors import RuleError
from plugins.rules.quotas import QuotaSpan
from plugins.rules.tariffs import Residency, Situation, When
from plugins.rules.waiting_lists import Precedence, Priority, WaitingListPolicy
from tests.plugins.conftest import Village

PARIS = ZoneInfo("Europe/Paris")
HERE = Priority(~When.OUTSIDE, 20, "habitants de la commune")
BROTHERS = Priority(When.enrolled(2), 1, "fratrie inscrite")
POLICY = WaitingListPolicy(priorities=(HERE, BROTHERS))


@pytest.mark.parametrize(
    ("residency", "enrolled", "expected"),
    [
        (Residency.RESIDENT, 2, Precedence(21, "habitants de la commune (20 points) et fratrie inscrite (1 point)")),
        (Residency.RESIDENT, 1, Precedence(20, "habitants de la commune (20 points)")),
        (Residency.OUTSIDE, 3, Precedence(1, "fratrie inscrite (1 point)")),
        (Residency.OUTSIDE, 1, Precedence(0, "")),
    ],
)
def test_points_add_up_with_their_reasons(residency: Residency, enrolled: int, expected: Precedence) -> None:
    situation = Situation(date(2026, 11, 2), "matin", 650, residency, children_enrolled=enrolled)
    assert POLICY.precedence(situation) == expected


@pytest.mark.parametrize(
    ("minutes", "quiet", "now", "end"),
    [
        (24 * 60, (time(21), time(8)), (5, 9, 30), (6, 9, 30)),
        (24 * 60, (time(21), time(8)), (5, 21, 0), (7, 8, 0)),
        (24 * 60, (time(21), time(8)), (5, 7, 59), (6, 8, 0)),
        (24 * 60, (time(21), time(8)), (5, 8, 0), (6, 8, 0)),
        (30, (time(21), time(8)), (5, 20, 29), (5, 20, 59)),
        (30, (time(21), time(8)), (5, 20, 30), (6, 8, 0)),
        (30, None, (5, 23, 50), (6, 0, 20)),
        (60, (time(12), time(14)), (5, 11, 30), (5, 14, 0)),
        (60, (time(12), time(14)), (5, 13, 0), (5, 14, 0)),
        (24 * 60, None, (24, 9, 0), (25, 8, 0)),  # 24 hours elapse while the clocks go back
    ],
)
def test_an_offer_is_kept_its_time_and_never_ends_in_the_quiet_hours(
    minutes: int, quiet: tuple[time, time] | None, now: tuple[int, int, int], end: tuple[int, int, int]
) -> None:
    policy = WaitingListPolicy(hold_minutes=minutes, quiet=quiet)
    assert policy.offered_until(datetime(2026, 10, *now, tzinfo=PARIS), PARIS) == datetime(2026, 10, *end, tzinfo=PARIS)


def test_the_list_says_itself() -> None:
    assert POLICY.say().splitlines() == [
        "Quand il n'y a plus de place, une liste d'attente est ouverte.",
        "Passe d'abord qui a le plus de points, puis qui a demandé le premier : habitants de la commune (20 points) et "
        "fratrie inscrite (1 point).",
        "Une place qui se libère est gardée 24 heures pour la famille à qui elle est proposée, et plus longtemps si ce "
        "délai finit entre 21 h et 8 h ; jamais au-delà de la date limite de réservation.",
    ]
    assert WaitingListPolicy(hold_minutes=90, quiet=None).say().splitlines()[1:] == [
        "Passe d'abord qui a demandé le premier.",
        "Une place qui se libère est gardée 1 h 30 pour la famille à qui elle est proposée ; jamais au-delà de la date "
        "limite de réservation.",
    ]
    closed = WaitingListPolicy(is_open=False)
    assert closed.say() == "Aucune liste d'attente n'est ouverte quand il n'y a plus de place."
    assert closed.say_full() == "Aucune liste d'attente n'est ouverte : contactez le service."


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: Priority(When.OUTSIDE, 0, "hors commune"), "of 0 points"),
        (lambda: Priority(When.OUTSIDE, 1, " "), r"Priority\(label\)"),
        (lambda: Priority(When.OUTSIDE, 1, "x" * 61), "at most 60"),
        (lambda: Priority(When.LATE, 1, "retard"), "neither booked nor been absent"),
        (lambda: Priority(When.OUTSIDE & ~When.NOT_BOOKED, 1, "prévoyants"), "neither booked nor been absent"),
        (lambda: Priority(When.from_unbooked(3, QuotaSpan.MONTH), 1, "surprise"), "neither booked nor been absent"),
        (lambda: WaitingListPolicy(hold_minutes=14), "hold_minutes=14"),
        (lambda: WaitingListPolicy(hold_minutes=10_081), "hold_minutes=10081"),
        (lambda: WaitingListPolicy(quiet=(time(8), time(8))), "a whole day"),
        (lambda: WaitingListPolicy(is_open=False, priorities=(HERE,)), "nobody waits"),
        (lambda: WaitingListPolicy(priorities=(HERE, HERE)), "more than once"),
    ],
)
def test_a_list_that_contradicts_itself_is_refused(wrong: object, words: str) -> None:
    assert callable(wrong)
    with pytest.raises(RuleError, match=words):
        wrong()


def test_a_priority_that_the_portal_cannot_know_is_told_once_with_its_file(village: Village) -> None:
    @hookimpl
    def waiting_list() -> WaitingListPolicy:
        return WaitingListPolicy(priorities=(Priority(When.OCCASIONAL, 5, "occasionnels"),))

    commune = Commune("village", village(waiting_list=waiting_list))
    assert [re.sub(r"^tests/.+\.py:\d+: ", "here: ", doubt) for doubt in doubts(commune)] == [
        "here: activity 'cantine': the priority « occasionnels » depends on « occasionnel », which the portal does not "
        "know yet: nobody comes first by it"
    ]
