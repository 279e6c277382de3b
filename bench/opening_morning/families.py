"""The families of the bench: one child each, enrolled, and a parent who already holds a token.

They are written straight into the tables: signing in (a slow hash, on purpose) is not what is measured.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from bench.opening_morning.town import ACTIVITY, NOW, YEAR
from plugins import hookspecs
from plugins.commune import Commune
from resolvers.access.tokens import fingerprint, new_token
from resolvers.context import AccountKind
from resolvers.models import Account, Enrolment, Household, Membership, Person, Session
from resolvers.models.accounts import SessionKind
from resolvers.models.households import Role
from resolvers.models.keys import new_key

BATCH = 500


@dataclass(frozen=True, slots=True)
class Family:
    """A child and the token of its parent."""

    child: UUID
    token: str


async def settle(commune: Commune, count: int) -> list[Family]:
    """Write that many families; about ten statements per five hundred."""
    terms = commune.ask(hookspecs.terms).version
    families: list[Family] = []
    for first in range(0, count, BATCH):
        families += await _settle_some(terms, range(first, min(first + BATCH, count)))
    return families


async def _settle_some(terms: str, numbers: range) -> list[Family]:
    homes = [Household(name=f"TEST {number}", services=["enfance"], created_at=NOW) for number in numbers]
    parents = [Person(first_name="Parent", last_name=f"TEST {number}") for number in numbers]
    children = [
        Person(first_name="Enfant1", last_name=f"TEST {number}", birth_date=date(2019, 3, 14)) for number in numbers
    ]
    links = [
        Membership(household_id=home.id, person_id=person.id, role=role, sees=adult, books=adult, pays=adult)
        for people, role, adult in ((parents, Role.REPRESENTATIVE, True), (children, Role.CHILD, False))
        for home, person in zip(homes, people, strict=True)
    ]
    accounts = [
        Account(
            kind=AccountKind.FAMILY,
            login=f"parent{number}",
            email=f"parent{number}.test@example.org",
            activated_at=NOW,
            accepted_terms=terms,
            person_id=parent.id,
            created_at=NOW,
        )
        for number, parent in zip(numbers, parents, strict=True)
    ]
    tokens = [new_token() for _ in numbers]
    sessions = [
        Session(
            id=new_key(),
            account_id=account.id,
            kind=SessionKind.BEARER,
            token_hash=fingerprint(token),
            created_at=NOW,
            expires_at=NOW + timedelta(days=1),
            ends_at=NOW + timedelta(days=1),
        )
        for account, token in zip(accounts, tokens, strict=True)
    ]
    enrolments = [
        Enrolment(
            household_id=home.id,
            child_id=child.id,
            activity=ACTIVITY,
            school_year=YEAR.start,
            first_day=YEAR.first_day,
            last_day=YEAR.last_day,
            created_at=NOW,
        )
        for home, child in zip(homes, children, strict=True)
    ]
    await Household.bulk_create(homes)
    await Person.bulk_create([*parents, *children])
    await Membership.bulk_create(links)
    await Account.bulk_create(accounts)
    await Session.bulk_create(sessions)
    await Enrolment.bulk_create(enrolments)
    return [Family(child.id, token) for child, token in zip(children, tokens, strict=True)]
