"""Households as their members see them, and the particulars they may change."""

from uuid import uuid4

import pytest

from plugins.rules.features import Feature
from plugins.rules.tariffs import Residency
from resolvers.errors import Code
from resolvers.households import feature_of, households_of, update_person
from resolvers.models import Person
from resolvers.models.households import Role
from tests.refusals import refused
from tests.towns import Town, add_agent, add_family, add_parent, statements

pytestmark = [pytest.mark.anyio, pytest.mark.database]


async def test_a_household_lists_adults_then_children_by_age_in_two_statements(chavagne: Town) -> None:
    family = await add_family(chavagne, children=("Aînée", "Benjamin"))
    await add_parent(chavagne, family.id, "Anne TEST")
    await add_family(chavagne, "AUTRE")
    with chavagne.asked_by(family.parent) as ctx, statements() as sent:
        (household,) = await households_of(ctx)
    assert len(sent) == 2
    assert [(member.role, member.first_name) for member in household.members] == [
        (Role.REPRESENTATIVE, "Anne"),
        (Role.REPRESENTATIVE, "Parent"),
        (Role.CHILD, "Aînée"),
        (Role.CHILD, "Benjamin"),
    ]
    assert (household.name, household.residency, household.services, household.children[0].full_name) == (
        "TEST",
        Residency.RESIDENT,
        ("enfance",),
        "Aînée TEST",
    )


async def test_an_agent_reads_the_households_asked_for(chavagne: Town) -> None:
    families, agent = [await add_family(chavagne, name) for name in ("UN", "DEUX", "TROIS")], await add_agent(chavagne)
    with chavagne.asked_by(agent) as ctx:
        found = await households_of(ctx, frozenset(family.id for family in families[:2]))
        assert await households_of(ctx) == []
    assert [household.name for household in found] == ["DEUX", "UN"]


async def test_a_family_keeps_its_telephone_and_address_up_to_date(chavagne: Town) -> None:
    family = await add_family(chavagne)
    with chavagne.asked_by(family.parent) as ctx:
        await update_person(ctx, family.child, {"phone": "06 12 34 56 78", "town": "Rennes"})
        child = await Person.get(id=family.child)
    assert (child.phone, child.town, child.street, child.first_name) == ("06 12 34 56 78", "Rennes", "", "Enfant1")


@pytest.mark.parametrize("field", ["first_name", "last_name", "birth_date", "email", "id"])
async def test_what_the_service_keeps_is_not_edited_online(chavagne: Town, field: str) -> None:
    family = await add_family(chavagne)
    with chavagne.asked_by(family.parent) as ctx:
        with refused(Code.FIELD_NOT_EDITABLE) as caught:
            await update_person(ctx, family.child, {"phone": "06 00 00 00 00", field: "autre"})
        assert (await Person.get(id=family.child)).phone == ""
    assert (caught.value.field, caught.value.facts) == ((field,), {"contact": "portail.familles@chavagne.fr"})


async def test_a_crèche_family_is_told_which_mailbox_to_write_to(epagny: Town) -> None:
    family = await add_family(epagny, services=("petite-enfance",))
    with epagny.asked_by(family.parent) as ctx, refused(Code.FEATURE_CLOSED) as caught:
        await update_person(ctx, family.child, {"phone": "06 00 00 00 00"})
    assert caught.value.facts == {"contact": "picketplume@epagnymetztesy.fr"}
    assert "picketplume@epagnymetztesy.fr" in caught.value.message


async def test_a_family_of_both_services_edits_what_one_of_them_allows(epagny: Town) -> None:
    family = await add_family(epagny, services=("petite-enfance", "enfance-jeunesse"))
    with epagny.asked_by(family.parent) as ctx:
        await update_person(ctx, family.child, {"phone": "06 00 00 00 00"})
        assert (await Person.get(id=family.child)).phone == "06 00 00 00 00"


async def test_nobody_edits_the_persons_of_others(chavagne: Town) -> None:
    family, other = await add_family(chavagne), await add_family(chavagne, "AUTRE")
    with chavagne.asked_by(other.parent) as ctx:
        for person in (family.child, uuid4()):
            with refused(Code.NOT_FOUND):
                await update_person(ctx, person, {"phone": "06 66 66 66 66"})
    with chavagne.at_work():
        assert (await Person.get(id=family.child)).phone == ""


async def test_features_are_asked_per_service(epagny: Town) -> None:
    ctx = epagny.context()
    answers = {
        (service, feature): feature_of(ctx, service, feature).allowed
        for service in ("enfance-jeunesse", "petite-enfance")
        for feature in (Feature.BOOK, Feature.PAY_ONLINE)
    }
    assert answers == {
        ("enfance-jeunesse", Feature.BOOK): True,
        ("enfance-jeunesse", Feature.PAY_ONLINE): True,
        ("petite-enfance", Feature.BOOK): False,
        ("petite-enfance", Feature.PAY_ONLINE): True,
    }
