"""Joining direct debit: an account and the conditions, a mandate to sign, an agent who accepts it; or another account.

A mandate is made out at once, TO_SIGN; it is ASKED once the family sent it signed, and ACTIVE once an agent accepted
it, from the next invoicing. One that amends an active mandate, for another account, collects in its place from then on.
"""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from plugins.rules.direct_debits import LONGEST_NAME
from plugins.rules.french import say_date
from plugins.rules.ibans import BankAccount, UnusableIban, read_account
from plugins.rules.mandates import first_day_collected, mandate_reference
from plugins.rules.request_details import write_details
from plugins.rules.requests import RequestKind, RequestState
from plugins.rules.texts import is_printable
from plugins.rules.wording import Message
from resolvers.billing.payers import pays_for
from resolvers.context import Context
from resolvers.errors import Code, Refusals, Refused, not_found
from resolvers.idempotency import recall, remember
from resolvers.models import Document, Household, Mandate, Request
from resolvers.models.direct_debits import MandateState
from resolvers.models.keys import new_key
from resolvers.models.tenancy import unit_of_work
from resolvers.numbers import take_numbers
from resolvers.paying.mandate_states import close, locked, tell
from resolvers.paying.mandates import PENDING, SIGNED_MANDATE, Offer, offer_to
from resolvers.requests.requests import answer_request, move_request, open_request

