"""The « quotient familial » of a household: declared by the family or recorded by the service, dated and kept for ever.

Only what is accepted prices anything, from when the commune's rule says (``plugins.rules.quotients``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from plugins import hookspecs
from plugins.rules.features import Feature, FieldPolicy, Review, Visibility
from plugins.rules.french import say_of
from plugins.rules.quotients import GivenQuotient, HeldQuotient
from plugins.rules.requests import RequestKind, RequestState
from resolvers.billing.billing import Month
from resolvers.context import AccountKind, AgentRight, Context
from resolvers.errors import Code, Refused, not_found
from resolvers.features import answer_of, mailboxes_of, refusal_of
from resolvers.idempotency import recall, remember
from resolvers.models import Household, QuotientFamilial
from resolvers.models.households import QuotientSource, QuotientState
from resolvers.models.tenancy import unit_of_work
from resolvers.requests.requests import move_request, open_request, service_for

FIELD = "household.quotient_familial"
DECLARE, RECORD = "quotientDeclare", "quotientRecord"
MOST_EUROS = 99_999
MOST_MONTHS = 24


@dataclass(frozen=True, slots=True)
class QuotientFile:
    """The quotients of a household, newest month first, and the one that holds today."""

    held: HeldQuotient
    rows: tuple[QuotientFamilial, ...]

    def say(self) -> str:
        """Which quotient prices today's days, or what holds without any."""
        without = "" if self.held.given else " : chaque activité est facturée au tarif prévu sans quotient familial"
        return f"{self.held.say()}{without}."


async def files_of(ctx: Context, household_ids: Sequence[UUID]) -> list[QuotientFile]:
    """The quotients of each household: one statement for all of them."""
    rows = await QuotientFamilial.filter(household_id__in=list(household_ids)).order_by("recorded_at", "id")
    return [_file(ctx, [row for row in rows if row.household_id == household]) for household in household_ids]


def _file(ctx: Context, rows: Sequence[QuotientFamilial]) -> QuotientFile:
    given = [
        GivenQuotient(row.euros, row.valid_from, row.recorded_at.astimezone(ctx.commune.tz).date())
        for row in rows
        if row.state is QuotientState.ACCEPTED
    ]
    held = ctx.commune.ask(hookspecs.quotient_rule).on(ctx.local_now.date(), given)
    newest_first = sorted(rows, key=lambda row: (row.valid_from, row.recorded_at), reverse=True)
    return QuotientFile(held, tuple(newest_first))


def field_policy(ctx: Context, services: Sequence[str]) -> FieldPolicy:
    """What a family may do with its quotient: the most that one of its services allows.

    Where one service that lets it declare asks an agent to check, an agent checks: a quotient prices every activity.
    """
    policies = [
        ctx.commune.ask(hookspecs.field_policies, service=ctx.commune.identity.service(service)).of(FIELD)
        for service in services
    ]
    open_ones = [policy for policy in policies if policy.is_editable]
    if open_ones:
        return next((policy for policy in open_ones if policy.review is Review.AGENT), open_ones[0])
    return next((policy for policy in policies if policy.is_visible), FieldPolicy(Visibility.HIDDEN))


def may_read(ctx: Context, services: Sequence[str]) -> bool:
    """True for agents of families and of billing, and for families where a service shows them their quotient."""
    if ctx.viewer.kind is not AccountKind.FAMILY:
        return ctx.viewer.has(AgentRight.FAMILIES) or ctx.viewer.has(AgentRight.BILLING)
    return field_policy(ctx, services).is_visible


