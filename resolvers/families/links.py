"""Who belongs to a household and what each adult may do there, as agents set it: separated parents, new unions.

A child of separated parents is in both their households: each sees, books and pays its own (see ``custody`` and
``billing.bill_shares``). What is done here is said in every household it concerns, without naming the others.
"""

from datetime import timedelta
from uuid import UUID

from tortoise.expressions import Q

from plugins.rules.entourage import Permission
from plugins.rules.french import say_of
from plugins.rules.requests import RequestKind
from resolvers.agenda.child_locks import lock_children
from resolvers.context import Context, HouseholdRights
from resolvers.errors import Code, Refused, not_found
from resolvers.families.traces import checked_reason, homes_of, trace
from resolvers.models import BillingShare, ContactPermission, Custody, Enrolment, Household, Membership, Person
from resolvers.models.households import Role
from resolvers.models.tenancy import unit_of_work

ADULTS = (Role.REPRESENTATIVE, Role.CO_REPRESENTATIVE)


@unit_of_work
async def link_child(ctx: Context, child_id: UUID, household_id: UUID, reason: str) -> None:
    """Have a child belong to another household too: that of the other parent; every household of the child is told.

    Refused: NOT_FOUND (child, household), BLANK and INVALID (the reason), STATE_CONFLICT when the child is there
    already, or when somebody there is kept away from it by a court decision.
    """
    child, home = await _child_and_household(child_id, household_id)
    why = checked_reason(reason)
    members = Membership.filter(household_id=household_id)
    if await members.filter(person_id=child_id).exists():
        raise Refused(Code.STATE_CONFLICT, "Cet enfant est déjà dans ce foyer.", field=("householdId",))
    keys = await members.values_list("person_id", flat=True)
    forbidden = ContactPermission.filter(child_id=child_id, contact_id__in=list(keys), permission=Permission.FORBIDDEN)
    if await forbidden.exists():
        message = "Une décision de justice tient un membre de ce foyer à l'écart de l'enfant : levez-la d'abord."
        raise Refused(Code.STATE_CONFLICT, message, field=("householdId",))
    others = await homes_of(child_id)
    await Membership.create(household_id=household_id, person_id=child_id, role=Role.CHILD)
    name = say_of(child.first_name)
    await _tell_child(ctx, home, child, f"Rattachement {name} à votre foyer", why)
    for other in others:
        await _tell_child(ctx, other, child, f"Rattachement {name} à un autre foyer", why)


@unit_of_work
async def unlink_child(ctx: Context, child_id: UUID, household_id: UUID, reason: str) -> None:
    """Take a child out of one of its households; what was booked, filed and invoiced there stays as it was.

    Calendars of custody and shares of the bill end the day before: who stays has every day. What contacts of this
    household could do about the child ends too; who is kept away stays so.
    Refused: NOT_FOUND (child, household), BLANK and INVALID (the reason), STATE_CONFLICT for the only household of a
    child, or while the child is enrolled from there.
    """
    child, home = await _child_and_household(child_id, household_id)
    why, today = checked_reason(reason), ctx.local_now.date()
    links = Membership.filter(person_id=child_id, role=Role.CHILD)
    if not await links.filter(household_id=household_id).exists():
        raise not_found("Enfant", "childId")
    if await links.count() < 2:
        message = "C'est le seul foyer de l'enfant : rattachez-le d'abord à un autre."
        raise Refused(Code.STATE_CONFLICT, message, field=("householdId",))
    if await Enrolment.filter(child_id=child_id, household_id=household_id, last_day__gte=today).exists():
        message = "L'enfant est inscrit à des activités depuis ce foyer : terminez d'abord ces inscriptions."
        raise Refused(Code.STATE_CONFLICT, message, field=("householdId",))
    name = say_of(child.first_name)
    await _tell_child(ctx, home, child, f"Fin du rattachement {name} à votre foyer", why)
    await links.filter(household_id=household_id).delete()
    for table in (Custody, BillingShare):
        standing = table.filter(Q(last_day__isnull=True) | Q(last_day__gte=today), child_id=child_id)
        await standing.update(last_day=today - timedelta(days=1))
    granted = ContactPermission.filter(child_id=child_id, household_id=household_id)
    await granted.exclude(permission=Permission.FORBIDDEN).delete()
    for other in await homes_of(child_id):
        await _tell_child(ctx, other, child, f"Fin du rattachement {name} à un autre foyer", why)


async def _child_and_household(child_id: UUID, household_id: UUID) -> tuple[Person, Household]:
    """The child, once nobody books for it any more, and the household."""
    await lock_children([child_id])
    child = await Person.filter(id=child_id).first()
    if child is None or not await Membership.filter(person_id=child_id, role=Role.CHILD).exists():
        raise not_found("Enfant", "childId")
    home = await Household.filter(id=household_id).first()
    if home is None:
        raise not_found("Foyer", "householdId")
    return child, home


async def _tell_child(ctx: Context, home: Household, child: Person, title: str, why: str) -> None:
    await trace(ctx, home, child.id, title, {"cause": why}, kind=RequestKind.CHILD, child_id=child.id)


@unit_of_work
async def set_rights(ctx: Context, person_id: UUID, rights: HouseholdRights, reason: str) -> None:
    """Say what an adult may do in a household from now on: see, book, pay; its adults read it, and are mailed.

    Refused: NOT_FOUND (household, adult), BLANK and INVALID (the reason; who books or pays sees), STATE_CONFLICT when
    nobody would be left to book, or to pay.
    """
    home = await Household.filter(id=rights.household_id).select_for_update().first()
    if home is None:
        raise not_found("Foyer", "householdId")
    links = await Membership.filter(household_id=home.id, role__in=list(ADULTS)).order_by("id").select_for_update()
    link = next((each for each in links if each.person_id == person_id), None)
    if link is None:
        raise not_found("Adulte", "personId")
    why = checked_reason(reason)
    _refuse_rights(rights, [each for each in links if each is not link])
    person = await Person.get(id=person_id)
    title = f"Droits {say_of(person.first_name)} {person.last_name} sur le foyer"
    told = {"sees": rights.sees, "books": rights.books, "pays": rights.pays, "cause": why}
    if not rights.sees:  # told while still among those who are mailed
        await trace(ctx, home, person_id, title, told)
    link.sees, link.books, link.pays = rights.sees, rights.books, rights.pays
    await link.save(update_fields=["sees", "books", "pays"])
    if rights.sees:
        await trace(ctx, home, person_id, title, told)


def _refuse_rights(wanted: HouseholdRights, others: list[Membership]) -> None:
    if (wanted.books or wanted.pays) and not wanted.sees:
        raise Refused(Code.INVALID, "Qui réserve ou paie voit aussi le foyer : donnez ce droit.", field=("sees",))
    for name, act in (("books", "réserver"), ("pays", "payer")):
        if not getattr(wanted, name) and not any(getattr(each, name) for each in others):
            message = f"Plus personne ne pourrait {act} pour ce foyer : donnez d'abord ce droit à un autre adulte."
            raise Refused(Code.STATE_CONFLICT, message, field=(name,))
