"""The list of a day for those who look after the children, for agents."""

from datetime import date, datetime, time
from uuid import UUID

import strawberry

from plugins.rules.day_notes import DayNotes, Topic
from resolvers.context import Context
from resolvers.days import day_lists
from resolvers.days.day_contacts import ConsentSaid
from resolvers.days.day_contacts import DayContact as Contact
from resolvers.days.day_papers import Asked, paper_url
from schema.cost import LIST_SIZE
from schema.enums import Presence, Role
from schema.payloads import Info
from schema.relay import After, Connection, First, connect, decode_cursor, encode_cursor, global_id, page_arguments


@strawberry.type(
    description="What a family told of a child's health in its yearly file. An empty list: nothing to tell."
)
class DayHealth:
    """See ``plugins.rules.day_notes``."""

    allergies: list[str] = strawberry.field(description="Allergies, in the family's words.")
    care_plan: list[str] = strawberry.field(description="The care plan « PAI », if there is one.")
    diets: list[str] = strawberry.field(description="Diets « régimes », such as « Sans porc ».")

    @classmethod
    def of(cls, notes: DayNotes) -> "DayHealth":
        """The notes as clients see them."""
        return cls(
            allergies=list(notes.on(Topic.ALLERGY)),
            care_plan=list(notes.on(Topic.CARE_PLAN)),
            diets=list(notes.on(Topic.DIET)),
        )


@strawberry.type(description="A consent of the yearly file, as it stands now.")
class DayConsent:
    """See ``resolvers.days.day_contacts.ConsentSaid``."""

    code: str = strawberry.field(description="The consent's code.")
    label: str = strawberry.field(description="What it is about, in French.")
    person: str | None = strawberry.field(description="The adult it is about; null when it is about the child.")
    granted: bool = strawberry.field(description="True when the family agreed.")

    @classmethod
    def of(cls, said: ConsentSaid) -> "DayConsent":
        """The consent as clients see it."""
        return cls(code=said.code, label=said.label, person=said.person or None, granted=said.granted)


@strawberry.type(description="An adult around a child on a day. Who is kept away from the child comes first.")
class DayContact:
    """See ``resolvers.days.day_contacts.DayContact``."""

    name: str = strawberry.field(description="First and last name.")
    phone: str = strawberry.field(description="The telephone; empty when unknown.")
    role: Role | None = strawberry.field(description="The place in the household; null for who is in none.")
    household: str = strawberry.field(description="The household's name; empty for who is in none.")
    has_the_day: bool | None = strawberry.field(
        description="By the custody calendar, whether the day is this household's; null when none speaks of it."
    )
    may_fetch: bool = strawberry.field(description="True when this adult may take the child home.")
    to_call: bool = strawberry.field(description="True when this adult is to be called.")
    forbidden: bool = strawberry.field(description="True when a court keeps this adult away from the child.")

    @classmethod
    def of(cls, contact: Contact) -> "DayContact":
        """The adult as clients see it."""
        return cls(
            name=contact.name,
            phone=contact.phone,
            role=Role[contact.role.name] if contact.role else None,
            household=contact.household,
            has_the_day=contact.has_the_day,
            may_fetch=contact.rights.may_fetch,
            to_call=contact.rights.to_call,
            forbidden=contact.rights.forbidden,
        )


@strawberry.type(description="An absence that the family reported.")
class DayAbsence:
    """See ``resolvers.days.absent_days.Reported``."""

    percent_due: int = strawberry.field(description="How many per cent of the price stay due.")
    reason: str = strawberry.field(description="Why, in French.")


@strawberry.type(description="A unit of a child's day.")
class DayUnit:
    """See ``resolvers.days.day_lists.DayUnit``."""

    activity: str = strawberry.field(description="The activity's code.")
    activity_label: str = strawberry.field(description="The activity's name, in French.")
    site: str = strawberry.field(description="Where it takes place.")
    unit: str = strawberry.field(description="The unit's code.")
    unit_label: str = strawberry.field(description="The unit's name, in French.")
    starts_at: time | None = strawberry.field(description="When it starts, if the commune says so.")
    ends_at: time | None = strawberry.field(description="When it ends, if the commune says so.")
    booked: bool = strawberry.field(description="True when it is booked.")
    absence: DayAbsence | None = strawberry.field(description="The absence that the family reported, if any.")
    presence: Presence | None = strawberry.field(description="What was seen; null until checked.")
    arrived_at: datetime | None = strawberry.field(description="When the child came, if somebody wrote it down.")
    left_at: datetime | None = strawberry.field(description="When the child left, if somebody wrote it down.")
    late_minutes: int | None = strawberry.field(
        description="How long after the unit's end the child left; null when it was in time or nobody knows."
    )

    @classmethod
    def of(cls, ctx: Context, each: day_lists.DayUnit) -> "DayUnit":
        """The unit as clients see it."""
        sight = each.line.sight
        told = each.reported
        return cls(
            activity=each.activity.code,
            activity_label=each.activity.label,
            site=each.activity.site,
            unit=each.unit.code,
            unit_label=each.unit.label,
            starts_at=each.unit.starts_at,
            ends_at=each.unit.ends_at,
            booked=each.line.booked,
            absence=DayAbsence(percent_due=told.percent_due, reason=told.reason) if told else None,
            presence=Presence[sight.presence.name] if sight else None,
            arrived_at=sight.arrived_at if sight else None,
            left_at=sight.left_at if sight else None,
            late_minutes=each.late_minutes(ctx.commune.tz),
        )