JOIN = "directDebitJoin"
REPLACED = "un autre mandat le remplace"
REFUSED = "demande refusée"
GIVEN_UP = "demande annulée"
DEMAND = (
    "Téléchargez le mandat, signez-le, puis déposez-le dans votre espace famille ou remettez-le au service avec un RIB."
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a household gives to join: the holder, the account as it was written, the conditions that are accepted."""

    household_id: UUID
    holder: str
    iban: str = field(repr=False)
    conditions: str


@dataclass(frozen=True, slots=True)
class Recap:
    """What joining would do, to be read before it is validated. ``amends`` is the mandate it would replace."""

    offer: Offer
    holder: str
    account: BankAccount
    amends: Mandate | None


@unit_of_work
async def preview(ctx: Context, wish: Wish) -> Recap:
    """What :func:`join` would do now; nothing is kept. Refused as :func:`join`."""
    return await _recap(ctx, wish)


@unit_of_work
async def join(ctx: Context, wish: Wish, key: str | None = None) -> Mandate:
    """Make out a mandate to sign, and mail where it is; a household that is collected already changes its account.

    Refused: NOT_FOUND (household that the viewer does not pay for), PAYMENT_ROUTE_UNAVAILABLE, FEATURE_CLOSED, BLANK
    and INVALID (holder, IBAN), TERMS_OUTDATED (conditions), STATE_CONFLICT while another mandate waits or for the
    account that is collected already, and as ``idempotency.recall``.
    """
    asked = {
        "household": str(wish.household_id),
        "holder": wish.holder,
        "iban": wish.iban,
        "conditions": wish.conditions,
    }
    answered = await recall(ctx, JOIN, key, asked)
    if answered is not None:
        return await Mandate.get(id=UUID(answered["mandate"]))
    mandate = await _make_out(ctx, wish, await _recap(ctx, wish))
    await remember(ctx, JOIN, key, asked, {"mandate": str(mandate.id)})
    return mandate


@unit_of_work
async def sign(ctx: Context, mandate_id: UUID, document_id: UUID, signed_on: date) -> Mandate:
    """The family sends its signed mandate, from its vault; an agent will accept it.

    Refused: NOT_FOUND (mandate, document of that kind), STATE_CONFLICT unless it is to be signed, INVALID for a day
    before it was made out or after today.
    """
    mandate, _ = await locked(ctx, mandate_id)
    if mandate.state not in PENDING or mandate.request_id is None:
        raise _settled(mandate)
    kept = Document.filter(id=document_id, household_id=mandate.household_id, withdrawn_at__isnull=True)
    if await kept.filter(code=SIGNED_MANDATE).select_for_update().first() is None:  # whoever erases it waits
        raise not_found("Document", "documentId")
    _refuse_day(ctx, mandate, signed_on)
    mandate.state, mandate.document_id, mandate.signed_on = MandateState.ASKED, document_id, signed_on
    await mandate.save(update_fields=["state", "document_id", "signed_on"])
    await answer_request(ctx, mandate.request_id, "", [document_id])
    return mandate


@unit_of_work
async def decide_mandate(
    ctx: Context, mandate_id: UUID, *, accept: bool, signed_on: date | None = None, text: str = ""
) -> Mandate:
    """An agent accepts a signed mandate, sent or brought on paper, or refuses it with a reason; the family is mailed.

    ``signed_on`` is the day written on it, when nobody told it. Refused: NOT_FOUND, STATE_CONFLICT when it waits for no
    decision, BLANK for a refusal without reason or a mandate whose signature nobody dated, INVALID (day).
    """
    mandate, others = await locked(ctx, mandate_id)
    if mandate.state not in PENDING or mandate.request_id is None:
        raise _settled(mandate)
    if not accept:
        await close(ctx, mandate, text.strip() or REFUSED)
        await move_request(ctx, mandate.request_id, RequestState.REFUSED, text)
        return mandate
    await _activate(ctx, mandate, others, signed_on or mandate.signed_on)
    await move_request(ctx, mandate.request_id, RequestState.ACCEPTED, text, mail=False)
    await tell(ctx, mandate, Message.DIRECT_DEBIT_STARTED, since=say_date(mandate.active_from or ctx.local_now.date()))
    return mandate


async def decide_debit_request(ctx: Context, request: Request, accept: bool, text: str) -> None:
    """The decision of a request of direct debit, from the queue of all requests; refused as :func:`decide_mandate`."""
    mandate = await _asked_by(request)
    if mandate is None:
        await move_request(ctx, request.id, RequestState.ACCEPTED if accept else RequestState.REFUSED, text)
    else:
        await decide_mandate(ctx, mandate.id, accept=accept, text=text)


async def withdraw_debit_request(ctx: Context, request: Request, text: str) -> None:
    """The family gives up a mandate that nobody accepted. Refused: NOT_FOUND, STATE_CONFLICT."""
    mandate = await _asked_by(request)
    if mandate is not None:
        mandate, _ = await locked(ctx, mandate.id)
        await move_request(ctx, request.id, RequestState.CANCELLED, text)
        await close(ctx, mandate, GIVEN_UP)
    else:
        await move_request(ctx, request.id, RequestState.CANCELLED, text)


async def _asked_by(request: Request) -> Mandate | None:
    """The mandate that a request asks for; None for the trace of what was done at once."""
    return await Mandate.get_or_none(request_id=request.id)


async def _recap(ctx: Context, wish: Wish) -> Recap:
    """The household stays locked until the commit: its requests to join come one at a time."""
    household = await Household.filter(id=wish.household_id).select_for_update().first()
    if household is None or not pays_for(ctx, wish.household_id):
        raise not_found("Foyer", "householdId")
    offer = offer_to(ctx, household.services)
    account = _account(offer, wish)
    rows = Mandate.filter(household_id=household.id).exclude(state=MandateState.ENDED)
    standing = await rows.order_by("id").select_for_update()
    for mandate in standing:
        _refuse_again(ctx, mandate, account)
    return Recap(offer, wish.holder.strip(), account, next(iter(standing), None))


def _account(offer: Offer, wish: Wish) -> BankAccount:
    """The account of a wish that holds; all that is wrong in it is told at once."""
    refusals = []
    if not wish.holder.strip():
        refusals.append(Refused(Code.BLANK, "Écrivez le nom du titulaire du compte.", field=("holder",)))
    elif len(wish.holder) > LONGEST_NAME or not is_printable(wish.holder):
        told = f"Le nom du titulaire tient sur une ligne de {LONGEST_NAME} caractères."
        refusals.append(Refused(Code.INVALID, told, field=("holder",)))
    if wish.conditions != offer.policy.conditions.version:
        told = "Acceptez les conditions générales liées au prélèvement automatique, dans leur version actuelle."
        refusals.append(Refused(Code.TERMS_OUTDATED, told, field=("conditions",)))
    try:
        account = read_account(wish.iban)
    except UnusableIban as fault:
        raise Refusals([*refusals, Refused(Code.INVALID, str(fault), field=("iban",))]) from None
    if refusals:
        raise Refusals(refusals)
    return account


def _refuse_again(ctx: Context, mandate: Mandate, account: BankAccount) -> None:
    if mandate.state in PENDING:
        raise Refused(
            Code.STATE_CONFLICT,
            f"Le mandat {mandate.rum} attend déjà d'être signé ou accepté : signez-le, ou annulez sa demande dans "
            "« Dernières demandes » pour en faire une autre.",
            field=("householdId",),
        )
    if ctx.ports.sealer.unseal(mandate.iban) == account.iban:
        raise Refused(
            Code.STATE_CONFLICT,
            f"Ce compte est déjà celui du mandat {mandate.rum} : donnez-en un autre, ou reprenez ce mandat s'il est "
            "suspendu.",
            field=("iban",),
        )


async def _make_out(ctx: Context, wish: Wish, recap: Recap) -> Mandate:
    year, key = ctx.local_now.year, new_key()
    sequence = await take_numbers(f"mandates-{year}", 1)
    request = await open_request(
        ctx,
        RequestKind.DIRECT_DEBIT,
        wish.household_id,
        service=recap.offer.service,
        title="Changement de compte bancaire" if recap.amends else "Adhésion au prélèvement automatique",
        subject_id=key,
        details=write_details({"holder": recap.holder, "account": recap.account.say(), "conditions": wish.conditions}),
        demand=DEMAND,
        mail=False,
    )
    mandate = await Mandate.create(
        id=key,
        household_id=wish.household_id,
        account_id=ctx.viewer.account_id,
        rum=mandate_reference(recap.offer.creditor.rum_prefix, year, sequence),
        holder=recap.holder,
        iban=ctx.ports.sealer.seal(recap.account.iban),
        iban_end=recap.account.iban[-4:],
        bic=recap.account.bic,
        state=MandateState.TO_SIGN,
        request_id=request.id,
        conditions=wish.conditions,
        asked_at=ctx.now,
        amends=recap.amends.id if recap.amends else None,
    )
    link = ctx.link(f"mandates/{mandate.id}.pdf")
    await tell(ctx, mandate, Message.DIRECT_DEBIT_TO_SIGN, request=request.number, link=link)
    return mandate


async def _activate(ctx: Context, mandate: Mandate, others: list[Mandate], signed_on: date | None) -> None:
    """From the next invoicing; another account of an active mandate takes over what is still to be collected."""
    if signed_on is None:
        raise Refused(Code.BLANK, "Écrivez la date de signature du mandat.", field=("signedOn",))
    _refuse_day(ctx, mandate, signed_on)
    mandate.signed_on, mandate.state = signed_on, MandateState.ACTIVE
    mandate.active_from = first_day_collected(signed_on, ctx.local_now.date())
    for amended in others:
        if amended.id == mandate.amends:
            if amended.state is MandateState.ACTIVE:
                mandate.active_from = amended.active_from
            await close(ctx, amended, REPLACED)
    await mandate.save(update_fields=["signed_on", "state", "active_from"])


def _refuse_day(ctx: Context, mandate: Mandate, signed_on: date) -> None:
    made_out = mandate.asked_at.astimezone(ctx.commune.tz).date()
    if not made_out <= signed_on <= ctx.local_now.date():
        raise Refused(
            Code.INVALID,
            f"Le mandat {mandate.rum} a été établi le {say_date(made_out)} : sa signature va de ce jour à aujourd'hui.",
            field=("signedOn",),
        )


def _settled(mandate: Mandate) -> Refused:
    return Refused(Code.STATE_CONFLICT, f"Le mandat {mandate.rum} n'attend plus de signature.", field=("id",))
