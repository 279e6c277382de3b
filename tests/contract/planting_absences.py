"""A household's absences, planted beside the rest."""

from datetime import timedelta
from typing import Any

from plugins.rules.requests import RequestKind, RequestState
from resolvers import models
from resolvers.models.absences import AbsenceState
from tests.contract.planting import SEEN_DAY, Planted


async def plant_absences(planted: Planted) -> None:
    """An absence that the rules and an agent decided, a day each; and one that was withdrawn."""
    with planted.town.at_work():
        request = await planted.of_child(
            models.Request,
            "Request",
            kind=RequestKind.ABSENCE,
            state=RequestState.SENT,
            service="enfance",
            details=planted.sealed("absence"),
            created_by=planted.parent.id,
            created_at=planted.now,
            updated_at=planted.now,
        )
        days = {"first_day": SEEN_DAY, "last_day": SEEN_DAY + timedelta(days=1), "reason": planted.sealed("reason")}
        by = {"account_id": planted.parent.id, "told_at": planted.now}
        withdrawn = await planted.of_child(
            models.AbsenceReport, "AbsenceReport", state=AbsenceState.WITHDRAWN, **days, **by
        )
        reported = await planted.of_child(
            models.AbsenceReport, "AbsenceReport", cause="maladie", request_id=request.id, **days, **by
        )
        decided: dict[str, Any] = {"percent_due": 100, "decided_at": planted.now}
        await planted.of_child(models.AbsentDay, report_id=withdrawn.id, day=SEEN_DAY, **decided)
        meal: dict[str, Any] = {"report_id": reported.id, "activity": "restauration", "unit": "repas", **decided}
        for place, by_agent in enumerate((True, False)):
            day = SEEN_DAY + timedelta(days=place)
            await planted.of_child(models.AbsentDay, day=day, by_agent=by_agent, **meal)
