"""What the yearly files that families sent tell those who look after their children."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from plugins.rules.calendar import SchoolYear
from plugins.rules.day_notes import DayNotes, day_notes, joined
from resolvers.context import Context
from resolvers.files.dossier_answers import unsealed
from resolvers.files.dossier_files import policy_of
from resolvers.models import Dossier
from resolvers.models.dossiers import DossierState

SENT = (DossierState.SUBMITTED, DossierState.ACCEPTED)


async def sent_files(children: Iterable[UUID], years: Collection[SchoolYear]) -> list[Dossier]:
    """The files of some children and school years that were sent and not refused, of all households: one statement."""
    starts = [year.start for year in years]
    files = Dossier.filter(child_id__in=sorted(set(children)), school_year__in=starts, state__in=SENT)
    return await files.order_by("submitted_at", "id")


def notes_of(ctx: Context, files: Sequence[Dossier]) -> dict[tuple[UUID, int], DayNotes]:
    """What files tell of each child and school year; what is shown by name is logged by the caller."""
    told: defaultdict[tuple[UUID, int], list[DayNotes]] = defaultdict(list)
    for file in files:
        answers = {code: answer.value for code, answer in unsealed(ctx, file).items()}
        sections = policy_of(ctx, SchoolYear(file.school_year)).sections
        told[file.child_id, file.school_year].append(day_notes(sections, answers))
    return {key: joined(notes) for key, notes in told.items()}
