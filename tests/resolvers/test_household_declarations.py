"""A family nobody knows declares its household; an agent accepts it or says why not; nothing typed is lost."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from gateway.database import Databases
from plugins import hookspecs
from plugins.rules.request_details import read_details
from plugins.rules.requests import RequestKind, RequestState
from resolvers.context import AccountKind
from resolvers.errors import Code, Refusals
from resolvers.families.household_declarations import (
    Address,
    Adult,
    Child,
    Declaration,
    confirm_household,
    declare_household,
    households_to_confirm,
)
from resolvers.models import Account, Household, Membership, Person, Request
from resolvers.models.households import Role
from resolvers.requests.decisions import decide_request
from resolvers.requests.request_lists import unsealed
from tests.refusals import refused
from tests.towns import Signed, Town, add_account, add_agent, add_family, add_parent, sign_in

pytestmark = [pytest.mark.anyio, pytest.mark.database]

HOME = Address("2 Rue des Fusains", "79500", "Melle", "FRANCE")
DECLARED = Declaration(
    name="TEST2",
    address=HOME,
    adults=(
        Adult("Test2", "TEST2", title="Madame", phone="0612345678"),
        Adult("Paul", "TEST2", title="Monsieur", email="paul@example.org"),
    ),
    children=(Child("Léo", "TEST2", date(2018, 3, 14)), Child("Zoé", "TEST2", date(2022, 9, 1))),
)


async def newcomer(town: Town, email: str = "test2@example.org") -> Signed:
    """Somebody with an account and no household."""
    with town.at_work():
        person = await Person.create(first_name="Test2", last_name="TEST2", email=email)
    return await sign_in(town, await add_account(town, person, AccountKind.FAMILY))


async def seen_again(town: Town, signed: Signed) -> Signed:
    """The same person at the next request."""
    with town.at_work():
        account = await Account.get(id=signed.viewer.account_id)
    return await sign_in(town, account)


async def declared(town: Town, signed: Signed, what: Declaration = DECLARED) -> Request:
    """Declare a household."""
    with town.asked_by(signed) as ctx:
        return await declare_household(ctx, what, None, None)


async def members(town: Town, household: UUID) -> list[tuple[str, Role, bool, bool, str]]:
    """Who is in a household: first name, role, may book, may pay, town."""
    with town.at_work():
        links = await Membership.filter(household_id=household)
        persons = {person.id: person for person in await Person.filter(id__in=[link.person_id for link in links])}
    return sorted(
        (persons[link.person_id].first_name, link.role, link.books, link.pays, persons[link.person_id].town)
        for link in links
    )


async def test_a_declared_household_waits_with_its_maker_alone_and_what_was_typed_is_sealed(melle: Town) -> None:
    parent = await newcomer(melle)
    request = await declared(melle, parent)
    assert (request.kind, request.state, request.service, request.title) == (
        RequestKind.HOUSEHOLD,
        RequestState.SENT,
        "education",
        "Déclaration du foyer",
    )
    assert "Fusains" not in request.details
    assert await members(melle, request.household_id) == [("Test2", Role.REPRESENTATIVE, False, False, "")]
    parent = await seen_again(melle, parent)
    assert [(rights.sees, rights.books, rights.pays) for rights in parent.viewer.households.values()] == [
        (True, False, False)
    ]
    with melle.asked_by(parent) as ctx:
        lines = read_details(unsealed(ctx, (await Request.get(id=request.id)).details))
    assert [line.say() for line in lines][:4] == [
        "nom de la famille : TEST2",
        "numéro et rue : 2 Rue des Fusains",
        "code postal : 79500",
        "ville : Melle",
    ]
    assert {mail.recipient for mail in await melle.mails("request:")} == {"test2@example.org"}


async def test_accepting_writes_the_persons_and_opens_the_rights(melle: Town) -> None:
    parent = await newcomer(melle)
    request = await declared(melle, parent)
    with melle.asked_by(await add_agent(melle)) as ctx:
        await decide_request(ctx, request.id, accept=True)
        with refused(Code.STATE_CONFLICT):
            await decide_request(ctx, request.id, accept=True)
    assert await members(melle, request.household_id) == [
        ("Léo", Role.CHILD, False, False, "Melle"),
        ("Paul", Role.CO_REPRESENTATIVE, True, True, "Melle"),
        ("Test2", Role.REPRESENTATIVE, True, True, "Melle"),
        ("Zoé", Role.CHILD, False, False, "Melle"),
    ]
    with melle.at_work():
        person = await Person.get(id=parent.viewer.person_id)
    assert (person.title, person.phone, person.email, person.street) == (
        "Madame",
        "0612345678",
        "test2@example.org",
        "2 Rue des Fusains",
    )


async def test_a_refusal_says_why_and_the_family_corrects_in_the_same_household(melle: Town) -> None:
    parent = await newcomer(melle)
    first = await declared(melle, parent)
    with melle.asked_by(await add_agent(melle)) as ctx:
        with refused(Code.BLANK):
            await decide_request(ctx, first.id, accept=False)
        await decide_request(ctx, first.id, accept=False, text="Le nom de l'enfant est incomplet.")
    assert len(await members(melle, first.household_id)) == 1
    second = await declared(melle, await seen_again(melle, parent))
    assert (second.household_id, second.id == first.id) == (first.household_id, False)


async def test_one_declares_once_at_a_time_and_never_beside_a_household(melle: Town) -> None:
    parent = await newcomer(melle)
    request = await declared(melle, parent)
    with refused(Code.STATE_CONFLICT) as waiting:
        await declared(melle, await seen_again(melle, parent))
    assert request.number in waiting.value.message
    family = await add_family(melle)
    with refused(Code.STATE_CONFLICT):
        await declared(melle, family.parent)


async def test_the_same_declaration_under_one_key_is_one_request(melle: Town) -> None:
    parent = await newcomer(melle)
    numbers = set()
    for _ in range(2):
        with melle.asked_by(await seen_again(melle, parent)) as ctx:
            numbers.add((await declare_household(ctx, DECLARED, None, "once")).number)
    assert len(numbers) == 1


async def test_every_field_at_fault_is_told_at_once(melle: Town) -> None:
    parent = await newcomer(melle)
    wrong = Declaration(
        name=" ",
        address=Address("", "79500", "Melle", ""),
        adults=(Adult("Test2", "x" * 81), Adult("Paul", "TEST2", title="Monsieur", email="paul")),
        children=(Child("Léo", "TEST2", date(1990, 1, 1)),),
    )
    with pytest.raises(Refusals) as caught:
        await declared(melle, parent, wrong)
    assert [(each.code, each.field) for each in caught.value.refusals] == [
        (Code.BLANK, ("familyName",)),
        (Code.BLANK, ("address", "street")),
        (Code.BLANK, ("address", "country")),
        (Code.INVALID, ("adults", "0", "lastName")),
        (Code.BLANK, ("adults", "0", "title")),
        (Code.INVALID, ("adults", "1", "email")),
        (Code.INVALID, ("children", "0", "birthDate")),
    ]
    with pytest.raises(Refusals):
        await declared(melle, parent, replace(DECLARED, children=()))
    with melle.at_work():
        assert await Household.all().count() == 0


async def test_where_families_are_not_known_this_way_the_commune_says_whom_to_ask(chavagne: Town) -> None:
    parent = await newcomer(chavagne)
    with refused(Code.FEATURE_CLOSED) as closed:
        await declared(chavagne, parent)
    assert closed.value.message == chavagne.commune.ask(hookspecs.account_openings).contact


async def test_a_family_of_chailles_checks_once_the_household_the_service_filled_in(databases: Databases) -> None:
    chailles = Town.called("chailles")
    family, other = await add_family(chailles), await add_family(chailles, "AUTRE")
    with chailles.asked_by(family.parent) as ctx:
        assert await households_to_confirm(ctx) == [family.id]
        first, again = [await confirm_household(ctx, family.id) for _ in range(2)]
        assert (first.id, first.state) == (again.id, RequestState.ACCEPTED)
        assert await households_to_confirm(ctx) == []
        for stranger in (other.id, uuid4()):
            with refused(Code.NOT_FOUND):
                await confirm_household(ctx, stranger)
    reader = await sign_in(chailles, await add_parent(chailles, other.id, "Luc TEST", books=False))
    with chailles.asked_by(reader) as ctx:
        assert await households_to_confirm(ctx) == []
        with refused(Code.NOT_FOUND):
            await confirm_household(ctx, other.id)
    assert await chailles.mails("request:") == []


async def test_nobody_checks_a_household_where_families_receive_a_password(chavagne: Town) -> None:
    family = await add_family(chavagne)
    with chavagne.asked_by(family.parent) as ctx:
        assert await households_to_confirm(ctx) == []
