"""Consents as proof: who said yes or no to which version of a text, about whom, and when."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from plugins.rules.completeness import ConsentAsked
from resolvers.models import ConsentGiven, Dossier


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
