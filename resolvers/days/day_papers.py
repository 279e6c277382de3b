"""The list of a day as it is printed: the same children and the same readings kept as on a screen."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from plugins import hookspecs
from plugins.rules.day_notes import Topic
from plugins.rules.day_papers import DayPaper, PaperChild, UnitSheet
from plugins.rules.french import NBSP, say_list, say_time
from resolvers.context import AgentRight, Context
from resolvers.days.day_contacts import ConsentSaid, DayContact
from resolvers.days.day_lists import DayChild, DayUnit, day_children, day_list
from resolvers.errors import Code, Refused

MOST_ON_PAPER = 300  # children: some forty pages


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of a day is wanted; None leaves all of it."""

    site: str | None = None
    activity: str | None = None
    unit: str | None = None


def paper_url(ctx: Context, day: date, asked: Asked) -> str:
    """Where the list of a day is downloaded as a PDF."""
    named = {"site": asked.site, "activity": asked.activity, "unit": asked.unit}
    query = urlencode({name: value for name, value in named.items() if value is not None})
    return ctx.link(f"day-lists/{day.isoformat()}.pdf{f'?{query}' if query else ''}")


async def paper_of(ctx: Context, day: date, asked: Asked) -> DayPaper | None:
    """The sheets of a day, one for each unit; None for who does not check attendance.

    A constant number of statements; that health is read is kept. Refused: INVALID beyond :data:`MOST_ON_PAPER`
    children.
    """
    if not ctx.viewer.has(AgentRight.ATTENDANCE):
        return None
    listed = await day_list(ctx, day, site=asked.site, activity=asked.activity, unit=asked.unit)
    keys = listed.keys()
    if len(keys) > MOST_ON_PAPER:
        said = f"{len(keys)} enfants ce jour-là : choisissez un lieu ou un accueil, {MOST_ON_PAPER} enfants au plus."
        raise Refused(Code.INVALID, said)
    sheets: defaultdict[tuple[str, str], list[PaperChild]] = defaultdict(list)
    labels: dict[tuple[str, str], str] = {}
    for child in await day_children(ctx, listed, [key[-1] for key in keys]):
        for each in child.units:
            key = (each.activity.code, each.unit.code)
            labels[key] = _label(each)
            sheets[key].append(_printed(child, each))
    return DayPaper(
        issuer=ctx.commune.ask(hookspecs.invoicing).issuer,
        day=day,
        team=f"Équipe d'accueil, {asked.site}" if asked.site else "Équipe d'accueil",
        sheets=tuple(UnitSheet(labels[key], tuple(sheets[key])) for key in sorted(sheets)),
    )


def _label(each: DayUnit) -> str:
    """« Accueil périscolaire, Soir (16 h 30 – 18 h 30), École publique »."""
    hours = [say_time(at) for at in (each.unit.starts_at, each.unit.ends_at) if at]
    when = f" ({' – '.join(hours)})" if hours else ""
    return ", ".join(text for text in (each.activity.label, f"{each.unit.label}{when}", each.activity.site) if text)


def _printed(child: DayChild, each: DayUnit) -> PaperChild:
    return PaperChild(
        name=f"{child.last_name} {child.first_name}",
        about=tuple(_about(child)),
        health=_health(child),
        adults=tuple(_adults(child)),
        absence=each.reported.reason if each.reported else "",
    )


def _about(child: DayChild) -> Iterator[str]:
    if child.age is not None:
        yield f"{child.age}{NBSP}an{'s' if child.age > 1 else ''}"
    where = (child.school, *(child.notes.on(Topic.CLASS) if child.notes else ()))
    if any(where):
        yield ", ".join(text for text in where if text)
    for said, granted in (("Accepté", True), ("Refusé", False)):
        if labels := [_consent(each) for each in child.consents if each.granted is granted]:
            yield f"{said} : {say_list(labels)}"


def _consent(said: ConsentSaid) -> str:
    return f"{said.label} ({said.person})" if said.person else said.label


def _health(child: DayChild) -> tuple[str, ...]:
    if child.notes is None or not child.notes.knows_health:
        return ("Inconnue : aucun dossier reçu",)
    told = [
        f"{topic.value} : {say_list(notes)}"
        for topic in (Topic.ALLERGY, Topic.CARE_PLAN, Topic.DIET)
        if (notes := child.notes.on(topic))
    ]
    return tuple(told) or ("Rien à signaler",)


def _adults(child: DayChild) -> Iterator[str]:
    """Who is kept away first, as on a screen; then whom the family wants called, and what each adult may do."""
    yield from (f"NE PAS CONFIER à {each.name}" for each in child.contacts if each.rights.forbidden)
    emergency = child.notes.on(Topic.EMERGENCY) if child.notes else ()
    if emergency:
        yield f"{Topic.EMERGENCY.value} : {', '.join(emergency)}"
    for each in child.contacts:
        if each.rights.may_fetch or each.rights.to_call:
            yield _adult(each)
    if not child.contacts and not emergency:
        yield "Aucun adulte connu"


def _adult(contact: DayContact) -> str:
    """« Parent TEST, 06 00 00 00 00 : vient chercher, à appeler »."""
    rights = (("vient chercher", contact.rights.may_fetch), ("à appeler", contact.rights.to_call))
    may = [said for said, allowed in rights if allowed]
    if contact.has_the_day is False:
        may.append("pas sa période de garde")
    who = ", ".join(text for text in (contact.name, contact.phone) if text)
    return f"{who} : {', '.join(may)}"
