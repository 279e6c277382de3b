"""Puts the TEST families into empty databases. A commune that already has a household is left as it is."""

from datetime import date, timedelta
from uuid import UUID

from gateway.demonstration.families import COMMUNES, PASSWORD, DemoCommune, DemoHousehold, DemoPerson
from gateway.demonstration.publications import publish
from plugins import hookspecs
from plugins.communes import Commune, Communes
from plugins.rules.calendar import SchoolYear
from resolvers.access import accounts
from resolvers.context import ANONYMOUS, AccountKind, AgentRight, Context
from resolvers.models import (
    Account,
    Article,
    Booking,
    Dossier,
    Enrolment,
    Household,
    Membership,
    Person,
    QuotientFamilial,
)
from resolvers.models.dossiers import DossierState
from resolvers.models.households import Role
from resolvers.models.scope import everything_in_sight
from resolvers.models.tenancy import in_commune, unit_of_work
from resolvers.ports import Ports

ADULTS = (Role.REPRESENTATIVE, Role.CO_REPRESENTATIVE)


async def load_demonstration(communes: Communes, ports: Ports, public_url: str) -> list[str]:
    """Load every commune of the demonstration that is still empty; returns their slugs."""
    loaded = []
    for slug, commune in communes.items():
        with in_commune(slug), everything_in_sight():  # nobody is signed in while the portal is being filled
            if slug in COMMUNES and not await Household.all().exists():
                ctx = Context(commune, ANONYMOUS, ports.clock.now(), ports, public_url)
                await _load(ctx, COMMUNES[slug])
                loaded.append(slug)
    return loaded


@unit_of_work
async def _load(ctx: Context, demo: DemoCommune) -> None:
    """All of a commune or nothing: an interrupted start leaves it empty, and the next one fills it."""
    await _Loader(ctx, await ctx.ports.passwords.hash(PASSWORD)).load(demo)


class _Loader:
    """Fills one commune."""

    def __init__(self, ctx: Context, password_hash: str) -> None:
        self._ctx = ctx
        self._commune: Commune = ctx.commune
        self._password_hash = password_hash
        self._year = SchoolYear.of(ctx.local_now.date())

    async def load(self, demo: DemoCommune) -> None:
        agent = await Person.create(first_name="Agent", last_name="TEST", email=demo.agent_email)
        await self._open_account(agent, AccountKind.AGENT, [right.value for right in AgentRight])
        for household in demo.households:
            await self._load_household(household)
        for title, body in demo.news:
            await Article.create(title=title, body=body, published_at=self._ctx.now)
        await publish(self._ctx)

    async def _open_account(self, person: Person, kind: AccountKind, rights: list[str]) -> None:
        """An account that is ready to use, with the password printed at start."""
        terms = self._commune.ask(hookspecs.terms)
        await Account.create(
            kind=kind,
            login=await accounts.free_login(self._ctx, person.email, person),
            email=person.email,
            password_hash=self._password_hash,
            activated_at=self._ctx.now,
            accepted_terms=terms.version,
            rights=rights,
            person_id=person.id,
            created_at=self._ctx.now,
        )

    async def _load_household(self, demo: DemoHousehold) -> None:
        now = self._ctx.now
        household = await Household.create(name=demo.name, services=list(demo.services), created_at=now)
        children = []
        for member in demo.persons:
            person = await self._load_person(household.id, demo, member)
            if member.role is Role.CHILD:
                children.append(person.id)
        if demo.quotient is not None:
            await QuotientFamilial.create(
                household_id=household.id, euros=demo.quotient, valid_from=self._year.first_day, recorded_at=now
            )
        for child in children:
            await self._enrol(household.id, child, demo)
            await self._book_last_month(household.id, child, demo)

    async def _load_person(self, household_id: UUID, demo: DemoHousehold, member: DemoPerson) -> Person:
        person = await Person.create(
            first_name=member.first_name,
            last_name=member.last_name,
            birth_date=member.birth_date,
            email=member.email,
            street=demo.street,
            postcode=demo.postcode,
            town=demo.town,
        )
        adult = member.role in ADULTS
        await Membership.create(
            household_id=household_id, person_id=person.id, role=member.role, sees=adult, books=adult, pays=adult
        )
        if member.invited:
            await accounts.invite(self._ctx, person.id)
        elif member.email:
            await self._open_account(person, AccountKind.FAMILY, [])
        return person

    async def _enrol(self, household_id: UUID, child_id: UUID, demo: DemoHousehold) -> None:
        catalogue = self._commune.ask(hookspecs.catalogue, year=self._year)
        for activity in catalogue.activities:
            if activity.code in demo.enrolled:
                await Enrolment.create(
                    household_id=household_id,
                    child_id=child_id,
                    activity=activity.code,
                    school_year=self._year.start,
                    first_day=activity.first_day,
                    last_day=activity.last_day,
                    created_at=self._ctx.now,
                )
        if demo.dossiers_accepted:
            await Dossier.create(
                household_id=household_id,
                child_id=child_id,
                school_year=self._year.start,
                state=DossierState.ACCEPTED,
                created_at=self._ctx.now,
            )

    async def _book_last_month(self, household_id: UUID, child_id: UUID, demo: DemoHousehold) -> None:
        """Every open day of last month, so that the agent has something to check and to invoice."""
        calendar = self._commune.ask(hookspecs.calendar)
        last = self._ctx.local_now.date().replace(day=1) - timedelta(days=1)
        rows = []
        for day in (date(last.year, last.month, number) for number in range(1, last.day + 1)):
            catalogue = self._commune.ask(hookspecs.catalogue, year=SchoolYear.of(day))
            for activity_code, unit_code in demo.habits:
                activity = catalogue.activity(activity_code)
                unit = activity.unit(unit_code) if activity else None
                if activity and unit and activity.is_open(unit, calendar.day(day)):
                    rows.append(
                        Booking(
                            household_id=household_id,
                            child_id=child_id,
                            activity=activity_code,
                            unit=unit_code,
                            day=day,
                            changed_at=self._ctx.now,
                        )
                    )
        if rows:
            await Booking.bulk_create(rows)
