"""What changes from one ruling, one price or one period to another, and how it is said."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from plugins.rules.booking import Action
from plugins.rules.replay import Comparison, Outcome, Rejudged, Repriced, Ruling, Subject, say_gap
from plugins.rules.tariffs import PriceLine
from plugins.rules.verdicts import Verdict

NOON = datetime(2026, 11, 9, 12, tzinfo=UTC)
ONE, TWO = UUID(int=1), UUID(int=2)

TOGETHER = Subject(ONE, None, date(2026, 11, 30), "repas", "")

TAKEN = Ruling(Verdict.BOOKABLE, False, NOON, "jusqu'à la veille")
TAKEN_LATE = Ruling(Verdict.BOOKABLE, True, NOON, "jusqu'à la veille")
TOO_LATE = Ruling(Verdict.TOO_LATE, False, NOON, "Trop tard.")
CLOSED = Ruling(Verdict.CLOSED_DAY, False, None, "Fermé.")
UNKNOWN = Ruling(None, False, None, "Inconnue.")
CANCELLED = Ruling(Verdict.CANCELLABLE, False, NOON, "jusqu'à la veille")


def subject(activity: str = "repas", household: UUID = ONE) -> Subject:
    """A unit of an activity."""
    return Subject(household, TWO, date(2026, 11, 12), activity, "unite")


def change(before: Ruling, after: Ruling, activity: str = "repas", action: Action = Action.BOOK) -> Rejudged:
    """A booking, unless another action is given."""
    return Rejudged(subject(activity), action, NOON, before, after)


def priced(before: int | None, after: int | None, activity: str = "repas", household: UUID = ONE) -> Repriced:
    """A unit at two prices."""
    lines = [None if cents is None else (PriceLine("Tarif", cents),) for cents in (before, after)]
    return Repriced(subject(activity, household), *lines)


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        (TAKEN, TAKEN, None),
        (TAKEN, TAKEN_LATE, Outcome.LATE),
        (TAKEN_LATE, TAKEN, Outcome.IN_TIME),
        (TAKEN, TOO_LATE, Outcome.TOO_LATE),
        (TAKEN_LATE, TOO_LATE, Outcome.TOO_LATE),
        (TAKEN, CLOSED, Outcome.REFUSED),
        (TAKEN, UNKNOWN, Outcome.REFUSED),
        (TOO_LATE, TAKEN, Outcome.ALLOWED),
        (UNKNOWN, TAKEN_LATE, Outcome.ALLOWED),
        (TOO_LATE, CLOSED, None),
        (CANCELLED, CANCELLED, None),
        (CANCELLED, TOO_LATE, Outcome.TOO_LATE),
    ],
)
def test_an_outcome_is_the_difference_a_family_would_have_met(
    before: Ruling, after: Ruling, outcome: Outcome | None
) -> None:
    assert change(before, after).outcome is outcome


@pytest.mark.parametrize(
    ("compared", "said"),
    [
        (
            Comparison((), ()),
            (
                "0 réservation rejugée : rien ne change.",
                "0 annulation rejugée : rien ne change.",
                "0 prestation tarifée, dont 0 à un autre prix : 0,00 € aujourd'hui, 0,00 € avec les autres règles, "
                "soit aucune différence.",
                "0 foyer concerné.",
            ),
        ),
        (
            Comparison(
                (
                    change(TAKEN, TOO_LATE),
                    change(TAKEN, CLOSED),
                    change(TAKEN, CLOSED),
                    change(TOO_LATE, TAKEN),
                    change(CANCELLED, TOO_LATE, action=Action.CANCEL),
                ),
                (priced(350, 400), priced(350, None, household=TWO), priced(200, 200)),
                unjudged=2,
            ),
            (
                "4 réservations rejugées : 1 serait refusée car trop tardive, 2 seraient refusées pour une autre "
                "raison et 1 serait acceptée.",
                "1 annulation rejugée : 1 serait refusée car trop tardive.",
                "3 prestations tarifées, dont 2 à un autre prix : 9,00 € aujourd'hui, 6,00 € avec les autres règles, "
                "soit 3,00 € de moins.",
                "2 foyers concernés.",
                "1 changement fait à l'époque que les règles actuelles refuseraient déjà.",
                "2 changements ne sont pas rejugés : l'enfant a quitté le foyer.",
            ),
        ),
        (
            Comparison(
                (), (priced(350, 350), Repriced(TOGETHER, (PriceLine("Rabais", -50),), (PriceLine("Rabais", -80),)))
            ),
            (
                "0 réservation rejugée : rien ne change.",
                "0 annulation rejugée : rien ne change.",
                "1 prestation tarifée, dont 0 à un autre prix et 1 total de foyer avec un autre minimum, plafond ou "
                "rabais : 3,00 € aujourd'hui, 2,70 € avec les autres règles, soit 0,30 € de moins.",
                "1 foyer concerné.",
            ),
        ),
    ],
)
def test_a_comparison_says_its_totals_in_french(compared: Comparison, said: tuple[str, ...]) -> None:
    assert compared.say() == tuple(sentence.replace(" €", "\N{NO-BREAK SPACE}€") for sentence in said)


def test_the_parts_of_a_comparison_add_up_to_the_whole() -> None:
    judged = (change(TAKEN, TOO_LATE), change(TAKEN, TAKEN, "garderie"), change(TAKEN, TAKEN_LATE, "garderie"))
    units = (priced(350, 400), priced(200, 150, "garderie"), priced(None, 100, "stage"))
    whole = Comparison(judged, units)
    parts = whole.by_activity()
    assert parts == {
        "garderie": Comparison(judged[1:], units[1:2]),
        "repas": Comparison(judged[:1], units[:1]),
        "stage": Comparison((), units[2:]),
    }
    assert sum(part.before_cents for part in parts.values()) == whole.before_cents == 550
    assert sum(part.after_cents for part in parts.values()) == whole.after_cents == 650


@pytest.mark.parametrize(
    ("cents", "said"), [(0, "aucune différence"), (250, "2,50 € de plus"), (-100, "1,00 € de moins")]
)
def test_a_gap_is_said_as_more_or_less(cents: int, said: str) -> None:
    assert say_gap(cents) == said.replace(" €", "\N{NO-BREAK SPACE}€")
