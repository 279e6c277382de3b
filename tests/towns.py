"""A commune as a test lives in it: its clock, its doors, its families and agents, and the mails that wait to leave."""

import logging
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from uuid import UUID

from gateway.clock import SteppedClock
from gateway.papers.pdf import TypstPrinter
from gateway.passwords import Argon2Passwords
from gateway.payments.lyra import Lyra, LyraKey
from gateway.sealing import FernetSealer, new_key
from plugins import hookspecs
from plugins.commune import Commune
from plugins.communes import Communes
from plugins.rules.calendar import SchoolYear
from plugins.rules.tariffs import Residency
from resolvers.access.sign_in import viewer_of
from resolvers.access.tokens import fingerprint
from resolvers.context import ANONYMOUS, AccountKind, AgentRight, Context, Viewer
from resolvers.models import Account, Effect, Enrolment, Household, Membership, Person, QuotientFamilial, Session
from resolvers.models.accounts import SessionKind
from resolvers.models.effects import EffectKind
from resolvers.models.households import Role
from resolvers.models.scope import EVERYTHING, Scope, current_scope
from resolvers.models.tenancy import in_commune
from resolvers.outbox import mail_of
from resolvers.ports import CivilIdentity, FundAnswer, FundUnknown, Mail, Ports
from tests.banks import Bank

ALL_RIGHTS = frozenset(AgentRight)
LYRA_KEYS = (LyraKey("village", "12345678", "TEST", "1122334455667788"),)  # those of Lyra's own documentation
SCHOOL_YEAR = SchoolYear(2026)
START = datetime(2026, 10, 5, 7, 30, tzinfo=UTC)  # Monday 5 October 2026, 9.30 in Paris


class Letterbox:
    """A :class:`resolvers.ports.Mailer` that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []

    async def send(self, mail: Mail) -> None:
        """Keep the mail."""
        self.sent.append(mail)


class Fund:
    """A :class:`resolvers.ports.AllowanceFund` in memory. A test says what it answers, or raises."""

    def __init__(self) -> None:
        self.asked: list[CivilIdentity] = []
        self.communes: set[str] = {"chavagne", "mesnil"}
        self.answer: FundAnswer | Exception = FundUnknown("nobody is known")

    def serves(self, commune: str) -> bool:
        """True for the communes that the test lets ask."""
        return commune in self.communes

    async def quotient(self, commune: str, who: CivilIdentity) -> FundAnswer:
        """What the test said."""
        self.asked.append(who)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def aclose(self) -> None:
        """Nothing is held open."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed-in person: who asks, and what may be seen."""

    viewer: Viewer
    scope: Scope


@dataclass(frozen=True, slots=True)
class Family:
    """A household of the test: its children by first name, and its first adult, signed in."""

    id: UUID
    children: dict[str, UUID]
    parent: Signed

    @property
    def child(self) -> UUID:
        """The first child."""
        return next(iter(self.children.values()))


@cache
def _argon2() -> Argon2Passwords:
    return Argon2Passwords()


@cache
def _printer() -> TypstPrinter:
    return TypstPrinter()


@cache
def communes() -> Communes:
    """The communes of the tree."""
    return Communes.installed()


@dataclass(slots=True)
class Town:
    """One commune during one test."""

    commune: Commune
    clock: SteppedClock = field(default_factory=lambda: SteppedClock(START))
    bank: Bank = field(default_factory=Bank)
    fund: Fund = field(default_factory=Fund)
    letterbox: Letterbox = field(default_factory=Letterbox)
    ports: Ports = field(init=False)

    def __post_init__(self) -> None:
        self.ports = Ports(
            clock=self.clock,
            passwords=_argon2(),
            sealer=FernetSealer([new_key()]),
            mailer=self.letterbox,
            printer=_printer(),
            payfip=self.bank,
            lyra=Lyra(LYRA_KEYS, self.clock),
            caf=self.fund,
        )

    @classmethod
    def called(cls, slug: str) -> "Town":
        """The commune of that slug."""
        return cls(communes()[slug])

    def on(self, day: date, hour: int = 9, minute: int = 30) -> None:
        """Set the clock to a moment of the commune's own time."""
        self.clock.set(datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.commune.tz))

    def later(self, **by: float) -> None:
        """Move the clock: ``later(minutes=5)``."""
        self.clock.advance(timedelta(**by))

    @contextmanager
    def asked_by(self, signed: Signed) -> Iterator[Context]:
        """A request of a person: their commune, their scope, one instant."""
        token = current_scope.set(signed.scope)
        try:
            with in_commune(self.commune.slug):
                yield self.context(signed.viewer)
        finally:
            current_scope.reset(token)

    @contextmanager
    def at_work(self) -> Iterator[Context]:
        """The portal's own work: nobody asks, everything is in sight."""
        with self.asked_by(Signed(ANONYMOUS, EVERYTHING)) as ctx:
            yield ctx

    def context(self, viewer: Viewer = ANONYMOUS) -> Context:
        """A request at the present instant."""
        return Context(self.commune, viewer, self.clock.now(), self.ports, "https://portail.example", client="a-client")

    async def mails(self, about: str = "") -> list[Mail]:
        """The mails that wait to leave, in the order they were written; ``about`` is part of their key."""
        with self.at_work():
            effects = await Effect.filter(kind=EffectKind.MAIL, key__contains=about, done_at__isnull=True).order_by(
                "id"
            )
            return [mail_of(effect, self.ports) for effect in effects]


