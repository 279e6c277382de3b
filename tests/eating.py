"""Children who are expected on a day, and what the yearly files that their families sent say of them."""

import json
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from resolvers.models import Booking, Dossier
from resolvers.models.dossiers import DossierState
from tests.towns import SCHOOL_YEAR, Family, Town


async def expect(
    town: Town, family: Family, child: UUID, day: date, *units: tuple[str, str], live: bool = True
) -> None:
    """Book units of a day, by activity and unit; not ``live``, they were cancelled."""
    with town.at_work() as ctx:
        for activity, unit in units:
            await Booking.create(
                household_id=family.id,
                child_id=child,
                activity=activity,
                unit=unit,
                day=day,
                live=live,
                changed_at=ctx.now,
            )


async def file_says(
    town: Town,
    household_id: UUID,
    child: UUID,
    answers: Mapping[str, str],
    state: DossierState = DossierState.ACCEPTED,
    consents: Mapping[str, bool] | None = None,
) -> Dossier:
    """A child's file of this school year, with these answers and consents."""
    with town.at_work() as ctx:
        at, by = ctx.now.isoformat(), str(UUID(int=1))
        kept = {code: {"value": value, "at": at, "by": by, "copied_from": ""} for code, value in answers.items()}
        given = {
            code: {"version": "1", "granted": granted, "at": at, "by": by} for code, granted in (consents or {}).items()
        }
        return await Dossier.create(
            household_id=household_id,
            child_id=child,
            school_year=SCHOOL_YEAR.start,
            state=state,
            answers=ctx.ports.sealer.seal(json.dumps(kept)),
            consents=given,
            submitted_at=ctx.now,
            created_at=ctx.now,
        )
