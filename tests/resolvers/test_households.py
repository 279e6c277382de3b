"""Households as their members see them."""

import pytest

from plugins.rules.tariffs import Residency
from resolvers.families.households import households_of
from resolvers.models.households import Role
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
