"""Absences: what rulebooks excuse, with which proof, how soon, and how many days stay due all the same."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from plugins.rules.absences import Absence, AbsenceDay, AbsenceDecision, AbsenceRules, Notice, Proof
from plugins.rules.calendar import SchoolCalendar
from plugins.rules.days import CALENDAR_DAYS, SAME_DAY, SCHOOL_DAYS, WORKING_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, at, before
from plugins.rules.errors import RuleError
from plugins.rules.excuses import (
    ATYPICAL_HOURS,
    CLOSING,
    CONTAGION,
    HOSPITAL,
    ILLNESS,
    LEAVE,
    NO_CARENCE,
    OUTING,
    STRIKE,
    TEACHER_ABSENT,
    WEATHER,
    WORK,
    Carence,
    CarenceDays,
    Cause,
    DaysAfter,
    Edge,
    Excuse,
    HoursAfter,
    MinimumLength,
    MonthEnd,
    Tier,
    Within,
    automatic,
)
from plugins.rules.versions import versions

PARIS = ZoneInfo("Europe/Paris")
ZONE_A = SchoolCalendar("A")
MONDAY, TUESDAY, THURSDAY, FRIDAY = (date(2025, 1, day) for day in (13, 14, 16, 17))
BOOKED = (MONDAY, TUESDAY, THURSDAY, FRIDAY)
CERTIFICATE = ("certificat médical",)


def booked_days(count: int) -> Carence:
    """So many booked days stay due."""
    return Carence(count, CarenceDays.BOOKED)


def calendar_days(count: int) -> Carence:
    """So many days of the calendar stay due."""
    return Carence(count, CarenceDays.CALENDAR)


def hours(count: int) -> HoursAfter:
    """So many hours from the first morning at 8."""
    return HoursAfter(count, time(8), Edge.FIRST_DAY)


def days(count: int, edge: Edge = Edge.FIRST_DAY) -> DaysAfter:
    """So many days of the calendar."""
    return DaysAfter(count, CALENDAR_DAYS, edge)


def with_certificate(*tiers: Tier, without: Carence | None = None, minimum: MinimumLength | None = None) -> Excuse:
    """Illness, proved by a medical certificate."""
    return Excuse((ILLNESS,), CERTIFICATE, tiers, without, minimum)


def absence(
    cause: Cause = ILLNESS,
    last: date = FRIDAY,
    told: datetime | None = None,
    received: datetime | None = None,
    document: str = "certificat médical",
) -> Absence:
    """From Monday 13 January 2025 on."""
    return Absence(MONDAY, last, cause, told, None if received is None else Proof(document, received))


def january(day: int, hour: int = 12) -> datetime:
    """An instant of January 2025."""
    return datetime(2025, 1, day, hour, tzinfo=PARIS)


LE_CRES = AbsenceRules(
    excuses=(
        with_certificate(Tier(hours(48), NO_CARENCE)),
        automatic(STRIKE, TEACHER_ABSENT, OUTING, WEATHER, ATYPICAL_HOURS),
    )
)
OUVROUER = AbsenceRules(excuses=(with_certificate(Tier(hours(48), NO_CARENCE), without=booked_days(2)),))
SAINT_EXUPERY = AbsenceRules(excuses=(with_certificate(Tier(hours(72), NO_CARENCE), Tier(days(10), booked_days(2))),))
SEVEN_DAYS = AbsenceRules(excuses=(with_certificate(Tier(days(7, Edge.LAST_DAY), NO_CARENCE)),))
VHB = AbsenceRules(excuses=(with_certificate(Tier(days(5), NO_CARENCE, retained=10)),))
BOISEMONT = AbsenceRules(excuses=(Excuse((ILLNESS,), without_proof=booked_days(1)),))
PSU = AbsenceRules(
    notice=Notice(at(days_before(15, CALENDAR_DAYS), END_OF_DAY), each_day=False),
    excuses=(
        with_certificate(Tier(MonthEnd(Edge.LAST_DAY), calendar_days(3))),
        automatic(HOSPITAL, CONTAGION, CLOSING),
    ),
)
SAINT_LEU = AbsenceRules(
    excuses=(with_certificate(Tier(days(8), NO_CARENCE), minimum=MinimumLength(4, SCHOOL_DAYS)), automatic(WEATHER))
)
CUILLE = AbsenceRules()
SAINT_BARNABE = AbsenceRules(when_due="le repas peut être retiré à la cuisine")
THE_EVE = AbsenceRules(notice=Notice(at(days_before(1, CALENDAR_DAYS), before(11)), each_day=True))


@pytest.mark.parametrize(
    ("rules", "what", "due"),
    [
        # a certificate within 48 hours, or nothing is excused
        (LE_CRES, absence(received=january(15, 7)), ()),
        (LE_CRES, absence(received=january(15, 8)), ()),
        (LE_CRES, absence(received=january(15, 9)), BOOKED),
        (LE_CRES, absence(), BOOKED),
        (LE_CRES, absence(received=january(13), document="ordonnance"), BOOKED),
        # what needs no proof
        (LE_CRES, absence(STRIKE), ()),
        (LE_CRES, absence(ATYPICAL_HOURS), ()),
        (LE_CRES, absence(WORK, told=january(1)), BOOKED),
        # two days when there is no certificate in time
        (OUVROUER, absence(received=january(13)), ()),
        (OUVROUER, absence(received=january(20)), (MONDAY, TUESDAY)),
        (OUVROUER, absence(), (MONDAY, TUESDAY)),
        # 72 hours, then 10 days, then nothing
        (SAINT_EXUPERY, absence(received=january(16, 8)), ()),
        (SAINT_EXUPERY, absence(received=january(16, 9)), (MONDAY, TUESDAY)),
        (SAINT_EXUPERY, absence(received=january(23, 23)), (MONDAY, TUESDAY)),
        (SAINT_EXUPERY, absence(received=january(24, 0)), BOOKED),
        # a week from the last day
        (SEVEN_DAYS, absence(received=january(24, 23)), ()),
        (SEVEN_DAYS, absence(received=january(25, 0)), BOOKED),
        # the first day always due
        (BOISEMONT, absence(), (MONDAY,)),
        (BOISEMONT, absence(last=MONDAY), (MONDAY,)),
        # crèche: the first day and two of the calendar; hospital, eviction and closing from day one; leave told ahead
        (PSU, absence(received=january(31)), (MONDAY, TUESDAY)),
        (PSU, absence(received=datetime(2025, 2, 1, tzinfo=PARIS)), BOOKED),
        (PSU, absence(HOSPITAL), ()),
        (PSU, absence(LEAVE, told=datetime(2024, 12, 29, 23, 59, 59, tzinfo=PARIS)), ()),
        (PSU, absence(LEAVE, told=datetime(2024, 12, 30, tzinfo=PARIS)), BOOKED),
        # four days of school in a row
        (SAINT_LEU, absence(received=january(14)), ()),
        (SAINT_LEU, absence(received=january(14), last=THURSDAY), (MONDAY, TUESDAY, THURSDAY)),
        (SAINT_LEU, absence(WEATHER, last=MONDAY), ()),
        # no exemption at all
        (CUILLE, absence(received=january(13)), BOOKED),
        (SAINT_BARNABE, absence(STRIKE), BOOKED),
        # each day by its own deadline
        (THE_EVE, absence(told=january(12, 10)), ()),
        (THE_EVE, absence(told=january(13, 10)), (MONDAY,)),
        (THE_EVE, absence(told=january(13, 11)), (MONDAY, TUESDAY)),
        (THE_EVE, absence(), BOOKED),
    ],
)
def test_the_days_that_stay_due(rules: AbsenceRules, what: Absence, due: tuple[date, ...]) -> None:
    decision = rules.decide(what, BOOKED, ZONE_A, PARIS)
    in_absence = tuple(day for day in BOOKED if day <= what.last)
    assert (decision.due, decision.deducted) == (due, tuple(day for day in in_absence if day not in due))


def test_each_booked_day_of_the_absence_is_decided_once_with_its_reason() -> None:
    received = "maladie : justificatif reçu le jeudi 16 janvier 2025 à 12 h (certificat médical), à temps"
    decision = SAINT_EXUPERY.decide(
        absence(received=january(16)), (FRIDAY, MONDAY, MONDAY, TUESDAY, THURSDAY, date(2025, 1, 20)), ZONE_A, PARIS
    )
    carence = f"{received} : les 2 premiers jours réservés restent dus"
    assert decision == AbsenceDecision(
        (
            AbsenceDay(MONDAY, 100, carence),
            AbsenceDay(TUESDAY, 100, carence),
            AbsenceDay(THURSDAY, 0, received),
            AbsenceDay(FRIDAY, 0, received),
        )
    )
    assert decision.say().splitlines()[1:3] == [
        f"mardi 14 janvier 2025 : dû ({carence})",
        f"jeudi 16 janvier 2025 : déduit ({received})",
    ]


@pytest.mark.parametrize(
    ("rules", "what", "said"),
    [
        (
            VHB,
            absence(received=january(14), last=MONDAY),
            "dû à 10\xa0% (maladie : justificatif reçu le mardi 14 janvier 2025 à 12 h (certificat médical), à temps)",
        ),
        (CUILLE, absence(last=MONDAY), "dû (maladie : motif que le règlement n'excuse pas)"),
        (LE_CRES, absence(last=MONDAY), "dû (maladie : justificatif non reçu (certificat médical))"),
        (
            LE_CRES,
            absence(last=MONDAY, received=january(20)),
            "dû (maladie : justificatif reçu le lundi 20 janvier 2025 à 12 h (certificat médical), trop tard)",
        ),
        (LE_CRES, absence(STRIKE, last=MONDAY), "déduit (grève)"),
        (BOISEMONT, absence(last=MONDAY), "dû (maladie : le 1er jour réservé reste dû)"),
        (
            SAINT_LEU,
            absence(last=MONDAY),
            "dû (maladie : absence excusée seulement à partir du 4e jour d'école consécutif)",
        ),
        (
            THE_EVE,
            absence(last=MONDAY, told=january(12, 10)),
            "déduit (service prévenu à temps : la veille avant 11 h, pour chaque jour d'absence)",
        ),
    ],
)
def test_every_decision_is_said_in_french(rules: AbsenceRules, what: Absence, said: str) -> None:
    assert rules.decide(what, BOOKED, ZONE_A, PARIS).say() == f"lundi 13 janvier 2025 : {said}"


@pytest.mark.parametrize(
    ("within", "last", "said"),
    [
        (
            HoursAfter(48, time(8), Edge.LAST_DAY),
            datetime(2025, 3, 31, 9, tzinfo=PARIS),  # 48 elapsed hours across the change of the clocks
            "dans les 48 heures, comptées de 8 h le dernier jour d'absence",
        ),
        (
            DaysAfter(2, WORKING_DAYS, Edge.LAST_DAY),
            datetime(2025, 4, 1, 23, 59, 59, tzinfo=PARIS),
            "au plus tard le 2e jour ouvré après le dernier jour d'absence",
        ),
        (
            DaysAfter(1, SCHOOL_DAYS, Edge.FIRST_DAY),
            datetime(2025, 3, 28, 23, 59, 59, tzinfo=PARIS),
            "au plus tard le 1er jour d'école après le premier jour d'absence",
        ),
        (
            MonthEnd(Edge.FIRST_DAY),
            datetime(2025, 3, 31, 23, 59, 59, tzinfo=PARIS),
            "avant la fin du mois du premier jour d'absence",
        ),
    ],
)
def test_the_time_a_proof_has(within: Within, last: datetime, said: str) -> None:
    instant = within.instant(date(2025, 3, 27), date(2025, 3, 29), ZONE_A, PARIS)  # Thursday to Saturday
    assert (instant.isoformat(), within.say()) == (last.isoformat(), said)


def test_a_proof_past_the_end_of_the_calendar_has_so_many_days_whatever_they_are() -> None:
    horizon = ZONE_A.horizon
    instant = DaysAfter(3, SCHOOL_DAYS, Edge.LAST_DAY).instant(MONDAY, horizon, ZONE_A, PARIS)
    assert instant == datetime.combine(horizon + timedelta(days=3), time(23, 59, 59), PARIS)


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (CUILLE, ["Une journée réservée et non annulée à temps est due"]),
        (
            SAINT_BARNABE,
            ["Une journée réservée et non annulée à temps est due : le repas peut être retiré à la cuisine"],
        ),
        (
            LE_CRES,
            [
                "Absence pour maladie (certificat médical) : justificatif reçu dans les 48 heures, comptées de 8 h le "
                "premier jour d'absence, rien n'est dû ; sinon, tout est dû",
                "Absence pour grève, enseignant absent et non remplacé, sortie scolaire, intempéries ou horaires de "
                "travail atypiques : rien n'est dû",
                "Toute autre absence est due",
            ],
        ),
        (
            PSU,
            [
                "Absence annoncée à temps : rien n'est dû (délai : jusqu'au 15e jour précédent à 23 h 59, compté du "
                "premier jour d'absence)",
                "Absence pour maladie (certificat médical) : justificatif reçu avant la fin du mois du dernier jour "
                "d'absence, les 3 premiers jours du calendrier restent dus ; sinon, tout est dû",
                "Absence pour hospitalisation, éviction pour maladie contagieuse ou fermeture du service : rien n'est "
                "dû",
                "Toute autre absence est due",
            ],
        ),
        (
            VHB,
            [
                "Absence pour maladie (certificat médical) : justificatif reçu au plus tard le 5e jour après le "
                "premier jour d'absence, 10\xa0% du prix est retenu ; sinon, tout est dû",
                "Toute autre absence est due",
            ],
        ),
        (
            AbsenceRules(
                excuses=versions(
                    (Excuse((ILLNESS,), without_proof=calendar_days(3)),),
                    (date(2025, 9, 1), (Excuse((ILLNESS,), without_proof=calendar_days(1)),)),
                    (date(2026, 9, 1), ()),
                )
            ),
            [
                "Absence pour maladie : les 3 premiers jours du calendrier restent dus",
                "À partir du lundi 1er septembre 2025, absence pour maladie : le 1er jour du calendrier reste dû",
                "À partir du mardi 1er septembre 2026, aucune absence n'est excusée",
                "Toute autre absence est due",
            ],
        ),
    ],
)
def test_the_rules_are_said_in_french(rules: AbsenceRules, said: list[str]) -> None:
    assert rules.say().splitlines() == said


def test_what_a_proof_leaves_due_and_what_is_retained_are_said_together() -> None:
    assert Tier(days(5), booked_days(1), retained=10).say() == (
        "justificatif reçu au plus tard le 5e jour après le premier jour d'absence, le 1er jour réservé reste dû et "
        "10\xa0% du prix des autres jours est retenu"
    )


def test_a_rule_changes_on_the_first_day_of_the_absence() -> None:
    rules = AbsenceRules(excuses=versions((), (date(2025, 1, 14), (automatic(ILLNESS),))))
    before_that_day, on_that_day = absence(), Absence(TUESDAY, FRIDAY, ILLNESS)
    assert rules.decide(before_that_day, BOOKED, ZONE_A, PARIS).due == BOOKED
    assert rules.decide(on_that_day, BOOKED, ZONE_A, PARIS).due == ()


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: Absence(FRIDAY, MONDAY, ILLNESS), "Absence ends on lundi 13 janvier 2025 before vendredi 17"),
        (lambda: Absence(MONDAY, FRIDAY, ILLNESS, told=datetime(2025, 1, 13)), r"Absence\(told\)"),  # noqa: DTZ001
        (lambda: Proof("certificat", datetime(2025, 1, 13)), r"Proof\(received\)"),  # noqa: DTZ001
        (lambda: AbsenceRules(when_due=""), r"AbsenceRules\(when_due\)"),
        (lambda: AbsenceRules(excuses=(automatic(ILLNESS), automatic(STRIKE, ILLNESS))), "two excuses for « maladie »"),
        (lambda: AbsenceRules(excuses=versions((), (MONDAY, (automatic(STRIKE),) * 2))), "two excuses for « grève »"),
        (lambda: Excuse(()), "write at least one cause"),
        (lambda: Excuse((ILLNESS, ILLNESS), without_proof=NO_CARENCE), "each once"),
        (lambda: Excuse((ILLNESS,)), "excuses nothing"),
        (lambda: Excuse((ILLNESS,), CERTIFICATE), "write documents and the time they are received in"),
        (lambda: Excuse((ILLNESS,), tiers=(Tier(days(8), NO_CARENCE),)), "write documents and the time"),
        (lambda: Excuse((ILLNESS,), ("",), (Tier(days(8), NO_CARENCE),)), r"Excuse\(documents\)"),
        (
            lambda: with_certificate(Tier(days(10), booked_days(2)), Tier(hours(72), NO_CARENCE)),
            "a later proof is never worth more",
        ),
        (
            lambda: with_certificate(Tier(days(8), NO_CARENCE), Tier(days(8), booked_days(2))),
            "a later proof is never worth more",
        ),
        (
            lambda: with_certificate(Tier(days(8), NO_CARENCE), Tier(days(3), booked_days(2))),
            "write its tiers by time",
        ),
        (
            lambda: with_certificate(Tier(hours(72), NO_CARENCE), Tier(hours(48), booked_days(2))),
            "write its tiers by time",
        ),
        (
            lambda: with_certificate(Tier(hours(48), NO_CARENCE, retained=20), Tier(days(8), NO_CARENCE)),
            "a later proof is never worth more",
        ),
        (
            lambda: Excuse((ILLNESS,), CERTIFICATE, (Tier(days(8), booked_days(2)),), without_proof=booked_days(1)),
            "without_proof is worth more than a proof",
        ),
        (
            lambda: Excuse((ILLNESS,), CERTIFICATE, (Tier(days(8), NO_CARENCE, 10),), without_proof=NO_CARENCE),
            "without_proof is worth more than a proof",
        ),
        (lambda: Cause(" grève"), r"Cause\(label\)"),
        (lambda: Carence(-1, CarenceDays.BOOKED), r"Carence\(-1\): write 0 to 31 days"),
        (lambda: Tier(days(8), NO_CARENCE, retained=100), r"Tier\(retained=100\)"),
        (lambda: MinimumLength(1, SCHOOL_DAYS), r"MinimumLength\(1\)"),
        (lambda: MinimumLength(367, CALENDAR_DAYS), r"MinimumLength\(367\)"),
        (lambda: hours(0), r"HoursAfter\(0\)"),
        (lambda: HoursAfter(48, time(8, tzinfo=PARIS), Edge.FIRST_DAY), "write a plain time"),
        (lambda: days(0), r"DaysAfter\(0\)"),
    ],
)
def test_a_rule_that_contradicts_itself_is_refused(build: Callable[[], object], said: str) -> None:
    with pytest.raises(RuleError, match=said):
        build()


def test_a_notice_counted_once_is_that_of_the_first_day() -> None:
    once = AbsenceRules(notice=Notice(at(SAME_DAY, before(9)), each_day=False))
    assert once.decide(absence(told=january(13, 8)), BOOKED, ZONE_A, PARIS).due == ()
    assert once.decide(absence(told=january(13, 9)), BOOKED, ZONE_A, PARIS).due == BOOKED
