"""A « clé enfance » opens the household of the representative it was made for: once, in time, and to one account."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest

from plugins.hookspecs import hookimpl
from plugins.rules.accounts import AccountOpenings, Opening
from resolvers.access.accounts import Activation, activate, invite
from resolvers.access.service_keys import issue_service_key, use_service_key
from resolvers.access.sign_up import Newcomer, create_account
from resolvers.context import AccountKind, HouseholdRights
from resolvers.errors import Code
from resolvers.models import Account, Household, Membership, Person, ServiceKey
from resolvers.models.households import Role
from tests.newcomers import link_of, signed_in, ways_in_sent
from tests.refusals import refused
from tests.towns import Signed, Town, add_agent, add_child, add_family

pytestmark = [pytest.mark.anyio, pytest.mark.database]


@dataclass(frozen=True, slots=True)
class Known:
    """A household the service knows: its only adult has no account in use, its child is enrolled."""

    household: UUID
    adult: UUID
    child: UUID


@pytest.fixture
async def known(melle: Town) -> Known:
    """A household of Melle."""
    with melle.at_work() as ctx:
        household = await Household.create(name="TESTA", services=["education"], created_at=ctx.now)
        adult = await Person.create(first_name="Clémence", last_name="TESTA", email="lost@example.org")
        await Membership.create(
            household_id=household.id, person_id=adult.id, role=Role.REPRESENTATIVE, sees=True, books=True, pays=False
        )
    return Known(household.id, adult.id, await add_child(melle, household.id, "Léo", "TESTA", date(2018, 3, 14)))


async def key_for(town: Town, known: Known) -> str:
    """Have an agent make a key, and tell it."""
    with town.asked_by(await add_agent(town)) as ctx:
        return (await issue_service_key(ctx, known.household, known.adult)).key


async def signed_up(town: Town, email: str = "clemence@example.org", key: str = "") -> Signed:
    """Somebody who opens an account alone, with or without a key."""
    with town.at_work() as ctx:
        await create_account(ctx, Newcomer("Clémence", "Testa", email))
    await ways_in_sent(town)
    mail = (await town.mails("activation"))[-1]
    with town.at_work() as ctx:
        await activate(ctx, Activation(link_of(mail), email, "chouette8", key))
    return await signed_in(town, email, "chouette8")


def rights_of(signed: Signed) -> dict[UUID, HouseholdRights]:
    """What somebody may do, by household."""
    return dict(signed.viewer.households)


async def test_a_key_typed_at_the_opening_gives_the_household_with_the_rights_of_its_adult(
    melle: Town, known: Known
) -> None:
    parent = await signed_up(melle, key=await key_for(melle, known))
    assert rights_of(parent) == {known.household: HouseholdRights(known.household, sees=True, books=True, pays=False)}
    assert parent.viewer.person_id == known.adult  # the service's own file, not a second one
    assert parent.scope.persons == {known.adult, known.child}
    with melle.at_work():
        assert await Person.all().count() == 3  # the adult, the child and the agent
        assert (await Person.get(id=known.adult)).email == "clemence@example.org"


async def test_a_key_typed_later_does_the_same_and_the_next_page_shows_the_household(melle: Town, known: Known) -> None:
    parent = await signed_up(melle)
    assert rights_of(parent) == {}
    with melle.asked_by(parent) as ctx:
        assert await use_service_key(ctx, (await key_for(melle, known)).lower()) == known.household
    parent = await signed_in(melle, "clemence@example.org", "chouette8")
    assert (set(rights_of(parent)), parent.viewer.person_id) == ({known.household}, known.adult)


async def test_who_has_a_household_already_gets_the_second_one_beside_it(melle: Town, known: Known) -> None:
    family = await add_family(melle, "AUTRE")
    with melle.asked_by(family.parent) as ctx:
        await use_service_key(ctx, await key_for(melle, known))
    with melle.at_work():
        links = await Membership.filter(person_id=family.parent.viewer.person_id).order_by("household_id")
    assert {(link.household_id, link.role, link.pays) for link in links} == {
        (family.id, Role.REPRESENTATIVE, True),
        (known.household, Role.REPRESENTATIVE, False),
    }


async def test_an_invitation_that_never_arrived_gives_way_to_the_key(melle: Town, known: Known) -> None:
    with melle.at_work() as ctx:
        await invite(ctx, known.adult)
    (lost,) = await melle.mails("activation")
    parent = await signed_up(melle, key=await key_for(melle, known))
    assert set(rights_of(parent)) == {known.household}
    with melle.at_work() as ctx:
        assert await Account.filter(kind=AccountKind.FAMILY).count() == 1
        with refused(Code.LINK_INVALID):
            await activate(ctx, Activation(link_of(lost)))


async def test_a_key_works_once_in_time_and_only_the_last_one_made(melle: Town, known: Known) -> None:
    former, latter = await key_for(melle, known), await key_for(melle, known)
    late = await signed_up(melle, "late@example.org")
    parent = await signed_up(melle, "first@example.org")
    refusals = set()
    with melle.asked_by(parent) as ctx:
        for key in (former, "0000-HHH-000", "not a key"):
            with refused(Code.KEY_INVALID) as caught:
                await use_service_key(ctx, key)
            refusals.add((caught.value.message, caught.value.field))
        await use_service_key(ctx, latter)
    with melle.asked_by(late) as ctx, refused(Code.KEY_INVALID) as used:
        await use_service_key(ctx, latter)
    assert refusals == {(used.value.message, used.value.field)}
    assert "Demandez-en une autre au service." in used.value.message


async def test_a_key_works_until_its_last_second(melle: Town, known: Known) -> None:
    with melle.asked_by(await add_agent(melle)) as ctx:
        issued = await issue_service_key(ctx, known.household, known.adult)
    assert issued.expires_at == melle.clock.now() + timedelta(days=7)
    parent = await signed_up(melle)
    melle.clock.set(issued.expires_at)
    with melle.asked_by(parent) as ctx, refused(Code.KEY_INVALID):
        await use_service_key(ctx, issued.key)
    melle.later(seconds=-1)
    with melle.asked_by(parent) as ctx:
        await use_service_key(ctx, issued.key)


async def test_a_wrong_key_leaves_the_link_to_try_again_with(melle: Town, known: Known) -> None:
    with refused(Code.KEY_INVALID):
        await signed_up(melle, key="0000-HHH-000")
    mail = (await melle.mails("activation"))[-1]
    with melle.at_work() as ctx:
        key = await key_for(melle, known)
        await activate(ctx, Activation(link_of(mail), "clemence@example.org", "chouette8", key))


async def test_guessing_keys_gets_slower_like_guessing_passwords(melle: Town, known: Known) -> None:
    key = await key_for(melle, known)
    parent = await signed_up(melle)
    with melle.asked_by(parent) as ctx:
        for _ in range(5):
            with refused(Code.KEY_INVALID):
                await use_service_key(ctx, "0000-HHH-000")
        with refused(Code.THROTTLED) as braked:
            await use_service_key(ctx, key)  # the right one waits too
    assert braked.value.facts == {"until": melle.clock.now() + timedelta(seconds=10)}
    assert braked.value.message.endswith("ou demandez une nouvelle clé au service.")


async def test_only_the_mark_of_a_key_is_kept(melle: Town, known: Known) -> None:
    key = await key_for(melle, known)
    with melle.at_work():
        (row,) = await ServiceKey.all()
    assert (row.key_hash, row.household_id, row.person_id) == (
        melle.ports.sealer.marks(key)[0],
        known.household,
        known.adult,
    )
    assert key not in row.key_hash


async def test_no_key_is_made_for_who_signs_in_already_for_a_child_or_for_a_stranger(melle: Town, known: Known) -> None:
    family = await add_family(melle, "AUTRE")
    parent = family.parent.viewer.person_id
    assert parent is not None
    with melle.asked_by(await add_agent(melle)) as ctx:
        with refused(Code.STATE_CONFLICT):
            await issue_service_key(ctx, family.id, parent)
        for household, person in ((known.household, known.child), (known.household, parent), (uuid4(), known.adult)):
            with refused(Code.NOT_FOUND):
                await issue_service_key(ctx, household, person)
        assert await ServiceKey.all().count() == 0


async def test_where_the_commune_gives_no_keys_none_is_made(chavagne: Town) -> None:
    family = await add_family(chavagne)
    with chavagne.asked_by(await add_agent(chavagne)) as ctx, refused(Code.FEATURE_CLOSED):
        await issue_service_key(ctx, family.id, uuid4())


@hookimpl
def only_by_key() -> AccountOpenings:
    """Families are known by their key alone."""
    return AccountOpenings((Opening.SERVICE_KEY,), "Demandez une clé au service.")


async def test_where_families_come_by_their_key_alone_an_account_does_not_open_without_one(
    melle: Town, known: Known
) -> None:
    town = replace(melle, commune=melle.commune.trying(SimpleNamespace(account_openings=only_by_key)))
    with refused(Code.BLANK) as blank:
        await signed_up(town)
    assert (blank.value.field, blank.value.message) == (("serviceKey",), "Demandez une clé au service.")
    parent = await signed_up(town, "other@example.org", key=await key_for(town, known))
    assert set(rights_of(parent)) == {known.household}