async def add_family(
    town: Town,
    name: str = "TEST",
    *,
    children: Sequence[str] = ("Enfant1", "Enfant2"),
    enrolled: Iterable[str] = (),
    services: Sequence[str] = (),
    quotient: int | None = 650,
    residency: Residency = Residency.RESIDENT,
) -> Family:
    """A household with one adult who does everything, signed in, and children born in 2018, 2019, …

    ``enrolled`` names activities of 2026-2027 for every child.
    """
    with town.at_work() as ctx:
        household = await Household.create(
            name=name,
            residency=residency,
            services=list(services or (town.commune.identity.services[0].code,)),
            created_at=ctx.now,
        )
        if quotient is not None:
            await QuotientFamilial.create(
                household_id=household.id, euros=quotient, valid_from=date(2026, 1, 1), recorded_at=ctx.now
            )
        parent = await add_parent(town, household.id, f"Parent {name}")
        born = {first: date(2018 + place, 3, 14) for place, first in enumerate(children)}
        ids = {first: await add_child(town, household.id, first, name, born[first], enrolled) for first in children}
    return Family(household.id, ids, await sign_in(town, parent))


async def add_parent(
    town: Town, household_id: UUID, name: str, *, sees: bool = True, books: bool = True, pays: bool = True
) -> Account:
    """An adult of a household, with an active account; the e-mail is made from the name."""
    with town.at_work():
        first, _, last = name.partition(" ")
        email = f"{name.replace(' ', '.').casefold()}.{secrets.token_hex(3)}@example.org"
        person = await Person.create(
            first_name=first, last_name=last, email=email, street="1 rue du Pont", postcode="35310", town="Chavagne"
        )
        await Membership.create(
            household_id=household_id,
            person_id=person.id,
            role=Role.REPRESENTATIVE,
            sees=sees,
            books=books,
            pays=pays,
        )
    return await add_account(town, person, AccountKind.FAMILY)


async def add_child(
    town: Town, household_id: UUID, first_name: str, last_name: str, born: date, enrolled: Iterable[str] = ()
) -> UUID:
    """A child of a household, enrolled for 2026-2027 in the named activities, from their first to their last day."""
    catalogue = town.commune.ask(hookspecs.catalogue, year=SCHOOL_YEAR)
    with town.at_work() as ctx:
        child = await Person.create(first_name=first_name, last_name=last_name, birth_date=born)
        await Membership.create(household_id=household_id, person_id=child.id, role=Role.CHILD)
        activities = [activity for activity in catalogue.activities if activity.code in set(enrolled)]
        await Enrolment.bulk_create(
            [
                Enrolment(
                    household_id=household_id,
                    child_id=child.id,
                    activity=activity.code,
                    school_year=SCHOOL_YEAR.start,
                    first_day=activity.first_day,
                    last_day=activity.last_day,
                    created_at=ctx.now,
                )
                for activity in activities
            ]
        )
    return child.id


async def add_account(
    town: Town,
    person: Person,
    kind: AccountKind,
    rights: frozenset[AgentRight] = frozenset(),
    services: Iterable[str] | None = None,
) -> Account:
    """An account in use: activated, terms accepted, a password of its own that nobody knows."""
    with town.at_work() as ctx:
        return await Account.create(
            kind=kind,
            login=person.email,
            email=person.email,
            password_hash="$argon2id$unusable",  # never verified: these people are signed in without it
            activated_at=ctx.now,
            accepted_terms=town.commune.ask(hookspecs.terms).version,
            rights=sorted(right.value for right in rights),
            services=None if services is None else sorted(services),
            person_id=person.id,
            created_at=ctx.now,
        )


async def add_agent(
    town: Town, rights: frozenset[AgentRight] = ALL_RIGHTS, services: Iterable[str] | None = None
) -> Signed:
    """An agent of the service, signed in; of all of them unless ``services`` names some."""
    with town.at_work():
        person = await Person.create(
            first_name="Agent", last_name="TEST", email=f"agent.{secrets.token_hex(3)}@mairie.example"
        )
    return await sign_in(town, await add_account(town, person, AccountKind.AGENT, rights, services))


async def sign_in(town: Town, account: Account) -> Signed:
    """Open a session for an account and recognise it, as a request does."""
    token = secrets.token_urlsafe(32)
    with town.at_work() as ctx:
        await Session.create(
            account_id=account.id,
            kind=SessionKind.COOKIE,
            token_hash=fingerprint(token),
            created_at=ctx.now,
            expires_at=ctx.now + timedelta(hours=10),
            ends_at=ctx.now + timedelta(hours=10),
        )
    return await recognise(town, token)


async def sign_in_again(town: Town, family: Family) -> Signed:
    """The parent in a later request: what is seen follows what was added."""
    with town.at_work():
        return await sign_in(town, await Account.get(id=family.parent.viewer.account_id))


async def recognise(town: Town, token: str) -> Signed:
    """Who presents this token; ``LookupError`` when nobody does."""
    with in_commune(town.commune.slug):
        found = await viewer_of(token, town.clock.now(), town.commune.ask(hookspecs.terms).version)
    if found is None:
        raise LookupError("no session has this token")
    return Signed(*found)


class _Counting(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.statements: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg == "%s: %s" and isinstance(record.args, tuple):
            self.statements.append(str(record.args[0]))


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL statements that the block sends, in order (BEGIN and COMMIT are not among them)."""
    log, handler = logging.getLogger("tortoise.db_client"), _Counting()
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    try:
        yield handler.statements
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
