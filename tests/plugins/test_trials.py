"""A commune under other rules: what they answer holds, the rest is the commune's, and nonsense is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from plugins import hookspecs
from plugins.commune import TRIAL
from plugins.communes import IN_TREE, Commune, PluginError
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity
from plugins.trials import on_trial
from tests.towns import communes

STRICTER = """\
from plugins.hookspecs import hookimpl
from plugins.rules.booking import BookingRules, Refuse
from plugins.rules.catalogue import Activity
from plugins.rules.days import CALENDAR_DAYS, days_before
from plugins.rules.deadlines import END_OF_DAY, at


@hookimpl
def booking_rules(activity: Activity) -> BookingRules | None:
    if activity.code != "restauration":
        return None
    ten_days_before = at(days_before(10, CALENDAR_DAYS), END_OF_DAY)
    return BookingRules(ten_days_before, ten_days_before, Refuse("Écrivez au service."))
"""
DOCUMENTS = """\
from plugins.hookspecs import hookimpl
from plugins.rules.calendar import SchoolYear
from plugins.rules.dossiers import RequiredDocument


@hookimpl
def required_documents(year: SchoolYear) -> tuple[RequiredDocument, ...]:
    return ()
"""

PRICES = """\
from plugins.hookspecs import hookimpl
from plugins.rules.catalogue import Activity
from plugins.rules.tariffs import Tariff, constant


@hookimpl
def tariff(activity: Activity) -> Tariff:
    return Tariff({"repas": constant(350)})
"""

Written = Callable[[str], str]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Writes the rules to try in a file, and gives its path."""

    def write(text: str) -> str:
        path = tmp_path / "essai.py"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def activity(commune: Commune, code: str) -> Activity:
    """An activity of 2026-2027."""
    found = commune.ask(hookspecs.catalogue, year=SchoolYear(2026)).activity(code)
    assert found is not None
    return found


def test_what_the_rules_on_trial_answer_holds_and_the_rest_is_the_commune_s(written: Written) -> None:
    chavagne = communes()["chavagne"]
    tried = on_trial(chavagne, written(STRICTER))
    said = {
        code: (
            tried.ask(hookspecs.booking_rules, activity=activity(tried, code)).book.say(),
            tried.who_answers(hookspecs.booking_rules, activity=activity(tried, code)),
        )
        for code in ("restauration", "periscolaire")
    }
    own = chavagne.ask(hookspecs.booking_rules, activity=activity(chavagne, "periscolaire")).book.say()
    assert said == {
        "restauration": ("jusqu'au 10e jour précédent à 23 h 59", (TRIAL,)),
        "periscolaire": (own, ("chavagne",)),
    }
    assert tried.identity == chavagne.identity


def test_the_commune_itself_does_not_change(written: Written) -> None:
    chavagne = communes()["chavagne"]
    canteen = activity(chavagne, "restauration")
    before = chavagne.ask(hookspecs.booking_rules, activity=canteen)
    on_trial(chavagne, written(STRICTER))
    assert chavagne.ask(hookspecs.booking_rules, activity=canteen) == before
    assert chavagne.who_answers(hookspecs.booking_rules, activity=canteen) == ("chavagne",)


def test_what_is_gathered_from_the_rules_on_trial_replaces_what_the_commune_gives(written: Written) -> None:
    chavagne = communes()["chavagne"]
    tried = on_trial(chavagne, written(DOCUMENTS))
    assert chavagne.gather(hookspecs.required_documents, year=SchoolYear(2026)) != ()
    assert tried.gather(hookspecs.required_documents, year=SchoolYear(2026)) == ()


@pytest.mark.parametrize("slug", IN_TREE)
def test_a_commune_may_be_tried_against_itself(slug: str) -> None:
    commune = communes()[slug]
    tried = on_trial(commune, f"plugins.{slug}")
    year = SchoolYear(2026)
    assert tried.ask(hookspecs.catalogue, year=year) == commune.ask(hookspecs.catalogue, year=year)
    assert [tried.gather(hookspecs.payment_routes, service=service) for service in tried.identity.services] == [
        commune.gather(hookspecs.payment_routes, service=service) for service in commune.identity.services
    ]


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("PRICE = 3 / 0", "essai.py:1: The file '{path}' cannot be loaded: ZeroDivisionError: division by zero; "),
        ("def tariff(:", "essai.py:1: The file '{path}' cannot be loaded: invalid syntax; correct this line."),
        ("PRICE = 3", "These rules answer no question: write @hookimpl above a function named like its question."),
        (STRICTER.replace("activity: Activity", "activity"), "'booking_rules' declares 'activity'; write "),
        (STRICTER.replace("def booking_rules", "def booking_rule"), "did you mean 'booking_rules'?"),
        (STRICTER.replace("days_before(10", "days_before(-1"), "essai.py:8: 'booking_rules': days_before(-1): write"),
        (PRICES, "essai.py:6: activity 'periscolaire' and its tariff disagree on units "),
    ],
)
def test_rules_that_cannot_hold_are_refused_with_the_line_and_the_remedy(
    written: Written, text: str, refused: str
) -> None:
    path = written(text)
    with pytest.raises(PluginError) as raised:
        on_trial(communes()["chavagne"], path)
    assert refused.format(path=path) in str(raised.value)


def test_rules_that_are_nowhere_are_refused() -> None:
    refusals = []
    for name in ("rules/that_are_not_there.py", "that_are_not_there"):
        with pytest.raises(PluginError) as raised:
            on_trial(communes()["chavagne"], name)
        refusals.append(str(raised.value))
    assert refusals == [
        "There is no file 'rules/that_are_not_there.py': write the path of a .py file, or the name of a module.",
        "The module 'that_are_not_there' cannot be loaded from 'that_are_not_there' (No module named "
        "'that_are_not_there'): write the name of a module as Python imports it, or the path of a .py file.",
    ]
