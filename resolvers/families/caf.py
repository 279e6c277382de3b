"""A household's quotient asked of the family allowance fund, with the recorded consent of who asks.

One asks for oneself alone, and what the fund answers is kept only when it names a child of the household: nobody learns
anything of the file of somebody else.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from plugins import hookspecs
from plugins.defaults import QUOTIENT_CONSENT
from plugins.rules.calendar import SchoolYear
from plugins.rules.dossiers import Consent
from plugins.rules.features import Feature
from resolvers.access.brakes import Brakes
from resolvers.billing.billing import Month
from resolvers.context import Context
from resolvers.errors import Code, Refused, not_found
from resolvers.families import quotients
from resolvers.features import require_feature
from resolvers.models import ConsentGiven, Household, Membership, Person, QuotientFamilial
from resolvers.models.households import Role
from resolvers.models.tenancy import unit_of_work
from resolvers.ports import CivilIdentity, FundAnswer, FundUnavailable, FundUnknown, Sex
from resolvers.requests.requests import service_for

FRANCE = "99100"
_COUNTRY, _TOWN = re.compile(r"99[0-9]{3}"), re.compile(r"[0-9][0-9AB][0-9]{3}")


@dataclass(frozen=True, slots=True)
class Birth:
    """What a person adds to its file to be found by the fund; none of it is kept. Places are codes of the INSEE."""

    day: date
    name: str = ""
    country: str = FRANCE
    town: str = ""
    sex: Sex | None = None


def consent_asked(ctx: Context) -> Consent:
    """The text to agree to: that of the commune's yearly file, else the portal's."""
    year = SchoolYear.of(ctx.local_now.date())
    asked = ctx.commune.ask(hookspecs.dossier_policy, year=year).consents
    return next((each for each in asked if each.code == QUOTIENT_CONSENT.code), QUOTIENT_CONSENT)


async def has_consented(ctx: Context, household_id: UUID) -> bool:
    """True when the last thing the viewer said to the text in force, for this household, is yes."""
    asked = consent_asked(ctx)
    said = ConsentGiven.filter(household_id=household_id, account_id=ctx.viewer.account_id, code=asked.code)
    last = await said.order_by("-at", "-id").first()
    return last is not None and last.granted and last.version == asked.version


def may_ask(ctx: Context, household_id: UUID) -> bool:
    """True where the commune may ask the fund, for who pays for the household."""
    rights = ctx.viewer.households.get(household_id)
    return rights is not None and rights.pays and ctx.ports.caf.serves(ctx.commune.slug)


async def fetch(ctx: Context, household_id: UUID, birth: Birth, *, agrees_to: str | None = None) -> QuotientFamilial:
    """Ask the fund for the viewer's quotient of this month, and keep it: it counts at once.

    ``agrees_to`` is the version of the consent that was read; without it, one given before is needed.
    Refused: NOT_FOUND, FEATURE_CLOSED where the commune may not ask, INVALID, BLANK without consent, TERMS_OUTDATED,
    THROTTLED, CAF_UNKNOWN, CAF_UNAVAILABLE; each says how else to give the quotient.
    """
    services, who = await _ready(ctx, household_id, birth, agrees_to)
    way_out, contact = _way_out(ctx, services)
    brakes = Brakes.of(ctx, f"caf:{ctx.viewer.account_id}", None)
    await brakes.refuse_or_hold(ctx.now, way_out)
    try:
        answer = await ctx.ports.caf.quotient(ctx.commune.slug, who)
        if not await _is_of(household_id, answer):
            raise FundUnknown("no child of the household is in the answer")
    except FundUnknown as unknown:
        await brakes.count_failure(ctx.now)
        raise Refused(
            Code.CAF_UNKNOWN,
            "Ni la CAF ni la MSA ne trouvent de dossier à votre nom avec les enfants de votre foyer. Vérifiez votre "
            f"nom, votre date et votre lieu de naissance, ou {way_out}.",
            contact=contact,
        ) from unknown
    except FundUnavailable as unavailable:
        raise Refused(
            Code.CAF_UNAVAILABLE,
            f"La CAF ne répond pas pour le moment. Réessayez plus tard, ou {way_out}.",
            contact=contact,
        ) from unavailable
    month = Month(answer.month.year, answer.month.month)
    return await quotients.keep_fetched(ctx, household_id, answer.euros, month)


@unit_of_work
async def _ready(
    ctx: Context, household_id: UUID, birth: Birth, agrees_to: str | None
) -> tuple[list[str], CivilIdentity]:
    """The services of the household and who to ask about; the consent is kept before anything is asked."""
    household = await Household.filter(id=household_id).first()
    rights = ctx.viewer.households.get(household_id)
    if household is None or rights is None or not rights.pays:
        raise not_found("Foyer", "householdId")
    await require_feature(ctx, Feature.EDIT_HOUSEHOLD, household.services, household.id)
    if not ctx.ports.caf.serves(ctx.commune.slug):
        way_out, contact = _way_out(ctx, household.services)
        message = f"La commune n'interroge pas la CAF : {way_out}."
        raise Refused(Code.FEATURE_CLOSED, message, contact=contact)
    who = _identity(ctx, await Person.get(id=ctx.viewer.person_id), birth)
    await _consent(ctx, household_id, agrees_to)
    return household.services, who


async def _consent(ctx: Context, household_id: UUID, agrees_to: str | None) -> None:
    asked = consent_asked(ctx)
    if agrees_to is None:
        if not await has_consented(ctx, household_id):
            raise Refused(Code.BLANK, f"Donnez d'abord votre accord : « {asked.text.strip()} »", field=("agreesTo",))
        return
    if agrees_to != asked.version:
        raise Refused(
            Code.TERMS_OUTDATED, "Ce texte a changé : relisez-le avant de donner votre accord.", field=("agreesTo",)
        )
    await ConsentGiven.create(
        household_id=household_id,
        account_id=ctx.viewer.account_id,
        code=asked.code,
        version=asked.version,
        granted=True,
        at=ctx.now,
    )


def _identity(ctx: Context, person: Person, birth: Birth) -> CivilIdentity:
    """The viewer as the fund knows it: what the file says comes before what is typed."""
    born = person.birth_date or birth.day
    if born.year < 1900 or born >= ctx.local_now.date():
        raise Refused(Code.INVALID, "Vérifiez votre date de naissance.", field=("birthDate",))
    if not _COUNTRY.fullmatch(birth.country):
        raise Refused(Code.INVALID, "Écrivez le code INSEE du pays, comme 99100.", field=("birthCountry",))
    town = birth.town if birth.country == FRANCE else ""
    if birth.country == FRANCE and not _TOWN.fullmatch(town):
        raise Refused(Code.INVALID, "Écrivez le code INSEE de la commune, comme 35076.", field=("birthTown",))
    typed = birth.name.strip()
    if len(typed) > 80 or not typed.isprintable():
        raise Refused(Code.INVALID, "Un nom fait au plus 80 caractères, sur une ligne.", field=("birthName",))
    name = person.birth_name or typed or person.last_name
    return CivilIdentity(name, (person.first_name,), born, birth.country, town or None, birth.sex)


def _way_out(ctx: Context, services: list[str]) -> tuple[str, str | None]:
    """How to give the quotient without the fund, to be read after « ou », and the mailbox to write to, if any."""
    if quotients.field_policy(ctx, services).is_editable:
        return "déclarez votre quotient familial avec votre attestation", None
    mailbox = ctx.commune.identity.service(service_for(ctx, services, Feature.EDIT_HOUSEHOLD)).mailbox
    return f"envoyez votre attestation à {mailbox}", mailbox


async def _is_of(household_id: UUID, answer: FundAnswer) -> bool:
    """True when a child of the household, by first name and birth date, is in the fund's file."""
    links = await Membership.filter(household_id=household_id, role=Role.CHILD).values_list("person_id", flat=True)
    ours = {(_folded(each.first_name), each.birth_date) for each in await Person.filter(id__in=list(links))}
    told = [(_folded(each.first_names), each.birth_date) for each in answer.children]
    return any(names.startswith(first) and born == day for names, born in told for first, day in ours if first)


def _folded(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in letters if letter.isalnum())
