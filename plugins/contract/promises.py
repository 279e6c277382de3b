"""What every commune promises to the portal, to its agents and to its families; each test is one promise.

``commune`` is the commune held to the contract. A promise that only some communes could keep is not here.
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest

from plugins import hookspecs
from plugins.commune import Commune
from plugins.communes import plugin_of
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity
from plugins.rules.features import Feature
from plugins.rules.tariffs import Residency, Situation
from plugins.rules.verdicts import Instants
from plugins.rules.wording import PLACEHOLDERS, Message
from plugins.signatures import QUESTIONS
from plugins.situations import depends_on_year, situations

NOT_FRENCH = re.compile(r"\b(None|True|False|days?|weeks?|before|after|until)\b|[<>]|\w+\(|frozenset")
QUOTIENTS = (None, 0, 1, 399, 400, 401, 742, 1200, 5000)


def last_years(commune: Commune) -> tuple[SchoolYear, ...]:
    """The last two school years of the official calendar: the nearest to what families will book."""
    last = SchoolYear.of(commune.ask(hookspecs.calendar).horizon).start
    return SchoolYear(last - 1), SchoolYear(last)


def activities_of(commune: Commune) -> Iterator[tuple[SchoolYear, Activity]]:
    """Every activity of these years."""
    for year in last_years(commune):
        for activity in commune.ask(hookspecs.catalogue, year=year).activities:
            yield year, activity


def open_days(commune: Commune, activity: Activity) -> list[date]:
    """The days on which something of an activity takes place."""
    days = commune.ask(hookspecs.calendar).days(activity.first_day, activity.last_day)
    return [day.day for day in days if any(activity.is_open(unit, day) for unit in activity.units)]


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_has_an_answer_of_the_promised_type_and_the_same_when_asked_again(
    commune: Commune, name: str
) -> None:
    question, spec = QUESTIONS[name], getattr(hookspecs, name)
    stranger = Commune(commune.slug, plugin_of(commune.slug))  # who remembers nothing
    years = last_years(commune) if depends_on_year(question) else (None,)
    asked = [situation for year in years for situation in situations(commune, question, year)]
    assert asked
    for situation in asked:
        answer = commune.gather(spec, **situation) if question.gathers else commune.ask(spec, **situation)
        again = stranger.gather(spec, **situation) if question.gathers else stranger.ask(spec, **situation)
        assert question.accepts(answer)
        assert again == answer
        assert set(commune.who_answers(spec, **situation)) <= {"defaults", commune.slug}


def test_there_is_something_to_book_in_the_last_years_of_the_official_calendar(commune: Commune) -> None:
    assert {year for year, _ in activities_of(commune)} == set(last_years(commune))


def test_nothing_opens_past_the_official_calendar(commune: Commune) -> None:
    beyond = SchoolYear(SchoolYear.of(commune.ask(hookspecs.calendar).horizon).start + 1)
    assert commune.ask(hookspecs.catalogue, year=beyond).activities == ()


def test_every_unit_of_every_activity_opens_on_some_day(commune: Commune) -> None:
    calendar = commune.ask(hookspecs.calendar)
    for _, activity in activities_of(commune):
        days = calendar.days(activity.first_day, activity.last_day)
        for unit in activity.units:
            assert any(activity.is_open(unit, day) for day in days), (activity.code, unit.code)


def test_no_last_instant_comes_after_the_day_of_the_service(commune: Commune) -> None:
    calendar = commune.ask(hookspecs.calendar)
    for _, activity in activities_of(commune):
        rules = commune.ask(hookspecs.booking_rules, activity=activity)
        for day in open_days(commune, activity):
            instants = Instants.of(rules, day, calendar, commune.tz)
            for last in (instants.book, instants.final, instants.cancel):
                assert last.at is None or last.at.date() <= day, (activity.code, day, last)


def test_some_day_of_every_activity_can_be_booked_in_time(commune: Commune) -> None:
    calendar = commune.ask(hookspecs.calendar)
    for _, activity in activities_of(commune):
        rules = commune.ask(hookspecs.booking_rules, activity=activity)
        everyone = [rules.of(residency) for residency in Residency]
        instants = [
            Instants.of(own, day, calendar, commune.tz) for own in everyone for day in open_days(commune, activity)
        ]
        assert any(
            one.final.at is not None and (rules.opens is None if one.opens is None else one.opens <= one.final.at)
            for one in instants
        ), activity.code


def test_the_rules_of_every_activity_are_said_in_french(commune: Commune) -> None:
    for year, activity in activities_of(commune):
        rules = commune.ask(hookspecs.booking_rules, activity=activity)
        tariff = commune.ask(hookspecs.tariff, activity=activity, year=year)
        for said in (rules.say(), tariff.say()):
            assert said.strip()
            assert NOT_FRENCH.search(said) is None, said


def test_every_price_is_explained_by_lines_that_add_up_to_it(commune: Commune) -> None:
    for year, activity in activities_of(commune):
        tariff = commune.ask(hookspecs.tariff, activity=activity, year=year)
        for unit, qf, residency, rank in product(activity.unit_codes, QUOTIENTS, Residency, (1, 2, 3)):
            price = tariff.price(Situation(activity.first_day, unit, qf, residency, child_rank=rank))
            assert price.cents == sum(line.cents for line in price.lines) >= 0
            assert all(line.label.strip() for line in price.lines)


@pytest.mark.parametrize("message", Message)
def test_every_mail_is_filled_from_the_placeholders_of_its_message(commune: Commune, message: Message) -> None:
    values = {name: f"<{name}>" for name in PLACEHOLDERS[message]}
    subject, body = commune.ask(hookspecs.wording, message=message).fill(**values)
    assert "{" not in subject + body
    assert "<mailbox>" in body


def test_every_refused_feature_names_a_mailbox_in_its_reason(commune: Commune) -> None:
    for service in commune.identity.services:
        answers = [commune.ask(hookspecs.features, service=service).answer(feature) for feature in Feature]
        refused = [answer for answer in answers if not answer.allowed]
        assert all(answer.contact and answer.contact in (answer.reason or "") for answer in refused)
