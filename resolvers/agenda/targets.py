"""What a plan is asked about: each child and activity, with the units ticked when something is wanted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from plugins.rules.calendar import SchoolYear
from plugins.rules.catalogue import Activity
from plugins.rules.french import say_date
from resolvers.agenda.facts import Facts
from resolvers.agenda.plans import Wish
from resolvers.errors import Code, Refused
from resolvers.families.households import Member


@dataclass(frozen=True, slots=True)
class Target:
    """A child, an activity of a school year, and what is wanted of it: ``ticks`` is None when nothing is."""

    child: Member
    activity: Activity
    year: SchoolYear
    ticks: frozenset[tuple[date, str]] | None


def targets_of(facts: Facts, wishes: Iterable[Wish] | None, children: Iterable[Member]) -> list[Target]:
    """One target per wish and school year; without wishes, every activity the children are in, asked for or booked.

    Refused: NOT_FOUND (child, activity, unit), INVALID (a day out of the window), with the path of the selection.
    """
    members = {child.person_id: child for child in children}
    targets: list[Target] = []
    if wishes is None:
        for start, catalogue in facts.catalogues.items():
            enrolled = {(child, code) for child, code, year in {*facts.enrolled, *facts.asked} if year == start}
            booked = {(child, activity) for child, _, activity, _ in facts.live}
            targets += [
                Target(child, activity, catalogue.year, None)
                for child in members.values()
                for activity in catalogue.activities
                if (child.person_id, activity.code) in enrolled | booked
            ]
        return targets
    for position, wish in enumerate(wishes):
        targets += _wished(facts, members, wish, position)
    return targets


def _wished(facts: Facts, members: Mapping[UUID, Member], wish: Wish, position: int) -> list[Target]:
    path = ("selections", str(position))
    child = members.get(wish.child_id)
    if child is None:
        raise Refused(Code.NOT_FOUND, "Enfant introuvable dans votre foyer.", field=(*path, "childId"))
    found = [(catalogue.year, catalogue.activity(wish.activity)) for catalogue in facts.catalogues.values()]
    offered = [Target(child, activity, year, wish.ticks) for year, activity in found if activity is not None]
    if not offered:
        raise Refused(Code.NOT_FOUND, "Cette activité n'existe pas cette année.", field=(*path, "activity"))
    known = {code for target in offered for code in target.activity.unit_codes}
    for day, unit in wish.ticks:
        if not facts.window.first <= day <= facts.window.last:
            raise Refused(Code.INVALID, f"Le {say_date(day)} est hors de la période demandée.", field=(*path, "ticks"))
        if unit not in known:
            raise Refused(Code.NOT_FOUND, "Cette prestation n'existe pas dans l'activité.", field=(*path, "ticks"))
    return offered