def refusal_to_declare(ctx: Context, services: Sequence[str], place: str) -> Refused | None:
    """Why families do not declare online (FEATURE_CLOSED, FIELD_NOT_EDITABLE), and the mailbox to write to; or None.

    ``place`` is the mailbox of the place where their children are enrolled, if it has its own.
    """
    answer = answer_of(ctx, Feature.EDIT_HOUSEHOLD, services)
    if not answer.allowed:
        return refusal_of(answer.at(place))
    if field_policy(ctx, services).is_editable:
        return None
    mailbox = ctx.commune.identity.service(service_for(ctx, services, Feature.EDIT_HOUSEHOLD)).mailbox
    return Refused(
        Code.FIELD_NOT_EDITABLE,
        f"Ici, le quotient familial ne se déclare pas en ligne : envoyez votre attestation à {mailbox}.",
        contact=mailbox,
    )


@unit_of_work
async def declare(
    ctx: Context,
    household_id: UUID,
    euros: int,
    month: Month,
    documents: Sequence[UUID] = (),
    key: str | None = None,
) -> QuotientFamilial:
    """A family declares its quotient of a month, with its notice; it counts once accepted, or at once where the
    commune checks nothing.

    Refused: NOT_FOUND (household that the viewer does not pay for, document), FEATURE_CLOSED, FIELD_NOT_EDITABLE,
    INVALID (figures), STATE_CONFLICT while another declaration waits, and as ``idempotency.recall``.
    """
    asked = _asked(household_id, euros, month) | {"documents": [str(each) for each in documents]}
    answered = await recall(ctx, DECLARE, key, asked)
    if answered is not None:
        return await _kept(answered)
    rights = ctx.viewer.households.get(household_id)
    if rights is None or not rights.pays:
        raise not_found("Foyer", "householdId")
    household = await _locked_household(household_id)
    (place,) = await mailboxes_of(ctx, [household.id])
    if refusal := refusal_to_declare(ctx, household.services, place):
        raise refusal
    since = _checked(ctx, euros, month)
    if await QuotientFamilial.filter(household_id=household_id, state=QuotientState.WAITING).exists():
        raise Refused(
            Code.STATE_CONFLICT,
            "Une déclaration de quotient familial est déjà en attente : attendez la réponse du service, ou annulez-la "
            "dans « Dernières demandes » pour en faire une autre.",
            field=("householdId",),
        )
    reviewed = field_policy(ctx, household.services).review is Review.AGENT
    quotient = _row(ctx, household_id, euros, since, QuotientSource.DECLARED)
    quotient.state = QuotientState.WAITING if reviewed else QuotientState.ACCEPTED
    await _leave_a_request(
        ctx, quotient, household, month, documents, RequestState.SENT if reviewed else RequestState.ACCEPTED
    )
    await remember(ctx, DECLARE, key, asked, {"quotient": str(quotient.id)})
    return quotient


@unit_of_work
async def record(
    ctx: Context, household_id: UUID, euros: int, month: Month, key: str | None = None
) -> QuotientFamilial:
    """An agent records the quotient of a notice that was brought to the desk: it counts as received now.

    Refused: NOT_FOUND, INVALID (figures), and as ``idempotency.recall``.
    """
    asked = _asked(household_id, euros, month)
    answered = await recall(ctx, RECORD, key, asked)
    if answered is not None:
        return await _kept(answered)
    await _locked_household(household_id)
    quotient = _row(ctx, household_id, euros, _checked(ctx, euros, month), QuotientSource.AGENT)
    await quotient.save()
    await remember(ctx, RECORD, key, asked, {"quotient": str(quotient.id)})
    return quotient


@unit_of_work
async def keep_fetched(ctx: Context, household_id: UUID, euros: int, month: Month) -> QuotientFamilial:
    """Keep what the family allowance fund answered: it counts at once. The same answer again is kept once."""
    household = await _locked_household(household_id)
    quotient = _row(ctx, household_id, euros, month.window.first, QuotientSource.CAF)
    newest = (
        await QuotientFamilial.filter(
            household_id=household_id, state=QuotientState.ACCEPTED, valid_from=quotient.valid_from
        )
        .order_by("-recorded_at", "-id")
        .first()
    )
    if newest is not None and newest.euros == euros:
        return newest
    await _leave_a_request(ctx, quotient, household, month, (), RequestState.ACCEPTED)
    return quotient


