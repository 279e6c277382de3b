"""Every commune answers every question, with the type that the question promises."""

import doctest
import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest

from plugins import hookspecs
from plugins.communes import IN_TREE, Commune, Communes
from plugins.rules.calendar import SchoolYear
from plugins.rules.features import Feature
from plugins.rules.wording import PLACEHOLDERS, Message
from plugins.signatures import QUESTIONS

SLUGS = sorted(IN_TREE)
YEARS = (SchoolYear(2026), SchoolYear(2027))


def _situations(commune: Commune, arguments: frozenset[str]) -> Iterator[dict[str, Any]]:
    """Every set of arguments a question may be asked with."""
    if arguments == {"service"}:
        yield from ({"service": service} for service in commune.identity.services)
    elif arguments == {"message"}:
        yield from ({"message": message} for message in Message)
    elif arguments == {"year"}:
        yield from ({"year": year} for year in YEARS)
    elif "activity" in arguments:
        for year in YEARS:
            for activity in commune.ask(hookspecs.catalogue, year=year).activities:
                given = {"activity": activity, "year": year}
                yield {name: given[name] for name in arguments}
    else:
        assert not arguments
        yield {}


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("slug", SLUGS)
def test_every_commune_answers_every_question_with_the_promised_type(communes: Communes, slug: str, name: str) -> None:
    commune, question, spec = communes[slug], QUESTIONS[name], getattr(hookspecs, name)
    situations = list(_situations(commune, frozenset(question.arguments)))
    assert situations
    for situation in situations:
        answer = commune.gather(spec, **situation) if question.gathers else commune.ask(spec, **situation)
        assert question.accepts(answer)
        assert set(commune.who_answers(spec, **situation)) <= {"defaults", slug}


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_says_its_purpose_its_silence_and_an_example(name: str) -> None:
    said = inspect.getdoc(getattr(hookspecs, name)) or ""
    assert re.match(r"[A-Z].+\.\n\nSilence: .+\n\n>>> ", said, re.DOTALL)


def test_the_examples_of_the_questions_are_true(communes: Communes) -> None:
    result = doctest.testmod(hookspecs, extraglobs={"communes": communes})
    assert (result.failed, result.attempted) == (0, 24)


@pytest.mark.parametrize("slug", SLUGS)
def test_both_years_of_every_commune_have_activities_to_book(communes: Communes, slug: str) -> None:
    for year in YEARS:
        assert communes[slug].ask(hookspecs.catalogue, year=year).activities


@pytest.mark.parametrize("slug", SLUGS)
def test_no_commune_opens_anything_past_the_official_calendar(communes: Communes, slug: str) -> None:
    assert communes[slug].ask(hookspecs.catalogue, year=SchoolYear(2028)).activities == ()


@pytest.mark.parametrize("slug", SLUGS)
def test_every_activity_has_a_day_on_which_each_unit_opens(communes: Communes, slug: str) -> None:
    commune = communes[slug]
    calendar = commune.ask(hookspecs.calendar)
    year = SchoolYear(2026)
    days = calendar.days(year.first_day, year.last_day)
    for activity in commune.ask(hookspecs.catalogue, year=year).activities:
        for unit in activity.units:
            assert any(activity.is_open(unit, day) for day in days), (activity.code, unit.code)


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("message", Message)
def test_every_mail_is_filled_from_the_placeholders_of_its_message(
    communes: Communes, slug: str, message: Message
) -> None:
    values = {name: f"<{name}>" for name in PLACEHOLDERS[message]}
    subject, body = communes[slug].ask(hookspecs.wording, message=message).fill(**values)
    assert "{" not in subject + body
    assert "<mailbox>" in body


@pytest.mark.parametrize("slug", SLUGS)
def test_every_refused_feature_names_a_mailbox_in_its_reason(communes: Communes, slug: str) -> None:
    for service in communes[slug].identity.services:
        answers = [communes[slug].ask(hookspecs.features, service=service).answer(feature) for feature in Feature]
        refused = [answer for answer in answers if not answer.allowed]
        assert all(answer.contact and answer.contact in (answer.reason or "") for answer in refused)
