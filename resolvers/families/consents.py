"""Consents as proof: who said yes or no to which version of a text, about whom, and when.

The last line about a text, a child and a person is the one that holds: nothing is ever changed, a change of mind adds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q

from plugins import hookspecs
from plugins.rules.calendar import SchoolYear
from plugins.rules.completeness import ConsentAsked
from plugins.rules.dossiers import Consent
from plugins.rules.features import Feature
from plugins.rules.requests import RequestKind, RequestState
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.families.caf import consent_asked
from resolvers.families.correspondents import names_of
from resolvers.families.households import acts_for
from resolvers.models import ConsentGiven, Dossier, Household, Person
from resolvers.models.dossiers import DossierState
from resolvers.models.tenancy import unit_of_work
from resolvers.requests.requests import open_request, service_for


async def record_consents(dossier: Dossier, asked: Sequence[ConsentAsked]) -> None:
    """Keep each consent of a file that is sent, with the person who answered and the instant; never twice the same."""
    kept = await ConsentGiven.filter(household_id=dossier.household_id, child_id=dossier.child_id)
    known = {(row.code, row.person_id, row.version, row.at) for row in kept}
    rows = [_proof(dossier, each) for each in asked if each.code in dossier.consents]
    await ConsentGiven.bulk_create([row for row in rows if (row.code, row.person_id, row.version, row.at) not in known])


def _proof(dossier: Dossier, asked: ConsentAsked) -> ConsentGiven:
    answered = dossier.consents[asked.code]
    return ConsentGiven(
        household_id=dossier.household_id,
        child_id=dossier.child_id,
        person_id=UUID(asked.person) if asked.person is not None else None,
        account_id=UUID(answered["by"]),
        code=asked.consent.code,
        version=answered["version"],
        granted=answered["granted"],
        at=datetime.fromisoformat(answered["at"]),
    )


@dataclass(frozen=True, slots=True)
class Subject:
    """What a consent is about: a text, a child (None: the whole household), somebody it names (None: nobody)."""

    household_id: UUID
    child_id: UUID | None
    code: str
    person_id: UUID | None = None

    @property
    def asked_as(self) -> str:
        """Its code in a yearly file, as ``completeness.ConsentAsked`` writes it."""
        return f"{self.code}:{self.person_id.hex}" if self.person_id is not None else self.code


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One line of the history: what it is about in French, who answered, and whether it still holds."""

    row: ConsentGiven
    label: str
    answered_by: str
    holds: bool


@unit_of_work
async def change_consent(ctx: Context, about: Subject, *, granted: bool, version: str | None = None) -> ConsentGiven:
    """A family takes back a consent, or gives it again to the text in force: it holds at once, and a request says so.

    The same answer again changes nothing. A yearly file that was sent shows the new answer; its proof stays.
    Refused: NOT_FOUND (household, or a consent that was never answered), TERMS_OUTDATED for a yes to another text.
    """
    household = await Household.filter(id=about.household_id).select_for_update().first()
    if household is None or not acts_for(ctx, about.household_id):
        raise not_found("Foyer", "householdId")
    last = await _last(ctx, about)
    if last is None:
        raise not_found("Autorisation", "code")
    text = _text(ctx, about, await _sent_files(about))
    if granted and (text is None or version != text.version):
        message = "Ce texte a changé : relisez-le avant de donner votre accord."
        raise Refused(Code.TERMS_OUTDATED, message, field=("version",))
    written = text.version if granted and text is not None else last.version
    if (last.granted, last.version) == (granted, written):
        return last
    line = await ConsentGiven.create(
        household_id=about.household_id,
        child_id=about.child_id,
        person_id=about.person_id,
        account_id=ctx.viewer.account_id,
        code=about.code,
        version=written,
        granted=granted,
        at=ctx.now,
    )
    await _show_in_files(ctx, about, line)
    await _tell_service(ctx, household, line, text.label if text is not None else about.code)
    return line