@unit_of_work
async def decide_quotient(ctx: Context, quotient_id: UUID, *, accept: bool, reason: str) -> QuotientFamilial:
    """An agent accepts a declared quotient, which prices from then on, or refuses it with a reason.

    Refused: NOT_FOUND, STATE_CONFLICT when it waits for no decision, BLANK for a refusal without reason.
    """
    quotient = await _waiting(quotient_id)
    quotient.state = QuotientState.ACCEPTED if accept else QuotientState.REFUSED
    await quotient.save(update_fields=["state"])
    if quotient.request_id is not None:
        await move_request(ctx, quotient.request_id, RequestState.ACCEPTED if accept else RequestState.REFUSED, reason)
    return quotient


@unit_of_work
async def withdraw_quotient(ctx: Context, quotient_id: UUID, text: str = "") -> None:
    """The family takes back a declaration that nobody decided: only its cancelled request remains.

    Refused: NOT_FOUND, STATE_CONFLICT.
    """
    quotient = await _waiting(quotient_id)
    if quotient.request_id is not None:
        await move_request(ctx, quotient.request_id, RequestState.CANCELLED, text)
    await quotient.delete()


def _asked(household_id: UUID, euros: int, month: Month) -> dict[str, Any]:
    return {"household": str(household_id), "euros": euros, "month": month.label}


async def _kept(answered: Mapping[str, Any]) -> QuotientFamilial:
    quotient = await QuotientFamilial.filter(id=UUID(answered["quotient"])).first()
    if quotient is None:  # taken back since
        raise not_found("Quotient familial")
    return quotient


async def _locked_household(household_id: UUID) -> Household:
    """The household, locked: its declarations come one at a time."""
    household = await Household.filter(id=household_id).select_for_update().first()
    if household is None:
        raise not_found("Foyer", "householdId")
    return household


async def _waiting(quotient_id: UUID) -> QuotientFamilial:
    quotient = await QuotientFamilial.filter(id=quotient_id).select_for_update().first()
    if quotient is None:
        raise not_found("Quotient familial", "id")
    if quotient.state is not QuotientState.WAITING:
        raise Refused(Code.STATE_CONFLICT, "Ce quotient familial n'attend plus de décision.", field=("id",))
    return quotient


def _checked(ctx: Context, euros: int, month: Month) -> date:
    """The first day of the month, when the figures can be those of a notice."""
    if not 0 <= euros <= MOST_EUROS:
        raise Refused(Code.INVALID, f"Un quotient familial va de 0 à {MOST_EUROS} euros par mois.", field=("euros",))
    first, today = month.window.first, ctx.local_now.date()
    age = (today.year - first.year) * 12 + today.month - first.month
    if not 0 <= age <= MOST_MONTHS:
        raise Refused(
            Code.INVALID,
            f"Écrivez le mois de l'attestation : ce mois-ci, ou l'un des {MOST_MONTHS} précédents.",
            field=("month",),
        )
    return first


def _row(ctx: Context, household_id: UUID, euros: int, since: date, source: QuotientSource) -> QuotientFamilial:
    return QuotientFamilial(
        household_id=household_id, euros=euros, valid_from=since, recorded_at=ctx.now, source=source
    )


async def _leave_a_request(
    ctx: Context,
    quotient: QuotientFamilial,
    household: Household,
    month: Month,
    documents: Sequence[UUID],
    state: RequestState,
) -> None:
    """Write the quotient and its request. The value stands in the sealed details, never in the title or a mail."""
    request = await open_request(
        ctx,
        RequestKind.QUOTIENT,
        household.id,
        service=service_for(ctx, household.services, Feature.EDIT_HOUSEHOLD),
        title=f"Quotient familial {say_of(month.label)}",
        subject_id=quotient.id,
        details=f"Quotient familial {say_of(month.label)} : {quotient.euros} euros par mois.",
        documents=documents,
        state=state,
    )
    quotient.request_id = request.id
    await quotient.save()
