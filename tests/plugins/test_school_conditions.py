"""The schools that an activity takes are those that the yearly file offers."""

import re
from types import SimpleNamespace

import pytest

from plugins.commune import Commune
from plugins.communes import Communes, PluginError
from plugins.hookspecs import hookimpl
from plugins.rules.calendar import MONDAY, DayKind, SchoolYear
from plugins.rules.catalogue import REVIEWED, Activity, Catalogue, Enrolment, Unit
from plugins.rules.dossiers import DossierPolicy
from plugins.rules.questions import AnswerKind, Choice, Question, Section
from tests.plugins.conftest import Village

SCHOOLS = (Choice("bourg", "École du bourg"), Choice("pont", "École du pont"))


def reserved_to(village: Village, school: str, question: Question) -> SimpleNamespace:
    """A village whose canteen takes the children of one school, and whose yearly file asks a question."""

    @hookimpl
    def catalogue(year: SchoolYear) -> Catalogue:
        meal = Unit("repas", "Repas", frozenset({MONDAY}), frozenset({DayKind.SCHOOL}))
        rule = Enrolment(REVIEWED, schools=(school,))
        dates = (year.first_day, year.last_day)
        return Catalogue(year, (Activity("cantine", "Cantine", "enfance", "École", *dates, (meal,), enrolment=rule),))

    @hookimpl
    def dossier_policy() -> DossierPolicy:
        return DossierPolicy(True, None, (), "Un dossier.", (Section("scolarite", "Scolarité", (question,)),))

    return village(catalogue=catalogue, dossier_policy=dossier_policy)


def test_a_school_that_the_yearly_file_does_not_offer_is_refused(village: Village) -> None:
    with pytest.raises(PluginError) as refused:
        plugin = reserved_to(village, "École du lac", Question("ecole", "École", AnswerKind.CHOICE, choices=SCHOOLS))
        Communes([Commune("village", plugin)])
    assert re.sub(r"^.*\.py:\d+: ", "", str(refused.value)) == (
        "activity 'cantine' of 2025-2026 takes children of 'École du lac', which the yearly file does not offer: write "
        "one of École du bourg, École du pont"
    )


@pytest.mark.parametrize(
    ("school", "question"),
    [
        ("École du pont", Question("ecole", "École", AnswerKind.CHOICE, choices=SCHOOLS)),
        ("École du lac", Question("ecole", "École")),  # written by hand: any school may be
    ],
)
def test_a_school_that_may_be_answered_is_taken(village: Village, school: str, question: Question) -> None:
    plugin = reserved_to(village, school, question)
    assert Communes([Commune("village", plugin)])["village"].identity.slug == "village"
