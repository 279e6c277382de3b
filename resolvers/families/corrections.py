"""What agents correct in the files of families: applied at once, with a reason, and read by the family as a request."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from plugins import hookspecs
from plugins.rules.french import say_of
from plugins.rules.particulars import read_particular, write_particular
from plugins.rules.tariffs import Residency
from resolvers.access.accounts import well_written
from resolvers.access.email_changes import put_in_force
from resolvers.context import AccountKind, Context
from resolvers.errors import Code, Refused, not_found
from resolvers.families.field_changes import Particulars, input_name
from resolvers.families.traces import checked_reason, homes_of, trace
from resolvers.models import Account, EmailChange, FieldChange, Household, Person, Session
from resolvers.models.families import ChangeState
from resolvers.models.tenancy import unit_of_work

RESIDENCY_WORDS = {Residency.RESIDENT: "dans la commune", Residency.OUTSIDE: "hors de la commune"}


@unit_of_work
async def correct_person(ctx: Context, person_id: UUID, wanted: Particulars, reason: str) -> list[FieldChange]:
    """Correct the particulars of a member of households; each of them reads what and why.

    A value that is already there changes nothing; what a family asked meanwhile is decided against the new value.
    Refused: NOT_FOUND, BLANK (a name, the reason), INVALID (a birth to come, an address, a reason too long),
    STATE_CONFLICT for the e-mail address that opens an account: see :func:`replace_email`.
    """
    person = await Person.filter(id=person_id).select_for_update().first()
    homes = await homes_of(person_id)
    if person is None or not homes:
        raise not_found("Personne", "id")
    why = checked_reason(reason)
    for name in ("first_name", "last_name"):
        if name in wanted and not write_particular(wanted[name]):
            raise Refused(Code.BLANK, "Un nom et un prénom sont nécessaires.", field=(input_name(name),))
    born = wanted.get("birth_date")
    if isinstance(born, date) and born > ctx.local_now.date():
        raise Refused(Code.INVALID, "Indiquez une date de naissance passée.", field=("birthDate",))
    if wanted.get("email") and wanted["email"] != person.email:
        wanted = {**wanted, "email": await _free_email(person_id, str(wanted["email"]))}
    before = {name: write_particular(getattr(person, name)) for name in wanted}
    after = {name: write_particular(value) for name, value in wanted.items()}
    moved = {name: (before[name], after[name]) for name in wanted if before[name] != after[name]}
    if not moved:
        return []
    title = f"Correction par le service : informations {say_of(person.first_name)}"
    values = {name: read_particular(name, after[name]) for name in moved}
    await person.update_from_dict(values).save(update_fields=list(values))
    return await _journal(ctx, homes, person_id, moved, title, why, mail=True)


async def _free_email(person_id: UUID, email: str) -> str:
    """The address of who has no account in use: there the service may invite the person."""
    if await Account.filter(person_id=person_id, activated_at__isnull=False).exists():
        message = "Cette adresse ouvre un compte : remplacez l'adresse du compte, les deux adresses seront prévenues."
        raise Refused(Code.STATE_CONFLICT, message, field=("email",))
    return well_written(email, "email")


@unit_of_work
async def correct_household(
    ctx: Context, household_id: UUID, *, residency: Residency | None, name: str | None, reason: str
) -> Household:
    """Correct where a household lives, which prices from now on, or its name; its request keeps both values and why.

    Refused: NOT_FOUND, BLANK (the name, the reason), INVALID (too long).
    """
    household = await Household.filter(id=household_id).select_for_update().first()
    if household is None:
        raise not_found("Foyer", "id")
    why = checked_reason(reason)
    if name is not None and not 0 < len(name.strip()) <= 120:
        raise Refused(Code.BLANK, "Donnez le nom de la famille, en 120 caractères au plus.", field=("name",))
    told: dict[str, str] = {}
    if residency is not None and residency is not household.residency:
        told |= {
            "residency_before": RESIDENCY_WORDS[household.residency],
            "residency": RESIDENCY_WORDS[residency],
        }
        household.residency = residency
    if name is not None and name.strip() != household.name:
        told |= {"name_before": household.name, "name": name.strip()}
        household.name = name.strip()
    if told:
        await household.save(update_fields=["residency", "name"])
        title = "Correction par le service : votre foyer"
        await trace(ctx, household, household.id, title, {**told, "cause": why})
    return household


@unit_of_work
async def replace_email(ctx: Context, person_id: UUID, email: str, reason: str) -> str:
    """Give another address to a family's account, once its identity was checked: who lost a mailbox has no other way.

    Both addresses are mailed, every device is signed out, links in the old mailbox are useless. Returns the login.
    Refused: NOT_FOUND (person, or without an account of family), BLANK without reason, INVALID, STATE_CONFLICT when the
    address opens another account.
    """
    homes = await homes_of(person_id)
    account = await Account.filter(person_id=person_id, kind=AccountKind.FAMILY).select_for_update().first()
    if account is None or not homes:
        raise not_found("Compte", "personId")
    why = checked_reason(reason)
    wanted = ctx.commune.ask(hookspecs.login_identifier).normalise(well_written(email, "email"))
    if wanted == account.email:
        raise Refused(Code.INVALID, "C'est déjà l'adresse de ce compte.", field=("email",))
    former = account.email
    await put_in_force(ctx, account, wanted, f"email-replaced:{account.id}:{ctx.now.timestamp():.6f}")
    await EmailChange.filter(account_id=account.id, closed_at__isnull=True).update(closed_at=ctx.now)
    await Session.filter(account_id=account.id, revoked_at__isnull=True).update(revoked_at=ctx.now)
    title = "Correction par le service : adresse e-mail d'un compte"
    await _journal(ctx, homes, person_id, {"email": (former, wanted)}, title, why, mail=False)
    return account.login


async def _journal(
    ctx: Context,
    homes: Sequence[Household],
    person_id: UUID,
    moved: Mapping[str, tuple[str, str]],
    title: str,
    why: str,
    *,
    mail: bool,
) -> list[FieldChange]:
    """Write each value before and after, sealed, under a request in every household; the first one's are returned."""
    written: list[list[FieldChange]] = []
    for home in homes:
        request = await trace(ctx, home, person_id, title, {"cause": why}, mail=mail)
        rows = [
            FieldChange(
                household_id=home.id,
                person_id=person_id,
                request_id=request,
                name=name,
                old=ctx.ports.sealer.seal(old),
                new=ctx.ports.sealer.seal(new),
                state=ChangeState.APPLIED,
                asked_by=ctx.viewer.account_id,
                asked_at=ctx.now,
                decided_by=ctx.viewer.account_id,
                decided_at=ctx.now,
            )
            for name, (old, new) in moved.items()
        ]
        await FieldChange.bulk_create(rows)
        written.append(rows)
    return written[0]
