"""Documents that something demands after the yearly file was sent: the household is asked for them at once."""

from collections.abc import Sequence
from uuid import UUID

from plugins.rules.calendar import SchoolYear
from plugins.rules.dossiers import Circumstance, RequiredDocument
from plugins.rules.features import Feature
from plugins.rules.french import say_list
from plugins.rules.requests import RequestKind, RequestState
from resolvers.context import Context
from resolvers.files.dossier_files import files_of
from resolvers.models import Dossier, Household, Person, Request
from resolvers.models.dossiers import DossierState
from resolvers.models.tenancy import unit_of_work
from resolvers.requests.requests import open_request, service_for


async def demanded(ctx: Context, dossier: Dossier, circumstance: Circumstance) -> tuple[RequiredDocument, ...]:
    """What the commune demands in a circumstance of the child, and that the household's vault does not hold.

    ``dossier`` names the household, the child and the year; it need not be saved.
    """
    (file,) = await files_of(ctx, [dossier])
    return tuple(each for each in file.documents if each.circumstance is circumstance and each.code not in file.held)


def say_demand(documents: Sequence[RequiredDocument]) -> str:
    """The message of a request that waits for documents, in French; empty when there are none."""
    if not documents:
        return ""
    wanted = say_list(dict.fromkeys(f"« {document.say()} »" for document in documents))
    return f"Pour étudier cette demande, il nous faut : {wanted}. Répondez ici en joignant ce qui manque."


@unit_of_work
async def demand(ctx: Context, household_id: UUID, child_id: UUID, year: SchoolYear, why: Circumstance) -> None:
    """Open a request that waits for what a circumstance demands, once the child's file of the year was sent.

    A file that is not sent yet says itself what it lacks; what is already asked is asked once.
    """
    sent = [DossierState.SUBMITTED, DossierState.ACCEPTED]
    dossier = await Dossier.filter(
        household_id=household_id, child_id=child_id, school_year=year.start, state__in=sent
    ).first()
    documents = await demanded(ctx, dossier, why) if dossier is not None else ()
    if dossier is None or not documents:
        return
    waiting = RequestState.AWAITING_FAMILY
    if await Request.filter(kind=RequestKind.DOCUMENT, subject_id=dossier.id, state=waiting).exists():
        return
    household, child = await Household.get(id=household_id), await Person.get(id=child_id)
    await open_request(
        ctx,
        RequestKind.DOCUMENT,
        household_id,
        service=service_for(ctx, household.services, Feature.FILE_DOSSIER),
        title=f"Pièces à fournir pour {child.first_name}, dossier {year.label}",
        child_id=child_id,
        subject_id=dossier.id,
        demand=say_demand(documents),
    )
