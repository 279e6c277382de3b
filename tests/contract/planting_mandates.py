"""A household's mandates of direct debit, planted beside the rest."""

from datetime import timedelta

from plugins.rules.requests import RequestKind, RequestState
from resolvers import models
from resolvers.models.direct_debits import MandateState
from tests.contract.planting import SEEN_DAY, Planted

ACCOUNT = "FR1420041010050500013M02606"


async def plant_mandates(planted: Planted) -> None:
    """A mandate to sign, one that is collected, one that is suspended; each asked by its request."""
    held = {"signed_on": SEEN_DAY, "active_from": SEEN_DAY + timedelta(days=1)}
    with planted.town.at_work():
        for state in (MandateState.TO_SIGN, MandateState.ACTIVE, MandateState.SUSPENDED):
            waits = state is MandateState.TO_SIGN
            request = await planted.owned(
                models.Request,
                "Request",
                kind=RequestKind.DIRECT_DEBIT,
                state=RequestState.AWAITING_FAMILY if waits else RequestState.ACCEPTED,
                service="enfance",
                details=planted.sealed("account"),
                created_by=planted.parent.id,
                created_at=planted.now,
                updated_at=planted.now,
            )
            await planted.owned(
                models.Mandate,
                "Mandate",
                account_id=planted.parent.id,
                iban=planted.town.ports.sealer.seal(ACCOUNT),
                iban_end=ACCOUNT[-4:],
                bic="PSSTFRPP",
                state=state,
                request_id=request.id,
                asked_at=planted.now,
                **({} if waits else held),
            )
        await planted.owned(
            models.Document,
            "Document",
            code="mandat-sepa",
            size=7,
            added_by=planted.parent.id,
            added_at=planted.now,
        )
