"""The situations in which each question is asked: every service, mail and activity that a commune has."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from plugins import hookspecs
from plugins.commune import Commune
from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity
from plugins.rules.identity import Service
from plugins.rules.wording import Message
from plugins.signatures import Question

DATED = frozenset({SchoolYear, Activity})


def depends_on_year(question: Question) -> bool:
    """True when the answer may change from a school year to the next."""
    return not DATED.isdisjoint(question.arguments.values())


def depends_on_activity(question: Question) -> bool:
    """True when the answer may change from an activity to the next."""
    return Activity in question.arguments.values()


def situations(
    commune: Commune, question: Question, year: SchoolYear | None = None, activities: tuple[Activity, ...] | None = None
) -> Iterator[dict[str, Any]]:
    """Every set of arguments that the question is asked with, for one school year and its activities, or only some.

    A question that depends on no year needs none. Raises :class:`PluginError` when the activities cannot be told.
    """
    choices = [_choices(commune, kind, year, activities) for kind in question.arguments.values()]
    for values in product(*choices):
        yield dict(zip(question.arguments, values, strict=True))


def _choices(
    commune: Commune, kind: type, year: SchoolYear | None, activities: tuple[Activity, ...] | None
) -> tuple[Any, ...]:
    if kind is Service:
        return commune.identity.services
    if kind is Message:
        return tuple(Message)
    if kind is SchoolYear and year is not None:
        return (year,)
    if kind is Activity and year is not None:
        return commune.ask(hookspecs.catalogue, year=year).activities if activities is None else activities
    raise TypeError(f"No situation is known for {kind.__name__}: write here which ones a question is asked with.")