async def _last(ctx: Context, about: Subject) -> ConsentGiven | None:
    """The line that holds; what is asked of the fund is each parent's own."""
    rows = ConsentGiven.filter(household_id=about.household_id, code=about.code, person_id=about.person_id)
    if about.child_id is not None:
        rows = rows.filter(child_id=about.child_id)
    else:
        rows = rows.filter(account_id=ctx.viewer.account_id, child_id__isnull=True)
    return await rows.order_by("-at", "-id").first()


async def _sent_files(about: Subject) -> list[Dossier]:
    """The child's files that the service has, newest year first."""
    states = [DossierState.SUBMITTED, DossierState.ACCEPTED]
    rows = Dossier.filter(household_id=about.household_id, child_id=about.child_id, state__in=states)
    return await rows.order_by("-school_year") if about.child_id is not None else []


def _text(ctx: Context, about: Subject, files: Sequence[Dossier]) -> Consent | None:
    """The text in force: that of the newest file, that of the fund; None when nobody asks it any more."""
    if about.child_id is None:
        asked = consent_asked(ctx)
        return asked if asked.code == about.code else None
    year = SchoolYear(files[0].school_year) if files else SchoolYear.of(ctx.local_now.date())
    return next((each for each in _texts(ctx, year) if each.code == about.code), None)


def _texts(ctx: Context, year: SchoolYear) -> tuple[Consent, ...]:
    return ctx.commune.ask(hookspecs.dossier_policy, year=year).consents


async def _show_in_files(ctx: Context, about: Subject, line: ConsentGiven) -> None:
    """Agents read in a file what holds now, and not what was answered the day it was sent."""
    answer = {
        "version": line.version,
        "granted": line.granted,
        "at": line.at.isoformat(),
        "by": str(ctx.viewer.account_id),
    }
    for dossier in await _sent_files(about):
        if about.asked_as in dossier.consents:
            dossier.consents = {**dossier.consents, about.asked_as: answer}
            await dossier.save(update_fields=["consents"])


async def _tell_service(ctx: Context, household: Household, line: ConsentGiven, label: str) -> None:
    """A request that is accepted at once: the family has its number, the service its line."""
    people = await Person.filter(id__in=[key for key in (line.child_id, line.person_id) if key is not None])
    about = f" ({', '.join(sorted(person.first_name for person in people))})" if people else ""
    await open_request(
        ctx,
        RequestKind.OTHER,
        household.id,
        service=service_for(ctx, household.services, Feature.FILE_DOSSIER),
        title=f"Autorisation {'donnée' if line.granted else 'retirée'} : {label}{about}",
        child_id=line.child_id,
        state=RequestState.ACCEPTED,
    )


async def consents_page(
    ctx: Context, household_id: UUID, before: tuple[datetime, UUID] | None, limit: int
) -> tuple[list[ConsentLine], int]:
    """A page of what a household consented to or refused, newest first, and how many lines: four statements."""
    rows = ConsentGiven.filter(household_id=household_id)
    every = await rows.order_by("at", "id").values_list("id", "code", "child_id", "person_id", "account_id")
    newest = {(code, child, person, None if child else by): key for key, code, child, person, by in every}
    if before is not None:
        at, key = before
        rows = rows.filter(Q(at__lt=at) | Q(at=at, id__lt=key))
    page = await rows.order_by("-at", "-id").limit(limit)
    names = await names_of({row.account_id for row in page})
    labels = _labels(ctx)
    holding = set(newest.values())
    lines = [
        ConsentLine(row, labels.get(row.code, row.code), names.get(row.account_id, ""), row.id in holding)
        for row in page
    ]
    return lines, len(every)


def _labels(ctx: Context) -> dict[str, str]:
    year = SchoolYear.of(ctx.local_now.date())
    asked = (consent_asked(ctx), *_texts(ctx, year), *_texts(ctx, SchoolYear(year.start + 1)))
    return {each.code: each.label for each in asked}