@strawberry.type(description="What the staff of a day must know of a child who is expected, or was seen.")
class DayChild:
    """See ``resolvers.days.day_lists.DayChild``."""

    child_id: strawberry.ID = strawberry.field(description="The child.")
    first_name: str = strawberry.field(description="The first name.")
    last_name: str = strawberry.field(description="The last name.")
    age: int | None = strawberry.field(description="Whole years of age on the day; null when unknown.")
    school: str = strawberry.field(description="The school; empty when unknown.")
    class_name: str = strawberry.field(description="The class; empty when unknown.")
    health: DayHealth | None = strawberry.field(
        description="What the family told of health and diet; null when it sent no file that asks: nothing is known."
    )
    emergency: list[str] = strawberry.field(description="Whom the family wants called first: name and telephone.")
    consents: list[DayConsent] = strawberry.field(description="The consents of the yearly file.")
    contacts: list[DayContact] = strawberry.field(description="The adults: who fetches, who is called, who is not to.")
    units: list[DayUnit] = strawberry.field(description="The units of the day.")

    @classmethod
    def of(cls, ctx: Context, child: day_lists.DayChild) -> "DayChild":
        """The child as clients see it."""
        notes = child.notes or DayNotes({}, frozenset())
        return cls(
            child_id=global_id("Child", child.id),
            first_name=child.first_name,
            last_name=child.last_name,
            age=child.age,
            school=child.school,
            class_name=", ".join(notes.on(Topic.CLASS)),
            health=DayHealth.of(notes) if notes.knows_health else None,
            emergency=list(notes.on(Topic.EMERGENCY)),
            consents=[DayConsent.of(said) for said in child.consents],
            contacts=[DayContact.of(contact) for contact in child.contacts],
            units=[DayUnit.of(ctx, each) for each in child.units],
        )


@strawberry.type(description="How many children a unit has on a day.")
class DayTotal:
    """See ``resolvers.days.day_lists.UnitTotal``."""

    activity: str = strawberry.field(description="The activity's code.")
    activity_label: str = strawberry.field(description="The activity's name, in French.")
    site: str = strawberry.field(description="Where it takes place.")
    unit: str = strawberry.field(description="The unit's code.")
    unit_label: str = strawberry.field(description="The unit's name, in French.")
    booked: int = strawberry.field(description="How many are booked.")
    expected: int = strawberry.field(description="How many of them nobody reported absent.")
    present: int = strawberry.field(description="How many were seen present.")
    absent: int = strawberry.field(description="How many were seen absent.")
    unexpected: int = strawberry.field(description="How many came without a booking.")
    unchecked: int = strawberry.field(description="How many nobody has checked yet.")

    @classmethod
    def of(cls, total: day_lists.UnitTotal) -> "DayTotal":
        """The total as clients see it."""
        return cls(
            activity=total.activity.code,
            activity_label=total.activity.label,
            site=total.activity.site,
            unit=total.unit.code,
            unit_label=total.unit.label,
            booked=total.booked,
            expected=total.expected,
            present=total.present,
            absent=total.absent,
            unexpected=total.unexpected,
            unchecked=total.unchecked,
        )


@strawberry.type(description="The list of a day. That an agent reads the health of children is kept.")
class DayList:
    """See ``resolvers.days.day_lists.DayList``."""

    listed: strawberry.Private[day_lists.DayList]
    day: date = strawberry.field(description="The day.")
    totals: list[DayTotal] = strawberry.field(
        description="The totals of all its children, by unit.", metadata={LIST_SIZE: 20}
    )
    pdf_url: str = strawberry.field(
        description="Where agents of attendance download it as a PDF, with room to write who came and left: at most "
        "300 children."
    )

    @strawberry.field(description="The children, by last name then first name, accents apart.")
    async def children(self, info: Info, first: First = None, after: After = None) -> Connection[DayChild]:
        """One page of the children."""
        page = page_arguments(first, after)
        keys = self.listed.keys()
        total = len(keys)
        if page.after is not None:
            bound = decode_cursor(page.after, str, str, UUID)
            keys = [key for key in keys if key > bound]
        shown = keys[: page.size + 1]
        # The one too many tells that there is more; nobody reads its file.
        found = await day_lists.day_children(info.context, self.listed, [key[-1] for key in shown[: page.size]])
        nodes = [DayChild.of(info.context, child) for child in found]
        more = nodes[-1:] if len(shown) > page.size else []
        return connect(page, [*nodes, *more], [encode_cursor(*key) for key in shown], total)


async def list_day(ctx: Context, day: date, site: str | None, activity: str | None, unit: str | None) -> DayList:
    """The list of a day, of one site, activity or unit."""
    listed = await day_lists.day_list(ctx, day, site=site, activity=activity, unit=unit)
    url = paper_url(ctx, day, Asked(site, activity, unit))
    return DayList(listed=listed, day=day, totals=[DayTotal.of(total) for total in listed.totals], pdf_url=url)
