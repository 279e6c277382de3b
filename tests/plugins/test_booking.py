"""Booking rules: a deadline per action, what happens when late, and from when."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from plugins.rules.blocks import DaysAWeek
from plugins.rules.booking import Accept, Action, BookingRules, Prepayment, Refuse
from plugins.rules.calendar import MONDAY, THURSDAY, SchoolCalendar
from plugins.rules.dates import on
from plugins.rules.days import SAME_DAY, WORKING_DAYS, days_before, weekday_of_week_before
from plugins.rules.deadlines import END_OF_DAY, LastInstant, Opens, at, before
from plugins.rules.errors import RuleError
from plugins.rules.late import StillDue, WaitingList
from plugins.rules.prices import Residency
from plugins.rules.quotas import Quota, QuotaSpan, StrikeEvent, Strikes
from plugins.rules.windows import OpensByResidency

PARIS = ZoneInfo("Europe/Paris")
ZONE_B = SchoolCalendar("B")
DAY = date(2026, 11, 12)  # a Thursday, the day after 11 November

STRICT = BookingRules(
    book=at(weekday_of_week_before(THURSDAY), END_OF_DAY),
    cancel=at(days_before(1, WORKING_DAYS), before(10)),
    late=Refuse(other_channel="Téléphonez au service Enfance."),
)
TOLERANT = BookingRules(
    book=STRICT.book,
    cancel=STRICT.cancel,
    late=Accept(last=at(SAME_DAY, before(8)), notice="Accepté avec une majoration"),
    opens=Opens(weekday_of_week_before(MONDAY, weeks=4), time(8, 30)),
)


def test_booking_and_cancelling_have_their_own_deadlines() -> None:
    assert STRICT.last_instant(Action.BOOK, DAY, ZONE_B, PARIS) == LastInstant(
        datetime(2026, 11, 5, 23, 59, 59, tzinfo=PARIS),
        "jusqu'au jeudi 23 h 59 de la semaine précédente",
        ("le jeudi de la semaine précédente : jeudi 5 novembre 2026",),
    )
    assert STRICT.last_instant(Action.CANCEL, DAY, ZONE_B, PARIS) == LastInstant(
        datetime(2026, 11, 10, 9, 59, 59, tzinfo=PARIS),
        "la veille (jour ouvré) avant 10 h",
        ("la veille (jour ouvré) : mardi 10 novembre 2026",),
    )


def test_when_late_bookings_are_refused_the_final_instant_is_the_deadline() -> None:
    assert STRICT.final_instant(DAY, ZONE_B, PARIS) == STRICT.last_instant(Action.BOOK, DAY, ZONE_B, PARIS)


def test_when_late_bookings_are_accepted_the_final_instant_is_later() -> None:
    assert TOLERANT.final_instant(DAY, ZONE_B, PARIS).at == datetime(2026, 11, 12, 7, 59, 59, tzinfo=PARIS)


def test_booking_may_be_open_from_the_start_from_a_date_or_from_a_moving_day() -> None:
    from_june = BookingRules(STRICT.book, STRICT.cancel, STRICT.late, opens=date(2026, 6, 1))
    assert [rules.first_instant(DAY, ZONE_B, PARIS) for rules in (STRICT, from_june, TOLERANT)] == [
        None,
        datetime(2026, 6, 1, tzinfo=PARIS),
        datetime(2026, 10, 12, 8, 30, tzinfo=PARIS),
    ]


def test_the_families_of_the_commune_may_book_before_the_others() -> None:
    june, july = Opens(on(date(2026, 6, 1)), time(8)), Opens(on(date(2026, 7, 1)), time(8))
    rules = replace(STRICT, opens=OpensByResidency(resident=june, outside=july))
    assert [rules.of(residency).opens for residency in Residency] == [june, july]
    assert rules.first_instant(DAY, ZONE_B, PARIS) == datetime(2026, 7, 1, 8, tzinfo=PARIS)
    assert TOLERANT.of(Residency.OUTSIDE) is TOLERANT


def test_the_rules_can_be_proof_read() -> None:
    assert STRICT.say() == (
        "Réservation : jusqu'au jeudi 23 h 59 de la semaine précédente\n"
        "Annulation : la veille (jour ouvré) avant 10 h\n"
        "Hors délai : Téléphonez au service Enfance."
    )
    assert TOLERANT.say() == (
        "Ouverture : à partir du lundi 8 h 30 de la 4e semaine précédente\n"
        "Réservation : jusqu'au jeudi 23 h 59 de la semaine précédente\n"
        "Annulation : la veille (jour ouvré) avant 10 h\n"
        "Hors délai : Accepté avec une majoration. Dernier recours : le jour même avant 8 h."
    )
    dated = BookingRules(STRICT.book, STRICT.cancel, STRICT.late, opens=date(2026, 6, 1))
    assert dated.say().splitlines()[0] == "Ouverture : le lundi 1er juin 2026"


def test_all_that_a_commune_has_rules_for_is_said() -> None:
    rules = replace(
        STRICT,
        late_cancel=StillDue("Prévenez quand même."),
        quotas=(Quota(4, QuotaSpan.MONTH, Action.BOOK), Quota(1, QuotaSpan.MONTH, Action.CANCEL)),
        strikes=Strikes(StrikeEvent.NOT_BOOKED, 3, QuotaSpan.SCHOOL_YEAR, "l'accès est refusé"),
        block=DaysAWeek(3, with_public_holiday=2),
        prepayment=Prepayment(hold_minutes=60, minimum_top_up=2000),
    )
    assert rules.say() == (
        f"{STRICT.say()}\n"
        "Annulation hors délai : La journée reste due. Prévenez quand même.\n"
        "Tolérance : 4 ajouts tardifs au plus par mois ; 1 retrait tardif au plus par mois\n"
        "Manquements : dès 3 présences sans réservation par année scolaire, l'accès est refusé\n"
        "Minimum : 3 jours par semaine (2 s'il y a un jour férié)\n"
        "Paiement : à la réservation, annulée si elle n'est pas payée dans les 60 minutes ; "
        "rechargement de 20,00\xa0€ au moins"
    )
    assert Prepayment().say() == "à la réservation"
    assert replace(STRICT, cancel=STRICT.book).say().splitlines()[0] == (
        "Réservation et annulation : jusqu'au jeudi 23 h 59 de la semaine précédente"
    )
    told_by_its_title = replace(STRICT, late=Refuse("Hors délai, téléphonez."))
    assert told_by_its_title.say().splitlines()[-1] == "Hors délai, téléphonez."


def test_who_cancels_late_is_answered_as_who_books_late_unless_the_commune_says_otherwise() -> None:
    still_due = StillDue("Prévenez quand même.")
    otherwise = replace(STRICT, late_cancel=still_due)
    assert [rules.late_policy(action) for rules in (STRICT, otherwise) for action in Action] == [
        STRICT.late,
        STRICT.late,
        STRICT.late,
        still_due,
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"late": StillDue("Trop tard.")}, "late=StillDue"),
        ({"late_cancel": TOLERANT.late}, "late_cancel=Accept"),
        ({"late_cancel": WaitingList("Le service rappelle.")}, "late_cancel=WaitingList"),
        ({"quotas": (Quota(4, QuotaSpan.MONTH, Action.BOOK), Quota(9, QuotaSpan.QUARTER, Action.BOOK))}, "one quota"),
    ],
)
def test_a_policy_on_the_wrong_side_and_two_quotas_of_one_side_are_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(RuleError, match=said):
        replace(STRICT, **changes)


@pytest.mark.parametrize("changes", [{"hold_minutes": 0}, {"minimum_top_up": 0}])
def test_a_prepayment_of_nothing_is_refused(changes: dict[str, int]) -> None:
    with pytest.raises(RuleError, match="or nothing"):
        Prepayment(**changes)
